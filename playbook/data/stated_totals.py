"""Totals that a file states itself, each beside the sum of the rows that it covers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data.loading import Part
from playbook.data.parquet import quoted
from playbook.data.stated_total import HALF_A_KOPECK, StatedTotal

if TYPE_CHECKING:
    import duckdb

_GRAND = re.compile(
    r"(?i)[^a-zа-яё]*(?:grand totals?|общий итог|всего(?: по (?:отч[её]ту|сети|компании|фирме))?"
    r"|итого(?: (?:по (?:отч[её]ту|сети|компании|фирме)|за период))?|totals?|итог)[^a-zа-яё]*"
)
MOST = 10_000  # totals of one import that are compared


@dataclass(frozen=True)
class _Total:
    row: int
    label: str
    stated: Decimal
    before: Decimal  # loaded rows since the total before it

    @property
    def is_grand(self) -> bool:
        """Whether its label names nothing that it is the total of."""
        return bool(_GRAND.fullmatch(self.label))


def compared(
    connection: duckdb.DuckDBPyConnection, parsed: Path, parts: Sequence[Part], *, copies: str
) -> tuple[StatedTotal, ...]:
    """Every total that can be read, with what was found for it.

    Args:
        connection: Where the rows are.
        parsed: All rows as ``loading.parse`` wrote them.
        parts: The files.
        copies: A query for rows that were left out as copies, empty if there are none.
    """
    found: list[StatedTotal] = []
    for place, part in enumerate(parts):
        if part.labels.rows and "amount" in part.columns:
            totals, rest = _totals(connection, parsed, place, part, copies)
            found += _of_file(part, totals, rest)
    return tuple(found)


def _totals(
    connection: duckdb.DuckDBPyConnection, parsed: Path, place: int, part: Part, copies: str
) -> tuple[list[_Total], Decimal]:
    """The totals of one file in their order, and the sum of the rows after the last one."""
    rows = f"read_parquet({quoted(parsed)})"
    stated = connection.execute(
        f"SELECT row, amount FROM {rows} WHERE file = {place} AND problem = 'total' "
        f"AND amount IS NOT NULL ORDER BY row LIMIT {MOST}"
    ).fetchall()
    if not stated:
        return [], Decimal(0)
    loaded = f"SELECT file, row, amount FROM {rows} WHERE file = {place} AND problem IS NULL"
    if copies:
        loaded += f" AND row NOT IN (SELECT row FROM ({copies}) WHERE file = {place})"
    ends = ", ".join(f"({row})" for row, _amount in stated)
    sums = dict(
        connection.execute(
            f"""
            SELECT e.row, sum(l.amount) FROM ({loaded}) AS l
            ASOF LEFT JOIN (SELECT * FROM (VALUES {ends}) AS t(row)) AS e ON l.row <= e.row
            GROUP BY e.row
            """
        ).fetchall()
    )
    totals = [
        _Total(row, part.labels.rows.get(row, ""), amount, sums.get(row) or Decimal(0))
        for row, amount in stated
    ]
    return totals, sums.get(None) or Decimal(0)


def _of_file(part: Part, totals: Sequence[_Total], rest: Decimal) -> Iterator[StatedTotal]:
    whole = sum((total.before for total in totals), rest)
    for place, total in enumerate(totals):
        yield StatedTotal(
            file=part.file,
            line=part.sheet.line(total.row),
            label=total.label,
            stated=total.stated.quantize(Decimal("0.01")),
            found=_rounded(_found(totals, place, whole)),
        )


def _rounded(found: Decimal | None) -> Decimal | None:
    return None if found is None else found.quantize(Decimal("0.01"))


def _found(totals: Sequence[_Total], place: int, whole: Decimal) -> Decimal | None:
    """The sum of the rows that a total covers; nothing where it cannot be told which they are."""
    total = totals[place]
    if len(totals) == 1:
        return whole
    up_to_here = sum((other.before for other in totals[: place + 1]), Decimal(0))
    for reading in (total.before, whole, up_to_here):
        if abs(reading - total.stated) <= HALF_A_KOPECK:
            return reading
    if total.is_grand:
        is_only = sum(other.is_grand for other in totals) == 1
        return whole if is_only and place in {0, len(totals) - 1} else None
    return total.before if _is_one_level(totals) else None


def _is_one_level(totals: Sequence[_Total]) -> bool:
    """Whether all totals of a part are of one kind: ``Итого М1``, ``Итого М2``."""
    words = [total.label.casefold().split() for total in totals if not total.is_grand]
    return len({each[0] for each in words}) == 1 or len({each[-1] for each in words}) == 1
