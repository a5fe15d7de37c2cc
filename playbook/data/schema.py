"""The data dictionary in code: every column once, every table by its grain and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook.data.column import Column
from playbook.data.table import Origin, Table
from playbook.data.tables_computed import COMPUTED
from playbook.data.tables_imported import IMPORTED
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["IMPORTED", "TABLES", "Origin", "Table", "check"]

TABLES: dict[str, Table] = {table.name: table for table in (*IMPORTED, *COMPUTED)}


def check(frame: pd.DataFrame, table: str | Table) -> pd.DataFrame:
    """Return ``frame`` unchanged if it is what the dictionary says.

    Columns that the dictionary does not know are let be.

    Args:
        frame: The rows.
        table: The table or its name.

    Raises:
        PlaybookError: Names every problem at once: missing columns, wrong types, missing
            values, values out of range, rows with the same key.
    """
    wanted = TABLES[table] if isinstance(table, str) else table
    problems = [*_missing(frame, wanted)]
    for column in wanted:
        if column.name in frame.columns:
            problems += _of_column(frame[column.name], column, wanted)
    problems += _repeated_keys(frame, wanted)
    if problems:
        raise PlaybookError(
            _("The table “{table}” is not as it should be.").format(table=wanted.name),
            problems=problems,
            advice=_("docs/data_dictionary.md says what each column holds."),
        )
    return frame


def _missing(frame: pd.DataFrame, table: Table) -> list[str]:
    absent = [name for name in table.required if name not in frame.columns]
    return [_("{column}: the column is missing.").format(column=name) for name in absent]


def _of_column(values: pd.Series, column: Column, table: Table) -> list[str]:
    """What is wrong with one column; a wrong type hides the rest."""
    if len(values) and not column.fits(values):
        words = _("{column}: should be {wanted}, is {found}.")
        return [words.format(column=column.name, wanted=column.kind_name, found=values.dtype)]
    problems = []
    n_missing = int(values.isna().sum())
    if n_missing and column.name not in table.nullable:
        words = ngettext(
            "{column}: {n} value is missing.", "{column}: {n} values are missing.", n_missing
        )
        problems.append(words.format(column=column.name, n=number(n_missing)))
    strange = values[~column.allows(values)].dropna()
    if len(strange):
        words = ngettext(
            "{column}: {n} value is outside {range}, such as {example}.",
            "{column}: {n} values are outside {range}, such as {example}.",
            len(strange),
        )
        problems.append(
            words.format(
                column=column.name,
                n=number(len(strange)),
                range=column.range_text,
                example=strange.iloc[0],
            )
        )
    return problems


def _repeated_keys(frame: pd.DataFrame, table: Table) -> list[str]:
    if not set(table.key) <= set(frame.columns):
        return []
    key = list(table.key)
    n = int(frame.duplicated(key).sum()) if key else max(len(frame) - 1, 0)
    if not n:
        return []
    words = ngettext(
        "{n} row repeats the key of another ({key}).",
        "{n} rows repeat the key of another ({key}).",
        n,
    )
    return [words.format(n=number(n), key=", ".join(key))]
