"""Rows that have more or fewer fields than the heading: when that is a habit and when a fault."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from playbook.data import no_people
from playbook.data.dialects import Cut
from playbook.data.header_rows import Fits, is_data
from playbook.data.names import names_of, plain
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.numbers import number, percent

MANY = 0.2  # share of the rows of a sample
NEARLY_ALL = 0.9
FEW = 10  # rows of a sample
FULL = 0.1  # share of full rows, from which on the short ones are set aside one by one
WHOLE = re.compile(r"[-−]?\d{1,3}(?:[\s\xa0]?\d{3})*|[-−]?\d+")
KOPECKS = re.compile(r"\d{1,2}")


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """What to do with rows that are not as long as the heading.

    Attributes:
        names: The heading, wider by a column without a name where rows end with a delimiter
            or begin with a number of their own.
        short_from: Rows of this many fields and more are whole: what they lack is empty.
    """

    names: tuple[str, ...]
    short_from: int


def judge(path: Path, cut: Cut, fits: Fits, *, is_stated: bool) -> Lengths:
    """Find out how long the rows of a file are, and why.

    Args:
        path: The file.
        cut: A sample of it.
        fits: Whether a heading has the columns that are wanted.
        is_stated: Whether somebody has stated the delimiter.

    Raises:
        PlaybookError: Most rows cannot be cut into the columns of the heading, or the delimiter
            seems to be the decimal sign too.
    """
    names = cut.header.names if cut.header else ()
    rows = [row.fields for row in cut.rows if len(row.fields) > 1 and not row.problem]
    longer = [row for row in rows if len(row) > len(names)]
    if rows and len(longer) > MANY * len(rows):
        names = _widened(names, rows)
        longer = [row for row in rows if len(row) > len(names)]
    if rows and len(longer) > MANY * len(rows):
        raise _too_long(path, cut, names, longer)
    if cut.dialect.delimiter == "," and not is_stated:
        _refuse_split_money(path, names, cut)
    return Lengths(names=names, short_from=_short_from(path, names, rows, fits))


def _widened(names: tuple[str, ...], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The heading with the column that nearly all rows have and it lacks."""
    n = len(names)
    wider = [row for row in rows if len(row) == n + 1]
    if len(wider) < NEARLY_ALL * len(rows):
        return names
    if not any(row[-1].strip() for row in wider):
        return (*names, "")
    if [row[0].strip() for row in wider[:3]] in (["0", "1", "2"], ["1", "2", "3"]):
        return ("", *names)
    return names


def _too_long(
    path: Path, cut: Cut, names: Sequence[str], longer: Sequence[Sequence[str]]
) -> PlaybookError:
    sign = cut.dialect.delimiter
    example = next(row.text for row in cut.rows if tuple(row.fields) == tuple(longer[0]))
    is_decimal = sign == "," and _has_split_number(longer[0])
    words = (
        _("{file}: the comma parts the columns and is the decimal sign too, without quotes.")
        if is_decimal
        else _("{file}: most rows have more fields than the heading.")
    )
    many = _("the heading has {n} fields, this row {more}: {text}")
    return PlaybookError(
        words.format(file=path.name),
        problems=[
            many.format(
                n=number(len(names)), more=number(len(longer[0])), text=no_people.line(example)
            )
        ],
        advice=_("Export it again with semicolons between the columns or with quotes."),
    )


def _has_split_number(row: Sequence[str]) -> bool:
    return any(
        WHOLE.fullmatch(left.strip()) and KOPECKS.fullmatch(right.strip())
        for left, right in pairwise(row)
    )


def _refuse_split_money(path: Path, names: Sequence[str], cut: Cut) -> None:
    """Stop where kopecks seem to have fallen into the column behind the money."""
    money = names_of("amount")
    for place, name in enumerate(names[:-1]):
        if plain(name) not in money:
            continue
        pairs = [
            (row.fields[place].strip(), row.fields[place + 1].strip())
            for row in cut.rows
            if len(row.fields) == len(names) and '"' not in row.text
        ]
        split = [pair for pair in pairs if pair[1]]
        if split and all(WHOLE.fullmatch(a) and KOPECKS.fullmatch(b) for a, b in split):
            two = sum(len(kopecks) == 2 for _whole, kopecks in split)
            if two > NEARLY_ALL * len(split) and not _is_number_column(names[place + 1]):
                raise _split(path, name, names[place + 1], split[0])


def _is_number_column(name: str) -> bool:
    """Whether a column may well hold small whole numbers of its own."""
    known = ("units", "quantity", "qty", "count", "hour", "age", "кол", "штук", "час", "возраст")
    return any(word in plain(name) for word in known)


def _split(path: Path, name: str, behind: str, pair: tuple[str, str]) -> PlaybookError:
    words = _("{file}: the comma seems to be the decimal sign too, without quotes.")
    found = _("“{money}” has {whole} and “{behind}” has {kopecks}: is it {whole},{kopecks}?")
    return PlaybookError(
        words.format(file=path.name),
        problems=[found.format(money=name, behind=behind, whole=pair[0], kopecks=pair[1])],
        advice=_(
            "Export it again with semicolons between the columns; if the file is right, state "
            "--delimiter ,"
        ),
    )


def _short_from(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]], fits: Fits) -> int:
    """From how many fields on a row is whole though it is short.

    Spreadsheets drop empty cells at the end of a row. A row is taken for one of these where
    full rows of the file are empty in the same columns, and where the columns that nearly all
    rows lack are not wanted.
    """
    n = len(names)
    least = max(2, _last_needed(names))
    full = [row for row in rows if len(row) == n]
    filled = (max((i for i, cell in enumerate(row, 1) if cell.strip()), default=n) for row in full)
    empty_from = max(least, min(filled, default=n))
    counts = Counter(len(row) for row in rows)
    usual = max(counts, key=lambda width: counts[width], default=n)
    if usual >= n or counts[usual] <= len(rows) / 2:
        return empty_from
    if usual > 1 and fits(names[:usual]) and _agree(names, rows, usual):
        return min(max(usual, least), empty_from)
    if len(rows) < FEW or counts[n] > FULL * len(rows):
        return n
    raise PlaybookError(
        _("{file}: most rows have fewer fields than the heading.").format(file=path.name),
        problems=[
            _("the heading has {n} fields, {share} of the rows have {fewer}").format(
                n=number(n), share=percent(counts[usual] / len(rows)), fewer=number(usual)
            )
        ],
        advice=_("Export it again, or state the line of the heading with --header-row."),
    )


def _last_needed(names: Sequence[str]) -> int:
    """Fields up to the last column without which a row cannot be used."""
    needed = frozenset().union(*map(names_of, ("at", "store_id", "amount")))
    return max((place for place, name in enumerate(names, 1) if plain(name) in needed), default=0)


def _agree(names: Sequence[str], rows: Sequence[Sequence[str]], usual: int) -> bool:
    """Whether no row as long as the heading shows that the others lack a column in the middle."""
    full = [row for row in rows if len(row) == len(names)]
    short = [row for row in rows if len(row) == usual]
    if not full:
        return True
    return all(
        sum(is_data(row[i]) for row in full) / len(full) > 0.5
        or sum(is_data(row[i]) for row in short) / len(short) <= 0.5
        for i in range(usual)
    )
