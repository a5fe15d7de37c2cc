"""Files of a company become a table of its engagement, all rows accounted for, in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data import (
    damage,
    engine,
    extent,
    facts,
    headings,
    loading,
    no_people,
    privacy,
    receipt_rows,
    recognition,
    remarks,
    stated_totals,
    storage,
    tills,
)
from playbook.data.checks_rows import Rows
from playbook.data.columns import COLUMNS, Column
from playbook.data.file_read import FileRead
from playbook.data.findings import Finding
from playbook.data.loading import Part
from playbook.data.lost_ids import refuse_if_most_are_lost
from playbook.data.parquet import quoted
from playbook.data.private_state import NOTE
from playbook.data.profiles import identifier
from playbook.data.pseudonyms import Secret
from playbook.data.receipt_rows import Receipts
from playbook.data.report import ImportReport
from playbook.data.request import (
    Options,
    each_file,
    fingerprints,
    imported_already,
    refuse_to_replace,
    table_of,
)
from playbook.data.schema import Table
from playbook.data.set_aside import SetAside
from playbook.data.sheets import Sheet
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.numbers import number

if TYPE_CHECKING:
    import duckdb

MONEY = "DECIMAL(12, 2)"
Told = Callable[[str], None]


def import_files(
    folder: Path,
    files: Sequence[Path],
    options: Options,
    *,
    today: dt.date,
    secret: Secret | None = None,
    told: Told = lambda _words: None,
) -> ImportReport:
    """Read files, judge every row, and make them a table of the engagement.

    Nothing changes before all is read and judged; then the table is there at once.

    Args:
        folder: Data folder of the engagement.
        files: The files of one table, in the order in which copies are told apart.
        options: What somebody has stated about them.
        today: The last day that a row may have.
        secret: With which ids become pseudonyms, where that is asked for.
        told: Called with a sentence about what is being done.

    Raises:
        PlaybookError: A file cannot be read, columns are missing, numbers or dates can be
            read in two ways, no row can be used, or there is a table already.
    """
    table = table_of(options)
    told(_("Looking at the files"))
    hashes = fingerprints(files)
    if report := imported_already(folder, table, hashes, options):
        return report
    with (
        no_people.nobody_in_errors(files),
        engine.duck(folder) as connection,
        engine.spill_folder(folder) as work,
        damage.explained(files),
    ):
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET VARIABLE tomorrow = ?::DATE", [today + dt.timedelta(days=1)])
        parts, found = _parts(connection, files, table, options, work, today, told)
        guarded = privacy.examine(
            connection, parts, found, table, options, folder=folder, secret=secret
        )
        told(_("Reading the rows"))
        made = _made(
            connection, guarded.parts, table, folder, work, today, hashes, guarded.findings, options
        )
        refuse_to_replace(folder, made.report, options)
        told(_("Writing the table"))
        noted: dict[str, Any] = {
            "report": made.report.as_json(),
            "sources": hashes,
            "reading": options.reading,
            NOTE: guarded.noted,
        }
        if made.report.facts:
            noted["last_day"] = made.report.facts.last_day.isoformat()
        storage.put(folder, table.name, made.path, facts=noted)
    return made.report


@dataclass(frozen=True, kw_only=True)
class _Made:
    report: ImportReport
    path: Path


def _parts(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    table: Table,
    options: Options,
    work: Path,
    today: dt.date,
    told: Told,
) -> tuple[list[Part], list[Finding]]:
    """Read every file as text and find out what is what."""
    stated = headings.stated_columns(options.columns, table)

    def read(_place: int, path: Path) -> tuple[Sheet, ...]:
        told(_("Reading {file}").format(file=path.name))
        return tills.read(
            path,
            work,
            stated=options.stated,
            fits=lambda heading: headings.fits(heading, table, stated),
        )

    found = each_file(files, read)
    tills.refuse_unused_sheet(found, options.stated)
    sheets = tills.named(files, found)
    return recognition.parts(connection, sheets, table, options, today=today)


def _made(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    table: Table,
    folder: Path,
    work: Path,
    today: dt.date,
    hashes: Mapping[str, str],
    found_out: Sequence[Finding],
    options: Options,
) -> _Made:
    """The table as a Parquet file in ``work``, and what to say about it."""
    parsed, target = work / "parsed.parquet", work / "table.parquet"
    loading.parse(connection, parts, table, parsed)
    rows_read = sum(part.sheet.n_rows + len(part.sheet.ragged) for part in parts)
    aside = loading.ragged(parts) + loading.set_aside(connection, loading.bad(parsed), parts)
    refuse_if_most_are_lost(connection, loading.good(parsed), aside, parts, table)
    if rows_read == sum(found.n for found in aside):
        raise _nothing_usable(parts, rows_read, aside)
    receipts = Receipts()
    if table.name == "receipts":
        receipts = receipt_rows.write(
            connection,
            loading.good(parsed),
            work,
            target,
            more=[name for name in table.optional if any(name in part.columns for part in parts)],
            n_files=len(parts),
        )
        copies = receipts.duplicates
    else:
        copies = _write(connection, loading.good(parsed), table, target)
    if copies:
        aside += loading.set_aside(connection, copies, parts)
    aside = loading.together(aside)
    is_receipts = table.name == "receipts"
    totals = stated_totals.compared(connection, parsed, parts, copies=copies) if is_receipts else ()
    known = facts.of_receipts(connection, target) if is_receipts else None
    files = tuple(map(_file, parts))
    rows = Rows(
        parsed=parsed,
        files=[part.file for part in parts],
        aside=aside,
        copies=copies,
        rows_read=rows_read,
        today=today,
    )
    report = ImportReport(
        table=table.name,
        files=files,
        rows_read=rows_read,
        rows_loaded=rows_read - sum(found.n for found in aside),
        set_aside=tuple(aside),
        n_written=_count(connection, f"SELECT * FROM read_parquet({quoted(target)})"),
        facts=known,
        extent=extent.of_table(connection, target, table, known),
        findings=tuple(found_out),
        remarks=remarks.of_import(
            connection,
            target,
            table=table,
            rows=rows,
            files=files,
            facts=known,
            n_identical=receipts.n_identical,
            findings=found_out,
            stated_totals=totals,
            currency=options.currency,
            folder=folder,
        ),
        stated_totals=totals,
        n_numbered=receipts.n_numbered,
        n_item_lines=receipts.n_item_lines,
        n_identical=receipts.n_identical,
        n_renamed=receipts.n_renamed,
        sources=hashes,
        imported_on=today,
    )
    return _Made(report=report, path=target)


def _write(connection: duckdb.DuckDBPyConnection, rows: str, table: Table, target: Path) -> str:
    """Write the rows of a table, the first of each key; returns a query for the others."""
    key = ", ".join(map(identifier, table.key))
    rows = _with_ids(rows, table)
    marked = (
        f"SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY file, row) AS nth FROM ({rows})"
    )
    columns = ", ".join(_stored(COLUMNS[name]) for name in _written(connection, rows, table))
    connection.execute(
        f"COPY (SELECT {columns} FROM ({marked}) WHERE nth = 1 ORDER BY {key}) "
        f"TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)"
    )
    shown = f"concat_ws(', ', {key})"
    return (
        f"SELECT file, row, '{table.key[0]}' AS culprit, 'duplicate' AS problem, "
        f"{shown} AS shown FROM ({marked}) WHERE nth > 1"
    )


def _written(connection: duckdb.DuckDBPyConnection, rows: str, table: Table) -> list[str]:
    """The columns that the table gets: one that may be absent but not empty, only with values."""
    doubtful = [name for name in table.optional if name not in table.nullable]
    if not doubtful:
        return list(table.columns)
    counts = ", ".join(f"count({identifier(name)})" for name in doubtful)
    found = connection.execute(f"SELECT {counts} FROM ({rows})").fetchone() or ()
    absent = {name for name, n in zip(doubtful, found, strict=True) if not n}
    return [name for name in table.columns if name not in absent]


def _with_ids(rows: str, table: Table) -> str:
    """The rows with an id also where the file has none: made of other columns, or a number."""
    if table.id_from is None:
        return rows
    ours = ", ".join(map(identifier, table.id_from))
    made = f"concat_ws('/', {ours})" if ours else "format('row-{}-{}', file + 1, row + 1)"
    key = identifier(table.key[0])
    return f"SELECT * REPLACE (coalesce({key}, {made}) AS {key}) FROM ({rows})"


def _stored(column: Column) -> str:
    """A column as the table has it: money to the kopeck."""
    name = identifier(column.name)
    return f"CAST({name} AS {MONEY}) AS {name}" if column.kind == "money" else name


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM ({rows})").fetchone()
    return int(found[0]) if found else 0


def _nothing_usable(parts: Sequence[Part], n: int, aside: Sequence[SetAside]) -> PlaybookError:
    if n == 0:
        words = _("There is a heading and no row under it: {files}.")
        return PlaybookError(words.format(files=", ".join(part.file for part in parts)))
    problems = []
    for found in aside:
        example = found.examples[0]
        words = _("{n} × {reason}; for example {file}, line {line}: “{value}”")
        problems.append(
            words.format(
                n=number(found.n),
                reason=found.words,
                file=example.file,
                line=example.line,
                value=example.value[:60],
            )
        )
    return PlaybookError(
        _("None of the rows can be used; nothing was changed."),
        problems=problems,
        advice=_("If a column was taken for another, state it: --map COLUMN=HEADING")
        if {found.reason for found in aside} & {"missing", "unreadable"}
        else _("Export it again as the till has it."),
    )


def _file(part: Part) -> FileRead:
    used = {source.name for source in (*part.columns.values(), *part.beside.sources.values())}
    kinds = {COLUMNS[name].kind for name, source in part.columns.items() if source.form == "text"}
    return FileRead(
        name=part.file,
        n_rows=part.sheet.n_rows + len(part.sheet.ragged),
        columns={name: source.heading for name, source in part.columns.items()},
        unused=tuple(c.heading for c in part.sheet.columns if c.name not in used),
        encoding=part.sheet.encoding,
        delimiter=part.sheet.delimiter,
        decimals=part.conventions.decimals if kinds & {"money", "number", "share"} else "",
        order=part.conventions.order if kinds & {"moment", "date"} else "",
        is_utc=any(source.form == "zoned" for source in part.columns.values()),
    )
