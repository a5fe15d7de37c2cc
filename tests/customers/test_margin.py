"""Margin from receipts, from months, or as stated: the best source that there is."""

import numpy as np
import pandas as pd
import pytest

from playbook.customers import margin, purchases
from playbook.customers.purchases import Window

RECEIPTS = pd.DataFrame(
    {
        "at": pd.to_datetime(["2026-01-10", "2026-01-20", "2026-02-10", "2026-02-20"]),
        "store_id": ["a", "b", "a", "b"],
        "customer_id": ["x", "y", "x", None],
        "amount": [100.0, 300.0, 200.0, 400.0],
    }
)
BOUGHT = purchases.read(RECEIPTS)
WINDOW = Window(end=BOUGHT.last_day + 1, weeks=8)


def found(receipts=RECEIPTS, margins=None, stated=None):
    return margin.found(receipts, BOUGHT, window=WINDOW, margins=margins, stated=stated)


def months(**columns):
    return pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-02-01"]), **columns})


def test_margin_of_the_receipts_is_told_customer_by_customer():
    got = found(RECEIPTS.assign(margin=[20.0, 90.0, 40.0, 100.0]), months(margin_share=[0.9, 0.9]))
    assert got.origin == "receipts"
    assert got.share == pytest.approx(250 / 1000)
    by_id = dict(zip(BOUGHT.ids, got.by_customer, strict=True))
    assert by_id == {"x": 60.0, "y": 90.0}


def test_a_receipt_without_margin_has_the_share_of_the_others():
    got = found(RECEIPTS.assign(margin=[20.0, np.nan, 40.0, 100.0]))
    assert got.share == pytest.approx(160 / 700)
    assert got.known_share == pytest.approx(0.7)
    by_id = dict(zip(BOUGHT.ids, got.by_customer, strict=True))
    assert by_id["y"] == pytest.approx(300 * 160 / 700)


def test_months_are_weighted_by_their_revenue():
    got = found(margins=months(margin_share=[0.2, 0.3]), stated=0.9)
    assert got.origin == "months"
    assert got.share == pytest.approx((400 * 0.2 + 600 * 0.3) / 1000)
    assert got.known_share == 1.0
    assert "26" in got.words


def test_a_stores_own_margin_goes_before_that_of_all():
    rows = months(margin_share=[0.2, 0.3], store_id=None)
    own = pd.DataFrame(
        {"month": [pd.Timestamp("2026-01-01")], "margin_share": [0.5], "store_id": ["b"]}
    )
    got = found(margins=pd.concat([rows, own]))
    assert got.share == pytest.approx((100 * 0.2 + 300 * 0.5 + 600 * 0.3) / 1000)


def test_the_cost_of_goods_is_taken_off_the_revenue_of_its_month():
    got = found(margins=months(cost_of_goods=[300.0, 450.0]))
    assert got.share == pytest.approx((100 + 150) / 1000)


def test_a_month_that_is_not_in_the_table_is_not_known():
    got = found(margins=months(margin_share=[0.2, 0.3]).head(1))
    assert got.share == pytest.approx(0.2)
    assert got.known_share == pytest.approx(0.4)


def test_months_of_another_time_leave_what_is_stated():
    other = months(margin_share=[0.2, 0.3]).assign(month=pd.Timestamp("2019-01-01"))
    assert found(margins=other, stated=0.24).share == 0.24
    assert found(margins=other, stated=0.24).words == ""
    assert found().share is None
