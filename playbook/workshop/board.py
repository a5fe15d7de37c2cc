"""Everything the dashboard reads, and its first screen: where we stand, what it is worth.

It computes nothing that a step has computed; it reads the newest results and says which
steps have not run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Protocol

from playbook.customers.equity import SegmentEquity
from playbook.display import html
from playbook.display.html import Figure, Html
from playbook.engagement.decisions import Decided
from playbook.engagement.results import Stored
from playbook.pilot.corrections import Review
from playbook.pilot.effect import Effect
from playbook.pilot.segment_effects import SegmentEffects
from playbook.pilot.verdict import Verdict
from playbook.scaling.tracking import Tracking
from playbook.scaling.wave_effect import WaveEffect
from playbook.scaling.waves import WavePlan
from playbook.strategy.business_case import Outlook
from playbook.strategy.retention import Measured
from playbook.strategy.value_model import ValueModel
from playbook.text import gettext as _
from playbook.text import ngettext, numbers
from playbook.text.numbers import between, money_short, percent, points
from playbook.workshop.origin import origins
from playbook.workshop.standing import Standing


class Step(Protocol):
    """A step of the method."""

    @property
    def id(self) -> str:
        """Such as ``03_segmentation``."""

    @property
    def number(self) -> str:
        """Such as ``03``."""

    @property
    def title(self) -> str:
        """Its short name, in the reader's language."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Board:
    """Everything the dashboard shows; a result is missing where no step has computed it.

    Attributes:
        steps: The steps of the method with their state.
        decided: The decisions in force.
        model: The value model.
        outlook: The programme launched now, as it was believed before a pilot.
        review: The review after the pilot.
        retention: Annual retention by receipts.
        equity: Worth of the customers by segment.
        effect: The pilot's effect.
        by_segment: The same by segment.
        verdict: What the sealed rule says.
        waves: The plan of the rollout.
        wave_effect: What the waves have brought so far.
        tracking: The signals of the rollout.
        outdated: Why a result that is there cannot be shown and what to do, one line each.
        now: The moment of reading.
    """

    steps: tuple[tuple[Step, Standing], ...]
    decided: tuple[Decided, ...]
    model: ValueModel | None
    outlook: Stored[Outlook] | None
    review: Review | None
    retention: Stored[Measured] | None
    equity: Stored[SegmentEquity] | None
    effect: Stored[Effect] | None
    by_segment: Stored[SegmentEffects] | None
    verdict: Stored[Verdict] | None
    waves: Stored[WavePlan] | None
    wave_effect: Stored[WaveEffect] | None
    tracking: Stored[Tracking] | None
    outdated: Sequence[str]
    now: datetime

    @property
    def headline(self) -> str:
        """Where we stand, in one or two sentences."""
        if self.verdict:
            found = self.verdict.result.headline
            return f"{found} {self.tracking.result.headline}" if self.tracking else found
        if self.outlook:
            return self.outlook.result.headline
        return _("Nothing has been computed yet.")

    @property
    def figures(self) -> list[Figure]:
        """Value, chance, effect, retention: those that are known."""
        return [*self._money(), *self._measured()]

    def _money(self) -> Iterator[Figure]:
        if self.verdict:
            row, when = self.reading("adjusted"), _("with the corrections")
        elif self.outlook:
            row, when = row_of(self.outlook.result), _("if launched now")
        else:
            return
        spread = between(money_short(row["p5"]), money_short(row["p95"]))
        note = _("{spread} in 9 of 10 cases").format(spread=spread)
        yield Figure(_("Value of the programme"), money_short(row["mean"]), note)
        yield Figure(_("Chance that it pays"), percent(row["p_gain"]), when)

    def _measured(self) -> Iterator[Figure]:
        if self.effect:
            found = self.effect.result
            interval = between(points(found.ci_low), points(found.ci_high))
            yield Figure(_("Effect in the pilot"), points(found.att), interval)
        if self.retention and self.retention.result.is_complete:
            kept = self.retention.result.retention
            yield Figure(_("Annual retention"), percent(kept, 1), _("by receipts"))

    def reading(self, reading: str) -> dict[str, float]:
        """One reading of the verdict: ``naive``, ``designed`` or ``adjusted``."""
        assert self.verdict is not None
        rows = self.verdict.result.readings.set_index("reading").to_dict("index")
        return {str(key): float(value) for key, value in rows[reading].items()}

    @property
    def missing(self) -> list[str]:
        """Steps that have not run or must run again, one sentence each."""
        words = _("{number} {title}: {state}")
        return [
            *self.outdated,
            *(
                words.format(number=step.number, title=step.title, state=found.words)
                for step, found in self.steps
                if found.state != "done"
            ),
        ]

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<li class="{found.tone}"><span aria-hidden="true">{found.mark}</span> '
            f"{escape(step.number)} {escape(step.title)}</li>"
            for step, found in self.steps
        )
        path = f'<ol class="path">{rows}</ol>{self._folded_missing()}'
        sources = {
            _("Value and chance"): self.verdict or self.outlook,
            _("Effect in the pilot"): self.effect,
            _("Annual retention"): self.retention,
        }
        shown = html.headline(self.headline) + html.figures(self.figures)
        return html.block(shown + path + self.origins(sources))

    def _folded_missing(self) -> str:
        waiting = self.missing
        words = ngettext(
            "{n} step has not run or must run again",
            "{n} steps have not run or must run again",
            len(waiting),
        ).format(n=numbers.number(len(waiting)))
        return html.fold(words, html.bullets(waiting)) if waiting else ""

    def title_of(self, number: str) -> str:
        """The short name of a step."""
        return next((step.title for step, _found in self.steps if step.number == number), "")

    def not_yet(self, number: str, consequence: str) -> Html:
        """Which step must run before a part of the page can say anything."""
        words = _("Step {number}, {title}, has handed on no result yet: {consequence}.")
        return gap(
            words.format(number=number, title=self.title_of(number), consequence=consequence)
        )

    def origins(self, found: Mapping[str, Stored[Any] | None]) -> str:
        """Formula, inputs, owner and age of what a part of the page shows, folded."""
        there = {label: stored for label, stored in found.items() if stored}
        return origins(there, owner=self._owner, now=self.now)

    def _owner(self, step: str) -> str:
        """The roles that decided on a step stand for its numbers."""
        own = f"{step.partition('_')[0]}."
        roles = [one.decision.who for one in self.decided if one.decision.key.startswith(own)]
        return ", ".join(dict.fromkeys(roles))


def row_of(outlook: Outlook) -> dict[str, float]:
    """An outlook as a row like those of the verdict's readings."""
    return {
        "mean": outlook.mean,
        "p5": outlook.p5,
        "p95": outlook.p95,
        "p_gain": outlook.p_gain,
    }


def gap(words: str) -> Html:
    """A part of the page that cannot say anything yet."""
    return Html(f'<p class="quiet">{escape(words)}</p>')
