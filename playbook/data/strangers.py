"""Files in an archive that are no tables: a letter, a list of contents, a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playbook.data.findings import Finding
from playbook.data.header_rows import is_data
from playbook.data.sheets import Sheet
from playbook.errors import PlaybookError
from playbook.text import gettext as _

MOST_BYTES = 1 << 16  # a longer text is no letter
TABLES = (".csv", ".tsv")
_SIGNS = re.compile(r"[;,|\t]| {2,}")


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A member of an archive after a look at it.

    Attributes:
        name: As it is shown.
        sheets: Its tables.
        error: Why it is no table, where it is none.
        is_stranger: Whether it reads like a letter and has none of the wanted columns.
    """

    name: str
    sheets: tuple[Sheet, ...] = ()
    error: PlaybookError | None = None
    is_stranger: bool = False

    @property
    def is_table(self) -> bool:
        """Whether its rows count whatever else there is."""
        return self.error is None and not self.is_stranger


def is_prose(path: Path, shown: str) -> bool:
    """Whether a file is a short text of which no line has two cells with data.

    What calls itself a table is none, whatever it holds.
    """
    if shown.casefold().endswith(TABLES):
        return False
    with path.open("rb") as stream:
        raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES or b"\0" in raw or raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return False
    lines = raw.decode("latin-1").splitlines()
    return not any(sum(map(_is_cell, _SIGNS.split(line))) > 1 for line in lines)


def _is_cell(text: str) -> bool:
    return is_data(text.strip(" \"'"))


def told_apart(looked: Sequence[Looked], archive: str) -> tuple[list[Sheet], tuple[Finding, ...]]:
    """The tables of an archive, and findings about what is none.

    Args:
        looked: Its members.
        archive: The archive as it is shown.

    Raises:
        PlaybookError: There is no table; names every member and why it is none.
    """
    tables = [one for one in looked if one.is_table]
    if not tables:  # what reads like a letter may still be a table with unknown headings
        tables = [one for one in looked if one.error is None]
    if not tables:
        raise _no_table(looked, archive)
    left_out = [one for one in looked if one not in tables]
    findings = tuple(
        Finding(file=archive, subject="left_out", value=one.name, certainty="likely")
        for one in left_out
    )
    return [sheet for one in tables for sheet in one.sheets], findings


def _no_table(looked: Sequence[Looked], archive: str) -> PlaybookError:
    errors = [one.error for one in looked if one.error]
    if len(errors) == 1:
        return errors[0]
    return PlaybookError(
        _("None of the files in {file} is a table that can be read.").format(file=archive),
        problems=[line for error in errors for line in (error.summary, *error.problems)],
        advice=_("Parquet, CSV and XLSX files can be imported."),
    )
