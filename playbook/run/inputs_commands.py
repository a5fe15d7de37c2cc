"""The command ``inputs``: all inputs out to YAML files, and back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.text import gettext as _
from playbook.text import ngettext

if TYPE_CHECKING:
    from playbook.engagement import Engagement
    from playbook.engagement.documents import Document


def add_inputs(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add ``inputs export`` and ``inputs import`` to the command line."""
    parser = subparsers.add_parser(
        "inputs",
        help=_("write all inputs to YAML files, or bring them back"),
        description=_("Writes what people filled in to YAML files, and brings the files back."),
    )
    actions = parser.add_subparsers(
        dest="action", metavar=_("action"), title=_("actions"), required=True
    )
    out = actions.add_parser(
        "export",
        help=_("write one YAML file per input"),
        description=_(
            "Writes one YAML file per input, explained in your language. What nobody has"
            " filled in becomes a form in which every line is a comment."
        ),
    )
    out.add_argument("name", help=_("the engagement, for example sample"))
    out.add_argument(
        "folder", type=Path, nargs="?", help=_("where to; by default the engagement's own folder")
    )
    out.set_defaults(handler=export_inputs)
    back = actions.add_parser(
        "import",
        help=_("check YAML files and save what changed"),
        description=_("Checks all files first; nothing is saved unless every file is right."),
    )
    back.add_argument("name", help=_("the engagement, for example sample"))
    back.add_argument("paths", type=Path, nargs="+", help=_("files, or folders of files"))
    back.add_argument(
        "--force", action="store_true", help=_("save even what others changed meanwhile")
    )
    back.set_defaults(handler=import_inputs)


def export_inputs(arguments: argparse.Namespace) -> int:
    """Write the files and say where they are."""
    from rich.console import Console

    from playbook.engagement import Engagement
    from playbook.engagement.exchange import export

    engagement = Engagement.open(arguments.name)
    folder = arguments.folder or engagement.folder / "inputs"
    written = export(engagement.record, folder, examples=_examples(engagement))
    words = ngettext("{n} file in {folder}", "{n} files in {folder}", len(written))
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(words.format(n=len(written), folder=folder))
    return 0


def import_inputs(arguments: argparse.Namespace) -> int:
    """Check and save the files, and say what changed."""
    from rich.console import Console

    from playbook.engagement import Engagement
    from playbook.engagement.exchange import load

    engagement = Engagement.open(arguments.name)
    changed = load(engagement.record, arguments.paths, force=arguments.force)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    if not changed:
        console.print(_("Nothing changed: the files say what is saved already."))
        return 0
    console.print(_("Saved: {kinds}").format(kinds=", ".join(changed)))
    console.print(_("Next: playbook run {name}").format(name=engagement.name))
    return 0


def _examples(engagement: Engagement) -> dict[str, Document]:
    """The sample chain's inputs in the reader's language, to show what a form may hold."""
    from playbook.engagement import Engagement
    from playbook.engagement.documents import in_readers_language, of_kind

    if engagement.is_sample:
        return {}
    documents = Engagement.open("sample").documents
    saved = {kind: documents.latest(cls) for kind in documents.kinds() if (cls := of_kind(kind))}
    return {kind: in_readers_language(one.document) for kind, one in saved.items() if one}
