"""What it is worth to know more before deciding.

The decision is to go on or to leave it; leaving it is worth nothing. Information is
worth what it adds to the better of the two, and never less than nothing.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.polynomial import Polynomial
    from numpy.typing import ArrayLike

N_GRID = 4_000


def perfect_information(payoffs: ArrayLike, *, chances: ArrayLike) -> float:
    """Expected value of knowing the state of the world before choosing an action.

    Args:
        payoffs: Money, one row per action and one column per state.
        chances: Chance of each state, summing to one.

    Example:
        >>> launch, leave = [79_063, 11_042, -63_781], [0, 0, 0]
        >>> round(perfect_information([launch, leave], chances=[0.30, 0.55, 0.15]))
        9567
    """
    money, weights = np.asarray(payoffs, dtype=float), np.asarray(chances, dtype=float)
    return float(money.max(axis=0) @ weights - (money @ weights).max())


def posterior(*, mean: float, sd: float, observed: float, noise_sd: float) -> tuple[float, float]:
    """Mean and standard deviation of a normal belief after a normal measurement.

    Example:
        >>> mean, sd = posterior(mean=1.5, sd=1.3, observed=1.9, noise_sd=1.8 / 12**0.5)
        >>> round(mean, 2), round(sd, 2)
        (1.84, 0.48)
    """
    weight = sd**2 / (sd**2 + noise_sd**2)
    return mean + weight * (observed - mean), sd * sqrt(1 - weight)


def learned_share(*, sd: float, noise_sd: float) -> float:
    """Share of the belief's variance that a measurement is expected to take away, 0-1."""
    return sd**2 / (sd**2 + noise_sd**2)


def linear_gain(*, mean: float, sd: float) -> float:
    """Expected value of the better of nothing and a normal outcome (unit normal loss).

    Example:
        >>> round(linear_gain(mean=0.0, sd=1.0), 4)
        0.3989
    """
    from scipy.special import ndtr

    if sd == 0:
        return max(mean, 0.0)
    height = np.exp(-0.5 * (mean / sd) ** 2) / sqrt(2 * np.pi)
    return float(mean * ndtr(mean / sd) + sd * height)


def smoothed(value: Polynomial, *, sd: float) -> Polynomial:
    """The polynomial that gives the mean of ``value(x + sd * Z)``, Z standard normal.

    Exact: every second derivative is taken with its normal moment (the heat equation).
    """
    total, term, factor = value, value, 1.0
    for k in range(1, value.degree() // 2 + 1):
        term = term.deriv(2)
        factor *= sd**2 / 2 / k
        total = total + factor * term
    return total


def sample_information(value: Polynomial, *, learned: float) -> tuple[float, float]:
    """What a decision is worth with a measurement first, and what it is worth without.

    Args:
        value: Expected money as a polynomial of the effect in units of the belief:
            0 is its mean, 1 is one standard deviation above.
        learned: Share of the belief's variance that the measurement takes away, 0-1;
            1 is perfect information about the effect.

    Returns:
        Expected money when the decision waits for the measurement, and when it is taken
        now; the difference is the expected value of sample information.
    """
    from scipy.special import ndtri

    after = smoothed(value, sd=sqrt(1 - learned))
    means = sqrt(learned) * ndtri((np.arange(N_GRID) + 0.5) / N_GRID)
    now = float(smoothed(value, sd=1.0)(0.0))
    return float(np.maximum(after(means), 0.0).mean()), max(now, 0.0)
