"""Does the test keep its promise where nothing, and where something, was changed?"""

import numpy as np
import pytest

from playbook.stats.placebo import (
    detectable,
    false_alarms,
    intervals,
    power_at,
    sign_group,
)
from playbook.stats.randomisation import compare, redraws


def panels(*, n_pilots, n_pairs, seed, weeks=40, persistence=0.7):
    """Stores with their own level, a shock per pilot, and weeks that remember each other.

    Returns the mean of the last 12 weeks, and of the 24 before a gap of four weeks.
    """
    rng = np.random.default_rng(seed)
    n = 2 * n_pairs
    noise = rng.standard_t(4, size=(n_pilots, n, weeks)) / np.sqrt(2)
    for week in range(1, weeks):
        noise[:, :, week] += persistence * noise[:, :, week - 1]
    level = rng.normal(0, 2, size=(n_pilots, n, 1))
    common = rng.normal(0, 3, size=(n_pilots, 1, weeks))
    grid = level + common + noise
    return grid[:, :, -12:].mean(axis=2), grid[:, :, :24].mean(axis=2)[:, :, None]


def test_where_nothing_was_changed_5_of_100_pilots_see_a_difference():
    outcome, past = panels(n_pilots=4_000, n_pairs=12, seed=5)
    _att, low, high = intervals(outcome, past, sign_group(12, seed=1))
    assert 0.040 < false_alarms(low, high) < 0.060


def test_intervals_cover_a_planted_effect_in_95_of_100_pilots():
    outcome, past = panels(n_pilots=4_000, n_pairs=12, seed=6)
    outcome[:, 0::2] += 1.5
    att, low, high = intervals(outcome, past, sign_group(12, seed=1))
    covered = ((low <= 1.5) & (high >= 1.5)).mean()
    assert 0.935 < covered < 0.965
    assert att.mean() == pytest.approx(1.5, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("n_pairs", [6, 8, 16, 24])
def test_the_level_holds_for_every_size(n_pairs):
    outcome, past = panels(n_pilots=6_000, n_pairs=n_pairs, seed=n_pairs)
    _att, low, high = intervals(outcome, past, sign_group(n_pairs, seed=1))
    # with six pairs the test has steps of 2/64, so it promises 1/32
    promised = 1 / 32 if n_pairs == 6 else 0.05
    assert promised - 0.012 < false_alarms(low, high) < promised + 0.010


def test_adjusting_for_the_past_makes_intervals_narrower():
    outcome, past = panels(n_pilots=400, n_pairs=12, seed=7)
    _a, low, high = intervals(outcome, past, sign_group(12, seed=1))
    _b, wide_low, wide_high = intervals(outcome, past[:, :, :0], sign_group(12, seed=1))
    assert (high - low).mean() < 0.8 * (wide_high - wide_low).mean()


def test_all_at_once_gives_what_one_by_one_gives():
    outcome, past = panels(n_pilots=3, n_pairs=7, seed=8)
    pairs, treated = np.repeat(np.arange(7), 2), np.tile([1, 0], 7)
    draws = redraws(pairs, treated, seed=1)
    att, low, high = intervals(outcome, past, sign_group(7, seed=1))
    for i in range(3):
        alone = compare(outcome[i], pairs, draws, covariates=past[i])
        assert (alone.att, alone.ci_low, alone.ci_high) == pytest.approx((att[i], low[i], high[i]))


@pytest.mark.parametrize("n_pairs", [3, 9, 12])
def test_sign_flips_form_a_group(n_pairs):
    flips = sign_group(n_pairs, seed=2)[:, 1::2].astype(bool)
    known = {tuple(row) for row in flips}
    assert len(known) == len(flips) == 2 ** min(n_pairs, 9)
    assert not flips[0].any()
    assert all(tuple(a ^ b) in known for a in flips[:20] for b in flips[-20:])


def test_a_larger_effect_is_found_more_often():
    outcome, past = panels(n_pilots=300, n_pairs=8, seed=9)
    _att, low, high = intervals(outcome, past, sign_group(8, seed=1))
    power = power_at(low, high, np.linspace(0, 4, 9))
    assert (np.diff(power) >= 0).all()
    smallest = detectable(low)
    assert power_at(low, high, np.array([smallest + 1e-9]))[0] >= 0.80
    assert power_at(low, high, np.array([smallest - 1e-9]))[0] <= 0.80


@pytest.mark.slow
def test_the_level_holds_for_stores_drawn_within_strata_of_unequal_shares():
    strata = np.repeat(["a", "b", "c"], [20, 12, 8])
    treated = np.concatenate([np.arange(n) < k for n, k in ((20, 4), (12, 3), (8, 2))])
    fixed = (strata[:, None] == np.unique(strata)).astype(float)
    alarms = []
    for batch in range(12):
        outcome, past = panels(n_pilots=250, n_pairs=20, seed=50 + batch)
        shift = 3.0 * (strata == "b")
        arms = redraws(strata, treated, seed=batch, n_draws=600, exact_up_to=0).arms
        _att, low, high = intervals(outcome + shift, past, arms.astype(float), fixed=fixed)
        alarms.append(false_alarms(low, high))
    assert 0.038 < np.mean(alarms) < 0.060
