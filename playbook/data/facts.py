"""What the receipts of a company hold, in a few numbers, and a table of their days.

All rows are read twice: once by store and day, once by customer and day. Everything else is
asked of the small table of days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data.parquet import quoted

if TYPE_CHECKING:
    import duckdb

MOST_A_DAY = 10  # purchases that one customer can make on one day
MANY = 200  # purchases from which on three a day are too many for one customer,
FAR = 20  # and two a day where they are twenty times what a customer makes


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the receipts of an engagement hold.

    Attributes:
        n_receipts: All receipts.
        n_purchases: With a positive sum.
        n_zero: With a sum of nought; neither purchase nor return.
        n_returns: With a negative sum.
        revenue: Sum of all, returns taken off.
        sold: Sum of the positive ones.
        returned: Money given back, a positive sum.
        n_anonymous: Purchases without a customer.
        n_customers: Different customers who bought.
        n_stores: Different stores.
        n_without_time: Receipts at midnight sharp: a date without a clock.
        first_day: Day of the first receipt.
        last_day: Day of the last one.
        n_shared_cards: Customers with more purchases than one person can make.
    """

    n_receipts: int
    n_purchases: int
    n_zero: int
    n_returns: int
    revenue: float
    sold: float
    returned: float
    n_anonymous: int
    n_customers: int
    n_stores: int
    n_without_time: int
    first_day: dt.date
    last_day: dt.date
    n_shared_cards: int


def of_receipts(connection: duckdb.DuckDBPyConnection, path: Path) -> Facts:
    """Count what a Parquet file of receipts holds; it has one row or more.

    Leaves the temporary table ``store_days`` in the connection: ``store_id``, ``day``, ``n``,
    ``n_purchases``, ``money`` (sold), ``last`` (moment of the last receipt).
    """
    rows = f"read_parquet({quoted(path)})"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE store_days AS
        SELECT store_id, CAST("at" AS DATE) AS day, count(*) AS n,
            count_if(amount > 0) AS n_purchases, count_if(amount = 0) AS n_zero,
            count_if(amount < 0) AS n_returns,
            coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS money,
            coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS returned,
            count_if(amount > 0 AND customer_id IS NULL) AS n_anonymous,
            count_if(CAST("at" AS TIME) = TIME '00:00:00') AS n_without_time, max("at") AS last
        FROM {rows} GROUP BY ALL
        """
    )
    totals = row(
        connection,
        """
        SELECT CAST(sum(n) AS BIGINT) AS n_receipts,
            CAST(sum(n_purchases) AS BIGINT) AS n_purchases, CAST(sum(n_zero) AS BIGINT) AS n_zero,
            CAST(sum(n_returns) AS BIGINT) AS n_returns,
            CAST(sum(money) - sum(returned) AS DOUBLE) AS revenue,
            CAST(sum(money) AS DOUBLE) AS sold, CAST(sum(returned) AS DOUBLE) AS returned,
            CAST(sum(n_anonymous) AS BIGINT) AS n_anonymous,
            count(DISTINCT store_id) AS n_stores,
            CAST(sum(n_without_time) AS BIGINT) AS n_without_time,
            min(day) AS first_day, max(day) AS last_day
        FROM store_days
        """,
    )
    cards = row(
        connection,
        f"""
        SELECT count(*) AS n, list({{'n': n, 'most': most, 'days': days}}) FILTER (WHERE
            most > {MOST_A_DAY} OR (n >= {MANY} AND n > 2 * days)) AS busy
        FROM ({of_cards(rows)})
        """,
    )
    mean = (totals["n_purchases"] - totals["n_anonymous"]) / max(cards["n"], 1)
    shared = sum(_is_too_many(card, mean) for card in cards["busy"] or ())
    return Facts(**totals, n_customers=cards["n"], n_shared_cards=shared)


def _is_too_many(card: Mapping[str, int], mean: float) -> bool:
    """Whether a card has more purchases than one customer, or one household, can make."""
    if card["most"] > MOST_A_DAY:
        return True
    a_day = card["n"] / card["days"]
    return card["n"] >= MANY and (a_day > 3 or (a_day > 2 and card["n"] >= FAR * mean))


def shared_cards(connection: duckdb.DuckDBPyConnection, path: Path, facts: Facts) -> list[Any]:
    """The cards with more purchases than one customer can make, the busiest first.

    Returns:
        ``customer_id``, ``n`` purchases, ``most`` on one day, ``days`` from first to last.
    """
    rows = f"read_parquet({quoted(path)})"
    found = rows_of(
        connection,
        f"SELECT * FROM ({of_cards(rows)}) WHERE most > {MOST_A_DAY} OR n >= {MANY} "
        "ORDER BY n DESC, customer_id",
    )
    mean = (facts.n_purchases - facts.n_anonymous) / max(facts.n_customers, 1)
    return [card for card in found if _is_too_many(card, mean)]


def of_cards(rows: str) -> str:
    """A query: each customer's purchases, the most on one day, the days from first to last."""
    return f"""
        SELECT customer_id, CAST(sum(n) AS BIGINT) AS n, max(n) AS most,
            max(day) - min(day) + 1 AS days
        FROM (
            SELECT customer_id, CAST("at" AS DATE) AS day, count(*) AS n
            FROM {rows} WHERE customer_id IS NOT NULL AND amount > 0 GROUP BY ALL
        )
        GROUP BY customer_id
    """


def row(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """The only row of a query, by names."""
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return dict(zip(names, found.fetchone() or (), strict=True))


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """All rows of a query, by names."""
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]
