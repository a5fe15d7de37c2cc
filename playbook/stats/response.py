"""What more money buys: a curve that saturates (Blattberg & Deighton 1996).

``floor + (ceiling - floor) * (1 - exp(-speed * spend))``: two answers that managers can
give, today's spend with its outcome and the most that any money would reach, fix it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, kw_only=True)
class Response:
    """A saturating response of an outcome to spend.

    Attributes:
        floor: Outcome without any spend.
        ceiling: Outcome that no spend exceeds; above ``floor``.
        speed: How fast the ceiling is approached, per unit of spend.
    """

    floor: float
    ceiling: float
    speed: float

    def at(self, spend: ArrayLike) -> NDArray[np.float64]:
        """The outcome at a spend, in the outcome's own unit."""
        left = np.exp(-self.speed * np.asarray(spend, dtype=float))
        return np.asarray(self.ceiling - (self.ceiling - self.floor) * left)

    def marginal_cost(self, spend: float) -> float:
        """What one more unit of outcome costs at this spend."""
        slope = (self.ceiling - self.floor) * self.speed * exp(-self.speed * spend)
        return 1 / slope

    def spend_where_last_costs(self, worth: float) -> float:
        """The spend at which the last unit of outcome costs what it is worth; never below 0."""
        steepest = (self.ceiling - self.floor) * self.speed * worth
        return log(steepest) / self.speed if steepest > 1 else 0.0


def through(*, spend: float, outcome: float, ceiling: float, floor: float = 0.0) -> Response:
    """The response through today's spend and outcome.

    Args:
        spend: Today's spend, above 0.
        outcome: Today's outcome, between ``floor`` and ``ceiling``, both excluded.
        ceiling: The most that any spend would reach.
        floor: The outcome without spend.

    Example:
        >>> today = through(spend=690e6, outcome=600_000, ceiling=800_000)
        >>> round(today.marginal_cost(690e6))
        2489
    """
    reached = (outcome - floor) / (ceiling - floor)
    return Response(floor=floor, ceiling=ceiling, speed=-log(1 - reached) / spend)
