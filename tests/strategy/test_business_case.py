"""The business case: the story's figures, the yardsticks, and what moves them."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from playbook.engagement.coding import Encoder, decode
from playbook.errors import PlaybookError
from playbook.strategy.base_case import base_case
from playbook.strategy.break_even import break_even
from playbook.strategy.business_case import forward, launch_now
from playbook.strategy.case_live import case_live
from playbook.strategy.estimates import Belief
from playbook.strategy.rates import irr
from playbook.strategy.segment_value import value_by_segment
from playbook.strategy.tornado import tornado
from playbook.strategy.value_model import Change, ValueModel
from playbook.text import in_language

INPUTS = Path(__file__).parents[2] / "data" / "sample" / "inputs"
RAW = yaml.safe_load((INPUTS / "value_model.yaml").read_text(encoding="utf-8"))
M = 1e6
# what the story's pilot teaches, and what is corrected after it
POSTERIOR = {"effect_mean": 0.01845, "effect_sd": 0.00482}
STOP_MAILING = {"effect_shift": -0.0007, "running_change": -22e6}
CORRECTIONS = (
    Change(id="mailing", name="Stop the mailing to Core", **STOP_MAILING),
    Change(id="fidelity", name="Better fidelity", effect_factor=88 / 78),
)


@pytest.fixture(scope="module")
def model() -> ValueModel:
    return ValueModel.model_validate(RAW)


@pytest.fixture(autouse=True)
def _english():
    with in_language("en"):
        yield


def test_launched_now_the_sample_is_expected_to_lose_about_71_million(model):
    outlook = launch_now(model)
    assert outlook.mean / M == pytest.approx(-71, abs=2)
    assert outlook.p_gain == pytest.approx(0.34, abs=0.015)
    assert outlook.p5 / M == pytest.approx(-381, abs=10)
    assert outlook.p95 / M == pytest.approx(278, abs=10)
    assert "expected to lose" in outlook.headline


def test_the_programme_as_designed_breaks_even_at_1_92_points(model):
    assert break_even(model) == pytest.approx(0.0192, abs=0.0001)
    at = base_case(model, effect=break_even(model))
    assert at.npv == pytest.approx(0, abs=0.01 * M)


def test_the_adjusted_programme_breaks_even_at_1_53_points(model):
    saved = CORRECTIONS[0].model_copy(update={"effect_shift": 0.0})
    assert break_even(model, changes=[saved]) == pytest.approx(0.0153, abs=0.0001)


def test_the_honest_reading_is_slightly_negative_for_the_whole_programme(model):
    honest = base_case(model, effect=0.0184)
    assert honest.npv / M == pytest.approx(-12, abs=1)
    assert honest.rates == pytest.approx((0.15,), abs=0.005)
    assert base_case(model, effect=0.0184, with_pilot=False).npv / M == pytest.approx(7, abs=1)


def test_the_naive_reading_is_proudly_positive(model):
    naive = base_case(model, effect=0.019, scale_up=1.0, kept_margin=2_359)
    assert naive.npv / M == pytest.approx(168, abs=1)
    assert naive.rates == pytest.approx((0.49,), abs=0.005)


def test_the_adjusted_programme_is_clearly_positive(model):
    adjusted = base_case(model, effect=0.0184, changes=CORRECTIONS)
    assert adjusted.npv / M == pytest.approx(72, abs=1)
    assert adjusted.rates == pytest.approx((0.33,), abs=0.005)


def test_going_forward_the_verdicts_of_the_story_hold(model):
    designed = forward(model, **POSTERIOR)
    adjusted = forward(model, **POSTERIOR, changes=CORRECTIONS)
    assert designed.mean / M == pytest.approx(-21, abs=2)
    assert designed.p_gain == pytest.approx(0.38, abs=0.015)
    assert adjusted.mean / M == pytest.approx(65, abs=2)
    assert adjusted.p_gain == pytest.approx(0.72, abs=0.015)
    # the sealed rule: amber from 35 %, green from 60 %
    assert 0.35 <= designed.p_gain < 0.60 <= adjusted.p_gain


def test_a_sceptic_still_says_go_narrowly(model):
    sceptic = forward(model, effect_mean=0.0168, effect_sd=0.0047, changes=CORRECTIONS)
    assert 0.60 <= sceptic.p_gain < 0.70


def test_what_is_sunk_does_not_count_going_forward(model):
    whole = base_case(model, effect=0.0184)
    ahead = forward(model, **{**POSTERIOR, "effect_mean": 0.0184})
    assert ahead.base_npv - whole.npv == pytest.approx(19 * M)


def test_the_same_seed_gives_the_same_draws(model):
    assert np.array_equal(launch_now(model, seed=3).npv, launch_now(model, seed=3).npv)


def test_the_cash_flow_adds_up_to_its_value(model):
    case = base_case(model)
    assert case.years["discounted"].sum() == pytest.approx(case.npv)
    assert case.years["balance"].iloc[-1] == pytest.approx(case.npv)
    parts = case.years[["kept", "basket", "running", "one_off", "pilot"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(case.years["net"].to_numpy())


def test_the_money_is_not_back_when_the_value_is_negative(model):
    case = base_case(model)
    assert np.isnan(case.discounted_payback)
    assert case.payback < 5
    assert "not within the horizon" in case._repr_html_()


def test_two_rates_are_refused_and_both_are_named():
    with pytest.raises(PlaybookError) as refused:
        irr([-1.6, 10, -10])
    words = str(refused.value).replace("\N{NO-BREAK SPACE}", " ")
    assert "25 % and 400 %" in words
    assert "MIRR" in words


def test_a_flow_without_a_rate_is_refused():
    with pytest.raises(PlaybookError, match="No rate of return"):
        irr([-10, -5])


def test_one_rate_is_given():
    assert irr([-100, 110]) == pytest.approx(0.10)


def test_the_tornado_of_the_story(model):
    # 290, 155, 147, 132 around the posterior
    found = tornado(model, effect=Belief(mean=0.0184, sd=0.0048)).inputs
    assert found["input"].tolist()[:4] == ["effect", "scale_up", "annual_map", "kept_margin"]
    widths = (found["width"] / M).tolist()[:4]
    assert widths == pytest.approx([290, 155, 147, 132], rel=0.03)


def test_a_bar_of_the_tornado_moves_one_input_only(model):
    row = tornado(model).inputs.set_index("input").loc["running_factor"]
    # running costs of 78 m, half in year 1: one tenth more costs 2.7034 x 7.8 m
    factors = 0.5 / 1.18 + sum(1.18**-t for t in (2, 3, 4, 5))
    assert row["width"] == pytest.approx((1.25 - 0.92) * 78 * M * factors)


def test_segments_bring_about_what_the_overall_figures_say(model):
    parts = value_by_segment(model)
    assert parts.total == pytest.approx(parts.overall, rel=0.05)
    # sum of share x effect x margin over sum of share x effect
    assert parts.implied_margin == pytest.approx(1_815, abs=1)
    assert "37" in parts.headline


def test_a_model_without_segments_has_all_customers_in_one(model):
    whole = value_by_segment(model.model_copy(update={"segments": []}))
    assert whole.total == pytest.approx(whole.overall)
    assert len(whole.segments) == 1


def test_a_slider_moves_the_answer_and_nothing_else(model):
    live = case_live(model)
    first = live.markup()
    assert live.markup() == first
    assert live.markup(effect=0.03) != first
    assert "gain" in live.markup(effect=0.03)


@pytest.mark.parametrize("make", [launch_now, base_case, tornado, value_by_segment])
def test_results_survive_their_store(model, make):
    result = make(model)
    encoder = Encoder()
    again = decode(encoder.encode(result), encoder.files.__getitem__)
    assert again._repr_html_() == result._repr_html_()
