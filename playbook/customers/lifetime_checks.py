"""Does the lifetime model forecast? The latest weeks are held back and compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from playbook.customers.purchases import Window, day_of
from playbook.display.chart import Chart
from playbook.display.charts.lifetime import calibration, expected_and_actual, tracking
from playbook.display.disclosure import hidden_note
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import between, number, percent

Verdict = Literal["holds", "rough", "fails"]

SMALL_ERROR = 0.05  # of the purchases; below it nothing is made of a difference
LARGEST_ERROR = 0.25  # above it the model is refused
LARGEST_GAP = 0.05  # of a chance to buy, on average; above it chances rank, but do not count


@dataclass(frozen=True, kw_only=True, eq=False)
class LifetimeCheck(Result):
    """What the model expected of the weeks held back, and what came.

    Attributes:
        by_frequency: One row per step of repeat purchases before: ``first``, ``last`` (missing
            without an end), ``n_customers``, ``expected`` and ``actual`` purchase days of one,
            ``value_error`` (by which share the expected money of a purchase day is too high).
        by_segment: ``segment`` (id; empty for those who had not bought in the window before),
            ``n_customers``, ``expected``, ``actual`` purchase days of all, ``low`` and ``high``
            (nine in ten futures if the model is right).
        weeks: ``start`` (first day), ``expected`` and ``actual`` repeat purchases of the week,
            ``is_held_back``.
        chances: Customers in ten equal parts by their chance to buy in the weeks held back:
            ``n_customers``, ``expected`` and ``actual`` share (missing where it would tell of
            few who bought or stayed away).
        gap: Mean difference between the chance to buy and the share that bought.
        expected: Purchase days in all.
        low: Lower bound of nine in ten futures.
        high: Upper bound.
        actual: Purchase days counted.
        value_error: By which share the expected money of a purchase day is too high.
        season: By which share the same weeks a year earlier were busier than an average week
            of the year before; nan where the receipts do not reach so far.
        hold_out: The weeks held back.
        correlation: Rank correlation of how often with how much.
        value_bias: What it moves in the money.
        n_second: Customers on whom both models were compared.
        advantage: Log-likelihood by which Pareto/NBD fits better than BG/NBD.
        second_error: Its error in the weeks held back, BG/NBD's own on the same customers being
            ``first_error``.
        first_error: See there.
    """

    by_frequency: pd.DataFrame
    by_segment: pd.DataFrame
    weeks: pd.DataFrame
    chances: pd.DataFrame
    gap: float
    expected: float
    low: float
    high: float
    actual: float
    value_error: float
    season: float
    hold_out: Window
    correlation: float
    value_bias: float
    n_second: int
    advantage: float
    second_error: float
    first_error: float

    @property
    def error(self) -> float:
        """By which share too many purchases were expected."""
        return self.expected / self.actual - 1

    @property
    def verdict(self) -> Verdict:
        """Whether the model may be used."""
        worst = max(abs(self.error), abs(self.value_error))
        if worst > LARGEST_ERROR:
            return "fails"
        is_chance = self.low <= self.actual <= self.high
        small = abs(self.value_error) <= SMALL_ERROR
        return "holds" if small and (is_chance or abs(self.error) <= SMALL_ERROR) else "rough"

    @property
    def headline(self) -> str:
        """Expected against actual, and the verdict."""
        words = {
            "holds": _(
                "In all the model forecasts well: {expected} purchases expected, {actual} came."
            ),
            "rough": _(
                "In all the model forecasts roughly: {expected} purchases expected, {actual} came."
            ),
            "fails": _(
                "The model does not forecast: {expected} purchases expected, {actual} came."
            ),
        }
        return words[self.verdict].format(
            expected=number(self.expected), actual=number(self.actual)
        )

    @property
    def figures(self) -> list[Figure]:
        """The error, the range, money and chances."""
        weeks = _("{weeks} weeks held back").format(weeks=self.hold_out.weeks)
        span = between(number(self.low), number(self.high))
        range_ = _("nine in ten futures: {span}").format(span=span)
        return [
            Figure(_("Purchases, error"), percent(self.error, 1, signed=True), weeks),
            Figure(_("Purchases that came"), number(self.actual), range_),
            Figure(_("Money per purchase, error"), percent(self.value_error, 1, signed=True)),
            Figure(_("Chance to buy, mean gap"), percent(self.gap, 1), _("in tenths of customers")),
        ]

    @property
    def warnings(self) -> list[str]:
        """What follows for the use of the model."""
        found = []
        if self.verdict == "rough":
            found.append(_("The ranges of what customers are worth are widened by this error."))
        if self.verdict == "fails":
            words = _("An error above {limit} is too much to say what customers are worth.")
            found.append(words.format(limit=percent(LARGEST_ERROR)))
        if self.gap > LARGEST_GAP:
            found.append(
                _(
                    "The chance that one customer buys again is off by {gap} on average: it may "
                    "rank customers, but must not be read as a chance."
                ).format(gap=percent(self.gap))
            )
        return found

    def to_frame(self) -> pd.DataFrame:
        """One row per segment, with its name and its error."""
        names = [name(key) if key else _("not in the window") for key in self.by_segment["segment"]]
        error = self.by_segment["expected"] / self.by_segment["actual"].replace(0, np.nan) - 1
        return self.by_segment.assign(name=names, error=error)

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("Segment")),
            "n_customers": Column(_("Customers then"), "count"),
            "expected": Column(_("Purchases expected"), "count"),
            "low": Column(_("from"), "count"),
            "high": Column(_("to"), "count"),
            "actual": Column(_("came"), "count"),
            "error": Column(_("Error"), "share"),
        }

    @property
    def assumptions(self) -> list[str]:
        """What was compared, the season, the second opinion, the money."""
        return [
            _(
                "Learned from everything before {window}; nothing that happened in these weeks "
                "was used. Purchases are days with a purchase."
            ).format(window=self.hold_out),
            self._season_words(),
            self._second_words(),
            _(
                "How often and how much go together with a rank correlation of {correlation}. The "
                "model of money takes it for none; that moves the money in all by {bias}."
            ).format(
                correlation=number(self.correlation, 2),
                bias=percent(self.value_bias, 1, signed=True),
            ),
            self._value_words(),
            _(
                "The first purchase in the receipts counts as the first of all. Customers who came "
                "before the receipts begin look younger than they are."
            ),
            *hidden_note(self.by_segment, count="n_customers"),
        ]

    def _value_words(self) -> str:
        off = self.by_frequency["value_error"]
        words = _(
            "The expected money of a purchase was off by {low} to {high}, by how often customers "
            "had come before."
        )
        return words.format(
            low=percent(float(off.min()), signed=True), high=percent(float(off.max()), signed=True)
        )

    def _season_words(self) -> str:
        if not np.isfinite(self.season):
            return _(
                "The model knows no season. The receipts are too short to say how busy these weeks "
                "usually are, so part of the error may be season."
            )
        words = _(
            "The model knows no season. The same weeks a year earlier were {share} against an "
            "average week; as much of the error may be season."
        )
        return words.format(share=percent(self.season, 1, signed=True))

    def _second_words(self) -> str:
        words = (
            _(
                "A second model, in which customers may leave at any time (Pareto/NBD), explains "
                "the past better (log-likelihood {gain} higher, {n} customers)."
            )
            if self.advantage > 0
            else _(
                "A second model, in which customers may leave at any time (Pareto/NBD), explains "
                "the past no better (log-likelihood {gain} lower, {n} customers)."
            )
        )
        errors = _("In the weeks held back it is off by {second}, the model used here by {first}.")
        said = words.format(gain=number(abs(self.advantage), 1), n=number(self.n_second))
        if not np.isfinite(self.second_error):
            return said
        return (
            said
            + " "
            + errors.format(
                second=percent(self.second_error, 1, signed=True),
                first=percent(self.first_error, 1, signed=True),
            )
        )

    def plot(self) -> Chart:
        """Draw expected against actual purchases by how often customers had come before."""
        shown = self.by_frequency.dropna(subset=["expected"])
        ends = zip(shown["first"], shown["last"], strict=True)
        shown = shown.assign(step=[_step(first, last) for first, last in ends])
        return expected_and_actual(
            shown,
            category="step",
            expected="expected",
            actual="actual",
            title=self._frequency_title(shown),
            subtitle=_(
                "Purchases of one customer in {window}, by her repeat purchases before"
            ).format(window=self.hold_out),
            x_label=_("repeat purchases before"),
        )

    def _frequency_title(self, shown: pd.DataFrame) -> str:
        off = (shown["expected"] / shown["actual"].replace(0, np.nan) - 1).abs()
        if off.max() <= 0.10:
            return _("Forecasts hold for rare and for frequent customers")
        row = shown.iloc[int(np.nanargmax(off))]
        words = _(
            "Forecasts are furthest off at {step} repeat purchases: {expected} expected, {actual} "
            "came"
        )
        return words.format(
            step=row["step"], expected=number(row["expected"], 2), actual=number(row["actual"], 2)
        )

    def weekly(self) -> Chart:
        """Draw expected and actual purchases week by week."""
        words = _("Over {n} weeks unseen by the model the sum is off by {error}")
        return tracking(
            self.weeks,
            x="start",
            expected="expected",
            actual="actual",
            since=day_of(self.hold_out.start),
            title=words.format(n=self.hold_out.weeks, error=percent(self.error, 1, signed=True)),
            subtitle=_("Repeat purchases a week of customers known before the weeks held back"),
        )

    def alive(self) -> Chart:
        """Draw the chance to buy against the share that bought."""
        words = (
            _("Whoever is called likely to buy, buys: chances are off by {gap} on average")
            if self.gap <= LARGEST_GAP
            else _("The chances to buy rank customers, but are off by {gap} on average")
        )
        return calibration(
            self.chances.dropna(subset=["actual"]),
            expected="expected",
            actual="actual",
            title=words.format(gap=percent(self.gap)),
            subtitle=_("Ten equal parts of the customers, {window}").format(window=self.hold_out),
            x_label=_("chance to buy, by the model"),
            y_label=_("share that bought"),
        )


def _step(first: float, last: float) -> str:
    """Repeat purchases from ``first`` to ``last``, which is nan where there is no end."""
    if not np.isfinite(last):
        return _("{n} or more").format(n=number(first))
    return number(first) if first == last else f"{number(first)}–{number(last)}"
