"""The command ``status``: what an engagement has, step by step, and what is missing."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from playbook.text import gettext as _
from playbook.text import numbers

if TYPE_CHECKING:
    from rich.table import Table

    from playbook.engagement import Engagement
    from playbook.engagement.decisions import Decision
    from playbook.run.catalogue import StepInfo


def add_status(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add ``status`` to the command line."""
    parser = subparsers.add_parser(
        "status",
        help=_("say what is there, what is decided and what is missing"),
        description=_("Says what an engagement has: data, inputs, steps, decisions, seals."),
    )
    parser.add_argument("name", help=_("the engagement, for example sample"))
    parser.set_defaults(handler=status)


def status(arguments: argparse.Namespace) -> int:
    """Print what an engagement has."""
    from rich.console import Console
    from rich.markup import escape

    from playbook.engagement import Engagement

    engagement = Engagement.open(arguments.name)
    console = Console(highlight=False)
    title = f"[bold]{escape(engagement.title())}[/]  {escape(str(engagement.folder))}"
    console.print(title, soft_wrap=True)
    console.print(_data(engagement), soft_wrap=True)
    console.print()
    console.print(_table((_("step"), _("state"), _("decision")), _steps(engagement)))
    console.print()
    console.print(_table((_("input"), _("saved"), _("by")), _inputs(engagement)))
    if missing := list(_limits(engagement)):
        console.print()
        headings = (_("missing"), _("limits steps"), _("what cannot be said"), _("table"))
        console.print(_table(headings, missing))
        words = _("How to bring a table: playbook template TABLE, fill it in, {command}")
        command = f"playbook import {engagement.name} FILE --table TABLE"
        console.print(words.format(command=command), soft_wrap=True)
    for line in _seals(engagement):
        console.print(line, soft_wrap=True)
    return 0


def _table(headings: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _data(engagement: Engagement) -> str:
    from playbook.data.tables import Tables

    tables = Tables.of(engagement)
    if tables.warehouse:
        return _("Data: {source}, until {date}").format(
            source=engagement.warehouse, date=numbers.date(tables.as_of())
        )
    if not tables.has("receipts"):
        return _("Data: none yet. Next: playbook import {name} FILE").format(name=engagement.name)
    return _("Data: until {date}").format(date=numbers.date(tables.as_of()))


def _steps(engagement: Engagement) -> Iterator[tuple[str, ...]]:
    from playbook.run.catalogue import STEPS

    decided = list(_decisions(engagement))
    for step in STEPS:
        choices = [one.choice for one in decided if one.key.startswith(f"{step.number}.")]
        yield f"{step.number}  {step.title}", _state(engagement, step), "; ".join(choices)


def _decisions(engagement: Engagement) -> Iterator[Decision]:
    from playbook.engagement.documents import in_readers_language

    for one in engagement.decisions.all():
        yield in_readers_language(one.decision) if engagement.is_sample else one.decision


def _state(engagement: Engagement, step: StepInfo) -> str:
    """Whether a step ran, when, and whether what it read is still the same."""
    from playbook.run import reads

    event = engagement.record.last(f"run/{step.id}")
    if event is None:
        return _("not run")
    when = numbers.moment(event.at)
    if event.type != "finished":
        message = str(event.payload.get("message", "")).partition("\n")[0]
        return _("failed {when}: {message}").format(when=when, message=message)
    known = event.payload["reads"]
    if reads.versions(engagement, known) != known:
        return _("ran {when}; its inputs have changed since").format(when=when)
    return _("ran {when}").format(when=when)


def _inputs(engagement: Engagement) -> Iterator[tuple[str, ...]]:
    """Every input of the method; what nobody has filled in is said too."""
    from playbook.engagement.documents import kinds, load_chapters

    load_chapters()
    for kind in kinds():
        event = engagement.record.last(f"document/{kind}")
        if event is None:
            yield kind, _("not filled in"), ""
        else:
            yield kind, numbers.moment(event.at), event.who


def _limits(engagement: Engagement) -> Iterator[tuple[str, ...]]:
    """What is missing among the tables and which steps it limits."""
    from playbook.data.limits import limits
    from playbook.data.tables import Tables

    for limit in limits(Tables.of(engagement)):
        steps = ", ".join(limit.steps)
        yield limit.missing, steps, limit.limits, limit.table


def _seals(engagement: Engagement) -> Iterator[str]:
    for event in engagement.record.latest("seal/"):
        seal = engagement.seals.sealed(event.stream.partition("/")[2])
        if seal is None:
            continue
        yield _("Sealed: {key}, {when}, {who}, fingerprint {hash}").format(
            key=seal.key, when=numbers.moment(seal.at), who=seal.who, hash=seal.hash[:12]
        )
        for change in seal.amendments:
            yield _("  amended {when} by {who}: {reason}").format(
                when=numbers.moment(change.at), who=change.who, reason=change.reason
            )
