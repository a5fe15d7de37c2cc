"""What a table holds that a reader of it must know, in a few numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data.parquet import quoted

if TYPE_CHECKING:
    import duckdb

FEW_WEEKS = 8
_NAMED = 5  # stores that are named


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the receipts of an engagement hold.

    Attributes:
        n_receipts: All receipts.
        n_purchases: With a positive sum.
        n_zero: With a sum of nought; neither purchase nor return.
        n_returns: With a negative sum.
        revenue: Sum of all, returns taken off.
        returned: Money given back, a positive sum.
        n_anonymous: Purchases without a customer.
        n_customers: Different customers who bought.
        n_stores: Different stores.
        n_without_time: Receipts at midnight sharp: a date without a clock.
        first_day: Day of the first receipt.
        last_day: Day of the last one.
        n_empty_days: Days between without any receipt.
        longest_gap_days: Longest run of such days.
        gap_from: First day of that run.
        n_short_stores: Stores with receipts in fewer than eight weeks.
        short_stores: A few of them.
    """

    n_receipts: int
    n_purchases: int
    n_zero: int
    n_returns: int
    revenue: float
    returned: float
    n_anonymous: int
    n_customers: int
    n_stores: int
    n_without_time: int
    first_day: dt.date
    last_day: dt.date
    n_empty_days: int
    longest_gap_days: int
    gap_from: dt.date | None
    n_short_stores: int
    short_stores: tuple[str, ...]


def of_receipts(connection: duckdb.DuckDBPyConnection, path: Path) -> Facts:
    """Count what a Parquet file of receipts holds; it has one row or more."""
    rows = f"read_parquet({quoted(path)})"
    totals = _row(
        connection,
        f"""
        SELECT count(*) AS n_receipts, count_if(amount > 0) AS n_purchases,
            count_if(amount = 0) AS n_zero, count_if(amount < 0) AS n_returns,
            CAST(sum(amount) AS DOUBLE) AS revenue,
            CAST(coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS DOUBLE) AS returned,
            count_if(amount > 0 AND customer_id IS NULL) AS n_anonymous,
            count_if(CAST("at" AS TIME) = TIME '00:00:00') AS n_without_time,
            CAST(min("at") AS DATE) AS first_day, CAST(max("at") AS DATE) AS last_day
        FROM {rows}
        """,
    )
    people = _row(
        connection,
        "SELECT count(*) AS n_customers FROM (SELECT DISTINCT customer_id FROM "
        f"{rows} WHERE customer_id IS NOT NULL AND amount > 0)",
    )
    return Facts(**totals, **people, **_gaps(connection, rows), **_stores(connection, rows))


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """The only row of a query, by names."""
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return dict(zip(names, found.fetchone() or (), strict=True))


def _gaps(connection: duckdb.DuckDBPyConnection, rows: str) -> dict[str, Any]:
    return _row(
        connection,
        f"""
        SELECT coalesce(CAST(sum(gap) AS BIGINT), 0) AS n_empty_days,
            coalesce(max(gap), 0) AS longest_gap_days,
            CAST(arg_max(day, gap) FILTER (WHERE gap > 0) + INTERVAL 1 DAY AS DATE) AS gap_from
        FROM (
            SELECT day, lead(day) OVER (ORDER BY day) - day - 1 AS gap
            FROM (SELECT DISTINCT CAST("at" AS DATE) AS day FROM {rows})
        )
        """,
    )


def _stores(connection: duckdb.DuckDBPyConnection, rows: str) -> dict[str, Any]:
    weeks = connection.execute(
        f"""
        SELECT store_id, count(*) AS n FROM (
            SELECT DISTINCT store_id, date_trunc('week', "at") AS week FROM {rows}
        ) GROUP BY store_id ORDER BY n, store_id
        """
    ).fetchall()
    short = [store for store, n in weeks if n < FEW_WEEKS]
    return {
        "n_stores": len(weeks),
        "n_short_stores": len(short),
        "short_stores": tuple(short[:_NAMED]),
    }
