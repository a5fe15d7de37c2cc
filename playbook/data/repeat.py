"""The repeat rate at every anchor Monday at once, exact, in one pass over the receipts.

At an anchor Monday w with a window of k weeks: of the customers with a purchase in
[w - k weeks, w), how many bought in [w, w + k weeks). A customer belongs to the store of
the last purchase before w. Anchors are Mondays, so weeks carry all that matters. Take a
customer's purchase weeks; between two neighbours p < q (q is infinite after the last one)
the last week before an anchor is p for the anchors in (p, q], so the customer is

- in the base at the anchors in (p, min(q, p + k)], with the store of p, and
- back again at those of them in (q - k, q].

Each interval adds 1 where it begins and takes 1 off where it has ended; the running sum per
store is the count at every anchor, whatever the number of anchors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from playbook.data.reductions import latest, named_store, numbered_stores, store_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

EPOCH = "1970-01-05"  # a Monday; weeks are counted from it
NO_SEGMENT = "none"


def repeat_rates(
    receipts: ir.Table,
    *,
    window_weeks: int | Sequence[int] = 12,
    by_segment: ir.Table | None = None,
) -> ir.Table:
    """One row per store and anchor Monday with customers in the base.

    Only anchors whose two windows lie wholly inside the days from the first receipt to the
    last one. Two purchases at the very same time in two stores: the greater store id counts.

    Args:
        receipts: Receipts.
        window_weeks: Length k of each of the two windows, 1 or more; several lengths cost
            hardly more than one.
        by_segment: ``customer_id``, ``segment``, one row per customer: the rows are then per
            store, segment and anchor; a customer who is not in it has the segment "none".

    Returns:
        ``store_id``, (``segment``,) ``week``, ``window_weeks``, ``n_base``, ``n_repeat``.
    """
    windows = [window_weeks] if isinstance(window_weeks, int) else list(window_weeks)
    if min(windows) < 1:
        raise ValueError(f"window_weeks is {min(windows)}; it must be 1 or more")
    import ibis

    bought = receipts.filter(receipts.customer_id.notnull() & (receipts.amount > 0))
    weeks, keys = _purchase_weeks(bought, receipts), ["store"]
    if by_segment is not None:
        weeks, keys = _with_segment(weeks, by_segment), ["store", "segment"]
    gaps = _gaps(weeks, keys, longest=2 * max(windows))
    rates = ibis.union(*(_rates(gaps, receipts, keys, k) for k in windows))
    return named_store(rates, receipts).select(
        "store_id", *keys[1:], "week", "window_weeks", "n_base", "n_repeat"
    )


def _days(day: ir.DateValue) -> ir.IntegerValue:
    """Days since the Monday that weeks are counted from."""
    import ibis

    return day.delta(ibis.date(EPOCH), unit="day")


def _purchase_weeks(bought: ir.Table, receipts: ir.Table) -> ir.Table:
    """Weeks in which a customer bought, with the last store of the week."""
    rows = numbered_stores(bought, receipts)
    week = (_days(rows["at"].date()) // 7).cast("int64")
    weeks = rows.group_by(customer_id=rows.customer_id, p=week).aggregate(last=latest(rows))
    return weeks.select("customer_id", "p", store=store_of(weeks["last"]))


def _with_segment(weeks: ir.Table, segments: ir.Table) -> ir.Table:
    each = segments.select("customer_id", "segment")
    joined = weeks.left_join(each, "customer_id").drop("customer_id_right")
    return joined.mutate(segment=joined.segment.coalesce(NO_SEGMENT))


def _gaps(weeks: ir.Table, keys: list[str], *, longest: int) -> ir.Table:
    """How many customers of a key have p and then, after a gap, their next purchase week.

    A gap that is longer than ``longest``, or has no end, counts as that long. There are few
    keys, weeks and gaps, so what follows is small however many customers there are.
    """
    import ibis

    per_customer = ibis.window(group_by="customer_id", order_by="p")
    pairs = weeks.mutate(q=weeks.p.lead().over(per_customer))
    gap = (pairs.q - pairs.p).coalesce(longest).clip(upper=longest)
    return pairs.group_by([*keys, "p"], gap=gap).aggregate(n=pairs.count())


def _rates(gaps: ir.Table, receipts: ir.Table, keys: list[str], k: int) -> ir.Table:
    """Base and repeaters of every observed anchor for one length of window."""
    import ibis

    counted = _running(_steps(gaps, keys, k), keys, _anchors(receipts, k))
    return counted.select(
        *keys,
        week=ibis.date(EPOCH) + (counted.w * 7).as_interval("D"),
        window_weeks=ibis.literal(k, type="int64"),
        n_base=counted.n_base,
        n_repeat=counted.n_repeat,
    )


def _steps(gaps: ir.Table, keys: list[str], k: int) -> ir.Table:
    """By how much the two counts change at each week, per key.

    After a gap of 2 k weeks or more nobody is back before the base lets go: the two steps of
    ``back`` fall on the same week.
    """
    import ibis

    gap = gaps.gap.clip(upper=2 * k)
    end = gaps.p + gap.clip(upper=k) + 1
    back = gaps.p + (gap - k).clip(lower=0) + 1
    stacked = ibis.union(
        gaps.select(*keys, w=gaps.p + 1, base=gaps.n, back=gaps.n * 0),
        gaps.select(*keys, w=back, base=gaps.n * 0, back=gaps.n),
        gaps.select(*keys, w=end, base=-gaps.n, back=-gaps.n),
    )
    return stacked.group_by([*keys, "w"]).aggregate(
        base=stacked.base.sum(), back=stacked.back.sum()
    )


def _anchors(receipts: ir.Table, k: int) -> tuple[ir.IntegerScalar, ir.IntegerScalar]:
    """The first and the last anchor with both windows observed."""
    first = receipts.aggregate(day=receipts["at"].min().date()).as_scalar()
    last = receipts.aggregate(day=receipts["at"].max().date()).as_scalar()
    whole_from, whole_to = (_days(first) + 6) // 7, (_days(last) + 1) // 7
    return whole_from.cast("int64") + k, whole_to.cast("int64") - k


def _running(
    steps: ir.Table, keys: list[str], anchors: tuple[ir.IntegerValue, ir.IntegerValue]
) -> ir.Table:
    """Add the steps up week by week and keep the observed anchors."""
    import ibis

    low, high = anchors
    first = steps.aggregate(w=steps.w.min()).as_scalar()
    grid = steps.select(*keys).distinct().mutate(w=ibis.range(first, high + 1).unnest())
    dense = grid.left_join(steps, [*keys, "w"])
    so_far = ibis.cumulative_window(group_by=keys, order_by="w")
    counted = dense.select(
        *keys,
        "w",
        n_base=dense.base.coalesce(0).sum().over(so_far).cast("int64"),
        n_repeat=dense.back.coalesce(0).sum().over(so_far).cast("int64"),
    )
    return counted.filter((counted.w >= low) & (counted.n_base > 0))
