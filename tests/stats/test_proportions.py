import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.stats.proportions import (
    answers_needed,
    change_noise,
    effective_size,
    nps_margin,
    smallest_visible_change,
    widening,
)


@pytest.mark.parametrize(("n", "margin"), [(300, 8.4), (800, 5.2), (2400, 3.0)])
def test_the_margin_of_a_recommendation_score_of_31(n, margin):
    found = nps_margin(promoters=0.48, detractors=0.17, n=n)
    assert found == pytest.approx(margin, abs=0.06)


def test_with_the_answers_needed_the_change_is_just_visible():
    n = answers_needed(promoters=0.48, detractors=0.17, change=5)
    margin = nps_margin(promoters=0.48, detractors=0.17, n=n)
    assert smallest_visible_change(margin) == pytest.approx(5, abs=0.01)


def test_a_yearly_trend_and_a_season_are_no_noise():
    weeks = np.arange(156)
    series = 0.7 + 0.0002 * weeks + 0.05 * np.sin(2 * np.pi * weeks / 52)
    noise, n = change_noise(series, season=52)
    assert noise == pytest.approx(0, abs=1e-9)
    assert n == 104


def test_the_noise_of_independent_readings_is_that_of_their_difference():
    series = np.random.default_rng(2).normal(0.7, 0.01, 4000)
    noise, _n = change_noise(series, season=52)
    assert noise == pytest.approx(1.96 * np.sqrt(2) * 0.01, rel=0.05)


def test_too_short_a_history_has_no_noise_to_tell():
    noise, n = change_noise(np.ones(58), season=52)
    assert np.isnan(noise)
    assert n == 6


def test_people_untrained_in_estimating_must_double_their_intervals():
    # 90 % intervals that hold the truth in 55 of 100 cases: 1.6449 / 0.7554
    assert widening(np.array([0.55]))[0] == pytest.approx(2.177, abs=0.002)


@given(st.floats(0.02, 0.98))
def test_intervals_are_never_narrowed(hit_share):
    assert widening(np.array([hit_share]))[0] >= 1


def test_answers_that_agree_by_question_count_once_per_question():
    hits = np.tile([1.0, 0.0, 1.0, 0.0, 0.0], (8, 1))
    assert effective_size(hits) == pytest.approx(5)


def test_answers_without_a_pattern_count_in_full():
    hits = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert effective_size(hits) == pytest.approx(4)
