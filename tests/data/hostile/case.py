"""What a hostile export is, and what comes out of it when a loader is good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

Row = tuple[str, str, str | None, str]  # moment, store, customer, amount
Maker = Callable[[Path], list[Path]]

# The trade of a small chain, which most of the exports hold, each in its own way. Its dates
# and amounts can be read in one way only.
SHOP: tuple[Row, ...] = (
    ("2024-01-12 09:05", "Центр", "K1001", "1234.56"),
    ("2024-01-13 10:10", "Центр", None, "99.90"),
    ("2024-01-25 18:30", "Север", "K1002", "-500.00"),
    ("2024-02-28 23:59", "Север", "K1001", "12345.67"),
)
SHOP_DAYS = tuple((at[:10] + " 00:00", *rest) for at, *rest in SHOP)


@dataclass(frozen=True, kw_only=True)
class Loads:
    """The export becomes a table, and nothing else than this one.

    Attributes:
        rows: Every receipt of the table.
        aside: Rows set aside by reason; ``a|b`` where either reason is a good one.
        read: Rows read; by default the receipts and those set aside.
        findings: Pairs of subject and value that must have been found out.
        warnings: Codes of warnings that must be there.
        totals: Pairs of what the file states and what was found, None where it cannot be told.
        may_stop: Whether to stop and ask is a good answer too.
        names_ids: Whether customers are the ones of the file and not pseudonyms.
        hides: Values that the report must not show.
        names_files: Names under which the report knows the files.
    """

    rows: tuple[Row, ...] = SHOP
    aside: Mapping[str, int] = field(default_factory=dict)
    read: int | None = None
    findings: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    totals: tuple[tuple[str, str | None], ...] = ()
    may_stop: bool = False
    names_ids: bool = True
    hides: tuple[str, ...] = ()
    names_files: tuple[str, ...] = ()

    @property
    def rows_read(self) -> int:
        return len(self.rows) + sum(self.aside.values()) if self.read is None else self.read

    @property
    def total(self) -> Decimal:
        return sum((Decimal(amount) for *_rest, amount in self.rows), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Stops:
    """The import stops with one error.

    Attributes:
        names: Words, values and options that the error must name, as patterns.
        hides: Values that it must not show.
    """

    names: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Case:
    """One hostile export.

    Attributes:
        name: A name for the test.
        about: What it is, in one line.
        make: Writes it into a folder and returns what is given to the import.
        options: What somebody states, by the names of the command's options.
        outcome: What a good loader does.
        table: The table that it is imported as.
    """

    name: str
    about: str
    make: Maker
    outcome: Loads | Stops
    options: Mapping[str, object] = field(default_factory=dict)
    table: str = "receipts"
