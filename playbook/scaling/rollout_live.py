"""The sliders and questions of the pages on scaling."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from playbook.display import html
from playbook.display.live import Live, Slider
from playbook.scaling.rollout import Rollout
from playbook.scaling.tracking import Tracking
from playbook.scaling.waves import plan
from playbook.text import gettext as _
from playbook.text import name


def tuned(rollout: Rollout, *, trainers: int = 0) -> Rollout:
    """The rollout with another number of trainers; 0 keeps the planned one."""
    return rollout.model_copy(update={"trainers": trainers}) if trainers else rollout


def pace(
    stores: pd.DataFrame,
    *,
    rollout: Rollout,
    treated: Sequence[str] = (),
    control: Sequence[str] = (),
) -> Live:
    """Trainers and weeks between waves, and whether the plan still holds."""

    def answer(*, trainers: float, weeks: float) -> str:
        moved = rollout.model_copy(
            update={"trainers": round(trainers), "weeks_between_waves": round(weeks)}
        )
        drawn = plan(stores, rollout=moved, treated=treated, control=control)
        return html.headline(drawn.headline) + html.figures(drawn.figures) + drawn.plot().markup

    return Live(
        answer,
        {
            "trainers": Slider(_("Trainers"), rollout.trainers, 1, 12, 1, unit="count"),
            "weeks": Slider(
                _("Weeks between waves"), rollout.weeks_between_waves, 2, 16, 1, unit="count"
            ),
        },
    )


def question() -> str:
    """The question that the scaling page asks."""
    return _("Do we start wave 1 with this plan?")


def options() -> tuple[str, ...]:
    """The choices of the scaling page."""
    return (
        _("Start wave 1 as planned"),
        _("Start with fewer stores"),
        _("Wait until the barrier is mended"),
    )


def question_after(signals: Tracking) -> str:
    """The question that the tracking page asks, given what fired."""
    if signals.fired.empty:
        return _("Do we start the next wave everywhere?")
    regions = ", ".join(name(region) for region in signals.held)
    return _("A signal has fired ({regions}). What do we do?").format(regions=regions)


def ways(signals: Tracking) -> tuple[str, ...]:
    """The choices of the tracking page."""
    if signals.fired.empty:
        return (_("Start the next wave everywhere"), _("Wait and read again"))
    return (
        _("Go back as agreed; the other regions go on"),
        _("Hold the next wave everywhere"),
        _("Go on everywhere in spite of the signal"),
    )
