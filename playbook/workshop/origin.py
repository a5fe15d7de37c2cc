"""Where a number comes from: its formula, inputs, owner and age, one click below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from playbook.display import html
from playbook.engagement.results import ABSENT, Stored
from playbook.text import gettext as _
from playbook.text import ngettext, numbers
from playbook.workshop.standing import short

Owner = Callable[[str], str]


def origins(found: Mapping[str, Stored[Any]], *, owner: Owner, now: datetime) -> str:
    """The origin of some numbers, folded; the empty string where there are none.

    Args:
        found: What the numbers are called, to the result that holds them.
        owner: Says for a step who answers for its numbers; empty when nobody is named.
        now: The moment of reading, with its offset.
    """
    if not found:
        return ""
    told = "".join(
        f"<p><b>{escape(label)}</b></p>{html.bullets(list(_facts(stored, owner, now)))}"
        for label, stored in found.items()
    )
    return html.fold(_("Where these numbers come from"), told)


def _facts(stored: Stored[Any], owner: Owner, now: datetime) -> Iterator[str]:
    provenance = stored.provenance
    if stored.result.formula:
        yield _("Formula: {formula}").format(formula=stored.result.formula)
    there = (name for name, version in provenance.reads.items() if version != ABSENT)
    read = ", ".join(sorted(map(_named, there))) or numbers.MISSING
    yield _("Inputs: {inputs}").format(inputs=read)
    answers = owner(provenance.step) or _("nobody is named; a decision of this step names one")
    yield _("Owner: {owner}").format(owner=answers)
    yield _age(stored, now)


def _named(name: str) -> str:
    """An input in words: what it is, and its short name."""
    words = {
        "document": _("input “{name}”"),
        "table": _("table “{name}”"),
        "result": _("result “{name}”"),
        "decision": _("decision “{name}”"),
        "seal": _("seal “{name}”"),
    }
    return words.get(name.partition("/")[0], "{name}").format(name=short(name))


def _age(stored: Stored[Any], now: datetime) -> str:
    """When it was computed, by whom, how old that is, and to which day the data go."""
    days = max((now - datetime.fromisoformat(stored.at)).days, 0)
    old = ngettext("{n} day ago", "{n} days ago", days).format(n=numbers.number(days))
    words = _("Age: computed {when} ({old}) by step {step}, run by {who}").format(
        when=numbers.moment(stored.at),
        old=old if days else _("today"),
        step=stored.provenance.step,
        who=stored.who,
    )
    until = stored.provenance.data_until
    if not until:
        return words
    return words + "; " + _("data until {date}").format(date=numbers.date(until))
