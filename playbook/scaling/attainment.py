"""What stores attained in the last year, and how much of their differences is luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers.gates import Untold
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.payouts import luck_share
from playbook.text import gettext as _
from playbook.text.numbers import number, percent

Floats = NDArray[np.float64]
YEAR_WEEKS = 52
LEAST_STORES = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class StoreAttainment(Result):
    """What the stores attained in the last year against a plan of equal growth for all.

    Attributes:
        attained: What a KPI rewards (``sales``: revenue; ``keeping``: share of customers who
            had bought before) to one attainment per store, 1 is on plan.
        luck: The same keys to the share of the differences that is chance.
    """

    attained: dict[str, Floats]
    luck: dict[str, float]

    @property
    def headline(self) -> str:
        """How far stores spread in sales, and how much of it is luck."""
        words = _(
            "In sales the stores spread by ±{sd} % around the plan; at least {luck} of that is "
            "luck."
        )
        return words.format(
            sd=number(100 * float(self.attained["sales"].std(ddof=1)), 1),
            luck=percent(self.luck["sales"]),
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per measure: stores, mean, spread, luck."""
        names = {"sales": _("sales"), "keeping": _("customers who come back")}
        rows = [
            {
                "name": names[key],
                "n": len(values),
                "mean": values.mean(),
                "sd": values.std(ddof=1),
                "luck": self.luck[key],
            }
            for key, values in self.attained.items()
        ]
        return pd.DataFrame(rows)

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("Measure")),
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
                "The plan of every store is its own year before, times the growth of all stores. "
                "A year is {n} weeks."
            ).format(n=YEAR_WEEKS),
            _(
                "Luck: what the odd weeks of a store do not share with its even weeks. What lasts "
                "all year, such as road works or a new rival, counts as merit here, so the true "
                "share is larger."
            ),
        ]


def of_stores(store_weeks: pd.DataFrame | None) -> StoreAttainment | Untold:
    """Compare each store's latest year with the year before, given the growth of all.

    Args:
        store_weeks: ``store_id``, ``week``, ``revenue``, ``customers``,
            ``repeat_customers``; none where the company has no receipts yet.
    """
    what = _("What the stores would have been paid last year cannot be told.")
    if store_weeks is None:
        return Untold(what, _("It takes two years of receipts; none are imported."))
    weeks = np.sort(store_weeks["week"].unique())
    if len(weeks) < 2 * YEAR_WEEKS:
        reason = _("It takes {wanted} weeks of receipts; there are {n}.")
        return Untold(what, reason.format(wanted=2 * YEAR_WEEKS, n=number(len(weeks))))
    age = store_weeks["week"].map(pd.Series(np.arange(len(weeks)), weeks[::-1]))
    recent = store_weeks.assign(year=age // YEAR_WEEKS, half=age % 2)[age < 2 * YEAR_WEEKS]
    found = {key: _attained(recent, key) for key in ("sales", "keeping")}
    n = min(len(values) for values in found.values())
    if n < LEAST_STORES:
        reason = _("It takes {wanted} stores with two years; there are {n}.")
        return Untold(what, reason.format(wanted=LEAST_STORES, n=number(n)))
    return StoreAttainment(
        attained={key: values.to_numpy(float) for key, values in found.items()},
        luck={key: _luck(recent, key) for key in found},
    )


def _luck(recent: pd.DataFrame, key: str) -> float:
    odd, even = (_attained(recent[recent["half"] == half], key) for half in (0, 1))
    both = odd.index.intersection(even.index)
    return luck_share(odd.loc[both].to_numpy(float), even.loc[both].to_numpy(float))


def _attained(rows: pd.DataFrame, key: str) -> pd.Series:
    """Attainment per store: this year against the year before times everybody's growth."""
    columns = ["revenue", "customers", "repeat_customers"]
    sums = rows.pivot_table(index="store_id", columns="year", values=columns, aggfunc="sum")
    sums = sums.astype(float)
    level = sums["revenue"] if key == "sales" else sums["repeat_customers"] / sums["customers"]
    now, before = level[0], level[1]
    both = (now > 0) & (before > 0)
    growth = now[both].sum() / before[both].sum()
    found: pd.Series = now[both] / (before[both] * growth)
    return found
