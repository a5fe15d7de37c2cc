"""A file that was read as a table: its columns, its rows in Parquet, its lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from playbook.data.findings import Finding
from playbook.text import gettext as _

Form = Literal["text", "number", "double", "moment", "zoned", "date", "flag"]
# A workbook's own numbers and dates are written as text behind this sign: they need no guess
# about commas and the order of day and month.
MACHINE = "\x01"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A column of a file.

    Attributes:
        heading: As the file writes it.
        name: Its column in the Parquet file.
        form: What Parquet says about it; CSV and XLSX are ``text``.
    """

    heading: str
    name: str
    form: Form = "text"


@dataclass(frozen=True, kw_only=True)
class Ragged:
    """A row that cannot be cut into the columns of its heading.

    Attributes:
        line: Its line in the file.
        text: Its text, the beginning of a long one.
        n_fields: Its fields.
        reason: A key of ``set_aside.REASONS``.
    """

    line: int
    text: str
    n_fields: int
    reason: str = "ragged"


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """A table as it was read from a file, nothing parsed yet.

    Attributes:
        parquet: The rows; blank and ragged ones are left out.
        columns: Its columns.
        n_rows: Rows in ``parquet``.
        name: As it is shown: ``sales.csv``, ``export.zip/jan.csv``, ``book.xlsx/January``.
        ragged: Rows of a wrong length or with broken quotes.
        left_out: Lines that begin no row of ``parquet`` (blank, ragged, the rest of a row of
            several lines), counted from the first line under the heading, from 0, in order.
        first_line: Line of the first row in the file.
        header_line: Line of the heading, 0 where there is none.
        above: Lines above the heading that hold text, and the text.
        encoding: Encoding of a text file, else empty.
        delimiter: Sign between the columns of a text file, else empty.
        findings: What was found out about the file.
    """

    parquet: Path
    columns: tuple[Source, ...]
    n_rows: int
    name: str = ""
    ragged: tuple[Ragged, ...] = ()
    left_out: Sequence[int] = ()
    first_line: int = 2
    header_line: int = 1
    above: tuple[tuple[int, str], ...] = ()
    encoding: str = ""
    delimiter: str = ""
    findings: tuple[Finding, ...] = ()

    def line(self, row: int) -> int:
        """The line in the file of a row of ``parquet``, counted from 0."""
        return place_among(row, self.left_out) + self.first_line


def place_among(kept: int, left_out: Sequence[int]) -> int:
    """The place among all of the ``kept``-th one that is not left out.

    Example:
        >>> [place_among(kept, [0, 2, 3]) for kept in range(3)]
        [1, 4, 5]
    """
    place = kept
    while (moved := kept + bisect_right(left_out, place)) != place:
        place = moved
    return place


class SheetWriter:
    """Writes batches of text columns to a Parquet file, blank rows left out.

    Args:
        target: The file to write.
        heading: The headings of the file; empty and repeated ones get a name of their own.
        first_line: Line of the first row in the file.
    """

    def __init__(self, target: Path, heading: Sequence[str], *, first_line: int = 2) -> None:
        self.target = target
        self.headings = told_apart(heading)
        self.names = [f"c{i}" for i in range(len(heading))]
        self.first_line = first_line
        self.n_written = 0
        self.n_lines = 0
        self._left_out: list[Any] = []
        self._ragged: list[Ragged] = []
        self._spare = {name for name, text in zip(self.names, heading, strict=True) if not text}
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def _write(self, rows: Any) -> None:  # noqa: ANN401 - pyarrow has no types
        """Write rows; the first ones show which columns repeat their values."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self.target,
                pa.schema([(name, pa.string()) for name in self.names]),
                compression="lz4",
                write_statistics=False,
                use_dictionary=_repeating(rows),
            )
        self._writer.write(rows)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is None:
            self._write(_no_rows(self.names))
        self._writer.close()

    def add(
        self,
        rows: Any,  # noqa: ANN401 - pyarrow has no types
        *,
        n_lines: int | None = None,
        left_out: Any = (),  # noqa: ANN401 - an array of numpy
        ragged: Sequence[Ragged] = (),
    ) -> None:
        """Write some rows of the right length.

        Args:
            rows: A table or a batch of Arrow with the columns ``names``.
            n_lines: Lines of the file that they stand in; a line for each row if not given.
            left_out: Those of the lines that begin no row, counted from 0, in order.
            ragged: Rows of a wrong length, with their line in the file.
        """
        import numpy as np

        filled = _filled(rows)
        self._spare -= {name for name in self._spare if _has_text(rows[name])}
        n_lines = rows.num_rows if n_lines is None else n_lines
        lines = np.asarray(left_out, dtype=np.int64)
        if filled is not None:
            mask = ~np.asarray(filled)
            starts = np.delete(np.arange(n_lines), lines)
            lines = np.union1d(lines, starts[: len(mask)][mask])
            rows = rows.filter(filled)
        self._left_out.append(lines + self.n_lines)
        self._ragged += ragged
        self.n_lines += n_lines
        self.n_written += rows.num_rows
        if rows.num_rows:
            self._write(rows)

    @property
    def broken_quotes(self) -> list[Ragged]:
        """Rows so far whose quotes are broken."""
        return [row for row in self._ragged if row.reason == "open_quote"]

    def sheet(self, **known: Any) -> Sheet:  # noqa: ANN401 - fields of a sheet
        """What was written; columns without heading and without text are left out.

        Args:
            **known: Other fields of the sheet.
        """
        import numpy as np

        sources = zip(self.headings, self.names, strict=True)
        left_out: Any = np.concatenate([np.empty(0, np.int64), *self._left_out])
        return Sheet(
            parquet=self.target,
            columns=tuple(
                Source(heading=heading, name=name)
                for heading, name in sources
                if name not in self._spare
            ),
            n_rows=self.n_written,
            ragged=tuple(sorted(self._ragged, key=lambda row: row.line)),
            left_out=left_out,
            first_line=self.first_line,
            **known,
        )


def _filled(rows: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """For each row whether it holds text; nothing where all do."""
    import pyarrow.compute as pc

    filled = None
    for column in rows.columns:
        has_text = pc.greater(pc.binary_length(column), 0)
        filled = has_text if filled is None else pc.or_(filled, has_text)
        if pc.all(filled).as_py() is not False:
            return None
    return filled


def _repeating(rows: Any) -> list[str]:  # noqa: ANN401 - pyarrow has no types
    """Columns whose values repeat, which a dictionary makes small."""
    import pyarrow.compute as pc

    some = rows.slice(0, 20_000)
    return [
        name
        for name in some.schema.names
        if pc.count_distinct(some[name]).as_py() <= max(100, some.num_rows // 10)
    ]


def _no_rows(names: Sequence[str]) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    return pa.schema([(name, pa.string()) for name in names]).empty_table()


def _has_text(column: Any) -> bool:  # noqa: ANN401 - pyarrow has no types
    import pyarrow.compute as pc

    return bool(pc.max(pc.binary_length(column)).as_py())


def told_apart(heading: Sequence[str]) -> list[str]:
    """Headings without the invisible, each with a name of its own."""
    names: list[str] = []
    for place, raw in enumerate(heading, start=1):
        name = " ".join(raw.replace("\ufeff", "").split()) or _("column {n}").format(n=place)
        copies = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({copies + 1})" if copies else name)
    return names
