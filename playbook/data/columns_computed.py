"""Columns of the tables that are worked out from receipts, and of the sample chain's truth."""

from __future__ import annotations

from playbook.data.column import MONEY, N_, column

_DAYS = N_("days")
_WEEKS = N_("weeks")

COMPUTED = (
    # customers
    column(
        "first_purchase",
        "date",
        N_("Day of the customer's first purchase in the data."),
        example="2024-01-12",
    ),
    column(
        "last_purchase", "date", N_("Day of the customer's last purchase."), example="2026-04-18"
    ),
    column(
        "purchase_days",
        "count",
        N_("Days on which the customer bought; two receipts on one day are one."),
        _DAYS,
        example="14",
    ),
    column("frequency", "count", N_("Purchase days after the first one."), _DAYS, example="13"),
    column(
        "recency_days",
        "count",
        N_("Days from the last purchase to the end of the data."),
        _DAYS,
        example="9",
    ),
    column(
        "age_days",
        "count",
        N_("Days from the first purchase to the end of the data."),
        _DAYS,
        example="820",
    ),
    column(
        "monetary",
        "money",
        N_("Money of purchases per purchase day, returns not taken off."),
        MONEY,
        example="1340.50",
    ),
    column("revenue", "money", N_("Sum of receipts less returns."), MONEY, example="18767.00"),
    column(
        "returns",
        "money",
        N_("Money given back for returns, a positive sum."),
        MONEY,
        low=0.0,
        example="590.00",
    ),
    column("n_stores", "count", N_("Stores in which the customer bought."), example="2"),
    column("last_store", "text", N_("The store of the last purchase."), example="s071"),
    # store_weeks
    column(
        "week",
        "date",
        N_("Monday of the week; of a repeat rate, its anchor Monday."),
        example="2026-01-19",
    ),
    column("receipts", "count", N_("Purchases: receipts with a positive sum."), example="3770"),
    column("customers", "count", N_("Different customers who bought."), example="1933"),
    column(
        "new_customers",
        "count",
        N_("Those of the customers who bought in no store in any earlier week of the data."),
        example="120",
    ),
    column(
        "repeat_customers",
        "count",
        N_("Those of the customers who bought in some store in an earlier week."),
        example="1813",
    ),
    column(
        "basket",
        "money",
        N_("Revenue per purchase; missing in a week with returns only."),
        MONEY,
        example="766.33",
    ),
    column(
        "identified_share",
        "share",
        N_("Share of the money of purchases that came with a customer's card."),
        example="0.71",
    ),
    # repeat_rates
    column(
        "window_weeks",
        "count",
        N_("Length k of the window before the anchor and of the window after it."),
        _WEEKS,
        example="12",
    ),
    column(
        "n_base",
        "count",
        N_("Customers with a purchase in the window before; in a store, their last one."),
        example="4891",
    ),
    column(
        "n_repeat",
        "count",
        N_("Those of the base with a purchase in the window after, anywhere."),
        example="3346",
    ),
    column(
        "segment", "text", N_("The customer's segment; “none” when none was given."), example="core"
    ),
    # cohorts
    column("cohort", "date", N_("First day of the month of first purchase."), example="2024-01-01"),
    column(
        "month",
        "date",
        N_("First day of the month; the last month may be unfinished."),
        example="2024-02-01",
    ),
    column("n_customers", "count", N_("Customers of the cohort."), example="570131"),
    column(
        "n_active",
        "count",
        N_("Customers of the cohort who bought in the month."),
        example="380348",
    ),
    # customer_months
    column("visits", "count", N_("Receipts with a positive sum."), example="3"),
    # store_distances
    column("other_store", "text", N_("The neighbour."), example="s072"),
    column(
        "km",
        "number",
        N_("How far the neighbour is, as the crow flies."),
        N_("km"),
        low=0.0,
        example="3.4",
    ),
    # annual_retention
    column(
        "base_from", "date", N_("First day of year t, a year of 52 weeks."), example="2024-04-22"
    ),
    column("base_to", "date", N_("Last day of year t."), example="2025-04-20"),
    column(
        "return_from",
        "date",
        N_("First day of year t+1, a year of 52 weeks."),
        example="2025-04-21",
    ),
    column(
        "return_to", "date", N_("Last day of year t+1, the end of the data."), example="2026-04-19"
    ),
    column("n_kept", "count", N_("Customers of year t who bought in year t+1."), example="812000"),
    column(
        "kept_share",
        "share",
        N_("Share of the customers of year t who bought in t+1, when the data cover both."),
        example="0.62",
    ),
    column(
        "is_complete",
        "yes_no",
        N_("Whether the data cover both years from end to end."),
        example="yes",
    ),
    # sample
    column(
        "origin",
        "text",
        N_("Where the customer came from: first time or won back."),
        example="new_land",
    ),
    column("pair", "text", N_("The matched pair of two stores that are alike."), example="P01"),
)
