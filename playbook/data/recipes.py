"""How each reduction is worked out and written, whatever the number of receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data import engine, filled, parquet, reductions, repeat
from playbook.data.customer_months import customer_months_of
from playbook.data.shared_visits import Told, counted_from, silent
from playbook.data.store_distances import store_distances
from playbook.data.visits import visits

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

WINDOWS = (12, 4)  # weeks: the pilot's measure and the weekly board's


def _as_found(found: ir.Table, _receipts: ir.Table, _as_of: dt.date) -> ir.Table:
    return found


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a reduction of receipts is worked out.

    Attributes:
        each: From the visits of some customers and the last day to rows: finished ones of these
            customers, or counts that can be added up.
        whole: From the rows of ``each`` of all customers, one after the other, and the receipts
            and the last day to the reduction.
        order: Columns by which the rows are put in order.
        needs: The table that it is worked out from.
    """

    each: Callable[[ir.Table, dt.date], ir.Table]
    whole: Callable[[ir.Table, ir.Table, dt.date], ir.Table] = _as_found
    order: tuple[str, ...]
    needs: str = "receipts"

    def make(self, rows: ir.Table, as_of: dt.date) -> ir.Table:
        """The reduction as one expression, worked out where the rows are."""
        seen = visits(rows) if self.needs == "receipts" else rows
        return self.whole(self.each(seen, as_of), rows, as_of)


RECIPES: dict[str, Recipe] = {
    "customers": Recipe(
        each=lambda seen, day: reductions.customers_of(seen, as_of=day),
        order=("customer_id",),
    ),
    "store_weeks": Recipe(
        each=lambda seen, _day: reductions.buyers_of(seen),
        whole=lambda found, rows, _day: reductions.store_weeks_with(found, rows),
        order=("store_id", "week"),
    ),
    "repeat_rates": Recipe(
        each=lambda seen, _day: repeat.steps_of(seen, window_weeks=WINDOWS),
        whole=lambda found, rows, _day: repeat.repeat_rates_with(found, rows),
        order=("window_weeks", "store_id", "week"),
    ),
    "cohorts": Recipe(
        each=lambda seen, _day: reductions.cohort_months_of(seen),
        whole=lambda found, rows, _day: reductions.cohorts_with(found, rows),
        order=("cohort", "month"),
    ),
    "annual_retention": Recipe(
        each=lambda seen, day: reductions.kept_of(seen, as_of=day),
        whole=lambda found, rows, day: reductions.annual_retention_with(found, rows, as_of=day),
        order=("base_from",),
    ),
    "customer_months": Recipe(
        each=lambda seen, _day: customer_months_of(seen), order=("customer_id", "month")
    ),
    "store_distances": Recipe(
        each=lambda rows, _day: store_distances(rows),
        order=("store_id", "km", "other_store"),
        needs="stores",
    ),
}


def write(
    folder: Path,
    name: str,
    rows: Sequence[Path],
    target: Path,
    *,
    as_of: dt.date,
    told: Told = silent,
) -> None:
    """Work out a reduction and write it to a Parquet file.

    The visits that it is counted from are kept beside the target for the next reductions.

    Args:
        folder: Where rows go that do not fit into memory.
        name: A key of ``RECIPES``.
        rows: Parquet files of the table that it needs.
        target: The file to write.
        as_of: The last day of the data.
        told: Called with the share that is done, 0 to 1.
    """
    recipe = RECIPES[name]
    told(0.0)
    with engine.connected(folder) as connection, engine.spill_folder(folder) as work:
        whole = parquet.expression(connection, rows)
        if recipe.needs != "receipts":
            some = [name for name in whole.columns if name in filled.columns(rows)]
            found = recipe.make(whole.select(some), as_of)
        else:
            each = lambda seen: recipe.each(seen, as_of)  # noqa: E731 - the day goes with it
            counted = counted_from(connection, rows, target.parent, work, each, told=told)
            found = recipe.whole(counted, whole, as_of)
        parquet.write(connection, found.order_by(recipe.order), target)
    told(1.0)


def repeat_rates(
    folder: Path,
    receipts: Sequence[Path],
    kept: Path,
    *,
    window_weeks: int,
    segments: pd.DataFrame | None,
) -> pd.DataFrame:
    """Repeat rates for any window and, by choice, per segment, from the visits that are kept.

    Args:
        folder: Where rows go that do not fit into memory.
        receipts: Parquet files of the receipts.
        kept: Folder of the visits.
        window_weeks: Length of each of the two windows.
        segments: ``customer_id``, ``segment``, one row per customer.
    """
    with engine.connected(folder) as connection, engine.spill_folder(folder) as work:

        def each(seen: ir.Table) -> ir.Table:
            if segments is not None:
                by = parquet.expression(connection, [work / "segments.parquet"])
                seen = repeat.with_segment(seen, by)
            return repeat.steps_of(seen, window_weeks=window_weeks)

        if segments is not None:
            segments[["customer_id", "segment"]].to_parquet(work / "segments.parquet", index=False)
        counted = counted_from(connection, receipts, kept, work, each)
        rows = repeat.repeat_rates_with(counted, parquet.expression(connection, receipts))
        keys = [name for name in ("store_id", "segment", "week") if name in rows.columns]
        return parquet.to_frame(rows.order_by(keys).to_pyarrow())
