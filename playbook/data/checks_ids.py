"""What stands out in ids: rounded by a spreadsheet, or two that only look like one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data.facts import row, rows_of
from playbook.data.parquet import quoted
from playbook.data.remark import Remark

if TYPE_CHECKING:
    import duckdb

ENOUGH_IDS = 5
ALMOST_ALL = 0.9
KEPT_DIGITS = 15  # what a spreadsheet keeps of a number
NAMED = 3
# Letters of two alphabets that look alike, small ones too where they do.
CYRILLIC, LATIN = "АВЕКМНОРСТУХаеорсух", "ABEKMHOPCTYXaeopcyx"


def of_ids(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[Remark]:
    """Everything that stands out in the ids of receipts."""
    for column in ("customer_id", "receipt_id"):
        yield from _rounded(connection, path, column)
    for column in ("store_id", "customer_id"):
        yield from _alike(connection, path, column)


def _rounded(connection: duckdb.DuckDBPyConnection, path: Path, column: str) -> Iterator[Remark]:
    """Ids that were numbers in a spreadsheet once: long, and all with noughts at the end.

    Of sixteen digits the last one is lost, of nineteen the last four. A number that was shown
    as 4.61E+12 and read again has ten noughts. Four noughts happen once in ten thousand ids.
    """
    found = row(
        connection,
        f"""
        SELECT count(*) AS n, CAST(median(length(id)) AS INTEGER) AS digits,
            count_if(ends_with(id, '0000')) AS n_four,
            count_if(ends_with(id, repeat('0', greatest(length(id) - {KEPT_DIGITS}, 1))))
                AS n_lost
        FROM (
            SELECT DISTINCT {column} AS id FROM read_parquet({quoted(path)})
            WHERE regexp_full_match({column}, '[1-9]\\d{{9,}}')
        )
        """,
    )
    n, lost = found["n"], (found["digits"] or 0) - KEPT_DIGITS
    is_four = n >= ENOUGH_IDS and found["n_four"] >= ALMOST_ALL * n
    # one nought happens once in ten ids: one digit lost needs more of them
    enough = 4 * ENOUGH_IDS if lost == 1 else ENOUGH_IDS
    is_lost = lost >= 1 and n >= enough and found["n_lost"] >= ALMOST_ALL * n
    if is_four or is_lost:
        share = (found["n_lost"] if is_lost else found["n_four"]) / n
        numbers = {"column": column, "n": n, "share": share, "zeros": lost if is_lost else 4}
        yield Remark(code="ids_rounded", weight="error", numbers=numbers)


def _alike(connection: duckdb.DuckDBPyConnection, path: Path, column: str) -> Iterator[Remark]:
    """Ids that are one when letters of two alphabets that look alike are taken for one."""
    found = rows_of(
        connection,
        f"""
        SELECT list(id ORDER BY id) AS ids, CAST(sum(n) AS BIGINT) AS n FROM (
            SELECT {column} AS id, count(*) AS n FROM read_parquet({quoted(path)})
            WHERE regexp_matches({column}, '[{CYRILLIC}{LATIN}]') GROUP BY {column}
        )
        GROUP BY translate(id, '{CYRILLIC}', '{LATIN}') HAVING count(*) > 1 ORDER BY n DESC, ids
        """,
    )
    if found:
        told = [] if column == "customer_id" else [each["ids"][0] for each in found[:NAMED]]
        numbers = {
            "column": column,
            "n": len(found),
            "receipts": sum(each["n"] for each in found),
            "ids": told,
        }
        yield Remark(code="look_alike", weight="warning", numbers=numbers)
