"""What somebody asks to be imported: the files, the table, what was stated, what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from playbook.data import parquet_files, storage, tills
from playbook.data.comparison import refusal
from playbook.data.report import ImportReport
from playbook.data.schema import TABLES, Table
from playbook.data.stated import Stated
from playbook.errors import PlaybookError
from playbook.text import gettext as _

IMPORTABLE = tuple(table.name for table in TABLES.values() if table.origin != "reduction")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What somebody has stated about the files.

    Attributes:
        table: Name of the table that they make up.
        columns: Pairs ``our name=heading``.
        stated: What overrules the reader's own findings.
        replace: Whether an imported table may be replaced.
        pseudonymise: Whether ids of customers are replaced by others that say nothing.
        hash_columns: Headings of columns with personal data that are kept as fingerprints.
        currency: Of all money of the engagement, as a code; empty where it is not known.
    """

    table: str = "receipts"
    columns: tuple[str, ...] = ()
    stated: Stated = field(default_factory=Stated)
    replace: bool = False
    pseudonymise: bool = False
    hash_columns: tuple[str, ...] = ()
    currency: str = ""

    @property
    def reading(self) -> dict[str, Any]:
        """What decides how the files are read."""
        return {
            "columns": sorted(self.columns),
            "pseudonymise": self.pseudonymise,
            "hash_columns": sorted(self.hash_columns),
            **self.stated.as_json(),
        }


def table_of(options: Options) -> Table:
    """The table that is to be imported.

    Raises:
        PlaybookError: There is none of this name, or it is computed.
    """
    name = options.table
    if name in IMPORTABLE:
        return TABLES[name]
    raise PlaybookError(
        _("“{table}” is no table that can be imported.").format(table=name),
        advice=_("Tables that can be: {names}").format(names=", ".join(IMPORTABLE)),
    )


def fingerprints(files: Sequence[Path]) -> dict[str, str]:
    """A fingerprint of each file; a file that is given twice is refused."""
    each_file(files, lambda _place, path: tills.beginning(path))
    hashes = [_content_hashes(path) for path in files]
    counts = Counter(found for each in hashes for found in set(each.values()))
    twice = [
        str(path)
        for path, each in zip(files, hashes, strict=True)
        if any(counts[found] > 1 for found in each.values())
    ]
    if twice:
        raise PlaybookError(
            _("Some of the files are the same."), problems=twice, advice=_("Name each file once.")
        )
    return {name: found for each in hashes for name, found in each.items()}


def _content_hashes(path: Path) -> dict[str, str]:
    """A fingerprint of a file, or of each file of a folder: the same wherever they are."""
    if not path.is_dir():
        return {str(path): storage.content_hash(path)}
    found = {}
    for file in tills.files_of(path):
        told = parquet_files.folder_columns(file, path)  # what its folders say of its rows
        words = "".join(f" {key}={value}" for key, value in sorted(told.items()))
        found[str(file)] = storage.content_hash(file) + words
    return found


def each_file(files: Sequence[Path], action: Callable[[int, Path], T]) -> list[T]:
    """Do something with every file; the errors of all of them are one."""
    done, errors = [], []
    for place, path in enumerate(files):
        try:
            done.append(action(place, path))
        except PlaybookError as error:
            errors.append(error)
    PlaybookError.raise_all(errors, _("Several of the files cannot be read."))
    return done


def imported_already(
    folder: Path, table: Table, hashes: Mapping[str, str], options: Options
) -> ImportReport | None:
    """The report of the same import, if it was done before."""
    there = storage.find(folder, table.name)
    if there is None or options.replace:
        return None
    is_same = sorted(there.facts["sources"].values()) == sorted(hashes.values())
    if is_same and there.facts["reading"] == options.reading:
        return replace(ImportReport.from_json(there.facts["report"]), is_again=True)
    return None


def refuse_to_replace(folder: Path, new: ImportReport, options: Options) -> None:
    """Leave a table that is there alone, unless somebody has asked to replace it.

    Raises:
        PlaybookError: There is one; the message says how the files differ from it.
    """
    there = storage.find(folder, new.table)
    if there is not None and not options.replace:
        raise refusal(ImportReport.from_json(there.facts["report"]), new)
