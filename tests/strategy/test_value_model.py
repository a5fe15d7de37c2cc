"""The value of the change: its document, its refusals, its yearly cash."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from playbook.engagement.documents import of_kind
from playbook.stats.cashflow import npv
from playbook.strategy.estimates import Belief, Estimate
from playbook.strategy.value_flow import cash, drawn_inputs, middle_inputs
from playbook.strategy.value_model import Change, ValueModel, traps, tuned, widened
from playbook.text import in_language

INPUTS = Path(__file__).parents[2] / "data" / "sample" / "inputs"
RAW = yaml.safe_load((INPUTS / "value_model.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def model() -> ValueModel:
    return ValueModel.model_validate(RAW)


@pytest.fixture(autouse=True)
def _english():
    with in_language("en"):
        yield


def changed(**fields: object) -> ValueModel:
    return ValueModel.model_validate({**RAW, **fields})


def test_the_sample_chain_has_a_value_model():
    assert of_kind("value_model") is ValueModel


def test_cash_by_hand_for_two_years():
    # 1,000 customers, retention .5, effect .1 x map 1 x scale-up 1, margin 10, no baskets:
    # year 1: 1,000 x .05 = 50 kept; year 2: 50 x (.5 + .1) + 1,000 x .1 = 130 kept
    point = {"low": 1.0, "middle": 1.0, "high": 1.0}
    model = changed(
        base_customers=1_000,
        retention_share=0.5,
        effect={"mean": 0.1, "sd": 0.01},
        annual_map=point,
        scale_up=point,
        kept_margin={"low": 10, "middle": 10, "high": 10},
        basket_gain={"low": 0, "middle": 0, "high": 0},
        ramp=[0.5, 1.0],
        running_ramp=[0.5, 1.0],
        one_off=[{"name": "a", "amount": 300}],
        running=[{"name": "b", "amount": 100}],
        segments=[],
    )
    flow = cash(model, middle_inputs(model))
    assert flow.customers == pytest.approx([0, 50, 130])
    assert flow.net == pytest.approx([-300, 500 - 50, 1_300 - 100])


def test_larger_baskets_follow_the_ramp(model):
    # 0.6 % of 15.7248 bn at 24 % margin is 22.64 m at full ramp
    flow = cash(model, middle_inputs(model))
    assert flow.basket[-1] == pytest.approx(0.006 * 15.7248e9 * 0.24)
    assert flow.basket[1] == pytest.approx(0.35 * flow.basket[-1])


def test_draws_agree_with_one_at_a_time(model):
    inputs = drawn_inputs(model, n=50, seed=4)
    many = cash(model, inputs).net
    fields = {key: value[7] for key, value in vars(inputs).items()}
    one = cash(model, type(inputs)(**fields)).net
    assert many[7] == pytest.approx(one)


@settings(deadline=None, max_examples=30)
@given(effect=st.floats(-0.02, 0.05), more=st.floats(0.0005, 0.02))
def test_a_larger_effect_is_never_worth_less(effect, more):
    model = ValueModel.model_validate(RAW)
    worth = [
        float(npv(cash(model, middle_inputs(model, effect=e)).net, rate=0.18))
        for e in (effect, effect + more)
    ]
    assert worth[1] > worth[0]


def test_the_pilots_cost_counts_once_and_only_where_it_is_asked_for(model):
    inputs = middle_inputs(model)
    with_pilot, without = (cash(model, inputs, with_pilot=w).net for w in (True, False))
    assert without[0] - with_pilot[0] == pytest.approx(19e6)
    assert with_pilot[1:] == pytest.approx(without[1:])


def test_what_is_spent_already_decides_nothing(model):
    lines = [{**line, "is_spent": line["name"] == "Programme office"} for line in RAW["one_off"]]
    spent = changed(one_off=lines)
    assert cash(spent, middle_inputs(spent)).net[0] == pytest.approx(-100e6)
    assert any("Programme office" in trap and "spent" in trap for trap in traps(spent))


def test_changes_apply_in_their_order(model):
    # stop the mailing (-.07 points), then better fidelity (x 88/78): (1.84-.07) x 88/78 = 1.997
    changes = [
        Change(id="mailing", name="stop", effect_shift=-0.0007, running_change=-22e6),
        Change(id="fidelity", name="better", effect_factor=88 / 78),
    ]
    by_changes = cash(model, middle_inputs(model, effect=0.0184), changes=changes)
    direct = cash(model, middle_inputs(model, effect=0.0177 * 88 / 78))
    assert by_changes.kept == pytest.approx(direct.kept)
    assert direct.running[-1] - by_changes.running[-1] == pytest.approx(22e6)


def test_a_sound_model_falls_into_no_trap(model):
    assert traps(model) == []


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"kept_margin": {"low": 9_000, "middle": 9_828, "high": 10_000}}, "revenue, not margin"),
        ({"kept_margin": {"low": 2_400, "middle": 2_900, "high": 3_300}}, "above the average"),
        ({"ramp": [1.0, 1.0, 1.0, 1.0, 1.0]}, "in full in the first year"),
        ({"scale_up": {"low": 1.0, "middle": 1.0, "high": 1.0}}, "Nothing is lost"),
    ],
)
def test_each_trap_has_its_own_sentence(fields, word):
    found = traps(changed(**fields))
    assert len(found) == 1
    assert word in found[0]


def test_estimates_out_of_order_are_named_with_their_values():
    with pytest.raises(ValidationError, match=r"out of order: low 1\.9, middle 1\.5, high 1\.1"):
        Estimate(low=1.9, middle=1.5, high=1.1)


def test_impossible_quantiles_are_refused():
    with pytest.raises(ValidationError, match="No distribution has these quantiles: 0, 1, 100"):
        Estimate(low=0, middle=1, high=100, means="p10_p90")


def test_quantiles_that_fit_are_taken():
    estimate = Estimate(low=1.1, middle=1.5, high=2.2, means="p10_p90")
    assert estimate.at(np.array([0.1, 0.9])) == pytest.approx([1.1, 2.2])


def test_every_contradiction_of_a_document_is_named_at_once():
    twice = [*RAW["running"], {"name": "platform", "amount": 1}]
    segments = [{**part, "effect": 0.03} for part in RAW["segments"][:-1]]
    with pytest.raises(ValidationError) as refused:
        changed(running=twice, segments=segments, running_ramp=[1.0, 1.0])
    text = str(refused.value)
    assert "5 years" in text
    assert "“platform” is there twice" in text
    assert "90.0 %" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "By segment the effect is" in text


def test_the_same_seed_gives_the_same_picture_whatever_is_moved(model):
    moved = model.model_copy(update={"effect": Belief(mean=0.03, sd=0.013)})
    before, after = (drawn_inputs(m, n=200, seed=9) for m in (model, moved))
    assert np.array_equal(before.scale_up, after.scale_up)
    assert np.asarray(after.effect) - np.asarray(before.effect) == pytest.approx(0.015)


def test_a_room_that_was_too_sure_gets_wider_ranges(model):
    wider = widened(model, factor=2.0)
    assert wider.annual_map.low == pytest.approx(1.5 - 0.8)
    assert wider.annual_map.middle == 1.5
    assert wider.effect.sd == pytest.approx(0.026)
    assert wider.basket_gain.low == 0.0


def test_another_size_of_the_pilot_changes_its_cost_only(model):
    larger = tuned(model, pairs=20)
    assert larger.pilot.cost() == pytest.approx(14.2e6 + 20 * 0.4e6)
    assert larger.effect == model.effect
    assert tuned(model) == model
