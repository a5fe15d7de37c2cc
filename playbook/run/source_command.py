"""The command ``source``: where the receipts of an engagement live, and a new look at them."""

from __future__ import annotations

import argparse
import datetime as dt
from contextlib import closing
from typing import TYPE_CHECKING, Any

from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playbook.data.source_look import Look
    from playbook.data.warehouse import Warehouse
    from playbook.engagement import Engagement

EXAMPLE = "postgresql://user@host:5432/db?table=receipts"


def add_source(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add ``source`` to the command line."""
    parser = subparsers.add_parser(
        "source",
        help=_("say where the receipts live, if not in imported files"),
        description=_(
            "Without an address: shows the source and what the last look found. With one: looks at"
            " the receipts there and, if they can be used, notes the address. Figures are worked"
            " out where the rows are; no receipt comes here. The password goes into the"
            " environment: PLAYBOOK_SOURCE_PASSWORD."
        ),
    )
    parser.add_argument("name", help=_("the engagement"))
    parser.add_argument(
        "address", nargs="?", help=_("for example {example}").format(example=EXAMPLE)
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--refresh", action="store_true", help=_("look again, so that new rows count from now on")
    )
    choice.add_argument(
        "--forget", action="store_true", help=_("take the source away: imported files count again")
    )
    parser.set_defaults(handler=source)


def source(arguments: argparse.Namespace) -> int:
    """Show, set, renew or take away the source of an engagement."""
    from playbook.engagement import Engagement

    engagement = Engagement.open(arguments.name)
    if arguments.forget:
        state(engagement, "")
        _say([_("The source is taken away; imported files count again.")])
        return 0
    address = arguments.address or engagement.warehouse
    if not address:
        _say([_("The receipts of this engagement come from imported files.")])
        _say(
            [
                _("For example: playbook source {name} {example}").format(
                    name=engagement.name, example=EXAMPLE
                )
            ]
        )
        return 0
    show(engagement, address, is_new=bool(arguments.address) or arguments.refresh)
    return 0


def show(engagement: Engagement, address: str, *, is_new: bool) -> None:
    """Look at a source, note it if it can be used, and say what was found.

    Raises:
        PlaybookError: It cannot be used; the engagement is as it was.
    """
    from playbook.data.tables import CACHE
    from playbook.data.warehouse import Warehouse

    if engagement.is_sample:
        raise PlaybookError(
            _("The sample chain brings its own tables; it has no source."),
            advice=_("Make an engagement of your own: playbook new NAME --source ADDRESS"),
        )
    folder = engagement.data_folder
    with closing(Warehouse(address, folder, folder / CACHE)) as warehouse:
        begun = dt.datetime.now(dt.UTC)
        look = warehouse.renew(begun) if is_new else warehouse.look()
        seconds = (dt.datetime.now(dt.UTC) - begun).total_seconds()
        if engagement.warehouse != warehouse.address.text:
            state(engagement, warehouse.address.text)
        _say(_lines(warehouse, look, seconds=seconds if is_new else None))
        if (folder / "receipts.json").exists():
            _say([_("The imported receipts rest as long as there is a source.")])


def state(engagement: Engagement, address: str) -> None:
    """Write the address into the engagement's facts about the company."""
    from playbook.engagement.company import Company

    saved = engagement.documents.latest(Company)
    company = saved.document if saved else engagement.company
    engagement.documents.save(
        company.model_copy(update={"source": address}), expected=saved.sequence if saved else 0
    )


def _say(lines: Any) -> None:  # noqa: ANN401 - any lines
    from rich.console import Console

    console = Console(highlight=False, markup=False, soft_wrap=True)
    for line in lines:
        console.print(line)


def _lines(warehouse: Warehouse, look: Look, *, seconds: float | None) -> Iterator[str]:
    """What a look found, line by line."""
    from playbook.data.sources import name_of

    yield _("{engine}: {address}").format(
        engine=name_of(warehouse.address), address=warehouse.address.text
    )
    if not warehouse.address.is_tested:
        yield _("This engine is not tested by us: compare a few sums with your own reports.")
    rows = ngettext("{n} row", "{n} rows", look.n_rows).format(n=numbers.number(look.n_rows))
    dates = {"first": numbers.date(look.first[:10]), "last": numbers.date(look.last[:10])}
    yield _("  {rows}, {first} to {last}, {total} in all").format(
        rows=rows, total=numbers.money(float(look.total), 2), **dates
    )
    yield _("  without a customer: {n}").format(n=numbers.number(look.n_anonymous))
    for n, why in look.left_out_words:
        yield _("  left out: {n} ({why})").format(n=numbers.number(n), why=why)
    if look.n_uneven:
        yield ngettext(
            "  money rounded to two decimals in {n} row",
            "  money rounded to two decimals in {n} rows",
            look.n_uneven,
        ).format(n=numbers.number(look.n_uneven))
    for ours, theirs in look.columns.items():
        yield _("  {ours} is taken from {theirs}").format(ours=ours, theirs=theirs)
    if seconds is None:
        words = _("Looked at {when}. Later rows count after: playbook source NAME --refresh")
        yield words.format(when=numbers.moment(look.looked))
    else:
        yield _("One look reads these columns once; this one took {seconds} s.").format(
            seconds=numbers.number(seconds, 1)
        )
