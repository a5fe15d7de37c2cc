"""What stands out in rows and files: what was set aside, what is there twice, what is empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data.checks_money import ENOUGH, out_of_unit
from playbook.data.columns import COLUMNS
from playbook.data.facts import row, rows_of
from playbook.data.parquet import quoted
from playbook.data.remark import Remark
from playbook.data.set_aside import SetAside
from playbook.data.stated_total import StatedTotal
from playbook.display.findings import Severity

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

MUCH_SHARE = 0.05  # of the rows set aside: worth a warning
MOST = 0.5  # of them: the table does not stand for the file
NO_DATA = {"total", "heading_again", "note"}  # rows that never were rows of data
MOST_PAIRS = 3


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What is known about the rows of an import.

    Attributes:
        parsed: All rows as ``loading.parse`` wrote them.
        files: Names of the files, in their places.
        aside: What was set aside.
        copies: A query for the rows that are copies, empty if there are none.
        rows_read: Rows of all files.
        today: Day of the import.
    """

    parsed: Path
    files: Sequence[str]
    aside: Sequence[SetAside]
    copies: str
    rows_read: int
    today: dt.date


def of_rows(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Iterator[Remark]:
    """Everything that was set aside and is worth a sentence of its own."""
    n = sum(found.n for found in rows.aside if found.reason not in NO_DATA)
    if rows.rows_read and n >= MUCH_SHARE * rows.rows_read:
        share = n / rows.rows_read
        weight: Severity = "error" if share > MOST else "warning"
        yield Remark(code="set_aside", weight=weight, numbers={"n": n, "share": share})
    yield from _lost(rows.aside)
    yield from _dates(rows)
    yield from _copies(connection, rows)


def _lost(aside: Sequence[SetAside]) -> Iterator[Remark]:
    for found in aside:
        if found.reason == "lost_digits":
            numbers = {"n": found.n, "column": found.column, **_example(found)}
            yield Remark(code="ids_lost", weight="error", numbers=numbers)


def _example(found: SetAside) -> dict[str, str | int]:
    if not found.examples:
        return {}
    first = found.examples[0]
    return {"file": first.file, "line": first.line, "value": first.value[:40]}


def _dates(rows: Rows) -> Iterator[Remark]:
    future = [found for found in rows.aside if found.reason == "future"]
    if future:
        numbers = {"n": sum(found.n for found in future), "day": rows.today.isoformat()}
        yield Remark(
            code="future_dates", weight="warning", numbers={**numbers, **_example(future[0])}
        )
    impossible = [
        found
        for found in rows.aside
        if found.reason == "old" or (found.reason == "unreadable" and _is_date(found.column))
    ]
    if impossible:
        numbers = {"n": sum(found.n for found in impossible)}
        yield Remark(
            code="impossible_dates",
            weight="warning",
            numbers={**numbers, **_example(impossible[0])},
        )


def _is_date(column: str) -> bool:
    return column in COLUMNS and COLUMNS[column].kind in {"moment", "date"}


def _copies(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Iterator[Remark]:
    """Rows that are there twice, and files that hold nothing of their own."""
    n = sum(found.n for found in rows.aside if found.reason == "duplicate")
    if not n:
        return
    by_file: dict[str, int] = {}
    if rows.copies and len(rows.files) > 1:
        query = f"SELECT file, count(*) AS n FROM ({rows.copies}) GROUP BY file ORDER BY file"
        by_file = {rows.files[each["file"]]: each["n"] for each in rows_of(connection, query)}
    yield Remark(code="duplicates", weight="hint", numbers={"n": n, "files": by_file})
    good = _good(connection, rows)
    for file, copies in by_file.items():
        if copies == good.get(file):
            yield Remark(
                code="repeated_file", weight="warning", numbers={"file": file, "n": copies}
            )


def _good(connection: duckdb.DuckDBPyConnection, rows: Rows) -> dict[str, int]:
    """Rows of each file that could be read."""
    query = (
        f"SELECT file, count(*) AS n FROM read_parquet({quoted(rows.parsed)}) "
        "WHERE problem IS NULL GROUP BY file"
    )
    return {rows.files[each["file"]]: each["n"] for each in rows_of(connection, query)}


def of_receipt_files(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Iterator[Remark]:
    """Files of receipts held against one another: their times and their money."""
    if len(rows.files) < 2:
        return
    good = f"read_parquet({quoted(rows.parsed)}) WHERE problem IS NULL"
    lives = f'SELECT file, store_id, min("at") AS a, max("at") AS b FROM {good} GROUP BY ALL'
    pairs = rows_of(
        connection,
        f"""
        SELECT x.file AS one, y.file AS other, CAST(min(greatest(x.a, y.a)) AS DATE) AS first,
            CAST(max(least(x.b, y.b)) AS DATE) AS last
        FROM ({lives}) AS x JOIN ({lives}) AS y ON x.store_id = y.store_id AND x.file < y.file
        WHERE least(x.b, y.b) > greatest(x.a, y.a) GROUP BY ALL ORDER BY one, other
        """,
    )
    for pair in pairs[:MOST_PAIRS]:
        numbers = {
            "one": rows.files[pair["one"]],
            "other": rows.files[pair["other"]],
            "first": pair["first"].isoformat(),
            "last": pair["last"].isoformat(),
        }
        yield Remark(code="files_overlap", weight="hint", numbers=numbers)
    yield from _units(connection, rows, good)


def of_unnumbered(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Iterator[Remark]:
    """Rows without a receipt number that are alike in everything, a time of day included.

    Without a number nobody can tell a copy from a second receipt, so all of them are kept.
    """
    found = row(
        connection,
        f"""
        SELECT coalesce(CAST(sum(k - 1) AS BIGINT), 0) AS n, arg_max(store_id, k) AS store,
            CAST(arg_max("at", k) AS DATE) AS day
        FROM (
            SELECT store_id, "at", count(*) AS k FROM read_parquet({quoted(rows.parsed)})
            WHERE problem IS NULL AND receipt_id IS NULL AND CAST("at" AS TIME) <> TIME '00:00:00'
            GROUP BY file, store_id, "at", customer_id, amount, whole HAVING k > 1
        )
        """,
    )
    if found["n"]:
        numbers = {**found, "day": found["day"].isoformat()}
        yield Remark(code="identical_rows", weight="warning", numbers=numbers)


def _units(connection: duckdb.DuckDBPyConnection, rows: Rows, good: str) -> Iterator[Remark]:
    """Files whose usual receipt is a hundred times that of the others, or a hundredth."""
    found = rows_of(
        connection,
        f"SELECT file, CAST(approx_quantile(amount, 0.5) AS DOUBLE) AS usual, count(*) AS n "
        f"FROM {good} AND amount > 0 GROUP BY file HAVING n >= {ENOUGH} ORDER BY file",
    )
    odd, other = out_of_unit(found)
    for each in odd[:MOST_PAIRS]:
        numbers = {"file": rows.files[each["file"]], "usual": each["usual"], "other": other}
        yield Remark(code="file_unit", weight="error", numbers=numbers)


def of_empty(
    connection: duckdb.DuckDBPyConnection, target: Path, headings: Mapping[str, str], table: str
) -> Iterator[Remark]:
    """Columns that are empty or in part, with the share.

    Args:
        connection: Where the rows are read.
        target: The table as a Parquet file.
        headings: The columns that may be empty, with their headings in the files.
        table: Name of the table.
    """
    query = f"DESCRIBE SELECT * FROM read_parquet({quoted(target)})"
    there = {each["column_name"] for each in rows_of(connection, query)}
    counts = [f'count("{name}") AS "{name}"' for name in headings if name in there]
    columns = ", ".join(["count(*) AS n", *counts])
    found = row(connection, f"SELECT {columns} FROM read_parquet({quoted(target)})")
    n = found.pop("n")
    shares = {name: 1 - found.get(name, 0) / n for name in headings if found.get(name, 0) < n}
    if shares:
        shown = {name: headings[name] for name in shares}
        numbers = {"columns": shares, "headings": shown, "table": table}
        yield Remark(code="empty_columns", weight="hint", numbers=numbers)


def of_totals(stated: Sequence[StatedTotal]) -> Iterator[Remark]:
    """Totals in the files that do not agree with the rows that they close."""
    for total in stated:
        if total.found is not None and not total.agrees:
            numbers = {
                "file": total.file,
                "line": total.line,
                "label": total.label,
                "stated": float(total.stated),
                "found": float(total.found),
            }
            yield Remark(code="stated_total", weight="error", numbers=numbers)
