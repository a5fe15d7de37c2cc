import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.stats.pairwise import matrix_of, pooled, weigh

DRINKS = ["coffee", "wine", "tea", "beer", "soda", "milk", "water"]
# Saaty 2008, relative consumption of drinks; the upper triangle, row by row.
SAATY = [
    [9, 5, 2, 1, 1, 1 / 2],
    [1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
    [1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 1, 1 / 3],
    [2, 1 / 2],
    [1 / 3],
]


def drinks_matrix():
    pairs = {(i, i + 1 + d): v for i, row in enumerate(SAATY) for d, v in enumerate(row)}
    return matrix_of(len(DRINKS), pairs)


def test_the_published_example_of_drinks_is_reproduced():
    found = weigh(drinks_matrix())
    published = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert found.weights == pytest.approx(published, abs=0.0006)
    assert found.consistency_ratio == pytest.approx(0.022, abs=0.0006)
    assert found.is_consistent


def test_a_nearly_consistent_matrix_of_three_gives_the_known_weights():
    found = weigh(np.array([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]]))
    assert found.weights == pytest.approx([0.6370, 0.2583, 0.1047], abs=5e-5)
    assert found.largest_eigenvalue == pytest.approx(3.0385, abs=5e-5)
    assert found.consistency_ratio == pytest.approx(0.0332, abs=5e-5)


def test_judgements_that_run_in_a_circle_are_refused():
    found = weigh(np.array([[1, 5, 1 / 3], [1 / 5, 1, 5], [3, 1 / 5, 1]]))
    assert found.consistency_ratio == pytest.approx(2.12, abs=0.005)
    assert not found.is_consistent


def test_the_one_judgement_that_was_turned_round_is_the_pair_to_revisit():
    weights = np.array([0.5, 0.3, 0.15, 0.05])
    matrix = weights[:, None] / weights[None, :]
    matrix[1, 2], matrix[2, 1] = 1 / 2, 2
    found = weigh(matrix)
    assert found.revisit == (1, 2)
    assert found.revisit_implied == pytest.approx(2.0)


def test_pooling_keeps_the_matrix_reciprocal_where_the_mean_would_not():
    judges = np.array([matrix_of(2, {(0, 1): v}) for v in (2, 3, 4)])
    group = pooled(judges)
    assert group[0, 1] == pytest.approx(24 ** (1 / 3))
    assert group[0, 1] * group[1, 0] == pytest.approx(1)


@given(st.lists(st.floats(0.05, 20), min_size=3, max_size=7))
def test_consistent_judgements_give_their_own_weights_back(raw):
    weights = np.array(raw) / sum(raw)
    found = weigh(weights[:, None] / weights[None, :])
    assert found.weights == pytest.approx(weights, rel=1e-6)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "matrix", [np.ones((2, 3)), np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones((1, 1))]
)
def test_what_is_no_matrix_of_comparisons_is_refused(matrix):
    with pytest.raises(ValueError, match="matrix of comparisons"):
        weigh(matrix)
