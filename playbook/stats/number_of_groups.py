"""How many groups there are, if any: chosen by what another sample would repeat.

Three questions for each number of groups. Would another sample find the same ones (Jaccard
of each group over bootstraps, Hennig 2007: below .60 unstable, above .75 stable)? Would one
half of the customers predict who is together in the other half (prediction strength,
Tibshirani & Walther 2005: .80 or more)? And does a valley, where hardly anybody is, lie
between each group and its neighbours? Stability alone does not do: a cigar is always cut in
the same place. The verdicts are those of Dolnicar & Leisch 2010.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playbook.stats import kmeans, mixture
from playbook.stats.cells import MOST, Cells, cells
from playbook.stats.histories import totals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Verdict = Literal["natural", "reproducible", "convention"]
Method = Literal["kmeans", "mixture"]

UNSTABLE, STABLE = 0.60, 0.75
PREDICTED = 0.80
# Customers in the middle of the way between two centres, for one around the emptier centre.
DEEPEST_CROWD = 0.5
NEAR = 0.1  # half the width of "around a place", as a share of the way between two centres
DISTINCT = 1 - np.exp(-1)  # share of customers that are in a bootstrap sample at least once


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """One number of groups and what speaks for it.

    Attributes:
        k: Number of groups.
        centres: ``(k, n_features)``, the largest group first.
        labels: Group of each point.
        jaccard: Per group, mean overlap with its best match in samples drawn anew.
        prediction_strength: Mean over random halves of the worst predicted group.
        crowd: Per group, how full its fullest border is: 0 is a gap, 1 as at the centre.
        is_parted: Per group, whether that border is emptier than half a centre beyond chance.
    """

    k: int
    centres: Floats
    labels: Ints
    jaccard: Floats
    prediction_strength: float
    crowd: Floats
    is_parted: NDArray[np.bool_]

    @property
    def is_stable(self) -> bool:
        """Whether another sample and another half repeat the groups."""
        return bool((self.jaccard >= STABLE).all()) and self.prediction_strength >= PREDICTED

    @property
    def verdict(self) -> Verdict:
        """What the groups are."""
        if not self.is_stable:
            return "convention"
        return "natural" if self.is_parted.all() else "reproducible"


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """All numbers of groups that were tried, and the one that stands.

    Attributes:
        candidates: One for each number, ascending.
        chosen: The largest natural one; else the largest reproducible one; else nothing.
    """

    candidates: tuple[Candidate, ...]
    chosen: Candidate | None

    @property
    def verdict(self) -> Verdict:
        """What is there: natural groups, reproducible ones, or a crowd."""
        return self.chosen.verdict if self.chosen else "convention"


def choose(
    points: Floats,
    *,
    ks: Sequence[int] = range(2, 11),
    seed: int,
    method: Method = "kmeans",
    n_bootstraps: int = 100,
    n_halves: int = 20,
    most_cells: int = MOST,
    told: Callable[[float], None] = lambda _share: None,
) -> Choice:
    """Try several numbers of groups and choose by stability.

    Args:
        points: ``(n, n_features)``, on comparable scales.
        ks: Numbers of groups to try, each at least 2.
        seed: Same seed, same choice.
        method: k-means, or a mixture of normal distributions.
        n_bootstraps: Samples drawn anew.
        n_halves: Random halves for the prediction strength.
        most_cells: Customers close together are counted as one; at most so many remain.
        told: Called with the share of the work done.
    """
    found = cells(points, most=most_cells)
    candidates = []
    for place, k in enumerate(ks):
        candidates.append(
            judge(
                points, found, k=k, seed=seed, method=method,
                n_bootstraps=n_bootstraps, n_halves=n_halves,
            )
        )  # fmt: skip
        told((place + 1) / len(ks))
    for verdict in ("natural", "reproducible"):
        fitting = [one for one in candidates if one.verdict == verdict]
        if fitting:
            return Choice(candidates=tuple(candidates), chosen=fitting[-1])
    return Choice(candidates=tuple(candidates), chosen=None)


def judge(
    points: Floats,
    found: Cells,
    *,
    k: int,
    seed: int,
    method: Method = "kmeans",
    n_bootstraps: int = 100,
    n_halves: int = 20,
) -> Candidate:
    """Find ``k`` groups and ask the three questions.

    Args:
        points: ``(n, n_features)``.
        found: The same points in cells.
        k: Number of groups.
        seed: Same seed, same answers.
        method: How groups are found.
        n_bootstraps: Samples drawn anew.
        n_halves: Random halves.
    """
    rng = np.random.default_rng([seed, k])
    whole = _grouped(found.points, found.n.astype(float), k, rng, method, n_starts=8)
    labels = whole.labels[found.place]
    crowd, is_parted = _borders(points, labels, whole.centres)
    # resamples begin as the fit to all customers did: half the work, and the same method
    views = (whole.view,) if isinstance(whole, mixture.Mixture) else mixture.VIEWS
    return Candidate(
        k=k,
        centres=whole.centres,
        labels=labels,
        jaccard=_stability(found, whole.labels, k, rng, method, n_bootstraps, views),
        prediction_strength=_prediction_strength(found, k, rng, method, n_halves, views),
        crowd=crowd,
        is_parted=is_parted,
    )


def regroup(
    points: Floats,
    counts: NDArray[np.bool_],
    *,
    k: int,
    seed: int,
    method: Method = "kmeans",
    most_cells: int = MOST,
) -> Ints:
    """Find ``k`` groups among some of the points and put every point into one of them.

    Args:
        points: ``(n, n_features)``.
        counts: Which points the groups are found from.
        k: Number of groups.
        seed: Same seed, same groups.
        method: How groups are found.
        most_cells: Points close together are counted as one; at most so many remain.

    Returns:
        Group of each point, the largest first, whether it counted or not.
    """
    found = cells(points, most=most_cells)
    weights = totals(found.place, counts.astype(float), len(found.n))
    rng = np.random.default_rng([seed, k])
    return _grouped(found.points, weights, k, rng, method, n_starts=8).labels[found.place]


def _grouped(
    points: Floats,
    weights: Floats,
    k: int,
    rng: np.random.Generator,
    method: Method,
    n_starts: int,
    views: Sequence[mixture.View] = mixture.VIEWS,
) -> kmeans.KMeans | mixture.Mixture:
    if method == "kmeans":
        return kmeans.fit(points, weights, k=k, rng=rng, n_starts=n_starts)
    return mixture.fit(points, weights, k=k, rng=rng, n_starts=n_starts, views=views)


def _stability(
    found: Cells,
    labels: Ints,
    k: int,
    rng: np.random.Generator,
    method: Method,
    n: int,
    views: Sequence[mixture.View],
) -> Floats:
    """Mean Jaccard of each group with its best match among the groups of samples drawn anew."""
    best = np.empty((n, k))
    for turn in range(n):
        drawn = rng.binomial(found.n, DISTINCT).astype(float)
        again = _grouped(found.points, drawn, k, rng, method, 2, views).labels
        both = totals(labels * k + again, drawn, k * k).reshape(k, k)
        either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
        best[turn] = (both / np.maximum(either, 1)).max(axis=1)
    found_again: Floats = best.mean(axis=0)
    return found_again


def _prediction_strength(
    found: Cells,
    k: int,
    rng: np.random.Generator,
    method: Method,
    n: int,
    views: Sequence[mixture.View],
) -> float:
    """How many pairs of one half's worst group the groups of the other half keep together."""
    worst = []
    for _turn in range(n):
        one = rng.binomial(found.n, 0.5)
        other = found.n - one
        told, own = (
            _grouped(found.points, half.astype(float), k, rng, method, 4, views).labels
            for half in (one, other)
        )
        table = totals(own * k + told, other, k * k).reshape(k, k)
        size = table.sum(axis=1)
        together = (table * (table - 1)).sum(axis=1) / np.maximum(size * (size - 1), 1)
        worst.append(float(together[size > 1].min(initial=1.0)))
    return float(np.mean(worst))


def _borders(points: Floats, labels: Ints, centres: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """For each group its fullest border, and whether it is surely emptier than half a centre."""
    k = len(centres)
    crowd, is_parted = np.zeros(k), np.ones(k, bool)
    order = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[order], np.arange(k + 1))
    groups = [points[order[ends[group] : ends[group + 1]]] for group in range(k)]
    for one in range(k):
        for other in range(one + 1, k):
            middle, edge = _on_the_way(groups[one], groups[other], centres[one], centres[other])
            full = middle / max(edge, 1.0)
            most = middle + 1.645 * np.sqrt(middle + 1)
            least = edge - 1.645 * np.sqrt(edge)
            parted = most <= DEEPEST_CROWD * least
            crowd[[one, other]] = np.maximum(crowd[[one, other]], full)
            is_parted[[one, other]] &= parted
    return crowd, is_parted


def _on_the_way(first: Floats, second: Floats, start: Floats, end: Floats) -> tuple[float, float]:
    """Points in the middle between two centres, and at the emptier of the two centres."""
    step = end - start
    length = float(step @ step)
    if not length:
        return 1.0, 0.0
    along = np.concatenate([(first - start) @ step, (second - start) @ step]) / length
    near = [float((np.abs(along - place) < NEAR).sum()) for place in (0.0, 0.5, 1.0)]
    return near[1], min(near[0], near[2])
