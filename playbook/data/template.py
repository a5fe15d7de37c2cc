"""An empty file for a table: its headings and a line that explains them."""

from __future__ import annotations

from pathlib import Path

from playbook.data.column import Column
from playbook.data.schema import IMPORTED, Table
from playbook.data.template_headings import RUSSIAN
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import language

ENDINGS = (".csv", ".xlsx")


def table_of(name: str) -> Table:
    """The table that a template is wanted for.

    Raises:
        PlaybookError: No such table is brought by companies; names those that are.
    """
    known = {table.name: table for table in IMPORTED}
    if name in known:
        return known[name]
    raise PlaybookError(
        _("There is no template for “{table}”.").format(table=name),
        advice=_("Tables that can be brought: {names}").format(names=", ".join(known)),
    )


def headings(table: Table) -> list[str]:
    """The headings of a table in the reader's language, as an import knows them."""
    if language() != "ru":
        return list(table.columns)
    return [RUSSIAN.get(f"{table.name}.{name}", RUSSIAN.get(name, name)) for name in table.columns]


def explanation(table: Table) -> str:
    """What one row is, and what it must have, in one line."""
    named = dict(zip(table.columns, headings(table), strict=True))
    may = [named[name] for name in table.columns if not table.must_have(name)]
    words = [_(table.grain)]
    if may:
        words.append(_("May stay empty: {columns}.").format(columns=", ".join(may)))
    return " ".join(words)


def cell_note(table: Table, column: Column) -> str:
    """What a column holds, for the note at its heading."""
    kind = f"{column.kind_name} ({column.range_text})" if column.range_text else column.kind_name
    unit = ", " + _(column.unit) if column.unit else ""
    needed = _("needed") if table.must_have(column.name) else _("may stay empty")
    words = _("{meaning} {kind}{unit}; {needed}. For example: {example}")
    return words.format(
        meaning=table.meaning(column.name),
        kind=kind,
        unit=unit,
        needed=needed,
        example=example(column),
    )


def example(column: Column) -> str:
    """One value of a column as the reader would write it in a spreadsheet."""
    if language() != "ru":
        return column.example
    match column.kind:
        case "date" | "moment":
            day, _space, clock = column.example.partition(" ")
            return f"{'.'.join(reversed(day.split('-')))} {clock}".strip()
        case "money" | "number" | "share":
            return column.example.replace(".", ",")
        case _:
            return _(column.example)


def write(table: Table, path: Path) -> None:
    """Write an empty file with one line of explanation above the headings.

    Args:
        table: The table.
        path: A file that ends in ``.csv`` or ``.xlsx``; one that is there is left alone.

    Raises:
        PlaybookError: The ending is another one, or the file is there.
    """
    if path.suffix not in ENDINGS:
        raise PlaybookError(
            _("A template is a CSV or an XLSX file, not “{name}”.").format(name=path.name)
        )
    if path.exists():
        raise PlaybookError(
            _("{path} is there already.").format(path=path),
            advice=_("Name another folder, or move the file away."),
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        _write_text(table, path)
    else:
        _write_workbook(table, path)


def _write_text(table: Table, path: Path) -> None:
    """Semicolons and a mark of UTF-8, which a spreadsheet in either language opens well."""
    cell = explanation(table).replace('"', '""')
    lines = (f'"{cell}"', ";".join(headings(table)))
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig", newline="")


def _write_workbook(table: Table, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = table.name
    sheet.cell(1, 1, explanation(table)).alignment = Alignment(wrap_text=False)
    for place, (column, heading) in enumerate(zip(table, headings(table), strict=True), start=1):
        cell = sheet.cell(2, place, heading)
        cell.font = Font(bold=True)
        cell.comment = Comment(cell_note(table, column), "playbook", height=120, width=260)
        width = max(len(heading) + 2, 14)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A3"
    book.save(path)
