"""k-means on points with weights, so that a sample drawn anew is a change of weights.

Source: Lloyd 1982, IEEE Transactions on Information Theory 28(2); starts by Arthur &
Vassilvitskii 2007 (k-means++).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.stats.histories import totals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_STEPS = 100
SMALL = 1e-4  # a step that improves the fit by less than this share is the last one


@dataclass(frozen=True, kw_only=True, eq=False)
class KMeans:
    """Groups around centres.

    Attributes:
        centres: ``(k, n_features)``, the heaviest group first.
        labels: Group of each point.
        spread: Weighted sum of squared distances to the centres.
    """

    centres: Floats
    labels: Ints
    spread: float


def fit(
    points: Floats, weights: Floats, *, k: int, rng: np.random.Generator, n_starts: int = 1
) -> KMeans:
    """The best of several starts.

    Args:
        points: ``(n, n_features)``.
        weights: Per point, 0 or more; a point of weight 0 pulls nothing and gets a label.
        k: Number of groups.
        rng: Where the starts are drawn from.
        n_starts: Number of starts.
    """
    found = [_descend(points, weights, _start(points, weights, k, rng)) for _ in range(n_starts)]
    best = min(found, key=lambda one: one.spread)
    heavy = np.argsort(-totals(best.labels, weights, k), kind="stable")
    return KMeans(
        centres=best.centres[heavy], labels=np.argsort(heavy)[best.labels], spread=best.spread
    )


def nearest(points: Floats, centres: Floats) -> Ints:
    """The nearest centre of each point."""
    found: Ints = np.argmin(_distances(points, centres), axis=1)
    return found


def _distances(points: Floats, centres: Floats) -> Floats:
    """Squared distances, without the part that is the same for all centres."""
    found: Floats = (centres**2).sum(axis=1) - 2 * points @ centres.T
    return found


def _start(points: Floats, weights: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Centres drawn one by one, each with a chance that grows with the distance to the others."""
    chances = weights / weights.sum()
    centres = [points[rng.choice(len(points), p=chances)]]
    distance = ((points - centres[0]) ** 2).sum(axis=1)
    for _turn in range(1, k):
        mass = weights * distance
        chances = mass / mass.sum() if mass.sum() > 0 else weights / weights.sum()
        centres.append(points[rng.choice(len(points), p=chances)])
        distance = np.minimum(distance, ((points - centres[-1]) ** 2).sum(axis=1))
    return np.array(centres)


def _descend(points: Floats, weights: Floats, centres: Floats) -> KMeans:
    own = float(weights @ (points**2).sum(axis=1))
    last = np.inf
    for _step in range(MOST_STEPS):
        distances = _distances(points, centres)
        labels = np.argmin(distances, axis=1)
        spread = own + float(weights @ distances[np.arange(len(points)), labels])
        if last - spread <= SMALL * max(spread, 1e-12):
            break
        last = spread
        centres = _means(points, weights, labels, centres)
    return KMeans(centres=centres, labels=labels, spread=max(spread, 0.0))


def _means(points: Floats, weights: Floats, labels: Ints, centres: Floats) -> Floats:
    """The mean of each group; an empty group keeps its centre."""
    k = len(centres)
    mass = totals(labels, weights, k)
    sums = np.column_stack([totals(labels, weights * column, k) for column in points.T])
    found: Floats = np.where(mass[:, None] > 0, sums / np.maximum(mass, 1e-300)[:, None], centres)
    return found
