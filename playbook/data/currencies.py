"""A column that names the currency of each row: all rows must have the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from playbook.data.contents import Samples
from playbook.data.meanings import words_of
from playbook.data.parquet import quoted
from playbook.data.profiles import clean, identifier
from playbook.data.sheets import Sheet, Source
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.numbers import number

if TYPE_CHECKING:
    import duckdb

_HEADING = ("валют", "currency", "ccy", "curr")
_CODE = re.compile(r"[A-Za-zА-Яа-яё]{1,6}\.?|[₽$€£₸₴¥]|\d{3}")


def refuse_several(
    connection: duckdb.DuckDBPyConnection,
    sheets: Mapping[str, Sheet],
    samples: Mapping[str, Samples],
) -> None:
    """Stop where rows of a column are in different currencies.

    Raises:
        PlaybookError: Names the file, the currencies, and how many rows have each.
    """
    problems = []
    for file, sheet in sheets.items():
        for source in sheet.columns:
            cells = samples[file].get(source.name, ())
            if _is_currency(source, cells) and len(found := _values(connection, sheet, source)) > 1:
                shown = ", ".join(f"{value} × {number(n)}" for value, n in found)
                words = _("{file}, column “{heading}”: {values}")
                problems.append(words.format(file=file, heading=source.heading, values=shown))
    if problems:
        raise PlaybookError(
            _("Sums of different currencies cannot be added up."),
            problems=problems,
            advice=_("Export the rows of one currency, or convert them first."),
        )


def _is_currency(source: Source, cells: Sequence[str]) -> bool:
    is_named = any(word.startswith(_HEADING) for word in words_of(source.heading))
    return is_named and bool(cells) and all(map(_CODE.fullmatch, cells))


def _values(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, source: Source
) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = connection.execute(
        f"SELECT upper({clean(identifier(source.name))}) AS x, count(*) AS n "
        f"FROM read_parquet({quoted(sheet.parquet)}) WHERE x IS NOT NULL "
        "GROUP BY x ORDER BY n DESC LIMIT 9"
    ).fetchall()
    return found
