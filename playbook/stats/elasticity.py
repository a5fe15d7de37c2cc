"""Elasticity: by how many per cent one thing moves with one per cent of another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Elasticity:
    """A slope between logarithms.

    Attributes:
        value: Per cent of the outcome for one per cent of the cause.
        low: Lower end of the 95 % interval.
        high: Upper end.
        n: Points it rests on.
    """

    value: float
    low: float
    high: float
    n: int


def elasticity(cause: Floats, outcome: Floats) -> Elasticity:
    """Least squares of log outcome on log cause, with Student's interval.

    Args:
        cause: Positive numbers, three or more that differ.
        outcome: Positive numbers, one for each.

    Example:
        >>> found = elasticity(np.array([1.0, 4.0, 16.0]), np.array([3.0, 6.0, 12.0]))
        >>> round(found.value, 6)
        0.5
    """
    from scipy.stats import t

    x, y = np.log(cause), np.log(outcome)
    dx = x - x.mean()
    spread = float((dx**2).sum())
    value = float((dx * (y - y.mean())).sum()) / spread
    left = y - y.mean() - value * dx
    n = len(x)
    error = math.sqrt(float((left**2).sum()) / (n - 2) / spread)
    reach = float(t.ppf(0.975, n - 2)) * error
    return Elasticity(value=value, low=value - reach, high=value + reach, n=n)
