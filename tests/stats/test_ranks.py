import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from playbook.stats.ranks import camps, concordance, ranks, top_seats


@given(
    scores=hnp.arrays(float, (4, 6), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0])),
    k=st.integers(1, 6),
)
def test_every_row_hands_out_exactly_k_seats(scores, k):
    seats = top_seats(scores, k=k)
    assert seats.sum(axis=1) == pytest.approx(k)
    assert ((seats >= 0) & (seats <= 1)).all()


def test_the_best_of_three_gets_the_only_seat():
    assert top_seats(np.array([[1.0, 7.0, 3.0]]), k=1).tolist() == [[0.0, 1.0, 0.0]]


def test_equal_scores_share_a_place():
    assert ranks(np.array([10.0, 20.0, 10.0, 5.0])).tolist() == [2.5, 1.0, 2.5, 4.0]


def test_judges_in_opposite_order_have_no_concordance():
    assert concordance(np.array([[1.0, 2, 3, 4], [4.0, 3, 2, 1]])) == pytest.approx(0)


def test_concordance_of_a_textbook_example():
    # Three judges, six items (Siegel & Castellan): W = 0.16
    places = np.array([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]], float)
    assert concordance(-places) == pytest.approx(0.16, abs=0.005)


def test_two_planted_camps_are_found():
    rng = np.random.default_rng(5)
    one, other = np.array([6.0, 5, 4, 3, 2, 1]), np.array([1.0, 2, 3, 4, 5, 6])
    rows = [one] * 5 + [other] * 3
    found = camps(np.array(rows) + rng.normal(0, 0.4, (8, 6)), seed=1)
    assert found.camp == (0, 0, 0, 0, 0, 1, 1, 1)
    assert found.explained_share > 0.8
    assert found.chance_share < 0.05


def test_where_judges_differ_at_random_camps_look_like_chance():
    rng = np.random.default_rng(11)
    shares = [camps(rng.normal(size=(8, 6)), seed=s, n_shuffles=99).chance_share for s in range(20)]
    assert np.mean(np.array(shares) <= 0.05) <= 0.2
    assert np.mean(shares) > 0.3


def test_judges_who_agree_have_no_camps():
    found = camps(np.tile([3.0, 2.0, 1.0], (6, 1)), seed=1, n_shuffles=20)
    assert found.camp == (0,) * 6
    assert found.explained_share == 0
    assert found.chance_share == 1


def test_many_judges_are_split_too():
    rows = np.array([[3.0, 2, 1]] * 12 + [[1.0, 2, 3]] * 8)
    assert sum(camps(rows, seed=1, n_shuffles=5).camp) == 8


def test_three_judges_are_too_few_for_camps():
    with pytest.raises(ValueError, match="four"):
        camps(np.eye(3), seed=1)
