"""Power: the smallest effect that a pilot of this size finds, from the company's own history."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display.chart import Chart
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column, Kind
from playbook.errors import PlaybookError
from playbook.pilot.estimator import Estimator, Timing, estimator_words
from playbook.pilot.placebo import Placebos, Rules, Twin, in_pairs, in_strata, twins
from playbook.stats.placebo import detectable, false_alarms
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number, percent, points

POWER = 0.80
LEVEL = 0.95
SIZES = (4, 6, 8, 10, 12, 14, 16, 20, 24, 30, 40)


@dataclass(frozen=True, kw_only=True, eq=False)
class Power(Result):
    """What pilots of different sizes can detect, and whether the planned one is worth running.

    Attributes:
        curve: One row per size and estimator: ``size`` (pairs, or treated stores),
            ``estimator``, ``mde`` (found in 8 of 10 pilots, in the KPI's unit; infinite
            where never), ``false_alarms`` (share of placebo pilots that see an effect
            where there is none), ``sd`` of the placebo effects, ``n_placebo``.
        size: The planned size.
        estimator: The planned estimator.
        mechanism: ``pairs`` or ``strata``.
        total_weeks: Length of the pilot until its outcome is known.
        n_starts: Placebo starts in the history.
        break_even: Effect from which the programme pays as designed; missing if unknown.
        break_even_adjusted: The same after the planned adjustments.
        is_relative: Whether effects are shares of the KPI instead of its points.
        seed: Of the placebo draws.
    """

    curve: pd.DataFrame
    size: int
    estimator: str
    mechanism: str
    total_weeks: int
    n_starts: int
    break_even: float
    break_even_adjusted: float
    is_relative: bool
    seed: int

    def _row(self, size: int, estimator: str) -> pd.Series:
        chosen = (self.curve["size"] == size) & (self.curve["estimator"] == estimator)
        return self.curve.loc[chosen].iloc[0]

    @property
    def mde(self) -> float:
        """Smallest effect that 8 of 10 pilots as planned find."""
        return float(self._row(self.size, self.estimator)["mde"])

    @property
    def is_answerable(self) -> bool:
        """Whether the pilot as planned sees the effect from which the programme pays."""
        return not self.mde > self.break_even

    def needed(self, effect: float) -> int:
        """The smallest size that finds ``effect``; beyond the curve by the root rule."""
        own = self.curve.loc[self.curve["estimator"] == self.estimator]
        enough = own.loc[own["mde"] <= effect, "size"]
        if len(enough):
            return int(enough.min())
        finite = own.loc[np.isfinite(own["mde"])]
        if finite.empty:
            return 0
        last = finite.iloc[-1]
        return math.ceil(float(last["size"]) * (float(last["mde"]) / effect) ** 2)

    def show(self, effect: float) -> str:
        """An effect as the reader sees it."""
        if not math.isfinite(effect):
            return _("never")
        return percent(effect, 1, signed=True) if self.is_relative else points(effect, 2)

    def count(self, size: int) -> str:
        """A size in words."""
        if self.mechanism == "pairs":
            return ngettext("{n} pair", "{n} pairs", size).format(n=number(size))
        return ngettext("{n} pilot store", "{n} pilot stores", size).format(n=number(size))

    @property
    def headline(self) -> str:
        """Whether the pilot can answer the question."""
        if not self.is_answerable:
            words = _(
                "This pilot cannot answer the question: the programme pays from {need}, and this "
                "pilot ({size}) finds only {mde} or more."
            )
            return words.format(
                need=self.show(self.break_even), size=self.count(self.size), mde=self.show(self.mde)
            )
        words = _("With {size}, an effect of {mde} is found in 8 of 10 pilots.")
        return words.format(size=self.count(self.size), mde=self.show(self.mde))

    @property
    def figures(self) -> list[Figure]:
        """What is found, what is needed, how often it is found where nothing is."""
        row = self._row(self.size, self.estimator)
        shown = [
            Figure(_("Found in 8 of 10 pilots"), self.show(self.mde), self.count(self.size)),
            Figure(
                _("False alarms"),
                percent(float(row["false_alarms"]), 1),
                _("of {n} pilots where nothing was changed").format(
                    n=number(int(row["n_placebo"]))
                ),
            ),
        ]
        if math.isfinite(self.break_even):
            after = (
                _("{effect} after the adjustment").format(
                    effect=self.show(self.break_even_adjusted)
                )
                if math.isfinite(self.break_even_adjusted)
                else ""
            )
            shown.insert(1, Figure(_("Pays from"), self.show(self.break_even), after))
        return shown

    @property
    def warnings(self) -> list[str]:
        """What would make the question answerable; what stays out of sight."""
        found = []
        if not self.is_answerable:
            found.append(
                _(
                    "Do not start it like this. {size} would see the effect from which the "
                    "programme pays; so would a steadier KPI or a cheaper programme, which pays "
                    "from less."
                ).format(size=self.count(self.needed(self.break_even)))
            )
        elif self.mde > self.break_even_adjusted:
            found.append(
                _(
                    "After the adjustment the programme pays from {need}, which is less than the "
                    "{mde} that this pilot finds reliably: {size} would be needed. A result in "
                    "between is decided by the probability that it pays, not by the test."
                ).format(
                    need=self.show(self.break_even_adjusted),
                    mde=self.show(self.mde),
                    size=self.count(self.needed(self.break_even_adjusted)),
                )
            )
        alarms = float(self._row(self.size, self.estimator)["false_alarms"])
        if alarms > 0.075:
            found.append(
                _(
                    "This test sees an effect in {share} of pilots where nothing was changed, "
                    "more than the promised 5 %."
                ).format(share=percent(alarms, 1))
            )
        return found

    @property
    def assumptions(self) -> list[str]:
        """How it was measured."""
        return [
            _(
                "Tried out on your own history: {n} starts before the pilot, with the same draw of "
                "stores and the same analysis as the real one ({how})."
            ).format(n=number(self.n_starts), how=estimator_words()[self.estimator]),
            _("The test raises a false alarm in at most 5 of 100 pilots."),
            _("The effect is the same in every store and adds to what the store would do anyway."),
            _("Starts overlap, so the history holds fewer independent pilots than are counted."),
            _("Page 05 plans with a stated spread between stores; here your history tells it."),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per size: planned estimator and the other side by side."""
        own = self.curve.loc[self.curve["estimator"] == self.estimator]
        other = self.curve.loc[self.curve["estimator"] != self.estimator, ["size", "mde"]]
        wide = own.merge(other.rename(columns={"mde": "mde_other"}), on="size", how="left")
        finite = wide["mde"].replace(np.inf, np.nan)
        return wide.assign(mde=finite, mde_other=wide["mde_other"].replace(np.inf, np.nan))

    def columns(self) -> Mapping[str, Column]:
        """How the curve is shown."""
        size = _("Pairs") if self.mechanism == "pairs" else _("Pilot stores")
        kind: Kind = "share" if self.is_relative else "points"
        other = next(key for key in estimator_words() if key != self.estimator)
        return {
            "size": Column(size, "count"),
            "mde": Column(_("Found in 8 of 10"), kind, 2),
            "mde_other": Column(
                _("with adjustment") if other == "ancova" else _("without adjustment"), kind, 2
            ),
            "false_alarms": Column(_("False alarms"), "share", 1),
            "n_placebo": Column(_("Placebo pilots"), "count"),
        }

    def _from_which_size(self) -> str:
        """From which size on the pilot sees what is needed."""
        if not math.isfinite(self.break_even):
            return self.headline
        words = _("From {size} on a pilot sees the effect from which the programme pays")
        return words.format(size=self.count(self.needed(self.break_even)))

    def plot(self) -> Chart:
        """The smallest effect found against the size, with what is needed."""
        from playbook.display.charts.pilot import detectable_curve

        own = self.curve.loc[
            (self.curve["estimator"] == self.estimator) & np.isfinite(self.curve["mde"])
        ]
        marks = {
            _("pays as designed"): self.break_even,
            _("pays after the adjustment"): self.break_even_adjusted,
        }
        return detectable_curve(
            own,
            x="size",
            y="mde",
            chosen=self.size,
            title=self._from_which_size(),
            subtitle=_("Effect found in 8 of 10 pilots, by size; {weeks} weeks").format(
                weeks=number(self.total_weeks)
            ),
            x_label=_("pairs of stores") if self.mechanism == "pairs" else _("pilot stores"),
            unit="share" if self.is_relative else "points",
            marks={words: at for words, at in marks.items() if math.isfinite(at)},
        )


def power(
    stores: pd.DataFrame,
    history: pd.DataFrame,
    *,
    size: int,
    timing: Timing,
    seed: int,
    rules: Rules | None = None,
    mechanism: str = "pairs",
    estimator: Estimator = "ancova",
    value: str = "repeat_rate",
    is_relative: bool = False,
    break_even: float = math.nan,
    break_even_adjusted: float = math.nan,
    sizes: Sequence[int] = SIZES,
    n_sets: int = 50,
) -> Power:
    """Run placebo pilots of many sizes in the history before ``timing.start``.

    Args:
        stores: One row per store, as for ``zone.matched_pairs``.
        history: One row per store and week: ``store_id``, ``week``, ``value``.
        size: Planned pairs, or treated stores for ``strata``.
        timing: When the pilot takes place and how the KPI is read.
        seed: For pairs, coins and redraws.
        rules: How stores are chosen.
        mechanism: ``pairs`` or ``strata``.
        estimator: The planned one; the other is shown beside it.
        value: Column of the KPI.
        is_relative: Whether effects are shares of the KPI (logarithms) or its own points.
        break_even: Effect from which the programme pays as designed.
        break_even_adjusted: The same after the planned adjustments.
        sizes: Sizes tried beside the planned one.
        n_sets: Placebo pilots per start and size.

    Raises:
        PlaybookError: The history is too short, or never had enough stores.
    """
    found = twins(
        stores, history, timing=timing, rules=rules or Rules(), value=value, is_log=is_relative
    )
    rows = []
    for n in sorted({size, *sizes}):
        for how in _planned_first(estimator):
            drawn = _placebos(found, n, mechanism=mechanism, how=how, n_sets=n_sets, seed=seed)
            if drawn is not None:
                rows.append((n, how, *_row(drawn)))
    columns = ["size", "estimator", "mde", "false_alarms", "sd", "n_placebo"]
    curve = pd.DataFrame(rows, columns=columns)
    if not (curve["size"] == size).any():
        raise PlaybookError(
            _("In your history there were never enough stores for a pilot of this size."),
            problems=[
                _("{n} wanted; the largest that could be tried out is {most}.").format(
                    n=number(size), most=number(int(curve["size"].max()) if len(curve) else 0)
                )
            ],
            advice=_("Plan a smaller pilot, or choose from more regions."),
        )
    return Power(
        curve=curve,
        size=size,
        estimator=estimator,
        mechanism=mechanism,
        total_weeks=timing.total_weeks,
        n_starts=len(found),
        break_even=break_even,
        break_even_adjusted=break_even_adjusted,
        is_relative=is_relative,
        seed=seed,
    )


def _planned_first(estimator: Estimator) -> tuple[Estimator, ...]:
    return ("ancova", "difference") if estimator == "ancova" else ("difference", "ancova")


def _placebos(
    found: Sequence[Twin], n: int, *, mechanism: str, how: Estimator, n_sets: int, seed: int
) -> Placebos | None:
    if mechanism == "pairs":
        return in_pairs(found, n_pairs=n, n_sets=n_sets, estimator=how, seed=seed)
    return in_strata(found, n_treated=n, n_sets=n_sets, estimator=how, seed=seed)


def _row(drawn: Placebos) -> tuple[float, float, float, int]:
    return (
        detectable(drawn.low, power=POWER),
        false_alarms(drawn.low, drawn.high),
        float(drawn.att.std(ddof=1)),
        len(drawn.att),
    )
