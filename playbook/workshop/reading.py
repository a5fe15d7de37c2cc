"""Reads for the dashboard the newest results, decisions and inputs of an engagement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from playbook.customers.equity import SegmentEquity
from playbook.display.result import Result
from playbook.engagement import Engagement
from playbook.engagement.decisions import Decided
from playbook.engagement.documents import Document, in_readers_language
from playbook.engagement.results import Provenance, Stored
from playbook.errors import PlaybookError
from playbook.pilot.corrections import Review
from playbook.pilot.effect import Effect
from playbook.pilot.segment_effects import SegmentEffects
from playbook.pilot.verdict import Verdict
from playbook.scaling.tracking import Tracking
from playbook.scaling.wave_effect import WaveEffect
from playbook.scaling.waves import WavePlan
from playbook.strategy.business_case import Outlook, launch_now
from playbook.strategy.retention import Measured
from playbook.strategy.value_model import ValueModel
from playbook.text import language
from playbook.workshop.board import Board, Step
from playbook.workshop.standing import Versions, standing

BUSINESS_CASE = "05_business_case"
R = TypeVar("R", bound=Result)
D = TypeVar("D", bound=Document)


class Place(Protocol):
    """The open step of the dashboard: gives results and inputs, or nothing."""

    @property
    def engagement(self) -> Engagement:
        """Whose dashboard it is."""

    def stored(self, kind: type[R]) -> Stored[R] | None:
        """The newest result of a class with its provenance."""

    def document_or_none(self, kind: type[D]) -> D | None:
        """The newest document of a kind, in the reader's language."""


def read(
    place: Place, *, steps: Sequence[Step], versions: Versions, now: datetime | None = None
) -> Board:
    """Read everything the dashboard shows.

    Args:
        place: The open step.
        steps: The steps of the method, without dashboards.
        versions: Says for what a step read what it would read now.
        now: The moment of reading; the present one when not given.
    """
    engagement = place.engagement
    model = place.document_or_none(ValueModel)
    outdated: list[str] = []
    return Board(
        steps=tuple(
            (step, standing(engagement, step.id, number=step.number, versions=versions))
            for step in steps
        ),
        decided=tuple(_readable(engagement, one) for one in engagement.decisions.all()),
        model=model,
        outlook=_outlook(engagement, model) if model else None,
        review=place.document_or_none(Review),
        retention=_stored(place, Measured, outdated),
        equity=_stored(place, SegmentEquity, outdated),
        effect=_stored(place, Effect, outdated),
        by_segment=_stored(place, SegmentEffects, outdated),
        verdict=_stored(place, Verdict, outdated),
        waves=_stored(place, WavePlan, outdated),
        wave_effect=_stored(place, WaveEffect, outdated),
        tracking=_stored(place, Tracking, outdated),
        outdated=outdated,
        now=now or datetime.now().astimezone(),
    )


def _stored(place: Place, kind: type[R], outdated: list[str]) -> Stored[R] | None:
    """The newest result, or nothing and a line in ``outdated`` where it cannot be opened."""
    try:
        return place.stored(kind)
    except PlaybookError as problem:
        line = f"{problem.summary} {problem.advice}"
        if line not in outdated:
            outdated.append(line)
        return None


def _outlook(engagement: Engagement, model: ValueModel) -> Stored[Outlook] | None:
    """The programme launched now; its age is that of the value model behind it."""
    saved = engagement.documents.latest(ValueModel)
    if saved is None:
        return None
    reads = {f"document/{ValueModel.kind}": str(saved.sequence)}
    return Stored(
        result=launch_now(model),
        hash=saved.hash,
        provenance=Provenance(step=BUSINESS_CASE, reads=reads, lang=language()),
        at=saved.at,
        who=saved.who,
    )


def _readable(engagement: Engagement, decided: Decided) -> Decided:
    """A decision of the sample chain in the reader's language; a company's own as it is."""
    if not engagement.is_sample:
        return decided
    return Decided(
        decision=in_readers_language(decided.decision),
        sequence=decided.sequence,
        at=decided.at,
        recorded_by=decided.recorded_by,
    )
