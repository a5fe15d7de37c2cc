"""A mixture of normal distributions on points with weights, by expectation-maximisation.

Source: Dempster, Laird & Rubin 1977, JRSS B 39(1); the number of groups by the Bayesian
information criterion, Schwarz 1978, Annals of Statistics 6(2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playbook.stats import kmeans

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
View = Literal["plain", "whitened"]
VIEWS: tuple[View, ...] = ("plain", "whitened")
MOST_STEPS = 200
SMALL = 1e-5  # gain of the mean log-likelihood at which the search ends
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
        view: How the points were seen where the search began.
    """

    share: Floats
    centres: Floats
    covariance: Floats
    labels: Ints
    certainty: Floats
    bic: float
    view: View


def fit(
    points: Floats,
    weights: Floats,
    *,
    k: int,
    rng: np.random.Generator,
    n_starts: int = 1,
    views: Sequence[View] = VIEWS,
) -> Mixture:
    """Fit ``k`` clouds, beginning with groups of k-means; the likeliest of the beginnings counts.

    Args:
        points: ``(n, n_features)``.
        weights: Points that each point stands for.
        k: Number of groups.
        rng: Where the starts are drawn from.
        n_starts: Starts of k-means.
        views: How k-means sees the points: as they are, or as wide in every direction.
    """
    found = []
    for view in views:
        seen = points if view == "plain" else points @ _whitening(points, weights)
        begun = kmeans.fit(seen, weights, k=k, rng=rng, n_starts=n_starts).labels
        found.append(_climb(points, weights, begun, view))
    return min(found, key=lambda one: one.bic)


def _whitening(points: Floats, weights: Floats) -> Floats:
    """Makes the points as wide in every direction; long groups side by side come apart then."""
    share = weights / weights.sum()
    away = points - share @ points
    values, vectors = np.linalg.eigh((share[:, None] * away).T @ away)
    found: Floats = vectors / np.sqrt(np.maximum(values, NARROWEST))
    return found


def _climb(points: Floats, weights: Floats, labels: Ints, view: View) -> Mixture:
    """From groups to the clouds with the highest likelihood near them."""
    moments = _moments(points)
    chances = np.eye(int(labels.max()) + 1)[labels]
    last, mean = -np.inf, 0.0
    for _step in range(MOST_STEPS):
        share, centres, covariance = _clouds(moments, weights, chances, points.shape[1])
        logs = moments @ _log_parameters(share, centres, covariance)
        top = logs.max(axis=1, keepdims=True)
        chances = np.exp(logs - top)
        total = chances.sum(axis=1, keepdims=True)
        chances /= total
        mean = float(weights @ (top + np.log(total))[:, 0]) / float(weights.sum())
        if mean - last < SMALL:
            break
        last = mean
    return _ordered(points, weights, share, centres, covariance, chances, mean, view)


def _moments(points: Floats) -> Floats:
    """Per point all products of two coordinates, the coordinates, and 1.

    A logarithm of a normal density is linear in them, and means and covariances are their
    averages, so that a step of the search is two products of matrices.
    """
    n, d = points.shape
    products = (points[:, :, None] * points[:, None, :]).reshape(n, d * d)
    return np.hstack([products, points, np.ones((n, 1))])


def _clouds(
    moments: Floats, weights: Floats, chances: Floats, d: int
) -> tuple[Floats, Floats, Floats]:
    """Share, centre and covariance of each group, given the chances of each point."""
    sums = (weights[:, None] * chances).T @ moments
    total = np.maximum(sums[:, -1], 1e-12)
    centres = sums[:, d * d : -1] / total[:, None]
    squares = (sums[:, : d * d] / total[:, None]).reshape(-1, d, d)
    covariance = squares - centres[:, :, None] * centres[:, None, :] + NARROWEST * np.eye(d)
    return total / total.sum(), centres, covariance


def _log_parameters(share: Floats, centres: Floats, covariance: Floats) -> Floats:
    """What ``_moments`` are multiplied by to give the log of share times density, per group."""
    d = centres.shape[1]
    inverse = np.linalg.inv(covariance)
    pull = np.einsum("kij,kj->ki", inverse, centres)
    size = np.linalg.slogdet(covariance)[1] + d * np.log(2 * np.pi)
    level = np.log(share) - 0.5 * (size + (pull * centres).sum(axis=1))
    found: Floats = np.vstack([-0.5 * inverse.reshape(-1, d * d).T, pull.T, level])
    return found


def _ordered(
    points: Floats,
    weights: Floats,
    share: Floats,
    centres: Floats,
    covariance: Floats,
    chances: Floats,
    mean: float,
    view: View,
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
        view=view,
    )
