"""The commands ``new`` and ``list``."""

from __future__ import annotations

import argparse
from typing import Any

from playbook.text import LANGUAGES
from playbook.text import gettext as _


def add_engagement_commands(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add the commands that make and list engagements."""
    parser = subparsers.add_parser(
        "new",
        help=_("make a new engagement"),
        description=_("Makes a folder with the record of one company's work with the playbook."),
    )
    parser.add_argument("name", help=_("name of the engagement: letters, digits, - and _"))
    parser.add_argument(
        "--currency", default="RUB", help=_("currency of all money, three letters (ISO 4217)")
    )
    parser.add_argument(
        "--source",
        metavar="ADDRESS",
        default="",
        help=_("where the receipts live, if not in files: see playbook source --help"),
    )
    parser.set_defaults(handler=new)

    parser = subparsers.add_parser(
        "list", help=_("list the engagements"), description=_("Lists the engagements.")
    )
    parser.set_defaults(handler=list_all)


def new(arguments: argparse.Namespace) -> int:
    """Make an engagement and say where it is and what comes next."""
    from rich.console import Console

    from playbook.engagement import Engagement

    if arguments.source:
        from playbook.data.source_address import parse

        parse(arguments.source)  # a mistake in it makes no engagement
    lang = arguments.lang if arguments.lang in LANGUAGES else ""
    made = Engagement.create(arguments.name, lang=lang, currency=arguments.currency)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(_("Made {folder}").format(folder=made.folder))
    if arguments.source:
        from playbook.run.source_command import show

        show(made, arguments.source, is_new=True)
        console.print(_("Next: playbook run {name}").format(name=made.name))
    else:
        console.print(_("Next: playbook import {name} FILE").format(name=made.name))
    return 0


def list_all(_arguments: argparse.Namespace) -> int:
    """Print the name of every engagement."""
    from rich.console import Console

    from playbook.engagement import Engagement

    console = Console(highlight=False, markup=False, soft_wrap=True)
    for name in Engagement.list():
        console.print(name)
    return 0
