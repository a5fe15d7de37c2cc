"""XLSX files: the sheets that hold the table, every row as text in Parquet files."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

from playbook.data import grids, sheet_choice
from playbook.data.findings import Finding
from playbook.data.header_rows import Fits, Row
from playbook.data.sheet_choice import Candidate, Choice
from playbook.data.sheet_marks import Marks, marks
from playbook.data.sheets import MACHINE, Sheet
from playbook.data.stated import Stated
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

# What openpyxl raises at a workbook that is damaged or strange.
UNREADABLE = (
    BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError, SyntaxError,
    zlib.error, struct.error, NotImplementedError,
)  # fmt: skip


def read(
    path: Path, target: Callable[[], Path], *, name: str, stated: Stated, fits: Fits
) -> tuple[Sheet, ...]:
    """Write every row of the sheets with the table as text to files of ``target``.

    Numbers and dates that the workbook itself knows are marked, since they need no guess.

    Args:
        path: The workbook.
        target: Gives a new Parquet file to write.
        name: The workbook as it is shown.
        stated: What somebody has stated.
        fits: Whether a heading has the columns that are wanted; chooses among sheets.

    Raises:
        PlaybookError: The file is no workbook, it is not certain which sheet is meant, or
            formulas were never computed.
    """
    with path.open("rb") as stream:  # openpyxl judges a path by its suffix
        choice, found = _read(stream, target, name=name, stated=stated, fits=fits)
    sheet_choice.refuse_copies(found, name)
    return tuple(replace(one, findings=(*choice.findings, *one.findings)) for one in found)


def _read(
    stream: IO[bytes], target: Callable[[], Path], *, name: str, stated: Stated, fits: Fits
) -> tuple[Choice, tuple[Sheet, ...]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        tabs = [_Tab(sheet=sheet, book=book) for sheet in book.worksheets]
        candidates = [tab.candidate(fits, stated) for tab in tabs]
        choice = sheet_choice.choose(candidates, name, stated)
        found = tuple(
            _sheet(tabs[candidates.index(one)], one, target(), name, stated)
            for one in choice.chosen
        )
    except UNREADABLE as error:
        raise PlaybookError(
            _("{file} is a workbook that cannot be read.").format(file=name),
            advice=_("Open it in Excel, save it as XLSX without a password, import it again."),
        ) from error
    if book.epoch.year == 1904:  # its bare numbers may be days
        base = Finding(file=name, subject="serial_dates", value="1904", certainty="certain")
        choice = replace(choice, findings=(*choice.findings, base))
    return choice, found


@dataclass(frozen=True)
class _Tab:
    """One sheet of a workbook."""

    sheet: Any
    book: Any

    def candidate(self, fits: Fits, stated: Stated) -> Candidate:
        """What the choice among the sheets needs."""
        first = grids.head(self.rows())
        return Candidate(
            title=self.sheet.title,
            is_hidden=self.sheet.sheet_state != "visible",
            n_first=sum(bool(row.filled) for row in first),
            header=grids.heading(first, fits, stated) if self._may_be(stated) else None,
            first=tuple(row for row in first if row.filled)[:5],
        )

    def _may_be(self, stated: Stated) -> bool:
        """Whether the sheet may be read; what is stated of one sheet says nothing of others."""
        return stated.sheet is None or sheet_choice.is_meant(
            stated.sheet, self.sheet.title, self.book.sheetnames.index(self.sheet.title)
        )

    def rows(self, fill: Sequence[tuple[int, int, int]] = ()) -> Iterator[Row]:
        """The rows from the top; merged cells of some columns filled down.

        Args:
            fill: Column from 0, first and last line of each range.
        """
        self.sheet.reset_dimensions()
        pending = sorted(fill, key=lambda part: part[1])
        values: dict[int, tuple[int, str]] = {}
        for line, cells in enumerate(self.sheet.iter_rows(values_only=True), start=1):
            texts = [_text(cell) for cell in cells]
            while pending and pending[0][1] == line:
                place, _first, last = pending.pop(0)
                if place < len(texts):
                    values[place] = (last, texts[place])
            for place, (last, text) in values.items():
                if line <= last and place < len(texts):
                    texts[place] = text
            yield Row(line=line, cells=tuple(texts))

    def marks(self) -> Marks:
        """Merged ranges and formulas that were never computed."""
        with self.book._archive.open(self.sheet._worksheet_path) as stream:
            return marks(stream)


def _sheet(tab: _Tab, one: Candidate, target: Path, name: str, stated: Stated) -> Sheet:
    found = tab.marks()
    title = tab.sheet.title
    if found.n_uncomputed:
        words = ngettext(
            "{file}, sheet {sheet}: {n} formula has no value: {cell}.",
            "{file}, sheet {sheet}: {n} formulas have no value, the first in {cell}.",
            found.n_uncomputed,
        )
        raise PlaybookError(
            words.format(
                file=name, sheet=title, n=number(found.n_uncomputed), cell=found.first_uncomputed
            ),
            advice=_("Open the workbook in Excel, save it and import it again."),
        )
    if one.header is None:
        raise PlaybookError(grids.no_table(f"{name}/{title}"))
    fill = sheet_choice.filled_down(found.merged, one.header)
    return grids.write(tab.rows(fill), target, one.header, name=one.shown(name), stated=stated)


def _text(cell: Any) -> str:  # noqa: ANN401 - whatever a workbook holds
    """A cell as text; numbers and dates that the workbook knows bear the mark."""
    match cell:
        case None:
            return ""
        case bool():
            return MACHINE + ("1" if cell else "0")
        case int():
            return f"{MACHINE}{cell}"
        case float():
            return MACHINE + (str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}")
        case dt.datetime():
            return MACHINE + cell.isoformat(sep=" ", timespec="seconds")
        case dt.date() | dt.time():
            return MACHINE + cell.isoformat()
        case dt.timedelta():
            return MACHINE + str(cell)
        case _:
            return grids.text_of(cell)
