"""Multiples, response curves and the stocks of a market."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.stats import multiples, response, stocks

SHARE = st.floats(0.0, 1.0)


@pytest.mark.parametrize(("r", "i", "expected"), [(0.80, 0.10, 2.6667), (0.62, 0.18, 1.107)])
def test_the_published_margin_multiples(r, i, expected):
    assert float(multiples.margin_multiple(r, discount=i)) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("r", "i", "expected"),
    [(0.90, 0.10, 5.5), (0.62, 0.18, 2.11), (0.80, 0.10, 3.67), (0.95, 0.12, 6.6)],
)
def test_the_elasticity_is_no_constant(r, i, expected):
    found = float(multiples.retention_elasticity(r, discount=i))
    assert found == pytest.approx(expected, abs=0.015)


@settings(deadline=None)
@given(r=st.floats(0.05, 0.95), i=st.floats(0.02, 0.5))
def test_the_elasticity_is_the_slope_of_the_multiple(r, i):
    low, high = (float(multiples.margin_multiple(r * k, discount=i)) for k in (0.9999, 1.0001))
    slope = (high - low) / float(multiples.margin_multiple(r, discount=i)) / 0.0002
    assert slope == pytest.approx(float(multiples.retention_elasticity(r, discount=i)), rel=1e-4)


def test_both_conventions_differ_by_the_first_margin():
    both = [multiples.margin_multiple(0.62, discount=0.18, with_first=w) for w in (True, False)]
    assert float(both[0] - both[1]) == pytest.approx(1.0)


def test_segments_are_worth_more_than_their_average_rate_says():
    # five segments of the sample chain: 7.52 bn against 4.18 bn, 44 % too low
    share = np.array([0.18, 0.22, 0.36, 0.14, 0.10])
    margin = np.array([5_800, 2_800, 1_200, 1_300, 850])
    kept = np.array([0.88, 0.76, 0.47, 0.61, 0.40])
    by_segment = (share * margin * multiples.margin_multiple(kept, discount=0.18)).sum()
    average = share @ margin * float(multiples.margin_multiple(share @ kept, discount=0.18))
    assert by_segment * 1.6e6 == pytest.approx(7.52e9, rel=0.002)
    assert average * 1.6e6 == pytest.approx(4.18e9, rel=0.002)
    assert 1 - average / by_segment == pytest.approx(0.44, abs=0.005)


@settings(deadline=None)
@given(outcome=st.floats(0.1, 0.9), spend=st.floats(1, 1e6), floor=st.floats(0.0, 0.05))
def test_a_response_goes_through_todays_point_and_below_its_ceiling(outcome, spend, floor):
    curve = response.through(spend=spend, outcome=outcome, ceiling=1.0, floor=floor)
    assert float(curve.at(spend)) == pytest.approx(outcome)
    assert float(curve.at(0.0)) == pytest.approx(floor)
    assert float(curve.at(1e3 * spend)) <= 1.0


def test_the_cost_of_the_next_one_is_what_a_little_more_money_buys():
    curve = response.through(spend=690e6, outcome=600_000, ceiling=800_000)
    extra = float(curve.at(690e6 + 1e4) - curve.at(690e6))
    assert curve.marginal_cost(690e6) == pytest.approx(1e4 / extra, rel=1e-4)
    assert curve.marginal_cost(690e6) == pytest.approx(2_489, abs=1)


def test_at_the_best_spend_the_next_one_costs_what_it_is_worth():
    curve = response.through(spend=690e6, outcome=600_000, ceiling=800_000)
    assert curve.marginal_cost(curve.spend_where_last_costs(1_994)) == pytest.approx(1_994)


def test_what_is_worth_less_than_the_first_one_costs_deserves_no_money():
    curve = response.through(spend=690e6, outcome=600_000, ceiling=800_000)
    assert curve.spend_where_last_costs(100) == 0.0


@settings(deadline=None)
@given(harvest=SHARE, back=SHARE, kept=SHARE, years=st.integers(0, 20))
def test_nobody_appears_or_vanishes(harvest, back, kept, years):
    run = stocks.run(
        untouched=1.1e6, active=1.6e6, lapsed=1.9e6,
        harvest=harvest, win_back=back, retention=kept, n_years=years,
    )  # fmt: skip
    assert run.untouched + run.active + run.lapsed == pytest.approx(4.6e6)
    assert (run.untouched >= 0).all()


def test_without_newcomers_the_base_decays_by_retention():
    run = stocks.run(
        untouched=5.0, active=100.0, lapsed=7.0, harvest=0, win_back=0, retention=0.62, n_years=3
    )
    assert run.active == pytest.approx([100, 62, 38.44, 23.8328])


def test_a_steady_stream_settles_where_the_textbook_says():
    # 600 k a year at .62 and .65: 1,578,947 and 1,714,286
    for kept, base in ((0.62, 1_578_947), (0.65, 1_714_286)):
        run = stocks.run(
            untouched=0, active=base, lapsed=600_000,
            harvest=0, win_back=1.0, retention=kept, n_years=1,
        )  # fmt: skip
        assert run.active[1] == pytest.approx(base, abs=1)


@pytest.mark.parametrize(("rate", "years"), [(0.30, 6.456), (0.0, float("inf")), (1.0, 0.0)])
def test_the_clock_of_the_land(rate, years):
    assert stocks.years_until_left(rate=rate, left=0.10) == pytest.approx(years, abs=0.001)
