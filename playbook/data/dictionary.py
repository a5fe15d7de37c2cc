"""The data dictionary as a page: ``python -m playbook.data.dictionary [--check]``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from playbook.data.columns import Column
from playbook.data.schema import TABLES, Table
from playbook.text import gettext as _
from playbook.text import in_language

PATH = Path(__file__).parents[2] / "docs" / "data_dictionary.md"


def page() -> str:
    """The whole dictionary as Markdown, in English."""
    with in_language("en"):
        intro = _(
            "Every table of an engagement by its grain and key, every column with its unit and "
            "meaning. Written by `make dictionary` from `playbook/data/schema.py`; do not edit."
        )
        title = _("Data dictionary")
        parts = [f"# {title}", intro, *map(_section, TABLES.values())]
        return "\n\n".join(parts) + "\n"


def _section(table: Table) -> str:
    origins = {
        "imported": _("imported"),
        "reduction": _("worked out from the receipts"),
        "sample": _("made with the sample chain"),
    }
    key = ", ".join(f"`{name}`" for name in table.key) or "—"
    facts = _("{grain} Key: {key}. Origin: {origin}.").format(
        grain=_(table.grain), key=key, origin=origins[table.origin]
    )
    head = (
        _("column"),
        _("kind"),
        _("unit"),
        _("meaning"),
        _("for example"),
        _("missing values"),
    )
    rows = [head, ("---",) * len(head), *(_row(column, table) for column in table)]
    lines = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    told = "\n\n".join((facts, *_notes(table)))
    return f"## {table.name}\n\n{told}\n\n{lines}"


def _notes(table: Table) -> Iterator[str]:
    """What the table is good for, and what it may come without."""
    if table.origin == "imported" and table.used_by:
        words = _("Read by steps {steps}. Without it: {without}")
        yield words.format(steps=", ".join(table.used_by), without=_(table.without))
    elif table.without:
        yield _("Without it: {without}").format(without=_(table.without))
    if table.any_of:
        columns = ", ".join(f"`{name}`" for name in table.any_of)
        yield _("A file needs at least one of {columns}.").format(columns=columns)
    if table.id_from is not None:
        made = ", ".join(f"`{name}`" for name in table.id_from)
        yield (
            _("A file without {id} is given one, made of {columns}.").format(
                id=f"`{table.key[0]}`", columns=made
            )
            if made
            else _("A file without {id} has its rows numbered.").format(id=f"`{table.key[0]}`")
        )


def _row(column: Column, table: Table) -> tuple[str, ...]:
    kind = f"{column.kind_name}, {column.range_text}" if _says_more(column) else column.kind_name
    missing = _("column may be missing") if column.name in table.optional else ""
    if not missing and column.name in table.nullable:
        missing = _("allowed")
    unit, meaning = _(column.unit), table.meaning(column.name)
    return (f"`{column.name}`", kind, unit, meaning, f"`{column.example}`", missing)


def _says_more(column: Column) -> bool:
    return bool(column.range_text) and column.kind not in {"count", "share"}


def main(arguments: list[str]) -> int:
    """Write the page; with ``--check`` only say whether it is what the code says."""
    if "--check" not in arguments:
        PATH.write_text(page(), encoding="utf-8")
        return 0
    if PATH.exists() and PATH.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write("docs/data_dictionary.md is not what the code says: run `make dictionary`\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
