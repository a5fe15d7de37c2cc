"""What is said where columns are missing or doubtful: what there is, what is wanted, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from playbook.data import no_people
from playbook.data.headings import Matches, match
from playbook.data.meanings import looks_like_periods, looks_like_stock
from playbook.data.names import names_of, plain
from playbook.data.schema import IMPORTED, Table
from playbook.data.sheets import Sheet
from playbook.errors import PlaybookError
from playbook.text import gettext as _

NEAR = 0.7  # likeness of two names from which one is suggested


def refuse_unless_found(
    sheets: Mapping[str, tuple[Sheet, Matches]], table: Table, stated: Mapping[str, str]
) -> None:
    """One error that names every column that is missing or doubtful in any of the files."""
    problems: list[str] = []
    for file, (sheet, mapping) in sheets.items():
        wrong = [*_missing(sheet, mapping, table, stated), *_doubtful(mapping)]
        if wrong:
            names = no_people.headings([source.heading for source in sheet.columns])
            headings = ", ".join(names) or "—"
            problems += [_("{file} has: {headings}").format(file=file, headings=headings)]
            problems += [*_likeness(sheet), *wrong]
    if not problems:
        return
    wanted = next(iter(m for _s, m in sheets.values() if m.missing or m.doubtful))
    example = next(iter([*wanted.missing, *wanted.doubtful]))
    raise PlaybookError(
        _("The columns of the table “{table}” were not all found.").format(table=table.name),
        problems=problems,
        advice=_advice(sheets, table, example),
    )


def _advice(sheets: Mapping[str, tuple[Sheet, Matches]], table: Table, example: str) -> str:
    """What to do: take another table, export anew, or say which column is which."""
    for other in IMPORTED:
        if other.name != table.name and all(
            _is_rather(sheet, mapping, other) for sheet, mapping in sheets.values()
        ):
            words = _("The columns are those of another table: --table {name}")
            return words.format(name=other.name)
    if example == "customer_id" and not any(_free(sheet, m) for sheet, m in sheets.values()):
        return _(
            "Export it again with the number of the card: without it nobody can be told to have"
            " come back."
        )
    return _("State them, one by one: --map {column}=HEADING").format(column=example)


def _is_rather(sheet: Sheet, mapping: Matches, other: Table) -> bool:
    """Whether the headings are those of another table, and more of them than of the wanted one."""
    there = match(sheet.columns, other, {})
    return not there.missing and len(there.found) > len(mapping.found) + len(mapping.doubtful)


def _free(sheet: Sheet, mapping: Matches) -> list[str]:
    """Headings that nothing is taken from."""
    used = {source.name for source in mapping.found.values()}
    return [source.heading for source in sheet.columns if source.name not in used]


def _likeness(sheet: Sheet) -> Iterator[str]:
    """What the file seems to be instead."""
    headings = [source.heading for source in sheet.columns]
    if looks_like_periods(headings):
        yield _(
            "It looks like a cross table with a column for each period: export one row for each"
            " receipt instead."
        )
    elif looks_like_stock(headings):
        yield _("It looks like a list of stock, not of sales.")


def _missing(
    sheet: Sheet, mapping: Matches, table: Table, stated: Mapping[str, str]
) -> Iterator[str]:
    for name in mapping.missing:
        words = _("{column} is missing: {meaning}")
        line = words.format(column=name, meaning=table.meaning(name))
        if name in stated:
            words = _("There is no column “{heading}”.")
            line += " " + words.format(heading=stated[name])
        elif name in mapping.refused:
            words = _("“{heading}” holds something else.")
            line += " " + words.format(heading="”, “".join(mapping.refused[name]))
        elif name == "amount" and mapping.factors:
            words = _("If it is a product of two columns, state it: --map amount={factors}")
            line += " " + words.format(factors=mapping.factors)
        elif name == "store_id":
            words = _(
                "If all rows are of one store: --map \"store_id='NAME'\"; if each file is of one,"
                " named after it: --map store_id=FILENAME"
            )
            if near := _near(sheet, name, mapping):
                line += " " + _("Is it “{heading}”?").format(heading=near)
            line += " " + words
        elif near := _near(sheet, name, mapping):
            line += " " + _("Is it “{heading}”?").format(heading=near)
        yield line


def _near(sheet: Sheet, name: str, mapping: Matches) -> str:
    """The free heading that looks most like one of the names of a column."""
    used = {source.name for source in mapping.found.values()}
    free = {plain(c.heading): c.heading for c in sheet.columns if c.name not in used}
    scores = [
        (difflib.SequenceMatcher(None, heading, known).ratio(), heading)
        for known in names_of(name)
        for heading in free
    ]
    best = max(scores, default=(0.0, ""))
    return free[best[1]] if best[0] >= NEAR else ""


def _doubtful(mapping: Matches) -> Iterator[str]:
    words = _("{column} could be any of: {headings}")
    for name, headings in mapping.doubtful.items():
        yield words.format(column=name, headings=", ".join(headings))
