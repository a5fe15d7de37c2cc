"""What a bonus pays for an attainment, and how pay spreads over people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Pay by attainment; both are shares of their target (1.0 is 100 %).

    Nothing below ``threshold``, a straight line from there to ``target`` (pays 1), another
    to ``excellence``, and no more above it.

    Attributes:
        threshold: Smallest attainment that pays.
        target: Attainment that pays exactly the target bonus.
        excellence: Attainment from which pay grows no more.
        pay_at_threshold: Pay at the threshold; more than 0 is a jump.
        pay_at_excellence: Highest pay.
    """

    threshold: float
    target: float
    excellence: float
    pay_at_threshold: float
    pay_at_excellence: float

    def pay(self, attainment: ArrayLike) -> Floats:
        """Pay for each attainment.

        Example:
            >>> curve = Curve(threshold=0.85, target=1.0, excellence=1.15,
            ...               pay_at_threshold=0.5, pay_at_excellence=1.6)
            >>> curve.pay([0.84, 0.85, 1.0, 1.2]).tolist()
            [0.0, 0.5, 1.0, 1.6]
        """
        reached = np.asarray(attainment, dtype=float)
        line = np.interp(
            reached,
            [self.threshold, self.target, self.excellence],
            [self.pay_at_threshold, 1.0, self.pay_at_excellence],
        )
        return np.where(reached >= self.threshold, line, 0.0)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How many people get how far.

    Attributes:
        threshold: Share that reaches the threshold.
        target: Share that reaches the target.
        excellence: Share that reaches excellence.
        mean_pay: Mean pay, 1 is the target bonus.
        near_threshold: Share within two points of the threshold, where a small push pays.
    """

    threshold: float
    target: float
    excellence: float
    mean_pay: float
    near_threshold: float


def reach(attainment: Floats, curve: Curve) -> Reach:
    """Sum up attainments under a curve."""
    return Reach(
        threshold=float((attainment >= curve.threshold).mean()),
        target=float((attainment >= curve.target).mean()),
        excellence=float((attainment >= curve.excellence).mean()),
        mean_pay=float(curve.pay(attainment).mean()),
        near_threshold=float((np.abs(attainment - curve.threshold) <= 0.02).mean()),
    )


def luck_share(first_half: Floats, second_half: Floats) -> float:
    """Share of the differences between units that is chance, from two halves of one period.

    What is real shows in both halves (say, odd and even weeks). The correlation of the
    halves is stepped up to the whole period by Spearman & Brown; the rest is luck.

    Args:
        first_half: A result per unit from one half.
        second_half: The same from the other half.

    Example:
        >>> half = np.array([0.9, 1.0, 1.1, 1.3])
        >>> luck_share(half, half)
        0.0
    """
    if first_half.std() == 0 or second_half.std() == 0:
        return 1.0
    correlation = max(0.0, float(np.corrcoef(first_half, second_half)[0, 1]))
    return float(np.clip(1 - 2 * correlation / (1 + correlation), 0.0, 1.0))
