"""Where an engagement stands, step by step: told from the record alone, without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playbook.serve.decided import Line, lines_of
from playbook.serve.headlines import headline_of
from playbook.serve.needs import missing_inputs
from playbook.serve.site import Site, Step, slug
from playbook.text import gettext as _
from playbook.text import in_language, ngettext, numbers

State = Literal["new", "done", "stale", "failed"]
MARKS = {"new": "○", "done": "●", "stale": "◐", "failed": "✕"}
TONES = {"new": "", "done": "good", "stale": "warn", "failed": "bad"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One step as the list shows it.

    Attributes:
        slug: Last part of its address.
        number: Its number in the method.
        title: Its short name.
        question: The question that its page answers.
        state: Not run, up to date, overtaken by changed inputs, or failed.
        status: The state in words, with the day.
        headline: The newest result in one sentence.
        decisions: Decisions taken and open.
        missing: What is missing, and what to do.
        has_copy: Whether there is an executed copy to read.
    """

    slug: str
    number: str
    title: str
    question: str
    state: State
    status: str
    headline: str
    decisions: tuple[Line, ...]
    missing: tuple[str, ...]
    has_copy: bool

    @property
    def mark(self) -> str:
        """A shape that tells the state without its colour."""
        return MARKS[self.state]

    @property
    def tone(self) -> str:
        """The class of its colour."""
        return TONES[self.state]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage of the method with its steps."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Advice:
    """What to do next: words, and the command that does it."""

    words: str
    command: str


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everything that the list of steps shows."""

    company: str
    headline: str
    next: Advice | None
    stages: tuple[Stage, ...]
    dashboards: tuple[Row, ...]


def overview(site: Site, *, lang: str, title_of: Callable[[Step], str]) -> Overview:
    """The state of the engagement in ``lang``.

    Args:
        site: What is served.
        lang: Language of the words.
        title_of: Says the question that the page of a step answers.
    """
    with in_language(lang):
        rows = {step.id: _row(site, step, title_of=title_of) for step in site.steps}
        steps = [rows[step.id] for step in site.steps if not step.is_dashboard]
        return Overview(
            company=site.company(),
            headline=_headline(steps),
            next=_next(site, steps),
            stages=tuple(_stages(steps)),
            dashboards=tuple(rows[step.id] for step in site.steps if step.is_dashboard),
        )


def _row(site: Site, step: Step, *, title_of: Callable[[Step], str]) -> Row:
    event = site.engagement.record.last(f"run/{step.id}")
    facts = event.payload if event else {}
    state: State = "new"
    status = _("Not run yet.")
    if event and event.type == "failed":
        state, status = "failed", _failed(facts)
    elif event:
        changed = _changed(site, step, facts["reads"])
        state = "stale" if changed else "done"
        status = _ran(event.at, changed)
    return Row(
        slug=slug(step),
        number=step.number,
        title=step.title,
        question=title_of(step),
        state=state,
        status=status,
        headline=headline_of(site, step),
        decisions=tuple(lines_of(site, step, facts.get("reads", {}))),
        missing=tuple(missing_inputs(site, step)) if state in ("new", "failed") else (),
        has_copy=copy_of(site, slug(step), lang="") is not None,
    )


def _failed(facts: Mapping[str, str]) -> str:
    """Why a step stopped, in the words of its message."""
    summary = facts.get("message", "").partition("\n")[0]
    return _("Stopped: {message}").format(message=summary)


def _ran(at: str, changed: Sequence[str]) -> str:
    when = numbers.moment(at)
    if not changed:
        return _("Ran {when}.").format(when=when)
    words = _("Ran {when}; since then changed: {inputs}. Run it again.")
    return words.format(when=when, inputs=", ".join(changed))


def _changed(site: Site, step: Step, reads: Mapping[str, str]) -> list[str]:
    """What a step has read in another version than there is now, in short names.

    A decision on the step's own question follows from its numbers and does not change them.
    """
    own = f"decision/{step.number}."
    read = {name: version for name, version in reads.items() if not name.startswith(own)}
    now = site.versions(site.engagement, read)
    return sorted({_short(name) for name, version in read.items() if now.get(name) != version})


def _short(name: str) -> str:
    """The last word of an input: ``goals`` of ``document/goals``.

    Example:
        >>> _short("result/playbook.customers.segments.Segments")
        'Segments'
    """
    kind, _slash, rest = name.partition("/")
    return rest.rpartition(".")[2] if kind == "result" else rest


def _headline(rows: Sequence[Row]) -> str:
    done = sum(row.state == "done" for row in rows)
    words = ngettext(
        "{done} of {n} step is up to date.", "{done} of {n} steps are up to date.", len(rows)
    ).format(done=numbers.number(done), n=numbers.number(len(rows)))
    n_open = sum(line.is_open for row in rows for line in row.decisions)
    waiting = ngettext("{n} decision is open.", "{n} decisions are open.", n_open)
    return f"{words} {waiting.format(n=numbers.number(n_open))}" if n_open else words


def _next(site: Site, rows: Sequence[Row]) -> Advice | None:
    """What brings the steps up to date; nothing when they are."""
    command = f"playbook run {site.engagement.name}"
    waiting = sum(row.state != "done" for row in rows)
    if not waiting:
        return None
    words = _("To begin:") if waiting == len(rows) else _("To bring the rest up to date:")
    return Advice(words, command)


def _stages(rows: Sequence[Row]) -> Iterator[Stage]:
    """The steps by the stages of the method."""
    stages = (
        (_("Why, before anything else"), ("00", "01")),
        (_("Stage 1. Strategy"), ("02", "05")),
        (_("Stage 2. Pilot"), ("06", "08")),
        (_("Stage 3. Scaling"), ("09", "11")),
    )
    for title, (first, last) in stages:
        chosen = tuple(row for row in rows if first <= row.number <= last)
        if chosen:
            yield Stage(title=title, rows=chosen)


def copy_of(site: Site, wanted: str, *, lang: str) -> Path | None:
    """The newest executed copy of a step as a page: in ``lang`` if there is one, else in any."""
    step = site.by_slug.get(wanted)
    if step is None:
        return None
    events = [e for e in site.engagement.record.events(f"run/{step.id}") if e.type == "finished"]
    for event in sorted(events, key=lambda e: (e.payload["lang"] == lang, e.seq), reverse=True):
        folder = Path(site.engagement.folder) / "runs" / str(event.payload["folder"])
        page = folder / f"{step.id.replace('/', '_')}.html"
        if page.is_file():
            return page
    return None
