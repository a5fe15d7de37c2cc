from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playbook.data import sample_process as process
from playbook.data.sample_truth import SEGMENTS

STORY = {  # share, margin in RUB, annual retention
    "core": (0.18, 5_800, 0.88),
    "growing": (0.22, 2_800, 0.76),
    "new": (0.36, 1_200, 0.47),
    "seasonal": (0.14, 1_300, 0.61),
    "sleeping": (0.10, 850, 0.40),
}


def test_the_segments_are_those_of_the_story():
    found = {s.id: (s.share, s.margin, s.retention) for s in SEGMENTS}
    assert found == STORY


def test_segments_together_make_the_chains_visits_and_spending():
    assert sum(s.share * s.visits for s in SEGMENTS) == pytest.approx(11.7, abs=0.005)
    assert sum(s.share * s.spend for s in SEGMENTS) == pytest.approx(9_828, abs=3)


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda s: s.id)
def test_the_process_keeps_and_brings_customers_as_the_story_tells(segment):
    assert process.annual_retention(segment) == pytest.approx(segment.retention, abs=0.001)
    assert process.visits_per_customer(segment) == pytest.approx(segment.visits, rel=0.001)


def test_the_chain_repeats_at_seventy_one_percent():
    assert process.chain_repeat_rate() == pytest.approx(0.71, abs=0.0005)


def test_the_written_rates_are_those_that_solve_the_story():
    for written, solved in zip(SEGMENTS, process.solve(), strict=True):
        assert written.rate == pytest.approx(solved.rate, rel=1e-3)
        assert written.drop == pytest.approx(solved.drop, rel=1e-3)
        assert written.pause == pytest.approx(solved.pause, rel=1e-3)


@pytest.mark.parametrize(("shape", "rate"), [(1.0, 3.0), (2.0, 11.0), (3.0, 30.0)])
def test_without_drop_out_and_pauses_buyers_are_negative_binomial(shape, rate):
    faithful = replace(SEGMENTS[0], shape=shape, rate=rate, drop=0.0, pause=0.0)
    share = 1 - (shape / (shape + 2 * rate)) ** shape  # two years of gamma mixed Poisson
    assert process.buyers(faithful, 0, 104)[0] == pytest.approx(share, abs=2e-4)


def test_a_more_loyal_store_repeats_more():
    levels = np.array([-0.1, 0.0, 0.1])
    for segment in SEGMENTS:
        rate = process.repeat(segment, 107, loyalty=levels).rate
        assert rate[0] < rate[1] < rate[2]


def test_as_many_customers_arrive_as_the_treadmill_of_the_story_needs():
    lost = sum(s.share * (1 - s.retention) for s in SEGMENTS) * 1_600_000
    assert lost == pytest.approx(608_000, rel=0.001)
    yearly = [process.flows(s).arrivals[52:104].sum() for s in SEGMENTS]
    kept_in_touch = [process.flows(s).masses[104, 0] for s in SEGMENTS]
    assert min(yearly) > 0
    assert 0.96 < min(kept_in_touch) < max(kept_in_touch) < 1.0  # shrinks slowly
