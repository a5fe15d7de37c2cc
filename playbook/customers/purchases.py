"""Purchases by customer and day, and the calendar windows in which they are read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.numbers import date, number

Ints = NDArray[np.int64]
EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Purchases:
    """Receipts with a customer, summed to one row per customer and day.

    Returns count as negative money on their day; a day on which something was
    bought is a purchase day. Customers are running numbers, no ids leave here.

    Attributes:
        ids: Id of each customer number.
        customer: Customer number per row.
        day: Days since 1970 per row; rows are sorted by customer, then day.
        amount: Money of that day, returns taken off, per row.
        is_purchase: Whether something was bought that day, per row.
        first_day: First day with any receipt, with or without a customer.
        last_day: Last such day.
        n_receipts: All receipts.
        n_anonymous: Receipts without a customer.
        revenue: Net money of all receipts.
        anonymous_revenue: Net money of receipts without a customer.
    """

    ids: pd.Index
    customer: Ints
    day: Ints
    amount: NDArray[np.float64]
    is_purchase: NDArray[np.bool_]
    first_day: int
    last_day: int
    n_receipts: int
    n_anonymous: int
    revenue: float
    anonymous_revenue: float

    @property
    def n_customers(self) -> int:
        """Customers with an id."""
        return len(self.ids)

    @property
    def anonymous_share(self) -> float:
        """Share of receipts without a customer."""
        return self.n_anonymous / self.n_receipts

    @cached_property
    def first_purchase(self) -> Ints:
        """Day of the first purchase per customer number; a day far away for none."""
        never = np.iinfo(np.int64).max
        first = np.full(self.n_customers, never)
        bought = self.is_purchase
        np.minimum.at(first, self.customer[bought], self.day[bought])
        return first

    def history_weeks(self, end: int) -> int:
        """Whole weeks of receipts before the day ``end``."""
        return max(0, (min(end, self.last_day + 1) - self.first_day) // 7)


def read(receipts: pd.DataFrame) -> Purchases:
    """Sum receipts to customers and days.

    Args:
        receipts: ``customer_id`` (missing or empty without a card), ``at``, ``amount``
            (negative is a return), one row per receipt.

    Raises:
        PlaybookError: There are no receipts, or none has a customer.
    """
    if receipts.empty:
        raise PlaybookError(
            _("There are no receipts to read."), advice=_("Import a till export first.")
        )
    day = receipts["at"].to_numpy("datetime64[D]").astype(np.int64)
    amount = receipts["amount"].to_numpy(dtype=float)
    code, ids = pd.factorize(receipts["customer_id"].replace("", None), use_na_sentinel=True)
    known = code >= 0
    if not known.any():
        raise PlaybookError(
            _("None of the receipts ({n}) has a customer.").format(n=number(len(receipts))),
            advice=_("Segments need receipts with a card or an account: import that column."),
        )
    return Purchases(
        ids=pd.Index(ids),
        **_customer_days(code[known].astype(np.int64), day[known], amount[known]),
        first_day=int(day.min()),
        last_day=int(day.max()),
        n_receipts=len(receipts),
        n_anonymous=int((~known).sum()),
        revenue=float(amount.sum()),
        anonymous_revenue=float(amount[~known].sum()),
    )


def _customer_days(code: Ints, day: Ints, amount: NDArray[np.float64]) -> dict[str, Any]:
    """The columns of ``Purchases`` that have one row per customer and day."""
    first, span = day.min(), int(day.max() - day.min()) + 1
    key = code * span + (day - first)
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    return {
        "customer": key[starts] // span,
        "day": key[starts] % span + first,
        "amount": np.add.reduceat(amount[order], starts),
        "is_purchase": np.maximum.reduceat(amount[order], starts) > 0,
    }


@dataclass(frozen=True, kw_only=True)
class Window:
    """Whole weeks that end before a day.

    Attributes:
        end: Day after the last, in days since 1970.
        weeks: Length.
    """

    end: int
    weeks: int

    @property
    def start(self) -> int:
        """First day, in days since 1970."""
        return self.end - 7 * self.weeks

    def before(self) -> Window:
        """The window of the same length just before this one."""
        return Window(end=self.start, weeks=self.weeks)

    def mask(self, purchases: Purchases) -> NDArray[np.bool_]:
        """Which rows of ``purchases`` lie inside."""
        return np.asarray((purchases.day >= self.start) & (purchases.day < self.end))

    def buyers(self, purchases: Purchases) -> NDArray[np.bool_]:
        """Which customers bought inside, by customer number."""
        found = np.zeros(purchases.n_customers, dtype=np.bool_)
        found[purchases.customer[self.mask(purchases) & purchases.is_purchase]] = True
        return found

    def __str__(self) -> str:
        return period(date(day_of(self.start)), date(day_of(self.end - 1)))


def day_of(number: int) -> dt.date:
    """The date of a day counted from 1970.

    Example:
        >>> day_of(0).isoformat()
        '1970-01-01'
    """
    return EPOCH + dt.timedelta(days=int(number))


def period(first: str, last: str) -> str:
    """A stretch of days whose ends are already written."""
    return _("{first} to {last}").format(first=first, last=last)


def window_at(purchases: Purchases, *, as_of: str = "") -> Window:
    """The window that ends with ``as_of``: a year where the history has two, else half of it.

    Two windows of equal length are needed to see who bought again, so a company with
    less than two years of receipts is read by half of what it has, in whole weeks.

    Args:
        purchases: Whose history it is.
        as_of: Last day that counts, ISO; the last day with a receipt when empty.

    Raises:
        PlaybookError: The day cannot be read or lies outside the receipts.
    """
    end = _last_day(purchases, as_of) + 1
    weeks = purchases.history_weeks(end)
    return Window(end=end, weeks=52 if weeks >= 104 else weeks // 2)


def _last_day(purchases: Purchases, as_of: str) -> int:
    if not as_of:
        return purchases.last_day
    span = period(date(day_of(purchases.first_day)), date(day_of(purchases.last_day)))
    try:
        last = (dt.date.fromisoformat(as_of) - EPOCH).days
    except ValueError:
        raise PlaybookError(
            _("“{text}” is not a date.").format(text=as_of),
            advice=_("Write it as year-month-day, for example 2026-03-31."),
        ) from None
    if not purchases.first_day <= last <= purchases.last_day + 366:
        raise PlaybookError(
            _("{day} lies outside the receipts, which cover {span}.").format(
                day=date(day_of(last)), span=span
            ),
            advice=_("Choose a day inside, or leave it empty for the last day with a receipt."),
        )
    return last
