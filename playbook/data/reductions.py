"""Receipts reduced to customers, store-weeks, cohorts and yearly retention, where the rows are.

Every function of receipts takes a table expression (see ``schema``) and returns an
expression: nothing is read before somebody asks for the rows. A visit is a receipt with
a positive sum; returns count in money only; receipts without a customer count in money
and receipts, never in customers. Distinct counts are exact.

Each reduction is a pair: what is counted from the visits of some customers, and what the counts
of all customers come to. On a warehouse one follows the other at once; here (see ``recipes``)
the first is done for some customers after the others.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from playbook.data.visits import (
    first_of_month,
    is_last_of,
    monday,
    month_number,
    purchases,
    span,
    visits,
    week_number,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

YEAR_DAYS = 364  # a year of 52 weeks: two years side by side have the same weekdays


def customers(receipts: ir.Table, *, as_of: dt.date) -> ir.Table:
    """One row per customer with at least one purchase up to ``as_of``.

    Two purchases at the very same time in two stores: the greater store id is the last store.

    Args:
        receipts: Receipts.
        as_of: The last day that counts, included.
    """
    return customers_of(visits(receipts), as_of=as_of)


def customers_of(seen: ir.Table, *, as_of: dt.date) -> ir.Table:
    """The customers of ``seen`` visits, one row each."""
    import ibis

    end = ibis.date(as_of.isoformat())
    known = seen.filter(seen.day <= end)
    bought = known.amount > 0
    is_last = known.next_day.isnull() | (known.next_day > end)
    found = known.group_by("customer_id").aggregate(
        first_purchase=known.first_day.min(where=bought),
        last_purchase=known.day.max(where=bought),
        purchase_days=ibis.ifelse(bought & is_last_of(known.day, known.next_day), 1, 0).sum(),
        spent=ibis.ifelse(bought, known.amount, 0).sum(),
        returns=ibis.ifelse(known.amount < 0, -known.amount, 0).sum(),
        n_stores=known.store_id.nunique(where=bought),
        last_store=known.store_id.max(where=bought & is_last),
    )
    return _with_ages(found.filter(found.purchase_days > 0), as_of)


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
        last_store=found.last_store,
    )


def store_weeks(receipts: ir.Table) -> ir.Table:
    """One row per store and week with a receipt: money, purchases, customers new and known.

    A week belongs to Monday; ``revenue`` is ``receipts`` times ``basket``. Where receipts have
    ``units``, their sum is there too.
    """
    return store_weeks_with(buyers_of(visits(receipts)), receipts)


def buyers_of(seen: ir.Table) -> ir.Table:
    """Buyers of each store and week: ``store_id``, ``w``, ``customers``, ``new_customers``.

    A new customer of a week has bought in no week before.
    """
    import ibis

    bought = purchases(seen)
    w = week_number(bought.day)
    is_new = ibis.ifelse(week_number(bought.first_day) == w, 1, 0)
    people = bought.select("store_id", "customer_id", w=w, is_new=is_new).distinct()
    return people.group_by(["store_id", "w"]).aggregate(
        customers=people.count(), new_customers=people.is_new.sum()
    )


def store_weeks_with(buyers: ir.Table, receipts: ir.Table) -> ir.Table:
    """Store-weeks from their buyers, counted for some customers after the others, and receipts."""
    people = buyers.group_by(["store_id", "w"]).aggregate(
        customers=buyers.customers.sum(), new_customers=buyers.new_customers.sum()
    )
    sums = _sums_of_weeks(receipts)
    found = sums.left_join(people, ["store_id", "w"])
    customers, new = found.customers.coalesce(0), found.new_customers.coalesce(0)
    return found.select(
        "store_id",
        "revenue",
        "receipts",
        week=monday(found.w),
        customers=customers,
        new_customers=new,
        repeat_customers=customers - new,
        basket=found.revenue.cast("float64") / found.receipts.nullif(0),
        identified_share=found.identified.cast("float64") / found.spent.nullif(0).cast("float64"),
        **({"units": found.units} if "units" in sums.columns else {}),
    ).relocate("week", after="store_id")


def _sums_of_weeks(receipts: ir.Table) -> ir.Table:
    """Money and receipts of each store and week, of all customers and of none."""
    import ibis

    bought = receipts.amount > 0
    is_known = bought & receipts.customer_id.notnull()
    sums = {
        "revenue": receipts.amount.sum(),
        "receipts": ibis.ifelse(bought, 1, 0).sum(),
        "spent": ibis.ifelse(bought, receipts.amount, 0).sum(),
        "identified": ibis.ifelse(is_known, receipts.amount, 0).sum(),
    }
    if "units" in receipts.columns:
        sums["units"] = receipts.units.sum().cast("float64")
    return receipts.group_by(
        store_id=receipts.store_id, w=week_number(receipts["at"].date())
    ).aggregate(**sums)


def cohorts(receipts: ir.Table) -> ir.Table:
    """One row per month of first purchase and month from then on, months without a visit too.

    Money of a customer before the first purchase (a return) is left out.
    """
    return cohorts_with(cohort_months_of(visits(receipts)), receipts)


def cohort_months_of(seen: ir.Table) -> ir.Table:
    """Customers and money of each month of first purchase and month, as numbers of months."""
    import ibis

    bought = purchases(seen)
    month = month_number(bought.day)
    is_last = is_last_of(month, month_number(bought.next_day))
    spent = bought.select(
        cohort=month_number(bought.first_day),
        month=month,
        active=ibis.ifelse(is_last, 1, 0),
        amount=bought.amount,
    )
    back = seen.filter(seen.amount < 0).select("customer_id", "day", "amount")
    newcomers = bought.filter(bought.day == bought.first_day)
    newcomers = newcomers.select("customer_id", "first_day").distinct()
    returned = back.inner_join(newcomers, "customer_id")
    returned = returned.select(
        cohort=month_number(returned.first_day),
        month=month_number(returned.day),
        active=ibis.literal(0),
        amount=returned.amount,
    )
    rows = ibis.union(spent, returned)
    rows = rows.filter(rows.month >= rows.cohort)
    return rows.group_by(["cohort", "month"]).aggregate(
        n_active=rows.active.sum(), revenue=rows.amount.sum()
    )


def cohorts_with(counted: ir.Table, receipts: ir.Table) -> ir.Table:
    """Cohorts from their months, counted for some customers after the others."""
    found = counted.group_by(["cohort", "month"]).aggregate(
        n_active=counted.n_active.sum(), revenue=counted.revenue.sum()
    )
    # every customer is active in the month of first purchase
    sizes = found.filter(found.month == found.cohort)
    sizes = sizes.select("cohort", n_customers=sizes.n_active)
    return _every_month(found, sizes, receipts)


def _every_month(found: ir.Table, sizes: ir.Table, receipts: ir.Table) -> ir.Table:
    """Fill in the months in which nobody of a cohort was there."""
    import ibis

    last = month_number(span(receipts).last_day.as_scalar())
    months = ibis.range(sizes.cohort, last + 1).unnest()
    grid = sizes.select("cohort", "n_customers", month=months)
    filled = grid.left_join(found, ["cohort", "month"])
    return filled.select(
        cohort=first_of_month(filled.cohort),
        month=first_of_month(filled.month),
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
    return annual_retention_with(kept_of(visits(receipts), as_of=as_of), receipts, as_of=as_of)


def kept_of(seen: ir.Table, *, as_of: dt.date) -> ir.Table:
    """A single row: how many customers bought in year t, and how many of them in year t+1.

    A customer has one last purchase in year t, and year t+1 begins the day after it.
    """
    import ibis

    base, back = _years(as_of)
    bought = purchases(seen)
    is_last = bought.next_day.isnull() | (bought.next_day > base[1])
    lasts = bought.filter(bought.day.between(*base) & is_last)
    kept = ibis.ifelse(lasts.next_day.between(*back), 1, 0)
    return lasts.aggregate(n_base=lasts.count(), n_kept=kept.sum())


def annual_retention_with(counted: ir.Table, receipts: ir.Table, *, as_of: dt.date) -> ir.Table:
    """Yearly retention from customers counted some after the others."""
    import ibis

    base, back = _years(as_of)
    counts = counted.aggregate(
        n_base=counted.n_base.sum().coalesce(0), n_kept=counted.n_kept.sum().coalesce(0)
    ).cross_join(span(receipts))
    covered = (counts.first_day <= base[0]) & (counts.last_day >= back[1])
    is_complete = covered.coalesce(ibis.literal(value=False))
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


def _years(as_of: dt.date) -> tuple[tuple[ir.DateScalar, ir.DateScalar], ...]:
    """First and last day of year t and of year t+1."""
    return _year_ending(as_of - dt.timedelta(YEAR_DAYS)), _year_ending(as_of)


def _year_ending(last: dt.date) -> tuple[ir.DateScalar, ir.DateScalar]:
    import ibis

    first = last - dt.timedelta(YEAR_DAYS - 1)
    return ibis.date(first.isoformat()), ibis.date(last.isoformat())
