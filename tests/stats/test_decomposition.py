import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.stats.decomposition import contributions, log_mean

FACTORS = st.lists(st.floats(0.01, 1000), min_size=3, max_size=3).map(np.array)


@given(before=FACTORS, after=FACTORS)
def test_the_parts_sum_to_the_change_exactly(before, after):
    parts = contributions(before, after)
    change = after.prod() - before.prod()
    assert parts.sum() == pytest.approx(change, rel=1e-9, abs=1e-6 * before.prod())


@given(before=FACTORS, after=FACTORS)
def test_going_back_takes_away_what_going_forth_added(before, after):
    assert contributions(after, before) == pytest.approx(-contributions(before, after), rel=1e-9)


def test_a_factor_that_stays_adds_nothing():
    parts = contributions(np.array([100.0, 2.0, 5.0]), np.array([120.0, 2.0, 5.0]))
    assert parts == pytest.approx([200, 0, 0])


def test_two_factors_by_hand():
    # 2 x 3 = 6 becomes 4 x 3.5 = 14: L = 8 / ln(14/6)
    parts = contributions(np.array([2.0, 3.0]), np.array([4.0, 3.5]))
    mean = 8 / math.log(14 / 6)
    assert parts == pytest.approx([mean * math.log(2), mean * math.log(3.5 / 3)])


def test_a_factor_that_starts_at_nought_is_shared_out_all_the_same():
    parts = contributions(np.array([0.0, 2.0]), np.array([3.0, 4.0]))
    assert parts == pytest.approx([9, 3])


def test_the_log_mean_lies_between_its_numbers():
    assert 2 < log_mean(2, 3) < 3
