"""The planted effect of the sample chain's pilot, exact in the units of the repeat rate.

From the end of the burn-in on, customers whose last purchase was in a treated
store make additional visits: a Poisson stream on top of their own. A customer
who would not have come back within twelve weeks now does with the chance that
lifts the store's 12-week repeat rate by the planted effect; nothing is changed
anywhere else, and nothing at all before the end of the burn-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from playbook.data.sample_calendar import (
    WEEK_SECONDS,
    basket_seasons,
    epoch_seconds,
    week_of,
)
from playbook.data.sample_people import Block
from playbook.data.sample_process import in_touch_at_start, repeat
from playbook.data.sample_stores import Stores
from playbook.data.sample_streams import stream
from playbook.data.sample_truth import (
    BURN_IN_WEEKS,
    FIDELITY,
    HISTORY_WEEKS,
    PILOT_EFFECT,
    PILOT_START,
    PILOT_WEEKS,
    SEGMENTS,
    WEEKS,
)
from playbook.data.sample_visits import Receipts, joined, moments, money

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WINDOW = 12  # weeks of the repeat rate in which the effect is planted
SPLIT_SHARE = 0.025  # of the card receipts of the store that splits them
_SPLITS_FROM = 2  # weeks after the pilot's start
_LARGEST_GAP_SECONDS = 210


def story_effects() -> dict[str, float]:
    """Effect per segment on the 12-week repeat rate as the story tells it, shares."""
    return {segment.id: segment.effect for segment in SEGMENTS}


@dataclass(frozen=True, kw_only=True)
class PilotPlan:
    """What happens in which stores during the pilot.

    Attributes:
        treated: Store ids.
        control: Store ids; nothing happens there.
        start: Monday on which the pilot starts; not before the history's end.
        weeks: Length, burn-in included.
        burn_in_weeks: Weeks at the start without effect.
        fidelity: Share of the standard done per treated store; a store not named has
            the story's mean. The effect is proportional to it.
        effects: Effect per segment at mean fidelity, a share (0.019 is 1.9 pp).
        mean_effect: Mean effect over the treated stores to which ``effects`` are scaled
            in proportion, with the weights that segments have in the KPI's base;
            ``None`` takes ``effects`` as they are.
        split_store: A treated store whose tills split card receipts, if any.
    """

    treated: tuple[str, ...]
    control: tuple[str, ...]
    start: date = PILOT_START
    weeks: int = PILOT_WEEKS
    burn_in_weeks: int = BURN_IN_WEEKS
    fidelity: Mapping[str, float] = field(default_factory=dict)
    effects: Mapping[str, float] = field(default_factory=story_effects)
    mean_effect: float | None = PILOT_EFFECT
    split_store: str | None = None

    def __post_init__(self) -> None:
        first, last = week_of(self.start), week_of(self.start) + self.weeks
        if first < HISTORY_WEEKS or last > WEEKS or self.start.weekday() != 0:
            raise ValueError(
                f"the pilot lies in weeks {first} to {last}; it must start on a Monday "
                f"and lie in weeks {HISTORY_WEEKS} to {WEEKS}"
            )

    @property
    def anchor(self) -> int:
        """Week at which the burn-in ends and the outcome's window starts."""
        return week_of(self.start) + self.burn_in_weeks

    @property
    def end(self) -> date:
        """Day after the pilot's last."""
        return self.start + timedelta(weeks=self.weeks)


@dataclass(frozen=True, kw_only=True, eq=False)
class Dose:
    """The planted effect of a plan, worked out for each store and segment.

    Attributes:
        treated: Rows of the treated stores.
        effect: Planted effect on the 12-week repeat rate at the anchor: (treated, segments).
        base_share: Expected share of each segment in the store's base: (treated, segments).
        per_week: Additional visits per week of an exposed customer: (stores, segments).
    """

    treated: Ints
    effect: Floats
    base_share: Floats
    per_week: Floats

    @property
    def store_effect(self) -> Floats:
        """Planted effect per treated store on its repeat rate, a share."""
        total: Floats = (self.effect * self.base_share).sum(axis=1)
        return total

    @property
    def segment_effect(self) -> Floats:
        """Planted effect per segment, mean of the treated stores, a share."""
        mean: Floats = self.effect.mean(axis=0)
        return mean


def dose(plan: PilotPlan, stores: Stores) -> Dose:
    """Work out the additional visits that lift the repeat rate by the planned effect."""
    treated = np.array([stores.number(store) for store in plan.treated])
    fidelity = np.array([plan.fidelity.get(store, FIDELITY) for store in plan.treated])
    relative = fidelity / fidelity.mean()
    rate, base_share = _expected(plan.anchor, stores, treated)
    wanted = np.array([plan.effects.get(segment.id, 0.0) for segment in SEGMENTS])
    effect = relative[:, None] * wanted
    if plan.mean_effect is not None:
        effect *= plan.mean_effect / (effect * base_share).sum(axis=1).mean()
    per_week = np.zeros((len(stores.weight), len(SEGMENTS)))
    per_week[treated] = -np.log1p(-effect / (1 - rate)) / WINDOW
    return Dose(treated=treated, effect=effect, base_share=base_share, per_week=per_week)


def _expected(anchor: int, stores: Stores, rows: Ints) -> tuple[Floats, Floats]:
    """Repeat rate and share of the base expected without a pilot: (rows, segments) each."""
    found = [
        repeat(segment, anchor, log_rate=stores.log_rate[rows], loyalty=stores.loyalty[rows])
        for segment in SEGMENTS
    ]
    base = np.stack([in_touch_at_start(s) * f.base for s, f in zip(SEGMENTS, found, strict=True)])
    rate = np.stack([f.rate for f in found])
    return rate.T, (base / base.sum(axis=0)).T


def additional_receipts(
    block: Block, natural: Receipts, *, plan: PilotPlan, planted: Dose, seed: int, future: int
) -> Receipts:
    """Draw the additional visits of a block's customers.

    Args:
        block: The customers.
        natural: Their receipts in order, at least from twelve weeks before the anchor on.
        plan: The pilot.
        planted: Its effect, from ``dose``.
        seed: Of the chain.
        future: Draw of the pilot's weeks.
    """
    rng = stream(seed, "additional visits", block.index, future)
    store, since = _exposure(block, natural, plan=plan, planted=planted)
    exposed = np.flatnonzero(store >= 0)
    chance = planted.per_week[store[exposed], block.segment[exposed]]
    start = (since[exposed] - epoch_seconds(0)) / WEEK_SECONDS
    row, week = _additional_visits(rng, block, exposed, chance=chance, start=start, plan=plan)
    person = exposed[row]
    basket = block.basket[person] * basket_seasons(WEEKS)[week]
    drawn = Receipts(
        at=moments(rng, week), store=store[person], person=person, kopecks=money(rng, basket)
    )
    return drawn.take(drawn.at >= since[person])


def _additional_visits(
    rng: np.random.Generator,
    block: Block,
    exposed: Ints,
    *,
    chance: Floats,
    start: Floats,
    plan: PilotPlan,
) -> tuple[Ints, Ints]:
    """Row in ``exposed`` and week of each additional visit.

    In each week an exposed customer is brought into the store with the planned
    chance. One who was pausing or gone then stays in touch, with visits at the own
    rate, until leaving again as customers of the segment do.
    """
    rate = block.rate[exposed]
    stay = 1 - np.array([s.drop + s.pause for s in SEGMENTS])[block.segment[exposed]]
    is_won = np.zeros(len(exposed), dtype=np.bool_)
    rows, weeks = [], []
    for week in range(plan.anchor, week_of(plan.end)):
        is_away = ~block.in_touch[exposed, week]
        here = np.clip(week + 1 - start, 0, 1)  # the part of the week that counts
        brought = rng.poisson(chance * here)
        own = np.where(is_won & is_away, rng.poisson(rate), 0)
        row = np.repeat(np.arange(len(exposed)), brought + own)
        rows.append(row)
        weeks.append(np.full(len(row), week))
        is_won = (is_won | (brought > 0)) & is_away & (rng.random(len(exposed)) < stay)
    return np.concatenate(rows), np.concatenate(weeks)


def _exposure(
    block: Block, natural: Receipts, *, plan: PilotPlan, planted: Dose
) -> tuple[Ints, Ints]:
    """The treated store that each customer belongs to (-1: none) and since which second."""
    anchor = epoch_seconds(plan.anchor)
    bought = natural.take(natural.kopecks > 0)
    recent = bought.take((bought.at >= anchor - WINDOW * WEEK_SECONDS) & (bought.at < anchor))
    last = np.full(len(block), -1)
    last[recent.person] = recent.store  # in order of time: the last one stays
    is_treated = np.zeros(len(planted.per_week) + 1, dtype=np.bool_)
    is_treated[planted.treated] = True
    store = np.where(is_treated[last], last, -1)
    since = np.full(len(block), anchor)
    later = bought.take((bought.at >= anchor) & is_treated[bought.store])
    person, first = np.unique(later.person, return_index=True)
    fresh = last[person] < 0
    store[person[fresh]] = later.store[first[fresh]]
    since[person[fresh]] = later.at[first[fresh]]
    return store, since


def split_receipts(receipts: Receipts, *, plan: PilotPlan, store: int, seed: int) -> Receipts:
    """Ring up some card receipts of one store as several small ones within minutes.

    The sum of the money stays the same to the kopeck.
    """
    rng = stream(seed, "splits", int(receipts.at[0]) if len(receipts) else 0)
    from_second = epoch_seconds(week_of(plan.start) + _SPLITS_FROM)
    may = (receipts.store == store) & (receipts.person >= 0) & (receipts.kopecks > 20_000)
    may &= receipts.at >= from_second
    hit = may & (rng.random(len(receipts)) < SPLIT_SHARE)
    whole = receipts.take(np.flatnonzero(hit))
    n_parts = rng.integers(3, 6, len(whole))
    row = np.repeat(np.arange(len(whole)), n_parts)
    place = np.arange(len(row)) - np.repeat(np.cumsum(n_parts) - n_parts, n_parts)
    size = rng.uniform(0.5, 1.5, len(row))
    part = size / np.bincount(row, size, len(whole))[row]
    kopecks = np.floor(part * whole.kopecks[row]).astype(np.int64)
    rest = whole.kopecks - np.bincount(row, kopecks, len(whole)).astype(np.int64)
    kopecks[place == 0] += rest
    gap = rng.integers(25, _LARGEST_GAP_SECONDS, len(row)) * (place > 0)
    before = np.cumsum(gap) - np.repeat(
        np.cumsum(np.bincount(row, gap, len(whole))) - np.bincount(row, gap, len(whole)), n_parts
    )
    parts = Receipts(
        at=whole.at[row] - before.astype(np.int64),
        store=whole.store[row],
        person=whole.person[row],
        kopecks=kopecks,
    )
    return joined([receipts.take(np.flatnonzero(~hit)), parts])
