"""What is what in the sheets of an import: columns, numbers, dates, kinds of rows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from playbook.data import (
    contents,
    currencies,
    headings,
    identifiers,
    operations,
    row_groups,
    row_kinds,
)
from playbook.data.beside import Beside
from playbook.data.columns import COLUMNS
from playbook.data.contents import Samples, is_number
from playbook.data.conventions import decide
from playbook.data.date_evidence import Dates
from playbook.data.evidence import Read
from playbook.data.findings import Finding
from playbook.data.heading_refusals import refuse_unless_found
from playbook.data.headings import Matches
from playbook.data.loading import Part
from playbook.data.number_evidence import Numbers
from playbook.data.operations import Operation
from playbook.data.request import Options
from playbook.data.schema import Table
from playbook.data.sheets import Sheet, Source

if TYPE_CHECKING:
    import duckdb


def parts(
    connection: duckdb.DuckDBPyConnection,
    sheets: Mapping[str, Sheet],
    table: Table,
    options: Options,
    *,
    today: dt.date,
) -> tuple[list[Part], list[Finding]]:
    """Every sheet with its columns and conventions, and all that was found out.

    Args:
        connection: Where the rows are read.
        sheets: Name of a file, as it is shown, to its rows.
        table: The table that is wanted.
        options: What somebody has stated.
        today: The last day that a row may have.

    Raises:
        PlaybookError: Columns are missing or doubtful, or numbers or dates can be read in two
            ways; names all of it.
    """
    stated = headings.stated_columns(options.columns, table)
    samples = {name: contents.sample(connection, sheet) for name, sheet in sheets.items()}
    matched = {
        name: headings.match(sheet.columns, table, stated, samples[name])
        for name, sheet in sheets.items()
    }
    refuse_unless_found({name: (sheets[name], matched[name]) for name in sheets}, table, stated)
    if table.name == "receipts":
        currencies.refuse_several(connection, sheets, samples)
    beside = {
        name: _beside(connection, sheet, matched[name], samples[name], table)
        for name, sheet in sheets.items()
    }
    reads = [
        Read.of(connection, name, sheet, _read(matched[name], beside[name]))
        for name, sheet in sheets.items()
    ]
    chosen, found = decide(
        reads, decimals=options.stated.decimals, order=options.stated.order, today=today
    )
    labels = {
        name: row_kinds.labels(
            connection,
            sheet,
            matched[name].found,
            without=_without_words(read, _read(matched[name], beside[name])),
        )
        for (name, sheet), read in zip(sheets.items(), reads, strict=True)
    }
    made = [
        Part(
            file=name,
            sheet=sheet,
            columns=matched[name].found,
            conventions=dataclasses.replace(
                chosen[name],
                rounded=_rounded(connection, sheet, matched[name], samples[name]),
                percent=_percent(matched[name], samples[name]),
            ),
            beside=beside[name],
            labels=labels[name],
            groups=row_groups.groups(connection, name, sheet, matched[name].found, labels[name]),
            constants=_constants(name, matched[name]),
        )
        for name, sheet in sheets.items()
    ]
    findings = [
        finding
        for part in made
        for finding in (*part.sheet.findings, *_told(part, matched[part.file]))
    ]
    return made, findings + found


def _read(matched: Matches, beside: Beside) -> dict[str, Source]:
    """The columns whose cells decide how they are written."""
    columns = dict(matched.found)
    if beside.quantity and beside.price:
        del columns["amount"]
        columns |= {"quantity": beside.quantity, "price": beside.price}
    return columns


def _constants(file: str, matched: Matches) -> dict[str, str]:
    """What has one value in all rows: what was stated, or the name of the file."""
    stem = PurePath(file).stem
    return {
        name: stem if value == headings.FILE_NAME else value
        for name, value in matched.constants.items()
    }


def _percent(matched: Matches, samples: Samples) -> frozenset[str]:
    """Shares whose heading says percent, and whose cells are above one."""
    return frozenset(
        name
        for name, source in matched.found.items()
        if COLUMNS[name].kind == "share"
        and re.search(r"(?i)%|percent|процент", source.heading)
        and any(map(_is_above_one, samples.get(source.name, ())))
    )


def _is_above_one(cell: str) -> bool:
    return is_number(cell) and not re.fullmatch(r"[-+]?[01]?(?:[.,]\d*)?%?", cell)


def _without_words(read: Read, columns: Mapping[str, Source]) -> set[str]:
    """Columns of the file whose cells have all been looked at, and there was no word of a total."""
    looked_at: dict[str, Numbers | Dates] = {**read.numbers, **read.dates}
    return {columns[name].name for name, found in looked_at.items() if not found.has_hint}


def _beside(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    matched: Matches,
    samples: Samples,
    table: Table,
) -> Beside:
    used = {source.name for source in matched.found.values()}
    kinds: dict[Source, Mapping[str, tuple[Operation, int]]] = {}
    for source in sheet.columns if table.name == "receipts" else ():
        if source.name not in used and operations.may_hold(samples.get(source.name, ())):
            values = operations.values_of(connection, sheet, source)
            if values:
                kinds[source] = values
    return Beside(
        clock=matched.clock, quantity=matched.quantity, price=matched.price, operations=kinds
    )


def _rounded(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, matched: Matches, samples: Samples
) -> frozenset[str]:
    """Columns of ids that a spreadsheet has rounded to fifteen digits."""
    return frozenset(
        name
        for name, source in matched.found.items()
        if name in {"customer_id", "receipt_id"}
        and source.form == "text"
        and any(map(identifiers.is_long, samples.get(source.name, ())))
        and identifiers.is_rounded(connection, sheet, source.name)
    )


def _told(part: Part, matched: Matches) -> Iterator[Finding]:
    """What was found out about the columns of a file."""
    for name, source in part.columns.items():
        yield Finding(
            file=part.file,
            subject="column",
            value=f"{name}={source.heading}",
            certainty=matched.certainty[name],
        )
    for name, value in part.constants.items():
        yield Finding(
            file=part.file, subject="column", value=f"{name}='{value}'", certainty="stated"
        )
    if part.groups.rows:
        row, store = next(iter(part.groups.rows.items()))
        yield Finding(
            file=part.file,
            subject="row_kind",
            value="group",
            certainty="certain",
            cell=store,
            line=part.sheet.line(row),
        )
    if clock := part.beside.clock:
        yield Finding(
            file=part.file,
            subject="date_and_time",
            value="joined",
            certainty="certain",
            evidence=f"{part.columns['at'].heading} + {clock.heading}",
        )
    for source, values in part.beside.operations.items():
        yield from operations.findings(part.file, source.heading, values)
