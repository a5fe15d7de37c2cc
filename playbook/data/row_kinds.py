"""Rows that are no rows of data: totals, headings once more, notes.

A total is known by its word (``Итого``, ``Grand total``); a store or a customer of that name
is one that also stands in rows which have a date and a receipt or a customer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playbook.data.parquet import quoted
from playbook.data.profiles import clean, identifier
from playbook.data.sheets import Sheet, Source

if TYPE_CHECKING:
    import duckdb

_HINT = "(?i)итог|всего|total|сумма (?:по|за) "
_LABEL = re.compile(
    r"(?i)"
    r"(?:^|.*[^a-zа-яё])(?:под|промежуточный )?итого(?:$|[^a-zа-яё].*)"
    r"|[^a-zа-яё]*(?:общий |промежуточный |под)?итог(?:$|[^a-zа-яё].*)"
    r"|.*[^a-zа-яё]итог[^a-zа-яё]*"
    r"|[^a-zа-яё]*всего(?:$|[^a-zа-яё].*)"
    r"|[^a-z]*(?:grand |sub[- ]?)?totals?(?:$|[^a-z].*)"
    r"|.*[^a-z](?:sub)?total[^a-z]*"
    r"|сумма (?:по|за) .*"
)
MOST = 100_000  # rows with such a word; a file with more is about something else
_WORD = "[a-zA-Zа-яА-ЯёЁ]{3}"
FEW_CELLS = 2  # filled cells of a note


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Rows of one file that call themselves a total.

    Attributes:
        rows: Row of the file, from 0, to its label.
    """

    rows: Mapping[int, str] = field(default_factory=dict)


def is_label(cell: str) -> bool:
    """Whether a cell calls its row a total.

    Example:
        >>> is_label("ИТОГО по М1"), is_label("Subtotal"), is_label("Итоги года")
        (True, True, False)
    """
    return bool(_LABEL.fullmatch(cell.strip()))


def may_be_label(cell: str) -> bool:
    """Whether there is one of the words in a cell, whatever else there is."""
    return bool(re.search(_HINT, cell))


def labels(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    columns: Mapping[str, Source],
    *,
    without: Collection[str] = (),
) -> Labels:
    """Find the rows that call themselves a total.

    Args:
        connection: Where the rows are read.
        sheet: The rows.
        columns: Our columns in it.
        without: Columns of the file that are known to hold no such word.
    """
    texts = [s for s in sheet.columns if s.form == "text" and s.name not in without]
    if not texts:
        return Labels()
    rows = f"read_parquet({quoted(sheet.parquet)}, file_row_number = true)"
    tests = ", ".join(f"bool_or({_hint(source)})" for source in texts)
    found = connection.execute(f"SELECT {tests} FROM {rows}").fetchone() or ()
    labelled: dict[int, str] = {}
    for source, has_some in zip(texts, found, strict=True):
        if has_some:
            names = _names(connection, rows, source, columns)
            labelled |= {
                row: cell
                for row, cell in connection.execute(
                    f"SELECT file_row_number, {clean(identifier(source.name))} FROM {rows} "
                    f"WHERE {_hint(source)} LIMIT {MOST}"
                ).fetchall()
                if cell is not None and is_label(cell) and cell not in names
            }
    return Labels(rows=labelled)


def _hint(source: Source) -> str:
    """Whether a cell may be the word of a total; one that begins with a digit is not."""
    cell = identifier(source.name)
    is_word = f"({cell} < '0' OR {cell} > ':')"
    return f"CASE WHEN {is_word} THEN regexp_matches({cell}, '{_HINT}') ELSE false END"


def _names(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    source: Source,
    columns: Mapping[str, Source],
) -> frozenset[str]:
    """Labels that are names: they stand in rows that are complete."""
    others = [
        f"nullif(CAST({identifier(s.name)} AS VARCHAR), '') IS NOT NULL"
        for name, s in columns.items()
        if name in {"receipt_id", "customer_id"} and s.name != source.name
    ]
    date = columns.get("at")
    if date is None or date.name == source.name or not others:
        return frozenset()
    complete = f"regexp_matches(CAST({identifier(date.name)} AS VARCHAR), '\\d')"
    found = connection.execute(
        f"SELECT DISTINCT {clean(identifier(source.name))} FROM {rows} "
        f"WHERE {_hint(source)} AND {complete} AND ({' OR '.join(others)}) LIMIT {MOST}"
    ).fetchall()
    return frozenset(cell for (cell,) in found)


def cell_name(place: int) -> str:
    """The name of a column of the file, by its place, beside the steps of ours."""
    return f"cell{place}"


def kind_sql(
    labels: Labels,
    groups: Collection[int],
    every: Sequence[Source],
    columns: Mapping[str, Source],
    named: Collection[str],
    problem: str,
) -> str:
    """What a row is that is no data, as SQL over the steps of its cells; null for a row of data.

    Args:
        labels: The rows that call themselves a total.
        groups: Rows that name the store of those under them.
        every: All columns of the file.
        columns: Our columns in it.
        named: Those of them that have steps.
        problem: What is wrong with the row, as SQL.
    """
    texts = {
        name: source for name, source in columns.items() if source.form == "text" and name in named
    }
    same = " + ".join(
        f"CAST(lower({name}__raw) IS NOT DISTINCT FROM {quoted(source.heading.strip().lower())} "
        "AS INTEGER)"
        for name, source in texts.items()
    )
    cases = []
    if labels.rows:
        cases.append(f"WHEN row IN ({', '.join(map(str, labels.rows))}) THEN 'total'")
    if groups:
        cases.append(f"WHEN row IN ({', '.join(map(str, groups))}) THEN 'group'")
    if texts:
        cases.append(f"WHEN ({problem}) IS NOT NULL AND {same} >= {min(2, len(texts))} "
                     "THEN 'heading_again'")  # fmt: skip
    values = [f"{name}__value IS NULL" for name in ("at", "amount") if name in named]
    nothing = " AND ".join(values) or "true"
    cells = [f"nullif(CAST({cell_name(i)} AS VARCHAR), '')" for i in range(len(every))]
    filled = f"list_count([{', '.join(cells)}])"
    is_text = f"regexp_matches(concat_ws(' ', {', '.join(cells)}), '{_WORD}')"
    cases.append(
        f"WHEN ({problem}) IS NOT NULL AND {filled} <= {FEW_CELLS} AND {nothing} AND {is_text} "
        "THEN 'note'"
    )
    return f"CASE {' '.join(cases)} END"
