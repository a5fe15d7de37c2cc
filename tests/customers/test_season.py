import numpy as np
import pandas as pd

from playbook.customers import purchases, season
from playbook.data.sample import receipts


def test_the_summer_customers_of_the_chain_are_found_in_summer(bought, window):
    found = season.find(bought, end=window.end)
    assert found.is_found
    assert found.dates == "2 June to 31 August"


def test_without_the_summer_customers_no_season_is_found(chain, planted, window):
    table = receipts(chain)
    others = table[~table["customer_id"].isin(planted.index[planted == "seasonal"])]
    assert not season.find(purchases.read(others), end=window.end).is_found


def everyday(rng, n_customers=3000):
    """Two years of purchases spread evenly over the year."""
    n = rng.poisson(14, n_customers)
    day = rng.integers(0, 728, n.sum())
    return pd.DataFrame(
        {
            "customer_id": np.repeat(np.arange(n_customers), n).astype(str),
            "at": pd.Timestamp("2024-01-01") + pd.to_timedelta(day, unit="D"),
            "amount": 100.0,
        }
    )


def test_purchases_spread_evenly_have_no_season():
    for seed in range(5):
        found = purchases.read(everyday(np.random.default_rng(seed)))
        assert not season.find(found, end=found.last_day + 1).is_found


def test_a_season_across_the_cut_between_the_years_is_found():
    rng = np.random.default_rng(3)
    table = everyday(rng)
    # a tenth buys only from December to February; the data begin on 1 January
    winter = rng.choice(np.r_[0:45, 335:410, 700:728], 300 * 12)
    guests = pd.DataFrame(
        {
            "customer_id": np.repeat([f"w{i}" for i in range(300)], 12),
            "at": pd.Timestamp("2024-01-01") + pd.to_timedelta(winter, unit="D"),
            "amount": 100.0,
        }
    )
    bought = purchases.read(pd.concat([table, guests]))
    found = season.find(bought, end=bought.last_day + 1)
    assert found.is_found
    assert found.first_week >= 44 or found.first_week <= 1


def test_the_weeks_of_the_circle_count_backwards_from_the_last_day():
    last = season.week_of_circle(np.array([999, 993, 992, 999 - 363, 999 - 364]), end=1000)
    assert last.tolist() == [51, 51, 50, 0, 51]
