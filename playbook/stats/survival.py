"""How long until something happens, where for some it has not happened yet.

Source: Kaplan & Meier 1958, JASA 53(282); variance by Greenwood 1926; intervals on the
log-minus-log scale, Kalbfleisch & Prentice 1980.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from playbook.stats.histories import totals

Floats = NDArray[np.float64]
Z95 = 1.959964


@dataclass(frozen=True, kw_only=True, eq=False)
class Survival:
    """The share for whom it has not happened yet, over time.

    Attributes:
        time: Times at which it happened to somebody, ascending.
        share: Share to whom it has not happened up to that time, that time included, 0-1.
        low: Lower end of a 95 % interval.
        high: Upper end.
        at_risk: How many were watched just before that time.
        happened: To how many it happened at that time.
    """

    time: Floats
    share: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    happened: Floats

    def at(self, time: float) -> float:
        """The share at a time; 1 before anything has happened."""
        place = int(np.searchsorted(self.time, time, side="right"))
        return float(self.share[place - 1]) if place else 1.0

    @property
    def median(self) -> float:
        """The first time at which half or fewer are left; infinite where that was not seen."""
        reached = np.flatnonzero(self.share <= 0.5)
        return float(self.time[reached[0]]) if len(reached) else float("inf")


def kaplan_meier(
    duration: ArrayLike, has_happened: ArrayLike, weight: ArrayLike | None = None
) -> Survival:
    """Estimate survival from durations of which some are cut off.

    Whoever is cut off at the very time of an event was watched at it.

    Args:
        duration: Time watched, per case.
        has_happened: Whether it happened at the end of that time; else the watch ended.
        weight: Cases that each row stands for; 1 by default.

    Example:
        >>> found = kaplan_meier([1, 2, 2, 3], [True, True, False, False])
        >>> found.time.tolist(), found.share.tolist(), found.at_risk.tolist()
        ([1.0, 2.0], [0.75, 0.5], [4.0, 3.0])
    """
    times = np.asarray(duration, dtype=float)
    happened = np.asarray(has_happened, dtype=bool)
    n = np.ones(len(times)) if weight is None else np.asarray(weight, dtype=float)
    moments, place = np.unique(times, return_inverse=True)
    events = totals(place, n * happened, len(moments))
    all_there = totals(place, n, len(moments))
    at_risk = all_there[::-1].cumsum()[::-1]
    seen = events > 0
    moments, events, at_risk = moments[seen], events[seen], at_risk[seen]
    share = np.cumprod(1 - events / at_risk)
    low, high = _interval(share, events, at_risk)
    return Survival(time=moments, share=share, low=low, high=high, at_risk=at_risk, happened=events)


def _interval(share: Floats, events: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.cumsum(events / (at_risk * (at_risk - events)))
        spread = Z95 * np.sqrt(hazard) / np.abs(np.log(share))
        low, high = share ** np.exp(spread), share ** np.exp(-spread)
    certain = ~np.isfinite(spread)
    return np.where(certain, share, low), np.where(certain, share, high)
