from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from playbook.data import sample
from playbook.data.sample_pilot import PilotPlan
from playbook.data.sample_truth import SEGMENTS

PLAN = PilotPlan(treated=("s075", "s140"), control=("s076", "s141"), split_store="s075")
HISTORY_ENDS = pd.Timestamp("2025-12-29")


@pytest.fixture(scope="module")
def tiny():
    return sample.receipts(sample.Chain(seed=1, customers=500))


@pytest.fixture(scope="module")
def receipts():
    """Two years of a fortieth of the chain."""
    return sample.receipts(sample.Chain(seed=2, customers=40_000), with_pilot=False)


@pytest.fixture(scope="module")
def bought(receipts):
    purchases = receipts[receipts["amount"] > 0]
    return purchases.assign(year=np.where(purchases["at"] < "2024-12-30", 2024, 2025))


@pytest.fixture(scope="module")
def planted():
    return pd.concat(sample.customers(sample.Chain(seed=2, customers=40_000)))


def _money_of_2025(receipts):
    late = receipts[receipts["at"] >= "2024-12-30"]
    return late.assign(amount=late["amount"].astype(float))


def test_five_hundred_customers_make_about_twenty_thousand_receipts(tiny):
    assert 18_000 < len(tiny) < 27_000


def test_the_same_seed_gives_the_same_chain_and_another_seed_does_not(tiny):
    again = sample.receipts(sample.Chain(seed=1, customers=500))
    other = sample.receipts(sample.Chain(seed=3, customers=500))
    pd.testing.assert_frame_equal(again, tiny)
    assert not other["amount"].head(1000).equals(tiny["amount"].head(1000))


def test_the_history_does_not_know_of_the_pilot(tiny):
    with_plan = sample.receipts(sample.Chain(seed=1, customers=500), PLAN)
    redrawn = sample.receipts(sample.Chain(seed=1, customers=500, future=5), PLAN)
    history = tiny[tiny["at"] < HISTORY_ENDS].reset_index(drop=True)
    for other in (with_plan, redrawn):
        found = other[other["at"] < HISTORY_ENDS].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, history)
    assert not redrawn[redrawn["at"] >= HISTORY_ENDS].equals(tiny[tiny["at"] >= HISTORY_ENDS])


def test_parts_on_disk_hold_the_same_receipts(tiny, tmp_path):
    chain = sample.Chain(seed=1, customers=500)
    n = sample.write_history(chain, tmp_path / "history")
    n += sample.write_pilot(chain, tmp_path / "pilot", None)
    parts = [pd.read_parquet(path) for path in sorted(tmp_path.rglob("*.parquet"))]
    stored = pd.concat(parts).sort_values(["at", "receipt_id"], ignore_index=True)
    assert n == len(tiny)
    assert stored["amount"].tolist() == tiny["amount"].tolist()
    assert stored["customer_id"].fillna("").tolist() == tiny["customer_id"].fillna("").tolist()
    schema = pq.read_schema(next(tmp_path.rglob("*.parquet")))
    assert str(schema.field("amount").type) == "decimal128(12, 2)"


def test_a_receipt_has_its_own_number_and_exact_kopecks_within_opening_hours(receipts):
    assert receipts["receipt_id"].is_unique
    assert receipts["amount"].head(1000).map(lambda value: value.as_tuple().exponent == -2).all()
    assert receipts["amount"].min() < Decimal(0) < receipts["amount"].max()
    assert receipts["at"].dt.hour.between(8, 21).all()
    assert receipts["at"].min() >= pd.Timestamp("2024-01-01")
    assert receipts["at"].max() < HISTORY_ENDS


def test_sixty_two_percent_of_a_years_customers_buy_in_the_next(bought):
    buyers = {year: set(part["customer_id"].dropna()) for year, part in bought.groupby("year")}
    kept = len(buyers[2024] & buyers[2025]) / len(buyers[2024])
    assert kept == pytest.approx(0.62, abs=0.01)
    assert len(buyers[2025]) == pytest.approx(40_000, rel=0.02)
    assert len(buyers[2024] - buyers[2025]) == pytest.approx(608 / 1600 * 40_000, rel=0.04)
    assert len(buyers[2025] - buyers[2024]) == pytest.approx(600 / 1600 * 40_000, rel=0.04)


def test_customers_come_and_spend_as_the_story_tells(receipts, bought):
    late = bought[(bought["year"] == 2025) & bought["customer_id"].notna()]
    n_active = late["customer_id"].nunique()
    revenue = _money_of_2025(receipts).dropna(subset="customer_id")["amount"].sum()
    assert len(late) / n_active == pytest.approx(11.7, rel=0.03)
    assert revenue / n_active == pytest.approx(9_828, rel=0.03)


def test_seventy_two_percent_of_sales_carry_a_card_and_one_receipt_in_hundred_is_a_return(receipts):
    money = receipts["amount"].astype(float)
    with_card = money[receipts["customer_id"].notna()].sum() / money.sum()
    assert with_card == pytest.approx(0.72, abs=0.015)
    assert (money < 0).mean() == pytest.approx(0.01, abs=0.001)


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda s: s.id)
def test_each_segment_has_its_share_retention_and_margin(segment, receipts, bought, planted):
    of_segment = set(planted.loc[planted["segment"] == segment.id, "customer_id"])
    buyers = {
        year: set(part["customer_id"].dropna()) & of_segment
        for year, part in bought.groupby("year")
    }
    n_active = bought.loc[bought["year"] == 2025, "customer_id"].nunique()
    money = _money_of_2025(receipts)
    revenue = money.loc[money["customer_id"].isin(of_segment), "amount"].sum()
    kept = len(buyers[2024] & buyers[2025]) / len(buyers[2024])
    assert len(buyers[2025]) / n_active == pytest.approx(segment.share, abs=0.01)
    assert kept == pytest.approx(segment.retention, abs=0.025)
    assert 0.24 * revenue / len(buyers[2025]) == pytest.approx(segment.margin, rel=0.06)


def test_the_lapsed_are_won_back_and_virgin_land_brings_new_customers(bought, planted):
    first_year = set(bought.loc[bought["year"] == 2024, "customer_id"].dropna())
    late = set(bought.loc[bought["year"] == 2025, "customer_id"].dropna())
    origin = planted.set_index("customer_id")["origin"]
    gained = origin[list(late - first_year)].value_counts(normalize=True)
    assert gained["won_back"] == pytest.approx(
        0.142 * 1_562 / 608, abs=0.06
    )  # of those lapsed by 2025
    assert gained["new_land"] > gained["won_back"]


def test_two_hundred_and_forty_stores_stand_in_six_regions():
    master = sample.Chain(seed=2, customers=500).stores.master
    counts = master["region"].value_counts().to_dict()
    assert counts == {"north": 30, "west": 40, "centre": 60, "volga": 45, "south": 35, "ural": 30}
    spread = master.groupby("region")[["x_km", "y_km"]].std().to_numpy()
    between = master.groupby("region")[["x_km", "y_km"]].mean().std().to_numpy()
    assert spread.max() < between.min()
    assert pd.to_datetime(master["opened"]).max() < pd.Timestamp("2023-10-01")


def test_sales_have_fat_tails_between_stores():
    weight = np.concatenate(
        [sample.Chain(seed=seed, customers=500).stores.weight for seed in range(20)]
    )
    logs = np.log(weight)
    centred = (logs - logs.mean()) / logs.std()
    assert weight.max() / np.median(weight) > 4
    assert (centred**3).mean() > 0  # a longer tail of large stores, even in logs


def test_new_year_is_busy_and_seasonal_customers_come_in_summer(bought, planted):
    of_segment = planted.set_index("customer_id")["segment"]
    carded = bought.dropna(subset="customer_id")
    seasonal = carded["customer_id"].map(of_segment) == "seasonal"
    month = carded["at"].dt.month
    share_in_summer = month.isin([6, 7, 8]).groupby(seasonal).mean()
    assert share_in_summer[True] > 0.4 > 0.3 > share_in_summer[False]
    per_month = month[~seasonal].value_counts()
    assert per_month.idxmax() == 12


def test_nothing_personal_is_made(tiny, planted):
    assert set(tiny.columns) == {"receipt_id", "at", "store_id", "customer_id", "amount"}
    assert set(planted.columns) == {"customer_id", "segment", "channel", "origin", "home_store"}
    cards = planted["customer_id"]
    assert cards.is_unique
    assert cards.str.fullmatch(r"29\d{11}").all()
    digits = np.array([[int(d) for d in card] for card in cards.head(500)])
    assert ((digits @ np.tile([1, 3], 7)[:13]) % 10 == 0).all()  # the check digit of EAN-13
