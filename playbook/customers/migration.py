"""How customers move between segments from one date to another, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.customers.equity import SegmentEquity
from playbook.customers.gates import Untold
from playbook.customers.purchases import Window, day_of
from playbook.customers.segments import SortedCustomers
from playbook.display.chart import Chart
from playbook.display.charts.segments import matrix
from playbook.display.disclosure import LEAST_CELL, hidden
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.movement import value_of_moving
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import date, money_short, percent

GONE = "gone"


@dataclass(frozen=True, kw_only=True, eq=False)
class Migration(Result):
    """Where the customers of each segment are one window later.

    Attributes:
        shares: Rows: segments at the first date, and ``gone`` (bought before, not in the
            window); columns: the same at the second date. Shares of the row; cells of
            fewer than ten customers are missing.
        n_customers: Customers of each row.
        before: The window at whose end customers were sorted first.
        after: The window at whose end they were sorted again.
        worth: Value of one customer of each row when customers move like this every
            year and the gone stay gone, money; empty where it was not computed.
    """

    shares: pd.DataFrame
    n_customers: pd.Series
    before: Window
    after: Window
    worth: pd.Series

    @property
    def headline(self) -> str:
        """Who stays put, and who falls asleep or goes."""
        own = self.shares.loc[self.shares.index != GONE]
        stay = pd.Series(np.diag(own), own.index)[own[GONE].notna()].dropna()
        if stay.empty:
            return _("Too few customers moved to show where they went.")
        words = _("Of “{segment}” {stay} are still in it {weeks} weeks later; {gone} are gone.")
        best = str(stay.idxmax())
        return words.format(
            segment=name(best),
            stay=percent(float(stay.max())),
            weeks=self.after.weeks,
            gone=percent(float(own[GONE].loc[best])),
        )

    def to_frame(self) -> pd.DataFrame:
        """The matrix, one row per segment, with the number of its customers."""
        rows = self.shares.reset_index(names="from")
        return rows.assign(
            name=[_label(key) for key in rows["from"]], n_customers=self.n_customers.to_numpy()
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("From")),
            "n_customers": Column(_("Customers"), "count"),
            **{str(key): Column(_label(str(key)), "share") for key in self.shares.columns},
        }

    @property
    def assumptions(self) -> list[str]:
        """Both dates and what is hidden."""
        first, second = (date(day_of(w.end - 1)) for w in (self.before, self.after))
        return [
            _("Sorted on {first} and again on {second}, by the same rules.").format(
                first=first, second=second
            ),
            _("Gone means: no purchase in the {weeks} weeks before the date.").format(
                weeks=self.after.weeks
            ),
            _("Moves of fewer than {n} customers are not shown.").format(n=LEAST_CELL),
        ]

    def plot(self) -> Chart:
        """Draw the matrix."""
        frame = self.shares.rename(index=_label, columns=_label)
        return matrix(
            frame,
            title=self._leaving(),
            subtitle=_("Share of the customers of a row, {before} to {after}").format(
                before=date(day_of(self.before.end - 1)), after=date(day_of(self.after.end - 1))
            ),
            x_label=_("where they are later"),
            y_label=_("where they were"),
        )

    def _leaving(self) -> str:
        """The segment that loses most."""
        gone = self.shares[GONE].drop(GONE).dropna()
        if gone.empty:
            return self.headline
        return _("“{segment}” loses most: {gone} are gone").format(
            segment=name(str(gone.idxmax())), gone=percent(float(gone.max()))
        )


def _label(key: str) -> str:
    return _("Gone") if key == GONE else name(key)


def moves(
    earlier: SortedCustomers,
    later: SortedCustomers,
    *,
    equity: SegmentEquity | Untold | None = None,
) -> Migration:
    """Count the moves between two dates.

    Args:
        earlier: Customers at the first date.
        later: The same customers one window later.
        equity: Margins and the discount rate; with it, value under moves is computed.
    """
    then, now = _states(earlier), _states(later)
    known = then.index
    spend = later.behaviour["spend"].groupby(later.segment, observed=False).mean()
    names = [*spend.sort_values(ascending=False).index.astype(str), GONE]
    codes = [
        pd.Categorical(state.reindex(known).fillna(GONE), names).codes.astype(int)
        for state in (then, now)
    ]
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (codes[0], codes[1]), 1)
    totals = counts.sum(axis=1)
    shares = counts / np.maximum(totals, 1)[:, None]
    shown = np.where(hidden(counts), np.nan, shares)
    return Migration(
        shares=pd.DataFrame(shown, index=names, columns=names),
        n_customers=pd.Series(totals, names).mask(hidden(totals)),
        before=earlier.window,
        after=later.window,
        worth=_worth(shares, names, equity if isinstance(equity, SegmentEquity) else None),
    )


def _states(customers: SortedCustomers) -> pd.Series:
    """Segment of every customer known at the date; ``gone`` where the window has no purchase."""
    first = customers.purchases.first_purchase
    known = np.flatnonzero(first < customers.window.end)
    return customers.segment.astype(str).reindex(known).fillna(GONE)


def _worth(
    shares: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    names: list[str],
    equity: SegmentEquity | None,
) -> pd.Series:
    if equity is None:
        return pd.Series(dtype=float)
    margins = equity.segments.set_index("segment")["margin"].reindex(names).fillna(0.0)
    shares = shares * (np.array(names) != GONE)[:, None]
    worth = value_of_moving(shares, yearly=margins.to_numpy(float), discount=equity.discount)
    return pd.Series(worth, names)


@dataclass(frozen=True, kw_only=True, eq=False)
class MovingEquity(Result):
    """Equity three ways: one rate, segments that stay as they are, customers who move.

    Attributes:
        one_rate: By one average retention and margin, money.
        by_segment: By each segment's own retention, customers staying in it.
        moving: By the matrix of moves; who is gone stays gone, as in the other two.
    """

    one_rate: float
    by_segment: float
    moving: float

    @property
    def headline(self) -> str:
        """The range in which the value lies."""
        low, high = sorted((self.by_segment, self.moving))
        return _("The base is worth {low} to {high}; one average rate says {one}.").format(
            low=money_short(low), high=money_short(high), one=money_short(self.one_rate)
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per way: ``way``, ``equity``."""
        return pd.DataFrame(
            {
                "way": [
                    _("one average rate for all"),
                    _("each segment by its own rate, nobody moves"),
                    _("customers move between segments as last year"),
                ],
                "equity": [self.one_rate, self.by_segment, self.moving],
            }
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "way": Column(_("Counted by")),
            "equity": Column(_("Value of the base"), "money_short"),
        }

    @property
    def assumptions(self) -> list[str]:
        """Why the three differ."""
        return [
            _(
                "The best of one year cool down and some new ones warm up: a rate that stays "
                "overstates the best. Moves count both, but see one year only and forget what "
                "was before: they understate the best. The truth lies between."
            ),
            _(
                "All three without the first margin and without anybody who is yet to be won, "
                "or won back."
            ),
        ]


def moving_equity(migration: Migration, equity: SegmentEquity | Untold) -> MovingEquity | Untold:
    """Value the base by the matrix of moves, beside the two simpler ways."""
    if isinstance(equity, Untold):
        return equity
    per_segment = equity.segments.set_index("segment")
    worth = migration.worth.reindex(per_segment.index).to_numpy(float)
    return MovingEquity(
        one_rate=equity.one_rate,
        by_segment=equity.total,
        moving=float(np.nansum(worth * per_segment["n_customers"].to_numpy(float))),
    )
