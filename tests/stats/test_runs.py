import numpy as np
import pytest

from playbook.stats.runs import limits, look


@pytest.mark.parametrize(
    ("n", "longest", "crossings"),
    # table of Anhøj & Olesen 2014 as printed in the documentation of qicharts2
    [
        (10, 6, 2),
        (12, 7, 3),
        (13, 7, 3),
        (16, 7, 4),
        (20, 7, 6),
        (22, 7, 7),
        (23, 8, 7),
        (24, 8, 8),
    ],
)
def test_limits_are_those_of_the_published_table(n, longest, crossings):
    assert limits(n) == (longest, crossings)


def test_crossings_needed_are_the_quantile_of_a_fair_coin():
    from scipy.stats import binom

    assert all(limits(n)[1] == binom.ppf(0.05, n - 1, 0.5) for n in range(2, 120))


def test_a_run_of_exactly_the_limit_is_no_signal_one_more_is():
    n = 24
    allowed, _needed = limits(n)
    quiet = [1] * allowed + [-1, 1] * ((n - allowed) // 2)
    loud = [1] * (allowed + 1) + [-1, 1] * ((n - allowed) // 2)
    assert not look(np.array(quiet), centre=0.0).is_shift
    assert look(np.array(loud), centre=0.0).is_shift


def test_points_on_the_median_are_passed_over():
    found = look(np.array([1.0, 0.0, 2.0, 0.0, -1.0, 0.0, 3.0]), centre=0.0)
    assert (found.n_useful, found.crossings, found.longest_run) == (4, 2, 2)


def test_the_longest_run_is_located():
    found = look(np.array([-1.0, 1, 1, 1, -1, -1]), centre=0.0)
    assert (found.run_start, found.run_end) == (1, 3)


def test_a_steady_climb_alone_is_a_shift_not_a_trend():
    found = look(np.arange(24.0))
    assert found.is_shift
    assert found.crossings == 1


def test_about_5_of_100_series_without_change_raise_an_alarm():
    rng = np.random.default_rng(1)
    alarms = np.mean([look(rng.normal(size=24)).is_signal for _ in range(2_000)])
    assert 0.02 < alarms < 0.08


def test_nothing_to_see_is_no_signal():
    assert not look(np.array([])).is_signal
    assert not look(np.full(5, np.nan)).is_signal
