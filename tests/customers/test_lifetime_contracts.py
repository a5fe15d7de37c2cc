"""Contracts: the published cohort, cohorts of different age, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from playbook.customers.gates import Untold
from playbook.customers.lifetime_contracts import contracts
from playbook.errors import PlaybookError

# Fader & Hardie 2007, "High End" customers: per cent still there after each of 12 years
HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]


def cohort(shares, *, name="2020", n=10):
    counts = [round(share * n) for share in shares]
    rows = {"cohort": name, "renewal": range(len(counts)), "n_customers": counts}
    return pd.DataFrame(rows)


def test_seven_years_of_the_published_cohort_forecast_the_next_five():
    # alpha .668, beta 3.806 in the paper; it shows the forecast on the data until year 12
    found = contracts(cohort(HIGH_END[:8]), discount=0.1, seed=1, periods=12)
    assert found.curve["expected"].to_numpy() == pytest.approx(np.array(HIGH_END) / 100, abs=0.025)
    steps = np.arange(1, 13)
    paper = np.cumprod((3.806 + steps - 1) / (0.668 + 3.806 + steps - 1))
    assert found.curve["expected"].to_numpy()[1:] == pytest.approx(paper, abs=0.002)


def test_one_average_rate_undervalues_those_who_stayed():
    found = contracts(cohort(HIGH_END[:8]), discount=0.1, seed=1, periods=12)
    assert found.late_rate > found.first_rate
    assert found.margins_low < found.margins < found.margins_high
    actual = (np.array(HIGH_END[1:]) / 100) @ 1.1 ** -np.arange(1.0, 13)
    assert found.margins == pytest.approx(actual, rel=0.03)
    # by the published figures a customer of year 7 stays with .467 ... .395 of .491 in 5 years
    five = contracts(cohort(HIGH_END[:8]), discount=0.1, seed=1, periods=5)
    old = (np.array(HIGH_END[8:]) / HIGH_END[7]) @ 1.1 ** -np.arange(1.0, 6)
    assert five.margins_of_old == pytest.approx(old, rel=0.03)
    assert five.margins_one_rate < 0.9 * five.margins_of_old
    assert found.plot().svg().startswith("<svg")


def test_cohorts_of_different_age_are_fitted_together():
    old, young = cohort(HIGH_END[:8]), cohort(HIGH_END[:4], name="2024")
    both = contracts(pd.concat([old, young]), discount=0.1, seed=1)
    alone = contracts(old, discount=0.1, seed=1)
    assert both.curve["n_seen"].tolist()[:8] == [2000] * 4 + [1000] * 4
    assert both.curve["expected"].to_numpy() == pytest.approx(
        alone.curve["expected"].to_numpy(), abs=0.02
    )


def test_a_sudden_wave_of_cancelling_is_refused():
    broken = [*HIGH_END[:7], 30.0]
    found = contracts(cohort(broken), discount=0.1, seed=1)
    assert isinstance(found, Untold)
    assert "do not end as the model says" in found.reason


def test_short_histories_and_few_customers_are_both_named():
    found = contracts(cohort(HIGH_END[:3], n=1), discount=0.1, seed=1)
    assert isinstance(found, Untold)
    assert "4 renewals" in found.reason
    assert "200 customers" in found.reason


def test_every_cohort_that_cannot_be_read_is_named():
    rising = cohort([100, 80, 90], name="a")
    gap = cohort([100, 80, 70], name="b").drop(index=1)
    with pytest.raises(PlaybookError) as refusal:
        contracts(pd.concat([rising, gap]), discount=0.1, seed=1)
    assert len(refusal.value.problems) == 2
