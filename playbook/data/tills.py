"""Files of a company as tables: text, workbooks, pages, Parquet, packed or in folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from playbook.data import (
    archives,
    delimited,
    office_xml,
    pages,
    parquet_files,
    strangers,
    workbooks,
)
from playbook.data.findings import Finding
from playbook.data.header_rows import Fits
from playbook.data.sheets import Sheet
from playbook.data.stated import Stated
from playbook.errors import PlaybookError
from playbook.text import gettext as _

MAGIC, TOP = 8, 4096
PARQUET, ZIP, OLD_OFFICE, GZIP = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
EMPTY_ZIP = b"PK\x05\x06"
PACKED = (b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"SQLite f", b"{\\rtf")
MOST_NOTHING = 1 << 24
DEEPEST = 2  # an archive in an archive


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """What reading one file of an import needs."""

    work: Path
    stated: Stated
    fits: Fits
    numbers: Iterator[int] = field(default_factory=count)

    def target(self) -> Path:
        """A new Parquet file to write."""
        return self._new("parquet")

    def _new(self, suffix: str) -> Path:
        while (path := self.work / f"sheet{next(self.numbers)}.{suffix}").exists():
            pass
        return path

    def read(
        self, path: Path, name: str, *, depth: int = 0, root: Path | None = None
    ) -> Iterator[Sheet]:
        """The sheets of a file."""
        head = beginning(path, name)
        if head.startswith(PARQUET):
            folders = parquet_files.folder_columns(path, root) if root else {}
            yield parquet_files.read(path, self.target, name=name, folders=folders, keep=depth == 0)
        elif head.startswith((ZIP, EMPTY_ZIP)):
            yield from self._zip(path, name, depth)
        elif head.startswith(GZIP):
            yield from self._gzip(path, name, depth)
        else:
            _refuse_foreign(name, head)
            yield from self._text(path, name)

    def _text(self, path: Path, name: str) -> Iterator[Sheet]:
        """A text file: a page, a workbook in XML, or lines with delimiters."""
        with path.open("rb") as stream:
            head = stream.read(TOP)
        known: dict[str, Any] = {"name": name, "stated": self.stated, "fits": self.fits}
        if office_xml.is_excel_2003(head):
            yield from office_xml.read_excel_2003(path, self.target, **known)
        elif pages.is_page(head):
            yield pages.read(path, self.target(), **known)
        else:
            yield delimited.read(path, self.target(), **known)

    def _zip(self, path: Path, name: str, depth: int) -> Iterator[Sheet]:
        kind = archives.workbook_kind(path, name)
        if kind:
            read = workbooks.read if kind == "xlsx" else office_xml.read_opendocument
            yield from read(path, self.target, name=name, stated=self.stated, fits=self.fits)
            return
        _refuse_deep(name, depth)
        members = sorted(archives.members(path, name), key=lambda member: member.name)
        if not members:
            raise PlaybookError(_("There is no file in {file}.").format(file=name))
        finding = Finding(
            file=name,
            subject="archive",
            value="zip",
            certainty="certain",
            evidence=", ".join(member.name for member in members[:10])
            + (", …" if len(members) > 10 else ""),
        )
        looked = []
        for member in members:
            shown = f"{name}/{member.name}"
            with archives.unpacked(path, member, self._new("part"), shown) as file:
                looked.append(self._look(file, shown, depth))
        sheets, left_out = strangers.told_apart(looked, name)
        for place, sheet in enumerate(sheets):
            extra = () if place else (finding, *left_out)
            yield replace(sheet, findings=(*extra, *sheet.findings))

    def _look(self, file: Path, shown: str, depth: int) -> strangers.Looked:
        """The sheets of a member of an archive, or why it is no table."""
        is_prose = strangers.is_prose(file, shown)
        try:
            with _called(shown, file):
                sheets = tuple(self.read(file, shown, depth=depth + 1))
        except PlaybookError as error:
            if not is_prose and not isinstance(error, _Foreign):
                raise
            return strangers.Looked(name=shown, error=error)
        fit = any(self.fits([source.heading for source in each.columns]) for each in sheets)
        return strangers.Looked(name=shown, sheets=sheets, is_stranger=is_prose and not fit)

    def _gzip(self, path: Path, name: str, depth: int) -> Iterator[Sheet]:
        _refuse_deep(name, depth)
        with archives.gunzipped(path, self._new("part"), name) as file:
            with file.open("rb") as stream:
                is_tar = stream.read(512)[257:262] == b"ustar"
            if is_tar:
                raise PlaybookError(
                    _("{file} is a TAR archive.").format(file=name),
                    advice=_("It is packed: unpack it first."),
                )
            with _called(name, file):
                yield from self.read(file, name, depth=depth + 1)


class _Foreign(PlaybookError):
    """A file is known to be something else than a table."""


@contextmanager
def _called(shown: str, file: Path) -> Iterator[None]:
    """Let errors call an unpacked file as people know it."""
    try:
        yield
    except PlaybookError as error:
        error.summary = error.summary.replace(file.name, shown)
        error.problems = tuple(line.replace(file.name, shown) for line in error.problems)
        error.advice = error.advice.replace(file.name, shown)
        error.args = (error.summary,)
        raise


def read(path: Path, work: Path, *, stated: Stated, fits: Fits) -> tuple[Sheet, ...]:
    """Read a file by what is in it, whatever its name ends with, or all tables of a folder.

    Args:
        path: The file or the folder.
        work: The folder where rows go that have to be written again; a Parquet file stays where
            it is.
        stated: What somebody has stated.
        fits: Whether a heading has the columns that are wanted.

    Returns:
        A sheet for each table: members of an archive, months in a workbook, files of a folder.

    Raises:
        PlaybookError: The file is missing, empty, unsafe to unpack, or no table that can be
            read; with all files of a folder that cannot be read.
    """
    work.mkdir(parents=True, exist_ok=True)
    known = lru_cache(maxsize=4096)(fits)
    reader = _Reader(work=work, stated=stated, fits=lambda heading: known(tuple(heading)))
    if not path.is_dir():
        return tuple(reader.read(path, path.name))
    return _folder(path, reader)


def named(files: Sequence[Path], found: Sequence[Sequence[Sheet]]) -> dict[str, Sheet]:
    """The sheets of several files by names that tell them apart.

    Args:
        files: The files.
        found: The sheets of each.
    """
    names = [path.name for path in files]
    named: dict[str, Sheet] = {}
    for path, sheets in zip(files, found, strict=True):
        is_alone = names.count(path.name) == 1
        for sheet in sheets:
            name = sheet.name if is_alone else f"{path.parent}/{sheet.name}"
            copy = 1
            while name in named:
                copy += 1
                name = f"{sheet.name} ({copy})"
            findings = tuple(
                replace(each, file=name) if each.file == sheet.name else each
                for each in sheet.findings
            )
            named[name] = replace(sheet, name=name, findings=findings)
    return named


def refuse_unused_sheet(found: Sequence[Sequence[Sheet]], stated: Stated) -> None:
    """Stop where somebody has stated a sheet and no file has sheets.

    Args:
        found: The sheets of each file.
        stated: What was stated.

    Raises:
        PlaybookError: Names the files.
    """
    sheets = [sheet for each in found for sheet in each]
    if stated.sheet is None or any(
        finding.subject == "sheet" for sheet in sheets for finding in sheet.findings
    ):
        return
    raise PlaybookError(
        _("--sheet {sheet}: there is no workbook among the files, so there are no sheets.").format(
            sheet=stated.sheet
        ),
        problems=[sheet.name for sheet in sheets],
        advice=_("Leave --sheet out."),
    )


def _folder(path: Path, reader: _Reader) -> tuple[Sheet, ...]:
    sheets: list[Sheet] = []
    errors: list[PlaybookError] = []
    for file in files_of(path):
        shown = f"{path.name}/{file.relative_to(path).as_posix()}"
        try:
            sheets += reader.read(file, shown, root=path)
        except PlaybookError as error:
            errors.append(error)
    words = _("Several files of the folder {path} cannot be read.")
    PlaybookError.raise_all(errors, words.format(path=path))
    return tuple(sheets)


def files_of(folder: Path) -> list[Path]:
    """The files of a folder that may be tables, by name; what systems leave there is not.

    Raises:
        PlaybookError: There are none.
    """
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not archives.is_rubbish(path.relative_to(folder).as_posix())
    )
    if not files:
        raise PlaybookError(_("There is no file in {file}.").format(file=folder))
    return files


def beginning(path: Path, name: str = "") -> bytes:
    """The first bytes of a file; of a folder, those of its first file.

    Raises:
        PlaybookError: The file is missing, not readable or empty.
    """
    if path.is_dir():
        return beginning(files_of(path)[0])
    shown = name or str(path)
    if not path.exists():
        raise PlaybookError(_("There is no file {path}.").format(path=shown))
    try:
        with path.open("rb") as stream:
            head = stream.read(MAGIC)
            if _is_nothing(head) and _is_nothing(stream.read(MOST_NOTHING)):
                raise PlaybookError(_("The file {path} is empty.").format(path=shown))
    except PermissionError:
        raise PlaybookError(_("The file {path} may not be read.").format(path=shown)) from None
    return head


def _is_nothing(raw: bytes) -> bool:
    """Whether there are only line ends, spaces and a mark of the encoding."""
    return not raw.strip(b"\xef\xbb\xbf\xff\xfe\x00\x1a \t\r\n")


def _refuse_foreign(name: str, head: bytes) -> None:
    """Stop at a file that is known and not read."""
    if head.startswith(OLD_OFFICE):
        advice = _("It is an old or a protected Excel file: save it as XLSX without a password.")
    elif head.startswith(PACKED):
        advice = _("It is packed: unpack it first.")
    elif head.startswith(FOREIGN):
        advice = _("Parquet, CSV and XLSX files can be imported.")
    else:
        return
    summary = _("{file} is not a table that can be read.").format(file=name)
    raise _Foreign(summary, advice=advice)


def _refuse_deep(name: str, depth: int) -> None:
    if depth >= DEEPEST:
        raise PlaybookError(
            _("{file} is an archive in an archive in an archive.").format(file=name),
            advice=_("It is packed: unpack it first."),
        )
