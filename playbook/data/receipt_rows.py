"""Rows of a till as receipts: copies taken out, item lines added up, ids made unique.

A file of receipts has a row per receipt; a file of item lines has several, and says nothing
about which it is. A receipt number may belong to one receipt in the company or begin anew in
every store each morning. Both are found out from the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data.parquet import quoted

if TYPE_CHECKING:
    import duckdb

# More ids than this in several stores or on several days: the tills count anew.
MOST_SPREAD = 0.01
_DAY = 'CAST("at" AS DATE)'
_SAME = 'receipt_id, store_id, "at", customer_id, amount'
_COLUMNS = 'receipt_id, "at", store_id, customer_id, amount'


@dataclass(frozen=True, kw_only=True)
class Receipts:
    """How rows became receipts.

    Attributes:
        duplicates: A query for the rows that are copies of others, empty if there are none.
        n_numbered: Rows without a receipt number; each is a receipt with a number of ours.
        n_item_lines: Rows that were added up with others to one receipt.
        n_identical: Of these, rows that are alike in everything.
        n_renamed: Receipts that share their number with others and were given a longer one.
    """

    duplicates: str = ""
    n_numbered: int = 0
    n_item_lines: int = 0
    n_identical: int = 0
    n_renamed: int = 0


def write(connection: duckdb.DuckDBPyConnection, rows: str, work: Path, target: Path) -> Receipts:
    """Write receipts made of rows.

    Args:
        connection: Where the rows are.
        rows: A query that gives the columns of receipts and ``file``, ``row``, ``whole``.
        work: A folder for what lies between.
        target: The Parquet file to write.
    """
    n, n_with_id, n_ids = _one(
        connection, f"SELECT count(*), count(receipt_id), count(DISTINCT receipt_id) FROM ({rows})"
    )
    own = "coalesce(receipt_id, format('row-{}-{}', file + 1, row + 1))"
    if n_with_id == n_ids:
        _copy(connection, f"SELECT * REPLACE ({own} AS receipt_id) FROM ({rows})", target)
        return Receipts(n_numbered=n - n_with_id)
    marked = work / "marked.parquet"
    _mark(connection, f"SELECT * REPLACE ({own} AS receipt_id) FROM ({rows})", marked)
    return _added_up(connection, marked, target, n_numbered=n - n_with_id)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    return tuple(value or 0 for value in connection.execute(query).fetchone() or ())


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    columns = _COLUMNS.replace("amount", "CAST(amount AS DECIMAL(12, 2)) AS amount")
    connection.execute(
        f"COPY (SELECT {columns} FROM ({query})) TO {quoted(target)} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )


def _mark(connection: duckdb.DuckDBPyConnection, rows: str, target: Path) -> None:
    """Say of each row how many like it came before: in an earlier file, and in its own.

    Two exports that overlap have a row twice, once in each; a receipt with two equal items has
    it twice in one file. So the second of one file is a copy only of the second of another.
    """
    query = f"""
        SELECT * EXCLUDE (nth),
            row_number() OVER (PARTITION BY {_SAME}, nth ORDER BY file) AS copy
        FROM (
            SELECT *,
                row_number() OVER (PARTITION BY file, {_SAME} ORDER BY row) AS nth,
                row_number() OVER (PARTITION BY file, {_SAME}, whole ORDER BY row) AS alike
            FROM ({rows})
        )
    """
    connection.execute(f"COPY ({query}) TO {quoted(target)} (FORMAT parquet, COMPRESSION snappy)")


def _added_up(
    connection: duckdb.DuckDBPyConnection, marked: Path, target: Path, *, n_numbered: int
) -> Receipts:
    once = f"SELECT * FROM read_parquet({quoted(marked)}) WHERE copy = 1"
    n, n_alike, n_receipts = _one(
        connection,
        "SELECT count(*), count_if(alike > 1), count(DISTINCT "
        f"(receipt_id, store_id, {_DAY})) FROM ({once})",
    )
    # rows that are alike in everything: copies, if most repeats are such, else equal items
    are_copies = n_alike * 2 >= n - n_receipts
    is_copy = "copy > 1 OR alike > 1" if are_copies else "copy > 1"
    kept = f"SELECT * FROM read_parquet({quoted(marked)}) WHERE NOT ({is_copy})"
    summed = _summed(kept, _spread(connection, kept))
    n_kept, n_written, n_renamed = _one(
        connection,
        f"SELECT sum(n_lines), count(*), count_if(others > 1) FROM ({summed})",
    )
    _copy(connection, _named(summed), target)
    copies = f"SELECT * FROM read_parquet({quoted(marked)}) WHERE {is_copy}"
    return Receipts(
        duplicates=(
            "SELECT file, row, 'receipt_id' AS culprit, 'duplicate' AS problem, "
            f"receipt_id AS shown FROM ({copies})"
        ),
        n_numbered=n_numbered,
        n_item_lines=n_kept - n_written,
        n_identical=0 if are_copies else n_alike,
        n_renamed=n_renamed,
    )


def _spread(connection: duckdb.DuckDBPyConnection, rows: str) -> str:
    """What of the time tells receipts of one number apart: the day, or all of it."""
    n_ids, n_spread = _one(
        connection,
        f"""
        SELECT count(*), count_if(n > 1) FROM (
            SELECT count(DISTINCT (store_id, {_DAY})) AS n
            FROM ({rows}) GROUP BY receipt_id
        )
        """,
    )
    return '"at"' if n_spread > MOST_SPREAD * n_ids else _DAY


def _summed(rows: str, moment: str) -> str:
    """Item lines added up; a card that was read for some of the lines counts for all."""
    return f"""
        SELECT *, count(*) OVER (PARTITION BY receipt_id) AS others
        FROM (
            SELECT receipt_id, store_id, min("at") AS "at", max(customer_id) AS customer_id,
                sum(amount) AS amount, sum(n_lines) AS n_lines, max(n_cards) AS n_cards
            FROM (
                SELECT *, count(customer_id) OVER (PARTITION BY receipt_id, store_id, moment)
                    AS n_cards
                FROM (
                    SELECT receipt_id, store_id, {moment} AS moment, customer_id, min("at") AS "at",
                        sum(amount) AS amount, count(*) AS n_lines
                    FROM ({rows}) GROUP BY ALL
                )
            )
            GROUP BY receipt_id, store_id, moment,
                CASE WHEN n_cards > 1 THEN coalesce(customer_id, '') END
        )
    """


def _named(summed: str) -> str:
    """Receipts whose numbers are unique."""
    when = "strftime(\"at\", '%Y%m%d%H%M%S')"
    long = f"concat_ws('/', receipt_id, store_id, {when}, customer_id)"
    name = f"CASE WHEN others > 1 THEN {long} ELSE receipt_id END"
    return f"SELECT * REPLACE ({name} AS receipt_id) FROM ({summed})"
