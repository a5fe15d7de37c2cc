"""Customers of the sample chain, block by block: who they are and when they are in touch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from playbook.data.sample_process import WIN_BACK, flows, in_touch_at_start
from playbook.data.sample_stores import Stores
from playbook.data.sample_streams import stream
from playbook.data.sample_truth import (
    ACTIVE_CUSTOMERS,
    CHANNELS,
    HISTORY_WEEKS,
    LAPSED_CUSTOMERS,
    RETURN_AFTER_PAUSE,
    SEGMENTS,
    WEEKS,
)

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

BLOCK = 65_536  # customers drawn together; bounds the memory
BASKET_SPREAD = 0.35  # SD of log money per receipt between customers of a segment
SECOND_STORE_SHARE = 0.25  # of customers
SECOND_STORE_VISITS = 0.20  # of their visits
ORIGINS = ("in_touch", "paused", "new_land", "won_back")

# Rows: segments in their order; columns: CHANNELS.
_CHANNEL_SHARES = np.array(
    [
        [0.46, 0.36, 0.08, 0.06, 0.04],
        [0.40, 0.30, 0.12, 0.12, 0.06],
        [0.26, 0.14, 0.26, 0.24, 0.10],
        [0.44, 0.16, 0.16, 0.14, 0.10],
        [0.28, 0.08, 0.34, 0.18, 0.12],
    ]
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """Some customers of the chain, one entry per customer in each array.

    Attributes:
        index: Number of the block.
        number: Running number of the customer in the chain.
        segment: Row in ``SEGMENTS``.
        channel: Row in ``CHANNELS``: how the customer was acquired.
        origin: Row in ``ORIGINS``: in touch or pausing when the history starts,
            else acquired later from virgin land, or won back from before the history.
        arrival: Week of arrival, -1 for customers of the start.
        home: Row of the home store.
        second: Row of the second store, or of the home store where there is none.
        rate: Visits per week while in touch, before season and shocks.
        basket: Mean money per receipt, RUB.
        in_touch: Whether the customer is in touch, per week: (customers, WEEKS).
    """

    index: int
    number: Ints
    segment: Ints
    channel: Ints
    origin: Ints
    arrival: Ints
    home: Ints
    second: Ints
    rate: Singles
    basket: Singles
    in_touch: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True, kw_only=True, eq=False)
class Mix:
    """How customers divide into kinds: a kind is a segment, an origin and an arrival week."""

    segment: Ints
    origin: Ints
    arrival: Ints
    share: Floats
    per_active: float


@cache
def population_mix() -> Mix:
    """Shares of all kinds of customers, and customers drawn per customer active in 2025."""
    rows: list[tuple[int, int, int, float]] = []
    for row, segment in enumerate(SEGMENTS):
        scale = in_touch_at_start(segment)
        stream_of = flows(segment)
        rows += [(row, 0, -1, scale), (row, 1, -1, scale * float(stream_of.masses[0, 1]))]
        won = scale * _won_back(row)
        born = scale * stream_of.arrivals[:WEEKS] - won
        rows += [(row, 2, week, float(born[week])) for week in range(WEEKS)]
        rows += [(row, 3, week, float(won[week])) for week in range(WEEKS)]
    segment_, origin, arrival, mass = (np.array(column) for column in zip(*rows, strict=True))
    return Mix(
        segment=segment_,
        origin=origin,
        arrival=arrival,
        share=mass / mass.sum(),
        per_active=float(mass.sum()),
    )


def _won_back(row: int) -> Floats:
    """Won back from before the history per week, per customer in touch at the start.

    The lapsed from before the history become fewer as they return. Those left at the
    end of 2025 make the story's 1.9 million together with the customers of 2024 who
    did not buy in 2025.
    """
    lost = [segment.share * (1 - segment.retention) for segment in SEGMENTS]
    left = LAPSED_CUSTOMERS / ACTIVE_CUSTOMERS - sum(lost)
    pool = left * lost[row] / sum(lost) / (1 - WIN_BACK) ** HISTORY_WEEKS
    fading = (1 - WIN_BACK) ** np.arange(WEEKS)
    won: Floats = WIN_BACK * pool * fading / in_touch_at_start(SEGMENTS[row])
    return won


def n_people(customers: int) -> int:
    """Customers to draw so that about ``customers`` are active in 2025."""
    return max(1, round(customers * population_mix().per_active))


def block_sizes(customers: int) -> list[int]:
    """Sizes of the blocks that make up a chain."""
    full, rest = divmod(n_people(customers), BLOCK)
    return [BLOCK] * full + ([rest] if rest else [])


def make_block(index: int, size: int, *, seed: int, stores: Stores) -> Block:
    """Draw a block of customers with the weeks in which they are in touch."""
    rng = stream(seed, "people", index)
    mix = population_mix()
    kind = rng.choice(len(mix.share), size=size, p=mix.share)
    segment, origin, arrival = mix.segment[kind], mix.origin[kind], mix.arrival[kind]
    home = _homes(rng, origin, stores)
    has_second = rng.random(size) < SECOND_STORE_SHARE
    near = stores.neighbours[home, rng.integers(0, 3, size)]
    spread = np.exp(BASKET_SPREAD * rng.standard_normal(size) - BASKET_SPREAD**2 / 2)
    channel = (rng.random((size, 1)) > np.cumsum(_CHANNEL_SHARES, axis=1)[segment]).sum(axis=1)
    return Block(
        index=index,
        number=index * BLOCK + np.arange(size),
        segment=segment,
        channel=np.minimum(channel, len(CHANNELS) - 1),
        origin=origin,
        arrival=arrival,
        home=home,
        second=np.where(has_second, near, home),
        rate=_rates(rng, segment, np.exp(stores.loyalty[home])),
        basket=(_column("basket")[segment] * stores.price[home] * spread).astype(np.float32),
        in_touch=_in_touch(
            stream(seed, "touch", index), segment, origin, arrival, np.exp(-stores.loyalty[home])
        ),
    )


def _column(name: str) -> Floats:
    """One property of all segments."""
    return np.array([getattr(segment, name) for segment in SEGMENTS], dtype=np.float64)


def _homes(rng: np.random.Generator, origin: Ints, stores: Stores) -> Ints:
    """Draw home stores: a loyal store loses fewer customers, so it needs fewer new ones."""
    settled = np.cumsum(stores.weight)
    moving = np.cumsum(stores.weight * np.exp(-stores.loyalty))
    drawn = rng.random(len(origin))
    return np.where(
        origin == 0,
        np.searchsorted(settled / settled[-1], drawn, side="right"),
        np.searchsorted(moving / moving[-1], drawn, side="right"),
    )


def _rates(rng: np.random.Generator, segment: Ints, level: Floats) -> Singles:
    """Visits per week while in touch: gamma distributed within the segment."""
    shape = _column("shape")[segment]
    mean = _column("rate")[segment] / 52 * level
    return (rng.standard_gamma(shape) / shape * mean).astype(np.float32)


def _in_touch(
    rng: np.random.Generator, segment: Ints, origin: Ints, arrival: Ints, hazard: Floats
) -> npt.NDArray[np.bool_]:
    """Follow each customer's state from week to week; ``hazard`` scales leaving."""
    drop = (_column("drop")[segment] * hazard).astype(np.float32)
    leave = drop + (_column("pause")[segment] * hazard).astype(np.float32)
    touch, paused = origin == 0, origin == 1
    gone = np.zeros(len(segment), dtype=np.bool_)
    path = np.empty((len(segment), WEEKS), dtype=np.bool_)
    for week in range(WEEKS):
        touch = touch | (arrival == week)
        path[:, week] = touch
        chance = rng.random(len(segment), dtype=np.float32)
        lost = touch & (chance < drop)
        resting = touch & (chance < leave) & ~lost
        back = paused & (chance < RETURN_AFTER_PAUSE)
        won = gone & (chance < WIN_BACK)
        touch = (touch & ~lost & ~resting) | back | won
        paused = (paused & ~back) | resting
        gone = (gone & ~won) | lost
    return path


def card_numbers(number: Ints) -> Ints:
    """Loyalty card numbers of 13 digits (29…, with a check digit) for running numbers."""
    body = 29 * 10**10 + (number * 7_368_787 + 1_234_577) % 10**10
    digits = body[:, None] // 10 ** np.arange(11, -1, -1) % 10
    check = (10 - (digits @ np.tile([1, 3], 6)) % 10) % 10
    numbers: Ints = body * 10 + check
    return numbers
