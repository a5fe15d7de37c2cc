"""The latest weeks are held back from the lifetime model, forecast, and compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers import behaviour
from playbook.customers import lifetime_forecast as forecasts
from playbook.customers.gates import Untold
from playbook.customers.lifetime import (
    Buyers,
    Models,
    SecondOpinion,
    buyers,
    fit,
    second_opinion,
    too_little,
)
from playbook.customers.lifetime_checks import LifetimeCheck
from playbook.customers.purchases import Purchases, Window, day_of
from playbook.customers.segments import SortedCustomers
from playbook.display.disclosure import are_few, without_small_cells
from playbook.stats import bg_nbd, gamma_gamma
from playbook.text import gettext as _

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HALF_YEAR, QUARTER = 26, 13
LONG_WEEKS = 78  # of receipts: a year to learn from beside half a year held back
STEPS = ((0, 0), (1, 1), (2, 2), (3, 4), (5, 7), (8, 14), (15, None))
TENTHS = 10


def hold_out(today: SortedCustomers, *, seed: int) -> LifetimeCheck | Untold:
    """Hold the latest weeks back, forecast them, and compare; or say why that cannot be done.

    Args:
        today: Customers as they are; the end of their window is the end of the weeks held back.
        seed: Same seed, same draws.
    """
    purchases, end = today.purchases, today.window.end
    weeks = HALF_YEAR if purchases.history_weeks(end) >= LONG_WEEKS else QUARTER
    window = Window(end=end, weeks=weeks)
    lacks = too_little(buyers(purchases, end=end))
    found = buyers(purchases, end=window.start)
    if not lacks:
        models = fit(found)
        lacks = models.problems
    if lacks:
        return Untold(
            _("How customers will buy cannot be told from these receipts."), " ".join(lacks)
        )
    return _compared(today, models, window, second_opinion(found, seed=seed), seed=seed)


def _compared(
    today: SortedCustomers, models: Models, window: Window, second: SecondOpinion, *, seed: int
) -> LifetimeCheck:
    purchases, found = today.purchases, models.buyers
    inside = window.mask(purchases)
    counted = _per_buyer(purchases, found, inside & purchases.is_purchase)
    spent = _per_buyer(purchases, found, inside, weights=purchases.amount)
    expected = bg_nbd.purchases_to_come(
        models.histories, models.purchases, horizon=float(window.weeks)
    )[models.histories.place]
    value = gamma_gamma.expected_value(found.frequency + 1, found.value, models.money)
    groups, names = _segments(today, found)
    drawn = forecasts.forecast(
        models,
        forecasts.cells(models, groups, len(names)),
        horizon=forecasts.Horizon(weeks=float(window.weeks)),
        seed=seed,
        in_money=False,
    )
    low, high = drawn.total_interval()
    first = bg_nbd.purchases_to_come(models.histories, second.first, horizon=float(window.weeks))
    first_error = float(models.histories.n @ first / counted.sum()) - 1
    difference = second.difference(models.histories, horizon=float(window.weeks))
    chances = _chances(models, window, counted)
    return LifetimeCheck(
        by_frequency=_by_frequency(found, expected, counted, value, spent),
        by_segment=_by_segment(drawn, groups, names, counted),
        weeks=_weekly(purchases, models, window),
        chances=_without_few(chances),
        gap=float((chances["expected"] - chances["actual"]).abs().mean()),
        expected=float(expected.sum()),
        low=low,
        high=high,
        actual=float(counted.sum()),
        value_error=float(counted @ value / spent.sum()) - 1,
        season=_season(purchases, window),
        hold_out=window,
        correlation=models.money_correlation,
        value_bias=models.money_bias,
        n_second=second.n_customers,
        advantage=second.advantage,
        second_error=(1 + first_error) * (1 + difference) - 1,
        first_error=first_error,
    )


def _per_buyer(
    purchases: Purchases, found: Buyers, rows: NDArray[np.bool_], weights: Floats | None = None
) -> Floats:
    """Rows, or the sum of their weights, per buyer."""
    given = None if weights is None else weights[rows]
    of_all = np.bincount(purchases.customer[rows], weights=given, minlength=purchases.n_customers)
    return of_all[found.customer].astype(float)


def _segments(today: SortedCustomers, found: Buyers) -> tuple[Ints, list[str]]:
    """Segment of each buyer at the end of what was learned from; the last one for nobody's."""
    window = Window(end=found.end, weeks=min(today.window.weeks, found.weeks))
    then = replace(
        today,
        window=window,
        behaviour=behaviour.measure(today.purchases, window=window, season=today.season),
    )
    codes = pd.Categorical(then.segment.reindex(found.customer), categories=then.names).codes
    names = [*then.names, ""]
    return np.where(codes < 0, len(then.names), codes).astype(np.int64), names


def _by_frequency(
    found: Buyers, expected: Floats, counted: Floats, value: Floats, spent: Floats
) -> pd.DataFrame:
    """Expected and actual purchase days of one customer, and the error of their money."""
    rows = []
    for first, last in STEPS:
        mask = (found.frequency >= first) & (found.frequency <= (np.inf if last is None else last))
        n = int(mask.sum())
        sums = (expected[mask].sum() / max(n, 1), counted[mask].sum() / max(n, 1))
        paid = spent[mask].sum()
        off = float(counted[mask] @ value[mask] / paid) - 1 if paid > 0 else np.nan
        rows.append((first, np.nan if last is None else last, n, *sums, off))
    names = ["first", "last", "n_customers", "expected", "actual", "value_error"]
    frame = pd.DataFrame(rows, columns=names)
    figures = ("expected", "actual", "value_error")
    frame = without_small_cells(frame, count="n_customers", figures=figures)
    return frame[frame["n_customers"] != 0].reset_index(drop=True)


def _by_segment(
    drawn: forecasts.Forecast, groups: Ints, names: list[str], counted: Floats
) -> pd.DataFrame:
    low, high = drawn.interval()
    frame = pd.DataFrame(
        {
            "segment": names,
            "n_customers": np.bincount(groups, minlength=len(names)),
            "expected": drawn.expected,
            "low": low,
            "high": high,
            "actual": np.bincount(groups, weights=counted, minlength=len(names)),
        }
    )
    frame = frame[frame["n_customers"] > 0].reset_index(drop=True)
    figures = ("expected", "low", "high", "actual")
    return without_small_cells(frame, count="n_customers", figures=figures)


def _weekly(purchases: Purchases, models: Models, window: Window) -> pd.DataFrame:
    """Repeat purchases a week, counted and expected, of the customers known before."""
    found, start = models.buyers, window.start
    n_past = found.weeks
    first = start - 7 * n_past
    known = np.zeros(purchases.n_customers, dtype=np.bool_)
    known[found.customer] = True
    is_first = purchases.day == purchases.first_purchase[purchases.customer]
    rows = purchases.is_purchase & known[purchases.customer] & ~is_first
    rows &= (purchases.day >= first) & (purchases.day < window.end)
    n_weeks = n_past + window.weeks
    counted = np.bincount((purchases.day[rows] - first) // 7, minlength=n_weeks)
    ahead = forecasts.up_to(models, np.arange(1, window.weeks + 1, dtype=float))
    past = _expected_past(models, first=first, n_weeks=n_past)
    return pd.DataFrame(
        {
            "start": pd.to_datetime([day_of(int(first + 7 * week)) for week in range(n_weeks)]),
            "expected": np.concatenate([past, np.diff(ahead, prepend=0.0)]),
            "actual": counted[:n_weeks].astype(float),
            "is_held_back": np.arange(n_weeks) >= n_past,
        }
    )


def _expected_past(models: Models, *, first: int, n_weeks: int) -> Floats:
    """Repeat purchases a week that newcomers of each day were expected to make."""
    begun = models.buyers.end - 1 - models.buyers.age_days - first
    newcomers = np.bincount(np.maximum(begun, 0), minlength=7 * n_weeks).astype(float)
    ages = np.arange(7 * n_weeks) / 7
    made = bg_nbd.purchases_of_newcomers(ages, models.purchases)
    sums = np.convolve(newcomers, made)[6 : 7 * n_weeks : 7]
    return np.diff(sums, prepend=0.0)


def _chances(models: Models, window: Window, counted: Floats) -> pd.DataFrame:
    """Chance and share that bought, in ten equal parts."""
    chance = forecasts.chance_to_buy(models, weeks=float(window.weeks))
    parts = np.array_split(np.argsort(chance, kind="stable"), TENTHS)
    return pd.DataFrame(
        {
            "n_customers": [len(part) for part in parts],
            "expected": [float(chance[part].mean()) for part in parts],
            "actual": [float((counted[part] > 0).mean()) for part in parts],
        }
    )


def _without_few(chances: pd.DataFrame) -> pd.DataFrame:
    """No share that tells of few who bought or stayed away."""
    n, actual = chances["n_customers"], chances["actual"]
    few = [are_few(int(of), round(of * share)) for of, share in zip(n, actual, strict=True)]
    return chances.assign(actual=actual.where(~np.array(few)))


def _season(purchases: Purchases, window: Window) -> float:
    """How busy the same weeks were a year earlier against the year before the hold-out."""
    earlier = Window(end=window.end - 364, weeks=window.weeks)
    year = Window(end=window.start, weeks=52)
    if min(earlier.start, year.start) < purchases.first_day:
        return float("nan")
    usual = (year.mask(purchases) & purchases.is_purchase).sum() / year.weeks
    there = (earlier.mask(purchases) & purchases.is_purchase).sum() / earlier.weeks
    return float(there / usual) - 1
