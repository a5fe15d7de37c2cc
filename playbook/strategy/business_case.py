"""The business case under uncertainty: what the change is worth, and how often it pays.

``launch_now`` asks before a pilot, with the belief of the value model. ``forward`` asks
after it, or after a wave, with what was learned about the effect; money already spent is
sunk and does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.display.charts import distribution
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.cashflow import npv
from playbook.strategy.estimates import Belief
from playbook.strategy.value_flow import N_DRAWS, SEED, cash, drawn_inputs, middle_inputs
from playbook.strategy.value_model import Change, ValueModel, traps
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import money_short, number, percent, points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from playbook.display.chart import Chart


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlook(Result):
    """What the programme is worth when everything uncertain is drawn at once.

    Attributes:
        npv: Net present value of every draw, money.
        base_npv: Net present value with every input at its middle.
        effect_mean: Expected effect on the pilot's outcome before changes, a share.
        effect_sd: Its standard deviation.
        is_forward: Whether the pilot lies behind: its cost is sunk.
        changes: Corrections that are counted in.
        model: The value model behind it.
        seed: Seed of the draws.
    """

    npv: NDArray[np.float64]
    base_npv: float
    effect_mean: float
    effect_sd: float
    is_forward: bool
    changes: tuple[Change, ...]
    model: ValueModel
    seed: int

    @property
    def mean(self) -> float:
        """Expected net present value, money."""
        return float(self.npv.mean())

    @property
    def p_gain(self) -> float:
        """Chance that the programme is worth more than it costs, 0-1."""
        return float((self.npv > 0).mean())

    @property
    def p5(self) -> float:
        """Net present value undercut in 5 of 100 cases, money."""
        return float(np.quantile(self.npv, 0.05))

    @property
    def p95(self) -> float:
        """Net present value exceeded in 5 of 100 cases, money."""
        return float(np.quantile(self.npv, 0.95))

    @property
    def headline(self) -> str:
        """The expected result and how often it pays, in one sentence."""
        pays = round(self.p_gain * 100)
        cases = ngettext("it pays in {n} case of 100", "it pays in {n} cases of 100", pays)
        return _message(is_forward=self.is_forward, gains=self.mean >= 0).format(
            money=money_short(abs(self.mean)), pays=cases.format(n=number(pays))
        )

    @property
    def figures(self) -> list[Figure]:
        """Expected value, chance of a loss, bad and good case."""
        draws = ngettext("of {n} draw", "of {n} draws", len(self.npv))
        return [
            Figure(
                _("Expected value"),
                money_short(self.mean),
                _("base case {money}").format(money=money_short(self.base_npv)),
            ),
            Figure(
                _("Chance of a loss"),
                percent(1 - self.p_gain),
                draws.format(n=number(len(self.npv))),
            ),
            Figure(_("In 5 of 100 cases below"), money_short(self.p5), _("net present value")),
            Figure(_("In 5 of 100 cases above"), money_short(self.p95), _("net present value")),
        ]

    @property
    def warnings(self) -> list[str]:
        """The traps this case falls into."""
        return traps(self.model)

    @property
    def assumptions(self) -> list[str]:
        """What is drawn, what is left out, and the outside view."""
        words = _("The effect is {mean} with a standard deviation of {sd}.")
        effect = words.format(
            mean=points(self.effect_mean, 2, signed=False),
            sd=points(self.effect_sd, 2, signed=False),
        )
        sunk = _("The pilot is paid for and does not count.")
        whole = _("The programme starts at once, without a pilot.")
        lines = [effect, sunk if self.is_forward else whole]
        if self.model.base_rate_share is not None:
            outside = _(
                "Outside view: {share} of comparable projects did not break even ({source})."
            )
            lines.append(
                outside.format(
                    share=percent(self.model.base_rate_share), source=self.model.base_rate_source
                )
            )
        return lines

    @property
    def formula(self) -> str:
        """How the value is computed."""
        return _(
            "Net present value = sum over the years of (kept customers × margin + larger baskets "
            "− running costs) discounted, less one-off costs; kept customers = those kept last "
            "year who stay, plus customers × effect × annual map × scale-up × ramp."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per quantile: ``share`` of cases below it, ``npv``."""
        shares = np.array([0.05, 0.25, 0.50, 0.75, 0.95])
        return pd.DataFrame({"share": shares, "npv": np.quantile(self.npv, shares)})

    def columns(self) -> dict[str, Column]:
        """The quantiles with their labels."""
        return {
            "share": Column(_("Share of cases below"), "share"),
            "npv": Column(_("Net present value"), "money_short"),
        }

    def plot(self) -> Chart:
        """Draw the outcomes, losses apart from gains."""
        subtitle = _(
            "Net present value, {n} draws; the highest 2 and the lowest 2 of 1,000 cut off"
        )
        return distribution(
            self.npv,
            title=self.headline,
            subtitle=subtitle.format(n=number(len(self.npv))),
            below=_("lose money"),
            above=_("gain money"),
        )


def _message(*, is_forward: bool, gains: bool) -> str:
    """The sentence of an outlook, with places for money and chance."""
    match is_forward, gains:
        case True, True:
            return _("From here on the programme is expected to gain {money}; {pays}.")
        case True, False:
            return _("From here on the programme is expected to lose {money}; {pays}.")
        case False, True:
            return _("Launched now, the programme is expected to gain {money}; {pays}.")
        case _:
            return _("Launched now, the programme is expected to lose {money}; {pays}.")


def launch_now(
    model: ValueModel, *, changes: Sequence[Change] = (), n: int = N_DRAWS, seed: int = SEED
) -> Outlook:
    """What the programme is worth when it starts everywhere at once, without a pilot."""
    return _outlook(model, belief=model.effect, changes=changes, is_forward=False, n=n, seed=seed)


def forward(
    model: ValueModel,
    *,
    effect_mean: float,
    effect_sd: float,
    changes: Sequence[Change] = (),
    n: int = N_DRAWS,
    seed: int = SEED,
) -> Outlook:
    """What the programme is worth from here on, after the effect was measured.

    Args:
        model: The value model.
        effect_mean: Posterior mean of the effect on the pilot's outcome, a share
            (0.0184 is 1.84 points), before ``changes``.
        effect_sd: Posterior standard deviation, a share above 0.
        changes: Corrections to the programme, applied in their order: factor, then shift.
        n: Draws.
        seed: Seed of the draws; the same seed compares like with like.
    """
    belief = Belief(mean=effect_mean, sd=effect_sd)
    return _outlook(model, belief=belief, changes=changes, is_forward=True, n=n, seed=seed)


def _outlook(
    model: ValueModel,
    *,
    belief: Belief,
    changes: Sequence[Change],
    is_forward: bool,
    n: int,
    seed: int,
) -> Outlook:
    rate = model.discount_rate
    inputs = drawn_inputs(model, effect=belief, n=n, seed=seed)
    middle = cash(model, middle_inputs(model, effect=belief.mean), changes=changes)
    return Outlook(
        npv=npv(cash(model, inputs, changes=changes).net, rate=rate),
        base_npv=float(npv(middle.net, rate=rate)),
        effect_mean=belief.mean,
        effect_sd=belief.sd,
        is_forward=is_forward,
        changes=tuple(changes),
        model=model,
        seed=seed,
    )
