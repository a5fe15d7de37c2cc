"""Random draws that stay the same when an assumption moves.

The uniforms of an input depend on the seed and the input's name only. A slider that
moves one assumption therefore moves nothing else, and the picture does not flicker.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Keelin (2016), The metalog distributions, Decision Analysis 13: a three-term metalog exists
# while the median stands at least this share of the range away from both outer quantiles.
METALOG_CONSTANT = 1.66711


@lru_cache(maxsize=64)
def uniforms(name: str, *, n: int, seed: int) -> NDArray[np.float64]:
    """``n`` stratified uniforms for the input ``name``: one in each n-th of 0-1, shuffled.

    Stratified draws (a Latin hypercube when several inputs are combined) reach the mean
    of ten times as many plain ones. The array is shared: it cannot be written to.
    """
    rng = np.random.default_rng([seed, crc32(name.encode())])
    drawn = (rng.permutation(n) + rng.random(n)) / n
    drawn.flags.writeable = False
    return drawn


def normal_quantile(u: NDArray[np.float64], *, mean: float, sd: float) -> NDArray[np.float64]:
    """The values of a normal distribution at the probabilities ``u``."""
    from scipy.special import ndtri

    return np.asarray(mean + sd * ndtri(u))


def triangular_quantile(
    u: NDArray[np.float64], *, low: float, mode: float, high: float
) -> NDArray[np.float64]:
    """The values of a triangular distribution at the probabilities ``u``.

    Example:
        >>> triangular_quantile(np.array([0.0, 0.5, 1.0]), low=0, mode=1, high=2).tolist()
        [0.0, 1.0, 2.0]
    """
    width = high - low
    if width == 0:
        return np.full_like(u, low)
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u < (mode - low) / width, rising, falling)


def metalog_quantile(
    u: NDArray[np.float64], *, low: float, median: float, high: float, tail: float = 0.10
) -> NDArray[np.float64]:
    """The values of the metalog through three quantiles at the probabilities ``u``.

    Args:
        u: Probabilities between 0 and 1, both excluded.
        low: The quantile at ``tail``.
        median: The quantile at one half.
        high: The quantile at ``1 - tail``.
        tail: Probability outside each of the two outer quantiles.
    """
    logit = np.log(u / (1 - u))
    edge = np.log((1 - tail) / tail)
    width = high - low
    spread = width / (2 * edge)
    skew = (1 - 2 * (median - low) / width) * width / ((1 - 2 * tail) * edge) if width else 0.0
    return np.asarray(median + (spread + skew * (u - 0.5)) * logit)


def metalog_exists(*, low: float, median: float, high: float, tail: float = 0.10) -> bool:
    """Whether three quantiles belong to a metalog distribution at all.

    Example:
        >>> metalog_exists(low=0, median=1, high=100)
        False
    """
    if not low < median < high:
        return False
    least = 0.5 * (1 - METALOG_CONSTANT * (0.5 - tail))
    return least < (median - low) / (high - low) < 1 - least
