"""Groups are found where they were planted, and none are sold where there is a crowd."""

import numpy as np
import pytest

from playbook.stats import kmeans, mixture
from playbook.stats.cells import cells
from playbook.stats.number_of_groups import choose, judge

DRAWS = 20


def on_scale(points):
    return (points - points.mean(axis=0)) / points.std(axis=0)


def blob(rng, n):
    return on_scale(rng.normal(size=(n, 3)) @ rng.normal(size=(3, 3)))


def uniform(rng, n):
    return on_scale(rng.uniform(size=(n, 3)))


def shuffled(rng, n):
    """Columns as customers have them, each put in an order of its own."""
    rate = rng.gamma(1.0, 1.0, n)
    columns = [rate * 100 + 1, rng.poisson(3 * rate) + 1 + rng.uniform(-0.5, 0.5, n), rate * 900]
    return on_scale(np.log(np.column_stack([rng.permutation(column) for column in columns])))


def three(rng, n):
    centres = np.array([[0.0, 0, 0], [6, 0, 0], [0, 6, 0]])
    group = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    return on_scale(centres[group] + rng.normal(size=(n, 3))), group


def chosen(points, seed, method="kmeans"):
    return choose(points, ks=range(2, 6), seed=seed, n_bootstraps=10, n_halves=5, method=method)


@pytest.mark.parametrize("crowd", [blob, uniform, shuffled])
def test_a_crowd_is_not_sold_as_groups(crowd):
    natural = 0
    for seed in range(DRAWS):
        found = chosen(crowd(np.random.default_rng(seed), 500), seed)
        natural += found.verdict == "natural"
    assert natural == 0  # at most 5 in 100 may; 20 draws without one are well within


def test_three_groups_are_three():
    right = 0
    for seed in range(DRAWS):
        points, _group = three(np.random.default_rng(seed), 500)
        found = chosen(points, seed)
        right += found.verdict == "natural" and found.chosen.k == 3
    assert right >= DRAWS - 1


def test_the_planted_members_are_found():
    points, group = three(np.random.default_rng(3), 3000)
    labels = chosen(points, 3).chosen.labels
    for planted in range(3):
        own = labels[group == planted]
        assert (own == np.bincount(own).argmax()).mean() > 0.99


def test_a_mixture_finds_long_groups_that_k_means_cuts_across():
    rng = np.random.default_rng(4)
    along = rng.normal(size=(2000, 1)) * [[6.0, 0.0]]
    side = np.repeat([[0.0, 0.0], [0.0, 3.0]], 1000, axis=0)
    points = along + side + rng.normal(size=(2000, 2)) * 0.3
    weights, truth = np.ones(2000), np.repeat([0, 1], 1000)
    clouds = mixture.fit(points, weights, k=2, rng=np.random.default_rng(1), n_starts=5)
    agreement = (clouds.labels == truth).mean()
    assert max(agreement, 1 - agreement) > 0.95
    assert clouds.share == pytest.approx([0.5, 0.5], abs=0.02)


def test_a_mixture_recovers_planted_clouds():
    rng = np.random.default_rng(8)
    points = np.concatenate([rng.normal(0, 1, (6000, 2)), rng.normal(5, 0.5, (4000, 2))])
    found = mixture.fit(points, np.ones(10_000), k=2, rng=rng)
    assert found.share == pytest.approx([0.6, 0.4], abs=0.01)
    assert found.centres[0] == pytest.approx([0, 0], abs=0.05)
    assert found.covariance[1] == pytest.approx(0.25 * np.eye(2), abs=0.02)
    by_number = [
        mixture.fit(points, np.ones(10_000), k=k, rng=np.random.default_rng(2)).bic
        for k in (1, 2, 3)
    ]
    assert np.argmin(by_number) == 1


def test_weights_are_repeated_points():
    rng = np.random.default_rng(5)
    points, n = rng.normal(size=(200, 2)), rng.integers(1, 4, 200)
    heavy = kmeans.fit(points, n.astype(float), k=3, rng=np.random.default_rng(0), n_starts=20)
    each = kmeans.fit(
        np.repeat(points, n, axis=0), np.ones(n.sum()), k=3, rng=np.random.default_rng(0),
        n_starts=20,
    )  # fmt: skip
    assert heavy.spread == pytest.approx(each.spread, rel=5e-3)


def test_cells_lose_nobody_and_move_nobody_far():
    rng = np.random.default_rng(6)
    points = rng.normal(size=(50_000, 3))
    found = cells(points, most=5000)
    assert len(found.n) <= 5000
    assert found.n.sum() == 50_000
    assert np.bincount(found.place).tolist() == found.n.tolist()
    assert np.abs(found.points[found.place] - points).max() <= found.width
    assert found.points.T @ found.n == pytest.approx(points.sum(axis=0))


def test_cells_and_single_points_find_the_same_groups():
    points, _group = three(np.random.default_rng(7), 12_000)
    coarse = judge(points, cells(points, most=1000), k=3, seed=1, n_bootstraps=5, n_halves=3)
    fine = judge(points, cells(points, most=20_000), k=3, seed=1, n_bootstraps=5, n_halves=3)
    assert (coarse.labels == fine.labels).mean() > 0.995
    assert coarse.verdict == fine.verdict == "natural"


def test_the_same_seed_gives_the_same_choice():
    points = blob(np.random.default_rng(9), 400)
    one, other = (chosen(points, 11) for _turn in range(2))
    assert [c.jaccard.tolist() for c in one.candidates] == [
        c.jaccard.tolist() for c in other.candidates
    ]
