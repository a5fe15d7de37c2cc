"""The business case with sliders: every move acts on all draws at once."""

from __future__ import annotations

from playbook.display import html
from playbook.display.live import Live, Slider
from playbook.strategy.business_case import launch_now
from playbook.strategy.testing_value import value_of_testing
from playbook.strategy.value_flow import SEED
from playbook.strategy.value_model import Change, ValueModel
from playbook.text import gettext as _

LARGEST = 40


def case_live(model: ValueModel, *, seed: int = SEED) -> Live:
    """Launching now, with sliders for the effect, the scale-up and the running costs."""
    running = sum(line.amount for line in model.running)

    def answer(*, effect: float, scale_up: float, running_cost: float) -> str:
        moved = model.model_copy(
            update={
                "effect": model.effect.model_copy(update={"mean": effect}),
                "scale_up": model.scale_up.around(scale_up),
            }
        )
        saved = Change(id="slider", name="slider", running_change=running_cost - running)
        outlook = launch_now(moved, changes=[saved], seed=seed)
        return html.figures(outlook.figures) + outlook.plot().markup

    middle = model.scale_up.middle
    return Live(
        answer,
        {
            "effect": Slider(_("Expected effect"), model.effect.mean, 0.0, 0.05, 0.001, "points"),
            "scale_up": Slider(_("Survives the rollout"), middle, 0.1, 1.2, 0.05, "share"),
            "running_cost": Slider(
                _("Running costs a year"), running, 0.0, 2 * running, running / 78, "money_short"
            ),
        },
    )


def size_live(model: ValueModel, *, seed: int = SEED) -> Live:
    """The value of testing, with a slider for the pilot's size."""
    planned = model.pilot.pairs
    largest = max(LARGEST, planned)
    every = value_of_testing(model, sizes=range(2, largest + 1), seed=seed)

    def answer(*, pairs: float) -> str:
        worth = every.at(round(pairs))
        return html.headline(worth.headline) + html.figures(worth.figures) + worth.plot().markup

    return Live(answer, {"pairs": Slider(_("Pairs of stores"), planned, 2, largest, 1, "count")})
