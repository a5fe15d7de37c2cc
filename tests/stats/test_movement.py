import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.stats.movement import share_interval, value_of_moving


@given(st.floats(0.0, 0.99), st.floats(0.01, 0.4), st.floats(1, 1e5))
def test_with_one_segment_moving_is_the_margin_multiple(r, i, margin):
    worth = value_of_moving(np.array([[r]]), yearly=np.array([margin]), discount=i)
    assert worth[0] == pytest.approx(margin * r / (1 + i - r))


def test_moving_value_is_the_discounted_sum_over_the_years():
    moves = np.array([[0.6, 0.2], [0.1, 0.5]])
    yearly = np.array([100.0, 20.0])
    by_hand = sum(np.linalg.matrix_power(moves, t) @ yearly / 1.18**t for t in range(1, 200))
    assert value_of_moving(moves, yearly=yearly, discount=0.18) == pytest.approx(by_hand)


def test_intervals_of_shares_agree_with_the_published_ones():
    # Newcombe 1998, method 3: 81 of 263 gives .2553 to .3662; 0 of 20 gives 0 to .1611
    low, high = share_interval(np.array([81.0, 0.0]), np.array([263.0, 20.0]))
    assert low == pytest.approx([0.2553, 0.0], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1611], abs=5e-5)
