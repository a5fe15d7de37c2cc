"""The cells of one file that are numbers and dates, and what they say about their writing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbook.data import profiles
from playbook.data.columns import COLUMNS, Kind
from playbook.data.date_evidence import Dates, dates
from playbook.data.number_evidence import Numbers, Witness, numbers
from playbook.data.sheets import Sheet, Source
from playbook.text import gettext as _

if TYPE_CHECKING:
    import duckdb

NUMBERS: tuple[Kind, ...] = ("money", "number", "share", "count")
DATES: tuple[Kind, ...] = ("moment", "date")


@dataclass(frozen=True, kw_only=True)
class Read:
    """One file: what was read, what is what, and what its cells say.

    Attributes:
        file: As it is shown.
        sheet: The rows.
        numbers: What the columns of numbers say, by our name; a price beside a quantity too.
        dates: What the columns of dates say.
    """

    file: str
    sheet: Sheet
    numbers: Mapping[str, Numbers]
    dates: Mapping[str, Dates]

    @classmethod
    def of(
        cls,
        connection: duckdb.DuckDBPyConnection,
        file: str,
        sheet: Sheet,
        columns: Mapping[str, Source],
    ) -> Read:
        """Read every cell of the columns that are numbers or dates."""

        def each(kinds: Sequence[Kind]) -> Iterator[tuple[str, Source]]:
            for name, source in columns.items():
                kind = COLUMNS[name].kind if name in COLUMNS else "money"
                if kind in kinds and (source.form == "text" or kinds == DATES):
                    yield name, source

        return cls(
            file=file,
            sheet=sheet,
            numbers={
                name: numbers(profiles.of_numbers(connection, sheet, source.name))
                for name, source in each(NUMBERS)
            },
            dates={
                name: dates(profiles.of_dates(connection, sheet, source.name))
                for name, source in each(DATES)
                if source.form in {"text", "number", "double"}
            },
        )

    @property
    def is_1904(self) -> bool:
        """Whether the file itself says that its days are counted from 1904."""
        return any(f.subject == "serial_dates" and f.value == "1904" for f in self.sheet.findings)

    def at(self, witness: Witness) -> str:
        """A cell and its place, in words."""
        return placed(witness.cell, self.sheet.line(witness.row))


def placed(cell: str, line: int) -> str:
    """A cell and its place, in words."""
    return _("“{cell}” in line {line}").format(cell=cell, line=line)
