"""Columns of text in short: which shapes their cells have, how many of each, and where.

A column of a hundred million amounts has a few dozen shapes (``9 999,99``) and a column of
dates a few thousand days: what a whole column says is decided over these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbook.data.parquet import quoted
from playbook.data.sheets import MACHINE, Sheet

if TYPE_CHECKING:
    import duckdb

MOST = 20_000  # shapes of one column; what has more is no column of numbers or dates
_MARK = f"chr({ord(MACHINE)})"
# What a spreadsheet writes where it could not compute: there is no value.
_ERRORS = (
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!",
    "#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "#ДЕЛ/0!", "#ИМЯ?", "#ЧИСЛО!", "#ПУСТО!",
)  # fmt: skip
# Amounts to the kopeck: what decides about them is only which of the signs they have.
_USUAL = r"-?(?:\d+|\d{1,3}(?:[ \x{00A0}]\d{3})+)(?:[.,]\d\d)?"
_USUAL_SIGNS = (",", ".", " ", "\N{NO-BREAK SPACE}", "-")
_BLANK = (
    " \t\r\n\v\f\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}\ufeff"
)
_SPACES = r"[\s\x{00A0}\x{202F}\x{2009}\x{2007}\x{FEFF}]"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cells of one column that are written alike.

    Attributes:
        low: The first of them in the order of text.
        high: The last of them.
        n: How many there are.
        row: Row of the first one in the file, from 0.
        is_machine: Whether a workbook itself knows what they are.
    """

    low: str
    high: str
    n: int
    row: int
    is_machine: bool = False

    @property
    def examples(self) -> tuple[str, ...]:
        """The first and the last, once if they are the same."""
        return (self.low,) if self.low == self.high else (self.low, self.high)


def identifier(name: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def clean(x: str) -> str:
    """A cell as text without the spaces around it and the mark; empty is null."""
    text = f"ltrim(CAST({x} AS VARCHAR), {_MARK})"
    bare = f"nullif(regexp_replace({text}, '^{_SPACES}+|{_SPACES}+$', '', 'g'), '')"
    errors = ", ".join(f"'{error}'" for error in _ERRORS)
    # a list, since a long IN becomes a join, which looks at every row
    is_error = f"starts_with({text}, '#') AND list_contains([{errors}], upper({bare}))"
    return f"CASE WHEN {is_error} THEN NULL ELSE {bare} END"


def cleaned(cell: str | None) -> str:
    """The same for one cell; empty where there is nothing."""
    text = (cell or "").lstrip(MACHINE).strip(_BLANK)
    return "" if text.upper() in _ERRORS else text


def is_machine(x: str) -> str:
    """Whether a workbook itself knows what is in a cell."""
    return f"starts_with(CAST({x} AS VARCHAR), {_MARK})"


def of_numbers(connection: duckdb.DuckDBPyConnection, sheet: Sheet, name: str) -> tuple[Group, ...]:
    """The cells of a column by their shape: all digits are alike; a workbook's own are left out."""
    is_usual = f"regexp_full_match(x, '{_USUAL}')"
    bits = " + ".join(
        f"{1 << place} * CAST(contains(x, '{sign}') AS INTEGER)"
        for place, sign in enumerate(_USUAL_SIGNS)
    )
    usual = f"CASE WHEN {is_usual} THEN {bits} ELSE -1 END"
    shape = f"CASE WHEN NOT {is_usual} THEN translate(x, '0123456789', '9999999999') END"
    return _groups(connection, sheet, name, (usual, shape), f"NOT {is_machine('x')}")


def of_dates(connection: duckdb.DuckDBPyConnection, sheet: Sheet, name: str) -> tuple[Group, ...]:
    """The cells of a column by how they begin, where the day is, and by their length."""
    is_long = "TRY_CAST(translate(left(x, 9), ',', '.') AS DOUBLE) IS NOT NULL"
    is_digit = "substr(x, 3, 1) BETWEEN '0' AND '9' AND substr(x, 5, 1) BETWEEN '0' AND '9'"
    beginning = (
        f"CASE WHEN {is_digit} AND strlen(x) > 8 AND {is_long} THEN left(x, 6) ELSE left(x, 12) END"
    )
    return _groups(connection, sheet, name, (beginning, "strlen(x)"), "true")


def _groups(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    name: str,
    keys: tuple[str, ...],
    wanted: str,
) -> tuple[Group, ...]:
    found = connection.execute(
        f"""
        SELECT min(x), max(x), count(*) AS n, min(row)
        FROM (
            SELECT CAST({identifier(name)} AS VARCHAR) AS x, file_row_number AS row
            FROM read_parquet({quoted(sheet.parquet)}, file_row_number = true)
        )
        WHERE x <> '' AND {wanted}
        GROUP BY {", ".join(keys)} ORDER BY n DESC LIMIT {MOST}
        """
    ).fetchall()
    return tuple(
        Group(
            low=cleaned(low), high=cleaned(high), n=n, row=row, is_machine=low.startswith(MACHINE)
        )
        for low, high, n, row in found
        if cleaned(low)
    )
