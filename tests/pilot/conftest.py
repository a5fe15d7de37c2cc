"""A small chain with a known effect, made without the sample's generator."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from playbook.pilot.charter import Charter, CharterStore
from playbook.text import in_language

START = dt.date(2025, 12, 29)
FIRST = pd.Timestamp("2024-01-01")
N_WEEKS = 120
BASE = 20_000


@pytest.fixture(autouse=True)
def _english():
    with in_language("en"):
        yield


def make_stores(n=60, seed=1):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "store_id": [f"S{i:03d}" for i in range(n)],
            "region": np.where(np.arange(n) % 2, "centre", "volga"),
            "format": np.where(np.arange(n) % 3, "standard", "small"),
            "size_m2": rng.integers(200, 500, n),
            "opened": pd.Timestamp("2015-03-02"),
            "x_km": rng.uniform(0, 400, n),
            "y_km": rng.uniform(0, 300, n),
        }
    )


def make_rates(stores, *, effects=None, seed=2, window_weeks=12, noise=0.004):
    """Repeat rates per store and anchor; ``effects`` are added from the burn-in's end on."""
    rng = np.random.default_rng(seed)
    weeks = pd.date_range(FIRST, periods=N_WEEKS, freq="7D")[
        window_weeks : N_WEEKS - window_weeks + 1
    ]
    n = len(stores)
    level = 0.71 + rng.normal(0, 0.024, n)[:, None]
    wander = rng.normal(0, noise, (n, len(weeks)))
    for week in range(1, len(weeks)):
        wander[:, week] = 0.7 * wander[:, week - 1] + wander[:, week] * 0.71
    season = 0.01 * np.sin(np.arange(len(weeks)) / 8)[None, :]
    rate = level + wander + season
    for store, effect in (effects or {}).items():
        row = stores.index[stores["store_id"] == store][0]
        rate[row, weeks >= pd.Timestamp(START) + pd.Timedelta(weeks=3)] += effect
    return pd.DataFrame(
        {
            "store_id": np.repeat(stores["store_id"].to_numpy(), len(weeks)),
            "week": np.tile(weeks, n),
            "window_weeks": window_weeks,
            "n_base": BASE,
            "n_repeat": np.round(rate * BASE).astype(int).ravel(),
        }
    )


DRAFT = {
    "title": "The caring shop",
    "question": {
        "population": "Card holders of twelve shops",
        "change": "Welcome, service standard, answer within a day",
        "comparison": "Like shops without it",
        "outcome": "Repeat rate over 12 weeks",
    },
    "test_card": {
        "we_believe": "that care brings customers back",
        "to_verify": "we change twelve shops",
        "we_measure": "who comes back within 12 weeks",
        "right_if": "it is worth its money",
    },
    "kpi": {
        "metric": "repeat_rate",
        "name": "Repeat rate",
        "formula": "share of customers who come back",
        "window_weeks": 12,
    },
    "guardrails": [
        {
            "id": "queue",
            "name": "Queue",
            "metric": "queue_minutes",
            "side": "at_most",
            "limit": 4.0,
            "alarm": 6.0,
        },
        {
            "id": "basket",
            "name": "Basket",
            "metric": "basket",
            "side": "at_least",
            "limit": 0.97,
            "alarm": 0.92,
            "is_relative": True,
        },
    ],
    "start": START,
    "weeks": 16,
    "burn_in_weeks": 3,
    "zone": {"mechanism": "pairs", "size": 12, "seed": 7, "regions": ["centre", "volga"]},
    "looks_weeks": [16],
}


def make_charter(pairs, **changes):
    """A charter of these pairs (treated, control)."""
    stores = [
        CharterStore(store_id=store, arm=arm, block=f"P{i + 1:02d}")
        for i, pair in enumerate(pairs)
        for store, arm in zip(pair, ("treated", "control"), strict=True)
    ]
    fields = {**DRAFT, "stores": tuple(stores), "mde": 0.0165, "break_even": 0.0192, **changes}
    return Charter.model_validate(fields)


@pytest.fixture(scope="session")
def stores():
    return make_stores()


@pytest.fixture(scope="session")
def pairs(stores):
    """Twelve pairs within region and format."""
    found = []
    for _key, rows in stores.groupby(["region", "format"]):
        ids = rows["store_id"].tolist()
        found += list(zip(ids[0:6:2], ids[1:6:2], strict=True))
    return found[:12]


@pytest.fixture(scope="session")
def charter(pairs):
    return make_charter(pairs)


@pytest.fixture
def make(stores):
    """Functions of this module, for tests that plant something themselves."""

    class Make:
        charter = staticmethod(make_charter)
        rates = staticmethod(lambda **kwargs: make_rates(stores, **kwargs))
        stores = staticmethod(make_stores)
        draft = DRAFT
        start = START

    return Make
