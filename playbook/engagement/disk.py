"""The disk under an engagement: taking turns, and saying what went wrong."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playbook.errors import PlaybookError
from playbook.text import gettext as _

RECORD = "record.sqlite"
FULL = {errno.ENOSPC, errno.EDQUOT}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
PRIMARY_CODE = 0xFF  # SQLite adds details above the lowest byte of a code


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into one ``PlaybookError``; other errors pass."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        told = explanation(error, folder)
        if told is None:
            raise
        raise told from error


def explanation(error: sqlite3.Error | OSError, folder: Path) -> PlaybookError | None:
    """What a person can do about an error of the disk, or nothing.

    ``folder`` is named where the error itself names no file.
    """
    if isinstance(error, OSError) and isinstance(error.filename, str):
        folder = Path(error.filename).parent
    code = getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE
    number = error.errno if isinstance(error, OSError) else None
    if number in FULL or code == sqlite3.SQLITE_FULL:
        return PlaybookError(
            _("The disk is full: this was not saved. Everything saved before is whole."),
            advice=_("Free some space on the disk of {folder} and try again.").format(
                folder=folder
            ),
        )
    if code == sqlite3.SQLITE_CANTOPEN and not (folder / RECORD).exists():
        return PlaybookError(
            _("The record in {folder} is gone.").format(folder=folder),
            advice=_("Put the last good copy of record.sqlite in its place."),
        )
    if number in FORBIDDEN or code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return PlaybookError(
            _("Nothing can be written in the folder {folder}.").format(folder=folder),
            advice=_(
                "Give yourself the right to write there, or name another folder in PLAYBOOK_HOME."
            ),
        )
    is_foreign = code == sqlite3.SQLITE_ERROR and "no such table" in str(error)
    if is_foreign or code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return damaged(folder)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return PlaybookError(
            _("Another program has kept the record in {folder} busy for too long.").format(
                folder=folder
            ),
            advice=_("Close it and try again; nothing was changed."),
        )
    if code == sqlite3.SQLITE_IOERR:
        return PlaybookError(
            _("The disk of {folder} did not take what was written: {reason}.").format(
                folder=folder, reason=error
            ),
            advice=_("Check the disk and the space left on it, then try again."),
        )
    return None


def damaged(folder: Path) -> PlaybookError:
    """The error of a record that cannot be read as one."""
    return PlaybookError(
        _("The record in {folder} is damaged or is not a record.").format(folder=folder),
        advice=_("Put the last good copy of record.sqlite in its place."),
    )


if sys.platform == "win32":
    import msvcrt
    import time

    def _lock(descriptor: int) -> None:
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.005)
            else:
                return

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` alone; the dead let go.

    Whoever waits for it holds the turn, so that a writer that comes back at once cannot
    overtake those who were there before.
    """
    with ExitStack() as stack:
        with _held(path.with_suffix(".turn")):
            stack.enter_context(_held(path))
        yield


@contextmanager
def _held(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)  # closing lets go
