"""The command line: one parser in the reader's language, each layer adds its own commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from playbook import __version__
from playbook.errors import PlaybookError
from playbook.text import LANGUAGES, in_language, language, use_language
from playbook.text import gettext as _


def words_of_argparse() -> tuple[str, ...]:
    """What argparse itself says, listed so that the catalogues have it."""
    return (
        _("usage: "),
        _("options"),
        _("positional arguments"),
        _("show this help message and exit"),
        _("show program's version number and exit"),
        _("%(prog)s: error: %(message)s\n"),
        _("the following arguments are required: %s"),
        _("unrecognized arguments: %s"),
        _("argument %(argument_name)s: %(message)s"),
        _("invalid choice: %(value)r (choose from %(choices)s)"),
        _("invalid %(type)s value: %(value)r"),
        _("expected one argument"),
        _("not allowed with argument %s"),
    )


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes end with exit code 2 and the way to the help."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and how to find out what is right."""
        self.print_usage(sys.stderr)
        sys.stderr.write(_("{prog}: {message}\n").format(prog=self.prog, message=message))
        sys.stderr.write(_("`{prog} --help` explains.\n").format(prog=self.prog))
        raise SystemExit(2)


def build_parser() -> argparse.ArgumentParser:
    """The parser, in the language in force."""
    from playbook.run.commands import add_run
    from playbook.run.engagement_commands import add_engagement_commands
    from playbook.serve.commands import add_serve

    setattr(argparse, "_", _)  # noqa: B010 - argparse has no public way to its words
    parser = Parser(
        prog="playbook",
        description=_("Building customer-oriented processes: strategy, pilot, scaling."),
    )
    parser.add_argument("--version", action="version", version=f"playbook {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar=_("command"), title=_("commands"), parser_class=Parser
    )
    adder = _WithLanguage(commands)
    for add in (add_engagement_commands, add_run):
        add(adder)
    add_serve(adder, _serve)
    return parser


def _serve(arguments: argparse.Namespace) -> int:
    """Open the pages; ``serve`` and ``run`` stand side by side and meet only here."""
    from playbook.run import places, reads
    from playbook.run.catalogue import STEPS
    from playbook.serve.commands import serve

    return serve(arguments, steps=STEPS, notebooks=places.notebooks(), versions=reads.versions)


class _WithLanguage:
    """Adds subcommands that all know ``--lang``."""

    def __init__(self, commands: argparse._SubParsersAction[Parser]) -> None:
        self._commands = commands

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse's own options
        """Add one subcommand."""
        parser = self._commands.add_parser(name, **options)
        parser.add_argument("--lang", choices=LANGUAGES, help=_("language: en or ru"))
        return parser


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
    """The language of the engagement that a command is about, where it has one."""
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
        with in_language(spoken if chosen.lang else _language_of(chosen) or spoken):
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


if __name__ == "__main__":
    raise SystemExit(main())
