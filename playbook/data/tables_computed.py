"""Tables that are worked out from the receipts, and those that only the sample chain has."""

from __future__ import annotations

from playbook.data.column import N_
from playbook.data.table import Table

COMPUTED = (
    Table(
        name="customers",
        grain=N_("One customer with at least one purchase."),
        key=("customer_id",),
        columns=(
            "customer_id",
            "first_purchase",
            "last_purchase",
            "purchase_days",
            "frequency",
            "recency_days",
            "age_days",
            "monetary",
            "revenue",
            "returns",
            "n_stores",
            "last_store",
        ),
        origin="reduction",
    ),
    Table(
        name="store_weeks",
        grain=N_("One store in one week, from Monday to Sunday."),
        key=("store_id", "week"),
        columns=(
            "store_id",
            "week",
            "revenue",
            "receipts",
            "customers",
            "new_customers",
            "repeat_customers",
            "basket",
            "identified_share",
        ),
        nullable=("basket", "identified_share"),
        origin="reduction",
    ),
    Table(
        name="repeat_rates",
        grain=N_("One store at one anchor Monday, for one length of window."),
        key=("store_id", "week", "window_weeks"),
        columns=("store_id", "week", "window_weeks", "n_base", "n_repeat"),
        origin="reduction",
    ),
    Table(
        name="cohorts",
        grain=N_("Customers of one month of first purchase, in one month from then on."),
        key=("cohort", "month"),
        columns=("cohort", "month", "n_customers", "n_active", "revenue"),
        origin="reduction",
    ),
    Table(
        name="annual_retention",
        grain=N_("The whole company, the last two years of 52 weeks: a single row."),
        key=(),
        columns=(
            "base_from",
            "base_to",
            "return_from",
            "return_to",
            "n_base",
            "n_kept",
            "kept_share",
            "is_complete",
        ),
        nullable=("kept_share",),
        origin="reduction",
    ),
    Table(
        name="customer_months",
        grain=N_("One customer in one calendar month with a receipt."),
        key=("customer_id", "month"),
        columns=("customer_id", "month", "visits", "purchase_days", "revenue", "returns"),
        origin="reduction",
    ),
    Table(
        name="store_distances",
        grain=N_("One store and one of its neighbours, at most 20 within 25 km."),
        key=("store_id", "other_store"),
        columns=("store_id", "other_store", "km"),
        origin="reduction",
    ),
    Table(
        name="truth_customers",
        grain=N_("One customer of the sample chain, as planted."),
        key=("customer_id",),
        columns=("customer_id", "segment", "channel", "origin", "home_store"),
        origin="sample",
    ),
    Table(
        name="repeat_segments",
        grain=N_("One store and segment at one anchor Monday, for one length of window."),
        key=("store_id", "segment", "week", "window_weeks"),
        columns=("store_id", "segment", "week", "window_weeks", "n_base", "n_repeat"),
        origin="sample",
    ),
)
