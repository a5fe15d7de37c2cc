"""What the customer base is worth by segment, and by the one average rate that hides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers.gates import Gates, Untold
from playbook.customers.retention import SegmentRetention
from playbook.customers.segments import HUES, Segments, no_margin, raised_note
from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import bars
from playbook.display.charts.segments import segment_map
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.multiples import margin_multiple
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import money, money_short, number, percent

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class SegmentEquity(Result):
    """Customer equity by segment against one average retention and margin.

    Attributes:
        segments: One row per segment: ``segment`` (id), ``n_customers`` (of the company),
            ``margin`` (per customer and year; revenue where ``has_margin`` is false),
            ``retention`` (annual share), ``low``, ``high``, ``value`` (per customer, without
            the first margin), ``value_with_first``, ``equity`` (all its customers, without
            the first margin).
        one_margin: Average margin per customer.
        one_retention: Average annual retention.
        discount: Yearly discount rate.
        has_margin: Whether money is margin; else it is revenue.
        scale: Customers of the company for one of the receipts; 1 where these are all.
    """

    segments: pd.DataFrame
    one_margin: float
    one_retention: float
    discount: float
    has_margin: bool
    scale: float = 1.0

    @property
    def total(self) -> float:
        """Equity summed over the segments, money."""
        return float(self.segments["equity"].sum())

    @property
    def one_rate(self) -> float:
        """Equity by one average margin and retention, money."""
        multiple = float(margin_multiple(self.one_retention, discount=self.discount))
        return float(self.segments["n_customers"].sum()) * self.one_margin * multiple

    @property
    def between(self) -> float:
        """The money that one average rate does not see."""
        return self.total - self.one_rate

    @property
    def too_low(self) -> float:
        """By which share one average rate is too low."""
        return self.between / self.total if self.total else float("nan")

    @property
    def headline(self) -> str:
        """Both figures and the gap."""
        if self.between < 0:
            words = _("By segment the base is worth {total}; one average rate says {one}.")
        else:
            words = _(
                "By segment the base is worth {total}; one average rate says {one}, {gap} less."
            )
        return words.format(
            total=money_short(self.total),
            one=money_short(self.one_rate),
            gap=percent(self.too_low),
        )

    @property
    def figures(self) -> list[Figure]:
        """Equity by segment, by one rate, and the money between."""
        rate = _("retention {share} for all").format(share=percent(self.one_retention))
        return [
            Figure(_("By segment"), money_short(self.total), _("without the first margin")),
            Figure(_("By one average rate"), money_short(self.one_rate), rate),
            Figure(_("Between the two"), money_short(self.between), percent(self.too_low)),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per segment, with its name."""
        return self.segments.assign(name=[name(key) for key in self.segments["segment"]])

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        yearly = _("Margin a year") if self.has_margin else _("Revenue a year")
        return {
            "name": Column(_("Segment")),
            "n_customers": Column(_("Customers"), "count"),
            "margin": Column(yearly, "money"),
            "retention": Column(_("Retention"), "share"),
            "value": Column(_("Value of a customer"), "money"),
            "value_with_first": Column(_("with the first margin"), "money"),
            "equity": Column(_("All together"), "money_short"),
        }

    @property
    def assumptions(self) -> list[str]:
        """The convention, and what it leaves out."""
        return [
            _(
                "Value of a customer = yearly margin × r ÷ (1 + i − r), without the first "
                "margin; with it, × (1 + i) ÷ (1 + i − r). i = {rate} a year."
            ).format(rate=percent(self.discount)),
            _("Retention is the share who bought again within a year, the same every year."),
            _(
                "Customers stay in their segment here. They do not: the matrix of moves below "
                "says where they go and what that makes of the value."
            ),
            *raised_note(self.scale),
            *([] if self.has_margin else [no_margin()]),
        ]

    @property
    def formula(self) -> str:
        """How equity is computed."""
        return _("equity = Σ over segments of customers × yearly margin × r ÷ (1 + i − r)")

    def plot(self) -> Chart:
        """Draw equity by segment, the most valuable first."""
        frame = self.to_frame().dropna().sort_values("equity", ascending=False)
        first = str(frame["name"].iloc[0])
        words = _("“{segment}” carries {share} of the value of the base")
        return bars(
            frame,
            category="name",
            value="equity",
            title=words.format(
                segment=first, share=percent(float(frame["equity"].iloc[0]) / self.total)
            ),
            subtitle=_("Customer equity by segment, without the first margin"),
            unit="money_short",
            hues={first: theme.KEPT},
        )

    def map(self) -> Chart:
        """Draw retention against the value of one customer."""
        return segment_map(
            self.to_frame(),
            category="name",
            x="retention",
            x_low="low",
            x_high="high",
            y="value",
            size="n_customers",
            hues={name(key): hue for key, hue in HUES.items()},
            title=self._spread(),
            subtitle=_(
                "One circle per segment, its area is the number of customers, "
                "the bar a 95 % interval of retention"
            ),
            x_label=_("bought again within a year"),
            y_label=_("value of one customer, without the first margin"),
        )

    def _spread(self) -> str:
        frame = self.to_frame().dropna().sort_values("value")
        low, high = frame.iloc[0], frame.iloc[-1]
        words = _("One customer of “{best}” is worth {n} of “{worst}”: {high} against {low}")
        return words.format(
            best=high["name"],
            worst=low["name"],
            n=number(float(high["value"]) / float(low["value"])),
            high=money(float(high["value"])),
            low=money(float(low["value"])),
        )


def equity(
    table: pd.DataFrame,
    *,
    discount: float,
    one_margin: float | None = None,
    one_retention: float | None = None,
    has_margin: bool = True,
    scale: float = 1.0,
) -> SegmentEquity:
    """Value segments by their own margin and retention, and all by one average.

    Args:
        table: ``segment``, ``n_customers``, ``margin`` (per customer and year) and
            ``retention`` (annual share) per segment; ``low`` and ``high`` may be there.
        discount: Yearly discount rate.
        one_margin: Average margin; by default weighted by customers.
        one_retention: Average retention; by default weighted by customers.
        has_margin: Whether the money is margin.
        scale: What ``n_customers`` was multiplied with.
    """
    n, r = table["n_customers"].to_numpy(float), table["retention"].to_numpy(float)
    margin = table["margin"].to_numpy(float)
    value = margin * margin_multiple(r, discount=discount)
    frame = table.assign(
        low=table.get("low", table["retention"]),
        high=table.get("high", table["retention"]),
        value=value,
        value_with_first=margin * margin_multiple(r, discount=discount, with_first=True),
        equity=n * value,
    )
    columns = ["segment", "n_customers", "margin", "retention", "low", "high"]
    return SegmentEquity(
        segments=frame[[*columns, "value", "value_with_first", "equity"]],
        one_margin=_mean(margin, n) if one_margin is None else one_margin,
        one_retention=_mean(r, n) if one_retention is None else one_retention,
        discount=discount,
        has_margin=has_margin,
        scale=scale,
    )


def _mean(values: Floats, weights: Floats) -> float:
    """Weighted mean of what is known."""
    known = np.isfinite(values) & np.isfinite(weights)
    return float(np.average(values[known], weights=weights[known]))


def measured(
    segments: Segments, retention: SegmentRetention | Untold, *, discount: float, gates: Gates
) -> SegmentEquity | Untold:
    """Value today's segments by the retention that was measured, or say why not.

    A yearly value takes one year to sort customers and another to see who returns.

    Args:
        segments: The segments as they are.
        retention: Who bought again.
        discount: Yearly discount rate.
        gates: What the receipts allow.
    """
    if isinstance(retention, Untold):
        return retention
    if not gates.allows("value"):
        return Untold(
            _("What a segment is worth cannot be told: it takes two years of receipts."),
            gates.refusal("value"),
        )
    has_margin = segments.margin_share is not None
    table = segments.segments.merge(retention.segments, on="segment", how="left")
    table = table.assign(
        n_customers=table["n_customers"] * segments.scale,
        margin=table["margin"] if has_margin else table["spend"],
    )
    return equity(
        table,
        discount=discount,
        one_retention=retention.overall,
        has_margin=has_margin,
        scale=segments.scale,
    )
