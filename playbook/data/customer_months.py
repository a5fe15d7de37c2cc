"""Receipts reduced to customers by month, for who moves from where to where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook.data.visits import first_of_month, is_last_of, month_number, visits

if TYPE_CHECKING:
    import ibis.expr.types as ir


def customer_months(receipts: ir.Table) -> ir.Table:
    """One row per customer and calendar month with a receipt; months without one are left out.

    A visit is a receipt with a positive sum; returns count in money only. A month may have
    returns and no visit.

    Returns:
        ``customer_id``, ``month`` (its first day), ``visits``, ``purchase_days``, ``revenue``
        (returns taken off), ``returns`` (a positive sum).
    """
    return customer_months_of(visits(receipts))


def customer_months_of(seen: ir.Table) -> ir.Table:
    """The months of the customers of ``seen`` visits."""
    import ibis

    bought, is_last = seen.amount > 0, is_last_of(seen.day, seen.next_day)
    found = seen.group_by(customer_id=seen.customer_id, m=month_number(seen.day)).aggregate(
        visits=ibis.ifelse(bought, seen.n_receipts, 0).sum(),
        purchase_days=ibis.ifelse(bought & is_last, 1, 0).sum(),
        revenue=seen.amount.sum(),
        returns=ibis.ifelse(seen.amount < 0, -seen.amount, 0).sum(),
    )
    return (
        found.mutate(month=first_of_month(found.m)).drop("m").relocate("month", after="customer_id")
    )
