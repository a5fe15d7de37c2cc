"""The smallest difference that a comparison of pairs will see."""

from __future__ import annotations

from math import sqrt


def in_pairs(*, sd: float, pairs: int, alpha: float = 0.05, power: float = 0.80) -> float:
    """Smallest true difference that ``pairs`` pairs find with chance ``power``.

    Two-sided t-test on the differences of the pairs, by the sum of t quantiles.

    Args:
        sd: Standard deviation between pairs of their difference, in the outcome's unit.
        pairs: Number of pairs, at least 2.
        alpha: Share of false alarms that is accepted.
        power: Chance to find a difference of exactly this size.

    Example:
        >>> round(in_pairs(sd=1.86, pairs=12), 2)
        1.65
    """
    from scipy.special import stdtrit

    quantiles = stdtrit(pairs - 1, [1 - alpha / 2, power])
    return float(quantiles.sum() * sd / sqrt(pairs))
