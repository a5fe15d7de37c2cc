"""A file that was read as a table: its columns, its rows in Parquet, its lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

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
    """A row with too few or too many fields: its line, its text, the number of its fields."""

    line: int
    text: str
    n_fields: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table as it was read from a file, nothing parsed yet.

    Attributes:
        parquet: The rows; blank and ragged ones are left out.
        columns: Its columns.
        n_rows: Rows in ``parquet``.
        ragged: Rows of a wrong length.
        blanks: Places of blank rows among the rows of the right length, from 0, in order.
        first_line: Line of the first row in the file.
        encoding: Encoding of a text file, else empty.
        delimiter: Sign between the columns of a text file, else empty.
    """

    parquet: Path
    columns: tuple[Source, ...]
    n_rows: int
    ragged: tuple[Ragged, ...] = ()
    blanks: tuple[int, ...] = ()
    first_line: int = 2
    encoding: str = ""
    delimiter: str = ""

    def line(self, row: int) -> int:
        """The line in the file of a row of ``parquet``, counted from 0."""
        lines = sorted(found.line - self.first_line for found in self.ragged)
        return _place(_place(row, self.blanks), lines) + self.first_line


def _place(kept: int, left_out: Sequence[int]) -> int:
    """The place among all of the ``kept``-th one that is not left out.

    Example:
        >>> [_place(kept, [0, 2, 3]) for kept in range(3)]
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
        self.headings = _told_apart(heading)
        self.names = [f"c{i}" for i in range(len(heading))]
        self.first_line = first_line
        self.n_written = 0
        self._n_seen = 0
        self._blanks: list[int] = []
        self._ragged: list[Ragged] = []
        self._writer: Any = None

    def __enter__(self) -> Self:
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema = pa.schema([(name, pa.string()) for name in self.names])
        self._writer = pq.ParquetWriter(self.target, schema, compression="snappy")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    def add(self, batch: Any, ragged: Sequence[Ragged] = ()) -> None:  # noqa: ANN401 - pyarrow has no types
        """Write a batch of rows of the right length; note those of a wrong one."""
        import numpy as np
        import pyarrow.compute as pc

        self._ragged += ragged
        if batch is None or not batch.num_rows:
            return
        filled = pc.greater(pc.binary_length(batch.columns[0]), 0)
        for column in batch.columns[1:]:
            filled = pc.or_(filled, pc.greater(pc.binary_length(column), 0))
        if not pc.all(filled).as_py():
            blank = np.flatnonzero(~filled.to_numpy(zero_copy_only=False))
            self._blanks += (blank + self._n_seen).tolist()
        self._n_seen += batch.num_rows
        kept = batch.filter(filled)
        self.n_written += kept.num_rows
        self._writer.write_batch(kept)

    def line_of(self, row: int) -> int:
        """The line of a row of the batch that comes next, counted from 0."""
        lines = sorted(found.line - self.first_line for found in self._ragged)
        return _place(self._n_seen + row, lines) + self.first_line

    def sheet(self, *, encoding: str = "", delimiter: str = "") -> Sheet:
        """What was written."""
        sources = zip(self.headings, self.names, strict=True)
        return Sheet(
            parquet=self.target,
            columns=tuple(Source(heading=heading, name=name) for heading, name in sources),
            n_rows=self.n_written,
            ragged=tuple(self._ragged),
            blanks=tuple(self._blanks),
            first_line=self.first_line,
            encoding=encoding,
            delimiter=delimiter,
        )


def _told_apart(heading: Sequence[str]) -> list[str]:
    """Headings without the invisible, each with a name of its own."""
    names: list[str] = []
    for place, raw in enumerate(heading, start=1):
        name = raw.replace("\ufeff", "").strip() or _("column {n}").format(n=place)
        copies = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({copies + 1})" if copies else name)
    return names
