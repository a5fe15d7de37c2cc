"""Present value, rates of return and payback."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.stats import cashflow

AMOUNTS = st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=2, max_size=8)


def test_a_flow_with_two_sign_changes_has_two_rates():
    # textbook: -1.6, 10, -10 is worth nothing at 25 % and at 400 %
    assert cashflow.rates_of_return([-1.6, 10, -10]) == pytest.approx((0.25, 4.0))


def test_the_two_rate_flow_loses_at_ten_per_cent():
    assert float(cashflow.npv([-1.6, 10, -10], rate=0.10)) == pytest.approx(-0.774, abs=5e-4)


def test_money_doubled_in_a_year_returns_a_hundred_per_cent():
    assert cashflow.rates_of_return([-100, 200]) == pytest.approx((1.0,))


def test_a_flow_of_outlays_has_no_rate():
    assert cashflow.rates_of_return([-100, -20, -3]) == ()


def test_the_modified_rate_agrees_with_the_spreadsheet_example():
    # the example of a spreadsheet's MIRR: 12.61 %
    flow = [-120_000, 39_000, 30_000, 21_000, 37_000, 46_000]
    assert cashflow.mirr(flow, finance=0.10, reinvest=0.12) == pytest.approx(0.126094, abs=1e-6)


def test_payback_counts_the_part_of_the_last_year():
    assert cashflow.payback_years([-100, 40, 40, 40]) == pytest.approx(2.5)


def test_payback_waits_for_the_money_to_stay_back():
    # back after year 1, gone again in year 2, back for good half-way through year 3
    assert cashflow.payback_years([-100, 100, -50, 100]) == pytest.approx(2.5)


def test_discounted_payback_is_later():
    flow = [-100, 60, 60, 60]
    assert cashflow.payback_years(flow, rate=0.18) > cashflow.payback_years(flow)


def test_money_that_never_comes_back_has_no_payback():
    assert np.isnan(cashflow.payback_years([-100, 10, 10]))


@settings(deadline=None)
@given(flow=AMOUNTS)
def test_every_rate_found_makes_the_flow_worthless(flow):
    scale = max(1.0, np.abs(flow).sum())
    for rate in cashflow.rates_of_return(flow):
        if -0.5 < rate < 100:
            assert abs(float(cashflow.npv(flow, rate=rate))) < 1e-3 * scale * 2 ** len(flow)


@settings(deadline=None)
@given(flow=AMOUNTS, rate=st.floats(0.0, 1.0))
def test_many_flows_at_once_agree_with_one_at_a_time(flow, rate):
    many = cashflow.npv([flow, [2 * x for x in flow]], rate=rate)
    one = float(cashflow.npv(flow, rate=rate))
    assert many == pytest.approx([one, 2 * one])
