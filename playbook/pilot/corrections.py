"""Corrections (2.4): the review after the action, and what each correction is worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
from pydantic import Field

from playbook.display.findings import Finding, Findings, findings
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.strategy.business_case import forward
from playbook.strategy.value_model import Change, ValueModel
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import money_short, number, percent

ID = r"^[a-z][a-z0-9_]*$"
NEXT_SHARE = 0.40


class Correction(Part):
    """One lesson: what was expected, what happened, why, and what is done about it."""

    id: str = Field(pattern=ID)
    expected: Words = Field(min_length=1, description="what was supposed to happen")
    happened: Words = Field(min_length=1, description="what happened")
    why: Words = Field(min_length=1, description="why it was different")
    next: Words = Field(min_length=1, description="what is done, in one sentence")
    owner: Words = Field(default="", description="the role that does it")
    due: dt.date | None = Field(default=None, description="until when")
    change: Change | None = Field(
        default=None, description="what it changes in the value model, if anything"
    )


class Review(Document):
    """The review after the pilot."""

    kind: ClassVar[str] = "review"
    version: ClassVar[int] = 1

    held_on: dt.date = Field(description="day of the review")
    corrections: tuple[Correction, ...] = Field(min_length=1)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of the value model, in the order of the corrections."""
        return tuple(one.change for one in self.corrections if one.change is not None)


@dataclass(frozen=True, kw_only=True, eq=False)
class Corrections(Result):
    """The corrections with what each is worth alone and all together, going forward.

    Attributes:
        table: One row per correction: ``id``, ``next``, ``owner``, ``due``, ``gain``
            (expected value with it less without it, alone), ``p_gain`` (chance that the
            programme pays with it alone).
        total_gain: Expected value of all together less that of none.
        p_before: Chance that the programme pays as designed.
        p_after: The same with all corrections.
    """

    table: pd.DataFrame
    total_gain: float
    p_before: float
    p_after: float

    @property
    def headline(self) -> str:
        """What the corrections do together."""
        if self.table.empty:
            return _("No review was held yet: nothing is corrected.")
        change = round(self.p_after * 100) - round(self.p_before * 100)
        if change == 0:
            same = _("The corrections leave the chance that the programme pays at {before}.")
            return same.format(before=percent(self.p_before))
        if change < 0:
            less = _("The corrections lower the chance that it pays from {before} to {after}.")
            return less.format(before=percent(self.p_before), after=percent(self.p_after))
        words = ngettext(
            "{n} correction lifts the chance that the programme pays from {before} to {after}.",
            "{n} corrections lift the chance that the programme pays from {before} to {after}.",
            len(self.table),
        )
        return words.format(
            n=number(len(self.table)), before=percent(self.p_before), after=percent(self.p_after)
        )

    @property
    def figures(self) -> list[Figure]:
        """What all are worth."""
        return [
            Figure(
                _("Worth of all corrections"),
                money_short(self.total_gain, signed=True),
                _("expected value, going forward"),
            )
        ]

    @property
    def assumptions(self) -> list[str]:
        """How the worth is computed."""
        return [
            _("Each correction re-runs the business case alone, with the effect as now believed."),
            _("Corrections that change no number of the case are worth what they are meant for."),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per correction."""
        return self.table

    def columns(self) -> Mapping[str, Column]:
        """How corrections are shown."""
        return {
            "next": Column(_("What is done")),
            "owner": Column(_("Owner")),
            "due": Column(_("Until"), "date"),
            "gain": Column(_("Worth alone"), "money_short"),
            "p_gain": Column(_("Pays with it alone"), "share"),
        }


def corrections(
    review: Review | None, model: ValueModel, *, effect_mean: float, effect_sd: float
) -> Corrections:
    """Re-run the case with every correction alone, and with all of them.

    Args:
        review: The review; nothing where none was held.
        model: The value model.
        effect_mean: Effect as it is believed after the pilot, a share.
        effect_sd: Its standard deviation.
    """
    items = review.corrections if review else ()
    changes = review.changes if review else ()
    none = forward(model, effect_mean=effect_mean, effect_sd=effect_sd)
    every = forward(model, effect_mean=effect_mean, effect_sd=effect_sd, changes=changes)
    rows = []
    for one in items:
        alone = (
            forward(model, effect_mean=effect_mean, effect_sd=effect_sd, changes=[one.change])
            if one.change
            else none
        )
        gain = alone.mean - none.mean if one.change else float("nan")
        chance = alone.p_gain if one.change else float("nan")
        rows.append((one.id, one.next, one.owner, one.due, gain, chance))
    names = ["id", "next", "owner", "due", "gain", "p_gain"]
    return Corrections(
        table=pd.DataFrame(rows, columns=names),
        total_gain=every.mean - none.mean,
        p_before=none.p_gain,
        p_after=every.p_gain,
    )


def check(review: Review | None) -> Findings:
    """Look for corrections that nobody does, or that nobody can tell from wishes."""
    items = list(_missing(review)) if review else []
    n = len(review.corrections) if review else 0
    return findings(_("Corrections"), n_checked=n, items=items)


def _missing(review: Review) -> Iterator[Finding]:
    for one in review.corrections:
        if not one.owner:
            yield Finding(
                rule="owner",
                severity="error",
                where=one.next,
                problem=_("Nobody is named who does it."),
                advice=_("Name one role."),
            )
        if one.due is None:
            yield Finding(
                rule="due",
                severity="error",
                where=one.next,
                problem=_("No day is named."),
                advice=_("Name the day on which it is done."),
            )
        elif one.due <= review.held_on:
            yield Finding(
                rule="due",
                severity="warning",
                where=one.next,
                problem=_("The day lies before the review."),
                advice=_("Name a day to come."),
            )
