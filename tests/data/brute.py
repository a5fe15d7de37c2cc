"""The reductions once more, slowly, one customer at a time, straight from their definitions."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

WEEK = pd.Timedelta(weeks=1)


def receipts_frame(rows):
    """Rows of (customer, store, moment, amount) as receipts."""
    frame = pd.DataFrame(rows, columns=["customer_id", "store_id", "at", "amount"])
    frame.insert(0, "receipt_id", [f"r{i}" for i in range(len(frame))])
    frame["at"] = pd.to_datetime(frame["at"], format="ISO8601").astype("datetime64[us]")
    return frame.astype({"customer_id": "str", "store_id": "str", "amount": "float64"})


def purchases(receipts):
    return receipts[receipts["customer_id"].notna() & (receipts["amount"] > 0)]


def anchors(receipts, k):
    """Mondays whose windows of k weeks before and after lie inside the days of the data."""
    first, last = receipts["at"].min().normalize(), receipts["at"].max().normalize()
    days = pd.date_range(first, last + pd.Timedelta(days=1), freq="D")
    mondays = [day for day in days if day.day_of_week == 0]
    return [
        w for w in mondays if w - k * WEEK >= first and w + k * WEEK <= last + pd.Timedelta(days=1)
    ]


def repeat_rates(receipts, k, segments=None):
    """{(store, segment, anchor): (n_base, n_repeat)} by the definition, anchor by anchor."""
    counts = {}
    for anchor in anchors(receipts, k):
        for customer, bought in purchases(receipts).groupby("customer_id"):
            before = bought[(bought["at"] >= anchor - k * WEEK) & (bought["at"] < anchor)]
            if before.empty:
                continue
            after = bought[(bought["at"] >= anchor) & (bought["at"] < anchor + k * WEEK)]
            store = before.sort_values(["at", "store_id"]).iloc[-1]["store_id"]
            segment = None if segments is None else segments.get(customer, "none")
            key = (store, segment, anchor)
            base, again = counts.get(key, (0, 0))
            counts[key] = (base + 1, again + (not after.empty))
    return counts


def store_weeks(receipts):
    """{(store, monday): row} by the definition."""
    monday = receipts["at"].dt.normalize() - pd.to_timedelta(
        receipts["at"].dt.day_of_week, unit="D"
    )
    receipts = receipts.assign(week=monday)
    bought = purchases(receipts)
    rows = {}
    for (store, week), here in receipts.groupby(["store_id", "week"]):
        buyers = set(purchases(here)["customer_id"])
        earlier = set(bought.loc[bought["week"] < week, "customer_id"])
        positive = here[here["amount"] > 0]
        rows[store, week] = {
            "revenue": here["amount"].sum(),
            "receipts": len(positive),
            "customers": len(buyers),
            "new_customers": len(buyers - earlier),
            "repeat_customers": len(buyers & earlier),
            "basket": here["amount"].sum() / len(positive) if len(positive) else None,
            "identified_share": (
                positive.loc[positive["customer_id"].notna(), "amount"].sum()
                / positive["amount"].sum()
                if len(positive)
                else None
            ),
        }
    return rows


def customers(receipts, as_of):
    """{customer: row} by the definition."""
    receipts = receipts[receipts["at"] < as_of + pd.Timedelta(days=1)]
    rows = {}
    for customer, bought in purchases(receipts).groupby("customer_id"):
        mine = receipts[receipts["customer_id"] == customer]
        days = sorted(set(bought["at"].dt.normalize()))
        rows[customer] = {
            "first_purchase": days[0],
            "last_purchase": days[-1],
            "purchase_days": len(days),
            "frequency": sum(1 for _pair in pairwise(days)),
            "recency_days": (as_of - days[-1]).days,
            "age_days": (as_of - days[0]).days,
            "monetary": bought["amount"].sum() / len(days),
            "revenue": mine["amount"].sum(),
            "returns": -mine.loc[mine["amount"] < 0, "amount"].sum(),
            "n_stores": bought["store_id"].nunique(),
            "last_store": bought.sort_values(["at", "store_id"]).iloc[-1]["store_id"],
        }
    return rows


def cohorts(receipts):
    """{(cohort, month): row} by the definition, every month to the end of the data."""
    month = receipts["at"].dt.to_period("M")
    receipts = receipts.assign(month=month)
    bought = purchases(receipts)
    cohort_of = bought.groupby("customer_id")["month"].min()
    rows = {}
    for cohort, members in cohort_of.groupby(cohort_of):
        mine = receipts[receipts["customer_id"].isin(members.index)]
        for each in pd.period_range(cohort, month.max(), freq="M"):
            here = mine[mine["month"] == each]
            rows[cohort.to_timestamp(), each.to_timestamp()] = {
                "n_customers": len(members),
                "n_active": purchases(here)["customer_id"].nunique(),
                "revenue": here["amount"].sum(),
            }
    return rows
