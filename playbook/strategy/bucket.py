"""The leaky bucket: customers lost against customers gained in a year."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Literal

import pandas as pd

from playbook.display.chart import Chart
from playbook.display.charts.money import waterfall
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.strategy.economics import Economics
from playbook.strategy.retention import Measured
from playbook.text import gettext as _
from playbook.text.numbers import money_short, number, percent


@dataclass(frozen=True, kw_only=True, eq=False)
class Bucket(Result):
    """One year of gains and losses.

    Attributes:
        active: Active customers at the start of the year.
        lost: Of these, those who do not come back within the year.
        gained: Customers gained in the year.
        won_back: Of the gained, those who had lapsed before.
        spend: Money spent on gaining them; NaN where it is not known.
        retention: Annual retention.
        window: How it is counted.
        source: ``stated`` by the company, or counted from ``receipts``.
    """

    active: float
    lost: float
    gained: float
    won_back: float
    spend: float
    retention: float
    window: str
    source: Literal["stated", "receipts"]

    @property
    def change(self) -> float:
        """Customers more at the end of the year than at its start."""
        return self.gained - self.lost

    @property
    def holding_retention(self) -> float:
        """Retention at which the base would stay as large as it is, 0-1."""
        return max(0.0, 1 - self.gained / self.active)

    @property
    def headline(self) -> str:
        """What the money buys."""
        if isnan(self.spend):
            words = _("{lost} customers are lost in a year and {gained} gained.")
            return words.format(lost=number(self.lost), gained=number(self.gained))
        shrinks = _("{lost} customers are lost in a year; {spend} buys a base smaller by {change}.")
        grows = _("{lost} customers are lost in a year; {spend} buys a base larger by {change}.")
        return (shrinks if self.change < 0 else grows).format(
            lost=number(self.lost),
            spend=money_short(self.spend),
            change=number(abs(self.change)),
        )

    @property
    def figures(self) -> list[Figure]:
        """Lost, gained, won back, holding retention."""
        share = self.won_back / self.gained if self.gained else float("nan")
        return [
            Figure(
                _("Lost in a year"),
                number(self.lost),
                _("retention {r}").format(r=percent(self.retention)),
            ),
            Figure(_("Gained in a year"), number(self.gained), self._paid()),
            Figure(_("Of these, came back"), percent(share), self._reach()),
            Figure(
                _("Retention that holds the base"),
                percent(self.holding_retention, 1),
                _("at today's gains"),
            ),
        ]

    def _reach(self) -> str:
        """How far the count of those who came back can be trusted."""
        in_data = _("as far as the data reach back")
        return in_data if self.source == "receipts" else _("they are not new")

    def _paid(self) -> str:
        return _("for an unknown sum") if isnan(self.spend) else money_short(self.spend)

    @property
    def assumptions(self) -> list[str]:
        """The window of the retention, and who counts as new."""
        window = _("Retention is counted as: {window}.").format(window=self.window)
        unknown = _("Counted from receipts: who bought only before the data begin counts as new.")
        return [window, unknown] if self.source == "receipts" else [window]

    @property
    def formula(self) -> str:
        """How the flows are computed."""
        return _("Lost = (1 − retention) × active customers; change = gained − lost.")

    def to_frame(self) -> pd.DataFrame:
        """One row per flow: ``flow``, ``customers`` (losses negative)."""
        flows = {
            _("Bought for the first time"): self.gained - self.won_back,
            _("Came back"): self.won_back,
            _("Lost"): -self.lost,
            _("Change of the base"): self.change,
        }
        return pd.DataFrame({"flow": list(flows), "customers": list(flows.values())})

    def columns(self) -> dict[str, Column]:
        """The flows with their labels."""
        return {"flow": Column(_("In a year")), "customers": Column(_("Customers"), "count")}

    def plot(self) -> Chart:
        """Draw the gains, the losses that eat them, and what remains."""
        less = _("What is gained does not make up for what is lost: {change} customers in a year")
        more = _("What is gained makes up for what is lost: {change} customers in a year")
        title = (less if self.change < 0 else more).format(change=number(self.change, signed=True))
        return waterfall(
            self.to_frame().iloc[:-1],
            category="flow",
            value="customers",
            total=_("Change of the base"),
            title=title,
            subtitle=_("Customers in a year; retention counted as: {window}").format(
                window=self.window
            ),
            unit="number",
        )


def leaky_bucket(economics: Economics) -> Bucket:
    """One year of gains and losses by the company's own figures."""
    back = economics.winback_share * economics.lapsed
    computed = economics.gained_by_shares
    gained = economics.acquisition.gained
    return Bucket(
        active=economics.active,
        lost=(1 - economics.retention_share) * economics.active,
        gained=gained,
        won_back=gained * back / computed if computed else 0.0,
        spend=economics.acquisition.spend,
        retention=economics.retention_share,
        window=economics.retention_window,
        source="stated",
    )


def bucket_from_receipts(customers: pd.DataFrame, counted: Measured) -> Bucket:
    """One year of gains and losses counted from receipts alone.

    Args:
        customers: One row per customer: ``first_purchase``, ``last_purchase``.
        counted: Annual retention with its windows; both years covered.
    """
    start = pd.Timestamp(counted.return_from)
    is_active = pd.to_datetime(customers["last_purchase"]) >= start
    is_new = pd.to_datetime(customers["first_purchase"]) >= start
    gained = int(is_active.sum()) - counted.n_kept
    return Bucket(
        active=counted.n_base,
        lost=counted.n_base - counted.n_kept,
        gained=gained,
        won_back=gained - int(is_new.sum()),
        spend=float("nan"),
        retention=counted.retention,
        window=counted.window,
        source="receipts",
    )
