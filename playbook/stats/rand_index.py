"""How far two ways to group the same people agree."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.integer[Any]]


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
