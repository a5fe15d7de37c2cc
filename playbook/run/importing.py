"""The command ``import``: files of a company into an engagement, with a report."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    from playbook.data.report import ImportReport
    from playbook.data.request import Options
    from playbook.data.storage import Stored
    from playbook.engagement import Engagement

EVENT = "data.imported"
REPORTS = "reports"
STOPPED = 130
NO_PAGE = 3  # the table is in, its page is not


def add_import(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add ``import`` to the command line."""
    parser = subparsers.add_parser(
        "import",
        help=_("bring a company's tables in: CSV, XLSX, Parquet, ZIP, GZ"),
        description=_(
            "Reads the files of one table, judges every row, and says what was loaded and what"
            " was not. How the files are written and which column is which is found out; every"
            " finding can be overruled."
        ),
    )
    parser.add_argument("name", help=_("the engagement, for example sample"))
    parser.add_argument("files", type=Path, nargs="+", help=_("files or folders of one table"))
    _add_table(parser)
    _add_overruling(parser.add_argument_group(_("overrule what was found out")))
    _add_output(parser)
    parser.set_defaults(handler=import_files)


def _add_table(parser: argparse.ArgumentParser) -> None:
    from playbook.data.schema import TABLES

    names = ", ".join(name for name, table in TABLES.items() if table.origin != "reduction")
    parser.add_argument(
        "--table",
        default="receipts",
        help=_("the table that the files make up: {names}").format(names=names),
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


def _add_overruling(group: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    group.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=HEADING",
        help=_("which column is which, for example amount=Total; may be given several times"),
    )
    group.add_argument("--encoding", help=_("the encoding of text files, for example cp1251"))
    group.add_argument(
        "--delimiter", help=_("the sign between the columns of a CSV file: , ; | or tab")
    )
    group.add_argument(
        "--decimal", choices=("comma", "point"), help=_("the decimal sign of numbers")
    )
    group.add_argument(
        "--date-order", choices=("dmy", "mdy"), help=_("whether the day or the month comes first")
    )
    group.add_argument(
        "--header-row", type=int, metavar="LINE", help=_("line of the heading, counted from 1")
    )
    group.add_argument("--sheet", help=_("name of the sheet of a workbook, or its number"))


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report", type=Path, metavar="FILE.html", help=_("write the report as a page here too")
    )
    parser.add_argument("--json", action="store_true", help=_("print the report as JSON"))


def import_files(arguments: argparse.Namespace) -> int:
    """Import the files, note it in the record, print the report and keep it as a page.

    With ``--json`` standard output holds JSON also when the import stops.
    """
    from playbook.data import report_json

    try:
        engagement, report = _imported(arguments)
    except PlaybookError as error:
        if arguments.json:
            _print_json(report_json.of_error(error))
        raise
    except KeyboardInterrupt:
        words = _("Stopped; nothing was changed.")
        if arguments.json:
            _print_json(report_json.of_error(PlaybookError(words)))
        sys.stderr.write(words + "\n")
        return STOPPED
    try:
        _print(report, is_json=arguments.json)
        return _pages(engagement, report, arguments)
    except KeyboardInterrupt:
        sys.stderr.write(_("Stopped; the table is in, its page was not written.") + "\n")
        return STOPPED


def _print_json(raw: dict[str, Any]) -> None:
    json.dump(raw, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _print(report: ImportReport, *, is_json: bool) -> None:
    from rich.console import Console

    from playbook.run.import_screen import show

    if is_json:
        _print_json(report.as_json())
    else:
        show(report, Console(highlight=False, markup=False, soft_wrap=True))


def _pages(engagement: Engagement, report: ImportReport, arguments: argparse.Namespace) -> int:
    """Write the page where it is kept and where somebody asks; the table is in already."""
    from rich.console import Console

    from playbook.engagement.disk import explanation

    screen = Console(stderr=arguments.json, highlight=False, markup=False, soft_wrap=True)
    kept = engagement.folder / REPORTS / f"import-{report.table}.html"
    page = _page(engagement, report)
    is_well = True
    for place in (kept, arguments.report):
        if place is None:
            continue
        try:
            _write(place, page)
            screen.print(_("The report as a page: {path}").format(path=place))
        except OSError as error:
            is_well = False
            words = _("The table is in; the page {path} was not written: {reason}")
            told = explanation(error, place.parent)
            reason = told.summary if told else str(error.strerror)
            sys.stderr.write(words.format(path=place, reason=reason) + "\n")
    return 0 if is_well else NO_PAGE


def _page(engagement: Engagement, report: ImportReport) -> str:
    from playbook.data import coverage, engine, report_page, storage

    stored = storage.find(engagement.data_folder, report.table)
    with engine.duck(engagement.data_folder) as connection:
        rows = coverage.of_table(connection, stored.files, report.table) if stored else None
    report = replace(report, is_again=False)  # the page keeps what the import said
    return report_page.page(report, company=engagement.title(), coverage=rows)


def _write(place: Path, page: str) -> None:
    from playbook.data import storage

    with storage.replacing(place) as draft:
        draft.write_text(page, encoding="utf-8")
        draft.chmod(0o644)


def _imported(arguments: argparse.Namespace) -> tuple[Engagement, ImportReport]:
    """Import, and note it in the record.

    Raises:
        KeyboardInterrupt: Somebody has stopped it before anything was changed.
    """
    from rich.console import Console

    from playbook.data import importing, storage
    from playbook.engagement import Engagement
    from playbook.engagement.disk import exclusive, explained
    from playbook.run.import_screen import telling
    from playbook.run.pseudonym_secret import secret_for
    from playbook.text.numbers import use_currency

    engagement = Engagement.open(arguments.name)
    options = replace(_options(arguments), currency=engagement.currency)
    use_currency(engagement.currency)
    _refuse_beside_source(engagement, options.table)
    _refuse_place(arguments.report)
    lock = exclusive(engagement.folder / "import.lock", waits=_say_waiting)
    with explained(engagement.folder), lock:
        before = storage.find(engagement.data_folder, options.table)
        try:
            with telling(Console(stderr=True, highlight=False, markup=False)) as told:
                report = importing.import_files(
                    engagement.data_folder,
                    arguments.files,
                    options,
                    today=datetime.now().astimezone().date(),
                    told=told,
                    secret=secret_for(engagement, options),
                )
        except KeyboardInterrupt:
            report = _done_all_the_same(engagement, options.table, before)
        if not report.is_again:
            with _undisturbed():
                _note(engagement, report)
    return engagement, report


def _say_waiting() -> None:
    words = _("Another import of this engagement is running; this one waits for its end.")
    sys.stderr.write(words + "\n")


def _refuse_beside_source(engagement: Engagement, table: str) -> None:
    """See that receipts which nobody would count are not brought in.

    Raises:
        PlaybookError: The engagement counts by a source elsewhere.
    """
    if table != "receipts" or not engagement.warehouse:
        return
    raise PlaybookError(
        _(
            "This engagement counts the receipts of {source}; imported ones would rest unseen."
        ).format(source=engagement.warehouse),
        advice=_(
            "Nothing was changed. To count by files: playbook source {name} --forget, then import"
            " again. Other tables can be imported as it is: --table stores."
        ).format(name=engagement.name),
    )


def _refuse_place(place: Path | None) -> None:
    """See that a page can be written where somebody wants it, before anything is done.

    Raises:
        PlaybookError: The place is a folder, or cannot be written.
    """
    if place is None:
        return
    there = next(each for each in place.absolute().parents if each.exists())
    reason = _("it is a folder") if place.is_dir() else ""
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError:
        reason = _("nothing can be written there")
    if reason:
        words = _("The page cannot be written to {path}: {reason}. Nothing was changed.")
        raise PlaybookError(
            words.format(path=place, reason=reason),
            advice=_("Name another file with --report, for example report.html"),
        )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The table is in: what tells of it is not stopped from the keyboard any more."""
    if threading.current_thread() is not threading.main_thread():  # only it may set signals
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)


def _done_all_the_same(engagement: Engagement, table: str, before: Stored | None) -> ImportReport:
    """The report of an import that was finished when somebody stopped it.

    Raises:
        KeyboardInterrupt: It was not; the table is the one before.
    """
    from playbook.data import storage
    from playbook.data.report import ImportReport

    now = storage.find(engagement.data_folder, table)
    if now is None or now == before:
        raise KeyboardInterrupt
    return ImportReport.from_json(now.facts["report"])


def _options(arguments: argparse.Namespace) -> Options:
    from playbook.data.request import Options
    from playbook.data.stated import Stated

    return Options(
        table=arguments.table,
        columns=tuple(arguments.map),
        stated=Stated(
            encoding=arguments.encoding,
            delimiter=arguments.delimiter,
            header_row=arguments.header_row,
            sheet=arguments.sheet,
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
