"""Effect (2.4): did it work? Everybody counts as drawn, and the draw itself is the yardstick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from playbook.display.chart import Chart
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.pilot.arms import Arms, arms_of, refuse_gaps
from playbook.pilot.charter import Charter
from playbook.pilot.estimator import estimator_words
from playbook.pilot.panel import Panel, panel, rates
from playbook.pilot.readings import LEVEL, Data, readings
from playbook.text import gettext as _
from playbook.text import name, ngettext
from playbook.text.numbers import number, percent, points

N_DRAWS = 10_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Effect(Result):
    """The effect of the change on the primary KPI, in points.

    Attributes:
        att: Mean effect on the pilot stores, a share (0.019 is 1.9 points).
        se: Its standard error.
        ci_low: Smallest effect in keeping with the data (95 %).
        ci_high: Largest.
        p_value: Share of draws with a difference as large when nothing was changed.
        n_extreme: Draws at least as extreme, the real one included.
        n_draws: Draws compared.
        is_exact: Whether these are all possible draws.
        control_mean: KPI of the control stores.
        treated_mean: KPI of the pilot stores.
        stores: One row per store: ``store_id``, ``block``, ``arm``, ``before``, ``after``,
            ``adjusted`` (what remains once the store's past is taken out).
        readings: The same question asked in other ways: ``reading``, ``att``, ``ci_low``,
            ``ci_high``, ``p_value``; the sealed way first, a placebo before the start last.
        estimator: How the effect is measured.
        kpi: Name of the KPI.
        window_weeks: Its window.
        left_out: Stores left out with their pairs.
        seed: Of the redraws where they are not exact.
    """

    att: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    n_extreme: int
    n_draws: int
    is_exact: bool
    control_mean: float
    treated_mean: float
    stores: pd.DataFrame
    readings: pd.DataFrame
    estimator: str
    kpi: str
    window_weeks: int
    left_out: tuple[str, ...]
    seed: int

    @property
    def uplift(self) -> float:
        """The effect relative to what the pilot stores would have had without the change."""
        return self.att / (self.treated_mean - self.att)

    @property
    def blocks(self) -> pd.DataFrame:
        """One row per block: ``block``, ``att`` (adjusted treated minus control), sorted."""
        wide = self.stores.groupby(["block", "arm"])["adjusted"].mean().reset_index()
        treated = wide.loc[wide["arm"] == "treated"].set_index("block")["adjusted"]
        control = wide.loc[wide["arm"] == "control"].set_index("block")["adjusted"]
        gap = (treated - control).rename("att").reset_index()
        return gap.sort_values("att", ascending=False, ignore_index=True)

    @property
    def by_chance(self) -> str:
        """How often chance alone does as much, as a frequency."""
        per_thousand = self.p_value * 1000
        if per_thousand < 9.5:
            words = ngettext(
                "we would see a difference this large in {n} of 1,000 pilots where nothing was "
                "changed",
                "we would see a difference this large in {n} of 1,000 pilots where nothing was "
                "changed",
                round(per_thousand),
            )
            return words.format(n=number(max(per_thousand, 0.1), 0 if per_thousand >= 0.95 else 1))
        words = _(
            "we would see a difference this large in {n} of 100 pilots where nothing was changed"
        )
        return words.format(n=number(per_thousand / 10, 0))

    @property
    def headline(self) -> str:
        """The effect with its interval and what chance alone does."""
        words = (
            _(
                "In the pilot stores the change moved the KPI by {effect} ({low} to {high}); "
                "{chance}."
            )
            if self.p_value <= 1 - LEVEL
            else _(
                "In the pilot stores the KPI stands {effect} from where it would have been "
                "({low} to {high}), which tells little: {chance}."
            )
        )
        return words.format(
            effect=points(self.att),
            low=points(self.ci_low),
            high=points(self.ci_high),
            chance=self.by_chance,
        )

    @property
    def figures(self) -> list[Figure]:
        """Effect, relative effect, both arms."""
        return [
            Figure(
                _("Effect"),
                points(self.att, 2),
                _("effects from {low} to {high} fit the data").format(
                    low=points(self.ci_low, 2), high=points(self.ci_high, 2)
                ),
            ),
            Figure(_("Relative"), percent(self.uplift, 1, signed=True), _("of the KPI without it")),
            Figure(
                _("Pilot stores"),
                percent(self.treated_mean, 1),
                _("control stores {share}").format(share=percent(self.control_mean, 1)),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """Stores left out, a placebo that sees something, one region."""
        found = []
        if self.left_out:
            found.append(
                _(
                    "Left out with their pairs: {stores}. What is found holds for the stores that "
                    "remained."
                ).format(stores=", ".join(self.left_out))
            )
        placebo = self.readings.loc[self.readings["key"] == "placebo"]
        if len(placebo) and float(placebo.iloc[0]["p_value"]) < 0.05:
            found.append(
                _(
                    "The same comparison before the start, where nothing was changed, sees a "
                    "difference too: the arms were unlike, and the effect is to be trusted less."
                )
            )
        return found

    @property
    def assumptions(self) -> list[str]:
        """How it was measured."""
        draws = (
            _("All {n} draws that were possible are compared.")
            if self.is_exact
            else _("{n} repetitions of the draw are compared.")
        )
        return [
            _("Every store counts as it was drawn, whether it carried the change out or not."),
            _("Measured as sealed: {how}.").format(how=estimator_words()[self.estimator]),
            draws.format(n=number(self.n_draws)),
            _("Every store has the same weight; customers do not shop in the other arm's stores."),
        ]

    @property
    def formula(self) -> str:
        """How the effect is computed."""
        if self.estimator == "difference":
            return _("effect = mean KPI of pilot stores − mean KPI of control stores")
        return _(
            "effect = coefficient of the arm in a linear model of the store's KPI on its arm and "
            "its KPI before the start; interval = effects that the repeated draw does not reject"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per way of asking."""
        return self.readings.assign(reading=[_reading_words(row) for row in self._rows()])

    def _rows(self) -> list[tuple[str, str]]:
        return list(zip(self.readings["key"], self.readings["detail"], strict=True))

    def columns(self) -> Mapping[str, Column]:
        """How the readings are shown."""
        return {
            "reading": Column(_("Asked in this way")),
            "att": Column(_("Effect"), "points", 2),
            "ci_low": Column(_("from"), "points", 2),
            "ci_high": Column(_("to"), "points", 2),
            "p_value": Column(_("As large by chance alone"), "share", 1),
        }

    def plot(self) -> Chart:
        """The ways of asking on one axis."""
        from playbook.display.charts.estimates import intervals

        labels = [_reading_words(row) for row in self._rows()]
        finite = self.readings.assign(reading=labels)
        return intervals(
            finite,
            category="reading",
            value="att",
            low="ci_low",
            high="ci_high",
            title=_("The effect is {effect}, however the question is asked").format(
                effect=points(self.att)
            )
            if self._is_stable()
            else _("The effect is {effect} as sealed; other ways of asking differ").format(
                effect=points(self.att)
            ),
            subtitle=_("Effect on the KPI in percentage points, with 95 % intervals"),
            hues=_hues(labels, self.readings["key"].tolist()),
        )

    def _is_stable(self) -> bool:
        other = self.readings.loc[~self.readings["key"].isin(["sealed", "placebo"]), "att"]
        return bool(((other - self.att).abs() <= self.se).all())

    def plot_pairs(self) -> Chart:
        """The difference in every pair, largest first."""
        from playbook.display.charts.pilot import pair_bars

        gaps = self.blocks
        positive = int((gaps["att"] > 0).sum())
        words = ngettext(
            "In {k} of {n} pair the pilot store is ahead",
            "In {k} of {n} pairs the pilot store is ahead",
            len(gaps),
        )
        return pair_bars(
            gaps,
            category="block",
            value="att",
            centre=self.att,
            title=words.format(k=number(positive), n=number(len(gaps))),
            subtitle=_("Pilot minus control store after adjustment, percentage points"),
        )


def _hues(labels: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    from playbook.display import theme

    return {
        label: theme.TREATED if key == "sealed" else theme.QUIET
        for label, key in zip(labels, keys, strict=True)
    }


def _reading_words(row: tuple[str, str]) -> str:
    key, detail = row
    words = {
        "sealed": _("as sealed"),
        "difference": _("without adjustment"),
        "ancova": _("adjusted for the past"),
        "without_region": _("without {region}"),
        "without_best": _("without the best pair"),
        "without_worst": _("without the worst pair"),
        "placebo": _("placebo before the start"),
    }[key]
    return words.format(region=name(detail))


def measure(
    charter: Charter,
    repeat_rates: pd.DataFrame,
    *,
    stores: pd.DataFrame | None = None,
    without: Sequence[str] = (),
    seed: int = 1,
    n_draws: int = N_DRAWS,
) -> Effect:
    """Measure the effect as the charter says, and in other ways beside it.

    Args:
        charter: The sealed charter.
        repeat_rates: Counts per store, anchor and window.
        stores: ``store_id``, ``region``: one reading leaves each region out.
        without: Stores that closed; their pairs leave with them.
        seed: For redraws that cannot be enumerated.
        n_draws: How many of them.

    Raises:
        PlaybookError: The outcome is not complete, stores have no value, the KPI never
            changes, or there are too few stores to tell anything from chance.
    """
    arms = arms_of(charter, without=without)
    window = charter.kpi.window_weeks
    kpi = panel(rates(repeat_rates, window_weeks=window), value="repeat_rate")
    _refuse_unknown(arms, kpi)
    data = Data(kpi=kpi, timing=charter.timing, arms=arms, seed=seed, n_draws=n_draws)
    found, rows = data.read(charter.estimator)
    refuse_gaps(arms, rows[1], what=_("the outcome"))
    return Effect(
        att=found.att,
        se=found.se,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        p_value=found.p_value,
        n_extreme=found.n_extreme,
        n_draws=found.n_draws,
        is_exact=found.is_exact,
        control_mean=float(rows[1][arms.treated == 0].mean()),
        treated_mean=float(rows[1][arms.treated == 1].mean()),
        stores=arms.stores.assign(before=rows[0], after=rows[1], adjusted=rows[2]),
        readings=readings(data, charter.estimator, found, stores=stores),
        estimator=charter.estimator,
        kpi=charter.kpi.name,
        window_weeks=window,
        left_out=tuple(without),
        seed=seed,
    )


def _refuse_unknown(arms: Arms, kpi: Panel) -> None:
    absent = sorted(set(arms.ids) - set(kpi.stores))
    if absent:
        raise PlaybookError(
            _("Stores of the charter are not in the data."),
            problems=absent,
            advice=_(
                "Import their receipts, or leave them out by name: their pairs leave with them."
            ),
        )
