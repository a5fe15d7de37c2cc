"""Pilot charter (2.2): the question, the zone and the rule, fixed before any outcome is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

import pandas as pd
from pydantic import Field, model_validator

from playbook.engagement.documents import Document, Part, Words
from playbook.pilot.estimator import Estimator, Timing
from playbook.pilot.placebo import Rules
from playbook.strategy.value_model import Change
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date as written
from playbook.text.numbers import percent

ID = r"^[a-z][a-z0-9_]*$"
SEAL = "charter"
Share = Annotated[float, Field(ge=0, le=1)]


class Question(Part):
    """The question in four parts: in whom, which change, against what, does what move?"""

    population: Words = Field(min_length=1, description="which customers in which stores")
    change: Words = Field(min_length=1, description="what is done differently")
    comparison: Words = Field(min_length=1, description="what the others do")
    outcome: Words = Field(min_length=1, description="what shall move, and within which time")


class TestCard(Part):
    """The belief that is put to the test."""

    we_believe: Words = Field(min_length=1)
    to_verify: Words = Field(min_length=1)
    we_measure: Words = Field(min_length=1)
    right_if: Words = Field(min_length=1)


class PrimaryKpi(Part):
    """The one KPI that decides."""

    metric: Literal["repeat_rate"] = Field(description="which computation is used")
    name: Words = Field(min_length=1)
    formula: Words = Field(min_length=1, description="counted how, of whom, over which window")
    window_weeks: int = Field(gt=0, le=52, description="weeks in which customers must come back")


class PilotGuardrail(Part):
    """What must not get worse in the pilot stores.

    ``spend`` is money per customer and week: other than ``basket`` it does not fall where
    purchases are rung up in pieces.
    """

    id: str = Field(pattern=ID)
    name: Words = Field(min_length=1)
    metric: Literal["queue_minutes", "spend", "basket", "identified_share"]
    side: Literal["at_least", "at_most"] = Field(description="on which side it must stay")
    limit: float = Field(description="beyond it the store is amber")
    alarm: float = Field(description="beyond it the store is red")
    is_relative: bool = Field(
        default=False, description="whether both are relative to the store's own past, 0.97"
    )

    def state(self, value: float) -> Literal["green", "amber", "red"]:
        """The colour of one reading."""
        sign = 1 if self.side == "at_most" else -1
        if sign * value > sign * self.alarm:
            return "red"
        return "amber" if sign * value > sign * self.limit else "green"


class ZoneRules(Part):
    """How stores are chosen and assigned."""

    mechanism: Literal["pairs", "strata"] = Field(default="pairs")
    size: int = Field(gt=0, le=2_000, description="pairs, or pilot stores for strata")
    seed: int = Field(description="whoever repeats the draw gets the same stores")
    regions: tuple[str, ...] = ()
    pre_weeks: int = Field(default=26, ge=8, le=104)
    min_age_weeks: int = Field(default=52, ge=0)
    caliper: float = Field(default=1.0, gt=0, description="largest distance within a pair, SD")
    never: tuple[str, ...] = Field(default=(), description="stores that must stay out")


class DecisionRule(Part):
    """What is decided at which result; fixed before the result is known."""

    go_from: Share = Field(default=0.60, description="chance that it pays, going forward")
    adjust_from: Share = Field(default=0.35, description="below it: stop")
    guardrails_decide: bool = Field(
        default=True, description="whether GO needs every guardrail in green"
    )

    @model_validator(mode="after")
    def _in_order(self) -> DecisionRule:
        if self.adjust_from >= self.go_from:
            raise ValueError(
                _("The limit for ADJUST ({a}) must lie below the one for GO ({b}).").format(
                    a=percent(self.adjust_from), b=percent(self.go_from)
                )
            )
        return self


class CharterDraft(Document):
    """The charter before stores are drawn: what the room agrees on."""

    kind: ClassVar[str] = "charter_draft"
    version: ClassVar[int] = 1

    title: Words = Field(min_length=1, description="what the pilot is called")
    question: Question
    test_card: TestCard
    kpi: PrimaryKpi
    guardrails: tuple[PilotGuardrail, ...] = ()
    start: dt.date = Field(description="first day, a Monday")
    weeks: int = Field(gt=0, le=104, description="length, burn-in included")
    burn_in_weeks: int = Field(ge=0, le=26, description="weeks at the start that do not count")
    zone: ZoneRules
    estimator: Estimator = Field(default="ancova")
    looks_weeks: tuple[int, ...] = Field(
        min_length=1, description="weeks after which the outcome is read; usually only the last"
    )
    rule: DecisionRule = Field(default_factory=DecisionRule)
    fallback: tuple[Change, ...] = Field(
        default=(), description="corrections thought of already, should it not pay as designed"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> CharterDraft:
        """Name everything in the plan that cannot be."""
        problems = list(_plan_problems(self))
        if problems:
            raise ValueError(" ".join(problems))
        return self

    @property
    def end(self) -> dt.date:
        """Day after the last."""
        return self.start + dt.timedelta(weeks=self.weeks)

    @property
    def anchor(self) -> dt.date:
        """First day after the burn-in."""
        return self.start + dt.timedelta(weeks=self.burn_in_weeks)

    @property
    def timing(self) -> Timing:
        """When the primary KPI is read."""
        return Timing(
            start=self.start,
            burn_in_weeks=self.burn_in_weeks,
            n_weeks=1,
            window_weeks=self.kpi.window_weeks,
            pre_weeks=self.zone.pre_weeks,
        )

    @property
    def rules(self) -> Rules:
        """How stores are chosen, for placebo pilots."""
        return Rules(
            regions=self.zone.regions,
            min_age_weeks=self.zone.min_age_weeks,
            caliper=self.zone.caliper,
            never=self.zone.never,
        )


def tuned(draft: CharterDraft, *, size: int = 0, seed: int = 0) -> CharterDraft:
    """The draft with another size or seed; zero leaves the planned one."""
    changed = {key: value for key, value in {"size": size, "seed": seed}.items() if value}
    return draft.model_copy(update={"zone": draft.zone.model_copy(update=changed)})


def start_question() -> dict[str, Any]:
    """The decision that page 06 asks for."""
    return {
        "question": _("Does the pilot start like this?"),
        "options": [
            _("Seal the charter and start"),
            _("Change the design"),
            _("No pilot"),
        ],
    }


def _plan_problems(draft: CharterDraft) -> list[str]:
    found = []
    if draft.start.weekday() != 0:
        found.append(
            _("The pilot starts on a Monday; {day} is not one.").format(day=written(draft.start))
        )
    needed = draft.burn_in_weeks + draft.kpi.window_weeks
    if needed > draft.weeks:
        found.append(
            ngettext(
                "Burn-in and window of the KPI need {needed} week; the pilot has {weeks}.",
                "Burn-in and window of the KPI need {needed} weeks; the pilot has {weeks}.",
                needed,
            ).format(needed=needed, weeks=draft.weeks)
        )
    late = [week for week in draft.looks_weeks if week > draft.weeks or week < 1]
    if late:
        found.append(
            _("A look is planned after week {week}, outside the pilot.").format(week=late[0])
        )
    return found


class CharterStore(Part):
    """One store of the pilot."""

    store_id: str = Field(min_length=1)
    arm: Literal["treated", "control"]
    block: str = Field(min_length=1, description="its pair or stratum")


class Charter(CharterDraft):
    """The charter as it is sealed: with its stores and with what it can detect."""

    kind: ClassVar[str] = "charter"
    version: ClassVar[int] = 1

    stores: tuple[CharterStore, ...] = Field(min_length=2)
    mde: float = Field(gt=0, description="effect found in 8 of 10 such pilots, a share")
    break_even: float | None = Field(
        default=None, description="effect from which the programme pays as designed"
    )
    break_even_adjusted: float | None = Field(
        default=None, description="the same with the fallback"
    )

    @model_validator(mode="after")
    def _stores_fit(self) -> Charter:
        """Name stores listed twice and blocks without both arms."""
        problems = list(_store_problems(self.stores))
        if problems:
            raise ValueError(" ".join(problems))
        return self

    @property
    def assignment(self) -> pd.DataFrame:
        """One row per store: ``store_id``, ``arm``, ``block``."""
        return pd.DataFrame([store.model_dump() for store in self.stores])

    @property
    def is_answerable(self) -> bool:
        """Whether the pilot sees the effect from which the programme pays."""
        return self.break_even is None or self.mde <= self.break_even

    @property
    def n_treated(self) -> int:
        """Stores that change."""
        return sum(store.arm == "treated" for store in self.stores)


def _store_problems(stores: Sequence[CharterStore]) -> list[str]:
    ids = [store.store_id for store in stores]
    found = [
        _("The store {store} is listed twice.").format(store=one)
        for one in sorted({one for one in ids if ids.count(one) > 1})
    ]
    arms: dict[str, set[str]] = {}
    for store in stores:
        arms.setdefault(store.block, set()).add(store.arm)
    found += [
        _("In {block} all stores are in one arm: nothing to compare with.").format(block=block)
        for block, present in arms.items()
        if len(present) == 1 and len(arms) == 1
    ]
    if {store.arm for store in stores} != {"treated", "control"}:
        found.append(_("A charter needs pilot stores and control stores."))
    return found
