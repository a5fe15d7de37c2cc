"""Seals: what was agreed before anybody could know the outcome, and stayed unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from playbook.engagement.record import Event, NewEvent, Record, canonical
from playbook.errors import PlaybookError
from playbook.text import gettext as _

WITHDRAWN = "withdrawn"


def fingerprint(payload: Any) -> str:  # noqa: ANN401 - anything JSON can hold
    """SHA-256 of the canonical JSON of a payload."""
    return sha256(canonical(payload).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """A change made after sealing, never hidden.

    Attributes:
        reason: Why it was changed.
        is_blind: Whether it was made before the outcome was read.
    """

    hash: str
    payload: Any
    reason: str
    at: str
    who: str
    is_blind: bool


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What was sealed.

    Attributes:
        key: What it is, such as ``charter``.
        hash: SHA-256 of the canonical JSON of ``payload``.
        is_first: Whether it was sealed before the outcome was read for the first time.
        amendments: Changes since then, oldest first.
    """

    key: str
    hash: str
    payload: Any
    at: str
    who: str
    seq: int
    is_first: bool
    amendments: tuple[Amendment, ...] = ()

    @property
    def in_force(self) -> Any:  # noqa: ANN401 - anything JSON can hold
        """The payload with the newest amendment."""
        return self.amendments[-1].payload if self.amendments else self.payload

    @property
    def hash_in_force(self) -> str:
        """The hash of what is in force."""
        return self.amendments[-1].hash if self.amendments else self.hash


class Seals:
    """The seals of one engagement.

    Args:
        record: Where they are kept.
    """

    def __init__(self, record: Record) -> None:
        self.record = record

    def seal(self, key: str, payload: Any, *, who: str | None = None) -> Seal:  # noqa: ANN401
        """Seal a payload once; sealing the same again changes nothing.

        Raises:
            PlaybookError: Something else is sealed under ``key`` already.
        """
        known = self.sealed(key)
        if known is None:
            events = self.record.events(f"seal/{key}")
            first = replace(sealing(key, payload), expected=len(events))
            self.record.append_all([first], who=who)
            return self._known(key)
        if known.hash_in_force != fingerprint(payload):
            raise PlaybookError(
                _("“{key}” is sealed already, with another content.").format(key=key),
                advice=_("Amend it with a reason; the change stays visible."),
            )
        return known

    def amend(self, key: str, payload: Any, *, reason: str, who: str | None = None) -> Seal:  # noqa: ANN401
        """Change what is sealed, visibly.

        Raises:
            PlaybookError: Nothing is sealed, nothing is changed, or no reason is given.
        """
        known = self._known(key)
        if known.hash_in_force == fingerprint(payload):
            raise PlaybookError(_("Nothing is changed: this is what is sealed."))
        if not reason.strip():
            raise PlaybookError(_("A change of what is sealed needs a reason."))
        content = {"hash": fingerprint(payload), "payload": payload, "reason": reason.strip()}
        self.record.append(f"seal/{key}", "amended", content, who=who)
        return self._known(key)

    def sealed(self, key: str) -> Seal | None:
        """What is sealed under ``key``, with its amendments, or nothing."""
        events = _in_force(self.record.events(f"seal/{key}"))
        if not events:
            return None
        first, *later = events
        outcome = self.outcome(key)
        return Seal(
            key=key,
            hash=first.payload["hash"],
            payload=first.payload["payload"],
            at=first.at,
            who=first.who,
            seq=first.seq,
            is_first=outcome is None or first.seq < outcome.seq,
            amendments=tuple(_amendment(event, outcome) for event in later),
        )

    def check(self, key: str, payload: Any) -> Seal:  # noqa: ANN401 - anything JSON can hold
        """Return the seal if ``payload`` is what is in force and was sealed in time.

        Raises:
            PlaybookError: Nothing is sealed; it was changed without an amendment; or it
                was sealed after the outcome had been read.
        """
        seal = self._known(key)
        if seal.hash_in_force != fingerprint(payload):
            raise PlaybookError(
                _("“{key}” was changed after it had been sealed.").format(key=key),
                problems=[
                    _("sealed: {hash}").format(hash=seal.hash_in_force[:12]),
                    _("found: {hash}").format(hash=fingerprint(payload)[:12]),
                ],
                advice=_("Take the change back, or amend the seal with a reason."),
            )
        if not seal.is_first:
            raise PlaybookError(
                _("“{key}” was sealed after the outcome had been read.").format(key=key),
                advice=_("A rule made after the outcome decides nothing: plan a new pilot."),
            )
        return seal

    def read_outcome(self, key: str, *, who: str | None = None) -> Event:
        """Note that the outcome is read now; only the first time is noted."""
        known = self.outcome(key)
        return known or self.record.append(f"outcome/{key}", "read", {"key": key}, who=who)

    def outcome(self, key: str) -> Event | None:
        """When the outcome was read for the first time, or nothing."""
        seals = self.record.events(f"seal/{key}")
        since = max((event.seq for event in seals if event.type == WITHDRAWN), default=0)
        events = self.record.events(f"outcome/{key}", after=since)
        return events[0] if events else None

    def _known(self, key: str) -> Seal:
        seal = self.sealed(key)
        if seal is None:
            raise PlaybookError(
                _("“{key}” is not sealed.").format(key=key),
                advice=_("Seal it before anybody reads the outcome."),
            )
        return seal


def sealing(key: str, payload: Any) -> NewEvent:  # noqa: ANN401 - anything JSON can hold
    """The event that seals a payload for the first time."""
    content = {"hash": fingerprint(payload), "payload": payload}
    return NewEvent(f"seal/{key}", "sealed", content)


def withdrawing(key: str) -> NewEvent:
    """The event that ends a seal and its outcome, so that a new round can be sealed."""
    return NewEvent(f"seal/{key}", WITHDRAWN, {})


def _in_force(events: Sequence[Event]) -> list[Event]:
    """The events of the present round."""
    ended = [i for i, event in enumerate(events) if event.type == WITHDRAWN]
    return list(events[ended[-1] + 1 :]) if ended else list(events)


def _amendment(event: Event, outcome: Event | None) -> Amendment:
    return Amendment(
        **event.payload,
        at=event.at,
        who=event.who,
        is_blind=outcome is None or event.seq < outcome.seq,
    )
