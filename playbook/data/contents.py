"""What the cells of a column look like, from a sample of its rows: to confirm its heading."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from playbook.data.columns import COLUMNS
from playbook.data.date_evidence import is_date, is_moment, is_time
from playbook.data.names import plain
from playbook.data.parquet import quoted
from playbook.data.profiles import cleaned, identifier
from playbook.data.row_kinds import is_label
from playbook.data.sheets import Sheet, Source
from playbook.data.written_numbers import SCIENTIFIC, bare, shape

if TYPE_CHECKING:
    import duckdb

SAMPLE = 500  # rows from the beginning, and as many from all over the file
MOST = 0.9  # share of the filled cells that make a column of times, or of words
_NUMBER = re.compile(rf"{shape('.')}|{shape(',')}|{SCIENTIFIC}")
_PAYMENT = re.compile(
    r"(?i)visa.*|master ?card.*|мир|mir|maestro|union ?pay|нал(?:ичн\w*)?|без ?нал\w*|cash|card"
    r"|картой|карта|сбп|sbp|банк\w* карт\w*|оплата .*|amex|credit|debit|paypal|bonus|бонус\w*"
)

Samples = Mapping[str, Sequence[str]]


def sample(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> Samples:
    """Some cells of every column by its name in the rows.

    Empty ones are left out, those that repeat the heading, which a report has on every page,
    and the words of totals.
    """
    if not sheet.columns:
        return {}
    step = max(sheet.n_rows // SAMPLE, 1)
    cells = ", ".join(f"CAST({identifier(s.name)} AS VARCHAR)" for s in sheet.columns)
    rows = connection.execute(
        f"SELECT {cells} FROM read_parquet({quoted(sheet.parquet)}, file_row_number = true) "
        f"WHERE file_row_number < {SAMPLE} OR file_row_number % {step} = 0"
    ).fetchall()
    return {
        source.name: [
            cell
            for row in rows
            if (cell := cleaned(row[place]))
            and plain(cell) != plain(source.heading)
            and not is_label(cell)
        ]
        for place, source in enumerate(sheet.columns)
    }


def may_be(name: str, source: Source, cells: Sequence[str]) -> bool:
    """Whether a column may be one of ours, by what is in it; an empty one may."""
    column = COLUMNS[name]
    if not cells:
        return True
    if source.form in {"moment", "zoned", "date"}:
        return column.kind in {"moment", "date", "text"}
    if column.kind in {"moment", "date"}:
        return any(map(is_date, cells))
    if column.kind in {"money", "number", "count", "share"}:
        return any(map(is_number, cells))
    if name == "customer_id":
        return _share(cells, lambda cell: bool(_PAYMENT.fullmatch(cell))) < 0.5
    return True


def holds_moments(source: Source, cells: Sequence[str]) -> bool:
    """Whether dates come with times of day."""
    if source.form in {"moment", "zoned"}:
        return True
    return any(is_moment(cell) and not re.search(r"[T ,]0?0:00(?::00)?$", cell) for cell in cells)


def holds_times(cells: Sequence[str]) -> bool:
    """Whether a column holds times of day and no dates."""
    return _share(cells, is_time) >= MOST


def is_number(cell: str) -> bool:
    """Whether a cell is a number in any way of writing.

    Example:
        >>> is_number("1 234,50 руб."), is_number("12-50")
        (True, False)
    """
    return bool(_NUMBER.fullmatch(bare(cell)))


def _share(cells: Sequence[str], holds: Callable[[str], bool]) -> float:
    if not cells:
        return 0.0
    return sum(map(holds, cells)) / len(cells)
