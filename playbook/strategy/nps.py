"""The recommendation score, counted from the company's own survey: the baseline of a goal.

Net promoter score after Reichheld: the share of answers 9 and 10 less that of 0 to 6.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from playbook.display.html import Figure, Html
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.proportions import nps_margin, smallest_visible_change
from playbook.strategy.goals import Goals, KeyResult, Objective, Survey
from playbook.text import gettext as _
from playbook.text import name, ngettext
from playbook.text.numbers import date, number, percent

METRIC = "nps"  # id of its KPI card
WEEKS = 13  # a quarter
LEAST_ANSWERS = 10  # of a region that is told
PROMOTER, DETRACTOR = 9, 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Recommendation(Result):
    """What customers answered in the last quarter.

    Attributes:
        first: First day that counts.
        last: Last day that counts.
        answers: Answers of these days.
        promoters: Share of answers 9 and 10.
        detractors: Share of answers 0 to 6.
        regions: One row per region with enough answers: ``region``, ``answers``, ``score``.
    """

    first: dt.date
    last: dt.date
    answers: int
    promoters: float
    detractors: float
    regions: pd.DataFrame

    @property
    def score(self) -> float:
        """The score, -100 to 100."""
        return 100 * (self.promoters - self.detractors)

    @property
    def margin(self) -> float:
        """How far off one reading may be by luck of the draw, in 95 of 100 surveys."""
        shares = {"promoters": self.promoters, "detractors": self.detractors}
        return nps_margin(**shares, n=self.answers)

    @property
    def headline(self) -> str:
        """The score and its margin."""
        words = ngettext(
            "The recommendation score is {score} ±{margin}, counted from {n} answer.",
            "The recommendation score is {score} ±{margin}, counted from {n} answers.",
            self.answers,
        )
        return words.format(
            score=number(self.score), margin=number(self.margin, 1), n=number(self.answers)
        )

    @property
    def figures(self) -> list[Figure]:
        """Promoters, detractors, and the least change that can be told."""
        return [
            Figure(_("Answers 9 and 10"), percent(self.promoters)),
            Figure(_("Answers 0 to 6"), percent(self.detractors)),
            Figure(
                _("Change that can be told"),
                number(smallest_visible_change(self.margin), 1),
                _("between two readings of this size"),
            ),
        ]

    @property
    def assumptions(self) -> list[str]:
        """Which answers count."""
        words = _(
            "Answers of {first} to {last}. It is a baseline only if later readings ask the same "
            "people in the same way."
        )
        return [words.format(first=date(self.first), last=date(self.last))]

    def to_frame(self) -> pd.DataFrame:
        """One row per region."""
        return self.regions.assign(name=[name(str(one)) for one in self.regions["region"]])

    def columns(self) -> Mapping[str, Column]:
        """How regions are shown."""
        return {
            "name": Column(_("Region")),
            "answers": Column(_("Answers"), "count"),
            "score": Column(_("Score"), "number", 0),
        }


def measure(
    survey: pd.DataFrame | None, *, until: dt.date, stores: pd.DataFrame | None = None
) -> Recommendation | Html:
    """Count the score over the last quarter; nothing where there is no survey until then.

    Args:
        survey: ``answered_on``, ``score`` (0 to 10), ``store_id`` where it is known.
        until: Last day that may be read.
        stores: ``store_id``, ``region``; without it no region is told.
    """
    if survey is None:
        return Html("")
    day = pd.to_datetime(survey["answered_on"])
    known = survey.assign(day=day).loc[day <= pd.Timestamp(until)]
    if known.empty:
        return Html("")
    last = known["day"].max()
    first = last - pd.Timedelta(days=7 * WEEKS - 1)
    chosen = known.loc[known["day"] >= first]
    score = chosen["score"]
    return Recommendation(
        first=first.date(),
        last=last.date(),
        answers=len(chosen),
        promoters=float((score >= PROMOTER).mean()),
        detractors=float((score <= DETRACTOR).mean()),
        regions=_regions(chosen, stores),
    )


def _regions(answers: pd.DataFrame, stores: pd.DataFrame | None) -> pd.DataFrame:
    if stores is None or "region" not in stores or "store_id" not in answers:
        return pd.DataFrame({"region": [], "answers": [], "score": []})
    region = stores.set_index(stores["store_id"].astype(str))["region"]
    score = answers["score"]
    frame = pd.DataFrame(
        {
            "region": answers["store_id"].map(region),
            "points": 100.0 * ((score >= PROMOTER).astype(int) - (score <= DETRACTOR).astype(int)),
        }
    ).dropna()
    found = frame.groupby("region", as_index=False).agg(
        answers=("points", "size"), score=("points", "mean")
    )
    told = found.loc[found["answers"] >= LEAST_ANSWERS]
    return told.sort_values("score", ascending=False, ignore_index=True)


def with_baselines(goals: Goals, counted: Recommendation | Html) -> Goals:
    """The goals, with the counted score where a key result for it has no baseline of its own.

    Args:
        goals: What was agreed and drafted; a stated baseline stays as it is.
        counted: From ``measure``.
    """
    if not isinstance(counted, Recommendation):
        return goals
    every = {"objectives": goals.objectives, "drafts": goals.drafts}
    return goals.model_copy(
        update={
            key: tuple(_of_objective(one, counted) for one in found) for key, found in every.items()
        }
    )


def _of_objective(objective: Objective, counted: Recommendation) -> Objective:
    results = tuple(_of_result(one, counted) for one in objective.key_results)
    return objective.model_copy(update={"key_results": results})


def _of_result(result: KeyResult, counted: Recommendation) -> KeyResult:
    if result.metric != METRIC:
        return result
    survey = Survey(
        answers=counted.answers, promoters=counted.promoters, detractors=counted.detractors
    )
    return result.model_copy(
        update={
            "baseline": round(counted.score) if result.baseline is None else result.baseline,
            "survey": result.survey or survey,
        }
    )
