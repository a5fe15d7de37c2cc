"""The command line: one parser in the reader's language, each layer adds its own commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from playbook import __version__
from playbook.errors import PlaybookError
from playbook.text import LANGUAGES, in_language, language, ngettext, use_language
from playbook.text import gettext as _


def words_of_argparse() -> tuple[str, ...]:
    """What argparse itself says, listed so that the catalogues have it."""
    return (
        _("usage: "),
        _("options"),
        _("positional arguments"),
        _("show this help message and exit"),
        _("show program's version number and exit"),
        _("the following arguments are required: %s"),
        _("unrecognized arguments: %s"),
        _("argument %(argument_name)s: %(message)s"),
        _("invalid choice: %(value)r (choose from %(choices)s)"),
        _("invalid %(type)s value: %(value)r"),
        _("expected one argument"),
        _("expected at least one argument"),
        _("expected at most one argument"),
        ngettext("expected %s argument", "expected %s arguments", 1),
        _("ignored explicit argument %r"),
        _("not allowed with argument %s"),
        _("ambiguous option: %(option)s could match %(matches)s"),
    )


class Parser(argparse.ArgumentParser):
    """A parser that knows ``--lang`` and whose mistakes end with exit code 2."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - argparse's own options
        super().__init__(**options)
        self.add_argument(
            "--lang",
            choices=LANGUAGES,
            default=argparse.SUPPRESS,  # a command must not undo what stood before its name
            help=_("language: en or ru"),
        )

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and how to find out what is right."""
        self.print_usage(sys.stderr)
        sys.stderr.write(_("{prog}: {message}\n").format(prog=self.prog, message=message))
        sys.stderr.write(_("`{prog} --help` explains.\n").format(prog=self.prog))
        raise SystemExit(2)


def build_parser() -> argparse.ArgumentParser:
    """The parser, in the language in force.

    Each layer adds its own commands: a function takes the subparsers and gives every
    command a ``handler`` that takes the parsed arguments and returns the exit code.
    """
    from playbook.run.commands import add_run
    from playbook.run.engagement_commands import add_engagement_commands
    from playbook.run.importing import add_import
    from playbook.run.inputs_commands import add_inputs
    from playbook.run.segment_list import add_segments
    from playbook.run.source_command import add_source
    from playbook.run.status import add_status
    from playbook.run.templates import add_template
    from playbook.serve.commands import add_serve

    setattr(argparse, "_", _)  # noqa: B010 - argparse has no public way to its words
    setattr(argparse, "ngettext", ngettext)  # noqa: B010
    parser = Parser(
        prog="playbook",
        description=_("Building customer-oriented processes: strategy, pilot, scaling."),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"playbook {__version__}",
        help=_("show program's version number and exit"),
    )
    parser.set_defaults(lang=None)
    commands = parser.add_subparsers(dest="command", metavar=_("command"), title=_("commands"))
    for add in (
        add_engagement_commands,
        add_template,
        add_import,
        add_source,
        add_inputs,
        add_run,
        add_status,
        add_segments,
    ):
        add(commands)
    add_serve(commands, _serve)
    doctor = commands.add_parser(
        "doctor",
        help=_("look whether this machine has what the playbook needs"),
        description=_("Looks at versions, fonts, rights, memory, records and the port."),
    )
    doctor.set_defaults(handler=_doctor)
    return parser


def _serve(arguments: argparse.Namespace) -> int:
    """Open the pages; ``serve`` and ``run`` stand side by side and meet only here."""
    from playbook.run import places, reads
    from playbook.run.catalogue import STEPS
    from playbook.serve.commands import serve

    return serve(arguments, steps=STEPS, notebooks=places.notebooks(), versions=reads.versions)


def _doctor(_arguments: argparse.Namespace) -> int:
    """Print one line for each thing that was looked at; 1 when something must be done."""
    from rich.console import Console

    from playbook.run.doctor import Finding, examine
    from playbook.serve import ports

    def free_port() -> Finding:
        free = ports.next_free("127.0.0.1", ports.DEFAULT - 1)
        if free == ports.DEFAULT:
            return Finding(_("Port"), str(free))
        found = _("{port} is in use").format(port=ports.DEFAULT)
        return Finding(_("Port"), found, _("Serve with --port {port}.").format(port=free))

    console = Console(highlight=False, markup=False, soft_wrap=True)
    is_well = True
    for finding in examine(free_port=free_port):
        mark = "✓" if finding.is_well else "✗"
        console.print(f"{mark} {finding.subject}: {finding.found}")
        if not finding.is_well:
            console.print(f"    {finding.advice}")
        is_well = is_well and finding.is_well
    return 0 if is_well else 1


def _language_asked_for(arguments: Sequence[str]) -> str:
    """The value of ``--lang``, needed before the help can be written."""
    for position, word in enumerate(arguments):
        value = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang":
            value = next(iter(arguments[position + 1 :]), "")
        if value in LANGUAGES:
            return value
    return language()


def _language_of(chosen: argparse.Namespace) -> str:
    """The language of the engagement that a command is about, unless another is asked for."""
    if chosen.lang or os.environ.get("PLAYBOOK_LANG"):
        return ""
    from playbook.engagement.home import engagements

    name = getattr(chosen, "name", "")
    if chosen.command == "new" or not (engagements() / name / "record.sqlite").is_file():
        return ""
    from playbook.engagement import Engagement

    return Engagement(name=name, folder=engagements() / name).lang


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a user's mistake is its message and exit code 2."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    spoken = _language_asked_for(given)
    use_language(spoken)
    parser = build_parser()
    chosen = parser.parse_args(given)
    if chosen.command is None:
        parser.print_help()
        return 0
    try:
        with in_language(_language_of(chosen) or spoken):
            return int(chosen.handler(chosen))
    except PlaybookError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write(_("Stopped.") + "\n")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except OSError as error:
        return _disk_refused(error)


def _disk_refused(error: OSError) -> int:
    """A full disk or a folder that cannot be written is no defect of ours."""
    from playbook.engagement.disk import explanation
    from playbook.engagement.home import home

    told = explanation(error, home())
    if told is None:
        raise error
    sys.stderr.write(f"{told}\n")
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
