"""One table of an engagement: its grain, its key, its columns, and what it is good for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from playbook.data.column import Column
from playbook.data.columns import COLUMNS
from playbook.text import gettext as _

Origin = Literal["imported", "reduction", "sample"]
ROW: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of an engagement.

    Attributes:
        name: Its name in ``Tables`` and of its Parquet file.
        grain: What one row is; English, translated when shown.
        key: Columns that tell two rows apart; no two rows agree in all of them.
        columns: Names of its columns, in order.
        optional: Columns that a table may come without.
        nullable: Columns where a value may be missing.
        any_of: Columns of which a table needs one at least.
        id_from: Where the only column of the key is missing, the columns whose values make
            it; ``ROW`` numbers the rows, and ``None`` lets nobody do without.
        origin: Imported from a company, computed from receipts, or made with the sample.
        used_by: Numbers of the steps that read it.
        without: What cannot be said without it; English, translated when shown.
        meanings: Columns that mean something else here than elsewhere.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    nullable: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    id_from: tuple[str, ...] | None = None
    origin: Origin = "imported"
    used_by: tuple[str, ...] = ()
    without: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that the table cannot do without."""
        return tuple(name for name in self.columns if name not in self.optional)

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns that a file must have: the required ones but for an id that can be made."""
        if self.id_from is None:
            return self.required
        return tuple(name for name in self.required if name not in self.key)

    def must_have(self, column: str) -> bool:
        """Whether a row of a file is no use without a value in this column."""
        return column in self.needed and column not in self.nullable

    def meaning(self, column: str) -> str:
        """What a column holds in this table, in the reader's language."""
        return _(self.meanings.get(column, COLUMNS[column].meaning))

    def __iter__(self) -> Iterator[Column]:
        """The columns, in order."""
        return (COLUMNS[name] for name in self.columns)
