"""Groups found by k-means, and whether they are more than a way to cut a crowd.

Stability after Hennig (fpc::clusterboot): Jaccard of each group with its best match in
bootstrap samples, below .60 unstable, above .75 stable. Stability alone is not enough, since
a cigar is always cut in the same place; so a second question is asked: does a valley, where
hardly anybody is, lie between a group and its neighbours? The three verdicts are those of
Dolnicar & Leisch: natural, reproducible, constructed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Labels = NDArray[np.integer[Any]]
Verdict = Literal["natural", "reproducible", "convention"]

STABLE = 0.75
# People in the middle fifth between two centres, for one around the emptier of the centres.
DEEPEST_CROWD = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Groups:
    """Groups of points and what can be said about them.

    Attributes:
        labels: Group of each point, 0 to k - 1; the largest group is 0.
        centres: ``(k, n_features)``.
        jaccard: Stability per group, mean over the bootstraps.
        valley: Per group, how full its fullest border to a neighbour is: points in the middle
            against points at the emptier centre; 0 is a gap, 1 a crowd.
    """

    labels: Ints
    centres: Floats
    jaccard: Floats
    valley: Floats

    @property
    def verdict(self) -> Verdict:
        """What the groups are."""
        if (self.jaccard < STABLE).any():
            return "convention"
        return "natural" if (self.valley <= DEEPEST_CROWD).all() else "reproducible"


def find_groups(
    points: Floats, *, k: int, seed: int, n_bootstraps: int = 30, most_points: int = 3000
) -> Groups:
    """Find ``k`` groups and judge them.

    Args:
        points: ``(n, n_features)``, on comparable scales.
        k: Number of groups, from 2 to less than n.
        seed: Same seed, same groups.
        n_bootstraps: Samples for the stability.
        most_points: The stability is judged on at most so many points, drawn at random.
    """
    rng = np.random.default_rng(seed)
    labels, centres = _by_size(*_fit(points, k=k, rng=rng, n_starts=4))
    chosen = rng.permutation(len(points))[:most_points]
    return Groups(
        labels=labels,
        centres=centres,
        jaccard=_stability(points[chosen], labels[chosen], k=k, rng=rng, n=n_bootstraps),
        valley=_valleys(points, labels, centres),
    )


def _fit(points: Floats, *, k: int, rng: np.random.Generator, n_starts: int) -> tuple[Ints, Floats]:
    """Labels and centres of the best of several starts."""
    from scipy.cluster.vq import kmeans2

    fits = [kmeans2(points, k, iter=30, minit="++", rng=rng) for _start in range(n_starts)]
    spread = [float(((points - centres[labels]) ** 2).sum()) for centres, labels in fits]
    centres, labels = fits[int(np.argmin(spread))]
    return labels.astype(np.int64), centres


def _by_size(labels: Ints, centres: Floats) -> tuple[Ints, Floats]:
    """The same groups numbered from the largest."""
    order = np.argsort(-np.bincount(labels, minlength=len(centres)), kind="stable")
    return np.argsort(order)[labels], centres[order]


def _stability(points: Floats, labels: Ints, *, k: int, rng: np.random.Generator, n: int) -> Floats:
    """Mean Jaccard of each group with its best match, over ``n`` bootstrap samples."""
    best = np.empty((n, k))
    for turn in range(n):
        drawn = np.unique(rng.integers(len(points), size=len(points)))
        again, _centres = _fit(points[drawn], k=k, rng=rng, n_starts=2)
        best[turn] = jaccard(labels[drawn], again, k=k).max(axis=1)
    found: Floats = best.mean(axis=0)
    return found


def jaccard(first: Ints, second: Ints, *, k: int) -> Floats:
    """Jaccard index of every group of one grouping with every group of another.

    Example:
        >>> jaccard(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), k=2).round(2).tolist()
        [[0.5, 0.25], [0.0, 0.67]]
    """
    both = np.bincount(first * k + second, minlength=k * k).reshape(k, k).astype(float)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
    return np.asarray(both / np.maximum(either, 1))


def _valleys(points: Floats, labels: Ints, centres: Floats) -> Floats:
    """For each group the fullest border to a neighbour."""
    k = len(centres)
    fullest = np.zeros(k)
    for one in range(k):
        for other in range(one + 1, k):
            full = _crowd_between(points, labels, centres, one, other)
            fullest[[one, other]] = np.maximum(fullest[[one, other]], full)
    return fullest


def _crowd_between(points: Floats, labels: Ints, centres: Floats, one: int, other: int) -> float:
    """Points in the middle fifth of the way between two centres, against a fifth at a centre."""
    pair = points[(labels == one) | (labels == other)]
    step = centres[other] - centres[one]
    along = (pair - centres[one]) @ step / float(step @ step)
    near = [float((np.abs(along - place) < 0.1).sum()) for place in (0.0, 0.5, 1.0)]
    return near[1] / max(min(near[0], near[2]), 1.0)


def agreement(first: Labels, second: Labels) -> float:
    """Adjusted Rand index of two groupings: 1 is the same, 0 is chance (Hubert & Arabie 1985).

    Example:
        >>> agreement(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
        1.0
    """
    _names, a = np.unique(first, return_inverse=True)
    _names, b = np.unique(second, return_inverse=True)
    table = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(table, (a, b), 1)
    pairs = (table * (table - 1)).sum() / 2
    rows, columns = (
        (side * (side - 1)).sum() / 2 for side in (table.sum(axis=1), table.sum(axis=0))
    )
    expected = rows * columns / (len(first) * (len(first) - 1) / 2)
    most = (rows + columns) / 2
    return float((pairs - expected) / (most - expected)) if most != expected else 1.0
