"""Reports that name the store in a line of its own, above its receipts and a total below them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playbook.data.parquet import quoted
from playbook.data.profiles import clean, identifier
from playbook.data.row_kinds import Labels
from playbook.data.sheets import Sheet, Source
from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    import duckdb

MOST = 10_000  # stores of one file
NEARLY_ALL = 0.9  # rows with a store of their own: there is nothing to look for
SHARE_WITH_STORE = 0.01  # rows that name their store themselves: then a line of its own is none


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Lines that name the store of the rows under them.

    Attributes:
        rows: Row of such a line, from 0, to the store.
    """

    rows: Mapping[int, str] = field(default_factory=dict)


def groups(
    connection: duckdb.DuckDBPyConnection,
    file: str,
    sheet: Sheet,
    columns: Mapping[str, Source],
    labels: Labels,
) -> Groups:
    """Find the lines that name a store for the rows under them.

    Args:
        connection: Where the rows are read.
        file: The file as it is shown.
        sheet: Its rows.
        columns: Our columns in it.
        labels: Rows that call themselves a total.

    Raises:
        PlaybookError: There are such lines, and no total after each shows where it ends.
    """
    if not {"store_id", "at"} <= columns.keys() or columns["store_id"].form != "text":
        return Groups()
    store, date = (clean(identifier(columns[name].name)) for name in ("store_id", "at"))
    rows = f"read_parquet({quoted(sheet.parquet)}, file_row_number = true)"
    own = f"CAST({identifier(columns['store_id'].name)} AS VARCHAR) <> ''"
    if _one(connection, f"SELECT count_if({own}) >= {NEARLY_ALL} * count(*) FROM {rows}"):
        return Groups()
    n_bare, n_own = connection.execute(
        f"SELECT count_if(store IS NULL), count_if(store IS NOT NULL) FROM "
        f"(SELECT {store} AS store FROM {rows} WHERE {date} IS NOT NULL)"
    ).fetchone() or (0, 0)
    if not n_bare or n_own > SHARE_WITH_STORE * n_bare:
        return Groups()
    found = connection.execute(
        f"SELECT file_row_number, {store} AS store FROM {rows} "
        f"WHERE store IS NOT NULL AND {date} IS NULL ORDER BY 1 LIMIT {MOST}"
    ).fetchall()
    lines = {row: name for row, name in found if row not in labels.rows}
    if not lines or n_own:
        return Groups()
    if not _are_closed(lines, labels):
        raise _not_certain(file, sheet, next(iter(lines.items())))
    return Groups(rows=lines)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    found = connection.execute(query).fetchone()
    return bool(found and found[0])


def _are_closed(lines: Mapping[int, str], labels: Labels) -> bool:
    """Whether the first row is such a line and a total with its name stands before the next."""
    starts = sorted(lines)
    if starts[0] != 0:
        return False
    ends = [*starts[1:], max(labels.rows, default=0) + 1]
    return all(
        any(lines[start] in label for row, label in labels.rows.items() if start < row < end)
        for start, end in zip(starts, ends, strict=True)
    )


def _not_certain(file: str, sheet: Sheet, first: tuple[int, str]) -> PlaybookError:
    row, name = first
    words = _("{file}, line {line}: the store seems to stand in a line of its own: “{name}”.")
    return PlaybookError(
        words.format(file=file, line=sheet.line(row), name=name),
        problems=[_("Nothing shows for certain to which rows each of these lines belongs.")],
        advice=_("Export a flat list with the store in each row."),
    )


def filled_sql(rows: str, groups: Groups, store: Source, date: Source) -> str:
    """Rows of a file with the store of the line above them, as a query with ``file_row_number``."""
    lines = ", ".join(f"({row}, {quoted(name)})" for row, name in groups.rows.items())
    cell, day = identifier(store.name), identifier(date.name)
    is_bare = f"{clean('s.' + cell)} IS NULL AND {clean('s.' + day)} IS NOT NULL"
    return (
        f"(SELECT s.* REPLACE (CASE WHEN {is_bare} THEN g.name ELSE s.{cell} END AS {cell}) "
        f"FROM {rows} AS s "
        f"ASOF LEFT JOIN (SELECT * FROM (VALUES {lines}) AS t(row, name)) AS g "
        "ON s.file_row_number >= g.row)"
    )
