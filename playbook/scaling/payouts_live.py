"""Sliders under a bonus: who gets paid and what it costs when the threshold moves."""

from __future__ import annotations

from html import escape

from playbook.display import html
from playbook.display.live import Live, Slider
from playbook.scaling.incentives import BonusPlan, Incentives
from playbook.scaling.payouts import simulate
from playbook.text import gettext as _


def threshold_live(plan: BonusPlan, incentives: Incentives, *, seed: int) -> Live:
    """Sliders for the threshold and the jump: who gets paid, and what it costs."""

    def answer(*, threshold: float, jump: float) -> str:
        curve = plan.curve.model_copy(update={"pay_at_threshold": jump})
        changed = plan.model_copy(update={"curve": curve})
        found = simulate(changed, incentives, seed=seed, threshold=threshold)
        notes = "".join(f'<p class="warn">{escape(line)}</p>' for line in found.warnings)
        figures = html.figures(found.figures)
        return figures + notes + found.plot().markup

    return Live(
        answer,
        {
            "threshold": Slider(
                label=_("Threshold"),
                value=plan.curve.threshold,
                low=0.6,
                high=0.98,
                step=0.01,
                unit="share",
            ),
            "jump": Slider(
                label=_("Pay at the threshold"),
                value=plan.curve.pay_at_threshold,
                low=0.0,
                high=1.0,
                step=0.05,
                unit="share",
            ),
        },
    )
