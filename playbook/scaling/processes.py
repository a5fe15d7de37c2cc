"""Processes along the customer's journey: who does what, by which standard, what failing costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import pandas as pd
from pydantic import Field

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import bars
from playbook.display.findings import Finding, Findings, findings
from playbook.display.html import Figure, Html, fold
from playbook.display.result import Result
from playbook.display.tables import Column, table
from playbook.engagement.documents import Document, Part, Words
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import money_short, number, percent

# The lanes of a service blueprint (Shostack; Bitner), from what the customer sees inwards.
Lane = Literal["customer", "frontstage", "backstage", "support"]


class ProcessStep(Part):
    """One step of the customer's journey, as a card: supplier, input, output, receiver."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name of the step")
    name: Words = Field(min_length=1, description="what is done, beginning with a verb")
    stage: Words = Field(default="", description="part of the journey: choice, till, complaint")
    lane: Lane = Field(
        default="frontstage",
        description="customer (does it), frontstage (seen by the customer), backstage, support",
    )
    supplier: Words = Field(default="", description="who gives what the step needs")
    needs: Words = Field(default="", description="what it needs")
    gives: Words = Field(default="", description="what comes out of it")
    receiver: Words = Field(default="", description="who gets it")
    owner: Words = Field(default="", description="the one role that answers for it")
    kpi: Words = Field(default="", description="the KPI by which it is measured")
    standard: Words = Field(default="", description="what counts as done well, with a number")
    volume: float | None = Field(default=None, ge=0, description="how often it is done in a year")
    failing_share: float | None = Field(
        default=None, ge=0, le=1, description="share that misses the standard, 0.12 is 12 %"
    )
    cost_of_failure: float | None = Field(
        default=None, ge=0, description="money that one failure costs in the end"
    )
    is_measured: bool = Field(
        default=False, description="whether the share was counted; else it is an estimate"
    )

    @property
    def loss(self) -> float | None:
        """Money a year, or nothing where one of the three numbers is missing."""
        numbers = (self.volume, self.failing_share, self.cost_of_failure)
        if any(value is None for value in numbers):
            return None
        volume, share, cost = (float(value or 0) for value in numbers)
        return volume * share * cost


class Processes(Document):
    """The steps of the customer's journey, in their order."""

    kind: ClassVar[str] = "processes"
    version: ClassVar[int] = 1

    steps: tuple[ProcessStep, ...] = Field(min_length=1, description="the steps, in their order")


@dataclass(frozen=True, kw_only=True, eq=False)
class Inventory(Result):
    """The steps ranked by the money they lose.

    Attributes:
        steps: One row per step, the greatest loss first, unknown losses last: the fields of
            ``ProcessStep`` and ``loss`` (money a year).
        step_check: What is missing.
    """

    steps: pd.DataFrame
    step_check: Findings

    @property
    def total(self) -> float:
        """Known losses, money a year."""
        return float(self.steps["loss"].sum())

    @property
    def headline(self) -> str:
        """The step that loses most, and its part of the whole."""
        first = self.steps.iloc[0]
        if pd.isna(first["loss"]) or not self.total:
            return _("No step says yet what its failures cost.")
        return _("“{step}” loses {loss} of {total} a year.").format(
            step=name(str(first["name"])),
            loss=money_short(float(first["loss"])),
            total=money_short(self.total),
        )

    @property
    def figures(self) -> list[Figure]:
        """Loss, how much of it was counted, steps that lack something."""
        measured = float(self.steps.loc[self.steps["is_measured"], "loss"].sum())
        lacking = len({item.where for item in self.step_check.items})
        counted = measured / self.total if self.total else None
        return [
            Figure(_("Lost a year"), money_short(self.total)),
            Figure(_("Counted, not estimated"), percent(counted)),
            Figure(
                _("Steps that lack something"),
                number(lacking),
                _("of {n}").format(n=number(len(self.steps))),
            ),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per step, the greatest loss first."""
        return self.steps.assign(owner=self.steps["owner"].replace("", None))

    def cards(self) -> Html:
        """Every step as a card: who gives what, who gets what, KPI and standard."""
        texts = ["supplier", "needs", "gives", "receiver", "kpi", "standard"]
        frame = self.steps.assign(
            lane_name=self.steps["lane"].map(_lane_names()),
            **{key: self.steps[key].replace("", None) for key in texts},
        )
        words = {
            "name": _("Step"),
            "lane_name": _("Where it happens"),
            "supplier": _("Supplier"),
            "needs": _("Needs"),
            "gives": _("Gives"),
            "receiver": _("Receiver"),
            "kpi": _("KPI"),
            "standard": _("Standard"),
        }
        shown = table(frame, {key: Column(label) for key, label in words.items()})
        return Html(fold(_("The steps as cards"), shown))

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("Step")),
            "owner": Column(_("Owner")),
            "volume": Column(_("Times a year"), "count"),
            "failing_share": Column(_("Misses the standard"), "share", 1),
            "cost_of_failure": Column(_("Cost of one"), "money"),
            "loss": Column(_("Lost a year"), "money_short"),
            "is_measured": Column(_("Counted"), "yes_no"),
        }

    @property
    def assumptions(self) -> list[str]:
        """What a loss is."""
        return [
            _("Loss = times a year × share that misses the standard × cost of one failure."),
            _("Losses of different steps may touch the same customer: the sum is an upper view."),
        ]

    @property
    def formula(self) -> str:
        """How a loss is computed."""
        return _("loss = volume × failing share × cost of a failure")

    def plot(self) -> Chart:
        """Draw the losses, the greatest first; steps without an owner are marked."""
        frame = self.steps.dropna(subset=["loss"])
        no_owner = _("{step} (no owner)")
        labels = [
            row["name"] if row["owner"] else no_owner.format(step=row["name"])
            for row in frame.to_dict("records")
        ]
        orphans = [label for label, owner in zip(labels, frame["owner"], strict=True) if not owner]
        return bars(
            frame.assign(label=labels),
            category="label",
            value="loss",
            title=self.headline,
            subtitle=_("Money lost a year by step; steps without an owner in colour"),
            unit="money_short",
            hues=dict.fromkeys(orphans, theme.LOST),
        )


def _lane_names() -> dict[str, str]:
    return {
        "customer": _("the customer does it"),
        "frontstage": _("before the customer's eyes"),
        "backstage": _("behind the scenes"),
        "support": _("support"),
    }


def inventory(processes: Processes) -> Inventory:
    """Rank the steps by loss and name what they lack."""
    rows = [step.model_dump() | {"loss": step.loss} for step in processes.steps]
    frame = pd.DataFrame(rows)
    numbers = ["volume", "failing_share", "cost_of_failure", "loss"]
    frame = frame.assign(**{key: frame[key].astype(float) for key in numbers})
    frame = frame.sort_values("loss", ascending=False, na_position="last", kind="stable")
    checked = findings(
        _("Processes"),
        n_checked=len(processes.steps),
        items=[item for step in processes.steps for item in _gaps(step)],
    )
    return Inventory(steps=frame.reset_index(drop=True), step_check=checked)


def _gaps(step: ProcessStep) -> Iterator[Finding]:
    """What one step lacks."""
    lacks = {
        "no_owner": (step.owner, _("Nobody answers for it."), _("Name one role.")),
        "no_kpi": (step.kpi, _("No KPI measures it."), _("Choose one KPI.")),
        "no_standard": (
            step.standard,
            _("There is no standard: nobody can say whether it was done well."),
            _("Write what counts as done well, with a number."),
        ),
        "no_loss": (
            step.loss is not None,
            _("What its failures cost is not known."),
            _("Count them for two weeks, then give volume, share and cost of one."),
        ),
    }
    for rule, (is_there, problem, advice) in lacks.items():
        if not is_there:
            yield Finding(
                rule=rule,
                severity="warning" if rule == "no_loss" else "error",
                where=step.name,
                problem=problem,
                advice=advice,
            )
