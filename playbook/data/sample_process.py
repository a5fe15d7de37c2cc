"""How often a customer of the sample chain comes: a three-state process and its expectations.

A customer is *in touch* and visits by a Poisson process whose rate is gamma
distributed over customers and moves with the season, or *pauses* for some weeks,
or is *gone* until won back. States change between weeks. Everything the story
says about customers (annual retention, visits, 12-week repeat rate) is an
expectation of this process, computed here without drawing anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from playbook.data.sample_calendar import visit_seasons
from playbook.data.sample_truth import (
    GAINED_TO_LOST,
    PAUSES_PER_YEAR,
    REPEAT_RATE,
    RETURN_AFTER_PAUSE,
    SEGMENTS,
    WEEKS,
    WIN_BACK_SHARE,
    Segment,
)

Floats = npt.NDArray[np.float64]

WIN_BACK = 1 - (1 - WIN_BACK_SHARE) ** (1 / 52)  # chance per week that a lapsed customer returns
HORIZON = WEEKS + 40
_NODES = 48


@dataclass(frozen=True, kw_only=True, eq=False)
class Flows:
    """Customers of one segment over the weeks, per customer in touch at the start.

    Attributes:
        masses: In touch, pausing and gone (since the start) per week: (weeks + 1, 3).
        arrivals: New faces per week: born, or won back from before the start: (weeks,).
    """

    masses: Floats
    arrivals: Floats


@cache
def flows(segment: Segment, weeks: int = HORIZON) -> Flows:
    """Follow the segment's customers; as many arrive as are lost, times 600/608."""
    masses = np.zeros((weeks + 1, 3))
    masses[0] = [1.0, segment.pause / RETURN_AFTER_PAUSE, 0.0]
    arrivals = np.zeros(weeks)
    move = transition(segment.drop, segment.pause)
    for week in range(weeks):
        arrivals[week] = GAINED_TO_LOST * segment.drop - WIN_BACK * masses[week, 2]
        masses[week + 1] = masses[week] @ move
        masses[week + 1, 0] += arrivals[week]
    return Flows(masses=masses, arrivals=arrivals)


def transition(drop: float, pause: float) -> Floats:
    """Chances per week to go from a state (row) to a state (column)."""
    back = RETURN_AFTER_PAUSE
    return np.array(
        [[1 - drop - pause, pause, drop], [back, 1 - back, 0.0], [WIN_BACK, 0.0, 1 - WIN_BACK]]
    )


@cache
def gamma_nodes(shape: float) -> tuple[Floats, Floats]:
    """Points and weights that integrate over a gamma distribution with mean 1."""
    from scipy.special import roots_genlaguerre

    points, weights = roots_genlaguerre(_NODES, shape - 1)
    return points / shape, weights / weights.sum()


def season_row(segment: Segment) -> int:
    """Which row of ``visit_seasons`` the segment follows."""
    return 1 if segment.id == "seasonal" else 0


def buyers(
    segment: Segment,
    start: int,
    stop: int,
    *,
    log_rate: Floats | None = None,
    loyalty: Floats | None = None,
) -> Floats:
    """Expected customers with a purchase in weeks [start, stop), per cell.

    Args:
        segment: Whose customers.
        start: First week of the window.
        stop: Week after the last.
        log_rate: Shift of the log visit rate per cell and week, (cells, HORIZON); none is 0.
        loyalty: Log loyalty per cell, (cells,): visits times its exponential,
            drop-out and pauses divided by it; none is 0.

    Returns:
        Per customer of the cell that was in touch at the very start: (cells,).
    """
    level = np.zeros(1) if loyalty is None else loyalty
    shift = np.zeros((len(level), HORIZON)) if log_rate is None else log_rate
    points, weights = gamma_nodes(segment.shape)
    less = np.exp(-level)[:, None]
    drop, pause, back = segment.drop * less, segment.pause * less, RETURN_AFTER_PAUSE
    stream = flows(segment)
    scale = np.stack([np.ones_like(level), less[:, 0], less[:, 0]], axis=1)
    touch, paused, gone = (
        (scale[:, state] * stream.masses[start, state])[:, None] * weights for state in range(3)
    )
    everyone = (scale * stream.masses[start]).sum(axis=1)
    weekly = visit_seasons(HORIZON)[season_row(segment)] * segment.rate / 52
    for week in range(start, stop):
        mean = (weekly[week] * np.exp(level + shift[:, week]))[:, None] * points
        touch = touch * np.exp(-mean)
        new = less * stream.arrivals[week]
        touch, paused, gone = (
            touch * (1 - drop - pause) + paused * back + gone * WIN_BACK + new * weights,
            touch * pause + paused * (1 - back),
            touch * drop + gone * (1 - WIN_BACK),
        )
        everyone = everyone + new[:, 0]
    bought: Floats = everyone - (touch + paused + gone).sum(axis=1)
    return bought


@dataclass(frozen=True, kw_only=True, eq=False)
class Repeat:
    """Expected base and repeaters of an anchor, per customer in touch at the very start."""

    base: Floats
    repeaters: Floats

    @property
    def rate(self) -> Floats:
        """Repeat rate, a share."""
        return self.repeaters / self.base


def repeat(
    segment: Segment,
    anchor: int,
    *,
    window: int = 12,
    log_rate: Floats | None = None,
    loyalty: Floats | None = None,
) -> Repeat:
    """Expected repeat rate at an anchor week; ``log_rate`` and ``loyalty`` as in ``buyers``."""

    def bought(start: int, stop: int) -> Floats:
        return buyers(segment, start, stop, log_rate=log_rate, loyalty=loyalty)

    before = bought(anchor - window, anchor)
    after = bought(anchor, anchor + window)
    either = bought(anchor - window, anchor + window)
    return Repeat(base=before, repeaters=before + after - either)


def annual_retention(segment: Segment) -> float:
    """Expected share of the customers of 2024 who buy in 2025."""
    year, after, either = (float(buyers(segment, *w)[0]) for w in ((0, 52), (52, 104), (0, 104)))
    return (year + after - either) / year


def visits_per_customer(segment: Segment) -> float:
    """Expected receipts in 2025 per customer with at least one."""
    weekly = visit_seasons(HORIZON)[season_row(segment)] * segment.rate / 52
    visits = flows(segment).masses[52:104, 0] @ weekly[52:104]
    return float(visits / buyers(segment, 52, 104)[0])


def in_touch_at_start(segment: Segment) -> float:
    """Customers in touch at the start for each customer of the chain active in 2025."""
    return segment.share / float(buyers(segment, 52, 104)[0])


def chain_repeat_rate(segments: tuple[Segment, ...] = SEGMENTS) -> float:
    """Expected 12-week repeat rate of all customers, mean over anchors of 2025."""
    base = repeaters = 0.0
    for segment in segments:
        for anchor in range(56, 93, 4):
            found = repeat(segment, anchor)
            base += in_touch_at_start(segment) * float(found.base[0])
            repeaters += in_touch_at_start(segment) * float(found.repeaters[0])
    return repeaters / base


def solve() -> tuple[Segment, ...]:
    """Find the rates with which the process shows what the story tells.

    Per segment, visit rate and drop-out are solved from annual retention and
    visits per customer; one factor on all pauses is solved from the chain's
    12-week repeat rate.
    """
    from scipy.optimize import brentq

    def all_with(factor: float) -> tuple[Segment, ...]:
        return tuple(_solved(s, PAUSES_PER_YEAR[s.id] * factor / 52) for s in SEGMENTS)

    factor = brentq(lambda f: chain_repeat_rate(all_with(f)) - REPEAT_RATE, 0.5, 4.0, xtol=1e-6)
    return all_with(factor)


def _solved(segment: Segment, pause: float) -> Segment:
    """The segment with visit rate and drop-out that fit its retention and visits."""
    from scipy.optimize import root

    def with_rates(logs: Floats) -> Segment:
        rate, drop = np.exp(logs)
        return replace(segment, rate=float(rate), drop=float(drop), pause=pause)

    def gaps(logs: Floats) -> list[float]:
        guess = with_rates(logs)
        return [
            annual_retention(guess) - segment.retention,
            math.log(visits_per_customer(guess) / segment.visits),
        ]

    first = np.log([segment.visits * 1.3, (1 / segment.retention - 1) / 40])
    return with_rates(root(gaps, first).x)
