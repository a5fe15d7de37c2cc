"""The disk under an engagement: taking turns, and saying what went wrong."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playbook.errors import PlaybookError
from playbook.text import gettext as _

RECORD = "record.sqlite"
FULL = {errno.ENOSPC, errno.EDQUOT}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
LEAST_FREE = 1 << 17  # bytes that SQLite takes to open a record
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
    is_named = isinstance(error, OSError) and isinstance(error.filename, str)
    if isinstance(error, OSError) and isinstance(error.filename, str):
        folder = Path(error.filename).parent
    code = getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE
    number = error.errno if isinstance(error, OSError) else None
    if number in FULL or code == sqlite3.SQLITE_FULL:
        return _full(
            _("The disk is full: this was not saved. Everything saved before is whole."),
            folder if is_named else fuller(folder, Path(tempfile.gettempdir())),
        )
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _free(folder) < LEAST_FREE:
        # even to read, SQLite writes a few kilobytes beside the record
        return _full(_("The disk is full: the record cannot be opened. It is whole."), folder)
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


def _full(summary: str, folder: Path) -> PlaybookError:
    words = _("Free some space on the disk of {folder} and try again.")
    return PlaybookError(summary, advice=words.format(folder=folder))


def fuller(*folders: Path) -> Path:
    """Of some folders the one whose disk has the least space left; the first if they share it."""
    return min(folders, key=_free)


def _free(folder: Path) -> float:
    """Bytes left on the disk of a folder, without end where it is not there."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return float("inf")


def damaged(folder: Path) -> PlaybookError:
    """The error of a record that cannot be read as one."""
    return PlaybookError(
        _("The record in {folder} is damaged or is not a record.").format(folder=folder),
        advice=_("Put the last good copy of record.sqlite in its place."),
    )


if sys.platform == "win32":
    import msvcrt
    import time

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _lock(descriptor: int) -> None:
        while not _try_lock(descriptor):
            time.sleep(0.005)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


@contextmanager
def exclusive(path: Path, *, waits: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock file ``path`` alone; the dead let go.

    ``waits`` is called once when somebody else holds it.

    Whoever waits for it holds the turn, so that a writer that comes back at once cannot
    overtake those who were there before.
    """
    with ExitStack() as stack:
        with _held(path.with_suffix(".turn"), waits):
            stack.enter_context(_held(path, waits))
        yield


@contextmanager
def _held(path: Path, waits: Callable[[], None] | None = None) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _try_lock(descriptor):
            if waits is not None:
                waits()
            _lock(descriptor)
        yield
    finally:
        os.close(descriptor)  # closing lets go
