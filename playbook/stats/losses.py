"""Yearly losses: how often, how much, and what to set aside.

Frequency is Poisson, severity lognormal given by two quantiles; losses of different
risks are independent. Mean and variance of the sum have a closed form, the quantiles
are drawn.

Source: Klugman, Panjer & Willmot, Loss Models, chapter 9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Z90 = 1.2815515655446004  # standard normal quantile of 0.90


@dataclass(frozen=True, kw_only=True, eq=False)
class Severity:
    """Lognormal severities, one per risk.

    Attributes:
        mu: Mean of the logarithm.
        sigma: Standard deviation of the logarithm.
    """

    mu: np.ndarray
    sigma: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """Expected loss of one event."""
        mean: np.ndarray = np.exp(self.mu + self.sigma**2 / 2)
        return mean


def severity(p10: np.ndarray, p90: np.ndarray) -> Severity:
    """The lognormal that 10 of 100 losses undercut at ``p10`` and exceed at ``p90``.

    Args:
        p10: Money, above 0.
        p90: Money, at least ``p10``.
    """
    low, high = np.log(p10), np.log(p90)
    return Severity(mu=(low + high) / 2, sigma=(high - low) / (2 * Z90))


def expected(frequency: np.ndarray, losses: Severity) -> np.ndarray:
    """Expected loss per year of each risk: frequency times mean severity."""
    product: np.ndarray = frequency * losses.mean
    return product


def variance(frequency: np.ndarray, losses: Severity) -> np.ndarray:
    """Variance of the yearly loss of each risk: frequency times the second moment."""
    product: np.ndarray = frequency * np.exp(2 * losses.mu + 2 * losses.sigma**2)
    return product


def draw_years(frequency: np.ndarray, losses: Severity, *, n: int, seed: int) -> np.ndarray:
    """Draw the total loss of ``n`` independent years.

    Args:
        frequency: Events per year of each risk, at least 0.
        losses: Their severities.
        n: Number of years.
        seed: Same seed, same years.

    Returns:
        Money, shape ``(n,)``.
    """
    rng = np.random.default_rng(seed)
    total = np.zeros(n)
    for rate, mu, sigma in zip(frequency, losses.mu, losses.sigma, strict=True):
        counts = rng.poisson(rate, n)
        sums = np.exp(rng.normal(mu, sigma, int(counts.sum())))
        years = np.repeat(np.arange(n), counts)
        total += np.bincount(years, weights=sums, minlength=n)
    return total
