"""What stands out in the stores: few weeks, gaps, a start or an end in the middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from playbook.data.checks_days import CERTAIN, NAMED
from playbook.data.facts import Facts, rows_of
from playbook.data.remark import Remark

if TYPE_CHECKING:
    import duckdb

FEW_WEEKS = 8
LATE_DAYS = 14  # after the first day of all, or before the last
LONG_GAP = 7  # days on which the company traded and the store did not
STEADY = 0.5  # of the days of a store that trades steadily have receipts: a gap is no chance
ENOUGH_DAYS = 14  # with receipts, to call a store steady


def of_stores(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Iterator[Remark]:
    """Everything that stands out in the stores."""
    n_weeks = ((facts.last_day - facts.first_day).days + 7) // 7
    if n_weeks < FEW_WEEKS:
        yield Remark(code="short_data", weight="warning", numbers={"n": n_weeks})
    else:
        yield from _few_weeks(connection)
    yield from _stop_and_start(connection)
    yield from _gaps(connection)


def _few_weeks(connection: duckdb.DuckDBPyConnection) -> Iterator[Remark]:
    found = rows_of(
        connection,
        f"""
        SELECT store_id, count(DISTINCT date_trunc('week', day)) AS n_weeks FROM store_days
        GROUP BY store_id HAVING n_weeks < {FEW_WEEKS} ORDER BY n_weeks, store_id
        """,
    )
    if found:
        numbers = {**_named(found), "weeks": FEW_WEEKS}
        yield Remark(code="short_stores", weight="warning", numbers=numbers)


def _named(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How many stores, and the first few by name."""
    return {"n": len(found), "stores": [each["store_id"] for each in found[:NAMED]]}


def _stop_and_start(connection: duckdb.DuckDBPyConnection) -> Iterator[Remark]:
    """Stores whose time begins late or ends early, by more than chance and a fortnight."""
    lives = rows_of(
        connection,
        f"""
        SELECT * FROM (
            SELECT store_id, min(day) AS first, max(day) AS last, sum(n) AS n,
                min(day) - (SELECT min(day) FROM store_days) AS late,
                (SELECT max(day) FROM store_days) - max(day) AS early,
                sum(n) / (max(day) - min(day) + 1) AS a_day,
                count(*) AS n_days, n_days / (max(day) - min(day) + 1) AS steady
            FROM store_days GROUP BY store_id
        
        ) WHERE steady >= {STEADY} AND n_days >= {ENOUGH_DAYS}
            AND greatest(late, early) > {LATE_DAYS} AND greatest(late, early) * a_day >= {CERTAIN}
        """,
    )
    certain = {
        name: [
            each
            for each in lives
            if each[name] > LATE_DAYS and each[name] * each["a_day"] >= CERTAIN
        ]
        for name in ("early", "late")
    }
    if stopped := sorted(certain["early"], key=lambda each: (each["last"], each["store_id"])):
        numbers = {**_named(stopped), "first": stopped[0]["last"].isoformat()}
        yield Remark(code="stores_stop", weight="warning", numbers=numbers)
    if started := sorted(certain["late"], key=lambda each: each["store_id"]):
        last = max(each["first"] for each in started)
        numbers = {**_named(started), "last": last.isoformat()}
        yield Remark(code="stores_start", weight="hint", numbers=numbers)


def _gaps(connection: duckdb.DuckDBPyConnection) -> Iterator[Remark]:
    """Stores without a receipt for a week of the company's days, too long for chance."""
    found = rows_of(
        connection,
        f"""
        WITH places AS (
            SELECT day, row_number() OVER (ORDER BY day) AS place
            FROM (SELECT DISTINCT day FROM store_days)
        ), steps AS (
            SELECT store_id, day, n, place,
                lead(place) OVER (PARTITION BY store_id ORDER BY day) - place - 1 AS gap,
                lead(day) OVER (PARTITION BY store_id ORDER BY day) - day - 1 AS n_days
            FROM store_days JOIN places USING (day)
        ), lives AS (
            SELECT store_id, sum(n) / (max(place) - min(place) + 1 - max(gap)) AS a_day,
                count(*) AS n_open,
                n_open / (max(place) - min(place) + 1 - max(gap)) AS steady
            FROM steps GROUP BY store_id
        )
        SELECT store_id, max(n_days) AS longest, arg_max(day, n_days) + 1 AS first
        FROM steps JOIN lives USING (store_id)
        WHERE gap >= {LONG_GAP} AND gap * a_day >= {CERTAIN} AND steady >= {STEADY}
            AND n_open >= {ENOUGH_DAYS}
        GROUP BY store_id ORDER BY longest DESC, store_id
        """,
    )
    if found:
        worst = found[0]
        numbers = {
            **_named(found),
            "store": worst["store_id"],
            "longest": worst["longest"],
            "first": worst["first"].isoformat(),
        }
        yield Remark(code="store_gaps", weight="warning", numbers=numbers)
