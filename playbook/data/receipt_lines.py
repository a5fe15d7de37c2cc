"""Lines of items added up to receipts, each with a number of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data.parquet import quoted
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

if TYPE_CHECKING:
    import duckdb

# More ids than this in several stores or on several days: the tills count anew.
MOST_SPREAD = 0.01
# So many receipts of several lines, and nearly all with one amount on each of their lines.
ENOUGH_RECEIPTS = 3
NEARLY_ALL = 0.98
_DAY = 'CAST("at" AS DATE)'


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Receipts that were made of lines.

    Attributes:
        named: A query for the receipts, with numbers that are unique.
        n_lines: Lines that were added up.
        n_receipts: What they came to.
        n_renamed: Receipts with a longer number, since theirs is that of others too.
    """

    named: str
    n_lines: int
    n_receipts: int
    n_renamed: int


def add_up(
    connection: duckdb.DuckDBPyConnection, rows: str, work: Path, more: Sequence[str]
) -> Lines:
    """Add up the lines of each receipt.

    Args:
        connection: Where the rows are.
        rows: A query for the lines.
        work: A folder for what lies between.
        more: Columns that are added up beside the amount.

    Raises:
        PlaybookError: Nearly all receipts have the same amount on each of their lines: it
            seems to be the receipt's own.
    """
    summed = work / "summed.parquet"
    _sum(connection, rows, _moment(connection, rows), summed, more)
    receipts = f"read_parquet({quoted(summed)})"
    _refuse_repeated_amounts(connection, receipts)
    shared = f"(SELECT receipt_id FROM {receipts} GROUP BY receipt_id HAVING count(*) > 1)"
    when = "strftime(\"at\", '%Y%m%d%H%M%S')"
    long = f"concat_ws('/', receipt_id, store_id, {when}, customer_id)"
    name = f"CASE WHEN receipt_id IN {shared} THEN {long} ELSE receipt_id END"
    n_lines, n_receipts, n_renamed = connection.execute(
        f"SELECT sum(n_lines), count(*), count_if(receipt_id IN {shared}) FROM {receipts}"
    ).fetchone() or (0, 0, 0)
    return Lines(
        named=f"SELECT * REPLACE ({name} AS receipt_id) FROM {receipts}",
        n_lines=int(n_lines or 0),
        n_receipts=n_receipts,
        n_renamed=n_renamed,
    )


def _moment(connection: duckdb.DuckDBPyConnection, rows: str) -> str:
    """What of the time tells receipts of one number apart: the day, or all of it."""
    n_ids, n_spread = connection.execute(
        f"""
        SELECT count(*), count_if(low <> high) FROM (
            SELECT min(hash(store_id, {_DAY})) AS low, max(hash(store_id, {_DAY})) AS high
            FROM ({rows}) GROUP BY receipt_id
        )
        """
    ).fetchone() or (0, 0)
    return '"at"' if n_spread > MOST_SPREAD * n_ids else _DAY


def _sum(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    moment: str,
    target: Path,
    more: Sequence[str],
) -> None:
    """Sums by receipt; a card that was read for some of the lines counts for all.

    A number under which several cards were read stands for a receipt of each.
    """
    sums = "".join(f", sum({name}) AS {name}" for name in more)
    facts = (
        f'min("at") AS "at", sum(amount) AS amount{sums}, count(*) AS n_lines, '
        "min(amount) = max(amount) AND count(*) > 1 AND max(alike) = 1 AS is_constant"
    )
    keyed = f"SELECT *, {moment} AS moment FROM ({rows})"
    key = "receipt_id, store_id, moment"
    groups = f"""
        SELECT {key}, min(customer_id) AS low, max(customer_id) AS customer_id, {facts}
        FROM ({keyed}) GROUP BY {key}
    """
    columns = f'receipt_id, store_id, customer_id, "at", amount{"".join(f", {m}" for m in more)}'
    several = f"""
        SELECT {key} FROM ({keyed}) GROUP BY {key} HAVING min(customer_id) <> max(customer_id)
    """
    each = f"""
        SELECT {key}, customer_id, {facts}
        FROM ({keyed}) SEMI JOIN ({several}) USING ({key}) GROUP BY {key}, customer_id
    """
    connection.execute(
        f"""
        COPY (
            SELECT {columns}, n_lines, is_constant FROM ({groups})
            WHERE low IS NOT DISTINCT FROM customer_id
            UNION ALL SELECT {columns}, n_lines, is_constant FROM ({each})
        ) TO {quoted(target)} (FORMAT parquet, COMPRESSION snappy)
        """
    )


def _refuse_repeated_amounts(connection: duckdb.DuckDBPyConnection, receipts: str) -> None:
    n_several, n_constant, example = connection.execute(
        "SELECT count_if(n_lines > 1), count_if(is_constant), "
        f"min(receipt_id) FILTER (WHERE is_constant) FROM {receipts}"
    ).fetchone() or (0, 0, None)
    if n_several < ENOUGH_RECEIPTS or n_constant < NEARLY_ALL * n_several:
        return
    words = ngettext(
        "{n} receipt of several lines has one amount on each of its lines, such as receipt"
        " {receipt}. It seems to be the receipt's own, and adding it up would count it again.",
        "{n} receipts of several lines have one amount on each of their lines, such as receipt"
        " {receipt}. It seems to be the receipt's own, and adding it up would count it again.",
        n_constant,
    )
    raise PlaybookError(
        words.format(n=number(n_constant), receipt=example),
        advice=_(
            "State the column with the amount of a line, --map amount=HEADING, or export one row"
            " for each receipt."
        ),
    )
