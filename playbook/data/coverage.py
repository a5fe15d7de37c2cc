"""Rows of a table by store and week: where there are none, and where there are too many.

A store's week is held against the median week of the same store, so that a small store is
seen as well as a large one. What is counted are rows of receipts, not customers; weeks with
fewer than ten rows look alike, so that no small number can be read off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.data.extent import time_column
from playbook.data.parquet import quoted
from playbook.data.schema import TABLES
from playbook.display.chart import Chart
from playbook.display.charts.coverage import coverage
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date, number

if TYPE_CHECKING:
    import duckdb

MOST_BANDS = 60
FEW_ROWS = 10  # fewer rows than this look alike
JUMP = 3.0  # times the usual week


@dataclass(frozen=True, kw_only=True, eq=False)
class Coverage:
    """Rows by store and week.

    Attributes:
        cells: ``band``, ``week``, ``n`` (rows), ``ratio`` (to the band's median week),
            ``missing_share`` (of the stores of the band that are open and have no row).
        bands: ``band``, ``label``, ``n_stores``; stores that start first are at the top.
        weeks: ``week``, ``n`` (rows of all stores).
        n_stores: Stores.
        n_with_gaps: Stores that sell steadily and have a week without a row between their
            first and last.
        n_jumps: Weeks of a store or band far above its usual one.
        n_small: Stores with fewer than ten rows in a usual week: their gaps are not marked.
        is_cut_off: Whether the last week ends before its Sunday.
    """

    cells: pd.DataFrame
    bands: pd.DataFrame
    weeks: pd.DataFrame
    n_stores: int
    n_with_gaps: int
    n_jumps: int
    n_small: int = 0
    is_cut_off: bool = False

    @property
    def title(self) -> str:
        """What the picture shows, in one sentence."""
        parts = []
        if self.n_with_gaps:
            words = ngettext(
                "{n} store has weeks without a row",
                "{n} stores have weeks without a row",
                self.n_with_gaps,
            )
            parts.append(words.format(n=number(self.n_with_gaps)))
        if self.n_jumps:
            words = ngettext(
                "{n} week of a store is far above its usual one",
                "{n} weeks of stores are far above their usual ones",
                self.n_jumps,
            )
            parts.append(words.format(n=number(self.n_jumps)))
        if parts:
            return "; ".join(parts)
        n = self.n_stores - self.n_small
        if not n:
            return _("Every store has few rows a week: gaps cannot be told from quiet weeks")
        words = ngettext(
            "{n} store has rows in every week from its first to its last",
            "{n} stores have rows in every week from their first to their last",
            n,
        )
        return words.format(n=number(n))

    @property
    def subtitle(self) -> str:
        """What is drawn, over which weeks, and how stores were put together."""
        first, last = self.weeks["week"].min(), self.weeks["week"].max()
        words = _("Rows per week, all stores above, each against its usual week below; {span}.")
        text = words.format(
            span=_("weeks from {first} to {last}").format(
                first=date(first.date()), last=date(last.date())
            )
        )
        if self.is_cut_off:
            text += " " + _("The last week is not complete.")
        if len(self.bands) < self.n_stores:
            many = _("{stores} stores in {bands} bands, those that start first at the top.")
            text += " " + many.format(stores=number(self.n_stores), bands=number(len(self.bands)))
        if self.n_small:
            few = ngettext(
                "{n} store with fewer than {few} rows in a usual week has no gaps marked.",
                "{n} stores with fewer than {few} rows in a usual week have no gaps marked.",
                self.n_small,
            )
            text += " " + few.format(n=number(self.n_small), few=FEW_ROWS)
        return text

    def plot(self) -> Chart:
        """The map of stores and weeks with the line of all rows above it."""
        return coverage(
            self.cells,
            bands=self.bands,
            weeks=self.weeks,
            title=self.title,
            subtitle=self.subtitle,
            jump=JUMP,
            few=FEW_ROWS,
        )


def of_table(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], table: str
) -> Coverage | None:
    """Count the rows of a table; ``None`` where it has no stores or no time."""
    when = time_column(TABLES[table])
    if not when or "store_id" not in TABLES[table].columns:
        return None
    paths = ", ".join(map(quoted, files))
    rows = connection.execute(
        f"""
        SELECT store_id, CAST(date_trunc('week', "{when}") AS TIMESTAMP) AS week, count(*) AS n
        FROM read_parquet([{paths}]) WHERE store_id IS NOT NULL AND "{when}" IS NOT NULL
        GROUP BY ALL ORDER BY ALL
        """
    ).df()
    if rows.empty:
        return None
    last = connection.execute(f'SELECT max("{when}") FROM read_parquet([{paths}])').fetchone()
    is_weekly = bool((rows["n"] == 1).all())
    is_cut_off = not is_weekly and last is not None and last[0].isoweekday() < 7
    return replace(of_weeks(rows), is_cut_off=is_cut_off)


def of_weeks(rows: pd.DataFrame, *, most_bands: int = MOST_BANDS) -> Coverage:
    """Put stores into bands and compare every week with the usual one.

    Args:
        rows: ``store_id``, ``week`` (Mondays), ``n``; one row for each week with rows.
        most_bands: More stores than this are put together.
    """
    grid = rows.pivot_table(index="store_id", columns="week", values="n", fill_value=0)
    every = pd.date_range(grid.columns.min(), grid.columns.max(), freq="7D")
    grid = grid.reindex(columns=every, fill_value=0)
    is_open = _between_first_and_last(grid)
    # a store that sells now and then has no gaps: nothing was to be expected in that week
    is_steady = grid.where(is_open).median(axis=1) >= FEW_ROWS
    gone = (is_open & (grid == 0)).mul(is_steady, axis=0).astype(bool)
    order = _order(grid)
    band = pd.Series(range(len(order)), index=order) * min(len(order), most_bands) // len(order)
    sums, missing = grid.groupby(band).sum(), gone.groupby(band).sum()
    open_stores = is_open.groupby(band).sum()
    usual = sums.where(sums > 0).median(axis=1)
    share = (missing / open_stores.where(open_stores > 0)).fillna(0)
    cells = _long(sums, "n")
    cells["ratio"] = _long(sums.div(usual, axis=0), "ratio")["ratio"]
    cells["missing_share"] = _long(share, "missing_share")["missing_share"]
    jumps = (cells["ratio"] >= JUMP) & (cells["n"] >= JUMP * FEW_ROWS)
    return Coverage(
        cells=cells,
        bands=_bands(band),
        weeks=pd.DataFrame({"week": every, "n": grid.sum().to_numpy()}),
        n_stores=len(grid),
        n_with_gaps=int(gone.any(axis=1).sum()),
        n_jumps=int(jumps.sum()),
        n_small=int((~is_steady).sum()),
    )


def _long(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table of bands by weeks as rows, week after week."""
    named = table.rename_axis(index="band", columns="week")
    return named.melt(ignore_index=False, value_name=name).reset_index()


def _between_first_and_last(grid: pd.DataFrame) -> pd.DataFrame:
    """Whether a week lies between a store's first and last one."""
    has = grid.to_numpy() > 0
    begun = np.logical_or.accumulate(has, axis=1)
    goes_on = np.logical_or.accumulate(has[:, ::-1], axis=1)[:, ::-1]
    return pd.DataFrame(begun & goes_on, index=grid.index, columns=grid.columns)


def _order(grid: pd.DataFrame) -> list[str]:
    """Stores by their first week, the large ones first."""
    keys = pd.DataFrame({"first": (grid > 0).idxmax(axis=1), "n": -grid.sum(axis=1)})
    return [str(store) for store in keys.sort_values(["first", "n"]).index]


def _bands(band: pd.Series) -> pd.DataFrame:
    """A label for each band: the store, or the first of them and how many more."""
    found = [(int(key), list(group.index)) for key, group in band.groupby(band)]
    return pd.DataFrame(
        {
            "band": [key for key, _stores in found],
            "label": [
                stores[0] if len(stores) == 1 else f"{stores[0]} +{number(len(stores) - 1)}"
                for _key, stores in found
            ],
            "n_stores": [len(stores) for _key, stores in found],
        }
    )
