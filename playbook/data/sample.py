"""The chain "Polevitsa": synthetic receipts at any size from a seed, with planted truth.

``Chain`` is the door. The history does not depend on the pilot: receipts of the
104 weeks of history come from streams that no pilot parameter enters, and the
pilot's weeks can be drawn anew (``future``) over the same history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from playbook.data import sample_write as write
from playbook.data.sample_calendar import epoch_seconds
from playbook.data.sample_people import ORIGINS, Block, block_sizes, card_numbers, make_block
from playbook.data.sample_pilot import (
    WINDOW,
    Dose,
    PilotPlan,
    additional_receipts,
    dose,
    split_receipts,
)
from playbook.data.sample_stores import Stores, make_stores
from playbook.data.sample_truth import (
    ACTIVE_CUSTOMERS,
    CARD_SHARE,
    CHANNELS,
    HISTORY_WEEKS,
    SEGMENTS,
    WEEKS,
)
from playbook.data.sample_visits import (
    PERIOD_WEEKS,
    Receipts,
    anonymous_receipts,
    card_receipts,
    joined,
)

HISTORY_PERIODS = range(HISTORY_WEEKS // PERIOD_WEEKS)
PILOT_PERIODS = range(HISTORY_WEEKS // PERIOD_WEEKS, WEEKS // PERIOD_WEEKS)
_STORES_PER_GROUP = 16


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A chain drawn from a seed.

    Attributes:
        seed: Same seed, same chain.
        customers: Active customers (at least one purchase in 2025), about; the full
            chain has 1.6 million, of which 500 make about 20 thousand receipts.
        future: Which draw of chance the pilot's weeks get; the history stays the same.

    Example:
        >>> small = Chain(seed=1, customers=50)
        >>> len(small.stores.master)
        240
    """

    seed: int
    customers: int = ACTIVE_CUSTOMERS
    future: int = 0

    @cached_property
    def stores(self) -> Stores:
        """The 240 stores with what is planted about each."""
        return make_stores(seed=self.seed, future=self.future, card_share=CARD_SHARE)

    def blocks(self) -> Iterator[Block]:
        """The customers, block after block."""
        for index, size in enumerate(block_sizes(self.customers)):
            yield make_block(index, size, seed=self.seed, stores=self.stores)

    def card_receipts(self, block: Block, periods: range) -> Receipts:
        """Receipts of a block's customers without a pilot, in order within each period."""
        return joined(
            [
                card_receipts(block, period, seed=self.seed, future=self.future, stores=self.stores)
                for period in periods
            ]
        )

    def pilot_receipts(
        self, block: Block, plan: PilotPlan | None, planted: Dose | None
    ) -> Receipts:
        """Receipts of a block's customers in the pilot's weeks, with the planted effect."""
        if plan is None or planted is None:
            return self.card_receipts(block, PILOT_PERIODS)
        first = (plan.anchor - WINDOW) // PERIOD_WEEKS
        natural = self.card_receipts(block, range(first, PILOT_PERIODS.stop))
        extra = additional_receipts(
            block, natural, plan=plan, planted=planted, seed=self.seed, future=self.future
        )
        own = natural.take(natural.at >= epoch_seconds(HISTORY_WEEKS))
        receipts = joined([own, extra])
        if plan.split_store is not None:
            row = self.stores.number(plan.split_store)
            receipts = split_receipts(receipts, plan=plan, store=row, seed=self.seed + block.index)
        return receipts.in_order()

    def anonymous_receipts(self, periods: range) -> Iterator[tuple[int, Receipts]]:
        """Receipts without a card: number of the group of stores, receipts."""
        rows = np.arange(len(self.stores.weight))
        for number, start in enumerate(range(0, len(rows), _STORES_PER_GROUP)):
            group = rows[start : start + _STORES_PER_GROUP]
            parts = [
                anonymous_receipts(
                    group,
                    period,
                    seed=self.seed,
                    future=self.future,
                    stores=self.stores,
                    customers=self.customers,
                )
                for period in periods
            ]
            yield number, joined(parts)


def write_history(chain: Chain, folder: Path) -> int:
    """Write the receipts of the 104 weeks of history as Parquet parts; returns their number."""
    with write.Parts(folder, chain.stores, era="history") as parts:
        for block in chain.blocks():
            parts.add(chain.card_receipts(block, HISTORY_PERIODS), block, part=block.index)
        for number, receipts in chain.anonymous_receipts(HISTORY_PERIODS):
            parts.add(receipts, None, part=number)
    return parts.n_rows


def write_pilot(chain: Chain, folder: Path, plan: PilotPlan | None) -> int:
    """Write the receipts of the pilot's 16 weeks; with no plan nothing is planted."""
    planted = None if plan is None else dose(plan, chain.stores)
    with write.Parts(folder, chain.stores, era="pilot", first_id=write.PILOT_IDS) as parts:
        for block in chain.blocks():
            receipts = chain.pilot_receipts(block, plan, planted)
            parts.add(receipts, block, part=block.index)
        for number, receipts in chain.anonymous_receipts(PILOT_PERIODS):
            parts.add(receipts, None, part=number)
    return parts.n_rows


def receipts(
    chain: Chain, plan: PilotPlan | None = None, *, with_pilot: bool = True
) -> pd.DataFrame:
    """All receipts of a small chain as one frame, by time: the columns of ``receipts``."""
    planted = None if plan is None else dose(plan, chain.stores)
    tables = []
    for block in chain.blocks():
        history = chain.card_receipts(block, HISTORY_PERIODS)
        tables.append(write.arrow(history, block, chain.stores, part=block.index))
        if with_pilot:
            pilot = chain.pilot_receipts(block, plan, planted)
            first = write.PILOT_IDS
            tables.append(write.arrow(pilot, block, chain.stores, part=block.index, first_id=first))
    eras = [(HISTORY_PERIODS, 0), (PILOT_PERIODS, write.PILOT_IDS)][: 1 + with_pilot]
    for periods, first in eras:
        for number, found in chain.anonymous_receipts(periods):
            tables.append(write.arrow(found, None, chain.stores, part=number, first_id=first))
    return write.frame(tables)


def customers(chain: Chain) -> Iterator[pd.DataFrame]:
    """What is planted about each customer, block after block.

    Yields:
        ``customer_id``, ``segment``, ``channel``, ``origin``, ``home_store``.
    """
    ids = chain.stores.master["store_id"].to_numpy()
    for block in chain.blocks():
        yield pd.DataFrame(
            {
                "customer_id": card_numbers(block.number).astype(str),
                "segment": np.take([s.id for s in SEGMENTS], block.segment),
                "channel": np.take(CHANNELS, block.channel),
                "origin": np.take(ORIGINS, block.origin),
                "home_store": ids[block.home],
            }
        )
