import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.stats.randomisation import compare, n_possible, redraws

# method/known_answers: the twelve published pair differences
TWELVE = np.array([-0.1, 0.7, -0.6, 2.1, 4.8, 2.6, 1.2, 3.5, 1.4, 1.8, 0.3, 5.0])


def in_pairs(differences):
    outcome = np.column_stack([differences, np.zeros(len(differences))]).ravel()
    pairs = np.repeat(np.arange(len(differences)), 2)
    return outcome, pairs, redraws(pairs, np.tile([1, 0], len(differences)), seed=1)


def test_the_twelve_published_pairs_give_14_of_4096_sign_flips():
    outcome, pairs, draws = in_pairs(TWELVE)
    seen = compare(outcome, pairs, draws)
    assert seen.att == pytest.approx(1.8917, abs=5e-5)
    assert (seen.n_extreme, seen.n_draws, seen.is_exact) == (14, 4096, True)
    assert seen.p_value == pytest.approx(14 / 4096)


def test_the_standard_error_of_pairs_is_that_of_the_paired_t_test():
    outcome, pairs, draws = in_pairs(TWELVE)
    seen = compare(outcome, pairs, draws)
    assert seen.se == pytest.approx(1.8118 / np.sqrt(12), abs=5e-5)
    assert seen.att / seen.se == pytest.approx(3.617, abs=5e-4)


def test_the_interval_ends_where_the_test_begins_to_reject():
    outcome, pairs, draws = in_pairs(TWELVE)
    seen = compare(outcome, pairs, draws)
    treated = draws.arms[0]
    for bound, outward in ((seen.ci_low, -1), (seen.ci_high, 1)):
        inside = compare(outcome - (bound - outward * 1e-6) * treated, pairs, draws)
        outside = compare(outcome - (bound + outward * 1e-6) * treated, pairs, draws)
        assert inside.p_value > 0.05 >= outside.p_value


def test_with_covariates_too_the_interval_inverts_the_test():
    rng = np.random.default_rng(0)
    pairs, treated = np.repeat(np.arange(8), 2), np.tile([1, 0], 8)
    past = rng.normal(size=(16, 2))
    outcome = past @ [1.0, -2.0] + rng.normal(size=16)
    draws = redraws(pairs, treated, seed=1)
    seen = compare(outcome, pairs, draws, covariates=past)
    for bound, outward in ((seen.ci_low, -1), (seen.ci_high, 1)):
        shifted = outcome - (bound + outward * 1e-6) * treated
        assert compare(shifted, pairs, draws, covariates=past).p_value <= 0.05


def test_the_effect_with_covariates_is_the_coefficient_of_least_squares():
    rng = np.random.default_rng(3)
    pairs, treated = np.repeat(np.arange(6), 2), np.tile([1, 0], 6)
    past = rng.normal(size=(12, 2))
    outcome = rng.normal(size=12)
    design = np.column_stack([treated, np.ones(12), past])
    coefficient = np.linalg.lstsq(design, outcome, rcond=None)[0][0]
    seen = compare(outcome, pairs, redraws(pairs, treated, seed=1), covariates=past)
    assert seen.att == pytest.approx(coefficient)


def test_strata_of_unequal_shares_are_compared_within_themselves():
    # treated 10 above control in each stratum; the strata differ by 100
    strata = np.array(["a"] * 4 + ["b"] * 6)
    treated = np.array([1, 1, 1, 0, 1, 0, 0, 0, 0, 0])
    outcome = 100.0 * (strata == "b") + 10.0 * treated
    seen = compare(outcome, strata, redraws(strata, treated, seed=1))
    assert seen.att == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("blocks", "treated", "n"),
    [
        (np.repeat([1, 2, 3], 2), np.tile([1, 0], 3), 8),
        (np.array([1] * 5), np.array([1, 1, 0, 0, 0]), 10),
        (np.array([1] * 4 + [2] * 3), np.array([1, 0, 0, 0, 1, 1, 0]), 12),
    ],
)
def test_all_draws_are_listed_once_with_the_real_one_first(blocks, treated, n):
    draws = redraws(blocks, treated, seed=1)
    assert n_possible(blocks, treated) == n == len(draws.arms)
    assert len({tuple(row) for row in draws.arms}) == n
    assert (draws.arms[0] == treated).all()


def test_many_stores_are_redrawn_at_random_within_their_strata():
    strata = np.repeat(np.arange(6), 20)
    treated = np.tile([1] * 5 + [0] * 15, 6)
    draws = redraws(strata, treated, seed=4, n_draws=300)
    assert not draws.is_exact
    sums = np.array([[row[strata == s].sum() for s in range(6)] for row in draws.arms])
    assert (sums == 5).all()


def test_one_pair_can_never_be_told_from_chance():
    outcome, pairs, draws = in_pairs(np.array([50.0]))
    assert compare(outcome, pairs, draws).p_value == 1.0


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-5, 5), min_size=6, max_size=9),
    st.floats(-3, 3),
)
def test_a_common_shift_moves_effect_and_interval_by_itself(differences, shift):
    outcome, pairs, draws = in_pairs(np.array(differences))
    seen = compare(outcome, pairs, draws)
    moved = compare(outcome + shift * draws.arms[0], pairs, draws)
    assert moved.att == pytest.approx(seen.att + shift, abs=1e-9)
    assert moved.ci_low == pytest.approx(seen.ci_low + shift, abs=1e-9)
    assert moved.ci_high == pytest.approx(seen.ci_high + shift, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=6, max_size=9))
def test_arms_swapped_change_the_sign_and_nothing_else(differences):
    outcome, pairs, draws = in_pairs(np.array(differences))
    swapped = redraws(pairs, 1 - draws.arms[0], seed=1)
    seen, other = compare(outcome, pairs, draws), compare(outcome, pairs, swapped)
    assert other.att == pytest.approx(-seen.att, abs=1e-9)
    assert other.p_value == pytest.approx(seen.p_value)
