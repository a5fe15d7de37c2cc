"""Files of a company as tables: Parquet, CSV and XLSX with one heading and one table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playbook.data import delimited, encodings, workbooks
from playbook.data.delimited import Fits
from playbook.data.sheets import Form, Sheet, Source
from playbook.errors import PlaybookError
from playbook.text import gettext as _

MAGIC = 8
PARQUET, ZIP, OLD_OFFICE, GZIP = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"


def read(path: Path, target: Path, *, delimiter: str | None, fits: Fits) -> Sheet:
    """Read a file by what is in it, whatever its name ends with.

    Args:
        path: The file.
        target: Where rows go that have to be written again; a Parquet file stays where it is.
        delimiter: The sign between columns of a CSV file where somebody has stated it.
        fits: Whether a heading has the columns that are wanted.

    Raises:
        PlaybookError: The file is missing, a folder, empty, or no table that can be read.
    """
    head = beginning(path)
    if head.startswith(PARQUET):
        return _parquet(path)
    if head.startswith(ZIP) and _is_workbook(path):
        return workbooks.read(path, target, fits=fits)
    if advice := _advice(head):
        problem = encodings.not_a_table(path)
        raise PlaybookError(problem.summary, advice=advice)
    text = encodings.examine(path)
    return delimited.read(path, text, target, delimiter=delimiter, fits=fits)


def beginning(path: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        PlaybookError: The file is missing, a folder, not readable or empty.
    """
    if path.is_dir():
        raise PlaybookError(
            _("{path} is a folder.").format(path=path),
            advice=_("Name the files in it, for example {path}/*.csv").format(path=path),
        )
    if not path.exists():
        raise PlaybookError(_("There is no file {path}.").format(path=path))
    try:
        with path.open("rb") as stream:
            head = stream.read(MAGIC)
    except PermissionError:
        raise PlaybookError(_("The file {path} may not be read.").format(path=path)) from None
    if not head.strip():
        raise PlaybookError(_("The file {path} is empty.").format(path=path))
    return head


def _advice(head: bytes) -> str:
    """What to do with a file that is known and not read."""
    if head.startswith(OLD_OFFICE):
        return _("It is an old or a protected Excel file: save it as XLSX without a password.")
    if head.startswith((ZIP, GZIP)):
        return _("It is packed: unpack it first.")
    return ""


def _is_workbook(path: Path) -> bool:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except zipfile.BadZipFile:
        raise encodings.not_a_table(path) from None


def _parquet(path: Path) -> Sheet:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError):
        raise PlaybookError(
            _("{file} is a damaged Parquet file.").format(file=path.name),
            advice=_("Export it again."),
        ) from None
    sources = tuple(
        Source(heading=field.name, name=field.name, form=form)
        for field in file.schema_arrow
        if (form := _form(field.type)) is not None
    )
    n_rows = file.metadata.num_rows
    return Sheet(parquet=path, columns=sources, n_rows=n_rows, first_line=1)


def _form(kind: Any) -> Form | None:  # noqa: ANN401 - pyarrow has no types
    """What a column of Parquet holds, or nothing where it cannot be used."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return _form(kind.value_type)
    if types.is_timestamp(kind):
        return "moment" if kind.tz is None else "zoned"
    tests: tuple[tuple[Form, Any], ...] = (
        ("text", lambda k: types.is_string(k) or types.is_large_string(k)),
        ("flag", types.is_boolean),
        ("double", types.is_floating),
        ("number", lambda k: types.is_integer(k) or types.is_decimal(k)),
        ("date", types.is_date),
    )
    return next((form for form, holds in tests if holds(kind)), None)
