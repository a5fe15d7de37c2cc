"""Goals: objectives with key results, each with a baseline, a target, a date and one owner.

Objectives and key results after Doerr; the limits (at most five objectives, two to four
key results each) are his, guardrails and counter-metrics are added to them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pandas as pd
from pydantic import Field

from playbook.display.findings import Findings
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.strategy.kpis import Direction, KpiCard, Kpis, written
from playbook.text import gettext as _
from playbook.text import ngettext, numbers


class Survey(Part):
    """How a recommendation score is measured, so that its margin of error is known."""

    answers: int = Field(gt=0, description="answers per reading")
    promoters: float = Field(ge=0, le=1, description="share of answers 9 and 10")
    detractors: float = Field(ge=0, le=1, description="share of answers 0 to 6")


class KeyResult(Part):
    """One number that tells whether the objective was reached; gaps are allowed and found."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name, such as g1")
    metric: str = Field(min_length=1, description="id of a KPI card")
    baseline: float | None = Field(default=None, description="where it stands; shares as 0.62")
    target: float | None = Field(default=None, description="where it shall stand")
    direction: Direction = Field(description="which way it shall move")
    date: dt.date | None = Field(default=None, description="day on which the target is read")
    counter_metric: str = Field(
        default="", description="KPI that must not pay for it, if not the card's"
    )
    survey: Survey | None = Field(default=None, description="for a recommendation score only")
    pushes: dict[str, Direction] = Field(
        default_factory=dict, description="what it moves in the business: driver to up or down"
    )


class Objective(Part):
    """What shall be different, in one sentence, and the numbers that will show it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name, such as o1")
    statement: Words = Field(min_length=1, description="the outcome, not the activity")
    owner: Words = Field(default="", description="the one role that answers for it")
    guardrails: tuple[str, ...] = Field(
        default=(), description="ids of the guardrails that protect it"
    )
    key_results: tuple[KeyResult, ...] = ()


class Guardrail(Part):
    """What must not get worse while the goals are chased."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    metric: str = Field(min_length=1, description="id of a KPI card")
    side: Literal["at_least", "at_most"] = Field(
        description="on which side of the limit it must stay"
    )
    limit: float = Field(description="the limit, in the metric's unit; shares as 0.45")
    is_change: bool = Field(default=False, description="whether the limit is a change from today")


class Goals(Document):
    """What the company wants to be judged by, with the drafts it came from."""

    kind: ClassVar[str] = "goals"
    version: ClassVar[int] = 1

    set_on: dt.date = Field(description="day on which the goals were set")
    data_until: dt.date | None = Field(
        default=None,
        description="last day of data they are held against; empty: the day they were set",
    )
    start: dt.date = Field(description="day from which the change can work")
    revenue_growth: float | None = Field(
        default=None, description="growth of yearly revenue the goals shall bring, 0.03 is 3 %"
    )
    objectives: tuple[Objective, ...] = Field(min_length=1, description="what was agreed")
    drafts: tuple[Objective, ...] = Field(
        default=(), description="what was written silently before it was merged"
    )
    guardrails: tuple[Guardrail, ...] = ()

    @property
    def read_until(self) -> dt.date:
        """Last day of data that the goals are held against."""
        return self.data_until or self.set_on

    def key_results(self) -> Iterator[tuple[Objective, KeyResult]]:
        """Every agreed key result with its objective."""
        for objective in self.objectives:
            for result in objective.key_results:
                yield objective, result


@dataclass(frozen=True, kw_only=True, eq=False)
class GoalCards(Result):
    """The agreed goals, ready for the business case and the pilot's charter.

    Attributes:
        goals: The document.
        kpis: The dictionary in whose KPIs they are written.
        n_to_mend: How many things the checks want mended.
    """

    goals: Goals
    kpis: Kpis
    n_to_mend: int

    @property
    def headline(self) -> str:
        """How many goals, by when, and whether they can be relied on."""
        dates = [result.date for _objective, result in self.goals.key_results() if result.date]
        n = len(list(self.goals.key_results()))
        words = ngettext(
            "We shall be judged by {n} number, read for the last time on {date}.",
            "We shall be judged by {n} numbers, read for the last time on {date}.",
            n,
        )
        return words.format(n=numbers.number(n), date=numbers.date(max(dates, default=None)))

    @property
    def figures(self) -> list[Figure]:
        """Baseline and target of the first four key results."""
        cards = self.kpis.by_id()
        found = []
        for _objective, result in list(self.goals.key_results())[:4]:
            card = cards.get(result.metric)
            if card:
                wanted = (
                    f"{written(result.baseline, card.unit)} → {written(result.target, card.unit)}"
                )
                found.append(Figure(card.name, wanted, numbers.date(result.date)))
        return found

    @property
    def warnings(self) -> list[str]:
        """A word when the goals still have holes."""
        if not self.n_to_mend:
            return []
        words = ngettext(
            "{n} thing in these goals must still be mended.",
            "{n} things in these goals must still be mended.",
            self.n_to_mend,
        )
        return [words.format(n=numbers.number(self.n_to_mend))]

    def to_frame(self) -> pd.DataFrame:
        """One row per key result: objective, metric, baseline, target, date, owner, guardrails."""
        cards = self.kpis.by_id()
        rails = {rail.id: rail for rail in self.goals.guardrails}
        return pd.DataFrame(
            {
                "objective": objective.statement,
                "metric": _metric_name(result.metric, cards),
                "baseline": _written_by(cards.get(result.metric), result.baseline),
                "target": _written_by(cards.get(result.metric), result.target),
                "date": result.date,
                "owner": objective.owner or None,
                "guardrails": "; ".join(
                    guardrail_words(rails[key], cards)
                    for key in objective.guardrails
                    if key in rails
                ),
            }
            for objective, result in self.goals.key_results()
        )

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "objective": Column(_("Objective")),
            "metric": Column(_("Judged by")),
            "baseline": Column(_("Today"), "written"),
            "target": Column(_("Target"), "written"),
            "date": Column(_("Due"), "date"),
            "owner": Column(_("Owner")),
            "guardrails": Column(_("Must not get worse")),
        }


def _metric_name(metric: str, cards: Mapping[str, KpiCard]) -> str:
    return cards[metric].name if metric in cards else metric


def _written_by(card: KpiCard | None, value: float | None) -> str:
    return written(value, card.unit if card else "number")


def guardrail_words(rail: Guardrail, cards: Mapping[str, KpiCard]) -> str:
    """A guardrail in a few words: "queue at most 4 min"."""
    card = cards.get(rail.metric)
    limit = _limit(rail, card)
    metric = _metric_name(rail.metric, cards)
    if rail.side == "at_most":
        return _("{metric}: at most {limit}").format(metric=metric, limit=limit)
    return _("{metric}: at least {limit}").format(metric=metric, limit=limit)


def _limit(rail: Guardrail, card: KpiCard | None) -> str:
    unit = card.unit if card else "number"
    if not rail.is_change:
        return written(rail.limit, unit)
    text = numbers.points(rail.limit) if unit == "share" else written(rail.limit, unit, signed=True)
    return _("{change} from today").format(change=text)


def agreed(goals: Goals, *, kpis: Kpis, checked: Findings) -> GoalCards:
    """The goals with the number of things their checks want mended."""
    return GoalCards(goals=goals, kpis=kpis, n_to_mend=len(checked.of("error")))


def question() -> dict[str, Any]:
    """What the room decides on this page."""
    return {
        "question": _("Are these the numbers by which we want to be judged?"),
        "options": (
            _("Yes: these goals, with these owners"),
            _("Yes, once the findings are mended"),
            _("No: back to the drafts"),
        ),
    }
