"""What a check found: one sentence each, how bad it is, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

Severity = Literal["error", "warning", "hint"]
_ORDER: tuple[Severity, ...] = ("error", "warning", "hint")


def severity_word(severity: Severity) -> str:
    """How bad it is, as the reader sees it."""
    return {"error": _("Mend"), "warning": _("Look again"), "hint": _("Good to know")}[severity]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a check found.

    Attributes:
        rule: Name of the check, for tests and for a filter.
        severity: ``error`` must be mended before anybody decides on it, ``warning``
            should be looked at again, ``hint`` is good to know.
        where: The goal, card or task it is about.
        problem: What is wrong, in one sentence with the values found.
        advice: What to do, in one sentence.
    """

    rule: str
    severity: Severity
    where: str
    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Findings(Result):
    """Everything a check found, the worst first.

    Attributes:
        subject: What was checked, such as "goals"; already in the reader's language.
        n_checked: How many pieces were checked.
        items: The findings.
    """

    subject: str
    n_checked: int
    items: tuple[Finding, ...]

    def of(self, severity: Severity) -> list[Finding]:
        """The findings of one severity."""
        return [item for item in self.items if item.severity == severity]

    def rules(self) -> set[tuple[str, str]]:
        """Every ``(rule, where)`` that was found."""
        return {(item.rule, item.where) for item in self.items}

    @property
    def headline(self) -> str:
        """How much there is to mend, in one sentence."""
        n = len(self.of("error"))
        if not self.items:
            return _("{subject}: nothing to mend.").format(subject=self.subject)
        if not n:
            return _(
                "{subject}: nothing that must be mended, some things to look at again."
            ).format(subject=self.subject)
        words = ngettext(
            "{subject}: {n} thing must be mended before anybody relies on it.",
            "{subject}: {n} things must be mended before anybody relies on them.",
            n,
        )
        return words.format(subject=self.subject, n=numbers.number(n))

    @property
    def figures(self) -> list[Figure]:
        """How many findings of each kind."""
        counts = [Figure(_("Checked"), numbers.number(self.n_checked))]
        return counts + [
            Figure(severity_word(severity), numbers.number(len(self.of(severity))))
            for severity in _ORDER
            if self.of(severity)
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per finding: ``severity``, ``where``, ``problem``, ``advice``."""
        rows = sorted(self.items, key=lambda item: _ORDER.index(item.severity))
        return pd.DataFrame(
            {
                "severity": [severity_word(item.severity) for item in rows],
                "where": [item.where for item in rows],
                "problem": [item.problem for item in rows],
                "advice": [item.advice for item in rows],
            }
        )

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "severity": Column(_("Weight")),
            "where": Column(_("Where")),
            "problem": Column(_("What was found")),
            "advice": Column(_("What to do")),
        }


def findings(subject: str, *, n_checked: int, items: Iterable[Finding]) -> Findings:
    """Collect what the checks of one subject found."""
    return Findings(subject=subject, n_checked=n_checked, items=tuple(items))
