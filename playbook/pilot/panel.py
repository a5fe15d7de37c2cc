"""Panels: one KPI by store and week, checked once at the door."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display.disclosure import shares
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date as written
from playbook.text.numbers import number

SHOWN = 5  # examples named in a message


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """One value per store and week.

    Attributes:
        stores: Store ids, sorted; the rows of ``grid``.
        weeks: Mondays without a gap, oldest first; the columns of ``grid``.
        grid: The KPI; not a number where a store-week is missing.
    """

    stores: np.ndarray
    weeks: pd.DatetimeIndex
    grid: np.ndarray

    def before(self, day: dt.date, *, window_weeks: int = 0) -> Panel:
        """The weeks whose value was fully known on ``day``.

        Args:
            day: Start of what is to be kept out.
            window_weeks: Weeks that a value looks ahead of its Monday.
        """
        last = pd.Timestamp(day) - pd.Timedelta(weeks=window_weeks)
        known = np.asarray(self.weeks <= last if window_weeks else self.weeks < last)
        return Panel(stores=self.stores, weeks=self.weeks[known], grid=self.grid[:, known])

    def tail(self, n_weeks: int) -> Panel:
        """The last ``n_weeks`` weeks."""
        first = max(len(self.weeks) - n_weeks, 0)
        return Panel(stores=self.stores, weeks=self.weeks[first:], grid=self.grid[:, first:])

    def of(self, stores: np.ndarray) -> np.ndarray:
        """The rows of these stores, in their order; unknown stores are not allowed."""
        rows: np.ndarray = self.grid[np.searchsorted(self.stores, stores)]
        return rows

    def is_complete(self) -> np.ndarray:
        """Per store: whether every week has a value."""
        complete: np.ndarray = np.isfinite(self.grid).all(axis=1)
        return complete


def panel(history: pd.DataFrame, *, value: str) -> Panel:
    """Check a long table and return it as a panel.

    Args:
        history: One row per store and week: ``store_id``, ``week`` (a Monday), ``value``.
        value: Column of the KPI.

    Raises:
        PlaybookError: Columns are missing, the table is empty, store-weeks are there
            twice, weeks do not start on a Monday, or the KPI never changes.
    """
    _check_columns(history, value=value)
    weeks = pd.to_datetime(history["week"])
    frame = pd.DataFrame(
        {
            "store_id": history["store_id"].astype(str).to_numpy(),
            "week": weeks.to_numpy(),
            "value": pd.to_numeric(history[value], errors="coerce").to_numpy(float),
        }
    )
    _check_rows(frame, value=value)
    mondays = pd.date_range(weeks.min(), weeks.max(), freq="7D")
    stores, row = np.unique(frame["store_id"].to_numpy(str), return_inverse=True)
    grid = np.full((len(stores), len(mondays)), np.nan)
    grid[row, mondays.get_indexer(pd.DatetimeIndex(frame["week"]))] = frame["value"]
    return Panel(stores=stores, weeks=mondays, grid=grid)


def rates(repeat_rates: pd.DataFrame, *, window_weeks: int) -> pd.DataFrame:
    """The repeat rate per store and anchor week: ``store_id``, ``week``, ``repeat_rate``.

    It is missing where fewer than ten customers make it up.

    Args:
        repeat_rates: The reduction of that name, counts per store and anchor.
        window_weeks: Which window is wanted.

    Raises:
        PlaybookError: This window is not in the table.
    """
    chosen = repeat_rates.loc[repeat_rates["window_weeks"] == window_weeks]
    if chosen.empty:
        raise PlaybookError(
            ngettext(
                "There is no repeat rate over {weeks} week in the data.",
                "There is no repeat rate over {weeks} weeks in the data.",
                window_weeks,
            ).format(weeks=window_weeks),
            advice=_(
                "Import at least twice as many weeks of receipts, or choose a shorter window."
            ),
        )
    share = shares(chosen["n_repeat"], chosen["n_base"])
    return chosen[["store_id", "week"]].assign(repeat_rate=share).reset_index(drop=True)


def _check_columns(history: pd.DataFrame, *, value: str) -> None:
    missing = [column for column in ("store_id", "week", value) if column not in history.columns]
    if missing:
        raise PlaybookError(
            _("The history of the stores lacks columns."),
            problems=missing,
            advice=_("Give one row per store and week: store_id, week and the KPI."),
        )
    if history.empty:
        raise PlaybookError(
            _("The history of the stores is empty."), advice=_("Import the receipts first.")
        )


def _check_rows(frame: pd.DataFrame, *, value: str) -> None:
    problems = [*_twice(frame), *_not_monday(frame)]
    known = frame["value"].dropna()
    if len(known) and known.max() == known.min():
        words = _("“{value}” is {constant} in every store and week: no difference can be measured.")
        problems.append(words.format(value=value, constant=number(float(known.iloc[0]), 2)))
    if problems:
        raise PlaybookError(
            _("The history of the stores cannot be used."),
            problems=problems,
            advice=_("Correct the table and run this step again."),
        )


def _twice(frame: pd.DataFrame) -> list[str]:
    repeated = frame.loc[frame.duplicated(["store_id", "week"]), ["store_id", "week"]]
    if repeated.empty:
        return []
    shown = repeated.head(SHOWN)
    pairs = zip(shown["store_id"], pd.DatetimeIndex(shown["week"]), strict=True)
    examples = ", ".join(f"{store} {written(week.date())}" for store, week in pairs)
    words = ngettext(
        "{n} store-week is there more than once: {examples}.",
        "{n} store-weeks are there more than once: {examples}.",
        len(repeated),
    )
    return [words.format(n=number(len(repeated)), examples=examples)]


def _not_monday(frame: pd.DataFrame) -> list[str]:
    wrong = frame.loc[frame["week"].dt.day_of_week != 0, "week"]
    if wrong.empty:
        return []
    words = _("Weeks start on Monday; {day} is not one.")
    return [words.format(day=written(pd.Timestamp(wrong.iloc[0]).date()))]
