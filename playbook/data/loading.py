"""Rows of files as rows of a table: parsed, judged, written to Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data.beside import Beside, cells, ours_of, value_sql
from playbook.data.columns import COLUMNS
from playbook.data.parquet import quoted
from playbook.data.profiles import identifier
from playbook.data.schema import Table
from playbook.data.set_aside import EXAMPLES, Example, SetAside
from playbook.data.sheets import Sheet, Source
from playbook.data.values import STEPS, Cell, Conventions, cell

if TYPE_CHECKING:
    import duckdb

SQL_TYPES = {
    "text": "VARCHAR",
    "moment": "TIMESTAMP",
    "date": "DATE",
    "money": "DECIMAL(12, 2)",
    "count": "BIGINT",
    "number": "DOUBLE",
    "share": "DOUBLE",
    "yes_no": "BOOLEAN",
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file on its way into a table: what was read, what is what, how it is written.

    Attributes:
        file: As it is shown.
        sheet: Its rows.
        columns: Our columns in it.
        conventions: How it is written.
        beside: Columns that are none of ours and change one.
    """

    file: str
    sheet: Sheet
    columns: Mapping[str, Source]
    conventions: Conventions
    beside: Beside = field(default_factory=Beside)


def parse(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], table: Table, target: Path
) -> None:
    """Write all rows of all files, parsed, with what is wrong with each.

    The columns of ``target`` are those of the table and ``file`` (place of the file), ``row``
    (place in the file, from 0), ``whole`` (a hash of the row as the file has it), ``culprit``
    and ``problem`` (null for a good row), ``shown`` (the cell that is to blame).
    """
    rows = " UNION ALL ".join(_rows(part, table, place) for place, part in enumerate(parts))
    connection.execute(f"COPY ({rows}) TO {quoted(target)} (FORMAT parquet, COMPRESSION snappy)")


def _rows(part: Part, table: Table, place: int) -> str:
    """The rows of one file: each step of the cells is a query around the one before."""
    ours = [
        cell(
            COLUMNS[name],
            part.columns[name].form,
            part.conventions,
            needed=name not in table.nullable and name != "receipt_id",
        )
        for name in table.columns
        if name in part.columns and not (name == "amount" and part.beside.is_product)
    ]
    every = [*cells(part.beside, part.conventions), *ours]
    query = _source(part, place)
    for step in range(len(STEPS)):
        added = ", ".join(f"{c.steps[step][1]} AS {c.steps[step][0]}" for c in every)
        query = f"SELECT *, {added} FROM ({query})"
    return f"SELECT file, row, whole, {_values(table, part)}, {_verdict(every)} FROM ({query})"


def _source(part: Part, place: int) -> str:
    every = ", ".join(identifier(source.name) for source in part.sheet.columns)
    named = {**part.columns, **part.beside.sources}
    mapped = ", ".join(f"{identifier(s.name)} AS {n}__x" for n, s in named.items())
    rows = f"read_parquet({quoted(part.sheet.parquet)}, file_row_number = true)"
    return (
        f"SELECT {place} AS file, file_row_number AS row, hash({every}) AS whole, {mapped} "
        f"FROM {rows}"
    )


def _values(table: Table, part: Part) -> str:
    return ", ".join(
        f"CAST({value_sql(name, part.beside) if name in part.columns else 'NULL'} "
        f"AS {SQL_TYPES[COLUMNS[name].kind]}) AS {identifier(name)}"
        for name in table.columns
    )


def _verdict(every: Sequence[Cell]) -> str:
    """The first column with a problem, the problem, and the cell."""

    def first(result: str) -> str:
        tests = " ".join(
            f"WHEN {c.name}__problem IS NOT NULL THEN {result.format(c.name)}" for c in every
        )
        return f"CASE {tests} END"

    blamed = " ".join(f"WHEN {c.name}__problem IS NOT NULL THEN '{ours_of(c.name)}'" for c in every)
    culprit = f"CASE {blamed} END"
    problem, shown = first("{0}__problem"), first("{0}__raw")
    return f"{culprit} AS culprit, {problem} AS problem, {shown} AS shown"


def set_aside(
    connection: duckdb.DuckDBPyConnection, rows: str, parts: Sequence[Part]
) -> list[SetAside]:
    """Count rows by culprit and problem, the most frequent first.

    Args:
        connection: Where the rows are.
        rows: A query that gives ``file``, ``row``, ``culprit``, ``problem``, ``shown``.
        parts: The files.
    """
    query = f"""
        SELECT culprit, problem, count(*) AS n,
            list({{'file': file, 'row': row, 'shown': shown}} ORDER BY file, row)
                FILTER (WHERE place <= {EXAMPLES}) AS examples
        FROM (
            SELECT *, row_number() OVER (PARTITION BY culprit, problem ORDER BY file, row) AS place
            FROM ({rows})
        )
        GROUP BY ALL ORDER BY n DESC, culprit, problem
    """
    return [
        SetAside(
            column=culprit or "",
            reason=problem,
            n=n,
            examples=tuple(_example(found, parts) for found in examples),
        )
        for culprit, problem, n, examples in connection.execute(query).fetchall()
    ]


def _example(found: Mapping[str, Any], parts: Sequence[Part]) -> Example:
    part = parts[found["file"]]
    shown = "" if found["shown"] is None else str(found["shown"])
    return Example(file=part.file, line=part.sheet.line(found["row"]), value=shown)


def ragged(parts: Sequence[Part]) -> list[SetAside]:
    """Rows of a wrong length, which no column can be blamed for."""
    examples = [
        Example(file=part.file, line=row.line, value=row.text)
        for part in parts
        for row in part.sheet.ragged
    ]
    if not examples:
        return []
    few = tuple(examples[:EXAMPLES])
    return [SetAside(column="", reason="ragged", n=len(examples), examples=few)]


def good(parsed: Path) -> str:
    """The rows without a problem, as a query."""
    return f"SELECT * FROM read_parquet({quoted(parsed)}) WHERE problem IS NULL"


def bad(parsed: Path) -> str:
    """The rows with a problem, as a query."""
    return f"SELECT * FROM read_parquet({quoted(parsed)}) WHERE problem IS NOT NULL"
