"""The command ``import``: files of a company into an engagement, with a report."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    from rich.console import Console

    from playbook.data.report import ImportReport
    from playbook.data.request import Options
    from playbook.engagement import Engagement

EVENT = "data.imported"


def add_import(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add ``import`` to the command line."""
    parser = subparsers.add_parser(
        "import",
        help=_("bring a company's tables in: Parquet, CSV, XLSX"),
        description=_(
            "Reads the files of one table, judges every row, and says what was loaded and what"
            " was not. Columns are known by their usual English and Russian names."
        ),
    )
    parser.add_argument("name", help=_("the engagement, for example sample"))
    parser.add_argument("files", type=Path, nargs="+", help=_("files of one table"))
    parser.add_argument(
        "--table", default="receipts", help=_("the table that the files make up: receipts, stores")
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=HEADING",
        help=_("which column is which, for example amount=Total; may be given several times"),
    )
    parser.add_argument(
        "--delimiter", help=_("the sign between the columns of a CSV file: , ; | or tab")
    )
    parser.add_argument(
        "--decimal", choices=("comma", "point"), help=_("the decimal sign of numbers")
    )
    parser.add_argument(
        "--date-order", choices=("dmy", "mdy"), help=_("whether the day or the month comes first")
    )
    parser.add_argument(
        "--replace", action="store_true", help=_("put the files in the place of the table")
    )
    parser.add_argument(
        "--pseudonymise",
        action="store_true",
        help=_("put pseudonyms in the place of the customers' ids"),
    )
    parser.add_argument(
        "--hash",
        action="append",
        default=[],
        metavar="COLUMN",
        help=_("put pseudonyms in the place of another column; may be given several times"),
    )
    parser.add_argument("--json", action="store_true", help=_("print the report as JSON"))
    parser.set_defaults(handler=import_files)


def import_files(arguments: argparse.Namespace) -> int:
    """Import the files, note it in the record, print the report."""
    from rich.console import Console

    from playbook.data import importing
    from playbook.engagement import Engagement
    from playbook.engagement.disk import exclusive, explained
    from playbook.run.pseudonym_secret import secret_for
    from playbook.text.numbers import use_currency

    engagement = Engagement.open(arguments.name)
    options = _options(arguments)
    use_currency(engagement.currency)
    screen = Console(stderr=True)
    with (
        explained(engagement.folder),
        exclusive(engagement.folder / "import.lock"),
        screen.status(_("Importing"), spinner="line") as status,
    ):
        report = importing.import_files(
            engagement.data_folder,
            arguments.files,
            options,
            today=datetime.now().astimezone().date(),
            secret=secret_for(engagement, options),
            told=status.update,
        )
        if not report.is_again:
            _note(engagement, report)
    if arguments.json:
        json.dump(report.as_json(), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        show(report, Console(highlight=False, markup=False, soft_wrap=True))
    return 0


def _options(arguments: argparse.Namespace) -> Options:
    from playbook.data.delimited import DELIMITERS
    from playbook.data.request import Options
    from playbook.data.stated import Stated

    signs = {"tab": "\t", "\\t": "\t"} | {sign: sign for sign in DELIMITERS}
    if arguments.delimiter is not None and arguments.delimiter not in signs:
        raise PlaybookError(
            _("“{sign}” is no sign between columns.").format(sign=arguments.delimiter),
            advice=_("State it with --delimiter: , ; | or tab."),
        )
    return Options(
        table=arguments.table,
        columns=tuple(arguments.map),
        stated=Stated(
            delimiter=signs[arguments.delimiter] if arguments.delimiter else None,
            decimals={"comma": ",", "point": ".", None: None}[arguments.decimal],
            order=arguments.date_order,
        ),
        replace=arguments.replace,
        pseudonymise=arguments.pseudonymise,
        hash_columns=tuple(arguments.hash),
    )


def _note(engagement: Engagement, report: ImportReport) -> None:
    """Write into the record that the table is a new one."""
    from playbook.data.tables import Tables
    from playbook.engagement.record import NewEvent

    payload = {
        "table": report.table,
        "version": Tables(engagement.data_folder).version(report.table),
        "files": [file.name for file in report.files],
        "rows_read": report.rows_read,
        "rows_loaded": report.rows_loaded,
        "rows_set_aside": report.rows_set_aside,
    }
    engagement.record.append_all(
        [NewEvent(stream=f"data/{report.table}", type=EVENT, payload=payload)]
    )


def show(report: ImportReport, console: Console) -> None:
    """Print a report: the answer, the numbers, what was left out, what to look at."""
    console.print(report.headline, style="bold")
    for figure in report.figures:
        note = f"  ({figure.note})" if figure.note else ""
        console.print(f"  {figure.label}: {figure.value}{note}")
    if report.set_aside:
        console.print(_set_aside(report))
    for line in report.warnings:
        console.print(f"! {line}", style="yellow")
    if not report.is_again:
        console.print(_("How the files were read:"), style="dim")
        for line in report.assumptions:
            console.print(f"  {line}", style="dim")


def _set_aside(report: ImportReport) -> Any:  # noqa: ANN401 - a table of rich
    """Every reason with its count and a few examples."""
    from rich import box
    from rich.table import Table

    from playbook.text.numbers import number

    table = Table(box=box.SIMPLE, title=_("Rows set aside"), title_justify="left")
    table.add_column(_("Rows"), justify="right")
    table.add_column(_("Why set aside"))
    table.add_column(_("For example"))
    for found in report.set_aside:
        examples = "\n".join(
            _("{file}, line {line}: “{value}”").format(
                file=e.file, line=number(e.line), value=e.value[:40]
            )
            for e in found.examples
        )
        table.add_row(number(found.n), found.words, examples)
    return table
