"""Ids that a spreadsheet has destroyed: a few rows go aside, most of them stop the import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from playbook.data.columns import COLUMNS
from playbook.data.set_aside import SetAside
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

if TYPE_CHECKING:
    import duckdb

    from playbook.data.loading import Part
    from playbook.data.schema import Table


def refuse_if_most_are_lost(
    connection: duckdb.DuckDBPyConnection,
    good: str,
    aside: Sequence[SetAside],
    parts: Sequence[Part],
    table: Table,
) -> None:
    """Stop where most ids of a column are lost: what is left would be another trade.

    Args:
        connection: Where the rows are.
        good: A query for the rows without a problem.
        aside: What was set aside.
        parts: The files.
        table: The table that is wanted.

    Raises:
        PlaybookError: Names each column, how many ids are lost, and an example.
    """
    lost = [found for found in aside if found.reason == "lost_digits" and _is_id(found, table)]
    if not lost:
        return
    counts = ", ".join(f"count({found.column})" for found in lost)
    kept = connection.execute(f"SELECT {counts} FROM ({good})").fetchone() or ()
    most = [found for found, n in zip(lost, kept, strict=True) if found.n > n]
    if most:
        raise PlaybookError(
            _("A spreadsheet has destroyed most of the ids; nothing was changed."),
            problems=[_words(found, parts) for found in most],
            advice=_(
                "Export the file from the till again and do not open it in a spreadsheet before;"
                " or format the column as text there before the file is opened."
            ),
        )


def _is_id(found: SetAside, table: Table) -> bool:
    return found.column in table.columns and COLUMNS[found.column].kind == "text"


def _words(found: SetAside, parts: Sequence[Part]) -> str:
    example = found.examples[0]
    headings = {
        part.columns[found.column].heading for part in parts if found.column in part.columns
    }
    words = ngettext(
        "column “{heading}”: {n} id, “{value}” in {file}, line {line}",
        "column “{heading}”: {n} ids, such as “{value}” in {file}, line {line}",
        found.n,
    )
    return words.format(
        heading="”, “".join(sorted(headings)),
        n=number(found.n),
        value=example.value,
        file=example.file,
        line=example.line,
    )
