"""Is testing worth its own money: what a pilot can change, by its size, against its cost.

The effect is believed to be normal; a pilot of n pairs measures it with a standard error
of ``pair_sd / sqrt(n)``. Whatever it shows, the better of going on and leaving it is then
chosen. Raiffa & Schlaifer's preposterior analysis, on the value model itself: its expected
value is a polynomial of the effect, so nothing is linearised and nothing is nested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.polynomial import Polynomial

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts import lines
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.cashflow import npv
from playbook.stats.detectable import in_pairs
from playbook.stats.information import learned_share, sample_information
from playbook.strategy.break_even import break_even
from playbook.strategy.value_flow import N_DRAWS, SEED, Inputs, cash, drawn_inputs
from playbook.strategy.value_model import ValueModel
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import money_short, number, points

SIZES = (2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 32, 40)
WEEKS_OF_YEAR = 52


@dataclass(frozen=True, kw_only=True, eq=False)
class ValueOfTesting(Result):
    """What a pilot is worth, by its number of pairs, against what it costs.

    Attributes:
        sizes: One row per size: ``pairs``, ``cost``, ``evsi`` (expected value of sample
            information), ``net`` (what testing first adds to the best decision without a
            test, less cost and less what waiting costs), ``mde`` (smallest effect found in
            8 of 10 pilots, a share).
        planned: Pairs of the planned pilot; one of the rows.
        evpi: Expected value of knowing the effect exactly, money.
        launch_now: Expected value of launching everywhere at once, money.
        test_first: Expected value of piloting at the planned size and then deciding, less
            the pilot's cost, rollout later by the planned delay.
        break_even: Effect from which the whole programme pays, a share; NaN when none.
        delay_weeks: Weeks by which the rollout starts later.
    """

    sizes: pd.DataFrame
    planned: int
    evpi: float
    launch_now: float
    test_first: float
    break_even: float
    delay_weeks: int

    @property
    def plan(self) -> dict[str, float]:
        """The row of the planned size."""
        rows = self.sizes[self.sizes["pairs"] == self.planned].to_dict("records")
        return {str(key): float(value) for key, value in rows[0].items()}

    def at(self, pairs: int) -> ValueOfTesting:
        """The same with another planned size, which must be one of the rows."""
        net = self.sizes.set_index("pairs")["net"]
        moved = self.test_first + float(net[pairs]) - float(net[self.planned])
        return replace(self, planned=pairs, test_first=moved)

    @property
    def is_worth_it(self) -> bool:
        """Whether testing first beats both launching now and leaving it."""
        return self.test_first > max(self.launch_now, 0.0)

    @property
    def best_pairs(self) -> int:
        """The size whose value exceeds cost and waiting by most."""
        return int(self.sizes["pairs"].to_numpy()[self.sizes["net"].to_numpy().argmax()])

    @property
    def headline(self) -> str:
        """Whether to launch, to test first, or to leave it, in money."""
        ahead = money_short(abs(self.test_first - self.launch_now))
        if self.is_worth_it:
            return _("Launching now costs in expectation {money} more than testing first.").format(
                money=ahead
            )
        if self.launch_now > 0:
            words = _("Testing first costs in expectation {money} more than launching now.")
            return words.format(money=ahead)
        return _("Neither launching now nor this pilot is worth its money.")

    @property
    def figures(self) -> list[Figure]:
        """Worth and cost of the planned pilot, launch now, best size."""
        plan = self.plan
        pairs = ngettext("{n} pair of stores", "{n} pairs of stores", self.planned)
        size = pairs.format(n=number(self.planned))
        best = ngettext("{n} pair", "{n} pairs", self.best_pairs)
        perfect = _("knowing it exactly: {money}").format(money=money_short(self.evpi))
        return [
            Figure(_("What the pilot's answer is worth"), money_short(plan["evsi"]), perfect),
            Figure(_("What the pilot costs"), money_short(plan["cost"]), size),
            Figure(_("Launching now"), money_short(self.launch_now), _("expected value")),
            Figure(
                _("Testing first"),
                money_short(self.test_first),
                _("best size: {pairs}").format(pairs=best.format(n=number(self.best_pairs))),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """A pilot that cannot see the effect the decision turns on."""
        mde = self.plan["mde"]
        if not isfinite(self.break_even) or mde <= self.break_even:
            return []
        words = _(
            "A pilot of this size reliably finds effects from {mde}, but the programme pays from "
            "{even} on: a result in between would decide nothing. Take more pairs."
        )
        return [
            words.format(
                mde=points(mde, 2, signed=False), even=points(self.break_even, 2, signed=False)
            )
        ]

    @property
    def assumptions(self) -> list[str]:
        """What the value of testing rests on."""
        late = ngettext(
            "The rollout starts {n} week later when it is tested first.",
            "The rollout starts {n} weeks later when it is tested first.",
            self.delay_weeks,
        )
        return [
            late.format(n=number(self.delay_weeks)),
            _("After the pilot the programme goes on if its expected value is above zero."),
            _("Only the effect is measured; ramp, costs and scale-up stay as uncertain as before."),
        ]

    @property
    def formula(self) -> str:
        """How the value is computed."""
        return _(
            "Value of the pilot's answer = expected value of the better of going on and leaving "
            "it after the pilot, less the better of both before it."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per size, the smallest effect also in points."""
        return self.sizes.assign(mde_points=self.sizes["mde"] * 100)

    def columns(self) -> dict[str, Column]:
        """The sizes with their labels."""
        return {
            "pairs": Column(_("Pairs"), "count"),
            "mde_points": Column(_("Smallest effect found, pp"), "number", 2),
            "evsi": Column(_("Worth of the answer"), "money_short"),
            "cost": Column(_("Cost of the pilot"), "money_short"),
            "net": Column(_("Left after cost and waiting"), "money_short"),
        }

    def plot(self) -> Chart:
        """Draw worth and cost by the number of pairs."""
        plan = self.plan
        title = ngettext(
            "The answer of a pilot with {n} pair is worth {worth} and costs {cost}",
            "The answer of a pilot with {n} pairs is worth {worth} and costs {cost}",
            self.planned,
        )
        return lines(
            self.sizes,
            x="pairs",
            y=["evsi", "cost"],
            title=title.format(
                n=number(self.planned),
                worth=money_short(plan["evsi"]),
                cost=money_short(plan["cost"]),
            ),
            subtitle=_("Expected worth of the pilot's answer and its cost, by number of pairs"),
            labels={"evsi": _("worth of the answer"), "cost": _("cost of the pilot")},
            hues={"evsi": theme.KEPT, "cost": theme.LOST},
            unit="money_short",
            x_label=_("Pairs of stores"),
            markers=len(self.sizes) <= len(SIZES) + 1,
        )


def value_of_testing(
    model: ValueModel,
    *,
    pairs: int | None = None,
    sizes: Sequence[int] = SIZES,
    n: int = N_DRAWS,
    seed: int = SEED,
) -> ValueOfTesting:
    """What pilots of different sizes are worth before anything is decided.

    Args:
        model: The value model with its pilot plan.
        pairs: Size of the planned pilot; the document's when not given.
        sizes: Further sizes to compare with.
        n: Draws of the inputs that the pilot does not measure.
        seed: Seed of the draws.
    """
    planned = model.pilot.pairs if pairs is None else pairs
    value = value_by_effect(model, n=n, seed=seed)
    rows = [_size_row(model, value, size) for size in sorted({*sizes, planned})]
    frame = pd.DataFrame(rows)
    known, now = sample_information(value, learned=1.0)
    return ValueOfTesting(
        sizes=frame,
        planned=planned,
        evpi=known - now,
        launch_now=_expected(model, drawn_inputs(model, n=n, seed=seed)),
        test_first=float(frame.loc[frame["pairs"] == planned, "net"].iloc[0]) + now,
        break_even=break_even(model),
        delay_weeks=model.pilot.delay_weeks,
    )


def _size_row(model: ValueModel, value: Polynomial, pairs: int) -> dict[str, float]:
    """What one size is worth and costs."""
    plan = model.pilot
    learned = learned_share(sd=model.effect.sd, noise_sd=plan.pair_sd / sqrt(pairs))
    after, now = sample_information(value, learned=learned)
    later = (1 + model.discount_rate) ** (-plan.delay_weeks / WEEKS_OF_YEAR)
    return {
        "pairs": pairs,
        "mde": in_pairs(sd=plan.pair_sd, pairs=pairs),
        "evsi": after - now,
        "cost": plan.cost(pairs),
        "net": after * later - plan.cost(pairs) - now,
    }


def value_by_effect(model: ValueModel, *, n: int = N_DRAWS, seed: int = SEED) -> Polynomial:
    """Expected net present value going forward, as a polynomial of the effect.

    The argument is in units of the belief: 0 is its mean, 1 one standard deviation above.
    The value model is a polynomial of the effect whose degree is the horizon, so as many
    effects plus one give it exactly; everything else is averaged over the same draws.
    """
    drawn = drawn_inputs(model, n=n, seed=seed)
    nodes = 4 * np.cos(np.pi * (np.arange(model.years + 1) + 0.5) / (model.years + 1))
    effects = model.effect.mean + nodes * model.effect.sd
    values = [_expected(model, replace(drawn, effect=float(effect))) for effect in effects]
    return Polynomial.fit(nodes, values, deg=model.years, domain=[-4, 4])


def _expected(model: ValueModel, inputs: Inputs) -> float:
    """Mean net present value over the draws, the pilot's cost left out."""
    return float(npv(cash(model, inputs).net, rate=model.discount_rate).mean())


def question() -> dict[str, Any]:
    """What the room decides on this page."""
    return {
        "question": _("Do we launch, test first, or leave it?"),
        "options": (
            _("Test first: fund the pilot"),
            _("Launch everywhere now"),
            _("Leave it: the case does not hold"),
        ),
    }
