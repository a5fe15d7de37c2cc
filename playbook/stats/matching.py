"""Matching: units into pairs of nearest neighbours."""

from __future__ import annotations

import numpy as np


def pairs(distance: np.ndarray) -> list[tuple[int, int]]:
    """Join units into pairs so that the sum of their distances is small.

    Greedy start (the nearest two first), then pairs exchange partners as long as any
    exchange of two pairs, or of a member against a unit left over, shortens the sum.
    Deterministic: ties go to the lower index.

    Args:
        distance: Symmetric, n by n; infinite where two units must not be paired.

    Returns:
        The pairs, lower index first, nearest pair first; with an odd number, or where
        distances are infinite, some units stay alone.

    Example:
        >>> points = np.array([0.0, 10.0, 1.0, 11.0])
        >>> pairs(np.abs(points[:, None] - points))
        [(0, 2), (1, 3)]
    """
    found, alone = _greedy(distance)
    while _improve(distance, found) or _replace(distance, found, alone):
        pass
    return sorted((min(p), max(p)) for p in sorted(found, key=lambda p: (distance[p], p)))


def _greedy(distance: np.ndarray) -> tuple[list[tuple[int, int]], list[int]]:
    n = len(distance)
    rows, columns = np.triu_indices(n, 1)
    order = np.argsort(distance[rows, columns], kind="stable")
    is_free = np.ones(n, dtype=bool)
    found: list[tuple[int, int]] = []
    for a, b in zip(rows[order], columns[order], strict=True):
        if is_free[a] and is_free[b] and np.isfinite(distance[a, b]):
            found.append((int(a), int(b)))
            is_free[[a, b]] = False
    return found, [int(i) for i in np.flatnonzero(is_free)]


def _improve(distance: np.ndarray, found: list[tuple[int, int]]) -> bool:
    """Exchange partners between two pairs where that shortens the sum; whether any did."""
    for i, (a, b) in enumerate(found):
        for j in range(i + 1, len(found)):
            c, d = found[j]
            now = distance[a, b] + distance[c, d]
            for first, second in (((a, c), (b, d)), ((a, d), (b, c))):
                if distance[first] + distance[second] < now - 1e-12:
                    found[i], found[j] = first, second
                    return True
    return False


def _replace(distance: np.ndarray, found: list[tuple[int, int]], alone: list[int]) -> bool:
    """Put a unit left over into a pair where that shortens the pair; whether any did."""
    for k, unit in enumerate(alone):
        for i, (a, b) in enumerate(found):
            for kept, freed in ((a, b), (b, a)):
                if distance[kept, unit] < distance[a, b] - 1e-12:
                    found[i] = (kept, unit)
                    alone[k] = freed
                    return True
    return False
