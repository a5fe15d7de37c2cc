"""Receipts of known customers, each beside the customer's first purchase and the next one.

Whatever is asked about customers (days, weeks and months with a purchase, gaps between them,
months of first purchase, who came back) can be counted from these rows without bringing a
customer's receipts together again: of the purchases of one day, week or month only the last
one has its next purchase outside of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

EPOCH = "1970-01-05"  # a Monday; weeks are counted from it
MONEY = "decimal(18, 2)"
COLUMNS = ("customer_id", "store_id", "at", "amount")


def visits(receipts: ir.Table) -> ir.Table:
    """One row per receipt of a customer.

    Of purchases at the very same time the one with the smaller store id comes first.

    Args:
        receipts: Receipts, or ``days`` of them.

    Returns:
        ``customer_id``, ``store_id``, ``day``, ``amount``, ``n_receipts`` (how many receipts
        the row stands for), and of purchases ``first_day``, the day of the customer's first
        purchase, and ``next_day``, the day of the next one, if any.
    """
    import ibis

    known = receipts.filter(receipts.customer_id.notnull())
    bought = known.amount > 0
    n_receipts = known.n_receipts if "n_receipts" in known.columns else ibis.literal(1, "int32")
    rows = known.select(*COLUMNS, day=known["at"].date(), n_receipts=n_receipts, bought=bought)
    in_time = ibis.window(group_by=["customer_id", "bought"], order_by=["at", "store_id"])
    seen = rows.mutate(
        first_day=rows.day.first().over(in_time), next_day=rows.day.lead().over(in_time)
    )
    never = ibis.null("date")
    return seen.select(
        "customer_id",
        "store_id",
        "day",
        "amount",
        "n_receipts",
        first_day=ibis.ifelse(seen.bought, seen.first_day, never),
        next_day=ibis.ifelse(seen.bought, seen.next_day, never),
    )


def days(receipts: ir.Table) -> ir.Table:
    """The receipts of a customer, store and day as one of purchases and one of the rest.

    Their visits say the same as those of the receipts; where one customer has a great many
    receipts (the card that lies beside the till), there are far fewer of them.
    """
    known = receipts.filter(receipts.customer_id.notnull())
    found = known.group_by(
        customer_id=known.customer_id,
        store_id=known.store_id,
        day=known["at"].date(),
        bought=known.amount > 0,
    ).aggregate(at=known["at"].max(), amount=known.amount.sum(), n_receipts=known.count())
    return found.select(
        "customer_id",
        "store_id",
        "at",
        amount=found.amount.cast(MONEY),
        n_receipts=found.n_receipts.cast("int32"),
    )


def purchases(seen: ir.Table) -> ir.Table:
    """The visits that are purchases."""
    return seen.filter(seen.amount > 0)


def is_last_of(
    part: ir.IntegerValue | ir.DateValue, following: ir.IntegerValue | ir.DateValue
) -> ir.BooleanValue:
    """Whether a purchase is the customer's last one of its day, week or month.

    Args:
        part: The day, week or month of the purchase.
        following: The same of the next purchase.
    """
    return following.isnull() | (following != part)


def week_number(day: ir.DateValue) -> ir.IntegerValue:
    """Weeks from the Monday that weeks are counted from."""
    return (days_from_epoch(day) // 7).cast("int64")


def days_from_epoch(day: ir.DateValue) -> ir.IntegerValue:
    """Days from the Monday that weeks are counted from."""
    import ibis

    return day.delta(ibis.date(EPOCH), unit="day")


def monday(week: ir.IntegerValue) -> ir.DateValue:
    """The Monday of a week by its number."""
    import ibis

    return ibis.date(EPOCH) + (week * 7).as_interval("D")


def month_number(day: ir.DateValue) -> ir.IntegerValue:
    """Months from the year 0."""
    return day.year().cast("int64") * 12 + day.month().cast("int64") - 1


def first_of_month(month: ir.IntegerValue) -> ir.DateValue:
    """The first day of a month by its number."""
    import ibis

    return ibis.date(month // 12, month % 12 + 1, 1)


def span(receipts: ir.Table) -> ir.Table:
    """A single row: the first and the last day with a receipt."""
    return receipts.aggregate(
        first_day=receipts["at"].min().date(), last_day=receipts["at"].max().date()
    )
