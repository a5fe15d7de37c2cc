"""From the forecast of each segment to its equity, beside the same by yearly rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers import lifetime_forecast as forecasts
from playbook.customers.equity import SegmentEquity
from playbook.customers.gates import Untold
from playbook.customers.lifetime import Models, buyers, fit, second_opinion
from playbook.customers.lifetime_checks import LifetimeCheck
from playbook.customers.lifetime_equity import LifetimeEquity
from playbook.customers.segments import Segments, SortedCustomers
from playbook.stats import bg_nbd
from playbook.text import gettext as _

Floats = NDArray[np.float64]

YEARS = 3
MOST_AHEAD = 2  # years ahead for each year of receipts
LARGEST_SEGMENT_ERROR = 1 / 3  # of a segment's purchases in the weeks held back
BEYOND_CHANCE = 2.0  # mean squared error over that of chance, before a misfit is believed
TO_SIGMA = 2 * 1.6449  # width of an interval of nine in ten, in standard deviations


def rate_multiple(retention: Floats | float, *, discount: float, years: int) -> Floats:
    """Yearly margins of the next years by a yearly rate, discounted from mid-year.

    Example:
        >>> round(float(rate_multiple(0.5, discount=0.0, years=3)), 3)
        0.875
    """
    each = np.arange(1, years + 1)
    weights = (1 + discount) ** -(each - 0.5)
    kept = np.asarray(retention, dtype=float)[..., None] ** each
    return np.asarray(kept @ weights)


def measured(
    today: SortedCustomers,
    segments: Segments,
    *,
    worth: SegmentEquity | Untold,
    check: LifetimeCheck | Untold,
    discount: float,
    seed: int,
    years: int = YEARS,
) -> LifetimeEquity | Untold:
    """What today's customers will bring, or say why that is not told.

    Args:
        today: Customers as they are.
        segments: Their segments with size and margin.
        worth: The same by yearly rates; its rates are shown beside.
        check: How the model forecast the weeks held back; it decides.
        discount: Yearly discount rate.
        seed: Same seed, same draws.
        years: How far to look; at most twice as far as the receipts reach back.
    """
    untold = _("What customers will bring cannot be told from how they buy.")
    if isinstance(check, Untold):
        return Untold(untold, check.reason)
    if check.verdict == "fails":
        return Untold(untold, " ".join([check.headline, *check.warnings]))
    found = buyers(today.purchases, end=today.window.end)
    models = fit(found)
    if models.problems:
        return Untold(untold, " ".join(models.problems))
    labels = today.segment.reindex(found.customer)
    groups = pd.Categorical(labels, categories=today.names).codes.astype(np.int64)
    years = max(1, min(years, MOST_AHEAD * found.weeks // 52))
    weeks = years * forecasts.YEAR_WEEKS
    drawn = forecasts.forecast(
        models,
        forecasts.cells(models, groups, len(today.names)),
        horizon=forecasts.Horizon(weeks=weeks, discount=discount),
        seed=seed,
        in_money=True,
    )
    ahead = _Ahead(
        drawn=drawn,
        share=_margin_shares(segments, today.names),
        stretch=float(np.sqrt(weeks / check.hold_out.weeks)),
        seed=seed,
    )
    outside = _outside(models, groups, weeks)
    second = second_opinion(found, seed=seed).difference(models.histories, horizon=weeks)
    return _told(
        ahead, today, segments, worth, check, discount=discount, years=years,
        outside=outside, second=second,
    )  # fmt: skip


def _outside(models: Models, groups: NDArray[np.int64], weeks: float) -> float:
    """Share of the purchases to come of those who are in no segment."""
    each = bg_nbd.purchases_to_come(models.histories, models.purchases, horizon=weeks)
    each = each[models.histories.place]
    return float(each[groups < 0].sum() / each.sum())


def _margin_shares(segments: Segments, names: list[str]) -> Floats:
    """Margin as a share of revenue per segment; 1 where the company has not said it."""
    if segments.margin_share is None:
        return np.ones(len(names))
    frame = segments.segments.set_index("segment").reindex(names)
    share = frame["margin"] / frame["spend"]
    return share.fillna(segments.margin_share).to_numpy(float)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Ahead:
    """Draws of the money to come, in the margin of each segment.

    Attributes:
        drawn: Revenue per segment.
        share: Margin share per segment.
        stretch: By which an error of the weeks held back grows over the horizon: errors of
            successive half years add up as chance does, with the root of their number.
        seed: Same seed, same draws.
    """

    drawn: forecasts.Forecast
    share: Floats
    stretch: float
    seed: int

    @property
    def expected(self) -> Floats:
        """Margin per segment."""
        return self.drawn.expected * self.share

    def draws(self, misfit: float) -> Floats:
        """Margin per draw and segment, each segment off by its own share of the misfit."""
        rng = np.random.default_rng(self.seed + 11)
        off = rng.normal(size=self.drawn.draws.shape) * misfit * self.stretch
        return np.asarray(self.drawn.draws * self.share * np.exp(off))

    def total_draws(self, misfit: float) -> Floats:
        """Margin of all segments together, the whole off by the misfit of the whole."""
        rng = np.random.default_rng(self.seed + 12)
        off = rng.normal(size=len(self.drawn.draws)) * misfit * self.stretch
        return np.asarray((self.drawn.draws * self.share).sum(axis=1) * np.exp(off))


def misfit_of(expected: Floats, actual: Floats, low: Floats, high: Floats) -> float:
    """By how much forecasts are off beyond chance: standard deviation of the logarithm.

    Args:
        expected: Forecasts, above 0.
        actual: What came, above 0.
        low: Lower bound of nine in ten futures if the model is right.
        high: Upper bound.

    Example:
        >>> one = np.array([100.0])
        >>> misfit_of(one, one * 1.02, one * 0.95, one * 1.05)
        0.0
        >>> round(misfit_of(one, one * 1.30, one * 0.95, one * 1.05), 2)
        0.26
    """
    off = np.log(actual / expected) ** 2
    chance = (np.log(high / low) / TO_SIGMA) ** 2
    if np.mean(off / chance) <= BEYOND_CHANCE:
        return 0.0
    weight = expected / expected.sum()
    return float(np.sqrt(max(weight @ (off - chance), 0.0)))


def _misfits(check: LifetimeCheck) -> tuple[float, float]:
    """Misfit of segments that can be told, and of the whole.

    Errors of segments may cancel in the weeks held back and need not do so over the horizon.
    Where segments are off beyond chance, the error of the whole is therefore not forgiven as
    chance either.
    """
    frame = check.to_frame()
    frame = frame[(frame["segment"] != "") & (frame["error"].abs() <= LARGEST_SEGMENT_ERROR)]
    columns = [frame[key].to_numpy(float) for key in ("expected", "actual", "low", "high")]
    each = misfit_of(*columns) if len(frame) else 0.0
    whole = (check.expected, check.actual, check.low, check.high)
    of_whole = misfit_of(*(np.array([value]) for value in whole))
    if each:
        chance = np.log(check.high / check.low) / TO_SIGMA
        of_whole = max(of_whole, float(np.hypot(np.log1p(check.error), chance)))
    return each, of_whole


def _told(
    ahead: _Ahead,
    today: SortedCustomers,
    segments: Segments,
    worth: SegmentEquity | Untold,
    check: LifetimeCheck,
    *,
    discount: float,
    years: int,
    outside: float,
    second: float,
) -> LifetimeEquity:
    each, whole = _misfits(check)
    tail = (1 - forecasts.LEVEL) / 2
    low, high = np.quantile(ahead.draws(each), [tail, 1 - tail], axis=0) * segments.scale
    total_low, total_high = np.quantile(ahead.total_draws(whole), [tail, 1 - tail])
    model = pd.DataFrame(
        {
            "segment": today.names,
            "equity": ahead.expected * segments.scale,
            "low": low,
            "high": high,
        }
    )
    frame = segments.segments[["segment", "n_customers", "margin", "spend"]].merge(
        model, on="segment"
    )
    frame = frame.assign(n_customers=frame["n_customers"] * segments.scale)
    frame = _beside(frame, segments, worth, discount=discount, years=years)
    total = float(model["equity"].sum())
    first = float(frame["first"].sum())
    has_rates = not isinstance(worth, Untold)
    return LifetimeEquity(
        segments=_shown(frame, check),
        total=total,
        low=float(total_low) * segments.scale,
        high=float(total_high) * segments.scale,
        with_first=total + first,
        by_segment=float(frame["by_segment"].sum()) if has_rates else float("nan"),
        by_one=float(frame["by_one"].sum()) if has_rates else float("nan"),
        endless_by_segment=worth.total if isinstance(worth, SegmentEquity) else float("nan"),
        endless_by_one=worth.one_rate if isinstance(worth, SegmentEquity) else float("nan"),
        years=years,
        discount=discount,
        misfit=each * ahead.stretch,
        second=second,
        outside=outside,
        has_margin=segments.margin_share is not None,
        scale=segments.scale,
    )


def _beside(
    frame: pd.DataFrame,
    segments: Segments,
    worth: SegmentEquity | Untold,
    *,
    discount: float,
    years: int,
) -> pd.DataFrame:
    """The past year's margin, and both ways by rates over the same years."""
    yearly = frame["margin"] if segments.margin_share is not None else frame["spend"]
    first = (yearly * frame["n_customers"]).rename("first")
    if isinstance(worth, Untold):
        return frame.assign(first=first, by_segment=np.nan, by_one=np.nan)
    rates = worth.segments.set_index("segment")["retention"].reindex(frame["segment"])
    own = rate_multiple(rates.to_numpy(float), discount=discount, years=years)
    one = rate_multiple(worth.one_retention, discount=discount, years=years)
    by_one = frame["n_customers"] * worth.one_margin * float(one)
    return frame.assign(first=first, by_segment=first * own, by_one=by_one)


def _shown(frame: pd.DataFrame, check: LifetimeCheck) -> pd.DataFrame:
    """The table: no figures of the model where its forecast of the segment failed."""
    errors = check.to_frame().set_index("segment")["error"].reindex(frame["segment"])
    frame = frame.assign(
        error=errors.to_numpy(float),
        value=frame["equity"] / frame["n_customers"],
        with_first=frame["equity"] + frame["first"],
    ).sort_values("equity", ascending=False, ignore_index=True)
    failed = frame["n_customers"].isna() | (frame["error"].abs() > LARGEST_SEGMENT_ERROR)
    for column in ("equity", "low", "high", "value", "with_first"):
        frame[column] = frame[column].mask(failed)
    columns = ["segment", "n_customers", "value", "equity", "low", "high", "with_first"]
    return frame[[*columns, "by_segment", "by_one", "error"]]
