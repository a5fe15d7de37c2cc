"""Who decides what: orphan and double rights, vetoes, rights of posts that do not exist.

Decision rights after Rogers & Blenko (RAPID): recommend, agree, perform, input, decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from playbook.display.findings import Finding, Findings, findings
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.scaling.organisation import PARTS, DecisionRight, Organisation
from playbook.text import gettext as _
from playbook.text import name, ngettext
from playbook.text.numbers import number

MOST_AGREE = 2  # each further agreement is one more veto


@dataclass(frozen=True, kw_only=True, eq=False)
class DecisionRights(Result):
    """Who takes part in which decision, and which decisions have no head or two.

    Attributes:
        rights: One row per decision: ``name`` and, for each part, the titles of its posts.
        right_check: Orphan and double rights, and rights of posts that do not exist.
    """

    rights: pd.DataFrame
    right_check: Findings

    @property
    def headline(self) -> str:
        """How many decisions have exactly one head."""
        rules = self.right_check.rules()
        bad = {where for rule, where in rules if rule in ("no_decide", "two_decide")}
        clear = len(self.rights) - len(bad)
        words = ngettext(
            "{clear} of {n} decision has exactly one who decides.",
            "{clear} of {n} decisions have exactly one who decides.",
            len(self.rights),
        )
        return words.format(clear=number(clear), n=number(len(self.rights)))

    def to_frame(self) -> pd.DataFrame:
        """One row per decision."""
        return self.rights

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("Decision")),
            "recommend": Column(_("Recommends")),
            "agree": Column(_("Must agree")),
            "input": Column(_("Is asked")),
            "decide": Column(_("Decides")),
            "perform": Column(_("Carries out")),
        }


def decision_rights(organisation: Organisation) -> DecisionRights:
    """Lay the decision rights out and look for orphans and doubles."""
    titles = {post.id: post.title for post in organisation.posts}
    rows = [{"name": one.name, **_titles(one, titles)} for one in organisation.decisions]
    there = {post.id for post in organisation.posts if post.n_next > 0}
    found = [item for one in organisation.decisions for item in _problems(one, titles, there)]
    checked = findings(_("Decision rights"), n_checked=len(rows), items=found)
    return DecisionRights(rights=pd.DataFrame(rows, columns=["name", *PARTS]), right_check=checked)


def _titles(right: DecisionRight, titles: Mapping[str, str]) -> dict[str, str | None]:
    """The titles of the posts that have each part of a decision."""
    return {
        part: ", ".join(titles.get(post, name(post)) for post in getattr(right, part)) or None
        for part in PARTS
    }


def _problems(
    right: DecisionRight, titles: Mapping[str, str], there: set[str]
) -> Iterator[Finding]:
    """What is wrong with the rights of one decision."""

    def finding(
        rule: str, problem: str, advice: str, severity: Literal["error", "warning"] = "error"
    ) -> Finding:
        return Finding(
            rule=rule, severity=severity, where=right.name, problem=problem, advice=advice
        )

    if not right.decide:
        yield finding("no_decide", _("Nobody decides."), _("Name the one post that decides."))
    if len(right.decide) > 1:
        names = ", ".join(titles.get(post, name(post)) for post in right.decide)
        yield finding(
            "two_decide",
            _("More than one decides: {names}.").format(names=names),
            _("Leave one; the others may agree or be asked."),
        )
    if not right.perform:
        yield finding("no_perform", _("Nobody carries it out."), _("Name who carries it out."))
    if len(right.agree) > MOST_AGREE:
        yield finding(
            "many_agree",
            _("{n} posts may stop it.").format(n=number(len(right.agree))),
            _("Ask them, and let at most {n} of them stop it.").format(n=MOST_AGREE),
            "warning",
        )
    for post in dict.fromkeys(post for _part, post in right.people() if post not in there):
        yield finding(
            "no_such_post",
            _("“{post}” takes part, but there will be no such post.").format(
                post=titles.get(post, name(post))
            ),
            _("Give the right to a post of the new structure, or create the post."),
        )
