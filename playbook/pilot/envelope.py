"""The sealed envelope: the charter is fixed before any outcome, and opened with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

import pandas as pd

from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement import Engagement
from playbook.engagement.documents import in_readers_language
from playbook.engagement.seals import Seal
from playbook.errors import PlaybookError
from playbook.pilot.charter import Charter, CharterDraft, CharterStore
from playbook.pilot.charter_words import lines, sight
from playbook.pilot.estimator import estimator_words
from playbook.pilot.power import Power
from playbook.pilot.zone_result import Zone
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date, moment, number, percent, points

KEY = "charter"


@dataclass(frozen=True, kw_only=True, eq=False)
class Envelope(Result):
    """The charter of the pilot and whether it is sealed.

    Attributes:
        charter: The one in force; the proposed one where nothing is sealed.
        hash: SHA-256 of what is in force; empty where nothing is sealed.
        at: When it was sealed (ISO); empty where it is not.
        who: Who sealed it.
        amendments: One row per change after sealing: ``at``, ``who``, ``reason``,
            ``is_blind`` (before the outcome was read).
        differences: Where the design on this page is not what is sealed, one sentence each.
    """

    charter: Charter
    hash: str
    at: str
    who: str
    amendments: pd.DataFrame
    differences: tuple[str, ...] = ()

    @property
    def is_sealed(self) -> bool:
        """Whether the charter can only be amended visibly."""
        return bool(self.hash)

    @property
    def is_late(self) -> bool:
        """Whether it was sealed when the pilot was running already."""
        return self.is_sealed and dt.datetime.fromisoformat(self.at).date() >= self.charter.start

    @property
    def headline(self) -> str:
        """Whether it is sealed, and since when."""
        if not self.is_sealed:
            return _("The charter is ready and not sealed yet.")
        if self.differences:
            return _("The sealed charter stands; this page's design differs from it.")
        if self.is_late:
            return _("The charter is sealed: the rule was fixed before the outcome was read.")
        return _("The charter is sealed: what counts as success was fixed before the start.")

    @property
    def figures(self) -> list[Figure]:
        """The promise of the pilot in four numbers."""
        charter = self.charter
        shown = [
            Figure(
                _("Stores"),
                _("{treated} + {control}").format(
                    treated=charter.n_treated, control=len(charter.stores) - charter.n_treated
                ),
                _("pilot and control"),
            ),
            Figure(
                _("Weeks"),
                number(charter.weeks),
                _("{n} of them burn-in, from {day}").format(
                    n=charter.burn_in_weeks, day=date(charter.start)
                ),
            ),
            Figure(_("Found in 8 of 10"), points(charter.mde, 2), ""),
        ]
        if charter.break_even is not None:
            shown.append(Figure(_("Pays from"), points(charter.break_even, 2), _("as designed")))
        return shown

    @property
    def warnings(self) -> list[str]:
        """Differences, amendments, and what the pilot cannot see."""
        later = zip(self.amendments["at"], self.amendments["who"], strict=True)
        reasons = zip(self.amendments["reason"], self.amendments["is_blind"], strict=True)
        amended = [
            _("Amended on {when} by {who} {order}: {reason}").format(
                when=moment(at),
                who=who,
                reason=reason,
                order=_("before the outcome was read")
                if is_blind
                else _("AFTER the outcome was read"),
            )
            for (at, who), (reason, is_blind) in zip(later, reasons, strict=True)
        ]
        unseen = [] if self.charter.is_answerable else sight(self.charter)
        late = (
            _(
                "Sealed on {when}, after the pilot had started on {start}: it holds because nobody "
                "had read the outcome here."
            ).format(when=moment(self.at), start=date(self.charter.start))
            if self.is_late
            else ""
        )
        return [*([late] if late else []), *self.differences, *amended, *unseen]

    def to_frame(self) -> pd.DataFrame:
        """The charter in words: ``topic``, ``text``."""
        return pd.DataFrame(lines(self.charter), columns=["topic", "text"])

    def columns(self) -> Mapping[str, Column]:
        """Topic and text."""
        return {"topic": Column(_("Charter")), "text": Column(self.charter.title)}

    @property
    def assumptions(self) -> list[str]:
        """What the seal is."""
        if not self.is_sealed:
            return [_("Sealing stores a fingerprint of the charter before any outcome is read.")]
        return [
            _("Sealed on {when} by {who}.").format(when=moment(self.at), who=self.who),
            _("Fingerprint (SHA-256): {hash}").format(hash=self.hash),
        ]


def propose(draft: CharterDraft, zone: Zone, power: Power) -> Charter:
    """The charter of a draft with the stores that were drawn and what they can detect."""
    stores = zone.assignment[["store_id", "arm", "block"]].to_dict("records")
    return Charter(
        **draft.model_dump(),
        stores=tuple(CharterStore.model_validate(row) for row in stores),
        mde=round(power.mde, 4),
        break_even=_rounded(power.break_even),
        break_even_adjusted=_rounded(power.break_even_adjusted),
    )


def _rounded(effect: float) -> float | None:
    """An effect to a hundredth of a point, as it is written; nothing where it is not known."""
    return round(effect, 4) if isfinite(effect) else None


def settle(engagement: Engagement, proposed: Charter, *, seal: bool = False) -> Envelope:
    """Seal the proposed charter, or hold it against the one that is sealed already.

    Args:
        engagement: Where it is sealed.
        proposed: The design of this page.
        seal: Whether to seal it now; nothing happens where a charter is sealed already.

    Raises:
        PlaybookError: It is to be sealed and cannot see the effect that is needed.
    """
    known = engagement.seals.sealed(KEY)
    if known is None and seal:
        _refuse_blind(proposed)
        engagement.documents.save(proposed)
        known = engagement.seals.seal(KEY, proposed.to_raw())
    if known is None:
        return Envelope(charter=proposed, hash="", at="", who="", amendments=_amendments(None))
    stands = _envelope(known, is_sample=engagement.is_sample)
    differences = tuple(_differences(stands.charter, proposed))
    return _envelope(known, is_sample=engagement.is_sample, differences=differences)


def sealed(engagement: Engagement) -> Envelope:
    """The sealed charter, without looking at any outcome.

    Raises:
        PlaybookError: Nothing is sealed.
    """
    known = engagement.seals.sealed(KEY)
    if known is None:
        raise PlaybookError(
            _("There is no sealed charter."),
            advice=_("Design the pilot on page 06 and seal its charter before the start."),
        )
    return _envelope(known, is_sample=engagement.is_sample)


def opened(engagement: Engagement, *, as_of: dt.date) -> Envelope:
    """The charter in force, checked; from now on the outcome counts as read.

    Args:
        engagement: Where it is sealed.
        as_of: Last day of the data.

    Raises:
        PlaybookError: Nothing is sealed, the charter was changed without an amendment, it
            was sealed after the outcome had been read, or the first planned look is
            still to come.
    """
    stands = sealed(engagement)
    _refuse_early(stands.charter, as_of=as_of)
    saved = engagement.documents.latest(Charter)
    seal = engagement.seals.sealed(KEY)
    written = saved.document.to_raw() if saved else (seal.in_force if seal else None)
    engagement.seals.check(KEY, written)
    engagement.seals.read_outcome(KEY)
    return stands


def _refuse_early(charter: Charter, *, as_of: dt.date) -> None:
    """Refuse to read the outcome before the first planned look."""
    last = charter.start + dt.timedelta(weeks=min(charter.looks_weeks), days=-1)
    if as_of < last:
        raise PlaybookError(
            _("It is too early: the charter reads the outcome after week {week}.").format(
                week=min(charter.looks_weeks)
            ),
            problems=[
                _("Needed are data up to {day}; they end on {as_of}.").format(
                    day=date(last), as_of=date(as_of)
                )
            ],
            advice=_("Until then page 07 tells how the pilot goes."),
        )


def _refuse_blind(charter: Charter) -> None:
    if not charter.is_answerable:
        raise PlaybookError(
            _("This charter cannot be sealed: the pilot could not answer its question."),
            problems=sight(charter),
            advice=_("Take more stores, a steadier KPI, or a programme that pays from less."),
        )


def _envelope(seal: Seal, *, is_sample: bool, differences: tuple[str, ...] = ()) -> Envelope:
    charter = Charter.model_validate(seal.in_force)
    return Envelope(
        charter=in_readers_language(charter) if is_sample else charter,
        hash=seal.hash_in_force,
        at=seal.at,
        who=seal.who,
        amendments=_amendments(seal),
        differences=differences,
    )


def _amendments(seal: Seal | None) -> pd.DataFrame:
    rows = [(a.at, a.who, a.reason, a.is_blind) for a in (seal.amendments if seal else ())]
    return pd.DataFrame(rows, columns=["at", "who", "reason", "is_blind"])


def _differences(stands: Charter, page: Charter) -> Iterator[str]:
    """Where a design is not what is sealed."""
    there = {(store.store_id, store.arm) for store in stands.stores}
    here = {(store.store_id, store.arm) for store in page.stores}
    if there != here:
        n = len(here - there)
        yield ngettext(
            "{n} of this page's {all} stores is not in that arm of the sealed charter.",
            "{n} of this page's {all} stores are not in that arm of the sealed charter.",
            n,
        ).format(n=n, all=len(here))
    for label, sealed_value, page_value in _compared(stands, page):
        if sealed_value != page_value:
            yield _("{what}: sealed {sealed}, here {page}.").format(
                what=label, sealed=sealed_value, page=page_value
            )


def _compared(stands: Charter, page: Charter) -> Iterator[tuple[str, str, str]]:
    for label, write in (
        (_("Start"), lambda c: date(c.start)),
        (_("Weeks"), lambda c: number(c.weeks)),
        (_("Burn-in weeks"), lambda c: number(c.burn_in_weeks)),
        (_("Window of the KPI, weeks"), lambda c: number(c.kpi.window_weeks)),
        (_("Seed"), lambda c: str(c.zone.seed)),
        (_("How the effect is measured"), lambda c: estimator_words()[c.estimator]),
        (_("Limits of the rule"), _limits),
        (_("Found in 8 of 10"), lambda c: points(c.mde, 2)),
    ):
        yield label, write(stands), write(page)


def _limits(charter: Charter) -> str:
    return f"{percent(charter.rule.go_from)} / {percent(charter.rule.adjust_from)}"
