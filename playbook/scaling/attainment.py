"""What stores attained in the last year, and how much of their differences is luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.stats.payouts import luck_share
from playbook.text import gettext as _
from playbook.text.numbers import number, percent

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class StoreAttainment(Result):
    """What the stores attained in the last year against a plan of equal growth for all.

    Attributes:
        measure: ``sales`` or ``repeat``.
        attained: One attainment per store, 1 is on plan.
        luck: Share of the differences between stores that is chance.
        weeks: Length of the year compared.
    """

    measure: str
    attained: Floats
    luck: float
    weeks: int

    @property
    def headline(self) -> str:
        """How far stores spread, and how much of it is luck."""
        words = _("Stores spread by {sd} around the plan in {what}; {luck} of that is luck.")
        what = _("sales") if self.measure == "sales" else _("customers who come back")
        return words.format(
            sd=_("± {points} %").format(points=number(100 * float(self.attained.std(ddof=1)), 1)),
            what=what,
            luck=percent(self.luck),
        )

    def to_frame(self) -> pd.DataFrame:
        """One row: stores, mean, spread, luck."""
        return pd.DataFrame(
            {
                "n": [len(self.attained)],
                "mean": [self.attained.mean()],
                "sd": [self.attained.std(ddof=1)],
                "luck": [self.luck],
            }
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "n": Column(_("Stores"), "count"),
            "mean": Column(_("Attainment on average"), "share", 1),
            "sd": Column(_("Spread between stores"), "share", 1),
            "luck": Column(_("Luck"), "share"),
        }

    @property
    def assumptions(self) -> list[str]:
        """What the plan of every store is taken to be."""
        return [
            _(
                "The plan of every store is its year before, times the growth of all stores. "
                "Weeks compared: {n} against {n}."
            ).format(n=self.weeks),
            _("Luck: what odd weeks do not share with even weeks (Spearman & Brown)."),
        ]


def store_attainment(store_weeks: pd.DataFrame, *, measure: str = "sales") -> StoreAttainment:
    """Compare each store's latest year with the year before, given the growth of all.

    Args:
        store_weeks: ``store_id``, ``week``, ``revenue``, ``customers``, ``repeat_customers``.
        measure: ``sales`` (revenue) or ``repeat`` (customers who had bought before, as a
            share of customers).

    Raises:
        PlaybookError: There are fewer than two years, or fewer than ten stores in both.
    """
    weeks = np.sort(store_weeks["week"].unique())
    if len(weeks) < 104:
        raise PlaybookError(
            _("Attainment of stores needs two years of weeks; there are {n} weeks.").format(
                n=number(len(weeks))
            )
        )
    place = pd.Series(np.arange(len(weeks)), weeks[::-1])  # 0 is the latest week
    age = store_weeks["week"].map(place)
    recent = store_weeks.assign(year=age // 52, half=age % 2)[age < 104]
    whole = _attained(recent, measure)
    if len(whole) < 10:
        raise PlaybookError(
            _("Attainment needs at least 10 stores with two years; there are {n}.").format(
                n=number(len(whole))
            )
        )
    halves = [_attained(recent[recent["half"] == half], measure) for half in (0, 1)]
    both = halves[0].index.intersection(halves[1].index)
    luck = luck_share(*(half.loc[both].to_numpy(float) for half in halves))
    return StoreAttainment(measure=measure, attained=whole.to_numpy(float), luck=luck, weeks=52)


def _attained(rows: pd.DataFrame, measure: str) -> pd.Series:
    """Attainment per store: this year against the year before times everybody's growth."""
    columns = ["revenue", "customers", "repeat_customers"]
    sums = rows.pivot_table(index="store_id", columns="year", values=columns, aggfunc="sum")
    sums = sums.astype(float)
    level = sums["revenue"] if measure == "sales" else sums["repeat_customers"] / sums["customers"]
    now, before = level[0], level[1]
    both = (now > 0) & (before > 0)
    growth = now[both].sum() / before[both].sum()
    found: pd.Series = now[both] / (before[both] * growth)
    return found
