"""What it is worth to know more before deciding."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial import Polynomial

from playbook.stats import detectable, information


def test_the_published_example_of_perfect_information():
    # 29,792 - 20,225 = 9,567
    payoffs = [[79_063, 11_042, -63_781], [0, 0, 0]]
    worth = information.perfect_information(payoffs, chances=[0.30, 0.55, 0.15])
    assert worth == pytest.approx(9_567, abs=1)


def test_the_pilots_posterior_of_the_story():
    # prior N(1.5, 1.3), twelve pairs with mean 1.90 and SD 1.80: 1.84 +- .48
    mean, sd = information.posterior(mean=1.5, sd=1.3, observed=1.9, noise_sd=1.8 / 12**0.5)
    assert mean == pytest.approx(1.84, abs=0.01)
    assert sd == pytest.approx(0.48, abs=0.005)


@settings(deadline=None)
@given(mean=st.floats(-3, 3), slope=st.floats(0.1, 5), learned=st.floats(0.01, 0.99))
def test_a_linear_value_agrees_with_the_unit_normal_loss(mean, slope, learned):
    after, now = information.sample_information(Polynomial([mean, slope]), learned=learned)
    closed = information.linear_gain(mean=mean, sd=slope * learned**0.5)
    assert after == pytest.approx(closed, abs=2e-4 * slope)
    assert now == max(mean, 0.0)


@settings(deadline=None)
@given(
    value=st.lists(st.floats(-2, 2), min_size=2, max_size=6).map(Polynomial),
    few=st.floats(0.05, 0.9),
)
def test_more_information_is_never_worth_less(value, few):
    some, now = information.sample_information(value, learned=few)
    all_of_it, _same = information.sample_information(value, learned=1.0)
    slack = 0.05 * (1 + abs(value.coef).sum())  # the grid cuts off the far tails
    assert some >= now - slack
    assert all_of_it >= some - slack


def test_smoothing_takes_the_normal_moments():
    # E(x+sZ)^4 = x^4 + 6 x^2 s^2 + 3 s^4
    got = information.smoothed(Polynomial([0, 0, 0, 0, 1]), sd=0.7)(1.3)
    assert got == pytest.approx(1.3**4 + 6 * 1.3**2 * 0.49 + 3 * 0.7**4)


@pytest.mark.parametrize(
    ("pairs", "points"), [(6, 2.65), (8, 2.14), (10, 1.85), (12, 1.65), (16, 1.39), (20, 1.23)]
)
def test_the_smallest_detectable_effects_of_the_story(pairs, points):
    assert detectable.in_pairs(sd=1.86, pairs=pairs) == pytest.approx(points, abs=0.005)


def test_a_detectable_difference_is_found_in_eight_of_ten_pilots():
    rng = np.random.default_rng(5)
    mde = detectable.in_pairs(sd=1.0, pairs=12)
    pilots = rng.normal(mde, 1.0, size=(40_000, 12))
    t = pilots.mean(axis=1) / (pilots.std(axis=1, ddof=1) / 12**0.5)
    # the sum of quantiles is an approximation to the noncentral t, good to about a point
    assert (np.abs(t) > 2.2010).mean() == pytest.approx(0.80, abs=0.015)
