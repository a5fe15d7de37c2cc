"""Rows of a text file: how a line is cut into fields, and where a row of several lines ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import AnyStr, Generic

MOST_LINES = 200  # of one row; a quote that is not closed by then never is
MOST_TEXT = 300  # of a line that is shown


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text file parts its fields.

    Attributes:
        delimiter: One sign.
        quote: The sign around fields, empty where quotes are letters like others.
        escape: A backslash where it takes the meaning from a quote, else empty.
    """

    delimiter: str
    quote: str = '"'
    escape: str = ""


@dataclass(frozen=True, kw_only=True)
class Record(Generic[AnyStr]):
    """One row of a text file.

    Attributes:
        line: Its first line, counted from 1.
        n_lines: Its lines.
        fields: Its fields, without quotes.
        text: As the file has it.
        problem: A key of ``set_aside.REASONS`` where a quote is broken, else empty.
    """

    line: int
    n_lines: int
    fields: tuple[AnyStr, ...]
    text: AnyStr
    problem: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(field.strip() for field in self.fields)


def cut(text: AnyStr, dialect: Dialect) -> tuple[list[AnyStr], bool]:
    """The fields of a row, and whether a quote is still open at its end.

    A quote opens a field only as its first sign; after the closing one the field goes on to the
    next delimiter.

    Example:
        >>> cut('a;"b;c";d "e"', Dialect(delimiter=";"))
        (['a', 'b;c', 'd "e"'], False)
        >>> cut('a;"b;c', Dialect(delimiter=";"))
        (['a', 'b;c'], True)
    """
    delimiter, quote, escape = _signs(text, dialect)
    if not quote or quote not in text:
        return text.split(delimiter), False
    fields: list[AnyStr] = []
    start = 0
    while True:
        if text[start : start + 1] == quote:
            value, end = _quoted(text, start + 1, quote, escape)
            if end < 0:
                fields.append(value)
                return fields, True
            stop = text.find(delimiter, end)
            value += text[end:] if stop < 0 else text[end:stop]
        else:
            stop = text.find(delimiter, start)
            value = text[start:] if stop < 0 else text[start:stop]
        fields.append(value)
        if stop < 0:
            return fields, False
        start = stop + 1


def _signs(text: AnyStr, dialect: Dialect) -> tuple[AnyStr, AnyStr, AnyStr]:
    """The signs of a dialect as text or as bytes."""
    if isinstance(text, str):
        return dialect.delimiter, dialect.quote, dialect.escape
    return dialect.delimiter.encode(), dialect.quote.encode(), dialect.escape.encode()


def _quoted(text: AnyStr, start: int, quote: AnyStr, escape: AnyStr) -> tuple[AnyStr, int]:
    """A field behind its opening quote, and the place behind the closing one; -1 if open."""
    value, place = text[:0], start
    while True:
        found = text.find(quote, place)
        if found < 0:
            return value + text[place:], -1
        if escape and _is_escaped(text, found, start, escape):
            value += text[place : found - 1] + quote
            place = found + 1
        elif text[found + 1 : found + 2] == quote:
            value += text[place : found + 1]
            place = found + 2
        else:
            return value + text[place:found], found + 1


def _is_escaped(text: AnyStr, found: int, start: int, escape: AnyStr) -> bool:
    """Whether an odd number of backslashes stands before a quote."""
    before = found
    while before > start and text[before - 1 : before] == escape:
        before -= 1
    return (found - before) % 2 == 1


def literal(dialect: Dialect) -> Dialect:
    """The same with quotes that are letters like others."""
    return Dialect(delimiter=dialect.delimiter, quote="")


def record(lines: Sequence[AnyStr], place: int, dialect: Dialect, n_fields: int) -> Record[AnyStr]:
    """The row that begins with a line; of several lines where a quoted field has line breaks.

    Args:
        lines: Lines of the file without their ends.
        place: The line, counted from 0.
        dialect: How fields are parted.
        n_fields: The fields of the heading; 0 while they are not known.

    A row is broken where its quote is never closed, and where the lines behind it would be rows
    of their own.
    """
    text = lines[place]
    fields, is_open = cut(text, dialect)
    n = 1
    newline = "\n" if isinstance(text, str) else b"\n"
    while is_open and n < MOST_LINES and place + n < len(lines):
        text = text + newline + lines[place + n]
        n += 1
        fields, is_open = cut(text, dialect)
    first = lines[place]
    if is_open:
        return _broken(place, first, dialect)
    if n > 1 and n_fields:
        bare = [len(cut(line, literal(dialect))[0]) for line in lines[place : place + n]]
        if n_fields in bare[1:-1] or bare[0] == bare[-1] == n_fields:
            return _broken(place, first, dialect)
        if len(fields) != n_fields and bare[0] == n_fields:
            return _broken(place, first, dialect)
    return Record(line=place + 1, n_lines=n, fields=tuple(fields), text=text)


def _broken(place: int, text: AnyStr, dialect: Dialect) -> Record[AnyStr]:
    fields = tuple(cut(text, literal(dialect))[0])
    return Record(line=place + 1, n_lines=1, fields=fields, text=text, problem="open_quote")


def records(
    lines: Sequence[AnyStr], dialect: Dialect, *, n_fields: int = 0, most: int = 1 << 30
) -> list[Record[AnyStr]]:
    """The rows that lines make up, at most so many."""
    found: list[Record[AnyStr]] = []
    place = 0
    while place < len(lines) and len(found) < most:
        found.append(record(lines, place, dialect, n_fields))
        place += found[-1].n_lines
    return found
