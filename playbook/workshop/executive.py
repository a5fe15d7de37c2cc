"""The dashboard: where we stand, what it is worth, what moved it, and what comes next.

It computes nothing that a step has computed; it reads the newest results, says which
steps have not run, and lets three levers move the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import escape
from typing import Any, Protocol, TypeVar

import pandas as pd

from playbook.customers.equity import SegmentEquity
from playbook.display import frequency, html, theme
from playbook.display.chart import Chart
from playbook.display.charts.verdict import readings
from playbook.display.html import Figure, Html
from playbook.display.live import Live
from playbook.display.result import Result
from playbook.display.tables import Column, table
from playbook.engagement import Engagement
from playbook.engagement.decisions import Decided
from playbook.engagement.documents import Document, in_readers_language
from playbook.engagement.results import Stored
from playbook.pilot.corrections import Review
from playbook.pilot.effect import Effect
from playbook.pilot.segment_effects import SegmentEffects
from playbook.pilot.verdict import Verdict
from playbook.strategy.business_case import Outlook, launch_now
from playbook.strategy.retention import Measured
from playbook.strategy.value_model import ValueModel
from playbook.text import gettext as _
from playbook.text import name as named
from playbook.text import ngettext, numbers
from playbook.text.numbers import between, money_short, percent, points
from playbook.workshop.levers import Levers
from playbook.workshop.origin import origin
from playbook.workshop.standing import Standing, Versions, standing

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
    """Everything the dashboard shows.

    Attributes:
        steps: The steps of the method with their state.
        decided: The decisions in force.
        asked: Keys of the decisions that pages have asked for.
        model: The value model, if anybody has filled it in.
        review: The review after the pilot, if there was one.
        retention: Annual retention by receipts.
        equity: Worth of the customers by segment.
        effect: The pilot's effect.
        by_segment: The same by segment.
        verdict: What the sealed rule says.
        now: The moment of reading.
    """

    steps: tuple[tuple[Step, Standing], ...]
    decided: tuple[Decided, ...]
    asked: tuple[str, ...]
    model: ValueModel | None
    review: Review | None
    retention: Stored[Measured] | None
    equity: Stored[SegmentEquity] | None
    effect: Stored[Effect] | None
    by_segment: Stored[SegmentEffects] | None
    verdict: Stored[Verdict] | None
    now: datetime

    @property
    def headline(self) -> str:
        """Where we stand, in one sentence."""
        if self.verdict:
            return self.verdict.result.headline
        if self.outlook:
            return self.outlook.headline
        return _("Nothing has been computed yet.")

    @cached_property
    def outlook(self) -> Outlook | None:
        """The programme launched now, as it was believed before a pilot."""
        return launch_now(self.model) if self.model else None

    @property
    def figures(self) -> list[Figure]:
        """Value, chance, effect, retention: those that are known."""
        return [*self._money(), *self._measured()]

    def _money(self) -> Iterator[Figure]:
        if self.verdict:
            row = self._reading("adjusted")
            mean, low, high = row["mean"], row["p5"], row["p95"]
            chance, when = row["p_gain"], _("with the corrections")
        elif self.outlook:
            found = self.outlook
            mean, low, high = found.mean, found.p5, found.p95
            chance, when = found.p_gain, _("if launched now")
        else:
            return
        spread = between(money_short(low), money_short(high))
        yield Figure(
            _("Value of the programme"),
            money_short(mean),
            _("{spread} in 9 of 10 cases").format(spread=spread),
        )
        yield Figure(_("Chance that it pays"), percent(chance), when)

    def _measured(self) -> Iterator[Figure]:
        if self.effect:
            found = self.effect.result
            interval = between(points(found.ci_low), points(found.ci_high))
            yield Figure(_("Effect in the pilot"), points(found.att), interval)
        if self.retention and self.retention.result.is_complete:
            kept = self.retention.result
            yield Figure(_("Annual retention"), percent(kept.retention, 1), _("by receipts"))

    def _reading(self, reading: str) -> dict[str, float]:
        """One reading of the verdict."""
        assert self.verdict is not None
        rows = self.verdict.result.readings.set_index("reading").to_dict("index")
        return {str(key): float(value) for key, value in rows[reading].items()}

    @property
    def missing(self) -> list[str]:
        """Steps that have not run or must run again, one sentence each."""
        return [
            _("{number} {title}: {state}").format(
                number=step.number, title=step.title, state=found.words
            )
            for step, found in self.steps
            if found.state != "done"
        ]

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<li class="{found.tone}"><span aria-hidden="true">{found.mark}</span> '
            f"{escape(step.number)} {escape(step.title)}</li>"
            for step, found in self.steps
        )
        waiting = self.missing
        words = ngettext(
            "{n} step has not run or must run again",
            "{n} steps have not run or must run again",
            len(waiting),
        ).format(n=numbers.number(len(waiting)))
        folded = html.fold(words, html.bullets(waiting)) if waiting else ""
        return html.block(
            html.headline(self.headline)
            + html.figures(self.figures)
            + f'<ol class="path">{rows}</ol>{folded}'
        )

    @property
    def moved(self) -> Chart | Html:
        """What moved the value: belief before, measurement, corrections."""
        if self.outlook is None:
            return _gap(_("The value model is not filled in: nothing can be said about money."))
        if self.verdict is None:
            return self._before_the_pilot(self.outlook)
        rows = [
            (_("before the pilot"), _row_of(self.outlook), theme.QUIET),
            (_("after the pilot, as designed"), self._reading("designed"), theme.ACQUIRED),
            (_("with the corrections"), self._reading("adjusted"), theme.KEPT),
        ]
        frame = pd.DataFrame([{"label": label, "hue": hue, **row} for label, row, hue in rows])
        return readings(
            frame,
            category="label",
            value="mean",
            low="p5",
            high="p95",
            share="p_gain",
            hue="hue",
            title=_moved_title(frame["mean"].to_list()),
            subtitle=_("Net present value, expected and in 9 of 10 cases, with how often it pays"),
        )

    def _before_the_pilot(self, outlook: Outlook) -> Html:
        """The belief alone, and that nothing has moved it yet."""
        reach = max(abs(outlook.p5), abs(outlook.p95)) * 1.2
        bar = frequency.spread(
            outlook.p5,
            outlook.mean,
            outlook.p95,
            span=(-reach, reach),
            write=money_short,
            label=_("Value before the pilot"),
        )
        return Html(bar + self._not_yet("08", _("nothing has moved the value so far")).markup)

    @property
    def levers(self) -> Live | Html:
        """The value that follows three sliders."""
        if self.model is None:
            return _gap(_("The value model is not filled in: there is nothing to move."))
        known = self.verdict.result if self.verdict else None
        return Levers(
            model=self.model,
            effect_mean=known.mean if known else self.model.effect.mean,
            effect_sd=known.sd if known else self.model.effect.sd,
            changes=self.review.changes if known and self.review else (),
        ).live()

    @property
    def pilot(self) -> Html:
        """The pilot's effect with its interval, and the verdict in words."""
        if self.effect is None:
            return self._not_yet("08", _("the pilot's effect is not known"))
        shown = html.headline(self.effect.result.headline)
        origins = self._origin(self.effect)
        if self.verdict:
            found = self.verdict.result
            shown += html.figures(found.figures) + _lines(found.warnings, "warn")
            origins += self._origin(self.verdict)
        return Html(shown + origins)

    @property
    def segments(self) -> Html:
        """Worth and effect of every segment."""
        if self.equity is None:
            return self._not_yet("03", _("the segments are not known"))
        found = self.equity.result
        frame, columns = found.to_frame(), dict(found.columns())
        shown = ["name", "n_customers", "retention", "value", "equity"]
        chosen = {key: columns[key] for key in shown if key in columns}
        origins = self._origin(self.equity)
        sentence = found.headline
        if self.by_segment:
            effects = self.by_segment.result.table.set_index("segment")["att"]
            frame = frame.assign(att=frame["segment"].map(effects))
            chosen["att"] = Column(_("Effect in the pilot"), "points", 1)
            origins += self._origin(self.by_segment)
            sentence += " " + self.by_segment.result.headline
        return Html(html.headline(sentence) + table(frame, chosen) + origins)

    @property
    def decisions(self) -> Html:
        """What is open, then what was decided, by whom and when."""
        taken = {one.decision.key for one in self.decided}
        titles = {step.number: step.title for step, _found in self.steps}
        open_ones = [key for key in self.asked if key not in taken]
        lines = [
            _("{number} {title}: open").format(number=key[:2], title=titles.get(key[:2], ""))
            for key in open_ones
        ]
        n = ngettext("{n} decision is open.", "{n} decisions are open.", len(lines))
        sentence = n.format(n=numbers.number(len(lines))) if lines else _("No decision is open.")
        frame = pd.DataFrame([_decision_row(one) for one in self.decided])
        columns = {
            "step": Column(_("Step")),
            "choice": Column(_("Decided")),
            "who": Column(_("By")),
            "date": Column(_("On"), "date"),
            "reason": Column(_("Because")),
        }
        shown = table(frame, columns) if len(frame) else ""
        return Html(html.headline(sentence) + html.bullets(lines, "open") + shown)

    def _not_yet(self, number: str, consequence: str) -> Html:
        """Which step must run before this part of the page can say anything."""
        title = next((step.title for step, _found in self.steps if step.number == number), "")
        words = _("Step {number}, {title}, has handed on no result yet: {consequence}.")
        return _gap(words.format(number=number, title=title, consequence=consequence))

    def _origin(self, stored: Stored[Any]) -> str:
        return origin(stored, owner=self._owner, now=self.now)

    def _owner(self, step: str) -> str:
        """The role that decided on a step stands for its numbers."""
        number = step.partition("_")[0]
        roles = [
            one.decision.who for one in self.decided if one.decision.key.startswith(f"{number}.")
        ]
        return ", ".join(dict.fromkeys(roles))


def board(
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
    states = tuple(
        (step, standing(engagement, step.id, number=step.number, versions=versions))
        for step in steps
    )
    return Board(
        steps=states,
        decided=tuple(_readable(engagement, one) for one in engagement.decisions.all()),
        asked=tuple(dict.fromkeys(_asked(states))),
        model=place.document_or_none(ValueModel),
        review=place.document_or_none(Review),
        retention=place.stored(Measured),
        equity=place.stored(SegmentEquity),
        effect=place.stored(Effect),
        by_segment=place.stored(SegmentEffects),
        verdict=place.stored(Verdict),
        now=now or datetime.now().astimezone(),
    )


def _asked(states: Sequence[tuple[Step, Standing]]) -> Iterator[str]:
    """Keys of the decisions for which the pages of the steps have looked."""
    for step, found in states:
        for key in found.reads:
            if key.startswith(f"decision/{step.number}."):
                yield key.partition("/")[2]


def _readable(engagement: Engagement, decided: Decided) -> Decided:
    if not engagement.is_sample:
        return decided
    return Decided(
        decision=in_readers_language(decided.decision),
        sequence=decided.sequence,
        at=decided.at,
        recorded_by=decided.recorded_by,
    )


def _decision_row(decided: Decided) -> dict[str, Any]:
    made = decided.decision
    return {
        "step": made.key[:2],
        "choice": made.choice,
        "who": named(made.who),
        "date": made.date.isoformat(),
        "reason": made.reason,
    }


def _row_of(outlook: Outlook) -> dict[str, float]:
    return {
        "mean": outlook.mean,
        "p5": outlook.p5,
        "p95": outlook.p95,
        "p_gain": outlook.p_gain,
    }


def _moved_title(means: Sequence[float]) -> str:
    words = _("Measuring and correcting moved the value from {before} to {after}")
    return words.format(
        before=money_short(means[0], signed=True), after=money_short(means[-1], signed=True)
    )


def _lines(lines: Sequence[str], tone: str) -> str:
    return "".join(f'<p class="{tone}">{escape(line)}</p>' for line in lines)


def _gap(words: str) -> Html:
    """A part of the page that cannot say anything yet."""
    return Html(f'<p class="quiet">{escape(words)}</p>')
