"""Who gets what: for each segment an action, its owner, its KPI, its cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, field_validator

from playbook.customers.equity import SegmentEquity
from playbook.customers.gates import Untold
from playbook.customers.rules import Rule, complete
from playbook.customers.segments import Segments, raised_note
from playbook.display.findings import Finding, Findings, findings
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.text import gettext as _
from playbook.text import name, ngettext
from playbook.text.numbers import money_short, number


class Action(Part):
    """What one segment gets that others do not."""

    segment: str = Field(description="id of the segment")
    process: Words = Field(min_length=1, description="the process it belongs to")
    action: Words = Field(min_length=1, description="what is done differently for them")
    owner: Words = Field(default="", description="the one role that answers for it")
    kpi: Words = Field(default="", description="the KPI by which we see whether it works")
    window_weeks: int | None = Field(
        default=None, ge=1, le=104, description="weeks after which the KPI is read"
    )
    cost_per_customer: float | None = Field(
        default=None, ge=0, description="money per customer and year"
    )


class SegmentPlan(Document):
    """How customers are sorted, and what each segment gets."""

    kind: ClassVar[str] = "segments"
    version: ClassVar[int] = 1

    all_customers: int | None = Field(
        default=None,
        ge=1,
        description="active customers of the company, if the receipts are those of a sample",
    )
    rules: tuple[Rule, ...] = Field(
        default=(), description="the company's own rules; empty takes the usual five segments"
    )
    actions: tuple[Action, ...] = Field(default=(), description="who gets what")

    @field_validator("rules")
    @classmethod
    def _rules_are_complete(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        if rules:
            complete(rules)
        return rules


@dataclass(frozen=True, kw_only=True, eq=False)
class WhoGetsWhat(Result):
    """The actions with their cost and what each must achieve to pay for itself.

    Attributes:
        actions: One row per action: ``segment`` (id), ``process``, ``action``, ``owner``,
            ``kpi``, ``window_weeks``, ``cost_per_customer``, ``n_customers`` (of the
            company), ``cost`` (a year), ``cost_for_all`` (if everybody got it),
            ``break_even`` (customers more that must come back, per 1,000 of the segment).
        plan_check: What is missing in the plan.
        scale: Customers of the company for one of the receipts; 1 where these are all.
    """

    actions: pd.DataFrame
    plan_check: Findings
    scale: float = 1.0

    @property
    def cost(self) -> float:
        """Money per year, each segment its own."""
        return float(self.actions["cost"].sum())

    @property
    def cost_for_all(self) -> float:
        """Money per year if everybody got everything."""
        return float(self.actions["cost_for_all"].sum())

    @property
    def headline(self) -> str:
        """The cost of each segment its own, against one comb for all."""
        n = len(self.actions)
        if not n:
            return _("Nobody has written down yet what each segment gets.")
        words = ngettext(
            "{n} action costs {cost} a year where each segment gets its own; "
            "everybody getting everything would cost {all}.",
            "{n} actions cost {cost} a year where each segment gets its own; "
            "everybody getting everything would cost {all}.",
            n,
        )
        return words.format(
            n=number(n), cost=money_short(self.cost), all=money_short(self.cost_for_all)
        )

    @property
    def figures(self) -> list[Figure]:
        """The two costs and the difference."""
        if self.actions.empty:
            return []
        return [
            Figure(_("Each its own"), money_short(self.cost), _("a year")),
            Figure(_("All the same"), money_short(self.cost_for_all), _("a year")),
        ]

    @property
    def warnings(self) -> list[str]:
        """What the plan lacks."""
        return [f"{item.where}: {item.problem}" for item in self.plan_check.items]

    def to_frame(self) -> pd.DataFrame:
        """One row per action, with the name of its segment."""
        words = _("{process}: {action}")
        return self.actions.assign(
            name=[name(key) for key in self.actions["segment"]],
            what=[
                words.format(process=row["process"], action=row["action"])
                for row in self.actions.to_dict("records")
            ],
            owner=self.actions["owner"].replace("", None),
            kpi=self.actions["kpi"].replace("", None),
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("Segment")),
            "what": Column(_("What they get")),
            "owner": Column(_("Owner")),
            "kpi": Column(_("KPI")),
            "cost_per_customer": Column(_("Per customer"), "money"),
            "cost": Column(_("A year"), "money_short"),
            "break_even": Column(_("Pays from, per 1,000"), "number", 1),
        }

    @property
    def assumptions(self) -> list[str]:
        """What break-even means."""
        return [
            _(
                "Pays from: so many of 1,000 customers must come back who would not have come. "
                "Cost per customer ÷ (yearly margin ÷ (1 + i − r))."
            ),
            *raised_note(self.scale),
            _("Whether it does is not known before it is tried with a control group."),
        ]


def who_gets_what(
    plan: SegmentPlan, segments: Segments, *, equity: SegmentEquity | Untold
) -> WhoGetsWhat:
    """Cost the actions of a plan on the segments as they are.

    Args:
        plan: The plan; it may be empty.
        segments: The segments.
        equity: Margin and retention per segment; without them nothing breaks even.
    """
    actions = plan.actions
    people = segments.segments.set_index("segment")["n_customers"] * segments.scale
    rows = [action.model_dump() for action in actions]
    frame = pd.DataFrame(rows, columns=list(Action.model_fields))
    each = frame["cost_per_customer"].astype(float)
    n = frame["segment"].map(people).astype(float)
    return WhoGetsWhat(
        actions=frame.assign(
            cost_per_customer=each,
            n_customers=n,
            cost=each * n,
            cost_for_all=each * segments.n_customers * segments.scale,
            break_even=1000 * each / frame["segment"].map(_kept_worth(equity)).astype(float),
        ),
        plan_check=check_plan(actions, names=segments.segments["segment"].tolist()),
        scale=segments.scale,
    )


def _kept_worth(equity: SegmentEquity | Untold) -> pd.Series:
    """What one more customer who comes back is worth today, per segment."""
    if isinstance(equity, Untold):
        return pd.Series(dtype=float)
    rows = equity.segments.set_index("segment")
    worth = rows["margin"] / (1 + equity.discount - rows["retention"])
    return worth.where(worth > 0, np.nan)


def check_plan(actions: tuple[Action, ...], *, names: list[str]) -> Findings:
    """Look for segments without an action and for actions without owner, KPI or cost."""
    found = [*_without_action(actions, names), *(one for a in actions for one in _gaps(a, names))]
    return findings(_("Who gets what"), n_checked=len(actions), items=found)


def _without_action(actions: tuple[Action, ...], names: list[str]) -> Iterator[Finding]:
    served = {action.segment for action in actions}
    for segment in names:
        if segment not in served:
            yield Finding(
                rule="no_action",
                severity="warning",
                where=name(segment),
                problem=_("Nothing is done differently for them."),
                advice=_("Say what they get, or say that they get what everybody gets."),
            )


def _gaps(action: Action, names: list[str]) -> Iterator[Finding]:
    missing = {
        "no_owner": (action.owner, _("“{action}” has no owner."), _("Name one role.")),
        "no_kpi": (action.kpi, _("“{action}” has no KPI."), _("Name one KPI and its window.")),
        "no_cost": (
            action.cost_per_customer is not None,
            _("“{action}” has no cost."),
            _("Estimate the cost per customer and year."),
        ),
        "unknown_segment": (
            action.segment in names,
            _("“{action}” is for a segment that does not exist here."),
            _("Use the id of one of the segments."),
        ),
    }
    for rule, (is_there, problem, advice) in missing.items():
        if not is_there:
            yield Finding(
                rule=rule,
                severity="error",
                where=name(action.segment),
                problem=problem.format(action=action.action),
                advice=advice,
            )


def question() -> dict[str, Any]:
    """The decision of the page: its question and the choices."""
    return {
        "question": _("What shall the segments get?"),
        "options": (
            _("Each segment its own, as in the table"),
            _("Begin with the new and the core, the others later"),
            _("Everybody the same, as before"),
        ),
    }
