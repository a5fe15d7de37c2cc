from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.stats.matching import pairs


def cheapest(distance):
    """The smallest sum over all ways to join an even number of units into pairs."""
    n = len(distance)
    return min(
        sum(distance[order[i], order[i + 1]] for i in range(0, n, 2))
        for order in permutations(range(n))
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 1_000), min_size=6, max_size=6, unique=True))
def test_stores_on_a_line_are_joined_as_cheaply_as_can_be(levels):
    points = np.array(levels, float)
    distance = np.abs(points[:, None] - points)
    found = pairs(distance)
    assert sorted(i for pair in found for i in pair) == list(range(6))
    assert sum(distance[pair] for pair in found) == cheapest(distance)


def test_forbidden_pairs_are_never_formed():
    distance = np.array([[0.0, np.inf, 1.0], [np.inf, 0.0, np.inf], [1.0, np.inf, 0.0]])
    assert pairs(distance) == [(0, 2)]


def test_the_odd_one_out_is_the_one_that_fits_least():
    points = np.array([0.0, 5.0, 0.4])
    assert pairs(np.abs(points[:, None] - points)) == [(0, 2)]


def test_no_units_no_pairs():
    assert pairs(np.zeros((0, 0))) == []
