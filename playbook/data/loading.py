"""Rows of files as rows of a table: parsed, judged, written to Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from playbook.data.beside import Beside, cells, ours_of, value_sql
from playbook.data.columns import COLUMNS
from playbook.data.parquet import quoted
from playbook.data.private_columns import MASKED, Private
from playbook.data.profiles import identifier
from playbook.data.pseudonyms import pseudonym
from playbook.data.row_groups import Groups, filled_sql
from playbook.data.row_kinds import Labels, cell_name, is_label, kind_sql
from playbook.data.schema import Table
from playbook.data.set_aside import EXAMPLES, Example, SetAside
from playbook.data.sheets import Ragged, Sheet, Source
from playbook.data.values import FINE_TYPE, STEPS, Cell, Conventions, cell

if TYPE_CHECKING:
    import duckdb

MOST_CELLS = 300  # columns of a very wide file that are looked at to tell rows apart
SQL_TYPES = {
    "text": "VARCHAR",
    "moment": "TIMESTAMP",
    "date": "DATE",
    "money": FINE_TYPE,  # lines of a receipt are added up before they are rounded
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
        private: What of it must not be seen.
        labels: Rows that call themselves a total.
        groups: Lines that name the store of the rows under them.
        constants: Our columns that have one value in all rows.
    """

    file: str
    sheet: Sheet
    columns: Mapping[str, Source]
    conventions: Conventions
    beside: Beside = field(default_factory=Beside)
    private: Private = field(default_factory=Private)
    labels: Labels = field(default_factory=Labels)
    groups: Groups = field(default_factory=Groups)
    constants: Mapping[str, str] = field(default_factory=dict)


def parse(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], table: Table, target: Path
) -> None:
    """Write all rows of all files, parsed, with what is wrong with each.

    The columns of ``target`` are those of the table and ``file`` (place of the file), ``row``
    (place in the file, from 0), ``whole`` (a hash of the row as the file has it), ``culprit``
    and ``problem`` (null for a good row), ``shown`` (the cell that is to blame).
    """
    is_needed = _must_tell_apart(connection, parts, table)
    rows = " UNION ALL ".join(
        _rows(part, table, place, has_hash=is_needed) for place, part in enumerate(parts)
    )
    connection.execute(
        f"COPY ({rows}) TO {quoted(target)} "
        # ids of receipts make no dictionary, and to find that out costs an eighth of the time
        "(FORMAT parquet, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 1000)"
    )


def _must_tell_apart(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], table: Table
) -> bool:
    """Whether all cells of a row count: not where every receipt has a number of its own."""
    if table.name != "receipts":
        return False
    if len(parts) > 1 or "receipt_id" not in parts[0].columns:
        return True
    cell = identifier(parts[0].columns["receipt_id"].name)
    found = connection.execute(
        f"SELECT count(*) = count(DISTINCT hash({cell})) "
        f"FROM read_parquet({quoted(parts[0].sheet.parquet)})"
    ).fetchone()
    return not (found and found[0])


def _rows(part: Part, table: Table, place: int, *, has_hash: bool) -> str:
    """The rows of one file: each step of the cells is a query around the one before."""
    ours = [
        cell(
            COLUMNS[name],
            part.columns[name].form,
            part.conventions,
            needed=table.must_have(name),
        )
        for name in table.columns
        if name in part.columns and not (name == "amount" and part.beside.is_product)
    ]
    every = [*cells(part.beside, part.conventions), *ours]
    query = _source(part, place, has_hash=has_hash)
    for step in range(len(STEPS)):
        added = ", ".join(f"{c.steps[step][1]} AS {c.steps[step][0]}" for c in every)
        query = f"SELECT *, {added} FROM ({query})"
    kind = kind_sql(
        part.labels,
        part.groups.rows,
        part.sheet.columns[:MOST_CELLS],
        part.columns,
        {c.name for c in ours},
        _first(every, "problem"),
    )
    query = f"SELECT *, {kind} AS kind FROM ({query})"
    return f"SELECT file, row, whole, {_values(table, part)}, {_verdict(every)} FROM ({query})"


def _source(part: Part, place: int, *, has_hash: bool) -> str:
    every = ", ".join(identifier(source.name) for source in part.sheet.columns[:MOST_CELLS])
    named = {**part.columns, **part.beside.sources}
    mapped = ", ".join(f"{identifier(s.name)} AS {n}__x" for n, s in named.items())
    cells = ", ".join(
        f"{identifier(source.name)} AS {cell_name(place)}"
        for place, source in enumerate(part.sheet.columns[:MOST_CELLS])
    )
    rows = f"read_parquet({quoted(part.sheet.parquet)}, file_row_number = true)"
    if part.groups.rows:
        rows = filled_sql(rows, part.groups, part.columns["store_id"], part.columns["at"])
    whole = f"hash({every})" if has_hash else "0::UBIGINT"
    return (
        f"SELECT {place} AS file, file_row_number AS row, {whole} AS whole, {mapped}, "
        f"{cells} FROM {rows}"
    )


def _values(table: Table, part: Part) -> str:
    return ", ".join(
        f"CAST({_value(name, part) if name in part.columns else _constant(name, part)} "
        f"AS {SQL_TYPES[COLUMNS[name].kind]}) AS {identifier(name)}"
        for name in table.columns
    )


def _constant(name: str, part: Part) -> str:
    """What somebody has stated for all rows, or nothing."""
    return quoted(part.constants[name]) if name in part.constants else "NULL"


def _value(name: str, part: Part) -> str:
    value = value_sql(name, part.beside)
    if name in part.private.texts:
        return f"{MASKED}({value})"
    kinds = part.private.hashed.get(name)
    return value if kinds is None else pseudonym(value, kinds)


def _verdict(every: Sequence[Cell]) -> str:
    """What the row is if it is no data, else the first column with a problem, and the cell."""
    culprit, problem, shown = (_first(every, what) for what in ("name", "problem", "raw"))
    row = ", ".join(_seen(c) for c in every)
    return (
        f"CASE WHEN kind IS NOT NULL THEN '' ELSE {culprit} END AS culprit, "
        f"coalesce(kind, {problem}) AS problem, "
        f"CASE WHEN kind IS NOT NULL THEN concat_ws('; ', {row}) ELSE {shown} END AS shown"
    )


def _seen(cell: Cell) -> str:
    """A cell as a person would see it; one that was read at once has no step for it."""
    if cell.fast == "NULL":
        return f"{cell.name}__raw"
    return f"coalesce({cell.name}__raw, {cell.name}__x)"


def _first(every: Sequence[Cell], what: Literal["name", "problem", "raw"]) -> str:
    """Something about the first column that has a problem."""
    answers = {
        "name": [f"'{ours_of(c.name)}'" for c in every],
        "problem": [f"{c.name}__problem" for c in every],
        "raw": [_seen(c) for c in every],
    }
    tests = " ".join(
        f"WHEN {c.name}__problem IS NOT NULL THEN {answer}"
        for c, answer in zip(every, answers[what], strict=True)
    )
    return f"CASE {tests} END"


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
            examples=tuple(_example(found, parts, culprit, problem) for found in examples),
        )
        for culprit, problem, n, examples in connection.execute(query).fetchall()
    ]


def _example(
    found: Mapping[str, Any], parts: Sequence[Part], culprit: str | None, problem: str
) -> Example:
    part = parts[found["file"]]
    text = "" if found["shown"] is None else str(found["shown"])
    private = part.private
    if culprit:
        shown = private.cell(culprit, text, problem)
    else:
        shown = private.row(text, "; ", is_total=problem == "total")
    return Example(file=part.file, line=part.sheet.line(found["row"]), value=shown)


def ragged(parts: Sequence[Part]) -> list[SetAside]:
    """Rows of a wrong length, which no column can be blamed for."""
    found: dict[str, list[Example]] = {}
    for part in parts:
        for row in part.sheet.ragged:
            kind, sign = _kind_of(row, part.sheet.delimiter), part.sheet.delimiter
            shown = part.private.row(row.text, sign, is_total=kind == "total")
            example = Example(file=part.file, line=row.line, value=shown)
            found.setdefault(kind, []).append(example)
    return [
        SetAside(column="", reason=reason, n=len(some), examples=tuple(some[:EXAMPLES]))
        for reason, some in found.items()
    ]


def _kind_of(row: Ragged, delimiter: str) -> str:
    """Why a row of a wrong length is set aside: a total and a note are no broken rows."""
    if row.reason != "ragged":
        return row.reason
    cells = [cell for cell in row.text.strip().split(delimiter or "; ") if cell.strip(' "')]
    if cells and is_label(cells[0].strip(' "')):
        return "total"
    return "note" if len(cells) == 1 else row.reason


def together(aside: Sequence[SetAside]) -> list[SetAside]:
    """Rows set aside for one reason in one column, whatever way they were found, as one."""
    found: dict[tuple[str, str], SetAside] = {}
    for one in aside:
        key = (one.column, one.reason)
        if other := found.get(key):
            few = (*other.examples, *one.examples)[:EXAMPLES]
            one = replace(other, n=other.n + one.n, examples=few)
        found[key] = one
    return sorted(found.values(), key=lambda one: -one.n)


def good(parsed: Path) -> str:
    """The rows without a problem, as a query."""
    return f"SELECT * FROM read_parquet({quoted(parsed)}) WHERE problem IS NULL"


def bad(parsed: Path) -> str:
    """The rows with a problem, as a query."""
    return f"SELECT * FROM read_parquet({quoted(parsed)}) WHERE problem IS NOT NULL"
