"""The reductions in pandas, as somebody who knows it would write them, for comparison.

Money is summed in float64; the rows are the same, money to the kopeck.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

EPOCH = pd.Timestamp("1970-01-05")
WINDOWS = (12, 4)


def read(path: Path) -> pd.DataFrame:
    """The receipts: only the columns that are needed, money as float64."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=["customer_id", "at", "store_id", "amount"])
    table = table.set_column(3, "amount", table["amount"].cast(pa.float64()))
    table = table.set_column(2, "store_id", table["store_id"].dictionary_encode())
    frame = table.to_pandas(self_destruct=True)
    frame["day"] = frame["at"].dt.normalize()
    frame["week"] = (frame["day"] - EPOCH).dt.days // 7
    return frame


def customers(receipts: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """One row per customer."""
    end = pd.Timestamp(as_of)
    known = receipts[receipts["customer_id"].notna() & (receipts["day"] <= end)]
    bought = known[known["amount"] > 0]
    back = known[known["amount"] < 0]
    days = bought.drop_duplicates(["customer_id", "day"]).groupby("customer_id")["day"]
    found = days.agg(["min", "max", "size"])
    found.columns = ["first_purchase", "last_purchase", "purchase_days"]
    spent = bought.groupby("customer_id")["amount"].sum()
    returns = (-back.groupby("customer_id")["amount"].sum()).reindex(found.index, fill_value=0.0)
    places = bought.drop_duplicates(["customer_id", "store_id"])
    in_time = bought.sort_values(["at", "store_id"])
    last = in_time.drop_duplicates("customer_id", keep="last").set_index("customer_id")
    found["frequency"] = found["purchase_days"] - 1
    found["recency_days"] = (end - found["last_purchase"]).dt.days
    found["age_days"] = (end - found["first_purchase"]).dt.days
    found["monetary"] = spent / found["purchase_days"]
    found["revenue"] = spent - returns
    found["returns"] = returns
    found["n_stores"] = places.groupby("customer_id").size()
    found["last_store"] = last["store_id"].astype("str")
    return found.reset_index().sort_values("customer_id")


def store_weeks(receipts: pd.DataFrame, _as_of: dt.date) -> pd.DataFrame:
    """One row per store and week."""
    keys = ["store_id", "week"]
    is_bought = receipts["amount"] > 0
    spent = receipts["amount"].where(is_bought, 0.0)
    sums = receipts[keys].assign(
        revenue=receipts["amount"],
        receipts=is_bought,
        spent=spent,
        identified=spent.where(receipts["customer_id"].notna(), 0.0),
    )
    found = sums.groupby(keys, observed=True).sum()
    bought = receipts.loc[is_bought & receipts["customer_id"].notna(), ["customer_id", *keys]]
    people = bought.drop_duplicates()
    first = people.groupby("customer_id")["week"].transform("min")
    people = people.assign(new=people["week"] == first)
    counts = people.groupby(keys, observed=True)["new"].agg(["size", "sum"])
    counts = counts.reindex(found.index, fill_value=0)
    found["customers"] = counts["size"]
    found["new_customers"] = counts["sum"]
    found["repeat_customers"] = counts["size"] - counts["sum"]
    found["basket"] = found["revenue"] / found["receipts"]
    found["identified_share"] = found["identified"] / found["spent"]
    found = found.drop(columns=["spent", "identified"]).reset_index()
    return _dated(found).sort_values(["store_id", "week"])


def cohorts(receipts: pd.DataFrame, _as_of: dt.date) -> pd.DataFrame:
    """One row per month of first purchase and month from then on."""
    known = receipts[receipts["customer_id"].notna()]
    month = known["at"].dt.year * 12 + known["at"].dt.month - 1
    rows = pd.DataFrame(
        {
            "customer_id": known["customer_id"],
            "month": month,
            "amount": known["amount"],
            "bought": known["amount"] > 0,
        }
    )
    each = rows.groupby(["customer_id", "month"], as_index=False, sort=False).sum()
    active = each[each["bought"] > 0]
    cohort = active.groupby("customer_id")["month"].min().rename("cohort")
    each = each.merge(cohort, on="customer_id")
    each = each[each["month"] >= each["cohort"]]
    found = each.assign(n_active=each["bought"] > 0).groupby(["cohort", "month"])
    found = found.agg(n_active=("n_active", "sum"), revenue=("amount", "sum"))
    sizes = cohort.value_counts()
    at_last = receipts["at"].max()
    last = at_last.year * 12 + at_last.month - 1
    grid = [(c, m) for c in sorted(sizes.index) for m in range(c, last + 1)]
    found = found.reindex(pd.MultiIndex.from_tuples(grid, names=["cohort", "month"]), fill_value=0)
    found = found.reset_index()
    found.insert(2, "n_customers", found["cohort"].map(sizes))
    for column in ("cohort", "month"):
        parts = {"year": found[column] // 12, "month": found[column] % 12 + 1, "day": 1}
        found[column] = pd.to_datetime(pd.DataFrame(parts))
    return found


def repeat_rates(receipts: pd.DataFrame, _as_of: dt.date) -> pd.DataFrame:
    """One row per store, anchor Monday and length of window."""
    bought = receipts[receipts["customer_id"].notna() & (receipts["amount"] > 0)]
    in_time = bought.sort_values(["at", "store_id"])[["customer_id", "store_id", "week"]]
    lasts = in_time.drop_duplicates(["customer_id", "week"], keep="last")
    lasts = lasts.sort_values(["customer_id", "week"])
    following = lasts.groupby("customer_id", sort=False)["week"].shift(-1)
    gap = (following - lasts["week"]).fillna(2 * max(WINDOWS)).astype("int64")
    p, store = lasts["week"].to_numpy(), lasts["store_id"].cat.codes.to_numpy()
    names = lasts["store_id"].cat.categories
    first, last = receipts["day"].min(), receipts["day"].max()
    low = -(-(first - EPOCH).days // 7)
    high = ((last - EPOCH).days + 1) // 7
    parts = [_rates(p, gap.to_numpy(), store, names, k, low, high) for k in WINDOWS]
    return _dated(pd.concat(parts)).sort_values(["window_weeks", "store_id", "week"])


def _rates(
    p: np.ndarray,
    gap: np.ndarray,
    store: np.ndarray,
    names: pd.Index,
    k: int,
    low: int,
    high: int,
) -> pd.DataFrame:
    start = p.min()
    width = p.max() - start + 2 * k + 3
    shape = (len(names), width)

    def at(weeks: np.ndarray) -> np.ndarray:
        places = store * width + (weeks - start)
        return np.bincount(places, minlength=shape[0] * width).reshape(shape)

    short = np.minimum(gap, 2 * k)
    ends = at(p + np.minimum(short, k) + 1)
    base = (at(p + 1) - ends).cumsum(axis=1)
    again = (at(p + np.maximum(short - k, 0) + 1) - ends).cumsum(axis=1)
    places, weeks = np.nonzero(base)
    found = pd.DataFrame(
        {
            "store_id": names.to_numpy()[places],
            "week": weeks + start,
            "window_weeks": k,
            "n_base": base[places, weeks],
            "n_repeat": again[places, weeks],
        }
    )
    return found[found["week"].between(low + k, high - k)]


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    week = EPOCH + pd.to_timedelta(frame["week"] * 7, unit="D")
    return frame.assign(week=week, store_id=frame["store_id"].astype("str"))
