"""The decisions of a step: taken, with who and why, or still open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playbook.engagement.decisions import Decided, Decision
from playbook.engagement.documents import in_readers_language
from playbook.serve.site import Site, Step
from playbook.text import gettext as _
from playbook.text import numbers


@dataclass(frozen=True, kw_only=True)
class Line:
    """One decision in a line.

    Attributes:
        label: Whether it is taken or open.
        words: What was decided, by whom and when; what to do where it is open.
        is_open: Whether nobody has decided yet.
    """

    label: str
    words: str
    is_open: bool


def lines_of(site: Site, step: Step, reads: Mapping[str, str]) -> Iterator[Line]:
    """The decisions that belong to a step; ``reads`` names those that its page asks for."""
    taken = {
        one.decision.key: one
        for one in site.engagement.decisions.all()
        if one.decision.key.startswith(f"{step.number}.")
    }
    asked = [name.partition("/")[2] for name in reads if name.startswith("decision/")]
    own = [key for key in asked if key.startswith(f"{step.number}.")]
    for key in dict.fromkeys([*own, *taken]):
        yield _taken(site, taken[key]) if key in taken else _open()


def _taken(site: Site, decided: Decided) -> Line:
    decision: Decision = decided.decision
    if site.engagement.is_sample:
        decision = in_readers_language(decision)
    words = _("{choice} ({who}, {date})").format(
        choice=decision.choice, who=decision.who, date=numbers.date(decision.date)
    )
    return Line(label=_("Decided:"), words=words, is_open=False)


def _open() -> Line:
    words = _("its page asks the question and takes the answer.")
    return Line(label=_("Decision open:"), words=words, is_open=True)
