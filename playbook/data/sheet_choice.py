"""Which sheets of a workbook make up the table: stated, the only one that fits, or months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playbook.data.file_read import counted_rows
from playbook.data.findings import Finding
from playbook.data.header_rows import Header, Row, is_data
from playbook.data.names import names_of, plain
from playbook.data.sheets import MACHINE, Sheet
from playbook.data.stated import Stated
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

GROUPING = ("at", "store_id", "customer_id", "receipt_id", "week")


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """A sheet that may hold the table.

    Attributes:
        title: Its name.
        is_hidden: Whether the workbook hides it.
        n_first: Rows with text among its first ones.
        header: The heading that was found.
        first: Its first rows with text.
    """

    title: str
    is_hidden: bool
    n_first: int
    header: Header | None
    first: tuple[Row, ...]

    def shown(self, book: str) -> str:
        """The sheet as it is shown."""
        return f"{book}/{self.title}"

    @property
    def fits(self) -> bool:
        """Whether its heading has the columns that are wanted."""
        return self.header is not None and self.header.fits

    @property
    def plain_names(self) -> tuple[str, ...]:
        """Its heading in a form that can be compared."""
        return tuple(plain(name) for name in self.header.names if name) if self.header else ()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The sheets that are read, and what to say about the choice."""

    chosen: tuple[Candidate, ...]
    findings: tuple[Finding, ...] = ()


def choose(candidates: Sequence[Candidate], book: str, stated: Stated) -> Choice:
    """Choose the sheets of a workbook that make up one table.

    Raises:
        PlaybookError: There is no sheet with rows, the stated one is not there, or it is not
            certain which one is meant.
    """
    if stated.sheet is not None:
        return _stated(candidates, book, stated.sheet)
    filled = [one for one in candidates if one.n_first and not one.is_hidden]
    fitting = [one for one in filled if one.fits]
    if not filled:
        raise PlaybookError(_("{file} has no rows.").format(file=book))
    if not fitting and len(filled) > 1:
        filled = [one for one in filled if one.n_first > 1] or filled
    chosen = fitting or filled
    if len({frozenset(one.plain_names) for one in chosen}) > 1 or (not fitting and len(chosen) > 1):
        raise _uncertain(book, chosen)
    _refuse_rest(book, chosen, [one for one in filled if one not in chosen])
    return Choice(chosen=tuple(chosen), findings=tuple(_findings(candidates, chosen, book)))


def is_meant(stated: str, title: str, place: int) -> bool:
    """Whether a sheet is the one that somebody has stated by name or by place from 1."""
    return title.strip().casefold() == stated.strip().casefold() or stated.strip() == str(place + 1)


def _stated(candidates: Sequence[Candidate], book: str, stated: str) -> Choice:
    by_name = [one for one in candidates if one.title.strip().casefold() == stated.casefold()]
    by_place = [one for i, one in enumerate(candidates) if stated.strip() == str(i + 1)]
    chosen = by_name or by_place
    if not chosen:
        raise PlaybookError(
            _("{file} has no sheet “{sheet}”.").format(file=book, sheet=stated),
            problems=[_("its sheets: {names}").format(names=_titles(candidates))],
            advice=_("State one of them with --sheet."),
        )
    finding = Finding(file=book, subject="sheet", value=chosen[0].title, certainty="stated")
    return Choice(chosen=tuple(chosen[:1]), findings=(finding,))


def _findings(
    candidates: Sequence[Candidate], chosen: Sequence[Candidate], book: str
) -> list[Finding]:
    """What to say where there was a choice."""
    others = [one for one in candidates if one not in chosen and one.n_first]
    if not others and len(chosen) == 1:
        return []
    hidden = [one for one in others if one.is_hidden]
    words = []
    if len(chosen) > 1:
        n = len(chosen)
        line = ngettext("{n} sheet of one heading", "{n} sheets of one heading", n)
        words.append(line.format(n=number(n)))
    if others:
        words.append(_("not read: {names}").format(names=_titles(others)))
    if hidden:
        words.append(_("hidden: {names}").format(names=_titles(hidden)))
    return [
        Finding(
            file=book,
            subject="sheet",
            value=_titles(chosen),
            certainty="likely" if len(chosen) > 1 or any(one.fits for one in hidden) else "certain",
            evidence="; ".join(words),
        )
    ]


def _titles(candidates: Sequence[Candidate]) -> str:
    return ", ".join(one.title for one in candidates)


def _uncertain(book: str, candidates: Sequence[Candidate]) -> PlaybookError:
    return PlaybookError(
        _("{file} has several sheets, and it is not certain which one is meant.").format(file=book),
        problems=[_("sheets with rows: {names}").format(names=_titles(candidates))],
        advice=_("State it with --sheet, by its name or its number."),
    )


def _refuse_rest(book: str, chosen: Sequence[Candidate], others: Sequence[Candidate]) -> None:
    """Stop where another sheet seems to go on with the table without a heading."""
    header = chosen[0].header
    if header is None:
        return
    width = len([name for name in header.names if name])
    for one in others:
        row = one.first[0] if one.first else None
        if row is not None and row.width == width and _is_row_of_data(row):
            words = _("{file}: the sheet {sheet} has rows like the table but no heading.")
            raise PlaybookError(
                words.format(file=book, sheet=one.title),
                advice=_("Put its rows under the others, or state one sheet with --sheet."),
            )


def _is_row_of_data(row: Row) -> bool:
    return sum(is_data(cell.removeprefix(MACHINE)) for cell in row.filled) >= 2


def refuse_copies(sheets: Sequence[Sheet], book: str) -> None:
    """Stop where one sheet holds the rows of the others once more.

    Raises:
        PlaybookError: Names the sheet.
    """
    total = sum(sheet.n_rows for sheet in sheets)
    for sheet in sheets:
        is_sum = len(sheets) > 2 and sheet.n_rows * 2 == total
        if is_sum or (sheet.n_rows and any(_same(sheet, other) for other in sheets)):
            words = _("{file}: the sheet {sheet} seems to hold the rows of the others again.")
            raise PlaybookError(
                words.format(file=book, sheet=sheet.name.removeprefix(f"{book}/")),
                problems=[
                    _("{sheet}: {rows}").format(sheet=each.name, rows=counted_rows(each.n_rows))
                    for each in sheets
                ],
                advice=_("State the sheet to read with --sheet."),
            )


def _same(sheet: Sheet, other: Sheet) -> bool:
    import pyarrow.parquet as pq

    if sheet is other or sheet.n_rows != other.n_rows:
        return False
    left, right = pq.read_table(sheet.parquet), pq.read_table(other.parquet)
    return bool(left.num_columns == right.num_columns and left.equals(right))


def filled_down(
    merged: Sequence[tuple[int, int, int]], header: Header
) -> list[tuple[int, int, int]]:
    """Merged ranges under the heading that group rows by store, day, customer or receipt.

    A merged sum must not be filled down: each row would count it again.
    """
    known = frozenset().union(*map(names_of, GROUPING))
    return [
        (place, first, last)
        for place, first, last in merged
        if first > header.line and place < len(header.names) and plain(header.names[place]) in known
    ]
