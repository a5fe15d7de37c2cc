"""Receipts reduced to customers, store-weeks, cohorts and yearly retention, where the rows are.

Every function takes a table expression of receipts (see ``schema``) and returns an
expression: nothing is read before somebody asks for the rows. A visit is a receipt with
a positive sum; returns count in money only; receipts without a customer count in money
and receipts, never in customers. Distinct counts are exact: group twice, count once.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_STORES = 1_000_000
YEAR_DAYS = 364  # a year of 52 weeks: two years side by side have the same weekdays


def customers(receipts: ir.Table, *, as_of: dt.date, part: int = 0, parts: int = 1) -> ir.Table:
    """One row per customer with at least one purchase up to ``as_of``.

    Two purchases at the very same time in two stores: the greater store id is the last store.

    Args:
        receipts: Receipts.
        as_of: The last day that counts, included.
        part: Which part of the customers, from 0. Every customer is in one part; what is kept
            for each takes memory, so many customers are worked out part by part.
        parts: Number of parts.
    """
    import ibis

    until = receipts["at"] < ibis.timestamp((as_of + dt.timedelta(1)).isoformat())
    chosen = receipts.filter(receipts.customer_id.notnull() & until)
    if parts > 1:
        chosen = chosen.filter((chosen.customer_id.hash() % parts).abs() == part)
    known = numbered_stores(chosen, receipts)
    is_purchase, day = known.amount > 0, known["at"].date()
    found = known.group_by("customer_id").aggregate(
        first_purchase=day.min(where=is_purchase),
        last_purchase=day.max(where=is_purchase),
        purchase_days=day.nunique(where=is_purchase),
        spent=ibis.ifelse(is_purchase, known.amount, 0).sum(),
        returns=ibis.ifelse(known.amount < 0, -known.amount, 0).sum(),
        n_stores=known.store.nunique(where=is_purchase),
        last=latest(known, where=is_purchase),
    )
    buyers = found.filter(found.purchase_days > 0).mutate(store=store_of(found["last"]))
    return _with_ages(named_store(buyers, receipts), as_of)


def numbered_stores(rows: ir.Table, receipts: ir.Table) -> ir.Table:
    """Rows with ``store`` beside ``store_id``: its place in the order of all store ids.

    A number has a fixed size, so a group by customer that does not fit into memory can go on
    on the disk; a group that keeps a text cannot.
    """
    return rows.inner_join(_store_numbers(receipts), "store_id")


def _store_numbers(receipts: ir.Table) -> ir.Table:
    import ibis

    # the limit tells the optimiser that this side of a join is the small one
    stores = receipts.select("store_id").distinct().limit(MOST_STORES)
    return stores.mutate(store=ibis.row_number().over(order_by=stores.store_id))


def latest(rows: ir.Table, *, where: ir.BooleanValue | None = None) -> ir.IntegerScalar:
    """Time and store of the latest row in one number; ``store_of`` takes the store out.

    Two rows of the same millisecond: the greater store id counts.
    """
    import ibis

    start = ibis.timestamp("1970-01-01 00:00:00")
    moment = rows["at"].delta(start, unit="millisecond")
    return (moment * MOST_STORES + rows.store).max(where=where)


def store_of(last: ir.IntegerValue) -> ir.IntegerValue:
    """The number of the store in a number made by ``latest``."""
    return last % MOST_STORES


def named_store(rows: ir.Table, receipts: ir.Table) -> ir.Table:
    """Rows with ``store_id`` instead of ``store``, the number of the store."""
    return rows.inner_join(_store_numbers(receipts), "store").drop("store")


def _with_ages(found: ir.Table, as_of: dt.date) -> ir.Table:
    import ibis

    end = ibis.date(as_of.isoformat())
    return found.select(
        "customer_id",
        "first_purchase",
        "last_purchase",
        "purchase_days",
        frequency=found.purchase_days - 1,
        recency_days=end.delta(found.last_purchase, unit="day"),
        age_days=end.delta(found.first_purchase, unit="day"),
        monetary=found.spent.cast("float64") / found.purchase_days,
        revenue=found.spent - found.returns,
        returns=found.returns,
        n_stores=found.n_stores,
        last_store=found.store_id,
    )


def store_weeks(receipts: ir.Table) -> ir.Table:
    """One row per store and week with a receipt: money, purchases, customers new and known.

    A week belongs to Monday; ``revenue`` is ``receipts`` times ``basket``.
    """
    import ibis

    week = receipts["at"].date().truncate("W")
    is_purchase = receipts.amount > 0
    people = receipts.group_by(
        store_id=receipts.store_id, week=week, customer_id=receipts.customer_id
    ).aggregate(
        revenue=receipts.amount.sum(),
        spent=ibis.ifelse(is_purchase, receipts.amount, 0).sum(),
        receipts=ibis.ifelse(is_purchase, 1, 0).sum(),
    )
    is_buyer = people.customer_id.notnull() & (people.receipts > 0)
    people = people.mutate(buyer=ibis.ifelse(is_buyer, people.customer_id, ibis.null("string")))
    buyers = people.filter(people.buyer.notnull())
    first = buyers.group_by(buyer=buyers.buyer).aggregate(first_week=buyers.week.min())
    known = people.left_join(first, "buyer").drop("buyer_right")
    return _per_store_week(known)


def _per_store_week(people: ir.Table) -> ir.Table:
    """Sum up rows of store, week and customer."""
    import ibis

    identified = ibis.ifelse(people.customer_id.notnull(), people.spent, 0)
    found = people.group_by(["store_id", "week"]).aggregate(
        revenue=people.revenue.sum(),
        receipts=people.receipts.sum(),
        customers=people.buyer.count(),
        new_customers=ibis.ifelse(people.week == people.first_week, 1, 0).sum(),
        spent=people.spent.sum(),
        identified=identified.sum(),
    )
    return found.select(
        "store_id",
        "week",
        "revenue",
        "receipts",
        "customers",
        "new_customers",
        repeat_customers=found.customers - found.new_customers,
        basket=found.revenue.cast("float64") / found.receipts.nullif(0),
        identified_share=found.identified.cast("float64") / found.spent.nullif(0).cast("float64"),
    )


def cohorts(receipts: ir.Table) -> ir.Table:
    """One row per month of first purchase and month from then on, months without a visit too.

    Money of a customer before the first purchase (a return) is left out.
    """
    import ibis

    known = receipts.filter(receipts.customer_id.notnull())
    months = known.group_by(
        customer_id=known.customer_id, month=_month_number(known["at"])
    ).aggregate(revenue=known.amount.sum(), receipts=ibis.ifelse(known.amount > 0, 1, 0).sum())
    active = months.filter(months.receipts > 0)
    first = active.group_by("customer_id").aggregate(cohort=active.month.min())
    joined = months.inner_join(first, "customer_id")
    joined = joined.filter(joined.month >= joined.cohort)
    found = joined.group_by(["cohort", "month"]).aggregate(
        n_active=ibis.ifelse(joined.receipts > 0, 1, 0).sum(), revenue=joined.revenue.sum()
    )
    sizes = first.group_by("cohort").aggregate(n_customers=first.count())
    return _every_month(found, sizes, receipts)


def _month_number(at: ir.TimestampValue) -> ir.IntegerValue:
    return at.year().cast("int64") * 12 + at.month().cast("int64") - 1


def _month(number: ir.IntegerValue) -> ir.DateValue:
    import ibis

    return ibis.date(number // 12, number % 12 + 1, 1)


def _every_month(found: ir.Table, sizes: ir.Table, receipts: ir.Table) -> ir.Table:
    """Fill in the months in which nobody of a cohort was there."""
    import ibis

    last = receipts.aggregate(last=_month_number(receipts["at"].max())).as_scalar()
    months = ibis.range(sizes.cohort, last + 1).unnest()
    grid = sizes.select("cohort", "n_customers", month=months)
    filled = grid.left_join(found, ["cohort", "month"])
    return filled.select(
        cohort=_month(filled.cohort),
        month=_month(filled.month),
        n_customers=filled.n_customers,
        n_active=filled.n_active.coalesce(0),
        revenue=filled.revenue.coalesce(0),
    )


def annual_retention(receipts: ir.Table, *, as_of: dt.date) -> ir.Table:
    """A single row: of the customers of year t, how many bought in year t+1.

    Year t+1 is the 52 weeks up to ``as_of``, year t the 52 weeks before; the days are in
    the row. Where the data do not cover both years, ``is_complete`` is false and the share
    is null: a base that is cut short keeps more of its customers than a whole one.

    Args:
        receipts: Receipts.
        as_of: Last day of year t+1, usually the end of the data.
    """
    import ibis

    base, back = _year_ending(as_of - dt.timedelta(YEAR_DAYS)), _year_ending(as_of)
    day = receipts["at"].date()
    bought = receipts.filter(receipts.customer_id.notnull() & (receipts.amount > 0))
    days = bought["at"].date()
    each = bought.group_by("customer_id").aggregate(
        in_base=ibis.ifelse(days.between(*base), 1, 0).max(),
        in_back=ibis.ifelse(days.between(*back), 1, 0).max(),
    )
    counts = each.aggregate(
        n_base=each.in_base.sum().coalesce(0),
        n_kept=ibis.ifelse((each.in_base == 1) & (each.in_back == 1), 1, 0).sum().coalesce(0),
    )
    first, last = (receipts.aggregate(x=x).as_scalar() for x in (day.min(), day.max()))
    is_complete = ((first <= base[0]) & (last >= back[1])).coalesce(ibis.literal(value=False))
    share = counts.n_kept.cast("float64") / counts.n_base.nullif(0)
    return counts.select(
        base_from=base[0],
        base_to=base[1],
        return_from=back[0],
        return_to=back[1],
        n_base=counts.n_base,
        n_kept=counts.n_kept,
        kept_share=ibis.ifelse(is_complete, share, ibis.null("float64")),
        is_complete=is_complete,
    )


def _year_ending(last: dt.date) -> tuple[ir.DateScalar, ir.DateScalar]:
    import ibis

    first = last - dt.timedelta(YEAR_DAYS - 1)
    return ibis.date(first.isoformat()), ibis.date(last.isoformat())
