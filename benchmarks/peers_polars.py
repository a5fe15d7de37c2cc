"""The reductions in polars (streaming engine), as somebody who knows it would write them.

Rows need not fit into memory; money is summed as decimal.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

EPOCH = dt.date(1970, 1, 5)
WINDOWS = (12, 4)
IS_BOUGHT = pl.col("amount") > 0
IS_KNOWN = pl.col("customer_id").is_not_null()


MOST_STORES = 1_000_000


def read(path: Path) -> pl.LazyFrame:
    """The receipts; a number of ``when`` is the greater the later, then the greater the store."""
    receipts = pl.scan_parquet(path).select("customer_id", "at", "store_id", "amount")
    rows = receipts.join(_stores(receipts), on="store_id")
    when = pl.col("at").dt.epoch("ms") * MOST_STORES + pl.col("store")
    return rows.with_columns(day=pl.col("at").dt.date(), when=when)


def _stores(receipts: pl.LazyFrame) -> pl.LazyFrame:
    stores = receipts.select("store_id").unique().sort("store_id")
    return stores.with_row_index("store").with_columns(pl.col("store").cast(pl.Int64))


def _week(day: pl.Expr) -> pl.Expr:
    return (day - EPOCH).dt.total_days() // 7


def customers(receipts: pl.LazyFrame, as_of: dt.date) -> pl.LazyFrame:
    """One row per customer."""
    known = receipts.filter(IS_KNOWN & (pl.col("day") <= as_of))
    bought = known.filter(IS_BOUGHT)
    by_day = bought.group_by("customer_id", "day").agg(pl.col("amount").sum())
    found = by_day.group_by("customer_id").agg(
        first_purchase=pl.col("day").min(),
        last_purchase=pl.col("day").max(),
        purchase_days=pl.len().cast(pl.Int64),
        spent=pl.col("amount").sum(),
    )
    by_store = bought.group_by("customer_id", "store").agg(last=pl.col("when").max())
    places = by_store.group_by("customer_id").agg(
        n_stores=pl.len().cast(pl.Int64), store=pl.col("last").max() % MOST_STORES
    )
    places = places.join(_stores(receipts), on="store")
    back = known.filter(pl.col("amount") < 0).group_by("customer_id")
    returned = back.agg(returns=-pl.col("amount").sum())
    joined = found.join(places, on="customer_id").join(returned, on="customer_id", how="left")
    joined = joined.with_columns(returns=pl.col("returns").fill_null(0))
    spent = pl.col("spent").cast(pl.Float64)
    return joined.select(
        "customer_id",
        "first_purchase",
        "last_purchase",
        "purchase_days",
        frequency=pl.col("purchase_days") - 1,
        recency_days=(as_of - pl.col("last_purchase")).dt.total_days(),
        age_days=(as_of - pl.col("first_purchase")).dt.total_days(),
        monetary=spent / pl.col("purchase_days"),
        revenue=pl.col("spent") - pl.col("returns"),
        returns=pl.col("returns"),
        n_stores=pl.col("n_stores"),
        last_store=pl.col("store_id"),
    ).sort("customer_id")


def store_weeks(receipts: pl.LazyFrame, _as_of: dt.date) -> pl.LazyFrame:
    """One row per store and week."""
    keys = ["store_id", "week"]
    rows = receipts.with_columns(week=_week(pl.col("day")))
    sums = rows.group_by(keys).agg(
        revenue=pl.col("amount").sum(),
        receipts=IS_BOUGHT.sum().cast(pl.Int64),
        spent=pl.col("amount").filter(IS_BOUGHT).sum(),
        identified=pl.col("amount").filter(IS_BOUGHT & IS_KNOWN).sum(),
    )
    people = rows.filter(IS_KNOWN & IS_BOUGHT).select("customer_id", *keys).unique()
    first = people.group_by("customer_id").agg(first=pl.col("week").min())
    counts = people.join(first, on="customer_id").group_by(keys)
    counts = counts.agg(
        customers=pl.len().cast(pl.Int64),
        new_customers=(pl.col("week") == pl.col("first")).sum().cast(pl.Int64),
    )
    found = sums.join(counts, on=keys, how="left").with_columns(
        pl.col("customers", "new_customers").fill_null(0)
    )
    found = found.select(
        "store_id",
        _monday(pl.col("week")).alias("week"),
        "revenue",
        "receipts",
        "customers",
        "new_customers",
        repeat_customers=pl.col("customers") - pl.col("new_customers"),
        basket=pl.col("revenue").cast(pl.Float64) / pl.col("receipts"),
        identified_share=pl.col("identified").cast(pl.Float64) / pl.col("spent").cast(pl.Float64),
    )
    return found.sort(keys)


def cohorts(receipts: pl.LazyFrame, _as_of: dt.date) -> pl.LazyFrame:
    """One row per month of first purchase and month from then on."""
    month = pl.col("day").dt.year().cast(pl.Int64) * 12 + pl.col("day").dt.month() - 1
    each = receipts.filter(IS_KNOWN).group_by("customer_id", month=month)
    each = each.agg(revenue=pl.col("amount").sum(), bought=IS_BOUGHT.any())
    cohort = each.filter("bought").group_by("customer_id").agg(cohort=pl.col("month").min())
    joined = each.join(cohort, on="customer_id").filter(pl.col("month") >= pl.col("cohort"))
    found = joined.group_by("cohort", "month").agg(
        n_active=pl.col("bought").sum().cast(pl.Int64), revenue=pl.col("revenue").sum()
    )
    sizes = cohort.group_by("cohort").agg(n_customers=pl.len().cast(pl.Int64))
    last = receipts.select(last=month.max())
    grid = sizes.join(last, how="cross")
    grid = grid.with_columns(month=pl.int_ranges("cohort", pl.col("last") + 1)).explode("month")
    filled = grid.join(found, on=["cohort", "month"], how="left")
    return filled.select(
        cohort=pl.date(pl.col("cohort") // 12, pl.col("cohort") % 12 + 1, 1),
        month=pl.date(pl.col("month") // 12, pl.col("month") % 12 + 1, 1),
        n_customers=pl.col("n_customers"),
        n_active=pl.col("n_active").fill_null(0),
        revenue=pl.col("revenue").fill_null(0),
    ).sort("cohort", "month")


def repeat_rates(receipts: pl.LazyFrame, _as_of: dt.date) -> pl.LazyFrame:
    """One row per store, anchor Monday and length of window."""
    bought = receipts.filter(IS_KNOWN & IS_BOUGHT)
    weeks = bought.group_by("customer_id", p=_week(pl.col("day"))).agg(pl.col("when").max())
    each = weeks.sort("customer_id", "p").select(
        "p",
        store=pl.col("when") % MOST_STORES,
        gap=pl.when(pl.col("customer_id") == pl.col("customer_id").shift(-1)).then(
            pl.col("p").shift(-1) - pl.col("p")
        ),
    )
    longest = 2 * max(WINDOWS)
    gap = pl.col("gap").fill_null(longest).clip(upper_bound=longest)
    gaps = each.group_by("store", "p", gap=gap).agg(n=pl.len().cast(pl.Int64))
    gaps = gaps.join(_stores(receipts), on="store").drop("store")
    ends = receipts.select(first=pl.col("day").min(), last=pl.col("day").max())
    found = pl.concat([_rates(gaps, ends, k) for k in WINDOWS])
    return found.sort("window_weeks", "store_id", "week")


def _rates(gaps: pl.LazyFrame, ends: pl.LazyFrame, k: int) -> pl.LazyFrame:
    gap, n = pl.col("gap").clip(upper_bound=2 * k), pl.col("n")
    nothing = pl.lit(0, dtype=pl.Int64)
    end = pl.col("p") + gap.clip(upper_bound=k) + 1
    again = pl.col("p") + (gap - k).clip(lower_bound=0) + 1
    steps = pl.concat(
        [
            gaps.select("store_id", w=pl.col("p") + 1, base=n, back=nothing),
            gaps.select("store_id", w=again, base=nothing, back=n),
            gaps.select("store_id", w=end, base=-n, back=-n),
        ]
    )
    steps = steps.group_by("store_id", "w").agg(pl.col("base").sum(), pl.col("back").sum())
    weeks = steps.select(w=pl.int_ranges(pl.col("w").min(), pl.col("w").max() + 1)).explode("w")
    grid = steps.select("store_id").unique().join(weeks, how="cross")
    dense = grid.join(steps, on=["store_id", "w"], how="left").sort("store_id", "w")
    counted = dense.with_columns(
        n_base=pl.col("base").fill_null(0).cum_sum().over("store_id", order_by="w"),
        n_repeat=pl.col("back").fill_null(0).cum_sum().over("store_id", order_by="w"),
    )
    low = -(-(pl.col("first") - EPOCH).dt.total_days() // 7) + k
    high = ((pl.col("last") - EPOCH).dt.total_days() + 1) // 7 - k
    seen = counted.join(ends, how="cross").filter(pl.col("w").is_between(low, high))
    return seen.filter(pl.col("n_base") > 0).select(
        "store_id",
        _monday(pl.col("w")).alias("week"),
        window_weeks=pl.lit(k, dtype=pl.Int64),
        n_base=pl.col("n_base"),
        n_repeat=pl.col("n_repeat"),
    )


def _monday(week: pl.Expr) -> pl.Expr:
    return pl.lit(EPOCH) + pl.duration(days=week * 7)
