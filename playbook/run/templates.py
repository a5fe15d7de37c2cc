"""The command ``template``: empty files that say what a company may bring."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from playbook.text import gettext as _


def add_template(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add ``template`` to the command line."""
    parser = subparsers.add_parser(
        "template",
        help=_("write an empty file for a table, with its headings explained"),
        description=_(
            "Writes an empty CSV or XLSX file per table, in your language: one line that"
            " explains it and the headings. Fill it in and import it as it is."
        ),
    )
    parser.add_argument(
        "tables", nargs="*", help=_("tables, for example contacts; all of them when none is named")
    )
    parser.add_argument(
        "--format", choices=("csv", "xlsx"), default="xlsx", help=_("the kind of file")
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(), help=_("where to; by default the present folder")
    )
    parser.set_defaults(handler=write_templates)


def write_templates(arguments: argparse.Namespace) -> int:
    """Write a file for every table that is named, and say where they are."""
    from rich.console import Console

    from playbook.data import template
    from playbook.data.schema import IMPORTED

    names = arguments.tables or [table.name for table in IMPORTED]
    tables = [template.table_of(name) for name in names]
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for table in tables:
        path = arguments.folder / f"{table.name}.{arguments.format}"
        template.write(table, path)
        console.print(f"{path}: {template.explanation(table)}")
    words = _("Next: fill in and import, such as playbook import NAME {file} --table {table}")
    last = tables[-1].name
    console.print(words.format(file=f"{last}.{arguments.format}", table=last))
    return 0
