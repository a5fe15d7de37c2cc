"""The change of a product shared out among its factors, without a remainder."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def log_mean(a: float, b: float) -> float:
    """The logarithmic mean of two positive numbers.

    Example:
        >>> log_mean(5.0, 5.0)
        5.0
    """
    if a <= 0 or b <= 0:
        raise ValueError("the logarithmic mean is for positive numbers")
    return a if math.isclose(a, b, rel_tol=1e-12) else (b - a) / math.log(b / a)


def contributions(before: Floats, after: Floats) -> Floats:
    """What each factor adds to the change of the product; the parts sum to the change exactly.

    Log-mean Divisia (Ang 2005) where all factors are positive. Where one is zero or
    negative, Shapley: the average over all orders in which the factors can change.

    Args:
        before: The factors before, at most 7.
        after: The same factors after.

    Example:
        >>> parts = contributions(np.array([100.0, 2.0]), np.array([110.0, 2.5]))
        >>> round(float(parts.sum()), 9)
        75.0
    """
    if (before > 0).all() and (after > 0).all():
        mean = log_mean(float(before.prod()), float(after.prod()))
        parts: Floats = mean * np.log(after / before)
        return parts
    return _shapley(before, after)


def _shapley(before: Floats, after: Floats) -> Floats:
    parts = np.zeros(len(before))
    orders = list(permutations(range(len(before))))
    for order in orders:
        now = before.copy()
        for factor in order:
            then = now.prod()
            now[factor] = after[factor]
            parts[factor] += now.prod() - then
    return parts / len(orders)
