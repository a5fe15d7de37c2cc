"""Figures of the pilot that rest on fewer than ten customers are not told."""

import pandas as pd

from playbook.pilot.audit import audit
from playbook.pilot.panel import rates
from playbook.scaling.waves import rates_before

MONDAY = pd.Timestamp("2025-01-06")


def test_a_store_with_nine_customers_has_no_repeat_rate():
    counts = pd.DataFrame(
        {
            "store_id": ["small", "large"],
            "week": MONDAY,
            "window_weeks": 12,
            "n_base": [9, 10],
            "n_repeat": [3, 5],
        }
    )
    found = rates(counts, window_weeks=12).set_index("store_id")["repeat_rate"]
    assert pd.isna(found["small"])
    assert found["large"] == 0.5
    assert list(rates_before(counts, start=(MONDAY + pd.Timedelta(weeks=20)).date()).index) == [
        "large"
    ]


def purchases(store: str, n_customers: int, n_in_bursts: int) -> pd.DataFrame:
    """One receipt of 100 per customer; those in bursts ring up four of 20 besides."""
    rows = [(f"{store}{i}", MONDAY + pd.Timedelta(hours=i), 100.0) for i in range(n_customers)]
    rows += [
        (f"{store}{i}", MONDAY + pd.Timedelta(days=1, minutes=m), 20.0)
        for i in range(n_in_bursts)
        for m in range(4)
    ]
    return pd.DataFrame(rows, columns=["customer_id", "at", "amount"]).assign(store_id=store)


def test_an_audit_tells_no_figure_of_fewer_than_ten_customers():
    parts = [purchases("a", 30, 12), purchases("b", 30, 3), purchases("c", 5, 5)]
    found = audit(pd.concat(parts)).table.set_index("store_id")
    assert found.loc["a", ["burst_share", "median_part"]].notna().all()
    assert pd.notna(found.loc["b", "burst_share"])
    assert pd.isna(found.loc["b", "median_part"])
    assert found.loc["c", ["burst_share", "median_part"]].isna().all()
    assert "customer_id" not in found.columns
