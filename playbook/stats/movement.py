"""Values where members move between states, and intervals of shares."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def value_of_moving(moves: Floats, *, yearly: Floats, discount: float) -> Floats:
    """Present value per member of each state, when members move between states every year.

    Pfeifer & Carraway 2000: the sum over the years of ``moves`` to that power times
    ``yearly``, discounted; the present year is not counted. With one state that members
    keep with chance ``r`` it is the margin multiple ``r / (1 + i - r)``.

    Args:
        moves: ``(n, n)``; chance to go from a state (row) to a state (column) in a year.
            A row may sum to less than one: the rest is gone for good.
        yearly: ``(n,)``; what a member of a state brings in a year.
        discount: Yearly discount rate, above 0 unless members get lost.

    Example:
        >>> round(float(value_of_moving(np.array([[0.8]]), yearly=np.ones(1), discount=0.1)[0]), 4)
        2.6667
    """
    step = moves / (1 + discount)
    return np.asarray(np.linalg.solve(np.eye(len(moves)) - step, step @ yearly), dtype=float)


def share_interval(hits: Floats, n: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Interval of shares by Wilson's score, which holds for small groups and shares near 0 or 1.

    Args:
        hits: How many did, per group.
        n: How many there were; at least 1.
        level: Chance that the interval holds the share.

    Example:
        >>> low, high = share_interval(np.array([8.0]), np.array([10.0]))
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([0.49], [0.943])
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, scale = hits / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    return middle - half, middle + half
