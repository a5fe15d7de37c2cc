"""Untouched, active and lapsed customers of a market, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Stocks:
    """A market's three stocks at the ends of years 0 to n, and what flowed in between.

    Attributes:
        untouched: People who have never bought.
        active: Customers who bought within the year.
        lapsed: Customers who stopped.
        harvested: First purchases in years 1 to n.
        won_back: Lapsed customers who came back in years 1 to n.
        lost: Active customers who did not return in years 1 to n.
    """

    untouched: NDArray[np.float64]
    active: NDArray[np.float64]
    lapsed: NDArray[np.float64]
    harvested: NDArray[np.float64]
    won_back: NDArray[np.float64]
    lost: NDArray[np.float64]


def run(
    *,
    untouched: float,
    active: float,
    lapsed: float,
    harvest: float,
    win_back: float,
    retention: float,
    n_years: int,
) -> Stocks:
    """Let a market run with constant rates.

    Each year the shares ``harvest`` of the untouched and ``win_back`` of the lapsed
    become active and ``1 - retention`` of the active lapse; nobody enters or leaves.

    Example:
        >>> land = dict(untouched=1.1e6, active=1.6e6, lapsed=1.9e6)
        >>> run(**land, harvest=.3, win_back=.142, retention=.62, n_years=2).active.round(-3)
        array([1600000., 1592000., 1536000.])
    """
    now = np.array([untouched, active, lapsed], dtype=float)
    states, flows = [now], []
    for _year in range(n_years):
        flow = now * np.array([harvest, 1 - retention, win_back])
        first, gone, back = flow
        now = now + np.array([-first, first + back - gone, gone - back])
        states.append(now)
        flows.append(flow)
    stock, moved = np.array(states).T, np.array(flows).reshape(-1, 3).T
    return Stocks(
        untouched=stock[0],
        active=stock[1],
        lapsed=stock[2],
        harvested=moved[0],
        won_back=moved[2],
        lost=moved[1],
    )


def years_until_left(*, rate: float, left: float) -> float:
    """Years until only the share ``left`` remains when ``rate`` of the rest goes every year.

    Infinite when nothing goes, 0 when everything goes at once.

    Example:
        >>> round(years_until_left(rate=0.30, left=0.10), 2)
        6.46
    """
    if rate <= 0:
        return float("inf")
    return 0.0 if rate >= 1 or left >= 1 else log(left) / log(1 - rate)
