"""What groups are looked for in: recency, frequency and money on comparable scales."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SMALLEST_SPEND = 1 / 20  # of the median, added to money before its logarithm is taken


@dataclass(frozen=True, kw_only=True, eq=False)
class Scales:
    """What turns behaviour into points; kept, so that two windows can be compared.

    Attributes:
        small: Money added before the logarithm.
        centre: Mean of each logarithm.
        spread: Standard deviation of each logarithm.
    """

    small: float
    centre: Floats
    spread: Floats


def scales(behaviour: pd.DataFrame, *, seed: int) -> Scales:
    """The scales on which these customers have mean 0 and spread 1."""
    small = max(float(np.median(_spend(behaviour))) * SMALLEST_SPEND, 1e-9)
    raw = _logarithms(behaviour, small=small, seed=seed)
    spread = raw.std(axis=0)
    return Scales(small=small, centre=raw.mean(axis=0), spread=np.where(spread > 0, spread, 1.0))


def points(behaviour: pd.DataFrame, on: Scales, *, seed: int) -> Floats:
    """Recency, frequency and money on logarithmic scales.

    Days are whole numbers: a customer with 1 purchase day is spread over 0.5 to 1.5, so that
    the gap between 1 and 2 is not taken for a gap between kinds of people.

    Args:
        behaviour: From ``behaviour.measure``.
        on: The scales.
        seed: Same seed, same points.
    """
    found: Floats = (_logarithms(behaviour, small=on.small, seed=seed) - on.centre) / on.spread
    return found


def _logarithms(behaviour: pd.DataFrame, *, small: float, seed: int) -> Floats:
    jitter = np.random.default_rng(seed).uniform(-0.5, 0.5, (len(behaviour), 2))
    recency = behaviour["recency_days"].to_numpy(float) + 1 + jitter[:, 0]
    days = behaviour["purchase_days"].to_numpy(float) + jitter[:, 1]
    logarithms: Floats = np.log(np.column_stack([recency, days, _spend(behaviour) + small]))
    return logarithms


def _spend(behaviour: pd.DataFrame) -> Floats:
    spend: Floats = np.maximum(behaviour["spend"].to_numpy(float), 0.0)
    return spend
