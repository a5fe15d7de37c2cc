"""The value of the change: from an effect on repeat purchase to yearly cash.

One model serves the business case before the pilot, the choice of the pilot's size, the
verdict after it and every wave of the rollout. It takes an effect as a number or as ten
thousand draws, and gives cash per year for each.

    kept(t)  = kept(t-1) * (retention + gain(t)) + customers * gain(t)
    gain(t)  = effect * annual_map * scale_up * ramp(t)
    cash(t)  = kept(t) * kept_margin + basket_gain * touched_revenue * margin_share * ramp(t)
               - running costs(t)

``kept`` counts the customers that are active with the programme and would not be
without it; once kept they stay with the retention that the programme gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from playbook.stats.draws import uniforms
from playbook.strategy.value_model import UNCERTAIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from playbook.strategy.estimates import Belief
    from playbook.strategy.value_model import Change, CostLine, ValueModel

    Numbers = float | NDArray[np.float64]

N_DRAWS = 10_000
SEED = 20_260_105


@dataclass(frozen=True, kw_only=True, eq=False)
class Inputs:
    """One value, or one array of draws, for everything that is uncertain.

    Attributes:
        effect: Effect on the pilot's outcome, a share.
        annual_map: Points of annual retention per point of the outcome.
        scale_up: Share of the effect that survives the rollout.
        kept_margin: Yearly margin of a kept customer.
        basket_gain: Relative growth of the basket.
        one_off_factor: Factor on the one-off costs.
        running_factor: Factor on the running costs.
    """

    effect: Numbers
    annual_map: Numbers
    scale_up: Numbers
    kept_margin: Numbers
    basket_gain: Numbers
    one_off_factor: Numbers
    running_factor: Numbers


def middle_inputs(model: ValueModel, *, effect: float | None = None) -> Inputs:
    """Every input at its middle value; the effect at ``effect`` or at what is expected."""
    expected = model.effect.mean if effect is None else effect
    return Inputs(effect=expected, **{key: getattr(model, key).middle for key in UNCERTAIN})


def drawn_inputs(
    model: ValueModel, *, effect: Belief | None = None, n: int = N_DRAWS, seed: int = SEED
) -> Inputs:
    """``n`` draws of every input; the same seed gives the same draws whatever is moved."""
    belief = effect or model.effect
    return Inputs(
        effect=belief.at(uniforms("effect", n=n, seed=seed)),
        **{key: getattr(model, key).at(uniforms(key, n=n, seed=seed)) for key in UNCERTAIN},
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Cash:
    """Cash of the programme per year; years are the last axis, today is year 0.

    Attributes:
        customers: Customers kept who would be gone without the programme.
        kept: Their margin.
        basket: Margin of larger baskets.
        running: Running costs, as a positive number.
        one_off: One-off costs, in year 0.
        pilot: Cost of the pilot, in year 0; zero where it is sunk.
    """

    customers: NDArray[np.float64]
    kept: NDArray[np.float64]
    basket: NDArray[np.float64]
    running: NDArray[np.float64]
    one_off: NDArray[np.float64]
    pilot: NDArray[np.float64]

    @property
    def net(self) -> NDArray[np.float64]:
        """What remains each year."""
        return self.kept + self.basket - self.running - self.one_off - self.pilot


def open_costs(lines: Sequence[CostLine]) -> float:
    """Money of the lines that are not spent yet: what is spent decides nothing."""
    return sum(line.amount for line in lines if not line.is_spent)


def cash(
    model: ValueModel,
    inputs: Inputs,
    *,
    changes: Sequence[Change] = (),
    with_pilot: bool = False,
) -> Cash:
    """Cash per year for one set of inputs or for all draws at once.

    Args:
        model: The value model.
        inputs: Numbers, or arrays of one length.
        changes: Corrections, applied in their order.
        with_pilot: Whether the pilot's cost counts: before the pilot it does, after it
            it is sunk.

    Returns:
        Arrays of shape ``(years + 1,)`` or ``(draws, years + 1)``.
    """
    moved = _after(inputs, changes)
    customers = _kept_customers(model, moved)
    running = open_costs(model.running) + sum(change.running_change for change in changes)
    one_off = open_costs(model.one_off) * np.asarray(moved.one_off_factor)
    first = one_off + sum(change.one_off for change in changes)
    touched = model.touched_revenue * model.margin_share
    return Cash(
        customers=customers,
        kept=customers * _per_draw(moved.kept_margin),
        basket=_per_draw(moved.basket_gain) * touched * _yearly(model.ramp),
        running=_per_draw(moved.running_factor) * running * _yearly(model.running_ramp),
        one_off=_in_first_year(first, model.years),
        pilot=_in_first_year(model.pilot.cost() if with_pilot else 0.0, model.years),
    )


def _after(inputs: Inputs, changes: Sequence[Change]) -> Inputs:
    """The inputs with the effect as the changes leave it."""
    effect = inputs.effect
    for change in changes:
        effect = effect * change.effect_factor + change.effect_shift
    return replace(inputs, effect=effect)


def _kept_customers(model: ValueModel, inputs: Inputs) -> NDArray[np.float64]:
    """Customers who are there because of the programme, per year."""
    full = np.asarray(inputs.effect * inputs.annual_map * inputs.scale_up, dtype=float)
    stock = [np.zeros_like(full)]
    for share in model.ramp:
        gain = full * share
        stock.append(stock[-1] * (model.retention_share + gain) + model.base_customers * gain)
    return np.stack(stock, axis=-1)


def _per_draw(value: Numbers) -> NDArray[np.float64]:
    """A number or its draws, ready to be spread over years."""
    return np.asarray(value, dtype=float)[..., None]


def _yearly(ramp: Sequence[float]) -> NDArray[np.float64]:
    return np.array([0.0, *ramp])


def _in_first_year(amount: Numbers, years: int) -> NDArray[np.float64]:
    first = np.eye(1, years + 1)[0]
    return np.asarray(_per_draw(amount) * first)
