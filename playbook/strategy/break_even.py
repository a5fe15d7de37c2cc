"""The effect at which the programme is worth exactly what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from playbook.stats.cashflow import npv
from playbook.strategy.value_flow import Inputs, cash, middle_inputs
from playbook.strategy.value_model import Change, ValueModel

WIDEST_EFFECT = 0.30


def break_even(
    model: ValueModel, *, changes: Sequence[Change] = (), with_pilot: bool = True
) -> float:
    """The effect at which the base case is worth nothing, a share before ``changes``.

    NaN when no effect up to 30 points in either direction is enough.
    """
    return effect_that_pays(model, middle_inputs(model), changes=changes, with_pilot=with_pilot)


def effect_that_pays(
    model: ValueModel, inputs: Inputs, *, changes: Sequence[Change], with_pilot: bool
) -> float:
    """The same with every other input as given."""
    effects = np.linspace(-WIDEST_EFFECT, WIDEST_EFFECT, 6_001)
    flow = cash(model, replace(inputs, effect=effects), changes=changes, with_pilot=with_pilot)
    worth = npv(flow.net, rate=model.discount_rate)
    crossing = np.flatnonzero((worth[:-1] < 0) & (worth[1:] >= 0))
    if crossing.size == 0:
        return float("nan")
    at = slice(crossing[0], crossing[0] + 2)
    return float(np.interp(0.0, worth[at], effects[at]))
