import numpy as np
import pytest

from playbook.stats.survival import kaplan_meier

# Remission of leukaemia under 6-MP (Freireich et al. 1963); the estimates are in every textbook.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_the_textbook_is_reproduced():
    found = kaplan_meier(WEEKS, ENDED)
    assert found.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert found.share == pytest.approx(
        [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5
    )
    assert found.median == 23
    # log-minus-log interval at 6 weeks: .620 to .952
    assert (found.low[0], found.high[0]) == pytest.approx((0.620, 0.952), abs=1e-3)


def test_without_anybody_cut_off_it_is_the_share_left():
    found = kaplan_meier([1, 2, 3, 4], [True] * 4)
    assert found.share == pytest.approx([0.75, 0.5, 0.25, 0.0])
    assert found.at(2.5) == 0.5
    assert found.at(0.5) == 1.0


def test_weights_are_repeated_cases():
    one = kaplan_meier([1, 2, 5], [1, 0, 1], weight=[3, 2, 4])
    other = kaplan_meier([1] * 3 + [2] * 2 + [5] * 4, [1] * 3 + [0] * 2 + [1] * 4)
    assert one.share == pytest.approx(other.share)
    assert one.at_risk.tolist() == other.at_risk.tolist()


def test_nothing_has_happened():
    found = kaplan_meier([3, 4], [False, False])
    assert found.at(10) == 1.0
    assert found.median == float("inf")


def test_cut_off_cases_do_not_bias_and_intervals_hold():
    rng = np.random.default_rng(1)
    inside, naive = 0, []
    for _turn in range(400):
        life = rng.exponential(10, 200)
        watched = rng.uniform(0, 20, 200)
        seen = np.minimum(life, watched)
        found = kaplan_meier(seen, life <= watched)
        place = np.searchsorted(found.time, 8.0, side="right") - 1
        inside += found.low[place] <= np.exp(-0.8) <= found.high[place]
        naive.append((seen > 8).mean())
    assert inside / 400 == pytest.approx(0.95, abs=0.03)
    assert np.mean(naive) < np.exp(-0.8) - 0.1  # what ignoring the cut-off would say
