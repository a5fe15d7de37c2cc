"""Whether ids of an engagement are pseudonyms: a state that all its tables share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playbook.data import storage
from playbook.data.columns import COLUMNS
from playbook.data.pii import KIND_WORDS, PersonalKind
from playbook.data.schema import TABLES, Table
from playbook.text import gettext as _

NOTE = "private"  # the place in the note beside a table
Kinds = tuple[PersonalKind, ...]


@dataclass(frozen=True, kw_only=True)
class _Imported:
    name: str
    secret: str
    columns: Mapping[str, Kinds]


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What the tables that are there say about pseudonyms.

    Attributes:
        others: The tables beside the one that is imported.
        same: The one that it replaces, or nothing.
    """

    others: tuple[_Imported, ...]
    same: _Imported | None

    @classmethod
    def of(cls, folder: Path, table: str) -> Earlier:
        """The state of an engagement before a table is imported."""
        found = [_imported(folder, name) for name in storage.names(folder) if name in TABLES]
        others = tuple(one for one in found if one.name != table)
        return cls(others=others, same=next((one for one in found if one.name == table), None))

    @property
    def secret(self) -> str:
        """Fingerprint of the secret with which new ids must agree, else empty."""
        return next((one.secret for one in self.others if one.secret), "")

    @property
    def last_secret(self) -> str:
        """Fingerprint of the secret that was used last, in the replaced table too."""
        return self.secret or (self.same.secret if self.same else "")

    def kinds(self, column: str) -> Kinds | None:
        """What a column held when it became pseudonyms in another table."""
        return next((one.columns[column] for one in self.others if column in one.columns), None)


def _imported(folder: Path, name: str) -> _Imported:
    stored = storage.find(folder, name)
    noted = stored.facts.get(NOTE) or {} if stored else {}
    columns = {column: tuple(kinds) for column, kinds in noted.get("columns", {}).items()}
    return _Imported(name=name, secret=noted.get("secret", ""), columns=columns)


def mixtures(
    earlier: Earlier, table: Table, hashed: Mapping[str, Kinds], fingerprint: str
) -> list[str]:
    """Why ids of a new table would not agree with those that are there.

    Args:
        earlier: The tables that are there.
        table: The new one.
        hashed: Its columns that become pseudonyms, and what they hold.
        fingerprint: Of the secret that would be used.
    """
    problems: list[str] = []
    ids = [name for name in table.columns if name.endswith("_id") and name != "receipt_id"]
    for name in dict.fromkeys((*ids, *hashed)):
        if COLUMNS[name].kind == "text":
            problems += _of_column(earlier, name, hashed)
    if hashed and earlier.secret and fingerprint != earlier.secret:
        problems.append(
            _("The secret is another one than that of the tables {tables}.").format(
                tables=", ".join(one.name for one in earlier.others if one.secret)
            )
        )
    return problems


def _of_column(earlier: Earlier, name: str, hashed: Mapping[str, Kinds]) -> list[str]:
    sharing = [one for one in earlier.others if name in TABLES[one.name].columns]
    masked = [one.name for one in sharing if name in one.columns]
    open_ = [one.name for one in sharing if name not in one.columns]
    if earlier.same and name in earlier.same.columns:
        masked.append(earlier.same.name)
    if name not in hashed and masked:
        words = _("{column} is a pseudonym in {tables}: say {option} here too.")
        option = "--pseudonymise" if name == "customer_id" else f"--hash {name}"
        return [words.format(column=name, tables=", ".join(masked), option=option)]
    if name in hashed and open_:
        words = _("{column} is no pseudonym in {tables}: make a new engagement for pseudonyms.")
        return [words.format(column=name, tables=", ".join(open_))]
    if name in hashed and (before := earlier.kinds(name)) is not None:
        return _other_kinds(name, new=set(hashed[name]) - set(before))
    return []


def _other_kinds(name: str, *, new: set[PersonalKind]) -> list[str]:
    """Phones are hashed in one form only where the first table had phones."""
    kinds: Sequence[PersonalKind] = sorted(new & {"phone", "card", "name"})
    if not kinds:
        return []
    words = _("{column} holds {what} here and did not in the tables before: is it the same id?")
    return [words.format(column=name, what=", ".join(_(KIND_WORDS[kind]) for kind in kinds))]
