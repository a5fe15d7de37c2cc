"""Rows of a till as receipts: copies taken out, item lines added up, ids made unique.

A file of receipts has a row per receipt; a file of item lines has several, and says nothing
about which it is. A receipt number may belong to one receipt in the company or begin anew in
every store each morning. Both are found out from the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data.parquet import quoted
from playbook.data.receipt_lines import Lines, add_up

if TYPE_CHECKING:
    import duckdb

_DAY = 'CAST("at" AS DATE)'
_SAME = 'receipt_id, store_id, "at", customer_id, amount'
_OWN = "coalesce(receipt_id, format('row-{}-{}', file + 1, row + 1))"


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


def write(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    work: Path,
    target: Path,
    *,
    more: Sequence[str] = (),
    n_files: int = 1,
) -> Receipts:
    """Write receipts made of rows.

    Args:
        connection: Where the rows are.
        rows: A query that gives the columns of receipts and ``file``, ``row``, ``whole``.
        work: A folder for what lies between.
        target: The Parquet file to write.
        more: Columns beside the five of every receipt; they are added up over its lines.
        n_files: Files that the rows come from.

    Raises:
        PlaybookError: The amount seems to be the receipt's, on each of its lines.
    """
    n, n_with_id, n_ids = one(
        connection,
        "SELECT count(*), count(receipt_id), count(DISTINCT CASE WHEN receipt_id IS NOT NULL "
        f"THEN hash(receipt_id) END) FROM ({rows})",
    )
    n_numbered = n - n_with_id
    if n_with_id == n_ids and (not n_numbered or n_files == 1):
        copy(connection, f"SELECT * REPLACE ({_OWN} AS receipt_id) FROM ({rows})", target, more)
        return Receipts(n_numbered=n_numbered)
    marked = work / "marked.parquet"
    _mark(connection, rows, marked, work)
    return _added_up(connection, marked, work, target, more)


def one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    """The whole numbers of the only row of a query."""
    return tuple(value or 0 for value in connection.execute(query).fetchone() or ())


def copy(
    connection: duckdb.DuckDBPyConnection, query: str, target: Path, more: Sequence[str]
) -> None:
    """Write rows of receipts with the types of the table."""
    others = "".join(f", CAST({name} AS {_TYPES[name]}) AS {name}" for name in more)
    connection.execute(
        'COPY (SELECT receipt_id, "at", store_id, customer_id, '
        f"CAST(amount AS DECIMAL(12, 2)) AS amount{others} FROM ({query})) "
        f"TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)"
    )


_TYPES = {"units": "DOUBLE", "margin": "DECIMAL(12, 2)"}


def _mark(connection: duckdb.DuckDBPyConnection, rows: str, target: Path, work: Path) -> None:
    """Say of each row how many like it came before: in an earlier file, and in its own.

    Two exports that overlap have a row twice, once in each; a receipt with two equal items has
    it twice in one file. So the second of one file is a copy only of the second of another.
    Only rows that are there more than once are looked at so closely.
    """
    same = f"hash({_SAME})"
    repeated = work / "repeated.parquet"
    connection.execute(
        f"COPY (SELECT same FROM (SELECT {same} AS same FROM ({rows})) GROUP BY same "
        f"HAVING count(*) > 1) TO {quoted(repeated)} (FORMAT parquet)"
    )
    often = f"(SELECT same FROM read_parquet({quoted(repeated)}))"
    closely = f"""
        SELECT * EXCLUDE (nth), row_number() OVER (PARTITION BY {_SAME}, nth ORDER BY file) AS copy
        FROM (
            SELECT *,
                row_number() OVER (PARTITION BY file, {_SAME} ORDER BY row) AS nth,
                row_number() OVER (PARTITION BY file, {_SAME}, whole ORDER BY row) AS alike
            FROM ({rows}) WHERE {same} IN {often}
        )
    """
    query = f"""
        SELECT *, 1 AS alike, 1 AS copy FROM ({rows}) WHERE {same} NOT IN {often}
        UNION ALL BY NAME {closely}
    """
    named = f"SELECT * REPLACE ({_OWN} AS receipt_id), receipt_id IS NOT NULL AS has_id"
    connection.execute(
        f"COPY ({named} FROM ({query})) TO {quoted(target)} (FORMAT parquet, COMPRESSION snappy)"
    )


def _added_up(
    connection: duckdb.DuckDBPyConnection,
    marked: Path,
    work: Path,
    target: Path,
    more: Sequence[str],
) -> Receipts:
    rows = f"read_parquet({quoted(marked)})"
    n, n_alike, n_receipts, n_numbered = one(
        connection,
        "SELECT count_if(has_id), count_if(alike > 1 AND has_id), count(DISTINCT CASE WHEN has_id "
        f"THEN hash(receipt_id, store_id, {_DAY}) END), count_if(NOT has_id) "
        f"FROM {rows} WHERE copy = 1",
    )
    # rows that are alike in everything: copies, if most repeats are such, else equal items
    are_copies = n_alike * 2 >= n - n_receipts and n_alike > 0
    is_copy = "(copy > 1 OR (alike > 1 AND has_id))" if are_copies else "copy > 1"
    kept = f"SELECT * FROM {rows} WHERE NOT {is_copy}"
    lines: Lines = add_up(connection, kept, work, more)
    copy(connection, lines.named, target, more)
    copies = f"SELECT * FROM {rows} WHERE {is_copy}"
    return Receipts(
        duplicates=(
            "SELECT file, row, 'receipt_id' AS culprit, 'duplicate' AS problem, "
            f"receipt_id AS shown FROM ({copies})"
        ),
        n_numbered=n_numbered,
        n_item_lines=lines.n_lines - lines.n_receipts,
        n_identical=0 if are_copies else n_alike,
        n_renamed=lines.n_renamed,
    )
