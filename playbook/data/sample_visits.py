"""Receipts of the sample chain: visits of customers and of people without a card."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playbook.data.sample_calendar import (
    DAY_SECONDS,
    WEEK_SECONDS,
    basket_seasons,
    days_of_week,
    epoch_seconds,
    times_of_day,
    visit_seasons,
)
from playbook.data.sample_people import SECOND_STORE_VISITS, Block
from playbook.data.sample_process import flows, in_touch_at_start, season_row
from playbook.data.sample_stores import Stores
from playbook.data.sample_streams import stream
from playbook.data.sample_truth import (
    ANONYMOUS_BASKET,
    HISTORY_WEEKS,
    RETURN_SHARE,
    RETURNED_PART,
    SEGMENTS,
    WEEKS,
)

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

PERIOD_WEEKS = 8  # receipts are drawn period by period, each from a stream of its own
RECEIPT_SPREAD = 0.62  # SD of log money between the receipts of one customer
_SMALLEST_KOPECKS = 1_900
_DAYS_TO_RETURN = 12


@dataclass(frozen=True, kw_only=True, eq=False)
class Receipts:
    """Receipts as columns of equal length.

    Attributes:
        at: Seconds since 1970 in the store's local time.
        store: Row of the store.
        person: Row of the customer in the block, -1 without a card.
        kopecks: Money without VAT, negative for a return.
    """

    at: Ints
    store: Ints
    person: Ints
    kopecks: Ints

    def __len__(self) -> int:
        return len(self.at)

    def take(self, rows: npt.NDArray[np.generic]) -> Receipts:
        """Some rows, by number or by a mask."""
        return Receipts(
            at=self.at[rows],
            store=self.store[rows],
            person=self.person[rows],
            kopecks=self.kopecks[rows],
        )

    def in_order(self) -> Receipts:
        """The same receipts by time."""
        return self.take(np.argsort(self.at, kind="stable"))


def joined(parts: list[Receipts]) -> Receipts:
    """Several receipts tables one under the other."""
    return Receipts(
        at=np.concatenate([part.at for part in parts]),
        store=np.concatenate([part.store for part in parts]),
        person=np.concatenate([part.person for part in parts]),
        kopecks=np.concatenate([part.kopecks for part in parts]),
    )


def card_receipts(block: Block, period: int, *, seed: int, future: int, stores: Stores) -> Receipts:
    """Draw the receipts of a block's customers in one period of eight weeks."""
    rng = stream(seed, "visits", block.index, period, *_era(period, future))
    person, week = _visits(rng, block, period, stores)
    elsewhere = rng.random(len(person), dtype=np.float32) < SECOND_STORE_VISITS
    store = np.where(elsewhere, block.second[person], block.home[person])
    mean = block.basket[person] * basket_seasons(WEEKS).astype(np.float32)[week]
    bought = Receipts(at=moments(rng, week), store=store, person=person, kopecks=money(rng, mean))
    return joined([bought, returns(rng, bought, period)]).in_order()


def _era(period: int, future: int) -> tuple[int, ...]:
    """What the streams of a period depend on beside the seed: the future's draw, if it is later."""
    return (future,) if period * PERIOD_WEEKS >= HISTORY_WEEKS else ()


def _visits(
    rng: np.random.Generator, block: Block, period: int, stores: Stores
) -> tuple[Ints, Ints]:
    """Draw how often each customer comes in each week: row of the customer and week per visit."""
    first = period * PERIOD_WEEKS
    person, week = np.nonzero(block.in_touch[:, first : first + PERIOD_WEEKS])
    week = week + first
    rows = np.array([season_row(segment) for segment in SEGMENTS])
    season = visit_seasons(WEEKS)[rows][block.segment[person], week]
    shock = np.exp(stores.log_rate)[block.home[person], week]
    count = rng.poisson(block.rate[person] * season * shock)
    return np.repeat(person, count), np.repeat(week, count)


def moments(rng: np.random.Generator, week: Ints) -> Ints:
    """Draw day and time for visits in given weeks, in seconds since 1970."""
    day = days_of_week(rng, len(week))
    monday = epoch_seconds(0) + week * WEEK_SECONDS
    return monday + day * DAY_SECONDS + times_of_day(rng, len(week))


def money(rng: np.random.Generator, mean: Singles | Floats) -> Ints:
    """Draw the kopecks of receipts with given means in RUB."""
    noise = rng.standard_normal(len(mean), dtype=np.float32)
    factor = np.exp(np.float32(RECEIPT_SPREAD) * noise - np.float32(RECEIPT_SPREAD**2 / 2))
    kopecks: Ints = np.rint(100 * mean * factor).astype(np.int64)
    return np.maximum(kopecks, _SMALLEST_KOPECKS)


def returns(rng: np.random.Generator, bought: Receipts, period: int) -> Receipts:
    """Draw the returns of some purchases: within twelve days, before history or pilot ends."""
    hit = np.flatnonzero(rng.random(len(bought), dtype=np.float32) < RETURN_SHARE)
    source = bought.take(hit)
    day = source.at // DAY_SECONDS + rng.integers(1, _DAYS_TO_RETURN + 1, len(hit))
    at = day * DAY_SECONDS + times_of_day(rng, len(hit))
    part = np.clip(rng.normal(RETURNED_PART, 0.3, len(hit)), 0.1, 1.0)
    back = Receipts(
        at=at,
        store=source.store,
        person=source.person,
        kopecks=-np.rint(source.kopecks * part).astype(np.int64),
    )
    is_history = period * PERIOD_WEEKS < HISTORY_WEEKS
    return back.take(at < epoch_seconds(HISTORY_WEEKS if is_history else WEEKS))


def anonymous_receipts(
    group: Ints, period: int, *, seed: int, future: int, stores: Stores, customers: int
) -> Receipts:
    """Draw the receipts without a card of some stores in one period of eight weeks.

    Args:
        group: Rows of the stores.
        period: Which eight weeks.
        seed: Of the chain.
        future: Draw of the pilot's weeks.
        stores: The stores.
        customers: Active customers of the chain: receipts without a card keep pace.
    """
    rng = stream(seed, "anonymous", int(group[0]), period, *_era(period, future))
    weeks = np.arange(period * PERIOD_WEEKS, (period + 1) * PERIOD_WEEKS)
    card = stores.card_share[group, None]
    sales = expected_card_sales(stores, customers)[group][:, weeks] * (1 - card) / card
    basket = ANONYMOUS_BASKET * stores.price[group, None] * basket_seasons(WEEKS)[weeks]
    count = rng.poisson(sales / basket).ravel()
    store = np.repeat(np.repeat(group, len(weeks)), count)
    week = np.repeat(np.tile(weeks, len(group)), count)
    bought = Receipts(
        at=moments(rng, week),
        store=store,
        person=np.full(len(store), -1),
        kopecks=money(rng, np.repeat(basket.ravel(), count)),
    )
    return joined([bought, returns(rng, bought, period)]).in_order()


def expected_card_sales(stores: Stores, customers: int) -> Floats:
    """Expected money on card per home store and week, RUB before returns: (stores, WEEKS)."""
    pull = stores.weight[:, None] * np.exp(stores.loyalty[:, None] + stores.log_rate[:, :WEEKS])
    chain = np.zeros(WEEKS)
    for segment in SEGMENTS:
        touch = in_touch_at_start(segment) * flows(segment).masses[:WEEKS, 0]
        season = visit_seasons(WEEKS)[season_row(segment)]
        chain += touch * season * segment.rate / 52 * segment.basket
    sales: Floats = customers * chain * basket_seasons(WEEKS) * pull * stores.price[:, None]
    return sales
