"""Inputs out to a folder of YAML files for analysts and git, and back, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from playbook.engagement.complaints import Complaint, complaints, nearest
from playbook.engagement.decisions import Decision, Decisions, deciding
from playbook.engagement.disk import explained
from playbook.engagement.documents import (
    BASE,
    Document,
    Documents,
    Part,
    kinds,
    load_chapters,
    of_kind,
    saving,
)
from playbook.engagement.marked import Marked, parse
from playbook.engagement.record import ConflictError, Event, NewEvent, Record, me
from playbook.engagement.written import decisions_as_text, document_as_text, form_as_text
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext

ENDINGS = (".yaml", ".yml")
HEADER = re.compile(r"# playbook: kind=(\S+) version=(\d+) saved=(\d+)")
DECISIONS = "decisions"


class _DecisionFile(Part):
    """What decisions.yaml holds."""

    decisions: tuple[Decision, ...] = ()


@dataclass
class _File:
    """One file on its way in."""

    path: Path
    marked: Marked
    version: int | None = None
    saved: int | None = None

    @property
    def kind(self) -> str:
        return self.path.stem

    def problem(self, complaint: Complaint) -> str:
        place = self.marked.place(complaint.location, is_key=complaint.is_key)
        return f"{self.path.name}:{place.line}:{place.column}: {complaint}"


def export(
    record: Record, folder: Path, *, examples: Mapping[str, Document] | None = None
) -> list[Path]:
    """Write every input of an engagement into ``folder``, one YAML file per kind.

    Comments are in the reader's language. A file that is there already is replaced. A
    kind that nobody has filled in becomes a form in which every line is a comment.

    Args:
        record: Where the inputs are.
        folder: Where they go; it is made if it is not there.
        examples: What stands in the forms, by kind.

    Raises:
        PlaybookError: The disk is full, or the folder cannot be written.
    """
    load_chapters()
    documents = Documents(record)
    texts = {}
    for kind in kinds():
        cls = cast(type[Document], of_kind(kind))
        stored = documents.latest(cls)
        example = (examples or {}).get(kind)
        texts[kind] = document_as_text(stored) if stored else form_as_text(cls, example)
    decided = [item.decision for item in Decisions(record).all()]
    if decided:
        texts[DECISIONS] = decisions_as_text(decided)
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return [_replace(folder / f"{kind}.yaml", text) for kind, text in texts.items()]


def _replace(path: Path, text: str) -> Path:
    half = path.with_name(f".{path.name}.half")
    half.write_text(text, encoding="utf-8")
    return half.replace(path)


def load(
    record: Record, paths: Iterable[Path], *, who: str | None = None, force: bool = False
) -> list[str]:
    """Read inputs from YAML files or folders and return the kinds that changed.

    Nothing is saved unless every file is right and nobody else saved meanwhile.

    Args:
        record: Where they go.
        paths: Files named after their kind, or folders of such files.
        who: Who brings them.
        force: Save even where somebody else has saved since the file was written.

    Raises:
        PlaybookError: Every problem of every file, with line and column.
    """
    events = [_since(record, event, who or me(), force=force) for event in read_files(paths)]
    changed = [event for event in events if not _is_known(record, event)]
    if changed:
        record.append_all(changed, who=who)
    return [event.stream.partition("/")[2] for event in changed]


def read_files(paths: Iterable[Path]) -> list[NewEvent]:
    """Check all files and return the events that would save them.

    Raises:
        PlaybookError: Every problem of every file, with line and column.
    """
    problems: list[str] = []
    events: list[NewEvent] = []
    for path in _files(paths):
        file = _opened(path, problems)
        if file:
            events += _events(file, problems)
    if problems:
        words = ngettext(
            "The inputs have {n} problem; nothing was saved.",
            "The inputs have {n} problems; nothing was saved.",
            len(problems),
        )
        raise PlaybookError(
            words.format(n=len(problems)),
            problems=problems,
            advice=_("Correct every line above and try again."),
        )
    return events


def _files(paths: Iterable[Path]) -> list[Path]:
    """The YAML files named, and those in the folders named."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise PlaybookError(
                _("There is no file or folder {path}.").format(path=path),
                advice=_("Check the spelling, or export the inputs first."),
            )
        inside = (
            sorted(p for p in path.iterdir() if p.suffix in ENDINGS) if path.is_dir() else [path]
        )
        found += [p for p in inside if not p.name.startswith(".")]
    if not found:
        raise PlaybookError(
            _("There is no YAML file in the folder."),
            advice=_("Name a folder that was written by an export."),
        )
    return found


def _opened(path: Path, problems: list[str]) -> _File | None:
    """Read a file; as long as it is not YAML its fields cannot be checked."""
    with explained(path.parent):
        content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        told = _("is not text in UTF-8; save it as UTF-8")
        problems.append(f"{path.name}:{line}:1: {told}")
        return None
    marked = parse(text)
    header = HEADER.match(text)
    if marked.value is None and not marked.problems:
        if not header:
            told = _("is empty")
            problems.append(f"{path.name}:1:1: {told}")
        return None  # a form that nobody has filled in
    for place, told in marked.problems:
        problems.append(f"{path.name}:{place.line}:{place.column}: {told}")
    if marked.problems:
        return None
    if header and header[1] == path.stem:
        return _File(path, marked, version=int(header[2]), saved=int(header[3]))
    return _File(path, marked)


def _events(file: _File, problems: list[str]) -> list[NewEvent]:
    """The events of one file; its problems are added to ``problems``."""
    if file.kind == DECISIONS:
        return _decision_events(file, problems)
    cls = of_kind(file.kind)
    if cls is None:
        known = [*kinds(), DECISIONS]
        hint = nearest(file.kind, known) or _("known are {kinds}").format(kinds=", ".join(known))
        told = _("“{kind}” is not an input; {hint}").format(kind=file.kind, hint=hint)
        problems.append(f"{file.path.name}: {told}")
        return []
    document = _checked(cls, file, problems)
    if document is None:
        return []
    facts = {} if file.saved is None else {BASE: file.saved}
    return [saving(document, expected=file.saved, **facts)]


def _checked(cls: type[Document], file: _File, problems: list[str]) -> Any:  # noqa: ANN401
    raw, version = file.marked.value, file.version or cls.version
    if version > cls.version:
        told = _("was written by a newer version of the playbook")
        problems.append(f"{file.path.name}:1:1: {told}")
        return None
    try:
        return cls.from_raw(raw, version=version)
    except ValidationError as error:
        problems += [file.problem(complaint) for complaint in complaints(error, cls, raw)]
        return None


def _decision_events(file: _File, problems: list[str]) -> list[NewEvent]:
    raw = {"decisions": file.marked.value or []}
    try:
        read = _DecisionFile.model_validate(raw)
    except ValidationError as error:
        for complaint in complaints(error, _DecisionFile, raw):
            inner = Complaint(complaint.location[1:], complaint.text, complaint.is_key)
            problems.append(file.problem(inner))
        return []
    return [deciding(decision) for decision in read.decisions]


def _since(record: Record, event: NewEvent, who: str, *, force: bool) -> NewEvent:
    """Settle what a file may overwrite: what it was written from, and its own earlier imports.

    Raises:
        ConflictError: Somebody else saved after the file had been written.
    """
    latest = record.last(event.stream)
    if event.expected is None or force:
        return _expecting(event, None)
    later = [e for e in record.events(event.stream) if e.stream_seq > (event.expected or 0)]
    strange = [e for e in later if e.who != who or BASE not in e.payload]
    if strange:
        raise ConflictError(strange[-1])
    return _expecting(event, latest.stream_seq if latest else 0)


def _expecting(event: NewEvent, expected: int | None) -> NewEvent:
    return NewEvent(event.stream, event.type, event.payload, expected)


def _is_known(record: Record, event: NewEvent) -> bool:
    """Whether the newest event of the stream says the same."""
    latest: Event | None = record.last(event.stream)
    return latest is not None and _said(latest.payload) == _said(event.payload)


def _said(payload: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key != BASE}
