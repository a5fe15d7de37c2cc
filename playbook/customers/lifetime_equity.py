"""What the customers of each segment will bring, by their own rhythm and by yearly rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.customers.segments import no_margin, raised_note
from playbook.display.chart import Chart
from playbook.display.charts.lifetime import equity_ways
from playbook.display.disclosure import hidden_note
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.text import gettext as _
from playbook.text import name, ngettext
from playbook.text.numbers import between, money_short, number, percent

DISAGREE = 0.05  # between the two models, before a reader is told in so many words


@dataclass(frozen=True, kw_only=True, eq=False)
class LifetimeEquity(Result):
    """Customer equity by the lifetime model, beside the same by yearly rates.

    Attributes:
        segments: One row per segment, the most valuable first: ``segment`` (id),
            ``n_customers`` (of the company), ``value`` (of one customer, without the past
            year's margin), ``equity``, ``low``, ``high`` (nine in ten futures),
            ``with_first`` (the past year's margin added), ``by_segment`` (its own yearly rate),
            ``by_one`` (one average rate), ``error`` (of its forecast in the weeks held back).
            Figures of the model are missing where that error is too large.
        total: Equity of all segments together, money.
        low: Lower bound of nine in ten futures.
        high: Upper bound.
        with_first: The total with the past year's margin.
        by_segment: All together by each segment's own rate, same years.
        by_one: All together by one average rate, same years.
        endless_by_segment: By each segment's own rate without an end.
        endless_by_one: By one average rate without an end.
        years: How far the forecast looks.
        discount: Yearly discount rate.
        misfit: By which factor (its logarithm) segments are off beyond chance, horizon included.
        second: By which share Pareto/NBD expects more purchases in these years.
        outside: Share of the expected purchases of those who did not buy in the window, and so
            are in no segment; they come on top.
        has_margin: Whether money is margin; else it is revenue.
        scale: Customers of the company for one of the receipts.
    """

    segments: pd.DataFrame
    total: float
    low: float
    high: float
    with_first: float
    by_segment: float
    by_one: float
    endless_by_segment: float
    endless_by_one: float
    years: int
    discount: float
    misfit: float
    second: float
    outside: float
    has_margin: bool
    scale: float = 1.0

    @property
    def between(self) -> float:
        """The money between the model and one average rate."""
        return self.total - self.by_one

    @property
    def headline(self) -> str:
        """The total, the average rate, the money between."""
        if not np.isfinite(self.by_one):
            alone = _("In {years} years today's customers bring {total} by how they buy.")
            return alone.format(years=self.years, total=money_short(self.total))
        words = (
            _(
                "In {years} years today's customers bring {total} by how they buy; one average "
                "rate says {one}, {gap} less."
            )
            if self.between >= 0
            else _(
                "In {years} years today's customers bring {total} by how they buy; one average "
                "rate says {one}, {gap} more."
            )
        )
        return words.format(
            years=self.years,
            total=money_short(self.total),
            one=money_short(self.by_one),
            gap=money_short(abs(self.between)),
        )

    @property
    def figures(self) -> list[Figure]:
        """Three ways to one figure, and the gap."""
        span = between(money_short(self.low), money_short(self.high))
        first = _("with the past year's margin {money}").format(money=money_short(self.with_first))
        endless = _("without an end {money}")
        own = Figure(_("By how they buy"), money_short(self.total), f"{span}; {first}")
        if not np.isfinite(self.by_one):
            return [own]
        return [
            own,
            Figure(
                _("By each segment's rate"),
                money_short(self.by_segment),
                endless.format(money=money_short(self.endless_by_segment)),
            ),
            Figure(
                _("By one average rate"),
                money_short(self.by_one),
                endless.format(money=money_short(self.endless_by_one)),
            ),
            Figure(_("Between first and last"), money_short(self.between, signed=True)),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per segment, with its name."""
        return self.segments.assign(name=[name(key) for key in self.segments["segment"]])

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("Segment")),
            "n_customers": Column(_("Customers"), "count"),
            "value": Column(_("Value of a customer"), "money"),
            "equity": Column(_("All together"), "money_short"),
            "low": Column(_("from"), "money_short"),
            "high": Column(_("to"), "money_short"),
            "with_first": Column(_("with the past year"), "money_short"),
            "by_segment": Column(_("by its own rate"), "money_short"),
            "by_one": Column(_("by one average rate"), "money_short"),
            "error": Column(_("Forecast error"), "share"),
        }

    @property
    def warnings(self) -> list[str]:
        """Which segments are not told, and that the models disagree."""
        found = []
        untold = self.segments.loc[
            self.segments["equity"].isna() & self.segments["error"].notna(), "segment"
        ]
        if len(untold):
            words = _(
                "Not told for {segments}: in the weeks held back the model was off by more than a "
                "third. It knows no season, no pauses, and nobody who comes back after having "
                "left. The sum holds them: it was off by far less."
            )
            quoted = [_("“{segment}”").format(segment=name(key)) for key in untold]
            found.append(words.format(segments=", ".join(quoted)))
        if abs(self.second) > DISAGREE:
            found.append(
                _(
                    "The ranges do not hold the choice of the model: by the second one "
                    "(Pareto/NBD) purchases of these years differ by {share}."
                ).format(share=percent(self.second, signed=True))
            )
        return found

    @property
    def assumptions(self) -> list[str]:
        """Horizon, discount, ranges, what is left out, why the ways differ."""
        return [
            ngettext(
                "Money of the next {n} year, discounted at {rate} a year from the day it comes; "
                "customers won later are not in it.",
                "Money of the next {n} years, discounted at {rate} a year from the day it comes; "
                "customers won later are not in it.",
                self.years,
            ).format(n=self.years, rate=percent(self.discount)),
            _("Nothing is forecast further than twice the length of the receipts."),
            _(
                "The past year's margin is earned and left out; “with the past year” puts it in. "
                "By rates: yearly margin × retention to the power of the year, discounted from "
                "the middle of each year."
            ),
            self._range_words(),
            _(
                "Customers who did not buy in the window are in no segment; the model expects "
                "{share} of all purchases from them."
            ).format(share=percent(self.outside, 1)),
            *([] if self.has_margin else [no_margin()]),
            *raised_note(self.scale),
            *hidden_note(self.segments, count="n_customers"),
        ]

    def _range_words(self) -> str:
        words = _(
            "The ranges hold the uncertainty of the models' parameters and of chance among a "
            "finite number of customers."
        )
        if not self.misfit:
            return words
        more = _(
            "In the weeks held back segments were off by more than that; for the whole horizon "
            "their ranges are widened by a factor of up to {factor} either way."
        )
        return words + " " + more.format(factor=number(float(np.exp(1.645 * self.misfit)), 2))

    @property
    def formula(self) -> str:
        """How equity is computed."""
        return _(
            "equity = Σ over customers of discounted expected purchases × expected money of a "
            "purchase × margin share"
        )

    def plot(self) -> Chart:
        """Draw what each segment will bring, by the model and by rates."""
        frame = self.to_frame().dropna(subset=["equity"])
        top = frame.iloc[0]
        words = _("“{segment}” will bring {money} of {total}; nine in ten futures: {span}")
        return equity_ways(
            frame,
            category="name",
            value="equity",
            low="low",
            high="high",
            by_segment="by_segment",
            by_one="by_one",
            title=words.format(
                segment=top["name"],
                money=money_short(top["equity"]),
                total=money_short(self.total),
                span=between(money_short(top["low"]), money_short(top["high"])),
            ),
            subtitle=_(
                "Discounted money of {years} years by segment; a bar holds nine in ten futures"
            ).format(years=self.years),
        )
