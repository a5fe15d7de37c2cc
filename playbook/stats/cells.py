"""Points close together counted as one: grouping millions takes as long as thousands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.stats.histories import totals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST = 8_000  # cells
FINEST = 0.02  # width of a cell, in the unit of the points


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """Points in small cells.

    Attributes:
        points: ``(n_cells, n_features)``: mean of the points of each cell.
        n: Points in each cell.
        place: For each point its cell.
        width: Width of a cell; 0 where each point has a cell of its own.
    """

    points: Floats
    n: Ints
    place: Ints
    width: float


def cells(points: Floats, *, most: int = MOST) -> Cells:
    """Put points into at most ``most`` cells of equal width, as narrow as that allows.

    Args:
        points: ``(n, n_features)``, on comparable scales with a spread of about 1.
        most: Cells at most; fewer points than that stay as they are.

    Example:
        >>> found = cells(np.array([[0.0], [0.001], [5.0]]), most=2)
        >>> found.n.tolist(), found.place.tolist()
        ([2, 1], [0, 0, 1])
    """
    if len(points) <= most:
        places = np.arange(len(points))
        return Cells(points=points, n=np.ones(len(points), np.int64), place=places, width=0.0)
    width = FINEST
    while True:
        place, n = _gridded(points, width)
        if len(n) <= most:
            break
        width *= 1.25
    means = [totals(place, column, len(n)) / n for column in points.T]
    return Cells(points=np.column_stack(means), n=n, place=place, width=width)


def _gridded(points: Floats, width: float) -> tuple[Ints, Ints]:
    """The cell of each point and the number of points of each cell."""
    whole = np.floor((points - points.min(axis=0)) / width).astype(np.int64)
    key = np.zeros(len(points), np.int64)
    for column in whole.T:
        key = key * (int(column.max()) + 1) + column
    _keys, place, n = np.unique(key, return_inverse=True, return_counts=True)
    return place, n.astype(np.int64)
