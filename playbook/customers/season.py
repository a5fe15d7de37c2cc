"""A season that returns: do the same customers come in the same weeks of both years?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers.purchases import Purchases, Window, day_of, period
from playbook.display.disclosure import told
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.text import gettext as _
from playbook.text.numbers import number

YEAR_WEEKS = 52
SEASON_WEEKS = 13
LEAST_DAYS = 3  # purchase days in each year before a customer says anything about seasons
LEAST_SHARE = 0.5  # of a year's purchase days; a quarter of the year holds about 0.25
LEAST_CUSTOMERS = 50
LEAST_CONTRAST = 1.75
_MOST_CUSTOMERS = 200_000

Counts = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Season(Result):
    """The thirteen weeks of the year in which some customers come again and again.

    Attributes:
        is_found: Whether the season returns clearly enough to build a segment on it.
        first_week: Where it begins, in weeks after the day a year before ``end``.
        end: Day after the two years, in days since 1970.
        n_customers: Customers with enough purchases in both years.
        n_returning: Of these, customers with half of their purchase days in the season,
            in both years.
        n_usual: How many would be found in any other thirteen weeks of the year.
    """

    is_found: bool
    first_week: int
    end: int
    n_customers: int
    n_returning: int
    n_usual: float

    @property
    def dates(self) -> str:
        """First and last day in the latest year, in words."""
        first = day_of(self.end - 7 * (YEAR_WEEKS - self.first_week))
        return period(_day_of_year(first), _day_of_year(first + dt.timedelta(days=90)))

    @property
    def headline(self) -> str:
        """Whether there are seasonal customers."""
        if not self.is_found:
            return _("No season returns with the same customers: nobody is called seasonal.")
        return _(
            "A season returns: {n} customers bought mostly in the weeks {dates} of both years; "
            "any other quarter of the year has about {usual}."
        ).format(dates=self.dates, n=number(self.n_returning), usual=number(self.n_usual))

    def to_frame(self) -> pd.DataFrame:
        """One row: ``n_customers``, ``n_returning``, ``n_usual``."""
        return pd.DataFrame(
            {
                "n_customers": [told(self.n_customers)],
                "n_returning": [told(self.n_returning)],
                "n_usual": [self.n_usual],
            }
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "n_customers": Column(_("customers who bought in both years"), "count"),
            "n_returning": Column(_("half of their purchases in the season, both years"), "count"),
            "n_usual": Column(_("the same in any other quarter"), "count"),
        }

    @property
    def assumptions(self) -> list[str]:
        """What was compared."""
        return [
            _(
                "Counted are customers with at least {days} purchase days in each of two years."
            ).format(days=LEAST_DAYS)
        ]

    def weeks(self) -> NDArray[np.bool_]:
        """Which of the 52 weeks of the circle belong to the season."""
        inside = np.zeros(YEAR_WEEKS, dtype=np.bool_)
        inside[(self.first_week + np.arange(SEASON_WEEKS)) % YEAR_WEEKS] = True
        return inside


def _day_of_year(day: dt.date) -> str:
    from babel.dates import format_date

    from playbook.text import language

    return str(format_date(day, "d MMMM", locale=language()))


def week_of_circle(day: NDArray[np.int64], *, end: int) -> NDArray[np.int64]:
    """The week of a 52-week circle that ends with the day before ``end``: 51 is the latest."""
    return np.asarray(YEAR_WEEKS - 1 - ((end - 1 - day) // 7) % YEAR_WEEKS)


def find(purchases: Purchases, *, end: int) -> Season:
    """Find the thirteen weeks in which the same customers come in both years.

    For each window of the year, customers with half of their purchase days inside it, in
    both years, are counted and divided by what chance alone would give. Pauses and moves
    raise this ratio in every window; a season raises it in one.

    Args:
        purchases: At least 104 weeks before ``end``.
        end: Day after the last, in days since 1970.
    """
    latest = Window(end=end, weeks=YEAR_WEEKS)
    first, second = _counts(purchases, (latest.before(), latest), end=end)
    tries = [_returning(first, second, week) for week in range(YEAR_WEEKS)]
    found, chance = (np.array(column, dtype=float) for column in zip(*tries, strict=True))
    ratio = found / np.maximum(chance, 1e-9)
    best = int(np.argmax(ratio))
    usual = float(np.median(ratio) * chance[best])
    return Season(
        is_found=bool(
            found[best] >= LEAST_CUSTOMERS
            and found[best] >= LEAST_CONTRAST * usual
            and found[best] - usual >= 4 * np.sqrt(usual)
        ),
        first_week=best,
        end=end,
        n_customers=len(first),
        n_returning=int(found[best]),
        n_usual=usual,
    )


def _counts(purchases: Purchases, years: tuple[Window, Window], *, end: int) -> list[Counts]:
    """Purchase days per week of the circle and year, of customers with enough in both."""
    rows = [np.flatnonzero(year.mask(purchases) & purchases.is_purchase) for year in years]
    n = purchases.n_customers
    per_year = [np.bincount(purchases.customer[row], minlength=n) for row in rows]
    chosen = np.flatnonzero((per_year[0] >= LEAST_DAYS) & (per_year[1] >= LEAST_DAYS))
    chosen = chosen[:: max(1, -(-len(chosen) // _MOST_CUSTOMERS))]
    place = np.full(n, -1)
    place[chosen] = np.arange(len(chosen))
    found = []
    for row in rows:
        where, week = place[purchases.customer[row]], week_of_circle(purchases.day[row], end=end)
        cell = (where * YEAR_WEEKS + week)[where >= 0]
        counts = np.bincount(cell, minlength=len(chosen) * YEAR_WEEKS).astype(float)
        found.append(counts.reshape(len(chosen), YEAR_WEEKS))
    return found


def _inside(counts: Counts, first_week: int) -> NDArray[np.float64]:
    """Each customer's purchase days in the window that begins with ``first_week``."""
    weeks = (first_week + np.arange(SEASON_WEEKS)) % YEAR_WEEKS
    return np.asarray(counts[:, weeks].sum(axis=1))


def _returning(first: Counts, second: Counts, week: int) -> tuple[int, float]:
    """Customers with half of each year in the window, and how many chance would give."""
    is_in = np.ones(len(first), dtype=np.bool_)
    by_chance = np.ones(len(first))
    for counts in (first, second):
        inside = _inside(counts, week)
        total = counts.sum(axis=1)
        is_in &= inside >= LEAST_SHARE * total
        usual = float(inside.sum() / max(total.sum(), 1.0))
        by_chance *= _at_least(np.ceil(LEAST_SHARE * total), total, usual)
    is_in &= _in_two_seasons(first, second, week)
    return int(is_in.sum()), float(by_chance.sum())


def _in_two_seasons(first: Counts, second: Counts, week: int) -> NDArray[np.bool_]:
    """Whether a customer came in two different seasons.

    A window across the cut between the years holds one season in the middle; who came only
    then has a short history, not a season.
    """
    after_cut = week + SEASON_WEEKS - YEAR_WEEKS
    if after_cut <= 0:
        return np.ones(len(first), dtype=np.bool_)
    return np.asarray((first[:, :after_cut].sum(axis=1) + second[:, week:].sum(axis=1)) > 0)


def _at_least(hits: Counts, n: Counts, share: float) -> Counts:
    """Chance of at least ``hits`` of ``n`` when each has the chance ``share`` (binomial)."""
    from scipy.special import bdtrc

    return np.asarray(bdtrc(hits - 1, n.astype(np.int64), share))
