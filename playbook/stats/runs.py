"""Run charts: is the middle of a series still where it was?

Two signals only: a run on one side of the median that is longer than chance allows, and
too few crossings of it. Both limits follow the length of the series, which keeps false
alarms near 5 of 100 whatever its length; a trend rule adds alarms and finds nothing.

Source: Anhøj & Olesen 2014, "Run charts revisited", PLoS ONE 9(11): e113825.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Runs:
    """What a run chart says.

    Attributes:
        centre: The median that the points are held against.
        n_useful: Points that do not lie on the median.
        longest_run: Most points in a row on one side.
        longest_allowed: A longer run is a signal.
        crossings: How often the series changes sides.
        crossings_needed: Fewer crossings are a signal.
        run_start: Position of the first point of the longest run.
        run_end: Position of its last point.
    """

    centre: float
    n_useful: int
    longest_run: int
    longest_allowed: int
    crossings: int
    crossings_needed: int
    run_start: int
    run_end: int

    @property
    def is_shift(self) -> bool:
        """Whether the longest run is longer than chance allows."""
        return self.longest_run > self.longest_allowed

    @property
    def is_clumped(self) -> bool:
        """Whether there are fewer crossings than chance gives."""
        return self.crossings < self.crossings_needed

    @property
    def is_signal(self) -> bool:
        """Whether either rule fires."""
        return self.is_shift or self.is_clumped


def limits(n: int) -> tuple[int, int]:
    """Longest run allowed and crossings needed for ``n`` useful points.

    The longest run allowed is log2(n) + 3, rounded; the crossings needed are the 5 %
    quantile of a fair coin tossed n - 1 times.

    Example:
        >>> limits(13), limits(24)
        ((7, 3), (8, 8))
    """
    if n < 2:
        return n + 3, 0
    return round(math.log2(n) + 3), _fair_quantile(n - 1, 0.05)


def _fair_quantile(n: int, p: float) -> int:
    """Smallest k with a chance of at least ``p`` for k heads or fewer of ``n`` tosses."""
    total, ways = 0, 1
    for k in range(n + 1):
        total += ways
        if total >= p * 2**n:
            return k
        ways = ways * (n - k) // (k + 1)
    return n


def look(values: np.ndarray, *, centre: float | None = None) -> Runs:
    """Read a series as a run chart; points on the centre are passed over.

    Args:
        values: In the order of time; missing ones are passed over.
        centre: What to hold the points against; their median when not given.
    """
    series = np.asarray(values, float)
    known = series[np.isfinite(series)]
    fallback = float(np.median(known)) if len(known) else float("nan")
    middle = fallback if centre is None else centre
    useful = np.flatnonzero(np.isfinite(series) & (series != middle))
    sides = series[useful] > middle
    turns = np.flatnonzero(sides[1:] != sides[:-1]) + 1
    edges = np.concatenate([[0], turns, [len(sides)]])
    lengths = np.diff(edges)
    longest = int(np.argmax(lengths))
    allowed, needed = limits(len(useful))
    return Runs(
        centre=middle,
        n_useful=len(useful),
        longest_run=int(lengths[longest]),
        longest_allowed=allowed,
        crossings=len(turns),
        crossings_needed=needed,
        run_start=int(useful[edges[longest]]) if len(useful) else 0,
        run_end=int(useful[edges[longest + 1] - 1]) if len(useful) else 0,
    )
