"""What each step computed: stored once under the hash of its content, with its provenance."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

import playbook
from playbook.display.result import Result
from playbook.engagement.coding import Encoder, OutdatedError, class_name, decode
from playbook.engagement.disk import explained
from playbook.engagement.record import Event, Record, canonical
from playbook.errors import PlaybookError
from playbook.text import gettext as _

R = TypeVar("R", bound=Result)
ABSENT = "absent"


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a result comes from.

    Attributes:
        step: The step that computed it, such as ``03_segmentation``.
        reads: What the step read, as ``document/goals``, ``table/stores``,
            ``result/…`` or ``decision/…``, to its hash; ``absent`` where it was looked
            for and not there.
        parameters: The parameters of the notebook.
        seed: The seed, if the step draws anything.
        lang: The language in which the step spoke.
        code: Version of the package and hash of its sources.
        data_until: Last day of the data (ISO), empty when unknown.
    """

    step: str
    reads: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    lang: str = "en"
    code: str = ""
    data_until: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Stored(Generic[R]):
    """A result as it lies in the engagement.

    Attributes:
        result: The result, rebuilt as its class.
        hash: SHA-256 of its content.
        at: When it was stored (ISO, UTC).
        who: Who ran the step.
    """

    result: R
    hash: str
    provenance: Provenance
    at: str
    who: str


@cache
def code_version() -> str:
    """Version of the package and a hash of its source files."""
    folder = Path(playbook.__file__).parent
    digest = sha256()
    for source in sorted(folder.rglob("*.py")):
        digest.update(source.relative_to(folder).as_posix().encode())
        digest.update(source.read_bytes())
    return f"{playbook.__version__}+{digest.hexdigest()[:12]}"


class Results:
    """The results of one engagement.

    Args:
        folder: Where their files lie.
        record: Where it is written down who computed what from what.
    """

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder = folder
        self.record = record

    def store(self, result: Result, provenance: Provenance, *, who: str | None = None) -> str:
        """Store a result and return the hash of its content.

        Its files are complete before they bear their name; then the record tells of them.

        Raises:
            PlaybookError: The disk is full, or the folder cannot be written.
        """
        encoder = Encoder()
        value = encoder.encode(result)
        files = {"result.json": canonical(value).encode(), **encoder.files}
        key = _hash(files)
        with explained(self.folder):
            _write(self.folder / key[:32], files)
        payload = {"hash": key, **vars(provenance)}
        self.record.append(_stream(type(result)), "computed", payload, who=who)
        return key

    def latest(self, cls: type[R]) -> Stored[R] | None:
        """The newest result of a class, or nothing.

        Raises:
            PlaybookError: It was computed by an older version whose results had other
                fields, or its files are gone: the step must run again.
        """
        event = self.record.last(_stream(cls))
        return self._opened(event) if event else None

    def latest_hash(self, cls: type[Result]) -> str | None:
        """The hash of the newest result of a class, without opening it."""
        event = self.record.last(_stream(cls))
        return event.payload["hash"] if event else None

    def history(self, cls: type[Result]) -> list[tuple[str, Provenance]]:
        """Hash and provenance of every result of a class, oldest first."""
        events = self.record.events(_stream(cls))
        return [(event.payload["hash"], provenance_of(event)) for event in events]

    def all(self) -> list[Event]:
        """The newest event of every class of result."""
        return self.record.latest("result/")

    def opened(self, event: Event) -> Stored[Any]:
        """The result that an event of ``all`` tells of; raises as ``latest`` does."""
        return self._opened(event)

    def _opened(self, event: Event) -> Stored[Any]:
        folder = self.folder / event.payload["hash"][:32]
        provenance = provenance_of(event)
        try:
            value = json.loads((folder / "result.json").read_text(encoding="utf-8"))
            result = decode(value, lambda file: (folder / file).read_bytes())
        except OutdatedError as error:
            told = _("The result of step {step} was computed by another version of the playbook.")
            raise _run_again(told, provenance.step) from error
        except FileNotFoundError as error:
            raise _run_again(
                _("The files of step {step}'s result are gone."), provenance.step
            ) from error
        return Stored(
            result=result,
            hash=event.payload["hash"],
            provenance=provenance,
            at=event.at,
            who=event.who,
        )


def provenance_of(event: Event) -> Provenance:
    """The provenance in an event of a result."""
    return Provenance(**{key: value for key, value in event.payload.items() if key != "hash"})


def _run_again(told: str, step: str) -> PlaybookError:
    return PlaybookError(
        told.format(step=step), advice=_("Run step {step} again.").format(step=step)
    )


def _stream(cls: type[Result]) -> str:
    return f"result/{class_name(cls)}"


def _hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 over names and contents."""
    digest = sha256()
    for file in sorted(files):
        digest.update(f"{file}\0{sha256(files[file]).hexdigest()}\n".encode())
    return digest.hexdigest()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files that is there as a whole or not at all."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=".half-", dir=folder.parent))
    try:
        for name, content in files.items():
            with (half / name).open("wb") as target:
                target.write(content)
                target.flush()
                os.fsync(target.fileno())
        half.chmod(0o755)
        half.rename(folder)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)
        if not folder.exists():  # else another process has stored the same
            raise
