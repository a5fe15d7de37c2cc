"""Decisions: the question, the choice, who stands for it, why, and who disagreed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field, field_validator

from playbook.engagement.documents import Part, Words
from playbook.engagement.record import Event, NewEvent, Record
from playbook.text import gettext as _

KEY = re.compile(r"[a-z0-9]+(\.[a-z0-9_]+)+")


class Decision(Part):
    """One decision, as the people in the room state it."""

    key: str = Field(description="number of the step and a short name: 03.who_gets_what")
    choice: Words = Field(min_length=1, description="the option that was chosen")
    who: Words = Field(min_length=1, description="the role that stands for it, not a name")
    reason: Words = Field(min_length=1, description="why, in one sentence")
    date: dt.date = Field(description="day of the decision")
    dissent: Words = Field(default="", description="what those who disagreed want remembered")
    review: dt.date | None = Field(default=None, description="day on which to look at it again")

    @field_validator("key")
    @classmethod
    def _is_key(cls, value: str) -> str:
        if not KEY.fullmatch(value):
            raise ValueError(
                _("a key looks like 03.who_gets_what, found “{value}”").format(value=value)
            )
        return value


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision as it lies in the record.

    Attributes:
        sequence: How often the question has been decided; hand it back as ``expected``.
        at: When it was recorded (ISO, UTC).
        recorded_by: Who typed it in.
    """

    decision: Decision
    sequence: int
    at: str
    recorded_by: str


class Decisions:
    """The decisions of one engagement.

    Args:
        record: Where they are kept.
    """

    def __init__(self, record: Record) -> None:
        self.record = record

    def save(
        self, decision: Decision, *, expected: int | None = None, who: str | None = None
    ) -> Decided:
        """Record a decision.

        Raises:
            ConflictError: The question was decided by somebody else since ``expected``.
        """
        return _decided(self.record.append_all([deciding(decision, expected)], who=who)[0])

    def latest(self, key: str) -> Decided | None:
        """The decision in force on a question, or nothing."""
        event = self.record.last(f"decision/{key}")
        return _decided(event) if event else None

    def history(self, key: str) -> list[Decided]:
        """Every decision ever made on a question, oldest first."""
        return [_decided(event) for event in self.record.events(f"decision/{key}")]

    def all(self) -> Sequence[Decided]:
        """The decision in force on every question, by key."""
        return [_decided(event) for event in self.record.latest("decision/")]


def deciding(decision: Decision, expected: int | None = None) -> NewEvent:
    """The event that records a decision."""
    return NewEvent(f"decision/{decision.key}", "decided", as_json(decision), expected)


def as_json(decision: Decision) -> dict[str, Any]:
    """A decision as JSON can hold it."""
    return decision.model_dump(mode="json")


def _decided(event: Event) -> Decided:
    return Decided(
        decision=Decision.model_validate(event.payload),
        sequence=event.stream_seq,
        at=event.at,
        recorded_by=event.who,
    )
