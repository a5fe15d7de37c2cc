"""What stands out in the days of a company: gaps, days too full, a last day cut off.

Every day is held against the median of its own day of the week, which a few wrong days do
not move.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from playbook.data.facts import rows_of
from playbook.data.parquet import quoted
from playbook.data.remark import Remark

if TYPE_CHECKING:
    import duckdb

TIMES = 10  # a day with so many times the usual amount
ENOUGH_WEEKS = 4  # days of one day of the week that make a median
ENOUGH_RECEIPTS = 5  # usual receipts of a store's day that can be held against
CERTAIN = 15  # receipts that should have come: none of them is no chance
FULL, TWINS = 1.5, 0.8  # a doubled day: fuller than usual, and most of it twice
NAMED = 5
_DAY = 'CAST(r."at" AS DATE)'
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the company.

    Attributes:
        day: The day.
        n: Receipts.
        money: Sold.
        last: Moment of the last receipt.
    """

    day: dt.date
    n: int
    money: float
    last: dt.datetime


def company_days(connection: duckdb.DuckDBPyConnection) -> list[Day]:
    """The days with receipts, in order."""
    query = """
        SELECT day, CAST(sum(n) AS BIGINT) AS n, CAST(sum(money) AS DOUBLE) AS money,
            max(last) AS last
        FROM store_days GROUP BY day ORDER BY day
    """
    return [Day(**found) for found in rows_of(connection, query)]


def of_days(
    connection: duckdb.DuckDBPyConnection, path: Path, days: Sequence[Day]
) -> Iterator[Remark]:
    """Everything that stands out in the days, company and stores."""
    doubled = _doubled(connection, path)
    yield from doubled
    yield from _gaps(days)
    yield from _busy(days)
    yield from _busy_in_stores(connection)
    yield from _last(days)


def usual(days: Sequence[Day], name: str) -> dict[int, float]:
    """Day of the week to the median, for days of the week with enough days."""
    by_weekday: dict[int, list[float]] = {}
    for day in days:
        by_weekday.setdefault(day.day.isoweekday(), []).append(getattr(day, name))
    return {w: median(found) for w, found in by_weekday.items() if len(found) >= ENOUGH_WEEKS}


def _gaps(days: Sequence[Day]) -> Iterator[Remark]:
    """Days without a receipt between the first and the last; days of rest aside."""
    there = {day.day for day in days}
    first, last = days[0].day, days[-1].day
    every = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    rest = {
        w for w in range(1, 8) if _is_day_of_rest([d for d in every if d.isoweekday() == w], there)
    }
    if rest:
        yield Remark(code="closed_weekday", weight="hint", numbers={"weekdays": sorted(rest)})
    open_days = [day for day in every if day.isoweekday() not in rest]
    runs = [list(run) for gone, run in groupby(open_days, lambda day: day not in there) if gone]
    if not runs:
        return
    longest = max(runs, key=len)
    expected = len(longest) * median(day.n for day in days)
    yield Remark(
        code="gap",
        weight="warning" if len(longest) > 1 and expected >= CERTAIN else "hint",
        numbers={
            "n": sum(map(len, runs)),
            "longest": len(longest),
            "first": longest[0].isoformat(),
            "last": longest[-1].isoformat(),
        },
    )


def _is_day_of_rest(days: Sequence[dt.date], there: set[dt.date]) -> bool:
    """Whether a company is closed on a day of the week: hardly any of many has receipts."""
    n_open = sum(day in there for day in days)
    return len(days) >= 2 * ENOUGH_WEEKS and n_open <= 0.1 * len(days)


def _busy(days: Sequence[Day]) -> Iterator[Remark]:
    """Days with ten times the usual amount."""
    money = usual(days, "money")
    times = {
        day.day: day.money / typical
        for day in days
        if (typical := money.get(day.day.isoweekday())) and day.money >= TIMES * typical
    }
    if times:
        worst = max(times, key=lambda day: times[day])
        yield Remark(
            code="busy_days",
            weight="warning",
            numbers={
                "n": len(times),
                "day": worst.isoformat(),
                "times": round(times[worst], 1),
                "days": [day.isoformat() for day in times][:NAMED],
            },
        )


_USUAL = """
    SELECT store_id, isodow(day) AS weekday, median(n) AS usual_n,
        CAST(median(money) AS DOUBLE) AS usual_money, count(*) AS n_days
    FROM store_days GROUP BY ALL
"""


def _busy_in_stores(connection: duckdb.DuckDBPyConnection) -> Iterator[Remark]:
    """Days of a store with ten times its usual amount; the smallest stores aside."""
    found = rows_of(
        connection,
        f"""
        SELECT count(*) OVER () AS n, store_id AS store, day, money / usual_money AS times
        FROM store_days JOIN ({_USUAL}) USING (store_id)
        WHERE isodow(day) = weekday AND n_days >= {ENOUGH_WEEKS}
            AND usual_n >= {ENOUGH_RECEIPTS} AND money >= {TIMES} * usual_money
        ORDER BY times DESC, store, day LIMIT 1
        """,
    )
    for worst in found:
        numbers = {**worst, "day": worst["day"].isoformat(), "times": round(worst["times"], 1)}
        yield Remark(code="busy_store_days", weight="warning", numbers=numbers)


def _doubled(connection: duckdb.DuckDBPyConnection, path: Path) -> list[Remark]:
    """Days of a store that are full and most of whose receipts are there twice.

    The receipts have different numbers, else they would have been recognised as copies. Where
    one store has such a day, all stores are looked at on that day.
    """
    full = f"""
        SELECT store_id, day FROM store_days JOIN ({_USUAL}) USING (store_id)
        WHERE isodow(day) = weekday AND n >= {2 * ENOUGH_RECEIPTS}
            AND (n_days < {ENOUGH_WEEKS} OR n >= {FULL} * usual_n)
    """
    seen = _twins(connection, path, f"r.store_id = f.store_id AND {_DAY} = f.day", full)
    if not seen:
        return []
    days = sorted({each["day"] for each in seen})
    listed = ", ".join(f"(DATE '{day.isoformat()}')" for day in days)
    found = _twins(connection, path, f"{_DAY} = f.day", f"FROM (VALUES {listed}) AS v(day)")
    numbers = {
        "n": len(days),
        "days": [day.isoformat() for day in days[:NAMED]],
        "twins": sum(each["twins"] for each in found),
        "money": round(sum(each["money"] for each in found), 2),
        "n_stores": len({each["store_id"] for each in found}),
        "stores": sorted({each["store_id"] for each in found})[:NAMED],
    }
    return [Remark(code="doubled_days", weight="error", numbers=numbers)]


def _twins(
    connection: duckdb.DuckDBPyConnection, path: Path, joined: str, days: str
) -> list[dict[str, Any]]:
    """Days of a store most of whose receipts have a twin: ``store_id``, ``day``, ``twins``."""
    return rows_of(
        connection,
        f"""
        WITH alike AS (
            SELECT store_id, {_DAY} AS day, amount, count(*) AS k
            FROM read_parquet({quoted(path)}) AS r SEMI JOIN ({days}) AS f ON {joined}
            GROUP BY store_id, "at", customer_id, amount
        )
        SELECT store_id, day, CAST(sum(k - 1) AS BIGINT) AS twins,
            CAST(sum((k - 1) * amount) AS DOUBLE) AS money
        FROM alike GROUP BY store_id, day
        HAVING sum(k) FILTER (WHERE k > 1) >= {TWINS} * sum(k) ORDER BY day, store_id
        """,
    )


def _last(days: Sequence[Day]) -> Iterator[Remark]:
    """A last day that has fewer receipts than half of its kind, or ends long before."""
    *before, last = days
    typical = usual(before, "n").get(last.day.isoweekday(), 0)
    if typical < CERTAIN:
        return
    ends = [day.last.hour + day.last.minute / 60 for day in before]
    ends_early = last.last.hour + last.last.minute / 60 < median(ends) - 3
    if last.n < typical / 2 or (ends_early and last.n < 0.8 * typical):
        numbers: Mapping[str, Any] = {
            "day": last.day.isoformat(),
            "found": last.n,
            "usual": round(typical),
            "until": last.last.isoformat(timespec="minutes"),
        }
        yield Remark(code="last_day", weight="hint", numbers=numbers)
