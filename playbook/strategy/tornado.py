"""What moves the business case most: one input at a time from its low to its high value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from playbook.display import charts
from playbook.display.chart import Chart
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.cashflow import npv
from playbook.strategy.estimates import Belief
from playbook.strategy.value_flow import cash, middle_inputs
from playbook.strategy.value_model import UNCERTAIN, Change, ValueModel
from playbook.text import gettext as _
from playbook.text.numbers import between, money, money_short, number, percent, points

NORMAL_95 = 1.96


@dataclass(frozen=True, kw_only=True, eq=False)
class Tornado(Result):
    """How far each uncertain input alone moves the net present value.

    Attributes:
        inputs: One row per input, the widest first: ``input`` (field name), ``low``,
            ``high`` (its values), ``npv_low``, ``npv_high``, ``width`` (money).
        base: Net present value with every input at its middle.
    """

    inputs: pd.DataFrame
    base: float

    @property
    def headline(self) -> str:
        """The input that moves most, and how far."""
        first = self.inputs.iloc[0]
        words = _("{name} moves the result most: from {low} to {high}.")
        return words.format(
            name=in_words(str(first["input"])),
            low=money_short(float(first["npv_low"])),
            high=money_short(float(first["npv_high"])),
        )

    @property
    def assumptions(self) -> list[str]:
        """How far each input is moved."""
        return [
            _("Each input moves alone from its low to its high value; the others stay put."),
            _("The effect moves over its 95 % interval."),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per input with its range in words."""
        ranges = [
            between(_written(row["input"], row["low"]), _written(row["input"], row["high"]))
            for row in self.inputs.to_dict("records")
        ]
        names = [in_words(name) for name in self.inputs["input"]]
        return self.inputs.assign(name=names, range=ranges)

    def columns(self) -> dict[str, Column]:
        """The inputs with their labels."""
        return {
            "name": Column(_("Input")),
            "range": Column(_("From low to high")),
            "npv_low": Column(_("Value at low"), "money_short"),
            "npv_high": Column(_("Value at high"), "money_short"),
            "width": Column(_("Difference"), "money_short"),
        }

    def plot(self) -> Chart:
        """Draw one bar per input."""
        subtitle = _("Net present value when one input moves from its low to its high value")
        return charts.tornado(
            self.to_frame(),
            category="name",
            low="npv_low",
            high="npv_high",
            base=self.base,
            title=self.headline,
            subtitle=subtitle,
        )


def in_words(name: str) -> str:
    """What an input of the value model is called."""
    words = {
        "effect": _("Effect on repeat purchase"),
        "annual_map": _("Annual effect per point"),
        "scale_up": _("Share that survives the rollout"),
        "kept_margin": _("Margin of a kept customer"),
        "basket_gain": _("Growth of the basket"),
        "one_off_factor": _("One-off costs"),
        "running_factor": _("Running costs"),
    }
    return words[name]


def _written(name: str, value: float) -> str:
    """A value of an input as the reader sees it."""
    match name:
        case "effect":
            return points(value, 1)
        case "annual_map":
            return number(value, 1)
        case "kept_margin":
            return money(value)
        case "basket_gain":
            return percent(value, 1)
        case _:
            return percent(value)


def tornado(
    model: ValueModel,
    *,
    effect: Belief | None = None,
    changes: Sequence[Change] = (),
    with_pilot: bool = False,
) -> Tornado:
    """Move one input at a time and see what the programme is worth.

    Args:
        model: The value model.
        effect: Belief about the effect; the model's own when not given.
        changes: Corrections to the programme, applied in their order.
        with_pilot: Whether the pilot's cost counts.
    """
    belief = effect or model.effect
    middle = middle_inputs(model, effect=belief.mean)
    reach = NORMAL_95 * belief.sd
    ends = {"effect": (belief.mean - reach, belief.mean + reach)}
    ends |= {key: (getattr(model, key).low, getattr(model, key).high) for key in UNCERTAIN}

    def worth(key: str) -> np.ndarray:
        moved = replace(middle, **{key: np.array(ends[key])})
        flow = cash(model, moved, changes=changes, with_pilot=with_pilot)
        return npv(flow.net, rate=model.discount_rate)

    values = {key: worth(key) for key in ends}
    frame = pd.DataFrame(
        {
            "input": list(ends),
            "low": [low for low, _high in ends.values()],
            "high": [high for _low, high in ends.values()],
            "npv_low": [float(value[0]) for value in values.values()],
            "npv_high": [float(value[1]) for value in values.values()],
        }
    )
    frame["width"] = (frame["npv_high"] - frame["npv_low"]).abs()
    flow = cash(model, middle, changes=changes, with_pilot=with_pilot)
    return Tornado(
        inputs=frame.sort_values("width", ascending=False, ignore_index=True),
        base=float(npv(flow.net, rate=model.discount_rate)),
    )
