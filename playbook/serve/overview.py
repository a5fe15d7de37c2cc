"""Where an engagement stands, step by step: told from the record alone, without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playbook.serve.decided import Line, lines_of
from playbook.serve.headlines import headline_of
from playbook.serve.needs import missing_inputs
from playbook.serve.site import Site, Step, slug
from playbook.text import gettext as _
from playbook.text import in_language, ngettext, numbers
from playbook.workshop.standing import Standing, standing


@dataclass(frozen=True, kw_only=True)
class Row:
    """One step as the list shows it.

    Attributes:
        slug: Last part of its address.
        number: Its number in the method.
        title: Its short name.
        question: The question that its page answers.
        standing: Its state.
        headline: The newest result in one sentence.
        decisions: Decisions taken and open.
        missing: What is missing, and what to do.
        has_copy: Whether there is an executed copy to read.
    """

    slug: str
    number: str
    title: str
    question: str
    standing: Standing
    headline: str
    decisions: tuple[Line, ...]
    missing: tuple[str, ...]
    has_copy: bool


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
    found = standing(site.engagement, step.id, number=step.number, versions=site.versions)
    is_waiting = found.state in ("new", "failed")
    return Row(
        slug=slug(step),
        number=step.number,
        title=step.title,
        question=title_of(step),
        standing=found,
        headline=headline_of(site, step),
        decisions=tuple(lines_of(site, step, found.reads)),
        missing=tuple(missing_inputs(site, step)) if is_waiting else (),
        has_copy=copy_of(site, slug(step), lang="") is not None,
    )


def _headline(rows: Sequence[Row]) -> str:
    done = sum(row.standing.state == "done" for row in rows)
    words = ngettext(
        "{done} of {n} step is up to date.", "{done} of {n} steps are up to date.", len(rows)
    ).format(done=numbers.number(done), n=numbers.number(len(rows)))
    n_open = sum(line.is_open for row in rows for line in row.decisions)
    waiting = ngettext("{n} decision is open.", "{n} decisions are open.", n_open)
    return f"{words} {waiting.format(n=numbers.number(n_open))}" if n_open else words


def _next(site: Site, rows: Sequence[Row]) -> Advice | None:
    """What brings the steps up to date; nothing when they are."""
    command = f"playbook run {site.engagement.name}"
    waiting = sum(row.standing.state != "done" for row in rows)
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
