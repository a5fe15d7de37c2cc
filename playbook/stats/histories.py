"""Purchase histories in the three numbers that lifetime models need, equal ones counted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Histories:
    """Customers by frequency, recency and age; customers who agree in all three are one row.

    Attributes:
        frequency: Repeat purchases: days with a purchase after the first one.
        recency: Time of the last purchase since the first one; 0 where frequency is 0.
        age: Time observed since the first purchase, at least ``recency``.
        n: Customers with this history.
        place: For each customer asked about, the row of its history.
    """

    frequency: NDArray[np.int64]
    recency: Floats
    age: Floats
    n: Floats
    place: NDArray[np.int64]

    @property
    def n_customers(self) -> float:
        """All customers."""
        return float(self.n.sum())

    def thinned(self, every: int) -> Histories:
        """Each ``every``-th history; the customers asked about are left out."""
        return Histories(
            frequency=self.frequency[::every],
            recency=self.recency[::every],
            age=self.age[::every],
            n=self.n[::every],
            place=self.place[:0],
        )


def group(
    frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, *, unit: float = 1.0
) -> Histories:
    """Count customers with the same history.

    Args:
        frequency: Repeat purchases, per customer.
        recency: Time of the last purchase since the first, per customer.
        age: Time since the first purchase, per customer.
        unit: What one unit of time of the result is in units of the input: 7 turns days into
            weeks. Whole numbers are grouped fastest.

    Raises:
        ValueError: A frequency below 0, a recency above the age, or one without a purchase.

    Example:
        >>> found = group([0, 2, 0], [0, 14, 0], [28, 28, 28], unit=7)
        >>> found.frequency.tolist(), found.recency.tolist(), found.n.tolist()
        ([0, 2], [0.0, 2.0], [2.0, 1.0])
    """
    x, t_x, age_ = np.asarray(frequency, dtype=np.int64), np.asarray(recency), np.asarray(age)
    if (x < 0).any() or (t_x > age_).any() or (t_x[x == 0] != 0).any():
        raise ValueError("frequency >= 0, 0 <= recency <= age, and no recency without a repeat")
    (times, codes) = _coded(np.concatenate([t_x, age_]))
    n_times = np.int64(len(times))
    key = (x * n_times + codes[: len(x)]) * n_times + codes[len(x) :]
    keys, place, n = np.unique(key, return_inverse=True, return_counts=True)
    rest, at_age = np.divmod(keys, n_times)
    found_x, at_recency = np.divmod(rest, n_times)
    return Histories(
        frequency=found_x,
        recency=times[at_recency] / unit,
        age=times[at_age] / unit,
        n=n.astype(float),
        place=place,
    )


def _coded(times: NDArray[np.generic]) -> tuple[Floats, NDArray[np.int64]]:
    """Different times in order, and the place of each among them."""
    if np.issubdtype(times.dtype, np.integer):
        return np.arange(int(times.max(initial=0)) + 1, dtype=float), times.astype(np.int64)
    values, codes = np.unique(times.astype(float), return_inverse=True)
    return values, codes


def totals(places: NDArray[np.int64], weights: ArrayLike, n: int) -> Floats:
    """The sum of weights at each of ``n`` places.

    Example:
        >>> totals(np.array([0, 2, 2]), [1.0, 2.0, 3.0], 3).tolist()
        [1.0, 0.0, 5.0]
    """
    return np.bincount(places, weights=np.asarray(weights, dtype=float), minlength=n).astype(float)
