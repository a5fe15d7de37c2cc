"""Everything that stands out in an import, collected once and kept with the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data import (
    checks_currency,
    checks_dates,
    checks_days,
    checks_ids,
    checks_money,
    checks_rows,
    checks_stores,
    checks_tables,
)
from playbook.data.checks_rows import Rows
from playbook.data.facts import Facts
from playbook.data.file_read import FileRead
from playbook.data.findings import Finding
from playbook.data.remark import Remark, by_weight
from playbook.data.schema import Table
from playbook.data.stated_total import StatedTotal

if TYPE_CHECKING:
    import duckdb


def of_import(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    *,
    table: Table,
    rows: Rows,
    files: Sequence[FileRead],
    facts: Facts | None = None,
    n_identical: int = 0,
    findings: Sequence[Finding] = (),
    stated_totals: Sequence[StatedTotal] = (),
    currency: str = "",
    folder: Path | None = None,
) -> tuple[Remark, ...]:
    """What a reader must know before using a table, the worst first.

    Args:
        connection: Where ``facts.of_receipts`` has left the days of the stores.
        target: The table as a Parquet file.
        table: Which table it is.
        rows: What is known about the rows of the files.
        files: How the files were read.
        facts: What the receipts hold; ``None`` for another table.
        n_identical: Item lines that are alike in everything.
        findings: What was found out about the files, personal data among it.
        stated_totals: Totals that the files state themselves.
        currency: Of all money of the engagement; empty where it is not known.
        folder: Where the tables are that this one must fit.
    """
    found = [
        *checks_rows.of_totals(stated_totals),
        *checks_rows.of_rows(connection, rows),
        *checks_currency.of_currency(findings, files, currency),
        *_of_people(findings),
        *_of_files(files, n_identical),
        *checks_rows.of_empty(connection, target, _may_be_empty(table, files), table.name),
    ]
    if facts is not None:
        found += [
            *checks_rows.of_unnumbered(connection, rows),
            *checks_rows.of_receipt_files(connection, rows),
            *_of_receipts(connection, target, facts, is_stated=_has_stated_order(findings)),
        ]
    if folder is not None:
        found += checks_tables.of_tables(connection, target, table=table.name, folder=folder)
    return by_weight(found)


def _of_receipts(
    connection: duckdb.DuckDBPyConnection, target: Path, facts: Facts, *, is_stated: bool
) -> Iterator[Remark]:
    yield from checks_money.of_money(connection, target, facts)
    days = checks_days.company_days(connection)
    yield from checks_dates.of_dates(facts, days, is_stated=is_stated)
    yield from checks_money.of_customers(connection, target, facts)
    yield from checks_ids.of_ids(connection, target)
    yield from checks_days.of_days(connection, target, days)
    yield from checks_stores.of_stores(connection, facts)


def _has_stated_order(findings: Sequence[Finding]) -> bool:
    """Whether somebody has said if the day or the month comes first."""
    return any(f.subject == "date_order" and f.certainty == "stated" for f in findings)


def _of_people(findings: Sequence[Finding]) -> Iterator[Remark]:
    """Columns with personal data that were loaded as they are."""
    for finding in findings:
        if finding.subject == "personal" and finding.evidence.startswith("loaded"):
            heading, _equals, kind = finding.value.rpartition("=")
            numbers = {"file": finding.file, "heading": heading, "kind": kind}
            yield Remark(code="personal", weight="warning", numbers=numbers)


def _of_files(files: Sequence[FileRead], n_identical: int) -> Iterator[Remark]:
    for file in files:
        if file.is_utc:
            yield Remark(code="utc_times", weight="warning", numbers={"file": file.name})
    if n_identical:
        yield Remark(code="identical_items", weight="hint", numbers={"n": n_identical})


def _may_be_empty(table: Table, files: Sequence[FileRead]) -> dict[str, str]:
    """Columns of the files that need no value; anonymous receipts are told elsewhere."""
    headings = {name: heading for file in files for name, heading in file.columns.items()}
    may_be = (set(table.nullable) | set(table.optional)) - (
        {"customer_id"} if table.name == "receipts" else set()
    )
    return {name: headings[name] for name in table.columns if name in may_be and name in headings}
