"""The engine under the tables: Ibis on DuckDB, with a limit to its memory and a place to spill."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data import storage
from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    import duckdb
    from ibis.backends.duckdb import Backend

MEMORY_VARIABLE = "PLAYBOOK_MEMORY"
DEFAULT_MEMORY = "2GB"
_SIZE = re.compile(r"\d+(\.\d+)?\s*([KMGT]i?B)", re.IGNORECASE)
SPILL = "spill"
# What DuckDB does not count is left to it: Python, Arrow, files on their way to the disk.
DUCKDB_SHARE = 0.8


def memory_limit() -> str:
    """How much memory work on a table may take before it goes on on the disk."""
    asked = os.environ.get(MEMORY_VARIABLE, "").strip() or DEFAULT_MEMORY
    if not _SIZE.fullmatch(asked):
        words = _("{variable} is “{value}”, which is no amount of memory.")
        raise PlaybookError(
            words.format(variable=MEMORY_VARIABLE, value=asked),
            advice=_("Write it as 2GB or 800MB."),
        )
    return asked


def memory_bytes() -> int:
    """The same in bytes."""
    number, unit = re.split(r"(?<=[\d.])\s*(?=[A-Z])", memory_limit().upper(), maxsplit=1)
    base = 1024 if "I" in unit else 1000
    return int(float(number) * base ** (1 + "KMGT".index(unit[0])))


@contextmanager
def spill_folder(folder: Path) -> Iterator[Path]:
    """A place for the rows that do not fit into memory; left behind by none.

    What killed processes left there is taken away. Where ``folder`` may not be written, the
    system's place for temporary files is taken.
    """
    parent: Path | None = folder / SPILL
    try:
        folder.joinpath(SPILL).mkdir(parents=True, exist_ok=True)
        storage.sweep(folder / SPILL, "")
    except OSError:
        parent = None
    with (
        _empty_removed(parent),
        tempfile.TemporaryDirectory(
            prefix=f"{os.getpid()}-", dir=parent, ignore_cleanup_errors=True
        ) as name,
    ):
        yield Path(name)


@contextmanager
def _empty_removed(folder: Path | None) -> Iterator[None]:
    """Take the folder away afterwards when nothing is in it."""
    try:
        yield
    finally:
        if folder is not None:
            with contextlib.suppress(OSError):
                folder.rmdir()


@contextmanager
def connected(folder: Path) -> Iterator[Backend]:
    """An Ibis connection to an empty DuckDB in memory that spills into ``folder``."""
    import ibis

    with _explained(folder), spill_folder(folder) as spill:
        connection = ibis.duckdb.connect(**_settings(spill))
        try:
            yield connection
        finally:
            connection.disconnect()


@contextmanager
def duck(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same without Ibis, for reading files that have no types yet."""
    import duckdb

    with _explained(folder), spill_folder(folder) as spill:
        connection = duckdb.connect(":memory:", config=dict(_settings(spill)))
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what a person can mend about memory and disk into one sentence.

    A stop from the keyboard arrives as itself, not as the error that DuckDB makes of it.
    """
    import duckdb

    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except RuntimeError as error:
        if isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from error
        raise
    except duckdb.OutOfMemoryException as error:
        words = _("{limit} of memory are not enough for this.")
        advice = _("Give more, for example {variable}=4GB, or close other programs.")
        raise PlaybookError(
            words.format(limit=memory_limit()), advice=advice.format(variable=MEMORY_VARIABLE)
        ) from error
    except duckdb.IOException as error:
        if "No space left" not in str(error):
            raise
        advice = _("Free some space on the disk of {folder} and try again.")
        raise PlaybookError(
            _("The disk is full: this was not saved. Everything saved before is whole."),
            advice=advice.format(folder=folder),
        ) from error


def _settings(spill: Path) -> dict[str, str]:
    kilobytes = int(memory_bytes() * DUCKDB_SHARE) // 1000
    return {"memory_limit": f"{kilobytes}KB", "temp_directory": str(spill)}
