"""The commands ``new``, ``list`` and ``status``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from playbook.text import LANGUAGES, numbers
from playbook.text import gettext as _

if TYPE_CHECKING:
    from playbook.engagement import Engagement
    from playbook.run.catalogue import StepInfo


def add_engagement_commands(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add the commands that make and show engagements."""
    parser = subparsers.add_parser(
        "new",
        help=_("make a new engagement"),
        description=_("Makes a folder with the record of one company's work with the playbook."),
    )
    parser.add_argument("name", help=_("name of the engagement: letters, digits, - and _"))
    parser.add_argument(
        "--currency", default="RUB", help=_("currency of all money, three letters (ISO 4217)")
    )
    parser.set_defaults(handler=new)

    parser = subparsers.add_parser(
        "list", help=_("list the engagements"), description=_("Lists the engagements.")
    )
    parser.set_defaults(handler=list_all)

    parser = subparsers.add_parser(
        "status",
        help=_("say what is there, what is decided and what is missing"),
        description=_("Says what an engagement has: data, inputs, steps, decisions, seals."),
    )
    parser.add_argument("name", help=_("the engagement, for example sample"))
    parser.set_defaults(handler=status)


def new(arguments: argparse.Namespace) -> int:
    """Make an engagement and say where it is and what comes next."""
    from rich.console import Console

    from playbook.engagement import Engagement

    lang = arguments.lang if arguments.lang in LANGUAGES else ""
    made = Engagement.create(arguments.name, lang=lang, currency=arguments.currency)
    console = Console(highlight=False)
    console.print(_("Made {folder}").format(folder=made.folder))
    console.print(_("Next: playbook import {name} FILE").format(name=made.name))
    return 0


def list_all(_arguments: argparse.Namespace) -> int:
    """Print the name of every engagement."""
    from rich.console import Console

    from playbook.engagement import Engagement

    console = Console(highlight=False)
    for name in Engagement.list():
        console.print(name)
    return 0


def status(arguments: argparse.Namespace) -> int:
    """Print what an engagement has, step by step."""
    from rich.console import Console
    from rich.table import Table

    from playbook.engagement import Engagement
    from playbook.run.catalogue import STEPS

    engagement = Engagement.open(arguments.name)
    console = Console(highlight=False)
    console.print(f"[bold]{engagement.company.name}[/]  {engagement.folder}", soft_wrap=True)
    console.print(_data(engagement))
    kinds = ", ".join(engagement.documents.kinds()) or "—"
    console.print(_("Inputs: {kinds}").format(kinds=kinds))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (_("step"), _("state"), _("decision")):
        table.add_column(heading)
    decided = {one.decision.key: one.decision for one in engagement.decisions.all()}
    for step in STEPS:
        choices = [d.choice for key, d in decided.items() if key.startswith(f"{step.number}.")]
        table.add_row(f"{step.id}", _state(engagement, step), "; ".join(choices))
    console.print(table)
    return 0


def _data(engagement: Engagement) -> str:
    from playbook.data.tables import Tables

    tables = Tables(engagement.data_folder, engagement.source)
    if not tables.has("receipts"):
        return _("Data: none yet. Next: playbook import {name} FILE").format(name=engagement.name)
    return _("Data: until {date}").format(date=numbers.date(tables.as_of()))


def _state(engagement: Engagement, step: StepInfo) -> str:
    """Whether a step ran, when, and whether what it read is still the same."""
    from playbook.run import reads

    event = engagement.record.last(f"run/{step.id}")
    if event is None:
        return _("not run")
    when = numbers.moment(event.at)
    if event.type != "finished":
        return _("failed {when}: {message}").format(
            when=when, message=str(event.payload.get("message", "")).splitlines()[0]
        )
    known = event.payload["reads"]
    if reads.versions(engagement, known) != known:
        return _("ran {when}; its inputs have changed since").format(when=when)
    return _("ran {when}").format(when=when)
