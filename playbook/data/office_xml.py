"""Two more kinds of workbooks, both XML: Excel 2003 (which 1C writes) and OpenDocument."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from playbook.data import grids, sheet_choice
from playbook.data.header_rows import Fits, Row
from playbook.data.sheet_choice import Candidate
from playbook.data.sheets import MACHINE, Sheet
from playbook.data.stated import Stated
from playbook.errors import PlaybookError
from playbook.text import gettext as _

EXCEL = "{urn:schemas-microsoft-com:office:spreadsheet}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MOST_CELLS, MOST_ROWS = 16_384, 1_048_576

Opener = Callable[[], IO[bytes]]
Rows = Iterator[tuple[str, Row]]


@dataclass(frozen=True, kw_only=True)
class _Book:
    """A workbook as a source of rows with the title of their sheet."""

    opener: Opener
    rows: Callable[[IO[bytes]], Rows]

    def each(self) -> Rows:
        """Every row of every sheet."""
        with self.opener() as stream:
            yield from self.rows(stream)

    def of(self, title: str) -> Iterator[Row]:
        """The rows of one sheet."""
        return (row for sheet, row in self.each() if sheet == title)


def is_excel_2003(head: bytes) -> bool:
    """Whether a file begins as a workbook of Excel 2003 in XML does."""
    return b"<?mso-application" in head or EXCEL.strip("{}").encode() in head


def read_excel_2003(
    path: Path, target: Callable[[], Path], *, name: str, stated: Stated, fits: Fits
) -> tuple[Sheet, ...]:
    """Write the rows of the sheets with the table as text; arguments as for ``workbooks.read``."""
    book = _Book(opener=lambda: path.open("rb"), rows=_excel_rows)
    return _read(book, target, name=name, stated=stated, fits=fits)


def read_opendocument(
    path: Path, target: Callable[[], Path], *, name: str, stated: Stated, fits: Fits
) -> tuple[Sheet, ...]:
    """Write the rows of the sheets with the table as text; arguments as for ``workbooks.read``."""

    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as stream:
            yield stream

    book = _Book(opener=opened, rows=_open_rows)  # type: ignore[arg-type]
    return _read(book, target, name=name, stated=stated, fits=fits)


def _read(
    book: _Book, target: Callable[[], Path], *, name: str, stated: Stated, fits: Fits
) -> tuple[Sheet, ...]:
    try:
        heads: dict[str, list[Row]] = {}
        for title, row in book.each():
            rows = heads.setdefault(title, [])
            if len(rows) < 100:
                rows.append(row)
        candidates = [_candidate(title, rows, fits, stated) for title, rows in heads.items()]
        choice = sheet_choice.choose(candidates, name, stated)
        found = []
        for one in choice.chosen:
            if one.header is None:
                raise PlaybookError(grids.no_table(one.shown(name)))
            rows_of = book.of(one.title)
            shown = one.shown(name)
            found.append(grids.write(rows_of, target(), one.header, name=shown, stated=stated))
    except (ElementTree.ParseError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise PlaybookError(
            _("{file} is a workbook that cannot be read.").format(file=name),
            advice=_("Open it in Excel, save it as XLSX without a password, import it again."),
        ) from error
    sheet_choice.refuse_copies(found, name)
    return tuple(replace(each, findings=(*choice.findings, *each.findings)) for each in found)


def _candidate(title: str, rows: list[Row], fits: Fits, stated: Stated) -> Candidate:
    is_read = stated.sheet is None or stated.header_row is None
    return Candidate(
        title=title,
        is_hidden=False,
        n_first=sum(bool(row.filled) for row in rows),
        header=grids.heading(rows, fits, stated if is_read else Stated()),
        first=tuple(row for row in rows if row.filled)[:5],
    )


def _excel_rows(stream: IO[bytes]) -> Rows:
    title, line = "", 0
    for event, node in ElementTree.iterparse(stream, events=("start", "end")):
        if event == "start":
            if node.tag == f"{EXCEL}Worksheet":
                title, line = node.get(f"{EXCEL}Name", ""), 0
            continue
        if node.tag == f"{EXCEL}Row":
            line = int(node.get(f"{EXCEL}Index", line + 1))
            yield title, Row(line=line, cells=tuple(_excel_cells(node)))
            node.clear()
        elif node.tag == f"{EXCEL}Worksheet":
            node.clear()


def _excel_cells(row: ElementTree.Element) -> Iterator[str]:
    place = 0
    for cell in row.iter(f"{EXCEL}Cell"):
        index = int(cell.get(f"{EXCEL}Index", place + 1))
        for _gap in range(min(MOST_CELLS, index - 1 - place)):
            yield ""
        place = index + int(cell.get(f"{EXCEL}MergeAcross", 0))
        data = cell.find(f"{EXCEL}Data")
        yield "" if data is None else _excel_text(data)
        for _merged in range(min(MOST_CELLS, place - index)):
            yield ""


def _excel_text(data: ElementTree.Element) -> str:
    text = "".join(data.itertext())
    match data.get(f"{EXCEL}Type", "String"):
        case "Number" | "Boolean":
            return _number(text)
        case "DateTime":
            return MACHINE + text.replace("T", " ").removesuffix(".000")
        case "Error":
            return ""
        case _:
            return grids.text_of(text)


def _number(text: str) -> str:
    """A number of a workbook as it would be written out."""
    from decimal import Decimal

    value = text.strip()
    if not value:
        return ""
    plain = f"{Decimal(repr(float(value))):f}" if "e" in value.casefold() or "." in value else value
    return MACHINE + (plain.rstrip("0").rstrip(".") if "." in plain else plain)


def _open_rows(stream: IO[bytes]) -> Rows:
    title, line = "", 0
    for event, node in ElementTree.iterparse(stream, events=("start", "end")):
        if event == "start":
            if node.tag == f"{TABLE}table":
                title, line = node.get(f"{TABLE}name", ""), 0
            continue
        if node.tag == f"{TABLE}table-row":
            cells = tuple(_open_cells(node))
            repeated = int(node.get(f"{TABLE}number-rows-repeated", 1))
            if any(cells):
                for place in range(min(MOST_ROWS, repeated)):
                    yield title, Row(line=line + place + 1, cells=cells)
            line += repeated
            node.clear()


def _open_cells(row: ElementTree.Element) -> Iterator[str]:
    waiting = 0
    for cell in row:
        if cell.tag not in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
            continue
        repeated = int(cell.get(f"{TABLE}number-columns-repeated", 1))
        text = _open_text(cell)
        if not text:
            waiting += repeated
            continue
        for _empty in range(min(MOST_CELLS, waiting)):
            yield ""
        waiting = 0
        for _same in range(min(MOST_CELLS, repeated)):
            yield text


def _open_text(cell: ElementTree.Element) -> str:
    match cell.get(f"{OFFICE}value-type"):
        case "float" | "currency" | "percentage":
            return _number(cell.get(f"{OFFICE}value", ""))
        case "date":
            return MACHINE + cell.get(f"{OFFICE}date-value", "").replace("T", " ")
        case "boolean":
            return MACHINE + ("1" if cell.get(f"{OFFICE}boolean-value") == "true" else "0")
        case _:
            paragraphs = ("".join(each.itertext()) for each in cell.iter(f"{TEXT}p"))
            return grids.text_of("\n".join(paragraphs))
