"""HTML pages that tills save as .xls: the table in them, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from playbook.data import encodings, grids
from playbook.data.findings import Certainty, Finding
from playbook.data.header_rows import Fits, Row
from playbook.data.sheets import Sheet
from playbook.data.stated import Stated
from playbook.errors import PlaybookError
from playbook.text import gettext as _

PIECE = 1 << 20
BREAKS = {"br", "p", "div", "li"}
MOST_SPAN = 100_000
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
BEGINNING = re.compile(
    rb"\s*(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_page(head: bytes) -> bool:
    """Whether a file begins as a page does."""
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    return BEGINNING.match(text) is not None


def read(path: Path, target: Path, *, name: str, stated: Stated, fits: Fits) -> Sheet:
    """Write the rows of the table in a page as text to ``target``.

    Lines are counted by rows of the table, since one line of a page may hold all of them.

    Args:
        path: The page.
        target: The Parquet file to write.
        name: The file as it is shown.
        stated: What somebody has stated.
        fits: Whether a heading has the columns that are wanted; chooses among tables.

    Raises:
        PlaybookError: There is no table with rows, or it is not certain which one is meant.
    """
    encoding, certainty = _encoding(path, stated)
    first = {
        place: grids.heading(rows, fits, stated) for place, rows in _heads(path, encoding).items()
    }
    filled = [place for place, header in first.items() if header is not None]
    fitting = [place for place in filled if (header := first[place]) and header.fits]
    chosen = fitting or filled
    if not chosen:
        raise PlaybookError(grids.no_table(name))
    if len(chosen) > 1:
        raise PlaybookError(
            _("{file} holds several tables, and it is not certain which one is meant.").format(
                file=name
            ),
            advice=_("Save the table as a CSV file of its own."),
        )
    header = first[chosen[0]]
    if header is None:
        raise PlaybookError(grids.no_table(name))
    rows = (row for place, row in _rows(path, encoding) if place == chosen[0])
    sheet = grids.write(rows, target, header, name=name, stated=stated)
    finding = Finding(
        file=name, subject="encoding", value=encoding, certainty=certainty, evidence="HTML"
    )
    return grids.with_findings(sheet, finding)


def _encoding(path: Path, stated: Stated) -> tuple[str, Certainty]:
    """The encoding that the page names, if its bytes agree, else the one they tell."""
    if stated.encoding is None:
        with path.open("rb") as stream:
            named = CHARSET.search(stream.read(4096))
        if named and encodings.reads(path, named[1].decode()):
            return named[1].decode().lower(), "certain"
    text = encodings.examine(path, stated=stated.encoding)
    if text.rivals:
        raise encodings.unknown(path, text.sample, (text.encoding, *text.rivals[:1]))
    return text.encoding, text.certainty


def _heads(path: Path, encoding: str) -> dict[int, list[Row]]:
    """The first rows of every table, as far as they are needed to tell which is the one."""
    heads: dict[int, list[Row]] = {}
    for place, row in _rows(path, encoding):
        rows = heads.setdefault(place, [])
        if len(rows) < 100:
            rows.append(row)
    return heads


def _rows(path: Path, encoding: str) -> Iterator[tuple[int, Row]]:
    """Every row of every table, with the place of its table."""
    parser = _Tables()
    with path.open(encoding=encoding, errors="replace", newline=None) as stream:
        while text := stream.read(PIECE):
            parser.feed(text)
            yield from parser.taken()
    parser.close()
    parser.end_row()
    yield from parser.taken()


@dataclass
class _Table:
    """A table on its way: its place, its rows so far, cells that reach down from above."""

    place: int
    n_rows: int = 0
    down: dict[int, tuple[int, str]] = field(default_factory=dict)


class _Tables(HTMLParser):
    """Reads rows of tables; a table in a cell of another is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._done: list[tuple[int, Row]] = []
        self._open: list[_Table] = []
        self._n = 0
        self._cells: list[tuple[str, int, int]] | None = None
        self._text: list[str] | None = None
        self._span = (1, 1)

    def taken(self) -> list[tuple[int, Row]]:
        """The rows that were finished since the last call."""
        done, self._done = self._done, []
        return done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, a row or a cell begins."""
        if tag == "table":
            self.end_row()
            self._open.append(_Table(place=self._n))
            self._n += 1
        elif tag == "tr" and self._open:
            self.end_row()
            self._cells = []
        elif tag in {"td", "th"} and self._open:
            self._end_cell()
            self._cells = [] if self._cells is None else self._cells
            known = dict(attrs)
            self._span = (_span(known.get("colspan")), _span(known.get("rowspan")))
            self._text = []
        elif tag in BREAKS and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """A table, a row or a cell ends."""
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag == "tr":
            self.end_row()
        elif tag == "table" and self._open:
            self.end_row()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is not None and self._cells is not None:
            text = "".join(self._text).strip(" \t\r\n")
            self._cells.append((re.sub(r"[ \t\r\n]+", " ", text), *self._span))
        self._text = None

    def end_row(self) -> None:
        """Finish a row: its cells where they stand, those above that reach into it."""
        self._end_cell()
        if self._cells is None or not self._open:
            self._cells = None
            return
        table = self._open[-1]
        texts: list[str] = []
        for text, across, down in self._cells:
            _reach_down(table, texts)
            for i in range(across):
                if down > 1:
                    table.down[len(texts)] = (down - 1, text if i == 0 else "")
                texts.append(text if i == 0 else "")
        _reach_down(table, texts)
        table.n_rows += 1
        cells = tuple(grids.text_of(text) for text in texts)
        self._done.append((table.place, Row(line=table.n_rows, cells=cells)))
        self._cells = None


def _reach_down(table: _Table, texts: list[str]) -> None:
    """Put in the cells of rows above that stand in the next places."""
    while len(texts) in table.down:
        place = len(texts)
        more, text = table.down.pop(place)
        if more > 1:
            table.down[place] = (more - 1, text)
        texts.append(text)


def _span(text: str | None) -> int:
    return min(MOST_SPAN, max(1, int(text))) if text and text.strip().isdigit() else 1
