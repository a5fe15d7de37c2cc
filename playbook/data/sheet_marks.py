"""What the XML of a sheet says beside its values: merged cells, formulas without a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO

PIECE = 1 << 20
OVERLAP = 1 << 12
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')
_FORMULA = re.compile(
    rb'<c\s[^>]*?r="([A-Z]+\d+)"[^>]*>\s*<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What stands beside the values of a sheet.

    Attributes:
        merged: Column from 0, first and last line of ranges that are merged downwards.
        n_uncomputed: Formulas whose value was never computed.
        first_uncomputed: The cell of the first one.
    """

    merged: tuple[tuple[int, int, int], ...]
    n_uncomputed: int
    first_uncomputed: str


def marks(stream: IO[bytes]) -> Marks:
    """Read the XML of a sheet for merged cells and formulas without a value."""
    merged: dict[tuple[int, int, int], None] = {}
    uncomputed: dict[bytes, None] = {}
    rest = b""
    while piece := stream.read(PIECE):
        data = rest + piece
        for match in _MERGED.finditer(data):
            column, first, _last_column, last = match.groups()
            if int(last) > int(first):
                merged[column_of(column.decode()), int(first), int(last)] = None
        if b"<f" in data:
            uncomputed.update(dict.fromkeys(match[1] for match in _FORMULA.finditer(data)))
        rest = data[-OVERLAP:]
    first_one = next(iter(uncomputed), b"").decode()
    return Marks(merged=tuple(merged), n_uncomputed=len(uncomputed), first_uncomputed=first_one)


def column_of(letters: str) -> int:
    """The place of a column, from 0.

    Example:
        >>> column_of("A"), column_of("AB")
        (0, 27)
    """
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
