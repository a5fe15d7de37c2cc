"""The engagement ``sample``: made on first use from the inputs that are shipped."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from playbook.engagement.disk import RECORD
from playbook.engagement.exchange import read_files
from playbook.engagement.folder import put_in_place
from playbook.engagement.home import sample_folder
from playbook.engagement.record import ConflictError, Event, NewEvent, Record
from playbook.engagement.seals import sealing, withdrawing
from playbook.errors import PlaybookError
from playbook.text import gettext as _

WHO = "sample"
STREAM = "sample"
SEALED = ("charter",)


def ensure_sample(folder: Path) -> None:
    """Make the sample's engagement if it is not there, and renew it when the package did.

    Inputs, decisions and seals that a person has changed are left alone.
    """
    shipped = shipped_hash()
    if not (folder / RECORD).is_file():
        put_in_place(folder, lambda record: record.append_all(_events(shipped), who=WHO))
        return
    record = Record(folder / RECORD)
    try:
        _renew(record, shipped)
    finally:
        record.close()


def shipped_hash() -> str:
    """A hash over the inputs that are shipped now."""
    files = _files()
    return _hash(tuple(files), tuple(path.stat().st_mtime_ns for path in files))


@lru_cache(maxsize=4)
def _hash(files: tuple[Path, ...], _changed: tuple[int, ...]) -> str:
    digest = sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> list[Path]:
    files = sorted((sample_folder() / "inputs").glob("*.yaml"))
    if not files:
        raise PlaybookError(
            _("The sample chain is not installed: {folder} has no inputs.").format(
                folder=sample_folder()
            ),
            advice=_("Install the playbook again."),
        )
    return files


def _events(shipped: str) -> list[NewEvent]:
    """Everything the sample begins with: inputs, decisions, the seal of the charter."""
    read = read_files(_files())
    seals = [
        sealing(key, event.payload["fields"])
        for key in SEALED
        for event in read
        if event.stream == f"document/{key}"
    ]
    return [NewEvent(STREAM, "made", {"inputs": shipped}), *read, *seals]


def _renew(record: Record, shipped: str) -> None:
    """Bring the inputs of another package into a record; what a person changed stays."""
    made = record.last(STREAM)
    if made is None or made.payload["inputs"] == shipped:
        return
    marker, *read = _events(shipped)
    news = [NewEvent(STREAM, marker.type, marker.payload, made.stream_seq)]
    for event in read:
        if _is_news(record, event):
            news += _replacing(record.last(event.stream), event)
    try:
        record.append_all(news, who=WHO)
    except ConflictError:
        return  # somebody has just written: the next one who opens the sample renews it


def _replacing(known: Event | None, event: NewEvent) -> list[NewEvent]:
    """The events that put one in the place of another, unless somebody writes in between."""
    if known is None:
        return [replace(event, expected=0)]
    if event.type != "sealed":
        return [replace(event, expected=known.stream_seq)]
    key = event.stream.partition("/")[2]
    return [replace(withdrawing(key), expected=known.stream_seq), event]


def _is_news(record: Record, event: NewEvent) -> bool:
    """Whether the package says something else than the record, and no person did."""
    key = event.stream.partition("/")[2]
    streams = (event.stream, f"document/{key}") if event.type == "sealed" else (event.stream,)
    last = [known for stream in streams if (known := record.last(stream))]
    if any(known.who != WHO for known in last):
        return False
    known = record.last(event.stream)
    return known is None or known.payload != event.payload
