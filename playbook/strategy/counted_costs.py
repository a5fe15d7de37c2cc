"""What a new customer cost month by month, counted from the books and the receipts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from playbook.display.html import Figure, Html
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.elasticity import Elasticity, elasticity
from playbook.text import gettext as _
from playbook.text.numbers import money, money_short, number

SETTLING_MONTHS = 12  # at the beginning of the receipts everybody looks new
LEAST_MONTHS = 8  # for a slope
LEAST_SPREAD = 0.1  # of spend, standard deviation over mean


@dataclass(frozen=True, kw_only=True, eq=False)
class CountedCosts(Result):
    """Money spent on winning customers, and the customers who came.

    Attributes:
        months: One row per month: ``month``, ``spend`` on winning customers, ``n_new``
            customers with their first purchase, ``cost`` of one of them.
        slope: How new customers moved with the spend of the month; none where the months are
            too few or all alike.
    """

    months: pd.DataFrame
    slope: Elasticity | None

    @property
    def average(self) -> float:
        """Cost of a new customer over all months, money."""
        return float(self.months["spend"].sum() / self.months["n_new"].sum())

    @property
    def headline(self) -> str:
        """What a new customer cost, and the next one."""
        cost = money(self.average)
        if self.slope is None:
            return _("A new customer cost {cost} on average, counted month by month.").format(
                cost=cost
            )
        if self.slope.low <= 0:
            return _(
                "A new customer cost {cost} on average; more money did not visibly bring more "
                "of them."
            ).format(cost=cost)
        words = _("A new customer cost {cost} on average, the next one about {marginal}.")
        return words.format(cost=cost, marginal=money(self.average / self.slope.value))

    @property
    def figures(self) -> list[Figure]:
        """Money, customers, and how they moved together."""
        spend, n_new = self.months["spend"].sum(), self.months["n_new"].sum()
        found = [
            Figure(_("Spent on winning"), money_short(float(spend))),
            Figure(_("New customers"), number(int(n_new))),
        ]
        if self.slope:
            interval = _("{low} to {high}").format(
                low=number(10 * self.slope.low, 1), high=number(10 * self.slope.high, 1)
            )
            label = _("New customers for 10 % more money, %")
            found.append(Figure(label, number(10 * self.slope.value, 1), interval))
        return found

    @property
    def assumptions(self) -> list[str]:
        """What the count takes for granted."""
        return [
            _(
                "New is who had no receipt before; the first {n} months of the receipts are left "
                "out, since everybody looks new in them."
            ).format(n=SETTLING_MONTHS),
            _(
                "Months with more money may differ in other ways too, the season first of all: "
                "the slope is a hint, a test with regions left out would be a proof."
            ),
        ]

    @property
    def formula(self) -> str:
        """How the costs are computed."""
        return _("cost = spend on winning customers ÷ customers with their first purchase")

    def to_frame(self) -> pd.DataFrame:
        """One row per month."""
        return self.months

    def columns(self) -> Mapping[str, Column]:
        """How months are shown."""
        return {
            "month": Column(_("Month from"), "date"),
            "spend": Column(_("Spent on winning"), "money_short"),
            "n_new": Column(_("New customers"), "count"),
            "cost": Column(_("Cost of one"), "money"),
        }


def counted(costs: pd.DataFrame | None, read: Callable[[str], pd.DataFrame]) -> CountedCosts | Html:
    """Join the books with the receipts; nothing where there are no costs.

    Args:
        costs: ``month``, ``cost_kind``, ``cost``; all stores together.
        read: Gives the table ``cohorts``, asked for only where there are costs.
    """
    if costs is None or not (costs["cost_kind"] == "acquisition").any():
        return Html("")
    won = costs.loc[costs["cost_kind"] == "acquisition"]
    spend = won.groupby("month")["cost"].sum().rename("spend")
    cohorts = read("cohorts")
    first = cohorts["cohort"].min() + pd.DateOffset(months=SETTLING_MONTHS)
    # the last month may have ended before its end
    is_new = (cohorts["cohort"] == cohorts["month"]) & (cohorts["cohort"] >= first)
    new = cohorts.loc[is_new & (cohorts["month"] < cohorts["month"].max())]
    months = new.set_index("month")["n_customers"].rename("n_new").to_frame()
    months = months.join(spend, how="inner").sort_index().reset_index()
    months = months.loc[(months["n_new"] > 0) & (months["spend"] > 0)]
    if months.empty:
        return Html("")
    table = months.assign(cost=months["spend"] / months["n_new"])
    return CountedCosts(
        months=table[["month", "spend", "n_new", "cost"]].reset_index(drop=True),
        slope=_slope(table),
    )


def _slope(months: pd.DataFrame) -> Elasticity | None:
    """The slope, where there are enough months with different spend."""
    spend = months["spend"].to_numpy(float)
    if len(spend) < LEAST_MONTHS or spend.std() < LEAST_SPREAD * spend.mean():
        return None
    return elasticity(spend, months["n_new"].to_numpy(float))
