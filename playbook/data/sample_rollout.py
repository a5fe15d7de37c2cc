"""The sample chain's rollout: weekly readings of the repeat rate, wave by wave.

After the pilot the chain is simulated as aggregates: base and repeaters of each
store at each anchor. A reading has the store's own level, the season, weekly noise
of region and store, the wave's effect and binomial noise; readings of neighbouring
weeks are drawn independently, although their windows overlap in reality.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from playbook.data.sample_calendar import week_of
from playbook.data.sample_process import in_touch_at_start, repeat
from playbook.data.sample_stores import Stores
from playbook.data.sample_streams import stream
from playbook.data.sample_truth import (
    BURN_IN_WEEKS,
    PILOT_START,
    SEGMENTS,
    SOUTH_EFFECT,
    WAVE_EFFECT,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WEEKS_BETWEEN_WAVES = 8
WINDOW = 12
ROLLOUT_START = date(2026, 4, 20)
STARTED_WAVES = 2  # wave 3 waits until wave 2 has been read
ANCHORS = 20  # weeks read: the last nine show wave 2 after its burn-in
_COLUMNS = (
    "store_id",
    "week",
    "wave",
    "is_holdout",
    "n_base",
    "n_repeat",
    "window_weeks",
    "wave_start",
)
_REGION_NOISE, _STORE_NOISE = 0.001, 0.004  # SD of a weekly reading, shares


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """When waves start and which effect is planted.

    Attributes:
        effects: Planted effect on the 12-week repeat rate per region; a region not
            named has ``effect``.
        effect: The same everywhere else.
        start: First Monday of wave 1; the other waves follow eight weeks apart.
    """

    effects: tuple[tuple[str, float], ...] = (("south", SOUTH_EFFECT),)
    effect: float = WAVE_EFFECT
    start: date = ROLLOUT_START

    def starts(self) -> dict[int, date]:
        """First Monday per wave that has started; wave 0 are the pilot's treated stores."""
        step = timedelta(weeks=WEEKS_BETWEEN_WAVES)
        waves = {wave: self.start + (wave - 1) * step for wave in range(1, STARTED_WAVES + 1)}
        return {0: PILOT_START, **waves}

    @property
    def data_to(self) -> date:
        """Day on which the last reading's window of twelve weeks is complete."""
        return self.start + timedelta(weeks=ANCHORS - 1 + WINDOW)


def rollout_weeks(
    stores: Stores, plan: pd.DataFrame, *, rollout: Rollout, customers: int, seed: int
) -> pd.DataFrame:
    """Draw the weekly readings of all stores.

    Args:
        stores: The stores.
        plan: Their waves: ``store_id``, ``region``, ``wave`` (0: treated in the pilot),
            ``is_holdout``, in the order of the stores.
        rollout: What is planted.
        customers: Active customers of the chain.
        seed: Of the chain.

    Returns:
        ``store_id``, ``week`` (anchor Monday), ``wave``, ``is_holdout``, ``n_base``,
        ``n_repeat``: of the customers of the twelve weeks before the anchor, those who
        bought in the twelve weeks from it on. Beside these ``window_weeks`` (12) and
        ``wave_start``, the wave's first Monday (missing: not started).
    """
    rng = stream(seed, "rollout")
    first = week_of(rollout.start)
    start = _effect_starts(plan["wave"].to_numpy(), rollout)
    effect = _effects(plan["region"], rollout)
    readings = []
    for anchor in range(first, first + ANCHORS):
        base, rate = _undisturbed(stores, anchor, customers)
        noise = rng.normal(0, _REGION_NOISE, stores.region.max() + 1)[stores.region]
        noise = noise + rng.normal(0, _STORE_NOISE, len(base))
        exposed = np.clip((anchor + WINDOW - start) / WINDOW, 0, 1)
        n_base = rng.poisson(base)
        n_repeat = rng.binomial(n_base, np.clip(rate + noise + effect * exposed, 0, 1))
        week = rollout.start + timedelta(weeks=anchor - first)
        readings.append(plan.assign(week=week, n_base=n_base, n_repeat=n_repeat))
    table = pd.concat(readings, ignore_index=True)
    table["week"] = pd.to_datetime(table["week"])
    table["window_weeks"] = WINDOW
    table["wave_start"] = pd.to_datetime(table["wave"].map(rollout.starts()))
    return table[list(_COLUMNS)]


def _effect_starts(wave: Ints, rollout: Rollout) -> Floats:
    """Week from which each store shows the effect: its wave's start and the burn-in."""
    started = {number: week_of(day) + BURN_IN_WEEKS for number, day in rollout.starts().items()}
    return np.array([started.get(int(number), np.inf) for number in wave])


def _effects(region: pd.Series[str], rollout: Rollout) -> Floats:
    """Planted effect per store."""
    by_region = dict(rollout.effects)
    return np.array([by_region.get(name, rollout.effect) for name in region])


def _undisturbed(stores: Stores, anchor: int, customers: int) -> tuple[Floats, Floats]:
    """Expected base and repeat rate per store without shocks and effects."""
    base: Floats = np.zeros(len(stores.weight))
    repeaters: Floats = np.zeros(len(stores.weight))
    for segment in SEGMENTS:
        found = repeat(segment, anchor, window=WINDOW, loyalty=stores.loyalty)
        people = customers * in_touch_at_start(segment) * stores.weight
        base = base + people * found.base
        repeaters = repeaters + people * found.repeaters
    return base, repeaters / base
