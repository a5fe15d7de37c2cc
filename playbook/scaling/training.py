"""Training of those who carry the changed processes, measured on four levels.

Source: Kirkpatrick's levels; they are designed from the results backwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
from pydantic import Field

from playbook.display.findings import Finding, Findings
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.scaling.waves import WavePlan
from playbook.text import gettext as _
from playbook.text import numbers


class Module(Part):
    """One thing that people learn, and how we know that it worked."""

    title: Words = Field(description="what is learned")
    role: Words = Field(description="role that needs it")
    people_per_store: float = Field(gt=0, description="people of that role per store")
    hours: float = Field(gt=0, description="hours of training per person")
    reaction: Words = Field(default="", description="level 1: how it was taken, how measured")
    learning: Words = Field(default="", description="level 2: what is known after it")
    behaviour: Words = Field(
        default="", description="level 3: what is done differently in the shop"
    )
    results: Words = Field(default="", description="level 4: which KPI moves")


class Training(Document):
    """The training plan of the rollout."""

    kind: ClassVar[str] = "training"

    modules: tuple[Module, ...] = Field(min_length=1, description="what is trained")


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingNeeds(Result):
    """Seats and hours per role and wave.

    Attributes:
        table: One row per module: ``title``, ``role``, ``people``, ``hours`` (person-hours
            over all waves), ``behaviour``, ``results``.
        by_wave: One row per wave: ``wave``, ``people`` (seats of all modules), ``hours``.
    """

    table: pd.DataFrame
    by_wave: pd.DataFrame

    @property
    def headline(self) -> str:
        """The size of the task, in one sentence."""
        return _("{seats} seats and {hours} person-hours of training until the last wave.").format(
            seats=numbers.number(float(self.table["people"].sum())),
            hours=numbers.number(float(self.table["hours"].sum())),
        )

    @property
    def figures(self) -> list[Figure]:
        """Seats of the largest wave, hours per person."""
        largest = self.by_wave.sort_values("people").iloc[-1]
        return [
            Figure(
                _("Largest wave"),
                numbers.number(float(largest["people"])),
                _("seats in wave {wave}").format(wave=int(largest["wave"])),
            ),
            Figure(
                _("Hours per seat"),
                numbers.number(float(self.table["hours"].sum() / self.table["people"].sum()), 1),
            ),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per module."""
        return self.table

    def columns(self) -> dict[str, Column]:
        """How the modules are shown."""
        return {
            "title": Column(_("What is learned")),
            "role": Column(_("Role")),
            "people": Column(_("Seats"), "count"),
            "hours": Column(_("Person-hours"), "count"),
            "behaviour": Column(_("Seen in the shop")),
            "results": Column(_("KPI that moves")),
        }


def needs(training: Training, plan: WavePlan) -> TrainingNeeds:
    """Seats and hours, from the stores of every wave."""
    stores = plan.waves["n_stores"].sum()
    rows = [
        {
            "title": module.title,
            "role": module.role,
            "people": round(module.people_per_store * stores),
            "hours": module.people_per_store * stores * module.hours,
            "behaviour": module.behaviour,
            "results": module.results,
        }
        for module in training.modules
    ]
    per_store = sum(module.people_per_store for module in training.modules)
    hours = sum(module.people_per_store * module.hours for module in training.modules)
    by_wave = plan.waves[["wave"]].assign(
        people=(plan.waves["n_stores"] * per_store).round(), hours=plan.waves["n_stores"] * hours
    )
    return TrainingNeeds(table=pd.DataFrame(rows), by_wave=by_wave)


def check(training: Training) -> Findings:
    """Modules whose success nobody could see: attendance alone is no measure."""
    items = [finding for module in training.modules for finding in _gaps(module)]
    return Findings(subject=_("Training plan"), n_checked=len(training.modules), items=tuple(items))


def _gaps(module: Module) -> Iterator[Finding]:
    wanted = (
        ("no_behaviour", module.behaviour, _("Nobody could see in the shop that it worked.")),
        ("no_results", module.results, _("No KPI is named that it should move.")),
    )
    for rule, value, problem in wanted:
        if not value:
            yield Finding(
                rule=rule,
                severity="error",
                where=module.title,
                problem=problem,
                advice=_("Begin with the result and work backwards."),
            )
