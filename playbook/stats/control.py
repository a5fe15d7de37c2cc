"""Control charts: a centre, limits, and the few signals worth acting upon.

The trend rule is left out: it finds what is not there (Anhøj & Olesen 2014).

Source: Montgomery, Introduction to Statistical Quality Control; Nelson 1984.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

D2 = 1.128  # mean range of two normal values, in standard deviations
SIGMAS = 3.0
RUN = 9  # points in a row on one side of the centre (Nelson's second rule)


@dataclass(frozen=True, kw_only=True, eq=False)
class Control:
    """A chart of single values.

    Attributes:
        centre: The line that the values are held against.
        sigma: Standard deviation of a single value, from ranges of neighbours.
        low: Lower limit, three sigmas below the centre.
        high: Upper limit.
        is_outside: Per value whether it lies beyond a limit.
        is_in_run: Per value whether it ends or prolongs a run of ``RUN`` on one side.
        longest: The longest run on one side, in values.
        side: The side of that run: -1 below, +1 above, 0 when there is none.
    """

    centre: float
    sigma: float
    low: float
    high: float
    is_outside: np.ndarray
    is_in_run: np.ndarray
    longest: int
    side: int


def individuals(values: np.ndarray, *, centre: float | None = None) -> Control:
    """The chart of single values and moving ranges (XmR).

    Args:
        values: In the order of time, at least two.
        centre: A line known beforehand, such as a pilot's effect; the mean otherwise.

    Example:
        >>> chart = individuals(np.array([10.0, 11.0, 10.0, 11.0]))
        >>> round(chart.high, 3)
        13.16
    """
    sigma = float(np.abs(np.diff(values)).mean()) / D2
    middle = float(values.mean()) if centre is None else centre
    low, high = middle - SIGMAS * sigma, middle + SIGMAS * sigma
    lengths, sides = run_lengths(values, centre=middle)
    longest = int(lengths.max(initial=0))
    return Control(
        centre=middle,
        sigma=sigma,
        low=low,
        high=high,
        is_outside=(values < low) | (values > high),
        is_in_run=lengths >= RUN,
        longest=longest,
        side=int(sides[lengths.argmax()]) if longest else 0,
    )


def run_lengths(values: np.ndarray, *, centre: float) -> tuple[np.ndarray, np.ndarray]:
    """Per value how many values in a row up to it lie on its side, and the side.

    A value on the line belongs to no side and does not break a run.

    Example:
        >>> run_lengths(np.array([1.0, 2.0, 0.0, 3.0, -1.0]), centre=0.0)[0].tolist()
        [1, 2, 2, 3, 1]
    """
    sides = np.sign(values - centre).astype(int)
    lengths = np.zeros(len(values), dtype=int)
    side = length = 0
    for index, own in enumerate(sides):
        if own and own != side:
            side, length = int(own), 0
        length += bool(own)
        lengths[index] = length
        sides[index] = side
    return lengths, sides
