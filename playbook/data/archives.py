"""ZIP and GZ: each member unpacked into the work folder, read, and taken away again."""

from __future__ import annotations

import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.numbers import number

GIGABYTE = 10**9
MOST_BYTES = 100 * GIGABYTE  # unpacked, of one archive
MOST_MEMBERS = 10_000
MOST_RATIO = 400  # unpacked to packed; text of tills has ten to fifty
FREE_BYTES = 100 * 10**6  # below this the ratio does not matter
PIECE = 1 << 20
ENCRYPTED = 0x1
UTF8_NAME = 0x800
RUBBISH = {"thumbs.db", "desktop.ini", ".ds_store"}


@dataclass(frozen=True, kw_only=True)
class Member:
    """A file in an archive: its name as people wrote it, and its entry."""

    name: str
    info: zipfile.ZipInfo


def members(path: Path, shown: str) -> list[Member]:
    """The files in a ZIP, all of them checked before any is unpacked.

    Args:
        path: The archive.
        shown: The archive as it is shown.

    Raises:
        PlaybookError: Names every member that is refused: its path climbs out of the folder, it
            is a link, it is encrypted, it would be too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [
                Member(name=_name(info), info=info)
                for info in archive.infolist()
                if not info.is_dir()
            ]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise _damaged(shown) from error
    problems = [line for member in found if (line := _problem(member))]
    total = sum(member.info.file_size for member in found)
    if total > MOST_BYTES or len(found) > MOST_MEMBERS:
        words = _("all members together: {size} GB in {n} files; the limit is {most} GB")
        line = words.format(
            size=number(total / GIGABYTE, 1),
            n=number(len(found)),
            most=number(MOST_BYTES // GIGABYTE),
        )
        problems.append(line)
    if problems:
        raise PlaybookError(
            _("{file} is not unpacked.").format(file=shown),
            problems=problems,
            advice=_("Unpack it yourself, look at what is in it, and import the files."),
        )
    return [member for member in found if not is_rubbish(member.name)]


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a member; Windows in Russia writes it in cp866 and does not say so."""
    name = info.orig_filename if "\\" in info.orig_filename else info.filename
    if info.flag_bits & UTF8_NAME or name.isascii():
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp866")


def is_rubbish(name: str) -> bool:
    """Whether a file is one of those that systems leave beside tables.

    Example:
        >>> is_rubbish("__MACOSX/._jan.csv"), is_rubbish("2024/jan.csv")
        (True, False)
    """
    parts = PurePosixPath(name).parts
    last = parts[-1].casefold() if parts else ""
    return (
        "__MACOSX" in parts
        or last in RUBBISH
        or last.startswith(("._", "_success", "_committed", "_started", "_metadata", "~$"))
        or last.endswith(".crc")
        or any(part.startswith(".") for part in parts)
    )


def _problem(member: Member) -> str:
    """Why a member must not be unpacked, or nothing."""
    name, info = member.name, member.info
    if _climbs_out(name) or _climbs_out(info.filename):
        return _("{member}: its path leads out of the folder").format(member=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        return _("{member}: it is a link, not a file").format(member=name)
    if info.flag_bits & ENCRYPTED:
        return _("{member}: it is protected by a password").format(member=name)
    is_large = info.file_size > FREE_BYTES
    if is_large and info.file_size > MOST_RATIO * max(1, info.compress_size):
        return _too_dense(name, info.file_size)
    return ""


def _climbs_out(name: str) -> bool:
    windows, posix = PureWindowsPath(name), PurePosixPath(name)
    return bool(
        posix.is_absolute()
        or windows.drive
        or windows.root
        or ".." in windows.parts
        or "\0" in name
    )


def _too_dense(name: str, size: int) -> str:
    words = _("{member}: {size} GB from so few bytes; more than {ratio} to one is not unpacked")
    return words.format(member=name, size=number(size / GIGABYTE, 1), ratio=number(MOST_RATIO))


@contextmanager
def unpacked(path: Path, member: Member, target: Path, shown: str) -> Iterator[Path]:
    """A member of a ZIP as a file, for as long as it is read.

    Args:
        path: The archive.
        member: What to unpack.
        target: Where to; nothing is there afterwards.
        shown: The member as it is shown.
    """
    try:
        try:
            with zipfile.ZipFile(path) as archive, archive.open(member.info) as stream:
                _copy(stream, target, shown, packed=member.info.compress_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise _damaged(shown) from error
        yield target
    finally:
        target.unlink(missing_ok=True)


@contextmanager
def gunzipped(path: Path, target: Path, shown: str) -> Iterator[Path]:
    """A GZ as a file, for as long as it is read."""
    try:
        try:
            with gzip.open(path) as stream:
                _copy(stream, target, shown, packed=path.stat().st_size)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise _damaged(shown) from error
        yield target
    finally:
        target.unlink(missing_ok=True)


def _copy(stream: IO[bytes] | gzip.GzipFile, target: Path, shown: str, *, packed: int) -> None:
    """Unpack, counting what comes out: what an archive says of itself need not be true."""
    n = 0
    with target.open("wb") as file:
        while piece := stream.read(PIECE):
            n += len(piece)
            if n > MOST_BYTES or (n > FREE_BYTES and n > MOST_RATIO * max(1, packed)):
                raise PlaybookError(
                    _("{file} is not unpacked.").format(file=shown), problems=[_too_dense(shown, n)]
                )
            file.write(piece)


def workbook_kind(path: Path, shown: str) -> str:
    """What workbook a ZIP is, ``xlsx`` or ``ods``, or nothing; one too large is refused.

    Raises:
        PlaybookError: The ZIP is damaged or would unpack to too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise _damaged(shown) from error
    names = {info.filename for info in infos}
    kind = "xlsx" if any(name.startswith("xl/") for name in names) else ""
    kind = kind or ("ods" if {"content.xml", "mimetype"} <= names else "")
    if not kind:
        return ""
    for info in infos:
        if info.file_size > FREE_BYTES and info.file_size > MOST_RATIO * max(1, info.compress_size):
            line = _too_dense(info.filename, info.file_size)
            raise PlaybookError(_("{file} is not unpacked.").format(file=shown), problems=[line])
    return kind


def _damaged(shown: str) -> PlaybookError:
    return PlaybookError(
        _("{file} is damaged or not a table that can be read.").format(file=shown),
        advice=_("Get the file again: it seems to have been cut or changed on its way."),
    )
