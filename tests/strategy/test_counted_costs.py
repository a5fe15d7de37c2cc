"""What a new customer cost, from the books and the receipts."""

import numpy as np
import pandas as pd
import pytest

from playbook.stats.elasticity import elasticity
from playbook.strategy.counted_costs import CountedCosts, counted

MONTHS = pd.date_range("2024-01-01", periods=24, freq="MS")


def cohorts(n_new):
    return pd.DataFrame({"cohort": MONTHS, "month": MONTHS, "n_customers": n_new})


def costs(spend, kind="acquisition"):
    return pd.DataFrame({"month": MONTHS, "cost_kind": kind, "cost": spend})


def read(table):
    return lambda name: {"cohorts": table}[name]


def test_the_first_year_and_the_unfinished_month_are_left_out():
    found = counted(costs([1000.0] * 24), read(cohorts([10] * 24)))
    assert len(found.months) == 11
    assert found.months["month"].iloc[0] == pd.Timestamp("2025-01-01")
    assert found.average == pytest.approx(100)
    assert found.slope is None


def test_a_planted_elasticity_is_found_and_the_next_customer_costs_more():
    spend = np.tile([1_000_000.0, 4_000_000.0], 12)
    n_new = np.tile([10_000, 20_000], 12)
    found = counted(costs(spend), read(cohorts(n_new)))
    assert found.slope.value == pytest.approx(0.5)
    assert "next one" in found.headline


def test_lines_of_one_month_add_up_and_other_kinds_do_not_count():
    lines = pd.concat([costs([600.0] * 24), costs([400.0] * 24), costs([999.0] * 24, "retention")])
    assert counted(lines, read(cohorts([10] * 24))).average == pytest.approx(100)


def test_without_costs_of_winning_nothing_is_read():
    def fail(name):
        raise AssertionError(name)

    assert not isinstance(counted(None, fail), CountedCosts)
    assert not isinstance(counted(costs([1.0] * 24, "other"), fail), CountedCosts)


def test_the_interval_of_an_elasticity_holds_the_truth_in_95_of_100():
    rng = np.random.default_rng(7)
    inside = 0
    for _try in range(400):
        cause = rng.uniform(1, 5, 12)
        outcome = 3 * cause**0.4 * np.exp(rng.normal(0, 0.2, 12))
        found = elasticity(cause, outcome)
        inside += found.low <= 0.4 <= found.high
    assert 0.92 <= inside / 400 <= 0.98
