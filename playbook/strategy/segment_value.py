"""Which segments the money is expected to come from, each with its own margin and retention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts import bars
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.cashflow import npv
from playbook.strategy.value_flow import cash, middle_inputs
from playbook.strategy.value_model import SegmentValue, ValueModel
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import money, money_short, percent


@dataclass(frozen=True, kw_only=True, eq=False)
class ValueBySegment(Result):
    """Present value of the customers kept, segment by segment.

    Attributes:
        segments: One row per segment: ``segment`` (id), ``customers`` (today),
            ``effect`` (share), ``margin``, ``kept`` (customers kept in the last year),
            ``value`` (present value of their margin).
        overall: The same present value from one average retention and one margin.
        implied_margin: Average margin of a kept customer by these segments.
        kept_margin: The margin that the value model takes.
    """

    segments: pd.DataFrame
    overall: float
    implied_margin: float
    kept_margin: float

    @property
    def total(self) -> float:
        """Present value summed over the segments, money."""
        return float(self.segments["value"].sum())

    @property
    def headline(self) -> str:
        """Which segment brings most, and how much of the whole."""
        first = self.segments.sort_values("value", ascending=False).iloc[0]
        words = _("Segment “{name}” is expected to bring {share} of the value: {money} of {total}.")
        return words.format(
            name=name(str(first["segment"])),
            share=percent(float(first["value"]) / self.total) if self.total else percent(None),
            money=money_short(float(first["value"])),
            total=money_short(self.total),
        )

    @property
    def assumptions(self) -> list[str]:
        """How the sum compares with the value model's single figures."""
        margins = _(
            "By these segments a kept customer brings {implied} a year; the value model takes "
            "{taken}."
        )
        sums = _("Summed by segment {parts}, by one average retention and margin {whole}.")
        return [
            margins.format(implied=money(self.implied_margin), taken=money(self.kept_margin)),
            sums.format(parts=money_short(self.total), whole=money_short(self.overall)),
            _(
                "Shares, margins and retention are those of the business case; page 03 counts its"
                " segments by rule from receipts, so its figures differ."
            ),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per segment, with its name."""
        return self.segments.assign(name=[name(key) for key in self.segments["segment"]])

    def columns(self) -> Mapping[str, Column]:
        """The segments with their labels."""
        return {
            "name": Column(_("Segment")),
            "customers": Column(_("Customers"), "count"),
            "effect": Column(_("Expected effect"), "points"),
            "margin": Column(_("Margin a year"), "money"),
            "kept": Column(_("Customers kept"), "count"),
            "value": Column(_("Present value"), "money_short"),
        }

    def plot(self) -> Chart:
        """Draw the value of each segment."""
        frame = self.to_frame().sort_values("value", ascending=False)
        subtitle = _("Present value of the margin of kept customers, expected effects")
        return bars(
            frame,
            category="name",
            value="value",
            title=self.headline,
            subtitle=subtitle,
            unit="money_short",
            hues={str(frame["name"].iloc[0]): theme.KEPT},
        )


def value_by_segment(model: ValueModel) -> ValueBySegment:
    """Split the value of the kept customers by segment; one row where none are named."""
    parts = model.segments or [_everybody(model)]
    rows = [_row(model, part) for part in parts]
    gains = [part.customers_share * part.effect for part in parts]
    margins = [gain * part.margin for gain, part in zip(gains, parts, strict=True)]
    whole = cash(model, middle_inputs(model)).kept
    return ValueBySegment(
        segments=pd.DataFrame(rows),
        overall=float(npv(whole, rate=model.discount_rate)),
        implied_margin=sum(margins) / sum(gains) if sum(gains) else float("nan"),
        kept_margin=model.kept_margin.middle,
    )


def _everybody(model: ValueModel) -> SegmentValue:
    """All customers as a single segment."""
    return SegmentValue(
        segment=_("all customers"),
        customers_share=1.0,
        margin=model.kept_margin.middle,
        retention_share=model.retention_share,
        effect=model.effect.mean,
    )


def _row(model: ValueModel, part: SegmentValue) -> dict[str, object]:
    """One segment's customers, run through the same value model."""
    customers = part.customers_share * model.base_customers
    own = model.model_copy(
        update={"base_customers": customers, "retention_share": part.retention_share}
    )
    inputs = replace(middle_inputs(own, effect=part.effect), kept_margin=part.margin)
    flow = cash(own, inputs)
    return {
        "segment": part.segment,
        "customers": customers,
        "effect": part.effect,
        "margin": part.margin,
        "kept": float(flow.customers[-1]),
        "value": float(npv(flow.kept, rate=model.discount_rate)),
    }
