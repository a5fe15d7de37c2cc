"""A mixture of normal distributions on points with weights, by expectation-maximisation.

Source: Dempster, Laird & Rubin 1977, JRSS B 39(1); the number of groups by the Bayesian
information criterion, Schwarz 1978, Annals of Statistics 6(2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.stats import kmeans

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_STEPS = 200
SMALL = 1e-6  # gain of the mean log-likelihood at which the search ends
NARROWEST = 1e-3  # added to each variance, so that no group shrinks to a point


@dataclass(frozen=True, kw_only=True, eq=False)
class Mixture:
    """Groups as clouds.

    Attributes:
        share: Share of each group, the largest first.
        centres: ``(k, n_features)``.
        covariance: ``(k, n_features, n_features)``.
        labels: Most likely group of each point.
        certainty: Chance of that group, per point.
        bic: Bayesian information criterion; smaller is better.
    """

    share: Floats
    centres: Floats
    covariance: Floats
    labels: Ints
    certainty: Floats
    bic: float


def fit(
    points: Floats, weights: Floats, *, k: int, rng: np.random.Generator, n_starts: int = 1
) -> Mixture:
    """Fit ``k`` clouds, beginning with groups of k-means; the likelier of two beginnings counts.

    Args:
        points: ``(n, n_features)``.
        weights: Points that each point stands for.
        k: Number of groups.
        rng: Where the starts are drawn from.
        n_starts: Starts of k-means.
    """
    whitened = points @ _whitening(points, weights)
    found = [
        _climb(points, weights, kmeans.fit(view, weights, k=k, rng=rng, n_starts=n_starts).labels)
        for view in (points, whitened)
    ]
    return min(found, key=lambda one: one.bic)


def _whitening(points: Floats, weights: Floats) -> Floats:
    """Makes the points as wide in every direction; long groups side by side come apart then."""
    share = weights / weights.sum()
    away = points - share @ points
    values, vectors = np.linalg.eigh((share[:, None] * away).T @ away)
    found: Floats = vectors / np.sqrt(np.maximum(values, NARROWEST))
    return found


def _climb(points: Floats, weights: Floats, labels: Ints) -> Mixture:
    """From groups to the clouds with the highest likelihood near them."""
    chances = np.eye(int(labels.max()) + 1)[labels]
    last, mean = -np.inf, 0.0
    for _step in range(MOST_STEPS):
        share, centres, covariance = _clouds(points, weights, chances)
        logs = np.log(share) + _log_densities(points, centres, covariance)
        top = logs.max(axis=1, keepdims=True)
        total = top + np.log(np.exp(logs - top).sum(axis=1, keepdims=True))
        chances = np.exp(logs - total)
        mean = float(weights @ total[:, 0]) / float(weights.sum())
        if mean - last < SMALL:
            break
        last = mean
    return _ordered(points, weights, share, centres, covariance, chances, mean)


def _clouds(points: Floats, weights: Floats, chances: Floats) -> tuple[Floats, Floats, Floats]:
    """Share, centre and covariance of each group, given the chances of each point."""
    mass = weights[:, None] * chances
    total = np.maximum(mass.sum(axis=0), 1e-12)
    centres = mass.T @ points / total[:, None]
    n_features = points.shape[1]
    covariance = np.empty((len(total), n_features, n_features))
    for group, centre in enumerate(centres):
        away = points - centre
        covariance[group] = (mass[:, group, None] * away).T @ away / total[group]
        covariance[group] += NARROWEST * np.eye(n_features)
    return total / total.sum(), centres, covariance


def _log_densities(points: Floats, centres: Floats, covariance: Floats) -> Floats:
    found = np.empty((len(points), len(centres)))
    for group, (centre, matrix) in enumerate(zip(centres, covariance, strict=True)):
        root = np.linalg.cholesky(matrix)
        scaled = np.linalg.solve(root, (points - centre).T)
        size = np.log(np.diag(root)).sum() + len(centre) / 2 * np.log(2 * np.pi)
        found[:, group] = -0.5 * (scaled**2).sum(axis=0) - size
    return found


def _ordered(
    points: Floats,
    weights: Floats,
    share: Floats,
    centres: Floats,
    covariance: Floats,
    chances: Floats,
    mean: float,
) -> Mixture:
    order = np.argsort(-share, kind="stable")
    k, d, n = len(share), points.shape[1], float(weights.sum())
    n_free = k - 1 + k * d + k * d * (d + 1) // 2
    chances = chances[:, order]
    return Mixture(
        share=share[order],
        centres=centres[order],
        covariance=covariance[order],
        labels=np.argmax(chances, axis=1),
        certainty=chances.max(axis=1),
        bic=-2 * n * mean + n_free * float(np.log(n)),
    )
