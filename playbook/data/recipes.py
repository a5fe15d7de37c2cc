"""How each reduction is worked out and written, whatever the number of receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data import engine, parquet, reductions, repeat
from playbook.data.customer_months import customer_months
from playbook.data.store_distances import store_distances

if TYPE_CHECKING:
    import ibis.expr.types as ir

WINDOWS = (12, 4)  # weeks: the pilot's measure and the weekly board's
# What DuckDB keeps for every customer must fit: ten million receipts need about a gigabyte.
RECEIPTS_AT_ONCE = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a reduction is worked out.

    Attributes:
        make: From receipts, the last day, a part of the customers and the number of parts to
            the rows.
        order: Columns by which the rows are put in order.
        has_parts: Whether each row belongs to one customer, so that the rows can be worked out
            for some customers at a time; the others are asked for the only part.
        needs: The table that it is worked out from.
    """

    make: Callable[[ir.Table, dt.date, int, int], ir.Table]
    order: tuple[str, ...]
    has_parts: bool = False
    needs: str = "receipts"


RECIPES: dict[str, Recipe] = {
    "customers": Recipe(
        make=lambda rows, day, part, parts: reductions.customers(
            rows, as_of=day, part=part, parts=parts
        ),
        order=("customer_id",),
        has_parts=True,
    ),
    "store_weeks": Recipe(
        make=lambda rows, *_rest: reductions.store_weeks(rows), order=("store_id", "week")
    ),
    "repeat_rates": Recipe(
        make=lambda rows, *_rest: repeat.repeat_rates(rows, window_weeks=WINDOWS),
        order=("window_weeks", "store_id", "week"),
    ),
    "cohorts": Recipe(
        make=lambda rows, *_rest: reductions.cohorts(rows), order=("cohort", "month")
    ),
    "annual_retention": Recipe(
        make=lambda rows, day, *_rest: reductions.annual_retention(rows, as_of=day),
        order=("base_from",),
    ),
    "customer_months": Recipe(
        make=lambda rows, *_rest: customer_months(rows), order=("customer_id", "month")
    ),
    "store_distances": Recipe(
        make=lambda rows, *_rest: store_distances(rows),
        order=("store_id", "km", "other_store"),
        needs="stores",
    ),
}


def write(
    folder: Path, name: str, receipts: Sequence[Path], target: Path, *, as_of: dt.date
) -> None:
    """Work out a reduction and write it to a Parquet file.

    Args:
        folder: Where rows go that do not fit into memory.
        name: A key of ``RECIPES``.
        receipts: Parquet files of the receipts.
        target: The file to write.
        as_of: The last day of the data.
    """
    recipe = RECIPES[name]
    parts = -(-parquet.n_rows(receipts) // RECEIPTS_AT_ONCE) if recipe.has_parts else 1
    with engine.connected(folder) as connection:
        rows = parquet.expression(connection, receipts)
        if parts <= 1:
            found = recipe.make(rows, as_of, 0, 1)
            parquet.write(connection, found.order_by(recipe.order), target)
            return
        with engine.spill_folder(folder) as work:
            files = [work / f"part{part}.parquet" for part in range(parts)]
            for part, file in enumerate(files):
                parquet.write(connection, recipe.make(rows, as_of, part, parts), file)
            found = parquet.expression(connection, files)
            parquet.write(connection, found.order_by(recipe.order), target)
