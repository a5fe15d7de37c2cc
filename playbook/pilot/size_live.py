"""How large must the pilot be? One slider, answered from placebo pilots already run."""

from __future__ import annotations

import math

import numpy as np

from playbook.display import html
from playbook.display.live import Live, Slider
from playbook.pilot.power import Power
from playbook.text import gettext as _
from playbook.text.numbers import percent


def size_live(power: Power) -> Live:
    """The smallest effect that pilots of other sizes find, and whether that is enough."""
    own = power.curve.loc[power.curve["estimator"] == power.estimator]
    sizes = own["size"].to_numpy(int)

    def answer(size: float) -> str:
        row = own.iloc[int(np.abs(sizes - size).argmin())]
        mde, n = float(row["mde"]), int(row["size"])
        shown = [
            html.Figure(_("Found in 8 of 10 pilots"), power.show(mde), power.count(n)),
            html.Figure(_("False alarms"), percent(float(row["false_alarms"]), 1), ""),
        ]
        return html.headline(_told(power, mde)) + html.figures(shown)

    label = _("Pairs") if power.mechanism == "pairs" else _("Pilot stores")
    slider = Slider(
        label, power.size, float(sizes.min()), float(sizes.max()), _step(sizes), unit="count"
    )
    return Live(answer, {"size": slider})


def _step(sizes: np.ndarray) -> float:
    gaps = np.diff(np.unique(sizes))
    return float(gaps.min()) if len(gaps) else 1.0


def _told(power: Power, mde: float) -> str:
    """Whether an effect of this size is small enough."""
    if not math.isfinite(power.break_even):
        return _("What is needed is not known: the business case is missing.")
    if mde > power.break_even:
        return _("Too small: the effect that pays would be overlooked too often.")
    if mde > power.break_even_adjusted:
        return _("Large enough for the programme as designed, not for the adjusted one.")
    return _("Large enough.")
