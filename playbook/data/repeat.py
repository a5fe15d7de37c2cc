"""The repeat rate at every anchor Monday at once, exact, in one pass over the visits.

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

from playbook.data.visits import (
    days_from_epoch,
    is_last_of,
    monday,
    purchases,
    span,
    visits,
    week_number,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

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
    seen = visits(receipts)
    if by_segment is not None:
        seen = with_segment(seen, by_segment)
    return repeat_rates_with(steps_of(seen, window_weeks=window_weeks), receipts)


def with_segment(seen: ir.Table, segments: ir.Table) -> ir.Table:
    """Visits with the ``segment`` of their customers."""
    each = segments.select("customer_id", "segment")
    joined = seen.left_join(each, "customer_id").drop("customer_id_right")
    return joined.mutate(segment=joined.segment.coalesce(NO_SEGMENT))


def steps_of(seen: ir.Table, *, window_weeks: int | Sequence[int]) -> ir.Table:
    """By how much base and repeaters change in each week, per store and length of window.

    There are few stores, weeks and lengths, so this is small however many customers there are.

    Args:
        seen: Visits, by choice ``with_segment``: the steps are then per segment too.
        window_weeks: One or several lengths of window.

    Returns:
        ``store_id``, (``segment``,) ``window_weeks``, ``w``, ``base``, ``back``.
    """
    import ibis

    windows = [window_weeks] if isinstance(window_weeks, int) else list(window_weeks)
    if min(windows) < 1:
        raise ValueError(f"window_weeks is {min(windows)}; it must be 1 or more")
    keys = ["store_id", "segment"] if "segment" in seen.columns else ["store_id"]
    gaps = _gaps(seen, keys, longest=2 * max(windows))
    return _summed(ibis.union(*(_steps(gaps, keys, k) for k in windows)), [*keys, "window_weeks"])


def repeat_rates_with(steps: ir.Table, receipts: ir.Table) -> ir.Table:
    """Repeat rates from their steps, counted for some customers after the others."""
    keys = [name for name in ("store_id", "segment", "window_weeks") if name in steps.columns]
    counted = _running(_summed(steps, keys), keys).cross_join(span(receipts))
    # the first and the last anchor with both windows observed
    low = (days_from_epoch(counted.first_day) + 6) // 7 + counted.window_weeks
    high = (days_from_epoch(counted.last_day) + 1) // 7 - counted.window_weeks
    seen = counted.filter(counted.w.between(low, high) & (counted.n_base > 0))
    return seen.select(
        *[key for key in keys if key != "window_weeks"],
        "window_weeks",
        "n_base",
        "n_repeat",
        week=monday(seen.w),
    ).relocate("week", before="window_weeks")


def _gaps(seen: ir.Table, keys: list[str], *, longest: int) -> ir.Table:
    """How many customers of a key have p and then, after a gap, their next purchase week.

    A gap that is longer than ``longest``, or has no end, counts as that long. The last purchase
    of a week is in the store that counts.
    """
    bought = purchases(seen)
    p, q = week_number(bought.day), week_number(bought.next_day)
    gap = (q - p).coalesce(longest).clip(upper=longest)
    lasts = bought.mutate(p=p, gap=gap).filter(is_last_of(p, q))
    return lasts.group_by([*keys, "p", "gap"]).aggregate(n=lasts.count())


def _steps(gaps: ir.Table, keys: list[str], k: int) -> ir.Table:
    """The steps for one length of window.

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
    return stacked.mutate(window_weeks=ibis.literal(k, type="int64"))


def _summed(steps: ir.Table, keys: list[str]) -> ir.Table:
    return steps.group_by([*keys, "w"]).aggregate(base=steps.base.sum(), back=steps.back.sum())


def _running(steps: ir.Table, keys: list[str]) -> ir.Table:
    """Add the steps up week by week."""
    import ibis

    ends = steps.aggregate(first=steps.w.min(), last=steps.w.max())
    grid = steps.select(*keys).distinct().cross_join(ends)
    grid = grid.select(*keys, "first", "last")
    grid = grid.select(*keys, w=ibis.range(grid["first"], grid["last"] + 1).unnest())
    dense = grid.left_join(steps, [*keys, "w"])
    so_far = ibis.cumulative_window(group_by=keys, order_by="w")
    return dense.select(
        *keys,
        "w",
        n_base=dense.base.coalesce(0).sum().over(so_far).cast("int64"),
        n_repeat=dense.back.coalesce(0).sum().over(so_far).cast("int64"),
    )
