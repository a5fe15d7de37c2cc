"""Run chart of the two arms: did something happen that nobody planned?

It looks for harm only. A gain is read once, at the planned look; a fall of the pilot
stores is a reason to step in at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display.chart import Chart
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.pilot.arms import arms_of
from playbook.pilot.charter import Charter
from playbook.pilot.panel import panel, rates
from playbook.stats.runs import Runs, look
from playbook.text import gettext as _

BOARD_WINDOW = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class RunChart(Result):
    """Pilot minus control, week by week, read by two rules.

    Attributes:
        points: One row per week: ``week``, ``gap`` (share), ``is_before`` the start.
        runs: The weeks since the start, held against the median before it.
        usual_run: Longest run in as many weeks of the company's own history, exceeded in
            5 of 100 stretches; 0 where the history is too short.
        usual_crossings: Crossings undercut in 5 of 100 stretches.
        lowest: Lowest weekly gap since the start, against the median before it.
        usual_lowest: Undercut in 5 of 100 stretches of the history; missing if too short.
        window_weeks: Weeks in which customers must come back for this KPI.
        n_hidden: Weeks of the pilot whose window is not over.
    """

    points: pd.DataFrame
    runs: Runs
    usual_run: int
    usual_crossings: int
    lowest: float
    usual_lowest: float
    window_weeks: int
    n_hidden: int

    @property
    def is_signal(self) -> bool:
        """Whether the pilot stores fall behind as they never do by themselves."""
        return self.lowest < self.usual_lowest or (self._is_run_below() and self._is_beyond())

    def _is_beyond(self) -> bool:
        runs = self.runs
        return runs.longest_run > max(runs.longest_allowed, self.usual_run) or (
            runs.crossings < min(runs.crossings_needed, self.usual_crossings)
        )

    def _is_run_below(self) -> bool:
        since = self.points.loc[~self.points["is_before"], "gap"].to_numpy(float)
        return len(since) > 0 and bool(since[self.runs.run_start] < self.runs.centre)

    @property
    def headline(self) -> str:
        """Whether the pilot stores fall behind."""
        if self.is_signal:
            return _("The pilot stores fall behind as they never do by themselves: find out why.")
        return _("Nothing in the weekly numbers asks for stepping in.")

    @property
    def assumptions(self) -> list[str]:
        """The two rules with their limits, and what is not done."""
        return [
            _(
                "Two rules: a run on one side longer than log2(n) + 3, or fewer crossings than a "
                "fair coin gives in 95 of 100 cases (Anhøj and Olesen 2014). A rule for trends is "
                "not used: it adds alarms and finds nothing."
            ),
            _(
                "Weekly values share customers, since their windows overlap, so runs are longer "
                "than with independent weeks: a signal must also exceed what your own history "
                "does in as many weeks."
            ),
            _(
                "The chart asks for stepping in only where pilot stores fall behind: a closed "
                "store, lost data, harm. A gain is read once, at the planned look."
            ),
        ]

    def to_frame(self) -> pd.DataFrame:
        """The two rules with what was found and what is allowed."""
        runs = self.runs
        rows = [
            (
                _("weeks in a row on one side: at most"),
                runs.longest_run,
                runs.longest_allowed,
                self.usual_run,
            ),
            (
                _("changes of side: at least"),
                runs.crossings,
                runs.crossings_needed,
                self.usual_crossings,
            ),
        ]
        return pd.DataFrame(rows, columns=["rule", "found", "limit", "usual"])

    def columns(self) -> Mapping[str, Column]:
        """How the rules are shown."""
        return {
            "rule": Column(_("Rule")),
            "found": Column(_("Seen"), "count"),
            "limit": Column(_("Limit"), "count"),
            "usual": Column(_("Limit from your own history"), "count"),
        }

    def plot(self) -> Chart:
        """The weekly gap around its median."""
        from playbook.display.charts.control import run_chart

        return run_chart(
            self.points,
            x="week",
            y="gap",
            is_before="is_before",
            centre=self.runs.centre,
            title=self.headline,
            subtitle=_(
                "Pilot minus control stores, repeat rate over {n} weeks, percentage points; line: "
                "median before the start"
            ).format(n=self.window_weeks),
            start_words=_("start of the pilot"),
        )


def watch(
    charter: Charter, repeat_rates: pd.DataFrame, *, week: int, window_weeks: int = BOARD_WINDOW
) -> RunChart:
    """The weekly gap of the arms, up to what was known at the end of ``week``.

    Args:
        charter: The sealed charter.
        repeat_rates: Counts per store, anchor and window.
        week: Weeks since the start.
        window_weeks: Window of the weekly KPI, shorter than that of the outcome.

    Raises:
        PlaybookError: The window is missing, or no week before the start is known.
    """
    arms = arms_of(charter)
    start = pd.Timestamp(charter.start)
    until = start + pd.Timedelta(weeks=week)
    kpi = panel(rates(repeat_rates, window_weeks=window_weeks), value="repeat_rate")
    kpi = kpi.before(until.date(), window_weeks=window_weeks)
    grid = kpi.of(arms.ids)
    gap = _mean(grid[arms.treated == 1]) - _mean(grid[arms.treated == 0])
    # a window that reaches over the start belongs to neither side
    is_before = np.asarray(kpi.weeks + pd.Timedelta(weeks=window_weeks) <= start)
    is_since = np.asarray(kpi.weeks >= start)
    if not is_before.any():
        raise PlaybookError(
            _("No week before the start is known: there is nothing to hold the pilot against."),
            advice=_("Import at least half a year of receipts before the start."),
        )
    pre_weeks = charter.zone.pre_weeks
    centre = float(np.nanmedian(gap[is_before][-pre_weeks:]))
    n_since = int(is_since.sum())
    stretches = _stretches(gap[is_before], n=n_since, pre_weeks=pre_weeks, hidden=window_weeks)
    shown = is_since | (is_before & np.asarray(kpi.weeks >= start - pd.Timedelta(weeks=pre_weeks)))
    run, crossings, lowest = _usual(stretches)
    return RunChart(
        points=pd.DataFrame(
            {"week": kpi.weeks[shown], "gap": gap[shown], "is_before": is_before[shown]}
        ),
        runs=look(gap[is_since], centre=centre),
        usual_run=run,
        usual_crossings=crossings,
        lowest=float(np.nanmin(gap[is_since]) - centre) if n_since else float("nan"),
        usual_lowest=lowest,
        window_weeks=window_weeks,
        n_hidden=week - n_since,
    )


def _stretches(gap: np.ndarray, *, n: int, pre_weeks: int, hidden: int) -> list[np.ndarray]:
    """Stretches of ``n`` weeks of the history, each less the median of the weeks before it."""
    if n < 1:
        return []
    starts = range(pre_weeks + hidden - 1, len(gap) - n + 1)
    ends = [s - hidden + 1 for s in starts]
    return [
        gap[s : s + n] - np.median(gap[end - pre_weeks : end])
        for s, end in zip(starts, ends, strict=True)
    ]


def _usual(stretches: list[np.ndarray]) -> tuple[int, int, float]:
    """Run and crossings (95 and 5 of 100 stretches), and the lowest point (5 of 100)."""
    if not stretches:
        return 0, 0, float("nan")
    seen = [look(one, centre=0.0) for one in stretches]
    run = np.quantile([one.longest_run for one in seen], 0.95, method="higher")
    crossings = np.quantile([one.crossings for one in seen], 0.05, method="lower")
    lowest = np.quantile([one.min() for one in stretches], 0.05)
    return int(run), int(crossings), float(lowest)


def _mean(grid: np.ndarray) -> np.ndarray:
    """Mean over stores per week, of those that have a value."""
    known = np.isfinite(grid)
    total, n = np.where(known, grid, 0).sum(axis=0), known.sum(axis=0)
    mean: np.ndarray = np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)
    return mean
