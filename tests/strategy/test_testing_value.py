"""Is testing worth its own money."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from playbook.stats.cashflow import npv
from playbook.stats.draws import uniforms
from playbook.stats.information import posterior
from playbook.strategy.testing_value import value_by_effect, value_of_testing
from playbook.strategy.value_flow import Inputs, cash, drawn_inputs
from playbook.strategy.value_model import ValueModel
from playbook.text import in_language

INPUTS = Path(__file__).parents[2] / "data" / "sample" / "inputs"
RAW = yaml.safe_load((INPUTS / "value_model.yaml").read_text(encoding="utf-8"))
M = 1e6


@pytest.fixture(scope="module")
def model() -> ValueModel:
    return ValueModel.model_validate(RAW)


@pytest.fixture(autouse=True)
def _english():
    with in_language("en"):
        yield


def with_belief(model: ValueModel, **belief: float) -> ValueModel:
    effect = model.effect.model_copy(update=belief)
    return model.model_copy(update={"effect": effect})


def test_a_pilot_of_twelve_pairs_is_worth_more_than_it_costs(model):
    worth = value_of_testing(model)
    assert worth.planned == 12
    assert worth.plan["evsi"] / M == pytest.approx(41, abs=1)
    assert worth.plan["cost"] == pytest.approx(19 * M)
    assert worth.is_worth_it


def test_beyond_twelve_pairs_there_is_little_to_gain(model):
    worth = value_of_testing(model)
    # 33/37/39/41/42/44 for 4/6/8/12/16/24 pairs
    by_size = worth.sizes.set_index("pairs")["evsi"] / M
    assert by_size.loc[[4, 6, 8, 12, 16, 24]].to_numpy() == pytest.approx(
        [33, 37, 39, 41, 42, 44], abs=1
    )
    assert worth.best_pairs == 12


def test_launching_now_costs_more_than_testing_first_in_one_sentence(model):
    worth = value_of_testing(model)
    assert worth.headline.startswith("Launching now costs in expectation ₽90")
    assert worth.test_first - worth.launch_now == pytest.approx(90 * M, abs=1.5 * M)


def test_no_pilot_is_worth_more_than_knowing_the_effect(model):
    worth = value_of_testing(model)
    assert worth.evpi / M == pytest.approx(50, abs=4)
    assert (worth.sizes["evsi"] < worth.evpi).all()
    assert worth.sizes["evsi"].is_monotonic_increasing


def test_the_smallest_effect_found_falls_below_break_even_at_twelve_pairs(model):
    worth = value_of_testing(model)
    assert worth.plan["mde"] == pytest.approx(0.0165, abs=0.0001)
    assert worth.warnings == []
    small = value_of_testing(model, pairs=8)
    assert small.plan["mde"] > worth.break_even
    assert "would decide nothing" in small.warnings[0]


def test_a_pilot_that_cannot_change_the_decision_is_not_worth_its_money(model):
    sure = with_belief(model, mean=0.08, sd=0.003)
    worth = value_of_testing(sure)
    assert worth.plan["evsi"] == pytest.approx(0, abs=0.05 * M)
    assert not worth.is_worth_it
    assert worth.headline.startswith("Testing first costs in expectation")


def test_a_hopeless_programme_is_neither_launched_nor_piloted(model):
    hopeless = with_belief(model, mean=-0.02, sd=0.002)
    assert value_of_testing(hopeless).headline.startswith("Neither")


def test_waiting_costs_more_the_later_the_rollout_starts(model):
    later = model.model_copy(update={"pilot": model.pilot.model_copy(update={"delay_weeks": 52})})
    assert value_of_testing(later).test_first < value_of_testing(model).test_first


def test_the_polynomial_is_the_value_model_itself(model):
    value = value_by_effect(model, n=2_000)
    drawn = drawn_inputs(model, n=2_000)
    for z in (-2.5, 0.3, 3.1):
        at = {**vars(drawn), "effect": 0.015 + z * 0.013}
        direct = npv(cash(model, Inputs(**at)).net, rate=0.18).mean()
        assert float(value(z)) == pytest.approx(float(direct), rel=1e-9)


def test_it_agrees_with_brute_force_nested_simulation(model):
    """Draw an effect and a pilot, update, average the value over fresh draws, decide."""
    pairs, outer, inner = 12, 2_000, 1_500
    prior, noise = model.effect, model.pilot.pair_sd / pairs**0.5
    truth = prior.at(uniforms("true effect", n=outer, seed=11))
    shock = uniforms("pilot", n=outer, seed=12)
    seen = truth + type(prior)(mean=0.0, sd=noise).at(shock)
    drawn = drawn_inputs(model, n=inner, seed=13)
    z = (np.asarray(drawn.effect) - prior.mean) / prior.sd
    decided = []
    for result in seen:
        mean, sd = posterior(mean=prior.mean, sd=prior.sd, observed=result, noise_sd=noise)
        inputs = Inputs(**{**vars(drawn), "effect": mean + sd * z})
        decided.append(max(0.0, float(npv(cash(model, inputs).net, rate=0.18).mean())))
    nested = np.mean(decided) - max(0.0, float(value_by_effect(model)(0.0)))
    error = np.std(decided) / outer**0.5
    assert value_of_testing(model).plan["evsi"] == pytest.approx(nested, abs=3 * error)
    assert error < 2 * M
