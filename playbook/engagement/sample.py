"""The engagement ``sample``: made on first use from the inputs that are shipped."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from playbook.engagement.decisions import Decision, deciding
from playbook.engagement.disk import exclusive, explained
from playbook.engagement.documents import of_kind, read, saving
from playbook.engagement.folder import RECORD, put_in_place
from playbook.engagement.home import sample_folder
from playbook.engagement.record import NewEvent, Record
from playbook.engagement.seals import sealing
from playbook.errors import PlaybookError
from playbook.text import gettext as _

WHO = "sample"
CHARTER = "charter"
DECISIONS = "decisions"


def ensure_sample(folder: Path) -> None:
    """Make the sample's engagement if it is not there, and renew it when the package did.

    A sample in which a person has changed an input or a decision is left alone.
    """
    shipped = shipped_hash()
    if (folder / RECORD).is_file() and not _is_outdated(folder, shipped):
        return
    with explained(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(folder.parent / ".sample.lock"):
            if (folder / RECORD).is_file():
                if not _is_outdated(folder, shipped):
                    return
                stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
                folder.rename(folder.with_name(f".sample-before-{stamp}"))
            put_in_place(folder, lambda record: record.append_all(_events(shipped), who=WHO))


def shipped_hash() -> str:
    """A hash over the inputs that are shipped now."""
    digest = sha256()
    for path in _files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
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


def _is_outdated(folder: Path, shipped: str) -> bool:
    record = Record(folder / RECORD)
    made = record.last("sample")
    if made is not None and made.payload["inputs"] == shipped:
        return False
    touched = (
        event
        for prefix in ("document/", "decision/", "seal/")
        for event in record.latest(prefix)
        if event.who != WHO
    )
    is_untouched = next(touched, None) is None
    record.close()
    return is_untouched


def _events(shipped: str) -> list[NewEvent]:
    """Everything the sample begins with, as events."""
    events = [NewEvent("sample", "made", {"inputs": shipped})]
    for path in _files():
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.stem == DECISIONS:
            events += [deciding(Decision.model_validate(one)) for one in raw]
            continue
        document = read(_kind(path), raw, where=path.name)
        events.append(saving(document))
        if path.stem == CHARTER:
            events.append(sealing(CHARTER, document.to_raw()))
    return events


def _kind(path: Path) -> Any:  # noqa: ANN401 - the class of the document
    kind = of_kind(path.stem)
    if kind is None:
        raise PlaybookError(
            _("{file} is not a kind of document that the playbook knows.").format(file=path.name)
        )
    return kind
