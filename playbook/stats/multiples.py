"""What a customer is worth: the margin multiple and what moves it.

Gupta & Lehmann: constant margin, constant retention, no end. Two conventions exist;
whoever prints a value says which one was taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def margin_multiple(
    retention: ArrayLike, *, discount: float, with_first: bool = False
) -> NDArray[np.float64]:
    """How many yearly margins a customer is worth.

    Args:
        retention: Yearly retention, 0-1; one number or an array.
        discount: Yearly discount rate, 0.18 is 18 %.
        with_first: Whether this year's margin counts: ``(1+i)/(1+i-r)``; without it
            the first margin comes in a year and only from those who stay: ``r/(1+i-r)``.

    Example:
        >>> round(float(margin_multiple(0.80, discount=0.10)), 4)
        2.6667
        >>> round(float(margin_multiple(0.62, discount=0.18, with_first=True)), 3)
        2.107
    """
    kept = np.asarray(retention, dtype=float)
    above = 1 + discount if with_first else kept
    return np.asarray(above / (1 + discount - kept))


def retention_elasticity(retention: ArrayLike, *, discount: float) -> NDArray[np.float64]:
    """By how many per cent customer value grows when retention grows by one per cent.

    The derivative of the multiple without the first margin. It is no constant: the
    slogan's "five" is the value near a retention of 0.9.

    Example:
        >>> round(float(retention_elasticity(0.90, discount=0.10)), 2)
        5.5
    """
    kept = np.asarray(retention, dtype=float)
    return np.asarray((1 + discount) / (1 + discount - kept))
