"""Two periods side by side: customers, visits and money, counted from receipts in one pass."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from playbook.data.parquet import to_frame
from playbook.data.reductions import YEAR_DAYS
from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    import ibis.expr.types as ir

LEAST_DAYS = 28
COUNTED = (
    "customers",
    "visits",
    "identified_revenue",
    "anonymous_visits",
    "anonymous_revenue",
    "kept_customers",
)


def two_periods(receipts: ir.Table, *, until: dt.date) -> pd.DataFrame:
    """Count the last 52 weeks up to ``until`` and the 52 weeks before.

    Where the receipts do not cover two years, two equal periods of whole weeks are taken,
    as long as they allow.

    Args:
        receipts: Receipts.
        until: Last day that counts, not after the last receipt.

    Returns:
        Two rows, the earlier period first: ``first``, ``last`` (days), ``customers``
        (bought at least once), ``visits`` (purchases of known customers),
        ``identified_revenue``, ``anonymous_visits``, ``anonymous_revenue`` (net of returns),
        ``kept_customers`` (bought in the earlier period too; the same as ``customers`` in
        the first row).

    Raises:
        PlaybookError: The receipts cover less than eight weeks up to that day.
    """
    day = receipts["at"].date()
    first_day = day.min().as_scalar().to_pyarrow().as_py()
    length = _length(first_day, until)
    spans = [
        (until - dt.timedelta(length * n - 1), until - dt.timedelta(length * (n - 1)))
        for n in (2, 1)
    ]
    totals = to_frame(_counts(receipts, *spans).to_pyarrow()).iloc[0]
    rows = [{key: totals[f"{key}_{n}"] for key in COUNTED} for n in (0, 1)]
    found = pd.DataFrame(rows)
    found.insert(0, "first", pd.to_datetime([span[0] for span in spans]))
    found.insert(1, "last", pd.to_datetime([span[1] for span in spans]))
    return found


def _length(first_day: dt.date | None, until: dt.date) -> int:
    """Days of each period: a year, or half of what there is in whole weeks."""
    days = (until - first_day).days + 1 if first_day else 0
    length = min(YEAR_DAYS, days // 14 * 7)
    if length < LEAST_DAYS:
        raise PlaybookError(
            _("Two periods cannot be compared: there are receipts of {n} days only.").format(
                n=max(days, 0)
            ),
            advice=_("Import at least eight weeks; two years are best."),
        )
    return length


def _counts(
    receipts: ir.Table, earlier: tuple[dt.date, dt.date], later: tuple[dt.date, dt.date]
) -> ir.Table:
    """A single row: everything counted, with ``_0`` for the earlier and ``_1`` for the later."""
    import ibis

    known = receipts.customer_id
    days = receipts["at"].date()
    spans = [days.between(ibis.date(str(a)), ibis.date(str(b))) for a, b in (earlier, later)]
    purchase = receipts.amount > 0
    people = receipts.group_by(customer_id=known).aggregate(
        **{f"revenue_{n}": _sum_if(span, receipts.amount) for n, span in enumerate(spans)},
        **{f"visits_{n}": _sum_if(span & purchase, 1) for n, span in enumerate(spans)},
    )
    is_known = people.customer_id.notnull()  # noqa: PD004 - an Ibis column
    is_buyer = [is_known & (people[f"visits_{n}"] > 0) for n in (0, 1)]
    return people.aggregate(
        **{f"customers_{n}": _sum_if(is_buyer[n], 1) for n in (0, 1)},
        **{f"visits_{n}": _sum_if(is_known, people[f"visits_{n}"]) for n in (0, 1)},
        **{f"identified_revenue_{n}": _sum_if(is_known, people[f"revenue_{n}"]) for n in (0, 1)},
        **{f"anonymous_visits_{n}": _sum_if(~is_known, people[f"visits_{n}"]) for n in (0, 1)},
        **{f"anonymous_revenue_{n}": _sum_if(~is_known, people[f"revenue_{n}"]) for n in (0, 1)},
        **{f"kept_customers_{n}": _sum_if(is_buyer[0] & is_buyer[n], 1) for n in (0, 1)},
    )


def _sum_if(condition: ir.BooleanValue, value: ir.NumericValue | int) -> ir.NumericScalar:
    import ibis

    return ibis.ifelse(condition, value, 0).sum()
