"""The sample chain's calendar: weeks, seasons, days of the week, hours of the day."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from playbook.data.sample_truth import HISTORY_WEEKS, START

Floats = npt.NDArray[np.float64]

DAY_SECONDS = 86_400
WEEK_SECONDS = 7 * DAY_SECONDS
SEASONS = ("all_year", "summer")
DAY_SHARES = np.array([0.122, 0.125, 0.130, 0.138, 0.162, 0.176, 0.147])  # Monday to Sunday
OPEN_FROM, OPEN_TO = 8, 22  # hours; the last receipt is before 22:00
_HOUR_WEIGHTS = np.array([2.0, 3.2, 4.2, 4.8, 5.4, 5.6, 5.3, 5.5, 6.4, 8.2, 9.6, 8.4, 5.6, 2.6])


def week_of(day: date) -> int:
    """The week's number, 0 for the week of 1 January 2024."""
    return (day - START).days // 7


def epoch_seconds(week: int) -> int:
    """Seconds from 1970-01-01 to the Monday of a week, in the stores' local time."""
    return (START - date(1970, 1, 1)).days * DAY_SECONDS + week * WEEK_SECONDS


@cache
def visit_seasons(weeks: int) -> Floats:
    """Index of visits per season kind and week, mean 1 over the history: (2, weeks)."""
    month, day = _months_and_days(max(weeks, HISTORY_WEEKS))
    index = np.ones(month.shape)
    for hit, factor in _occasions(month, day):
        index[hit] *= factor
    high = np.isin(month, (6, 7, 8))
    shoulder = np.isin(month, (5, 9))
    summer = index * np.select([high, shoulder], [2.1, 1.3], 0.6)
    by_week = np.stack([index.mean(axis=1), summer.mean(axis=1)])
    history = by_week[:, :HISTORY_WEEKS].mean(axis=1, keepdims=True)
    relative: Floats = (by_week / history)[:, :weeks]
    return relative


@cache
def basket_seasons(weeks: int) -> Floats:
    """Index of money per receipt and week, about 1 on average: (weeks,)."""
    month, day = _months_and_days(weeks)
    index = np.full(month.shape, 0.987)
    index[(month == 12) & (day >= 11)] = 1.13
    index[(month == 3) & (day <= 8)] = 1.10
    by_week: Floats = index.mean(axis=1)
    return by_week


def _months_and_days(weeks: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Month and day of the month of each day: (weeks, 7) each."""
    days = (np.datetime64(START) + np.arange(weeks * 7)).reshape(weeks, 7)
    months = days.astype("datetime64[M]")
    number = months.astype(np.int64) % 12 + 1
    return number, (days - months).astype(np.int64) + 1


def _occasions(
    month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> list[tuple[npt.NDArray[np.bool_], float]]:
    """When people come more or less often than usual, all segments alike."""
    return [
        ((month == 12) & (day >= 11), 1.35),  # New Year
        ((month == 1) & (day <= 8), 0.72),  # holidays after it
        ((month == 1) & (day > 8), 0.92),
        ((month == 2) & (day >= 16) & (day <= 22), 1.10),  # 23 February
        ((month == 3) & (day <= 8), 1.30),  # 8 March
        (np.isin(month, (6, 7, 8)), 0.95),  # many are at their dachas
    ]


def times_of_day(rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Draw ``n`` seconds of the day within opening hours, fullest around six in the evening."""
    edges = np.concatenate([[0.0], np.cumsum(_HOUR_WEIGHTS) / _HOUR_WEIGHTS.sum()])
    hours = np.arange(OPEN_FROM, OPEN_TO + 1) * 3600.0
    drawn: npt.NDArray[np.int64] = np.interp(rng.random(n), edges, hours).astype(np.int64)
    return np.minimum(drawn, OPEN_TO * 3600 - 1)


def days_of_week(rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Draw ``n`` days of the week, 0 for Monday; the end of the week is busier."""
    edges = np.cumsum(DAY_SHARES)[:-1]
    return np.searchsorted(edges, rng.random(n), side="right").astype(np.int64)
