"""Team (2.1): who carries the pilot, with how much of their time, and who answers for what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import pandas as pd
from pydantic import Field, model_validator

from playbook.display.findings import Finding, Findings, findings
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number, percent

Function = Literal["operations", "marketing", "data", "hr", "finance", "stores", "leadership"]
NEEDED: tuple[Function, ...] = ("operations", "marketing", "data", "hr", "finance", "stores")
MOST_CONSULTED = 3
ID = r"^[a-z][a-z0-9_]*$"


def function_words() -> dict[str, str]:
    """The words for the functions of a company."""
    return {
        "operations": _("operations"),
        "marketing": _("marketing"),
        "data": _("data and IT"),
        "hr": _("people and training"),
        "finance": _("finance"),
        "stores": _("stores"),
        "leadership": _("leadership"),
    }


class Role(Part):
    """A role of the team; a role, not a person's name."""

    id: str = Field(pattern=ID, description="short name, such as analyst")
    name: Words = Field(min_length=1, description="what the role is called")
    function: Function = Field(description="where in the company it belongs")
    fte_share: float = Field(ge=0, le=1, description="share of full time free for the pilot")


class Task(Part):
    """One piece of work with its RACI row."""

    id: str = Field(pattern=ID, description="short name, such as charter")
    name: Words = Field(min_length=1, description="the outcome of the task")
    accountable: tuple[str, ...] = Field(default=(), description="ids of roles; exactly one")
    responsible: tuple[str, ...] = Field(default=(), description="ids of roles that do it")
    consulted: tuple[str, ...] = Field(default=(), description="ids of roles asked before")
    informed: tuple[str, ...] = Field(default=(), description="ids of roles told afterwards")
    effort: dict[str, float] = Field(
        default_factory=dict, description="role to the share of full time it needs, 0.2 is one day"
    )

    def letters(self, role: str) -> str:
        """The letters of a role in this row, such as ``A/R``."""
        held = (
            ("A", self.accountable),
            ("R", self.responsible),
            ("C", self.consulted),
            ("I", self.informed),
        )
        return "/".join(letter for letter, roles in held if role in roles)

    def named(self) -> set[str]:
        """Every role that the row names."""
        return {
            *self.accountable,
            *self.responsible,
            *self.consulted,
            *self.informed,
            *self.effort,
        }


class Team(Document):
    """The pilot's team: its purpose, roles and tasks."""

    kind: ClassVar[str] = "team"
    version: ClassVar[int] = 1

    purpose: Words = Field(min_length=1, description="what the team is there for")
    meets: Words = Field(default="", description="when it meets and who leads")
    may_decide: Words = Field(default="", description="what it decides without asking")
    roles: tuple[Role, ...] = Field(min_length=1)
    tasks: tuple[Task, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Team:
        """Name every role that a task uses and nobody has defined, and ids used twice."""
        known = {role.id for role in self.roles}
        problems = [
            _("The task “{task}” names the role “{role}”, which the team does not have.").format(
                task=task.id, role=role
            )
            for task in self.tasks
            for role in sorted(task.named() - known)
        ]
        ids = [role.id for role in self.roles] + [task.id for task in self.tasks]
        problems += [
            _("The id “{id}” is used twice.").format(id=one)
            for one in sorted({one for one in ids if ids.count(one) > 1})
        ]
        if problems:
            raise ValueError(" ".join(problems))
        return self

    def load(self) -> dict[str, float]:
        """Role to the sum of its efforts, shares of full time."""
        return {
            role.id: sum(task.effort.get(role.id, 0.0) for task in self.tasks)
            for role in self.roles
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class TeamGrid(Result):
    """The RACI grid of the team.

    Attributes:
        team: The document.
        n_to_mend: How many things the checks want mended.
    """

    team: Team
    n_to_mend: int

    @property
    def headline(self) -> str:
        """Whether every task has one who answers for it."""
        team = self.team
        whole = sum(len(task.accountable) == 1 and bool(task.responsible) for task in team.tasks)
        words = ngettext(
            "{whole} of {n} task has exactly one role that answers for it and someone who does it.",
            "{whole} of {n} tasks have exactly one role that answers for them and someone who "
            "does them.",
            len(team.tasks),
        )
        return words.format(whole=number(whole), n=number(len(team.tasks)))

    @property
    def figures(self) -> list[Figure]:
        """Roles, functions covered, time needed."""
        have = {role.function for role in self.team.roles}
        free = sum(role.fte_share for role in self.team.roles)
        return [
            Figure(_("Roles"), number(len(self.team.roles)), ""),
            Figure(
                _("Functions covered"),
                _("{n} of {all}").format(n=len(have & set(NEEDED)), all=len(NEEDED)),
                "",
            ),
            Figure(
                _("Full-time posts needed"),
                number(sum(self.team.load().values()), 1),
                _("{n} are set free").format(n=number(free, 1)),
            ),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per task: ``task``, then the letters of every role; last the load."""
        rows = [
            {"task": task.name} | {role.id: task.letters(role.id) for role in self.team.roles}
            for task in self.team.tasks
        ]
        load = self.team.load()
        last = {"task": _("Load, of the time set free")} | {
            role.id: f"{percent(load[role.id])} / {percent(role.fte_share)}"
            for role in self.team.roles
        }
        return pd.DataFrame([*rows, last])

    def columns(self) -> Mapping[str, Column]:
        """Roles as columns."""
        return {"task": Column(_("Task"))} | {
            role.id: Column(role.name) for role in self.team.roles
        }

    @property
    def assumptions(self) -> list[str]:
        """What the letters mean."""
        return [
            _("A answers for the outcome, R does the work, C is asked before, I is told after."),
            _("Load is the sum of the efforts of a role over all tasks, in shares of full time."),
        ]


def check(team: Team) -> Findings:
    """Look for rows without one accountable, overload, functions nobody speaks for."""
    items = [*_rows(team), *_overload(team), *_functions(team), *_same_accountable(team)]
    return findings(_("Team"), n_checked=len(team.tasks) + len(team.roles), items=items)


def grid(team: Team) -> TeamGrid:
    """The RACI grid with the number of things to mend."""
    return TeamGrid(team=team, n_to_mend=len(check(team).of("error")))


def _rows(team: Team) -> Iterator[Finding]:
    names = {role.id: role.name for role in team.roles}
    for task in team.tasks:
        if len(task.accountable) != 1:
            yield _accountable(task, names)
        if not task.responsible:
            yield Finding(
                rule="no_responsible",
                severity="error",
                where=task.name,
                problem=_("Nobody does the work."),
                advice=_("Name who does it, split the task, or drop it."),
            )
        if len(task.consulted) > MOST_CONSULTED:
            yield Finding(
                rule="many_consulted",
                severity="warning",
                where=task.name,
                problem=ngettext(
                    "{n} role must be asked before anything happens.",
                    "{n} roles must be asked before anything happens.",
                    len(task.consulted),
                ).format(n=len(task.consulted)),
                advice=_("Each question is a loop: ask fewer, tell the others afterwards."),
            )


def _accountable(task: Task, names: Mapping[str, str]) -> Finding:
    if not task.accountable:
        problem = _("Nobody answers for the outcome.")
    else:
        problem = ngettext(
            "{n} role answers for the outcome: {roles}.",
            "{n} roles answer for the outcome: {roles}.",
            len(task.accountable),
        ).format(n=len(task.accountable), roles=", ".join(names[role] for role in task.accountable))
    return Finding(
        rule="accountable",
        severity="error",
        where=task.name,
        problem=problem,
        advice=_("Leave exactly one; the others do the work or are asked."),
    )


def _overload(team: Team) -> Iterator[Finding]:
    load = team.load()
    for role in team.roles:
        if load[role.id] > role.fte_share + 1e-9:
            yield Finding(
                rule="overload",
                severity="error",
                where=role.name,
                problem=_("Needs {need} of full time and has {free}.").format(
                    need=percent(load[role.id]), free=percent(role.fte_share)
                ),
                advice=_("Set more time free, or give tasks to somebody else before the start."),
            )


def _functions(team: Team) -> Iterator[Finding]:
    have = {role.function for role in team.roles}
    for function in NEEDED:
        if function not in have:
            yield Finding(
                rule="function",
                severity="warning",
                where=function_words()[function],
                problem=_("Nobody in the team speaks for this function."),
                advice=_("Add a role, or say who is asked instead."),
            )


def _same_accountable(team: Team) -> Iterator[Finding]:
    held = [task.accountable[0] for task in team.tasks if len(task.accountable) == 1]
    for role in team.roles:
        share = held.count(role.id) / len(team.tasks)
        if len(team.tasks) >= 4 and share > 0.6:
            yield Finding(
                rule="one_for_all",
                severity="warning",
                where=role.name,
                problem=_("Answers for {share} of the tasks.").format(share=percent(share)),
                advice=_("Let those who own the process answer for its outcome."),
            )
