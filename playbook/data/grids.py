"""Rows of cells, from a workbook or a page, as text in a Parquet file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from playbook.data import header_rows
from playbook.data.findings import Finding
from playbook.data.header_rows import Fits, Header, Row
from playbook.data.records import MOST_TEXT
from playbook.data.sheets import MACHINE, Ragged, Sheet, SheetWriter
from playbook.data.stated import Stated
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

BATCH = 50_000
# What a spreadsheet writes in the place of a value that it could not compute.
ERRORS = frozenset(
    {
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
        "#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "#ДЕЛ/0!", "#ИМЯ?", "#ЧИСЛО!", "#ПУСТО!",
        "Err:502", "Err:504", "Err:508",
    }
)  # fmt: skip


def head(rows: Iterable[Row]) -> list[Row]:
    """The first rows, among which the heading is looked for."""
    return list(islice(rows, header_rows.MOST_ROWS))


def heading(rows: Iterable[Row], fits: Fits, stated: Stated) -> Header | None:
    """The heading of a table in cells; nothing where there is no table."""
    plain = [
        Row(line=row.line, cells=tuple(cell.removeprefix(MACHINE) for cell in row.cells))
        for row in head(rows)
    ]
    return header_rows.choose(plain, fits, stated=stated.header_row)


def write(rows: Iterable[Row], target: Path, header: Header, *, name: str, stated: Stated) -> Sheet:
    """Write all rows under a heading as text to ``target``.

    Args:
        rows: The rows from the top, in order; lines without a row are blank.
        target: The Parquet file to write.
        header: The heading.
        name: The table as it is shown.
        stated: What somebody has stated.
    """
    import pyarrow as pa

    below = (row for row in rows if row.line >= header.first_line)
    first = head(below)
    width = max((row.width for row in first), default=0)
    names = [*header.names, *[""] * (width - len(header.names))]
    writer = SheetWriter(target, names, first_line=header.first_line)
    with writer:
        for some in _batches(chain(first, below)):
            start = writer.n_lines + header.first_line
            good, ragged = _of_width(some, len(names))
            cells = [row.cells for row in good] or [()] * 0
            columns = list(zip(*cells, strict=True)) or [()] * len(names)
            table = pa.table(
                [pa.array(column, pa.string()) for column in columns], names=writer.names
            )
            n_lines = some[-1].line - start + 1
            there = {row.line - start for row in good}
            left_out = [place for place in range(n_lines) if place not in there]
            writer.add(table, n_lines=n_lines, left_out=left_out, ragged=ragged)
    return writer.sheet(
        name=name,
        header_line=header.line,
        above=header.above,
        findings=tuple(_findings(header, name, stated)),
    )


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, BATCH)):
        yield some


def _of_width(rows: Sequence[Row], width: int) -> tuple[list[Row], list[Ragged]]:
    """Rows as wide as the heading, and the wider ones."""
    good, ragged = [], []
    for row in rows:
        n = row.width if len(row.cells) > width else 0
        if n > width:
            text = "; ".join(cell.removeprefix(MACHINE) for cell in row.filled)
            ragged.append(Ragged(line=row.line, text=text[:MOST_TEXT], n_fields=n))
        else:
            cells = tuple(row.cells[:width]) + ("",) * (width - len(row.cells))
            good.append(Row(line=row.line, cells=cells))
    return good, ragged


def _findings(header: Header, name: str, stated: Stated) -> Iterator[Finding]:
    if header.line == 1 and stated.header_row is None:
        return
    n = len(header.above)
    words = ngettext("{n} line above it: {text}", "{n} lines above it: {text}", n)
    above = words.format(n=number(n), text=header.above[0][1]) if n else header.evidence
    yield Finding(
        file=name,
        subject="header_row",
        value=str(header.line),
        certainty=header.certainty,
        evidence=above,
    )


def text_of(cell: Any) -> str:  # noqa: ANN401 - whatever a workbook holds
    """A cell of text; what a spreadsheet could not compute is empty."""
    text = str(cell)
    return "" if text in ERRORS else text


def with_findings(sheet: Sheet, *findings: Finding) -> Sheet:
    """The sheet with more findings in front of its own."""
    return replace(sheet, findings=(*findings, *sheet.findings))


def no_table(name: str) -> str:
    """What is said of a workbook or a page without rows."""
    return _("{file} has no rows.").format(file=name)
