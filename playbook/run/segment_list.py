"""The command ``segments``: who is in which segment, as a file for the company's CRM."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext

if TYPE_CHECKING:
    import pandas as pd

    from playbook.engagement import Engagement

ENDINGS = (".csv", ".xlsx")
MOST_ROWS_OF_A_SHEET = 1_048_575  # of a workbook, the heading left out


def add_segments(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add ``segments`` to the command line."""
    parser = subparsers.add_parser(
        "segments",
        help=_("write a file for the CRM: each customer and the segment"),
        description=_(
            "Sorts the customers by the rules of page 03 and writes ids and segments, nothing"
            " else. The file names customers: keep it where the company keeps such data."
        ),
    )
    parser.add_argument("name", help=_("the engagement"))
    parser.add_argument("file", type=Path, help=_("a file that ends in .csv or .xlsx"))
    parser.add_argument(
        "--as-of", default="", help=_("last day that counts, such as 2026-03-31; else the newest")
    )
    parser.set_defaults(handler=write_segments)


def write_segments(arguments: argparse.Namespace) -> int:
    """Sort the customers, write the file, say how many are in each segment."""
    from rich.console import Console

    from playbook.engagement import Engagement
    from playbook.text import name
    from playbook.text.numbers import number

    path: Path = arguments.file
    _refuse(path)
    rows = _rows(Engagement.open(arguments.name), as_of=arguments.as_of)
    write(rows, path)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    words = ngettext(
        "{path}: {n} customer. The file names customers; it is not part of the engagement.",
        "{path}: {n} customers. The file names customers; it is not part of the engagement.",
        len(rows),
    )
    console.print(words.format(path=path, n=number(len(rows))))
    for segment, n in rows["segment"].value_counts().items():
        console.print(f"  {name(str(segment))} ({segment}): {number(int(n))}")
    return 0


def _refuse(path: Path) -> None:
    if path.suffix.lower() not in ENDINGS:
        raise PlaybookError(
            _("The list is a CSV or an XLSX file, not “{name}”.").format(name=path.name)
        )
    if path.exists():
        raise PlaybookError(
            _("{path} is there already.").format(path=path),
            advice=_("Name another file, or move this one away."),
        )
    if not path.parent.is_dir():
        raise PlaybookError(_("There is no folder {path}.").format(path=path.parent))


def _rows(engagement: Engagement, *, as_of: str) -> pd.DataFrame:
    """Customers and segments by the rules of the page."""
    from playbook.customers import gates, policy, purchases, segments
    from playbook.customers.segment_list import segment_list
    from playbook.data.tables import Tables

    saved = engagement.documents.latest(policy.SegmentPlan)
    plan = saved.document if saved else policy.SegmentPlan()
    with closing(Tables.of(engagement)) as tables:
        bought = purchases.read(tables.read("receipts"))
    window = purchases.window_at(bought, as_of=as_of)
    enough = gates.check(bought, window=window)
    return segment_list(segments.sort(bought, window=window, gates=enough, rules=plan.rules))


def write(rows: pd.DataFrame, path: Path) -> None:
    """Write a list as text or as a workbook, so that no cell is run as a formula.

    Args:
        rows: ``customer_id``, ``segment``.
        path: A file that ends in ``.csv`` or ``.xlsx``.

    Raises:
        PlaybookError: A workbook has no room for so many customers.
    """
    from playbook.customers.segment_list import harmless

    if path.suffix.lower() == ".csv":
        rows.map(harmless).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        return
    if len(rows) > MOST_ROWS_OF_A_SHEET:
        raise PlaybookError(
            _("A workbook has no room for so many customers."),
            advice=_("Name a file that ends in .csv."),
        )
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("segments")
    sheet.append(list(rows.columns))
    for row in rows.itertuples(index=False):
        cells = [WriteOnlyCell(sheet, value=harmless(value)) for value in row]
        for cell in cells:
            cell.data_type = "s"  # a text, whatever it looks like
        sheet.append(cells)
    book.save(path)
