"""How far a table reaches: its stores, its customers, its days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data.columns import COLUMNS
from playbook.data.facts import Facts, row
from playbook.data.parquet import quoted
from playbook.data.schema import Table

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How far a table reaches; ``None`` where it has no such column.

    Attributes:
        n_stores: Different stores.
        n_customers: Different customers; of receipts those who bought.
        first_day: Its first day.
        last_day: Its last one.
    """

    n_stores: int | None = None
    n_customers: int | None = None
    first_day: dt.date | None = None
    last_day: dt.date | None = None


def time_column(table: Table) -> str:
    """The column that says when, empty where a row of the table is no event in time."""
    times = [name for name in table.columns if COLUMNS[name].kind in {"moment", "date"}]
    if table.name == "receipts":
        return "at"
    return next((name for name in times if name in table.key or "store_id" not in table.key), "")


def of_table(
    connection: duckdb.DuckDBPyConnection, path: Path, table: Table, facts: Facts | None
) -> Extent:
    """Ask a finished table how far it reaches; of receipts it is known already."""
    if facts is not None:
        return Extent(
            n_stores=facts.n_stores,
            n_customers=facts.n_customers,
            first_day=facts.first_day,
            last_day=facts.last_day,
        )
    asked = {
        f"n_{name}s": f"count(DISTINCT {name}_id)"
        for name in ("store", "customer")
        if f"{name}_id" in table.columns
    }
    if when := time_column(table):
        asked["first_day"] = f'CAST(min("{when}") AS DATE)'
        asked["last_day"] = f'CAST(max("{when}") AS DATE)'
    if not asked:
        return Extent()
    columns = ", ".join(f"{what} AS {name}" for name, what in asked.items())
    found: dict[str, Any] = row(connection, f"SELECT {columns} FROM read_parquet({quoted(path)})")
    return Extent(**found)
