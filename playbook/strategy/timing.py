"""How long the plan takes: the planned path, and what chance does to it.

The path of the PERT means is the date that a plan shows; where several paths meet, the
latest decides, so the simulated end comes later (merge bias, Hulett).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.curves import Mark, curve
from playbook.display.charts.plans import gantt
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.schedule import drawn, pert, schedule, widened
from playbook.strategy.roadmap import Roadmap
from playbook.strategy.roadmap_checks import usable
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

N_DRAWS = 20_000
SAFE = 0.80
OFTEN = 0.10


@dataclass(frozen=True, kw_only=True, eq=False)
class Timing(Result):
    """When the plan ends, and what decides it.

    Attributes:
        tasks: One row per task in the order of their start: ``task``, ``title``,
            ``owner``, ``weeks`` and ``sd`` (PERT), ``start``, ``end`` (weeks from the
            start, on the PERT means), ``late_end`` (kept in four of five draws),
            ``slack`` (weeks), ``is_critical``, ``critical_share`` (of draws).
        finish: End of the plan in every draw, weeks, on the estimates as they were given.
        finish_wide: The same with both sides of every estimate stretched by ``widening``.
        start: First day.
        planned_weeks: Length of the path of the PERT means.
        promised_weeks: The promise.
        widening: The room's widening factor, 1 or more.
    """

    tasks: pd.DataFrame
    finish: np.ndarray
    finish_wide: np.ndarray
    start: dt.date
    planned_weeks: float
    promised_weeks: float
    widening: float

    @property
    def safe_weeks(self) -> float:
        """Weeks that are kept in four cases of five."""
        return float(np.quantile(self.finish, SAFE))

    @property
    def safe_weeks_wide(self) -> float:
        """The same if the room's estimates are as far off as its quiz says."""
        return float(np.quantile(self.finish_wide, SAFE))

    def kept_share(self, weeks: float) -> float:
        """How often the plan ends within so many weeks."""
        return float((self.finish <= weeks + 1e-9).mean())

    def day(self, weeks: float) -> dt.date:
        """The day after so many weeks, rounded up."""
        return self.start + dt.timedelta(days=math.ceil(weeks * 7 - 1e-9))

    @property
    def headline(self) -> str:
        """How often the promise holds, and which one would hold in four cases of five."""
        kept = 100 * self.kept_share(self.promised_weeks)
        words = ngettext(
            "The promise of {weeks} weeks is kept in {n} case of 100; {safe} weeks, until {date}, "
            "in 80.",
            "The promise of {weeks} weeks is kept in {n} cases of 100; {safe} weeks, until {date}, "
            "in 80.",
            round(kept),
        )
        return words.format(
            weeks=numbers.number(self.promised_weeks, 1),
            n=numbers.number(kept),
            safe=numbers.number(self.safe_weeks, 1),
            date=numbers.date(self.day(self.safe_weeks)),
        )

    @property
    def figures(self) -> list[Figure]:
        """The plan, the simulation, the safe date."""
        return [
            Figure(_("The plan says"), _weeks(self.planned_weeks), _("on the middle estimates")),
            Figure(_("On average"), _weeks(float(self.finish.mean())), _("simulated")),
            Figure(_("In 4 cases of 5 within"), _weeks(self.safe_weeks)),
            Figure(
                _("Promise kept"),
                numbers.percent(self.kept_share(self.promised_weeks)),
                _weeks(self.promised_weeks),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """Tasks off the planned path that often decide the date, and what the quiz adds."""
        quiet = self.tasks[~self.tasks["is_critical"] & (self.tasks["critical_share"] >= OFTEN)]
        words = _("“{title}” is not on the planned path and decides the date in {n} of 100 cases.")
        told = [
            words.format(title=row["title"], n=numbers.number(100 * row["critical_share"]))
            for row in quiet.to_dict("records")
        ]
        if self.widening > 1:
            words = _(
                "If these estimates are as far off as the room's quiz, ranges are {factor} times "
                "as wide: then only {safe}, until {date}, hold in 4 cases of 5."
            )
            told.append(
                words.format(
                    factor=numbers.number(self.widening, 1),
                    safe=_weeks(self.safe_weeks_wide),
                    date=numbers.date(self.day(self.safe_weeks_wide)),
                )
            )
        return told

    @property
    def assumptions(self) -> list[str]:
        """What was drawn and what was not."""
        return [
            _("Lengths are drawn from beta-PERT distributions, each task by itself."),
            _("Nobody is short of people: two tasks of one role may run at the same time."),
        ]

    @property
    def formula(self) -> str:
        """How a length is estimated."""
        return _("planned length = (optimistic + 4 × likely + pessimistic) ÷ 6; {n} draws").format(
            n=numbers.number(len(self.finish))
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per task."""
        return self.tasks.assign(
            day=[self.day(float(week)) for week in self.tasks["end"]],
            owner=self.tasks["owner"].replace("", None),
        )

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "title": Column(_("Task")),
            "owner": Column(_("Owner")),
            "weeks": Column(_("Weeks"), "number", 1),
            "start": Column(_("Starts after"), "number", 1),
            "end": Column(_("Ends after"), "number", 1),
            "day": Column(_("That is"), "date"),
            "slack": Column(_("May slip by"), "number", 1),
            "critical_share": Column(_("Decides the date"), "share"),
        }

    def _path(self) -> str:
        """The tasks of the planned path."""
        path = self.tasks.loc[self.tasks["is_critical"], "title"]
        return _("The planned path: {tasks}.").format(tasks=" → ".join(path))

    def _promise(self) -> str:
        """The safe promise beside the one that was given."""
        words = _("{safe} are a promise that holds in 4 cases of 5; {promised} hold in {n} of 100.")
        return words.format(
            safe=_weeks(self.safe_weeks),
            promised=_weeks(self.promised_weeks),
            n=numbers.number(100 * self.kept_share(self.promised_weeks)),
        )

    def plot(self) -> Chart:
        """The plan as a Gantt chart."""
        shown = self.tasks.assign(
            note=[numbers.percent(float(share)) for share in self.tasks["critical_share"]]
        )
        return gantt(
            shown,
            task="title",
            start="start",
            end="end",
            late_end="late_end",
            note="note",
            critical="is_critical",
            title=self._path(),
            subtitle=_(
                "Weeks of every task; pale: its end in 4 cases of 5; percent: how often it decides "
                "the date; blue: on the planned path"
            ),
            x_label=_("Weeks from {date}").format(date=numbers.date(self.start)),
            marks={_("promised"): self.promised_weeks},
        )

    def plot_finish(self) -> Chart:
        """The chance to be done within so many weeks, with the promise and the safe date."""
        weeks = np.quantile(self.finish, np.linspace(0.002, 0.998, 120))
        shares = [self.kept_share(week) for week in weeks]
        promise = self.kept_share(self.promised_weeks)
        hue = theme.KEPT if promise >= SAFE else theme.LOST
        marks = [self._mark(self.promised_weeks, _("promised"), hue=hue)]
        if promise < SAFE:
            marks.append(self._mark(self.safe_weeks, _("holds in 4 cases of 5"), hue=theme.KEPT))
        return curve(
            pd.DataFrame({"weeks": weeks, "share": shares}),
            x="weeks",
            y="share",
            title=self._promise(),
            subtitle=_("Chance that the plan is done within so many weeks"),
            marks=marks,
            y_unit="share",
            x_label=_("Weeks from {date}").format(date=numbers.date(self.start)),
        )

    def _mark(self, weeks: float, what: str, *, hue: str) -> Mark:
        words = f"{what}: {_weeks(weeks)}"
        return Mark(x=weeks, y=self.kept_share(weeks), words=words, hue=hue, side="lower right")


def _weeks(value: float) -> str:
    return _("{n} weeks").format(n=numbers.number(value, 1))


def timing(
    roadmap: Roadmap,
    *,
    promised_weeks: float | None = None,
    widening: float = 1.0,
    n_draws: int = N_DRAWS,
    seed: int,
) -> Timing:
    """Compute the plan's dates and simulate them.

    Args:
        roadmap: The plan.
        promised_weeks: The promise; the roadmap's own when not given.
        widening: The room's widening factor; stretches both sides of every estimate.
        n_draws: Number of draws.
        seed: Same seed, same draws.

    Raises:
        PlaybookError: The plan has a circle or estimates out of order.
    """
    plan = usable(roadmap)
    network, estimates = plan.network(), plan.estimates()
    mean, sd = pert(*estimates)
    planned = schedule(network, mean)
    many = schedule(network, drawn(*estimates, n_draws=n_draws, seed=seed))
    stretched = widened(*estimates, factor=widening)
    wide = schedule(network, drawn(*stretched, n_draws=n_draws, seed=seed))
    tasks = pd.DataFrame(
        {
            "task": planned.tasks,
            "title": [task.title for task in plan.tasks],
            "owner": [task.owner for task in plan.tasks],
            "weeks": mean,
            "sd": sd,
            "start": planned.start[0],
            "end": planned.end[0],
            "late_end": np.maximum(np.quantile(many.end, SAFE, axis=0), planned.end[0]),
            "slack": planned.slack[0],
            "is_critical": planned.slack[0] < 1e-9,
            "critical_share": many.criticality,
        }
    )
    return Timing(
        tasks=tasks.sort_values(["start", "end"], kind="stable").reset_index(drop=True),
        finish=many.finish,
        finish_wide=wide.finish,
        start=plan.start,
        planned_weeks=float(planned.finish[0]),
        promised_weeks=plan.promised_weeks if promised_weeks is None else promised_weeks,
        widening=widening,
    )
