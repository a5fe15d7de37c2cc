"""Whether the dates of receipts can be true: day and month swapped, no time of day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from playbook.data.checks_days import Day
from playbook.data.facts import Facts
from playbook.data.remark import Remark

MONTHS = 12
ENOUGH_DATES = 20  # all of them before the 13th: no chance
ENOUGH_PAIRS = 40  # dates that can be swapped and are not the same then
BETTER = 0.3  # how much better the week must look after swapping, as a correlation


def of_dates(facts: Facts, days: Sequence[Day], *, is_stated: bool) -> Iterator[Remark]:
    """Everything that stands out in the dates themselves.

    Args:
        facts: What the receipts hold.
        days: The days of the company.
        is_stated: Whether somebody has stated the order of day and month.
    """
    for remark in _swapped(days):
        yield (
            Remark(
                code=remark.code, weight="warning", numbers={**remark.numbers, "is_stated": True}
            )
            if is_stated
            else remark
        )
    if facts.n_without_time >= 0.3 * facts.n_receipts:
        share = facts.n_without_time / facts.n_receipts
        numbers = {"n": facts.n_without_time, "share": share}
        yield Remark(code="no_time", weight="hint", numbers=numbers)


def _swapped(days: Sequence[Day]) -> Iterator[Remark]:
    """Day and month in the wrong order: only days up to the 12th, or a week that is torn."""
    is_all = all(day.day.day <= MONTHS for day in days)
    if is_all and len(days) >= ENOUGH_DATES and (days[-1].day - days[0].day).days > 45:
        yield Remark(code="swapped_dates", weight="error", numbers={"is_all": True})
    elif not is_all and _looks_better_swapped(days):
        yield Remark(code="swapped_dates", weight="warning", numbers={"is_all": False})


def _looks_better_swapped(days: Sequence[Day]) -> bool:
    """Whether the days up to the 12th follow the week of the others only when swapped.

    A reader that takes the day for the month wherever it can leaves the days from the 13th
    on as they were: their week is the true one.
    """
    import numpy as np

    sure = [day for day in days if day.day.day > MONTHS]
    open_ = [day for day in days if day.day.day <= MONTHS and day.day.day != day.day.month]
    weekdays = {day.day.isoweekday() for day in sure}
    if len(open_) < ENOUGH_PAIRS or len(weekdays) < 7:
        return False
    week = {w: np.median([day.n for day in sure if day.day.isoweekday() == w]) for w in weekdays}
    found = np.array([day.n for day in open_], dtype=float)
    as_read = np.array([week[day.day.isoweekday()] for day in open_])
    swapped = np.array([week[_swap(day.day).isoweekday()] for day in open_])
    if min(np.ptp(found), np.ptp(as_read), np.ptp(swapped)) == 0:
        return False
    now, then = (float(np.corrcoef(found, w)[0, 1]) for w in (as_read, swapped))
    return then > 0.4 and then > now + BETTER


def _swap(day: date) -> date:
    return date(day.year, day.day, day.month)
