"""Present value, rates of return and payback of yearly cash flows.

A flow starts today (year 0) and goes on in whole years; years are the last axis, so
one call takes one flow or ten thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def discount_factors(n_years: int, *, rate: float) -> NDArray[np.float64]:
    """Today's worth of one unit in years 0 to ``n_years``, at a yearly ``rate`` (0.18)."""
    return np.asarray((1 + rate) ** -np.arange(n_years + 1), dtype=float)


def npv(flows: ArrayLike, *, rate: float) -> NDArray[np.float64]:
    """Net present value of flows, year 0 first.

    Example:
        >>> round(float(npv([-1.6, 10, -10], rate=0.10)), 3)
        -0.774
    """
    paid = np.asarray(flows, dtype=float)
    return np.asarray(paid @ discount_factors(paid.shape[-1] - 1, rate=rate))


def rates_of_return(flows: ArrayLike) -> tuple[float, ...]:
    """Every yearly rate at which one flow is worth nothing, the lowest first.

    More than one rate means that "the" internal rate of return does not exist; none
    means that the flow never changes its sign, or never breaks even.

    Example:
        >>> [round(rate, 6) for rate in rates_of_return([-1.6, 10, -10])]
        [0.25, 4.0]
    """
    paid = np.trim_zeros(np.asarray(flows, dtype=float))
    if paid.size < 2:
        return ()
    roots = np.roots(paid)  # the growth factors 1 + rate
    real = roots[np.abs(roots.imag) < 1e-7 * np.maximum(1.0, np.abs(roots))].real
    return tuple(sorted({round(float(root) - 1, 10) for root in real if root > 1e-9}))


def mirr(flows: ArrayLike, *, finance: float, reinvest: float) -> float:
    """Modified rate of return: one answer whatever the signs.

    Outlays are financed at ``finance``, income is reinvested at ``reinvest`` until the
    last year; NaN where there is no outlay or no income.

    Example:
        >>> round(mirr([-1000, -4000, 5000, 2000], finance=0.10, reinvest=0.12), 4)
        0.1791
    """
    paid = np.asarray(flows, dtype=float)
    n_years = paid.size - 1
    outlay = -npv(np.minimum(paid, 0), rate=finance)
    income = npv(np.maximum(paid, 0), rate=reinvest) * (1 + reinvest) ** n_years
    if outlay <= 0 or income <= 0:
        return float("nan")
    return float((income / outlay) ** (1 / n_years) - 1)


def payback_years(flows: ArrayLike, *, rate: float = 0.0) -> float:
    """Years until the money is back for good; NaN when it is not within the flow.

    Income arrives evenly within a year. With a ``rate`` the flows are discounted first.

    Example:
        >>> payback_years([-100, 40, 40, 40])
        2.5
    """
    paid = np.asarray(flows, dtype=float)
    balance = np.cumsum(paid * discount_factors(paid.size - 1, rate=rate))
    under = np.flatnonzero(balance < 0)
    if under.size == 0:
        return 0.0
    last = int(under[-1])
    if last == balance.size - 1:
        return float("nan")
    return last + float(-balance[last] / (balance[last + 1] - balance[last]))
