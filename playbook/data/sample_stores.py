"""The stores of the sample chain: where they stand, how large, how loyal, how shaken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from playbook.data.sample_process import HORIZON
from playbook.data.sample_streams import stream
from playbook.data.sample_truth import HISTORY_WEEKS, REGIONS, Region

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FORMATS = ("small", "standard", "large")
_FORMAT_SHARES = (0.35, 0.45, 0.20)
_FORMAT_SALES = (0.62, 1.0, 1.75)
_SIZES_M2 = ((160, 320), (340, 680), (720, 1_400))
_TAIL_DEGREES = 5  # of freedom: sales have fat tails between stores
_TAIL_SCALE = 0.20
_TOWN_SPREAD_KM = 4.0
_REGION_SPREAD_KM = 110.0

# Log loyalty and log shocks: 0.1 of loyalty is 2.3 pp of the 12-week repeat rate, a weekly
# shock of SD 0.1 moves it by 0.95 pp. The sizes follow from the spread between stores (2.4 pp)
# and the correlation within matched pairs (0.7); docs/decisions.md has the budget.
LOYALTY_SD = 0.090
REGION_LOYALTY_SD = 0.022
STORE_SHOCK_SD, STORE_SHOCK_MEMORY = 0.085, 0.90
REGION_SHOCK_SD, REGION_SHOCK_MEMORY = 0.035, 0.85
CHAIN_SHOCK_SD, CHAIN_SHOCK_MEMORY = 0.015, 0.70


@dataclass(frozen=True, kw_only=True, eq=False)
class Stores:
    """The store master and what is planted about each store.

    Attributes:
        master: ``store_id``, ``region``, ``format``, ``size_m2``, ``opened``, ``x_km``, ``y_km``.
        region: Number of the region per store.
        weight: Share of the chain's customers at home in the store, sums to 1.
        loyalty: Log loyalty per store: 0 is the chain's mean.
        price: Index of money per receipt per store.
        card_share: Share of sales with a card per store.
        neighbours: The three nearest stores of the same region per store: (stores, 3).
        log_rate: Shocks to the log visit rate per store and week: (stores, HORIZON).
    """

    master: pd.DataFrame
    region: Ints
    weight: Floats
    loyalty: Floats
    price: Floats
    card_share: Floats
    neighbours: Ints
    log_rate: Floats

    def number(self, store_id: str) -> int:
        """Row of a store in all arrays; an unknown id raises ``ValueError``."""
        return self.master["store_id"].tolist().index(store_id)


def make_stores(*, seed: int, future: int, card_share: float) -> Stores:
    """Draw the 240 stores; ``future`` moves only the shocks of the pilot's weeks."""
    rng = stream(seed, "stores")
    region = np.repeat(np.arange(len(REGIONS)), [r.stores for r in REGIONS])
    kind = rng.choice(len(FORMATS), size=len(region), p=_FORMAT_SHARES)
    spread = np.exp(_TAIL_SCALE * np.clip(rng.standard_t(_TAIL_DEGREES, len(region)), -4, 5))
    sales = np.take(_FORMAT_SALES, kind) * spread
    places = np.concatenate([_places(rng, r) for r in REGIONS])
    loyalty = _loyalty(rng, region, sales / sales.sum())
    master = pd.DataFrame(
        {
            "store_id": [f"s{number:03d}" for number in range(1, len(region) + 1)],
            "region": [REGIONS[r].id for r in region],
            "format": np.take(FORMATS, kind),
            "size_m2": _sizes(rng, kind, spread),
            "opened": pd.to_datetime(_openings(rng, len(region))),
            "x_km": places[:, 0].round(1),
            "y_km": places[:, 1].round(1),
        }
    )
    return Stores(
        master=master,
        region=region,
        weight=sales / sales.sum(),
        loyalty=loyalty,
        price=np.exp(rng.normal(0, 0.04, len(region))),
        card_share=np.clip(card_share + rng.normal(0, 0.03, len(region)), 0.5, 0.9),
        neighbours=_neighbours(places, region),
        log_rate=_shocks(seed=seed, future=future, region=region),
    )


def _places(rng: np.random.Generator, region: Region) -> Floats:
    """Places of a region's stores in km: towns scattered round the centre, stores in towns."""
    centre = np.array([region.x_km, region.y_km])
    towns = centre + rng.normal(0, _REGION_SPREAD_KM, (region.towns, 2))
    town = rng.integers(0, region.towns, region.stores)
    return towns[town] + rng.normal(0, _TOWN_SPREAD_KM, (region.stores, 2))


def _loyalty(rng: np.random.Generator, region: Ints, weight: Floats) -> Floats:
    """Persistent log loyalty: a part of the region and a part of the store."""
    by_region = rng.normal(0, REGION_LOYALTY_SD, len(REGIONS))
    drawn = by_region[region] + rng.normal(0, LOYALTY_SD, len(region))
    centred: Floats = drawn - np.log((weight * np.exp(drawn)).sum())
    return centred


def _sizes(rng: np.random.Generator, kind: Ints, spread: Floats) -> Ints:
    """Sales area in square metres: within the format, larger where more is sold."""
    low, high = np.take(_SIZES_M2, kind, axis=0).T
    part = np.clip(0.4 + 0.4 * np.log(spread) + rng.normal(0, 0.2, len(kind)), 0, 1)
    tens: Ints = np.rint((low + part * (high - low)) / 10).astype(np.int64)
    return tens * 10


def _openings(rng: np.random.Generator, n: int) -> list[date]:
    """Opening dates from 2006 to mid 2023: every store has the whole history."""
    days = rng.integers(0, 6_360, n)
    return [date.fromordinal(date(2006, 1, 15).toordinal() + int(day)) for day in days]


def _neighbours(places: Floats, region: Ints) -> Ints:
    """The three nearest stores of the same region."""
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    apart[region[:, None] != region[None]] = np.inf
    np.fill_diagonal(apart, np.inf)
    nearest: Ints = np.argsort(apart, axis=1)[:, :3]
    return nearest


def _shocks(*, seed: int, future: int, region: Ints) -> Floats:
    """Weekly shocks of chain, region and store with memory: (stores, HORIZON)."""
    past = stream(seed, "shocks")
    later = stream(seed, "shocks of the pilot", future)
    width = 1 + len(REGIONS) + len(region)
    innovations = np.concatenate(
        [
            past.standard_normal((HISTORY_WEEKS, width)),
            later.standard_normal((HORIZON - HISTORY_WEEKS, width)),
        ]
    )
    sd = np.repeat([CHAIN_SHOCK_SD, REGION_SHOCK_SD, STORE_SHOCK_SD], [1, 6, len(region)])
    memory = np.repeat(
        [CHAIN_SHOCK_MEMORY, REGION_SHOCK_MEMORY, STORE_SHOCK_MEMORY], [1, 6, len(region)]
    )
    path = np.empty((HORIZON, width))
    path[0] = innovations[0]
    for week in range(1, HORIZON):
        path[week] = memory * path[week - 1] + np.sqrt(1 - memory**2) * innovations[week]
    scaled = path * sd
    log_rate = scaled[:, :1] + scaled[:, 1 + region] + scaled[:, 1 + len(REGIONS) :]
    mean_of_exponential = (CHAIN_SHOCK_SD**2 + REGION_SHOCK_SD**2 + STORE_SHOCK_SD**2) / 2
    shocks: Floats = (log_rate - mean_of_exponential).T
    return shocks
