"""A block of a text file cut into columns by Arrow; not one of its lines is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playbook.data.records import MOST_TEXT, Dialect, Record, records
from playbook.data.sheets import Ragged
from playbook.data.text_blocks import UTF8, Block, is_plain, without_broken


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of a block.

    Attributes:
        table: An Arrow table of text.
        n_lines: Lines of the block.
        left_out: Lines that begin no row of the table, from 0, in order.
        ragged: Rows that could not be cut.
    """

    table: Any
    n_lines: int
    left_out: Any
    ragged: list[Ragged]


@dataclass(frozen=True, kw_only=True)
class Cutter:
    """Cuts blocks of one file; may be used by several threads at once.

    Attributes:
        names: Of the columns to make.
        dialect: How fields are parted.
        encoding: Of the file.
        short_from: Rows of this many fields and more are whole.
        is_broken: Whether there are bytes that are no letters of the encoding.
    """

    names: Sequence[str]
    dialect: Dialect
    encoding: str
    short_from: int
    is_broken: bool

    def rows(self, block: Block) -> Rows:
        """Cut a block into rows."""
        import numpy as np

        if self.is_broken:
            block = _without_strange_bytes(block)
        table, ragged, n_rows = self._cut(block)
        if n_rows != block.n_lines - len(block.inner):
            block = self._line_by_line(block)
            table, ragged, n_rows = self._cut(block)
            if n_rows != block.n_lines - len(block.inner):
                raise AssertionError(f"{n_rows} rows of {block.n_lines} lines")
        places = [place for place, _row in ragged]
        if ragged and self.short_from < len(self.names):
            padded = self._padded(block, ragged)
            if padded is not block:
                return self.rows_of_padded(padded)
        starts = np.delete(np.arange(block.n_lines), block.inner)
        lines = starts[places] if places else np.empty(0, np.int64)
        found = [
            Ragged(
                line=block.line + int(line),
                text=row.text[:MOST_TEXT],
                n_fields=row.actual_columns,
            )
            for line, (_place, row) in zip(lines, ragged, strict=True)
            if row.text.strip()
        ]
        left_out = np.union1d(np.asarray(block.inner, np.int64), lines)
        return Rows(
            table=table, n_lines=block.n_lines, left_out=left_out, ragged=[*block.ragged, *found]
        )

    def rows_of_padded(self, block: Block) -> Rows:
        """Cut a block whose short rows have got their empty cells back."""
        whole = Cutter(
            names=self.names,
            dialect=self.dialect,
            encoding=self.encoding,
            short_from=len(self.names),
            is_broken=False,
        )
        return whole.rows(block)

    def _cut(self, block: Block) -> tuple[Any, list[tuple[int, Any]], int]:
        """A table, the rows of another length with their places, and the number of all."""
        import pyarrow as pa
        from pyarrow import csv

        ragged: list[tuple[int, Any]] = []

        def keep(row: Any) -> str:  # noqa: ANN401 - pyarrow has no types
            ragged.append((row.number - 1, row))
            return "skip"

        data = self._as_utf8(block.data)
        if not data:
            schema = pa.schema([(name, pa.string()) for name in self.names])
            return schema.empty_table(), [], 0
        table = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(
                use_threads=False, column_names=self.names, block_size=len(data) + 1
            ),
            parse_options=csv.ParseOptions(
                delimiter=self._delimiter,
                quote_char=self.dialect.quote or False,
                escape_char=self.dialect.escape or False,
                invalid_row_handler=keep,
                newlines_in_values=False,
                ignore_empty_lines=False,
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(self.names, pa.string()),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        return table, ragged, table.num_rows + len(ragged)

    @property
    def _delimiter(self) -> str:
        return self.dialect.delimiter if self.dialect.delimiter.isascii() else "\x1f"

    def _as_utf8(self, data: bytes) -> bytes:
        if self.encoding not in UTF8 and is_plain(self.encoding):
            data = data.decode(self.encoding).encode()
        if not self.dialect.delimiter.isascii():
            data = data.replace(self.dialect.delimiter.encode(), b"\x1f")
        return data

    def _line_by_line(self, block: Block) -> Block:
        """The block without rows whose quotes are broken, found by looking at every line."""
        lines = block.data.split(b"\n")[:-1]
        rows = records(lines, self.dialect, n_fields=len(self.names))
        special = [row for row in rows if row.problem or row.n_lines > 1]
        return _behind(block, without_broken(lines, special, 0))

    def _padded(self, block: Block, ragged: Sequence[tuple[int, Any]]) -> Block:
        """The block with empty cells at the end of rows that lack nothing else."""
        short = {
            place: row.actual_columns
            for place, row in ragged
            if self.short_from <= row.actual_columns < len(self.names)
        }
        if not short:
            return block
        import numpy as np

        lines = block.data.split(b"\n")[:-1]
        gone = {line.line for line in block.ragged}
        kept = [i for i in range(block.n_lines) if block.line + i not in gone]
        starts = np.delete(np.arange(block.n_lines), block.inner)
        place_of = {line: place for place, line in enumerate(kept)}
        ends = [*starts[1:].tolist(), block.n_lines]
        for place, n_fields in short.items():
            last = place_of[max(i for i in range(int(starts[place]), ends[place]) if i in place_of)]
            more = self.dialect.delimiter.encode() * (len(self.names) - n_fields)
            lines[last] = lines[last].removesuffix(b"\r") + more
        data = b"\n".join(lines) + b"\n"
        return Block(
            data=data,
            line=block.line,
            n_lines=block.n_lines,
            inner=block.inner,
            ragged=block.ragged,
        )


def _behind(block: Block, found: Block) -> Block:
    """What was found in the data of a block, in the lines of the block itself."""
    gone = {row.line - block.line for row in block.ragged}
    kept = [i for i in range(block.n_lines) if i not in gone]
    return Block(
        data=found.data,
        line=block.line,
        n_lines=block.n_lines,
        inner=sorted({*gone, *(kept[i] for i in found.inner)}),
        ragged=[
            *block.ragged,
            *(
                Ragged(
                    line=block.line + kept[row.line],
                    text=row.text,
                    n_fields=row.n_fields,
                    reason=row.reason,
                )
                for row in found.ragged
            ),
        ],
    )


def _without_strange_bytes(block: Block) -> Block:
    """The block without lines that hold bytes that are no letters."""
    try:
        block.data.decode()
    except UnicodeDecodeError:
        lines = block.data.split(b"\n")[:-1]
    else:
        return block
    bad: list[Record[bytes]] = []
    for place, line in enumerate(lines):
        try:
            line.decode()
        except UnicodeDecodeError:
            record = Record(line=place + 1, n_lines=1, fields=(), text=line, problem="broken_bytes")
            bad.append(record)
    return _behind(block, without_broken(lines, bad, 0))
