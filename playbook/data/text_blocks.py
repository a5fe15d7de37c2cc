"""A text file in blocks of whole rows, as bytes whose ASCII signs are single bytes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playbook.data.encodings import WIDE, TextFile
from playbook.data.records import MOST_TEXT, Dialect, Record, record
from playbook.data.sheets import Ragged

BLOCK = 1 << 23
MOST_CARRIED = 1 << 24
UTF8 = {"utf-8", "utf-8-sig"}


@dataclass(frozen=True, kw_only=True)
class Block:
    """Whole rows of a text file.

    Attributes:
        data: The rows without those that are broken.
        line: Line of the first one in the file.
        n_lines: All lines, the broken ones too.
        inner: Lines that begin no row of ``data``, from 0: the rest of rows of several lines.
        ragged: The broken rows.
    """

    data: bytes
    line: int
    n_lines: int
    inner: list[int] = field(default_factory=list)
    ragged: list[Ragged] = field(default_factory=list)


def blocks(path: Path, text: TextFile) -> Iterator[bytes]:
    """The bytes of a file in blocks that end with a line, which ends with a line feed."""
    rest = b""
    for raw in _plain(path, text.encoding):
        block = _one_line_end(rest + raw)
        end = block.rfind(b"\n") + 1
        held = 1 if block.endswith(b"\r") else 0  # its "\n" may come next
        if not end and len(block) > MOST_CARRIED:
            end = len(block) - held
        rest = block[end:]
        if end:
            yield block[:end]
    rest = rest.replace(b"\r", b"\n").rstrip(b"\x1a")
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"


def _plain(path: Path, encoding: str) -> Iterator[bytes]:
    """Blocks of the file without a mark; UTF-16 and its like as UTF-8."""
    with path.open("rb") as stream:
        if encoding == "utf-8-sig":
            stream.seek(len(codecs.BOM_UTF8))
        if encoding in WIDE or not is_plain(encoding):
            decoder = codecs.getincrementaldecoder(encoding)("strict")
            while raw := stream.read(BLOCK):
                yield decoder.decode(raw).encode()
            return
        while raw := stream.read(BLOCK):
            yield raw


def is_plain(encoding: str) -> bool:
    """Whether the signs of ASCII are the same single bytes in an encoding, and nothing else is.

    Example:
        >>> is_plain("cp1251"), is_plain("utf-16")
        (True, False)
    """
    if encoding in UTF8:
        return True
    try:
        signs = bytes(range(256)).decode(encoding, errors="replace")
    except (UnicodeError, LookupError):
        return False
    return len(signs) == 256 and signs[:128].isascii()


def _one_line_end(block: bytes) -> bytes:
    """The block with line feeds where carriage returns end lines."""
    if b"\r" not in block:
        return block
    if block.count(b"\r") != block.count(b"\r\n"):
        while b"\r\r" in block and b"\r\r\n" in block:
            block = block.replace(b"\r\r\n", b"\n")
        tail = block[-1:] if block.endswith(b"\r") else b""
        block = block[: len(block) - len(tail)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return block + tail
    return block


def whole_rows(
    parts: Iterator[bytes], dialect: Dialect, n_fields: int, *, skip: int
) -> Iterator[Block]:
    """Blocks that no row of several lines crosses, without rows whose quotes are broken.

    Args:
        parts: Blocks that end with a line.
        dialect: How fields are parted.
        n_fields: Fields of the heading.
        skip: Lines at the beginning of the file that are left out.
    """
    line, rest = 1, b""
    for part in parts:
        data = rest + part
        rest = b""
        if line == 1 and skip:
            data, line = _behind(data, skip), 1 + skip
        quote = dialect.quote.encode()
        if not quote or quote not in data:
            n = data.count(b"\n")
            yield Block(data=data, line=line, n_lines=n)
            line += n
            continue
        block, rest = _checked(data, line, dialect, n_fields, is_last=False)
        yield block
        line += block.n_lines
    if rest:
        yield _checked(rest, line, dialect, n_fields, is_last=True)[0]


def _behind(data: bytes, n: int) -> bytes:
    """The data behind so many lines."""
    end = 0
    for _line in range(n):
        end = data.find(b"\n", end) + 1
        if not end:
            return b""
    return data[end:]


def _checked(
    data: bytes, line: int, dialect: Dialect, n_fields: int, *, is_last: bool
) -> tuple[Block, bytes]:
    """A block without its broken rows, and what may go on in the next block."""
    suspects = odd_lines(data, dialect)
    if not len(suspects):
        return Block(data=data, line=line, n_lines=data.count(b"\n")), b""
    lines = data.split(b"\n")[:-1]
    rows = _rows_of(lines, suspects, dialect, n_fields)
    rest = b""
    last = rows[-1] if rows else None
    if last and last.problem and not is_last:
        tail = lines[last.line - 1 :]
        if len(tail) < 200 and sum(map(len, tail)) < MOST_CARRIED:
            rest = b"\n".join(tail) + b"\n"
            lines, rows = lines[: last.line - 1], rows[:-1]
    return without_broken(lines, rows, line), rest


def odd_lines(data: bytes, dialect: Dialect) -> Sequence[int]:
    """Lines, from 0, with an odd number of quotes: something is open or broken there."""
    import numpy as np

    signs = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(signs == 10)
    quotes = (signs == ord(dialect.quote)).view(np.uint8)
    starts = np.concatenate([[0], ends[:-1] + 1])
    odd: list[int] = np.flatnonzero(np.add.reduceat(quotes, starts, dtype=np.uint8) & 1).tolist()
    return odd


def _rows_of(
    lines: list[bytes], suspects: Sequence[int], dialect: Dialect, n_fields: int
) -> list[Record[bytes]]:
    """Rows that begin with a suspect line and are of several lines or broken."""
    found: list[Record[bytes]] = []
    done = 0
    for place in suspects:
        if place >= done:
            row = record(lines, place, dialect, n_fields)
            done = place + row.n_lines
            if row.problem or row.n_lines > 1:
                found.append(row)
    return found


def without_broken(lines: list[bytes], rows: Sequence[Record[bytes]], line: int) -> Block:
    """A block of some lines, its rows of several lines noted, its broken rows taken out."""
    broken = {row.line - 1 for row in rows if row.problem}
    inner = [row.line - 1 + i for row in rows if not row.problem for i in range(1, row.n_lines)]
    kept = [text for place, text in enumerate(lines) if place not in broken]
    return Block(
        data=b"\n".join(kept) + b"\n" if kept else b"",
        line=line,
        n_lines=len(lines),
        inner=sorted([*inner, *broken]),
        ragged=[
            Ragged(
                line=line + row.line - 1,
                text=row.text[:MOST_TEXT].decode(errors="replace"),
                n_fields=len(row.fields),
                reason=row.problem,
            )
            for row in rows
            if row.problem
        ],
    )
