import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.stats.payouts import Curve, luck_share, reach

CURVE = Curve(
    threshold=0.85, target=1.0, excellence=1.15, pay_at_threshold=0.5, pay_at_excellence=1.6
)


def test_pay_halfway_between_threshold_and_target_is_halfway():
    assert CURVE.pay(0.925) == pytest.approx(0.75)
    assert CURVE.pay(1.075) == pytest.approx(1.3)


@given(st.floats(0, 2), st.floats(0, 2))
def test_more_attainment_never_pays_less(one, other):
    low, high = sorted((one, other))
    assert CURVE.pay(low) <= CURVE.pay(high)


def test_attainment_around_100_5_with_spread_11_reaches_92_52_and_9_4():
    # method, section 5: attainment N(100.5, 11)
    from scipy.special import ndtri

    attained = 1.005 + 0.11 * ndtri((np.arange(100_000) + 0.5) / 100_000)
    found = reach(attained, CURVE)
    assert (found.threshold, found.target) == (
        pytest.approx(0.92, abs=0.002),
        pytest.approx(0.52, abs=0.003),
    )
    assert found.excellence == pytest.approx(0.094, abs=0.001)
    # 159.3 % at excellence would be exactly neutral; 160 % is 0.2 points above
    assert found.mean_pay == pytest.approx(1.0, abs=0.0025)


def test_luck_is_the_noise_planted_in_two_halves():
    rng = np.random.default_rng(1)
    merit = rng.normal(0, 1, 40_000)
    halves = [merit + rng.normal(0, 1.5, 40_000) for _half in range(2)]
    # the whole has noise 1.5² / 2 beside merit 1: luck is 1.125 / 2.125
    assert luck_share(*halves) == pytest.approx(1.125 / 2.125, abs=0.01)


def test_halves_that_have_nothing_in_common_are_all_luck():
    rng = np.random.default_rng(2)
    assert luck_share(rng.normal(size=9000), -rng.normal(size=9000)) > 0.9
    assert luck_share(np.ones(5), np.arange(5.0)) == 1.0
