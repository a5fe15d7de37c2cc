"""Tables on the disk: a Parquet file and a note about it, changed in one step.

A table ``receipts`` is the file that ``receipts.json`` names. A new version is written
beside the old one, and then the note is replaced, which the file system does at once:
whoever is killed at whatever moment leaves the old table or the new one, never half of
either. Old files are removed after the note has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A table on the disk.

    Attributes:
        files: Its Parquet files, one or several parts.
        version: Changes whenever the content does.
        facts: What was noted at import: rows, first and last day, sources, counts.
    """

    files: tuple[Path, ...]
    version: str
    facts: Mapping[str, Any]


def find(folder: Path, name: str) -> Stored | None:
    """The imported table of this name, or nothing."""
    try:
        note = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Stored(files=(folder / note["file"],), version=note["version"], facts=note["facts"])


def names(folder: Path) -> list[str]:
    """Names of the imported tables."""
    notes = folder.glob("*.json") if folder.is_dir() else ()
    return sorted(path.stem for path in notes)


def put(folder: Path, name: str, parquet: Path, *, facts: Mapping[str, Any]) -> Stored:
    """Make a finished Parquet file of the same disk the table of this name.

    Args:
        folder: The data folder of an engagement.
        name: Name of the table.
        parquet: Finished file; it is moved.
        facts: What to note beside it, as JSON can hold it.
    """
    version = content_hash(parquet)
    target = folder / f"{name}-{version}.parquet"
    parquet.replace(target)
    note = {"file": target.name, "version": version, "facts": dict(facts)}
    with replacing(folder / f"{name}.json") as draft:
        draft.write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
    for old in folder.glob(f"{name}-*.parquet"):
        if old != target:
            old.unlink(missing_ok=True)
    return Stored(files=(target,), version=version, facts=facts)


def content_hash(path: Path) -> str:
    """A short fingerprint of what is in a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:VERSION_LENGTH]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft that takes the place of ``path`` in one step when the block ends well.

    Drafts that killed processes left are taken away.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent, f".{path.stem}-")
    handle, name = tempfile.mkstemp(
        prefix=f".{path.stem}-{os.getpid()}-", suffix=".part", dir=path.parent
    )
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb+") as stream:
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def sweep(folder: Path, prefix: str) -> None:
    """Remove files and folders named prefix, process, hyphen, if the process is gone."""
    for path in folder.glob(f"{prefix}*"):
        owner = path.name.removeprefix(prefix).partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
