import numpy as np
import pytest

from playbook.stats.groups import agreement, find_groups, jaccard

PER_GROUP = 200


def three_groups(rng):
    centres = ([0, 0, 0], [6, 0, 0], [0, 6, 0])
    return np.concatenate([rng.normal(c, 1, size=(PER_GROUP, 3)) for c in centres])


STRUCTURELESS = {
    "one round crowd": lambda rng: rng.normal(size=(600, 3)),
    "evenly filled box": lambda rng: rng.random((600, 3)),
    "long cigar": lambda rng: rng.multivariate_normal(
        [0, 0, 0], [[1, 0.8, 0.6], [0.8, 1, 0.7], [0.6, 0.7, 1]], size=600
    ),
    "columns shuffled": lambda rng: np.column_stack(
        [rng.permutation(np.log1p(rng.gamma(0.5, 20, 600))) for _column in range(3)]
    ),
}


def test_three_groups_far_apart_are_found_and_called_natural():
    rng = np.random.default_rng(1)
    truth = np.repeat(np.arange(3), PER_GROUP)
    for seed in range(10):
        found = find_groups(three_groups(rng), k=3, seed=seed, n_bootstraps=10)
        assert found.verdict == "natural"
        assert agreement(found.labels, truth) > 0.95


@pytest.mark.parametrize("name", STRUCTURELESS)
@pytest.mark.parametrize("k", [2, 3, 5])
def test_noise_is_never_sold_as_natural_groups(name, k):
    rng = np.random.default_rng(2)
    for seed in range(8):
        points = STRUCTURELESS[name](rng)
        assert find_groups(points, k=k, seed=seed, n_bootstraps=8).verdict != "natural"


def test_too_many_groups_of_a_round_crowd_are_a_convention():
    rng = np.random.default_rng(3)
    found = find_groups(rng.normal(size=(600, 3)), k=5, seed=1, n_bootstraps=10)
    assert found.verdict == "convention"


def test_the_same_seed_finds_the_same_groups():
    points = three_groups(np.random.default_rng(4))
    one, other = (find_groups(points, k=4, seed=7, n_bootstraps=5) for _turn in range(2))
    assert (one.labels == other.labels).all()
    assert one.jaccard.tolist() == other.jaccard.tolist()


def test_the_largest_group_comes_first():
    found = find_groups(np.random.default_rng(5).random((400, 3)), k=4, seed=1, n_bootstraps=2)
    sizes = np.bincount(found.labels)
    assert (np.diff(sizes) <= 0).all()


def test_jaccard_of_a_group_with_itself_is_one():
    labels = np.array([0, 0, 1, 2, 2, 2])
    assert jaccard(labels, labels, k=3).diagonal().tolist() == [1.0, 1.0, 1.0]


def test_adjusted_rand_index_of_a_published_example():
    # Hubert & Arabie 1985 as worked in Yeung & Ruzzo 2001: 10 objects, index .3125
    first = np.array([1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    second = np.array([1, 2, 1, 2, 2, 3, 3, 3, 3, 3])
    assert agreement(first, second) == pytest.approx(0.3125, abs=0.001)
