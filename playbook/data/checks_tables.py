"""Whether a table fits those that are there already: the same ids, periods that overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data import storage
from playbook.data.checks_ids import CYRILLIC, LATIN
from playbook.data.facts import row, rows_of
from playbook.data.parquet import quoted
from playbook.data.remark import Remark
from playbook.data.schema import IMPORTED

if TYPE_CHECKING:
    import duckdb

NAMED = 5
TOGETHER = {"unknown_store_id", "unknown_customer_id", "no_overlap"}
STRAY_SHARE = 0.01  # of customers whom the receipts need not know: new ones, who never bought
LEAST_SHARE = 0.0003  # of revenue: costs below it are written in thousands, or are not all
LEAST_GOODS_SHARE = 0.01
DAYS = ("at", "contacted_at", "month", "day_from", "answered_on", "week")
IDS = {"store_id": "store_id", "home_store": "store_id", "customer_id": "customer_id"}


def of_tables(
    connection: duckdb.DuckDBPyConnection, target: Path, *, table: str, folder: Path
) -> Iterator[Remark]:
    """What does not fit between a new table and the receipts, whichever of them is new.

    Args:
        connection: Where the rows are read.
        target: The new table as a Parquet file.
        table: Its name.
        folder: Data folder of the engagement, with the tables of before.
    """
    if table == "stores":
        yield from _degrees(connection, _read(target))
    if table != "receipts":
        if receipts := storage.find(folder, "receipts"):
            yield from _of_pair(connection, _read(target), _read(*receipts.files), table)
        return
    found: list[Remark] = []
    for other in IMPORTED:
        known = storage.find(folder, other.name) if other.name != "receipts" else None
        if known:
            found += _of_pair(connection, _read(*known.files), _read(target), other.name)
    yield from together(found)


def together(found: Sequence[Remark]) -> Iterator[Remark]:
    """Remarks with one told once where several tables do not fit the receipts in one way."""
    for code in dict.fromkeys(remark.code for remark in found):
        alike = [remark for remark in found if remark.code == code]
        if code not in TOGETHER or len({remark.numbers["table"] for remark in alike}) == 1:
            yield from alike
            continue
        worst = next((one for one in alike if one.weight == "error"), alike[0])
        tables = {
            one.numbers["table"]: [one.numbers.get("n"), one.numbers.get("n_all")] for one in alike
        }
        yield Remark(code=code, weight=worst.weight, numbers={**worst.numbers, "tables": tables})


def _degrees(connection: duckdb.DuckDBPyConnection, rows: str) -> Iterator[Remark]:
    """Places in kilometres that look like degrees: far from any middle, and close together."""
    columns = {
        column["column_name"] for column in rows_of(connection, f"DESCRIBE SELECT * FROM {rows}")
    }
    if not {"x_km", "y_km"} <= columns:
        return
    found = row(
        connection,
        f"""
        SELECT count(*) AS n, min(x_km) AS west, max(x_km) AS east, min(y_km) AS south,
            max(y_km) AS north FROM {rows} WHERE x_km IS NOT NULL AND y_km IS NOT NULL
        """,
    )
    if not found["n"]:
        return
    # the middle of a map in kilometres is among its places; none of these boxes holds a nought
    boxes = ((19.0, 41.0, 180.0, 82.0), (-25.0, 35.0, 45.0, 72.0))
    for one, other in (("x_km", "y_km"), ("y_km", "x_km")):
        ends = (found["west"], found["south"], found["east"], found["north"])
        if one == "y_km":
            ends = (found["south"], found["west"], found["north"], found["east"])
        for west, south, east, north in boxes:
            if west <= ends[0] and south <= ends[1] and ends[2] <= east and ends[3] <= north:
                numbers = {"n": found["n"], "longitude": one, "latitude": other}
                yield Remark(code="degrees", weight="error", numbers=numbers)
                return


def _read(*files: Path) -> str:
    return f"read_parquet([{', '.join(map(quoted, files))}])"


def _of_pair(
    connection: duckdb.DuckDBPyConnection, rows: str, receipts: str, table: str
) -> Iterator[Remark]:
    described = rows_of(connection, f"DESCRIBE SELECT * FROM {rows}")
    columns = {column["column_name"] for column in described}
    for column in (name for name in IDS if name in columns):
        yield from _ids(connection, rows, receipts, table, column)
    for column in (name for name in DAYS if name in columns):
        yield from _period(connection, rows, receipts, table, column)
    for column in (name for name in ("cost", "cost_of_goods") if {name, "month"} <= columns):
        yield from _size(connection, rows, receipts, table, column)


def _ids(
    connection: duckdb.DuckDBPyConnection, rows: str, receipts: str, table: str, column: str
) -> Iterator[Remark]:
    """Ids that no receipt has, those first that look like one that there is."""
    ours = IDS[column]
    query = f"""
        WITH mine AS (
            SELECT DISTINCT {column} AS id FROM {rows} WHERE {column} IS NOT NULL
        ), known AS (SELECT DISTINCT {ours} AS id FROM {receipts} WHERE {ours} IS NOT NULL),
        stray AS (SELECT id FROM mine ANTI JOIN known USING (id)),
        alike AS (
            SELECT stray.id, min(known.id) AS other
            FROM stray JOIN known ON {_bare("stray.id")} = {_bare("known.id")} GROUP BY stray.id
        )
        SELECT (SELECT count(*) FROM mine) AS n_all, (SELECT count(*) FROM stray) AS n,
            (SELECT count(*) FROM alike) AS n_alike,
            (SELECT list(id ORDER BY id)[:{NAMED}] FROM (
                SELECT id FROM stray ANTI JOIN alike USING (id)
            )) AS strays,
            (SELECT list([id, other] ORDER BY id)[:{NAMED}] FROM alike) AS pairs
    """
    found = row(connection, query)
    base = {"table": table, "column": column, "n_all": found["n_all"]}
    if found["n_alike"]:
        numbers = {**base, "n": found["n_alike"]}
        if ours == "store_id":
            numbers["pairs"] = found["pairs"]
        yield Remark(code=f"near_{ours}", weight="error", numbers=numbers)
    n = found["n"] - found["n_alike"]
    if n and (ours == "store_id" or n > STRAY_SHARE * found["n_all"]):
        numbers = {**base, "n": n}
        if ours == "store_id":
            numbers["stores"] = found["strays"] or []
        is_bad = n == found["n_all"]
        yield Remark(
            code=f"unknown_{ours}", weight="error" if is_bad else "warning", numbers=numbers
        )


def _bare(name: str) -> str:
    """An id without what spellings differ in: noughts in front, signs, letters that look alike."""
    latin = f"upper(translate({name}, '{CYRILLIC}', '{LATIN}'))"
    return f"regexp_replace(regexp_replace({latin}, '[\\s./_-]', '', 'g'), '^([^0-9]*)0+', '\\1')"


def _period(
    connection: duckdb.DuckDBPyConnection, rows: str, receipts: str, table: str, column: str
) -> Iterator[Remark]:
    """A table of another time than the receipts."""
    last = f"last_day(max({column}))" if column == "month" else f"max({column})"
    if table == "store_calendar":
        last = "max(coalesce(day_to, day_from))"
    found = row(
        connection,
        f"SELECT CAST(min({column}) AS DATE) AS first, CAST({last} AS DATE) AS last FROM {rows}",
    )
    theirs = row(
        connection,
        f'SELECT CAST(min("at") AS DATE) AS first, CAST(max("at") AS DATE) AS last FROM {receipts}',
    )
    if found["first"] is None or theirs["first"] is None:
        return
    is_planned = table == "store_calendar" and found["first"] > theirs["last"]
    if not is_planned and (found["last"] < theirs["first"] or found["first"] > theirs["last"]):
        days = {"first": found["first"], "last": found["last"]}
        days |= {"receipts_first": theirs["first"], "receipts_last": theirs["last"]}
        numbers: dict[str, Any] = {name: day.isoformat() for name, day in days.items()}
        yield Remark(code="no_overlap", weight="error", numbers={"table": table, **numbers})


def _size(
    connection: duckdb.DuckDBPyConnection, rows: str, receipts: str, table: str, column: str
) -> Iterator[Remark]:
    """Sums that are far too small or too large beside the revenue of the same months."""
    found = row(
        connection,
        f"""
        WITH mine AS (SELECT month, sum({column}) AS money FROM {rows} GROUP BY month),
        theirs AS (
            SELECT CAST(date_trunc('month', "at") AS DATE) AS month, sum(amount) AS revenue
            FROM {receipts} GROUP BY ALL
        )
        SELECT CAST(sum(money) AS DOUBLE) AS money, CAST(sum(revenue) AS DOUBLE) AS revenue
        FROM mine JOIN theirs USING (month)
        """,
    )
    money, revenue = found["money"], found["revenue"]
    if money is None or not revenue or revenue <= 0:
        return
    least = LEAST_SHARE if column == "cost" else LEAST_GOODS_SHARE
    code = ""
    if money < 0:
        code = "costs_negative"
    elif 0 < money / revenue < least:
        code = "costs_small"
    elif money > revenue:
        code = "costs_large"
    if code:
        numbers = {"table": table, "column": column, "money": money, "revenue": revenue}
        yield Remark(code=code, weight="warning", numbers={**numbers, "share": money / revenue})
