import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playbook.stats.scores import score_edges, standing_scores

some_values = arrays(float, st.integers(1, 60), elements=st.integers(0, 9).map(float))


def test_1398_customers_with_one_purchase_get_one_score():
    # a widely used package splits such a heap of ties over six scores
    frequency = np.concatenate([np.ones(1398), np.arange(2, 961)])
    scores = standing_scores(frequency)
    assert set(scores[:1398]) == {1}


def test_the_best_of_ten_different_values_are_better_than_four_in_five():
    assert standing_scores(np.arange(10.0)).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_few_days_since_the_last_purchase_are_good():
    assert standing_scores(np.arange(5.0), smaller_is_better=True).tolist() == [5, 4, 3, 2, 1]


@given(some_values, st.integers(2, 7))
def test_equal_values_get_equal_scores_whatever_their_order(values, bins):
    scores = standing_scores(values, bins=bins)
    order = np.random.default_rng(0).permutation(len(values))
    assert (standing_scores(values[order], bins=bins) == scores[order]).all()
    for value in set(values):
        assert len(set(scores[values == value])) == 1


@given(some_values, st.integers(2, 7))
def test_a_better_value_never_has_a_worse_score(values, bins):
    scores = standing_scores(values, bins=bins)
    order = np.argsort(values)
    assert (np.diff(scores[order]) >= 0).all()
    assert scores.min() >= 1
    assert scores.max() <= bins


@given(some_values)
def test_who_reaches_an_edge_has_at_least_its_score(values):
    scores = standing_scores(values)
    for score, edge in score_edges(values, scores).items():
        assert ((values >= edge) == (scores >= score)).all()
