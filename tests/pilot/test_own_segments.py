"""Segments of a real company: its own rules at the pilot's start, its own receipts since."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from playbook.data.storage import put
from playbook.data.tables import Tables
from playbook.pilot import offers, own_segments
from playbook.pilot.segment_effects import where_known

START = dt.date(2025, 12, 29)
DAYS = pd.date_range("2025-01-06", "2026-04-19", freq="D")
KINDS = ("core", "growing", "sleeping")


def shop(pairs, *, uplift=0.0, seed=3, per_store=60):
    """Receipts of customers who buy often, now and then, or not since the summer."""
    rng = np.random.default_rng(seed)
    rows = []
    for pair in pairs:
        for store, is_treated in zip(pair, (True, False), strict=True):
            for number in range(per_store):
                kind = KINDS[number % 3]
                customer = f"{store}-{kind}-{number}"
                chance = {"core": 0.12, "growing": 0.02, "sleeping": 0.02}[kind]
                buys = rng.random(len(DAYS)) < chance
                if kind == "sleeping":
                    buys &= (DAYS < "2025-09-01") | (DAYS > "2026-01-04")
                elif is_treated and rng.random() < uplift:
                    buys[DAYS.get_loc(pd.Timestamp("2026-02-02"))] = True
                rows += [(customer, store, day) for day in DAYS[buys]]
    frame = pd.DataFrame(rows, columns=["customer_id", "store_id", "at"])
    return frame.assign(receipt_id=[str(i) for i in range(len(frame))], amount=100.0)


@pytest.fixture(scope="module")
def receipts(pairs):
    return shop(pairs)


@pytest.fixture(scope="module")
def tables(receipts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("own") / "data"
    folder.mkdir()
    receipts.to_parquet(folder / "draft.parquet")
    put(folder, "receipts", folder / "draft.parquet", facts={})
    return Tables(folder)


def test_customers_are_sorted_as_they_were_before_the_start(receipts):
    found = own_segments.at_start(receipts, start=START)
    later = receipts.assign(
        amount=receipts["amount"].where(receipts["at"] < pd.Timestamp(START), 9_999.0)
    )
    pd.testing.assert_frame_equal(found, own_segments.at_start(later, start=START))
    kind = found["customer_id"].str.split("-").str[1]
    assert (found.loc[kind == "sleeping", "segment"] == "sleeping").mean() > 0.95
    assert "core" in set(found.loc[kind == "core", "segment"])


def test_the_counts_are_those_of_the_receipts(charter, tables, receipts):
    counts = own_segments.counts(charter, tables)
    assert set(counts["segment"]) <= {"core", "growing", "new", "seasonal", "sleeping"}
    anchor = pd.Timestamp(charter.anchor)
    row = counts.loc[(counts["week"] == anchor) & (counts["segment"] == "core")].iloc[0]
    segment = own_segments.at_start(receipts, start=START)
    core = set(segment.loc[segment["segment"] == "core", "customer_id"])
    mine = receipts.loc[
        receipts["customer_id"].isin(core) & (receipts["store_id"] == row["store_id"])
    ]
    k = pd.Timedelta(weeks=12)
    base = mine.loc[(mine["at"] >= anchor - k) & (mine["at"] < anchor), "customer_id"].unique()
    again = mine.loc[(mine["at"] >= anchor) & (mine["at"] < anchor + k), "customer_id"]
    assert row["n_base"] == len(base)
    assert row["n_repeat"] == len(set(again) & set(base))


def test_effects_by_segment_follow_from_a_companys_receipts(charter, tables):
    found = where_known(charter, own_segments.counts(charter, tables))
    assert len(found.table)
    assert found.table["share"].sum() == pytest.approx(1)


def test_counts_that_somebody_has_brought_are_taken_as_they_are(charter, tables):
    ready = pd.DataFrame({"store_id": []})
    assert own_segments.counts(charter, tables, ready=ready) is ready


def test_receipts_that_are_too_few_give_no_segments(charter, receipts):
    assert own_segments.at_start(receipts.head(300), start=START) is None
    assert own_segments.at_start(receipts, start=dt.date(2025, 1, 6)) is None


def customers(pairs):
    rows = [(f"{s}-{i}", s) for pair in pairs for s in pair for i in range(20)]
    return pd.DataFrame(rows, columns=["customer_id", "last_store"])


def contacts(pairs, *, arms, offer="welcome", day="2026-01-12", per_store=10):
    stores = [pair[arm == "control"] for pair in pairs for arm in arms]
    rows = [(f"{s}-{i}", offer, pd.Timestamp(day)) for s in stores for i in range(per_store)]
    return pd.DataFrame(rows, columns=["customer_id", "offer", "contacted_at"])


def test_offers_for_pilot_stores_alone_are_told_so(charter, pairs):
    found = offers.reached(
        charter, contacts(pairs, arms=["treated"]), lambda name: customers(pairs)
    )
    row = found.offers.iloc[0]
    assert (row["treated_share"], row["control_share"]) == (0.5, 0.0)
    assert "alone" in found.headline
    assert not found.warnings


def test_an_offer_that_control_stores_got_too_is_named(charter, pairs):
    both = contacts(pairs, arms=["treated", "control"], offer="spring")
    found = offers.reached(charter, both, lambda name: customers(pairs))
    assert "“spring” also reached 50" in found.headline
    assert found.warnings


def test_held_back_customers_and_other_weeks_do_not_count(charter, pairs):
    held = contacts(pairs, arms=["control"]).assign(arm="control")
    old = contacts(pairs, arms=["control"], day="2025-12-01").assign(arm="treated")
    sent = pd.concat([held, old])
    assert not isinstance(offers.reached(charter, sent, customers), offers.Offers)
    assert not isinstance(offers.reached(charter, None, customers), offers.Offers)
