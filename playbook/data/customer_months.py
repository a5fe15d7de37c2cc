"""Receipts reduced to customers by month, for who moves from where to where."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    import ibis

    known = receipts.filter(receipts.customer_id.notnull())
    is_purchase, is_return = known.amount > 0, known.amount < 0
    days = known.group_by(customer_id=known.customer_id, day=known["at"].date()).aggregate(
        visits=ibis.ifelse(is_purchase, 1, 0).sum(),
        revenue=known.amount.sum(),
        returns=ibis.ifelse(is_return, -known.amount, 0).sum(),
    )
    return days.group_by(customer_id=days.customer_id, month=days.day.truncate("M")).aggregate(
        visits=days.visits.sum(),
        purchase_days=ibis.ifelse(days.visits > 0, 1, 0).sum(),
        revenue=days.revenue.sum(),
        returns=days.returns.sum(),
    )
