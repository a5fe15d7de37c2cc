import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.strategy.value_model import Change, ValueModel
from playbook.text import in_language
from playbook.workshop.levers import Levers


def exactly(value):
    return {"low": value, "middle": value, "high": value}


def model(**changes):
    """A small programme that can be reckoned by hand: two years, nothing uncertain."""
    facts = {
        "base_customers": 1000,
        "retention_share": 0.5,
        "effect": {"mean": 0.02, "sd": 1e-9},
        "annual_map": exactly(1.0),
        "scale_up": exactly(1.0),
        "kept_margin": exactly(100.0),
        "basket_gain": exactly(0.0),
        "touched_revenue": 1_000_000.0,
        "margin_share": 0.3,
        "ramp": [0.5, 1.0],
        "one_off": [{"name": "start", "amount": 50.0}],
        "running": [{"name": "people", "amount": 100.0}],
        "running_ramp": [1.0, 1.0],
        "one_off_factor": exactly(1.0),
        "running_factor": exactly(1.0),
        "discount_rate": 0.25,
        "pilot": {
            "pairs": 4,
            "pair_sd": 0.02,
            "fixed_cost": 10.0,
            "cost_per_pair": 1.0,
            "delay_weeks": 4,
        },
    }
    return ValueModel.model_validate(facts | changes)


def levers(**changes):
    return Levers(model=model(**changes), effect_mean=0.02, effect_sd=1e-9)


@pytest.mark.parametrize(
    ("gain", "scale_up", "running", "value"),
    [
        # kept 10, then 10 x .52 + 20 = 25.2; cash 900 and 2420; less 50 at the start
        (0.02, 1.0, 100.0, -50 + 900 / 1.25 + 2420 / 1.5625),
        # a hundred more a year
        (0.02, 1.0, 200.0, -50 + 800 / 1.25 + 2320 / 1.5625),
        # nothing gained: costs alone
        (0.0, 1.0, 100.0, -50 - 100 / 1.25 - 100 / 1.5625),
        # half of it survives: kept 5, then 5 x .51 + 10 = 12.55
        (0.02, 0.5, 100.0, -50 + 400 / 1.25 + 1155 / 1.5625),
    ],
)
def test_the_value_follows_every_lever(gain, scale_up, running, value):
    found = levers().outlook(gain=gain, scale_up=scale_up, running=running)
    assert found.mean == pytest.approx(value, rel=1e-6)


def test_the_sliders_stand_first_where_the_steps_left_the_value():
    changes = (Change(id="less", name="less", effect_factor=0.5, running_change=-40.0),)
    known = Levers(model=model(), effect_mean=0.02, effect_sd=1e-9, changes=changes)
    sliders = known.live().sliders
    assert sliders["gain"].value == pytest.approx(0.01)
    assert sliders["running"].value == pytest.approx(60.0)
    # kept 5, then 12.55; running costs of 60
    found = known.outlook(**{key: slider.value for key, slider in sliders.items()})
    assert found.mean == pytest.approx(-50 + (500 - 60) / 1.25 + (1255 - 60) / 1.5625, rel=1e-6)


@settings(max_examples=15, deadline=None)
@given(gain=st.floats(0.0, 0.05), more=st.floats(0.0, 0.05), running=st.floats(50, 150))
def test_more_retention_never_lowers_the_value(gain, more, running):
    known = levers(scale_up={"low": 0.5, "middle": 0.8, "high": 1.0})
    less = known.outlook(gain=gain, scale_up=0.8, running=running)
    better = known.outlook(gain=gain + more, scale_up=0.8, running=running)
    assert better.mean >= less.mean - 1e-6


def test_nothing_survives_more_than_whole():
    known = levers(scale_up={"low": 0.5, "middle": 0.8, "high": 1.0})
    whole = known.outlook(gain=0.02, scale_up=1.0, running=100.0)
    assert whole.model.scale_up.high == 1.0


def test_the_answer_says_value_chance_and_retention():
    with in_language("en"):
        markup = levers().answer(gain=0.02, scale_up=0.5, running=100.0)
    assert "51.0" in markup  # 50 % and half of two points
    assert "100 cases of 100: gain" in markup
