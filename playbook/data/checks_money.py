"""What stands out in sums and cards: returns, nothing paid, cards that are no customers, units."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from playbook.data.facts import Facts, row, rows_of, shared_cards
from playbook.data.masks import mask
from playbook.data.parquet import quoted
from playbook.data.remark import Remark

if TYPE_CHECKING:
    import duckdb

MANY_RETURNS = 0.10  # of the money or the receipts
MOST_ANONYMOUS = 0.5
ABSURD_TIMES = 500  # times the usual receipt
ABSURD_TAIL = 50  # times the receipt that one in a hundred exceeds
UNIT = 50  # usual receipts so far apart differ in their unit, which is a hundred
MOST_ABSURD = 100  # of them are taken out of their days
ENOUGH = 30  # receipts that make a usual one
NAMED = 3


def of_money(connection: duckdb.DuckDBPyConnection, path: Path, facts: Facts) -> Iterator[Remark]:
    """Everything that stands out in the sums."""
    if facts.n_returns:
        share = facts.returned / facts.sold if facts.sold else 1.0
        is_high = max(share, facts.n_returns / facts.n_receipts) > MANY_RETURNS
        numbers = {"n": facts.n_returns, "money": facts.returned, "share": share}
        yield Remark(
            code="returns",
            weight="warning" if is_high else "hint",
            numbers={**numbers, "is_high": is_high},
        )
    if facts.n_zero:
        yield Remark(code="zero_amounts", weight="hint", numbers={"n": facts.n_zero})
    if facts.n_purchases:
        yield from _absurd(connection, path)
        yield from _months(connection, path)


def of_customers(
    connection: duckdb.DuckDBPyConnection, path: Path, facts: Facts
) -> Iterator[Remark]:
    """Everything that stands out in the cards."""
    if facts.n_anonymous:
        share = facts.n_anonymous / facts.n_purchases
        yield Remark(
            code="anonymous",
            weight="warning" if share > MOST_ANONYMOUS else "hint",
            numbers={"n": facts.n_anonymous, "share": share},
        )
    if facts.n_shared_cards:
        yield _shared(connection, path, facts)


def _shared(connection: duckdb.DuckDBPyConnection, path: Path, facts: Facts) -> Remark:
    """Cards with more purchases than one customer can make; no id is told in full."""
    found = shared_cards(connection, path, facts)
    receipts = sum(each["n"] for each in found)
    identified = facts.n_purchases - facts.n_anonymous
    share = receipts / identified
    numbers = {
        "n": len(found),
        "receipts": receipts,
        "share": share,
        "most": max(each["most"] for each in found),
        "cards": [mask(each["customer_id"]) for each in found[:NAMED]],
    }
    return Remark(
        code="shared_cards", weight="warning" if share >= 0.001 else "hint", numbers=numbers
    )


def _absurd(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[Remark]:
    """Single receipts far beyond all others."""
    purchases = f"read_parquet({quoted(path)}) WHERE amount > 0"
    found = row(
        connection,
        "SELECT CAST(approx_quantile(amount, 0.5) AS DOUBLE) AS usual, "
        "CAST(approx_quantile(amount, 0.99) AS DOUBLE) AS tail, "
        f"CAST(max(amount) AS DOUBLE) AS largest, count(*) AS n FROM {purchases}",
    )
    limits = [ABSURD_TIMES * found["usual"]]
    if found["n"] >= 100 * ENOUGH:
        limits.append(ABSURD_TAIL * found["tail"])
    limit = min(limits)
    if found["n"] < ENOUGH or found["largest"] <= limit:
        return
    beyond = rows_of(
        connection,
        f"""
        SELECT store_id, CAST("at" AS DATE) AS day, CAST(amount AS DOUBLE) AS amount,
            count(*) OVER () AS n
        FROM {purchases} AND amount > {limit} ORDER BY amount DESC, store_id, day
        LIMIT {MOST_ABSURD}
        """,
    )
    # such a sum stands for itself: the day is judged without it
    connection.executemany(
        "UPDATE store_days SET money = money - ? WHERE store_id = ? AND day = ?",
        [(each["amount"], each["store_id"], each["day"]) for each in beyond],
    )
    worst = beyond[0]
    numbers = {
        "n": worst["n"],
        "largest": worst["amount"],
        "store": worst["store_id"],
        "day": worst["day"].isoformat(),
        "usual": found["usual"],
    }
    yield Remark(code="absurd_amounts", weight="warning", numbers=numbers)


def _months(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[Remark]:
    """Months whose usual receipt is a hundred times that of the others, or a hundredth."""
    found = rows_of(
        connection,
        f"""
        SELECT CAST(date_trunc('month', "at") AS DATE) AS first, CAST(max("at") AS DATE) AS last,
            CAST(approx_quantile(amount, 0.5) AS DOUBLE) AS usual, count(*) AS n
        FROM read_parquet({quoted(path)}) WHERE amount > 0 GROUP BY 1 HAVING n >= {ENOUGH}
        ORDER BY first
        """,
    )
    odd, other = out_of_unit(found)
    if odd:
        numbers = {
            "first": odd[0]["first"].isoformat(),
            "last": odd[-1]["last"].isoformat(),
            "n": len(odd),
            "usual": median(each["usual"] for each in odd),
            "other": other,
        }
        yield Remark(code="month_unit", weight="error", numbers=numbers)


def out_of_unit(found: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], float]:
    """The fewer of those whose ``usual`` lies fifty times or more apart from the others.

    Returns:
        Those that are odd, and the usual sum of the others.
    """
    if len(found) < 2:
        return [], 0.0
    small = min(each["usual"] for each in found)
    low = [each for each in found if each["usual"] < UNIT / 5 * small]
    high = [each for each in found if each["usual"] >= UNIT / 5 * small]
    if not high or min(e["usual"] for e in high) < UNIT * max(e["usual"] for e in low) * 0.5:
        return [], 0.0
    odd, others = (high, low) if len(high) <= len(low) else (low, high)
    return odd, float(median(each["usual"] for each in others))
