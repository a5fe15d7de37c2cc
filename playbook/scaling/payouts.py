"""What a bonus plan pays out: simulated on assumed attainment, or on the company's own stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers.gates import Untold
from playbook.display.chart import Chart
from playbook.display.charts.payouts import payout_curve
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.scaling.attainment import StoreAttainment
from playbook.scaling.incentive_checks import LARGEST_JUMP
from playbook.scaling.incentives import BonusPlan, Incentives, Measure
from playbook.stats.draws import normal_quantile, uniforms
from playbook.stats.payouts import Curve, reach
from playbook.text import gettext as _
from playbook.text.numbers import money_short, percent

Floats = NDArray[np.float64]

# Method 2.10: about 90 % reach the threshold, 60 to 70 % the target, 10 % excellence.
GUIDE = {"threshold": (0.85, 0.95), "target": (0.60, 0.70), "excellence": (0.05, 0.15)}
NEUTRAL = 0.01  # of the budget
DRAWS = 20_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Payouts(Result):
    """What one plan pays.

    Attributes:
        role: Whose plan.
        measures: One row per measure: ``name``, ``weight``, ``threshold``, ``target``,
            ``excellence`` (shares of people who get there), ``mean_pay`` (1 is the target
            bonus), ``near_threshold`` (share within two points of it), ``luck`` (share of
            the differences that is chance).
        curve: Pay by attainment.
        mean_pay: Mean pay over all measures, 1 is the target bonus.
        budget: Money a year at the target bonus.
        source: Whether attainment is ``assumed`` or that of the company's ``stores``.
        attainment: Quantiles of attainment of the first measure, 0.5 % to 99.5 %.
    """

    role: str
    measures: pd.DataFrame
    curve: Curve
    mean_pay: float
    budget: float
    source: str
    attainment: Floats

    @property
    def cost(self) -> float:
        """Money a year that the plan pays out."""
        return self.mean_pay * self.budget

    @property
    def headline(self) -> str:
        """Who gets how far, and what it costs."""
        first = self.measures.iloc[0]
        words = _(
            "{role}: {threshold} reach the threshold, {target} the target, {excellence} "
            "excellence; the plan pays {pay} of its budget."
        )
        return words.format(
            role=self.role,
            threshold=percent(first["threshold"]),
            target=percent(first["target"]),
            excellence=percent(first["excellence"], 1),
            pay=percent(self.mean_pay, 1),
        )

    @property
    def figures(self) -> list[Figure]:
        """Pay, cost, people at the edge."""
        edge = float(self.measures["near_threshold"].max())
        return [
            Figure(_("Paid on average"), percent(self.mean_pay, 1), _("of the target bonus")),
            Figure(
                _("Cost a year"),
                money_short(self.cost),
                _("budget {money}").format(money=money_short(self.budget)),
            ),
            Figure(_("Within two points of the threshold"), percent(edge, 1)),
        ]

    @property
    def warnings(self) -> list[str]:
        """Where the plan leaves the guide, cliffs, and cost."""
        found = []
        if self.curve.pay_at_threshold > LARGEST_JUMP:
            found.append(
                _("Cliff: pay jumps from 0 to {jump} at the threshold.").format(
                    jump=percent(self.curve.pay_at_threshold)
                )
            )
        if abs(self.mean_pay - 1) > NEUTRAL:
            found.append(
                _("The plan is not cost-neutral: it pays {gap} of the budget.").format(
                    gap=percent(self.mean_pay, 1)
                )
            )
        return found + self._against_guide()

    def _against_guide(self) -> list[str]:
        first, words = self.measures.iloc[0], _guide_words()
        found = []
        for key, (low, high) in GUIDE.items():
            share = float(first[key])
            if not low - 0.005 <= share <= high + 0.005:
                hard = _("too hard") if share < low else _("too easy")
                found.append(
                    _("{what}: {share} get there, the guide is {low} to {high}: {hard}.").format(
                        what=words[key],
                        share=percent(share),
                        low=percent(low),
                        high=percent(high),
                        hard=hard,
                    )
                )
        return found

    def to_frame(self) -> pd.DataFrame:
        """One row per measure."""
        return self.measures

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("Measure")),
            "weight": Column(_("Part of the bonus"), "share"),
            "threshold": Column(_("Reach the threshold"), "share"),
            "target": Column(_("the target"), "share"),
            "excellence": Column(_("excellence"), "share", 1),
            "mean_pay": Column(_("Paid on average"), "share", 1),
            "luck": Column(_("Luck"), "share"),
        }

    @property
    def assumptions(self) -> list[str]:
        """Where attainment comes from, and the guide."""
        where = (
            _("Attainment is that of the company's own stores in the last year.")
            if self.source == "stores"
            else _("Attainment is assumed normal, with the mean and spread of each measure.")
        )
        return [
            where,
            _("Guide: about 90 % reach the threshold, 60 to 70 % the target, 10 % excellence."),
            _("Luck is the share of the differences between people that is chance."),
        ]

    def plot(self) -> Chart:
        """Draw pay by attainment over where people are."""
        return payout_curve(
            self.attainment,
            curve=self.curve,
            title=self.headline,
            subtitle=_("Pay by attainment (line), and how people spread over attainment (grey)"),
            x_label=_("attainment, share of the plan"),
            y_label=_("pay, share of the target bonus"),
            jump_words=_("jump of {jump}").format(jump=percent(self.curve.pay_at_threshold)),
        )


def _guide_words() -> dict[str, str]:
    return {
        "threshold": _("Threshold"),
        "target": _("Target"),
        "excellence": _("Excellence"),
    }


def simulate(
    plan: BonusPlan, incentives: Incentives, *, seed: int, threshold: float | None = None
) -> Payouts:
    """Pay a plan on assumed attainment.

    Args:
        plan: The plan.
        incentives: The document it stands in, for the names of KPIs.
        seed: Same seed, same people.
        threshold: Another threshold than the plan's.
    """
    drawn = {
        measure.kpi: normal_quantile(
            uniforms(f"{plan.id}/{measure.kpi}", n=DRAWS, seed=seed),
            mean=measure.mean,
            sd=measure.sd,
        )
        for measure in plan.measures
    }
    luck = {measure.kpi: measure.luck for measure in plan.measures}
    curve = _curve(plan, threshold)
    return _paid(plan, incentives, drawn, luck=luck, curve=curve, source="assumed")


def _curve(plan: BonusPlan, threshold: float | None) -> Curve:
    if threshold is not None and threshold >= plan.curve.target:
        raise PlaybookError(
            _("The threshold must be below the target of {target}.").format(
                target=percent(plan.curve.target)
            )
        )
    return plan.curve.curve(threshold=threshold)


def on_stores(
    plan: BonusPlan, incentives: Incentives, attained: StoreAttainment | Untold
) -> Payouts | Untold:
    """Pay a plan on what the company's own stores attained, or say why that cannot be told.

    Args:
        plan: The plan; measures that receipts do not show are left out, the rest weighted up.
        incentives: The document it stands in.
        attained: What the stores attained.
    """
    if isinstance(attained, Untold):
        return attained
    rewards = {measure.kpi: incentives.kpi(measure.kpi).rewards for measure in plan.measures}
    measures = tuple(m for m in plan.measures if rewards[m.kpi] in attained.attained)
    if not measures:
        return Untold(
            _("What the stores would have been paid last year cannot be told."),
            _("Receipts show none of the measures of this plan."),
        )
    total = sum(measure.weight for measure in measures)
    scaled = tuple(m.model_copy(update={"weight": m.weight / total}) for m in measures)
    return _paid(
        plan.model_copy(update={"measures": scaled}),
        incentives,
        {m.kpi: attained.attained[rewards[m.kpi]] for m in measures},
        luck={m.kpi: attained.luck[rewards[m.kpi]] for m in measures},
        curve=plan.curve.curve(),
        source="stores",
    )


def _paid(
    plan: BonusPlan,
    incentives: Incentives,
    attained: Mapping[str, Floats],
    *,
    luck: Mapping[str, float | None],
    curve: Curve,
    source: str,
) -> Payouts:
    """Apply the curve to each measure and weigh."""
    rows = [
        _row(measure, incentives, attained[measure.kpi], luck[measure.kpi], curve)
        for measure in plan.measures
    ]
    frame = pd.DataFrame(rows)
    first = attained[plan.measures[0].kpi]
    return Payouts(
        role=plan.role,
        measures=frame,
        curve=curve,
        mean_pay=float((frame["weight"] * frame["mean_pay"]).sum() / frame["weight"].sum()),
        budget=plan.budget,
        source=source,
        attainment=np.quantile(first, np.linspace(0.005, 0.995, 1981)),
    )


def _row(
    measure: Measure,
    incentives: Incentives,
    attained: Floats,
    luck: float | None,
    curve: Curve,
) -> dict[str, object]:
    found = reach(attained, curve)
    return {
        "name": incentives.kpi(measure.kpi).name,
        "weight": measure.weight,
        "threshold": found.threshold,
        "target": found.target,
        "excellence": found.excellence,
        "mean_pay": found.mean_pay,
        "near_threshold": found.near_threshold,
        "luck": float("nan") if luck is None else luck,
    }
