"""XLSX files: the one sheet that holds the table, every row as text in a Parquet file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from playbook.data.encodings import not_a_table
from playbook.data.sheets import MACHINE, Ragged, Sheet, SheetWriter
from playbook.errors import PlaybookError
from playbook.text import gettext as _

BATCH = 50_000

Fits = Callable[[Sequence[str]], bool]


def read(path: Path, target: Path, *, fits: Fits) -> Sheet:
    """Write every row of the sheet with the table as text to ``target``.

    Numbers and dates that the workbook itself knows are marked, since they need no guess.

    Args:
        path: The workbook.
        target: The Parquet file to write.
        fits: Whether a heading has the columns that are wanted; chooses among sheets.

    Raises:
        PlaybookError: The file is no workbook, or it is not certain which sheet is meant.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise not_a_table(path) from error
    try:
        return _sheet(_chosen(book, path, fits), target)
    finally:
        book.close()


def _chosen(book: Any, path: Path, fits: Fits) -> Any:  # noqa: ANN401 - openpyxl has no types
    """The only sheet with rows, else the only one whose heading fits."""
    filled = [sheet for sheet in book.worksheets if len(list(_first_rows(sheet, 2))) > 1]
    fitting = [sheet for sheet in filled if fits(_heading(sheet))]
    for candidates in (filled, fitting):
        if len(candidates) == 1:
            return candidates[0]
    if not filled:
        raise PlaybookError(_("{file} has no rows.").format(file=path.name))
    names = ", ".join(sheet.title for sheet in filled)
    raise PlaybookError(
        _("{file} has several sheets, and it is not certain which one is meant.").format(
            file=path.name
        ),
        problems=[_("sheets with rows: {names}").format(names=names)],
        advice=_("Save the sheet with the table as a file of its own."),
    )


def _first_rows(sheet: Any, n: int) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - openpyxl has no types
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(max_row=n, values_only=True))


def _heading(sheet: Any) -> list[str]:  # noqa: ANN401 - openpyxl has no types
    """The first row, without empty cells at its end."""
    cells = [_text(cell).removeprefix(MACHINE) for cell in next(_first_rows(sheet, 1), ())]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _sheet(sheet: Any, target: Path) -> Sheet:  # noqa: ANN401 - openpyxl has no types
    import pyarrow as pa

    writer = SheetWriter(target, _heading(sheet))
    width = len(writer.names)
    with writer:
        sheet.reset_dimensions()
        rows = enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2)
        for some in batched_rows(rows):
            good, ragged = _of_width(some, width)
            columns = [pa.array(column, pa.string()) for column in zip(*good, strict=True)]
            batch = pa.record_batch(columns, names=writer.names) if good else None
            writer.add(batch, ragged)
    return writer.sheet()


def batched_rows(rows: Iterator[tuple[int, Any]]) -> Iterator[list[tuple[int, Any]]]:
    """Rows with their line, some at a time."""
    batch: list[tuple[int, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _of_width(
    rows: Sequence[tuple[int, Sequence[Any]]], width: int
) -> tuple[list[list[str]], list[Ragged]]:
    """Rows as text cells: those as wide as the heading, and the wider ones."""
    good, ragged = [], []
    for line, row in rows:
        cells = [_text(cell) for cell in row]
        rest = [cell for cell in cells[width:] if cell]
        if rest:
            text = "; ".join(cell.removeprefix(MACHINE) for cell in cells if cell)
            ragged.append(Ragged(line=line, text=text, n_fields=len(cells)))
        else:
            good.append(cells[:width] + [""] * (width - len(cells)))
    return good, ragged


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
        case dt.date():
            return MACHINE + cell.isoformat()
        case _:
            return str(cell)
