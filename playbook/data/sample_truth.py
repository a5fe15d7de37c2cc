"""What is planted in the sample chain "Polevitsa": the story's figures, in code.

The story gives shares, margins and annual retention per segment. The rates below
them (visits, drop-out, pauses) are solved from those figures by
``sample_process.solve``; ``tests/data/test_sample_process.py`` solves them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

START = date(2024, 1, 1)
HISTORY_WEEKS = 104
PILOT_WEEKS = 16
BURN_IN_WEEKS = 3
WEEKS = HISTORY_WEEKS + PILOT_WEEKS
PILOT_START = date(2025, 12, 29)

ACTIVE_CUSTOMERS = 1_600_000  # bought at least once in 2025, at full size
CONTRIBUTION_SHARE = 0.24  # of revenue without VAT
CARD_SHARE = 0.72  # of sales with a customer's card
VISITS_PER_YEAR = 11.7
BASKET = 840.0
RETURN_SHARE = 0.01  # of receipts
RETURNED_PART = 0.65  # of a receipt's money, on average
ANONYMOUS_BASKET = 610.0
REPEAT_RATE = 0.71  # 12 weeks, mean over the anchors of 2025

LAPSED_CUSTOMERS = 1_900_000  # bought once, not in 2025
VIRGIN_CUSTOMERS = 1_100_000  # in the catchment, never bought, at the end of 2025
WIN_BACK_SHARE = 0.142  # of the lapsed return within a year
HARVEST_SHARE = 0.30  # of the virgin land becomes customers within a year
GAINED_TO_LOST = 600 / 608  # customers gained for each lost

BETWEEN_STORE_SD = 0.024  # of the 12-week repeat rate
PAIR_CORRELATION = 0.7  # between two well matched stores

PILOT_EFFECT = 0.019  # on the 12-week repeat rate, mean of the treated stores
WAVE_EFFECT = 0.0184
SOUTH_EFFECT = 0.012
FIDELITY = 0.78

RETURN_AFTER_PAUSE = 1 / 9  # chance per week that a pausing customer is back


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One segment of the story, with the rates that were solved for it.

    Attributes:
        id: Lower-case name.
        share: Of customers active in a year.
        margin: Contribution per active customer and year, RUB without VAT.
        retention: Share of a year's customers who buy in the next year.
        visits: Receipts per active customer and year.
        shape: Of the gamma distribution of visit rates; a smaller one spreads more.
        rate: Visits per year while in touch, mean over customers (solved).
        drop: Chance per week to leave for good or until won back (solved).
        pause: Chance per week to stay away for some weeks (solved).
        effect: Planted effect on the 12-week repeat rate as the story tells it, a share.
    """

    id: str
    share: float
    margin: float
    retention: float
    visits: float
    shape: float
    rate: float
    drop: float
    pause: float
    effect: float

    @property
    def spend(self) -> float:
        """Net revenue per active customer and year, RUB without VAT."""
        return self.margin / CONTRIBUTION_SHARE

    @property
    def basket(self) -> float:
        """Mean money per receipt before returns, RUB without VAT."""
        return self.spend / self.visits / (1 - RETURN_SHARE * RETURNED_PART)


PAUSES_PER_YEAR = {"core": 0.5, "growing": 1.0, "new": 1.2, "seasonal": 1.0, "sleeping": 1.5}

SEGMENTS = (
    Segment(
        id="core", share=0.18, margin=5_800, retention=0.88, visits=29.0, shape=3.0,
        rate=39.196, drop=0.0038538, pause=0.020511, effect=0.004,
    ),
    Segment(
        id="growing", share=0.22, margin=2_800, retention=0.76, visits=13.2, shape=2.0,
        rate=22.682, drop=0.0097077, pause=0.041023, effect=0.019,
    ),
    Segment(
        id="new", share=0.36, margin=1_200, retention=0.47, visits=6.0, shape=2.0,
        rate=15.318, drop=0.036126, pause=0.049227, effect=0.032,
    ),
    Segment(
        id="seasonal", share=0.14, margin=1_300, retention=0.61, visits=6.9, shape=1.5,
        rate=11.725, drop=0.01639, pause=0.041023, effect=0.009,
    ),
    Segment(
        id="sleeping", share=0.10, margin=850, retention=0.40, visits=4.5, shape=1.0,
        rate=10.787, drop=0.045402, pause=0.061534, effect=0.013,
    ),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Region:
    """A region: number of stores, place of its centre in km, persistent level of loyalty."""

    id: str
    stores: int
    x_km: float
    y_km: float
    towns: int


REGIONS = (
    Region(id="north", stores=30, x_km=-60, y_km=620, towns=5),
    Region(id="west", stores=40, x_km=-420, y_km=60, towns=6),
    Region(id="centre", stores=60, x_km=0, y_km=0, towns=8),
    Region(id="volga", stores=45, x_km=640, y_km=-40, towns=7),
    Region(id="south", stores=35, x_km=140, y_km=-980, towns=6),
    Region(id="ural", stores=30, x_km=1430, y_km=150, towns=5),
)

CHANNELS = ("store", "recommendation", "tv", "web", "partner")
