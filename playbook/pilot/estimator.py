"""Estimators: how the difference between the arms is turned into one effect.

The same code measures the pilot and its placebo twins in the company's own history, so
that what the design promises is what the analysis does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.pilot.panel import Panel
from playbook.text import gettext as _
from playbook.text.numbers import date as written

Estimator = Literal["difference", "ancova"]
RECENT_WEEKS = 8
YEAR_WEEKS = 52


def estimator_words() -> dict[str, str]:
    """What each estimator does, in a few words."""
    return {
        "difference": _("difference of the two arms"),
        "ancova": _("difference of the two arms, adjusted for each store's own past"),
    }


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When the KPI is read.

    Attributes:
        start: First Monday of the pilot.
        burn_in_weeks: Weeks at the start that do not count.
        n_weeks: Weeks whose values are averaged, from the end of the burn-in on; one
            where a value looks ahead itself.
        window_weeks: Weeks that one value looks ahead of its Monday; 0 when it covers
            its own week.
        pre_weeks: Weeks of history behind the first covariate.
    """

    start: dt.date
    burn_in_weeks: int
    n_weeks: int
    window_weeks: int
    pre_weeks: int = 26

    @property
    def anchor(self) -> pd.Timestamp:
        """The first Monday that counts."""
        return pd.Timestamp(self.start) + pd.Timedelta(weeks=self.burn_in_weeks)

    @property
    def total_weeks(self) -> int:
        """Weeks from the start until the outcome is known."""
        return self.burn_in_weeks + self.n_weeks + max(self.window_weeks - 1, 0)

    def moved(self, weeks: int) -> Timing:
        """The same pilot, ``weeks`` later."""
        return Timing(
            start=self.start + dt.timedelta(weeks=weeks),
            burn_in_weeks=self.burn_in_weeks,
            n_weeks=self.n_weeks,
            window_weeks=self.window_weeks,
            pre_weeks=self.pre_weeks,
        )


def outcome(panel: Panel, timing: Timing, *, is_log: bool = False) -> np.ndarray:
    """The KPI of every store after the burn-in; not a number where a week is missing.

    Args:
        panel: The KPI.
        timing: When the pilot takes place.
        is_log: Whether effects are relative: the logarithm is taken of the mean.

    Raises:
        PlaybookError: The data do not reach the end of the pilot, or a logarithm is
            wanted of a KPI that is zero or negative somewhere.
    """
    first = panel.weeks.get_indexer(pd.DatetimeIndex([timing.anchor]))[0]
    if first < 0 or first + timing.n_weeks > len(panel.weeks):
        last = timing.anchor + pd.Timedelta(weeks=timing.n_weeks - 1)
        raise PlaybookError(
            _("The outcome is not known yet: a value for the week of {week} is needed.").format(
                week=written(last.date())
            ),
            advice=_("Import the receipts up to {day}.").format(
                day=written((last + pd.Timedelta(weeks=max(timing.window_weeks, 1))).date())
            ),
        )
    read = panel.grid[:, first : first + timing.n_weeks].mean(axis=1)
    return _logged(read, panel) if is_log else read


def covariates(
    panel: Panel, timing: Timing, *, with_last_year: bool, is_log: bool = False
) -> np.ndarray:
    """What is known about every store before the start: stores by covariates.

    Mean over ``pre_weeks``, mean of the last eight weeks, and the same weeks of the year
    before. Not a number where weeks are missing.

    Args:
        panel: The KPI.
        timing: When the pilot takes place.
        with_last_year: Whether the third is used; ``has_last_year`` says if it can be.
        is_log: As for ``outcome``.
    """
    before = panel.before(timing.start, window_weeks=timing.window_weeks)
    columns = [
        before.tail(timing.pre_weeks).grid.mean(axis=1),
        before.tail(RECENT_WEEKS).grid.mean(axis=1),
    ]
    if with_last_year:
        first = _a_year_before(panel, timing)
        columns.append(panel.grid[:, first : first + timing.n_weeks].mean(axis=1))
    known = np.column_stack(columns)
    return _logged(known, panel) if is_log else known


def _logged(values: np.ndarray, panel: Panel) -> np.ndarray:
    """Natural logarithms; a KPI that is not positive has none."""
    bad = (values <= 0).reshape(len(values), -1).any(axis=1)
    if bad.any():
        raise PlaybookError(
            _("A relative effect needs a KPI above zero."),
            problems=[
                _("{store}: zero or less").format(store=store) for store in panel.stores[bad][:5]
            ],
            advice=_("Leave these stores out, or measure the effect in the KPI's own unit."),
        )
    logged: np.ndarray = np.log(values)
    return logged


def has_last_year(panel: Panel, timing: Timing) -> bool:
    """Whether the weeks of the outcome are known a year earlier too."""
    first = _a_year_before(panel, timing)
    return first >= 0 and bool(
        np.isfinite(panel.grid[:, first : first + timing.n_weeks]).any(axis=0).all()
    )


def _a_year_before(panel: Panel, timing: Timing) -> int:
    """Position of the anchor a year earlier, or -1."""
    day = timing.anchor - pd.Timedelta(weeks=YEAR_WEEKS)
    return int(panel.weeks.get_indexer(pd.DatetimeIndex([day]))[0])
