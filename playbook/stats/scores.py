"""Scores 1 to k by standing among others, where equal values always get equal scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def standing_scores(values: Floats, *, bins: int = 5, smaller_is_better: bool = False) -> Ints:
    """Score each value by the share of values that are worse: 5 means better than four in five.

    A value gets ``s`` when at least ``(s - 1) / bins`` of all values are strictly worse.
    Ties share one score and nothing is broken by the order of rows, so a heap of equal
    values may leave scores unused: that is what the data say.

    Args:
        values: One number per customer, without gaps.
        bins: Number of scores, at least 2; the best is ``bins``.
        smaller_is_better: Whether few (days since the last purchase) is good.

    Example:
        >>> standing_scores(np.array([1.0, 1.0, 1.0, 2.0, 9.0])).tolist()
        [1, 1, 1, 4, 5]
    """
    signed = -np.asarray(values, dtype=float) if smaller_is_better else np.asarray(values, float)
    worse = np.searchsorted(np.sort(signed), signed, side="left")
    return np.asarray(1 + worse * bins // max(len(signed), 1), dtype=np.int64)


def score_edges(
    values: Floats, scores: Ints, *, smaller_is_better: bool = False
) -> dict[int, float]:
    """The weakest value of each score that occurs: what it takes to get it.

    Example:
        >>> values = np.array([1.0, 1.0, 1.0, 2.0, 9.0])
        >>> score_edges(values, standing_scores(values))
        {1: 1.0, 4: 2.0, 5: 9.0}
    """
    weakest = np.max if smaller_is_better else np.min
    return {int(s): float(weakest(values[scores == s])) for s in np.unique(scores)}
