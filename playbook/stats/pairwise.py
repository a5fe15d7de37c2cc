"""Pairwise comparisons: weights and their consistency by the analytic hierarchy process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Consistency of random judgements by size of the matrix (Saaty); authors differ slightly.
RANDOM_INDEX = {
    1: 0.0, 2: 0.0, 3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.51,
}  # fmt: skip
MOST_INCONSISTENT = 0.10


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Weights from one matrix of comparisons.

    Attributes:
        weights: One weight per item, summing to 1.
        largest_eigenvalue: Lambda max; equal to the number of items when consistent.
        consistency_ratio: 0 is consistent; above 0.10 the judgements contradict
            each other too much to be used.
        revisit: The pair ``(i, j)`` whose judgement departs most from the others.
        revisit_implied: What the other judgements imply for that pair.
    """

    weights: tuple[float, ...]
    largest_eigenvalue: float
    consistency_ratio: float
    revisit: tuple[int, int]
    revisit_implied: float

    @property
    def is_consistent(self) -> bool:
        """Whether the weights may be used."""
        return self.consistency_ratio <= MOST_INCONSISTENT


def matrix_of(n: int, judgements: dict[tuple[int, int], float]) -> Floats:
    """The reciprocal matrix of judgements; pairs that nobody judged count as equal.

    Args:
        n: Number of items.
        judgements: ``(i, j)`` to how many times ``i`` matters as much as ``j``.
    """
    matrix = np.ones((n, n))
    for (i, j), times in judgements.items():
        matrix[i, j], matrix[j, i] = times, 1 / times
    return matrix


def weigh(matrix: Floats) -> Weights:
    """Weights of the items by the principal eigenvector (Saaty).

    Args:
        matrix: ``(n, n)``, positive and reciprocal, 2 to 10 items.

    Raises:
        ValueError: Not square, not reciprocal, or of another size.

    Example:
        >>> found = weigh(np.array([[1, 3, 5], [1/3, 1, 3], [1/5, 1/3, 1]]))
        >>> [round(w, 4) for w in found.weights], round(found.consistency_ratio, 4)
        ([0.637, 0.2583, 0.1047], 0.0332)
    """
    _check(matrix)
    n = len(matrix)
    values, vectors = np.linalg.eig(matrix)
    first = int(values.real.argmax())
    vector = np.abs(vectors[:, first].real)
    weights = vector / vector.sum()
    largest = float(values[first].real)
    index = (largest - n) / (n - 1)
    pair, implied = _worst_pair(matrix, weights)
    return Weights(
        weights=tuple(weights.tolist()),
        largest_eigenvalue=largest,
        consistency_ratio=max(0.0, index / RANDOM_INDEX[n]) if n > 2 else 0.0,
        revisit=pair,
        revisit_implied=implied,
    )


def _check(matrix: Floats) -> None:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError("a matrix of comparisons is square")
    if not 2 <= len(matrix) <= max(RANDOM_INDEX):
        raise ValueError("a matrix of comparisons has 2 to 10 items")
    if (matrix <= 0).any() or not np.allclose(matrix * matrix.T, 1):
        raise ValueError("a matrix of comparisons is positive and reciprocal")


def _worst_pair(matrix: Floats, weights: Floats) -> tuple[tuple[int, int], float]:
    """The judgement that the others contradict most, written so that it says i over j."""
    n = len(matrix)
    if n < 3:
        return (0, 1), float(matrix[0, 1])
    off = np.abs(np.log(matrix * weights[None, :] / weights[:, None]))
    i, j = (int(v) for v in np.unravel_index(int(np.triu(off, 1).argmax()), off.shape))
    others = [k for k in range(n) if k not in (i, j)]
    implied = float(np.exp(np.mean([np.log(matrix[i, k] * matrix[k, j]) for k in others])))
    return (i, j), implied


def pooled(matrices: Floats) -> Floats:
    """The group's matrix: the geometric mean, which keeps it reciprocal.

    Args:
        matrices: ``(n_judges, n, n)``.

    Example:
        >>> float(pooled(np.array([[[1, 2], [1/2, 1]], [[1, 8], [1/8, 1]]]))[0, 1])
        4.0
    """
    group: Floats = np.exp(np.log(matrices).mean(axis=0))
    return group
