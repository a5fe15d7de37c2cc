"""Which column of a file is which of ours: stated, or known by its name, or refused."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from playbook.data.columns import COLUMNS
from playbook.data.names import names_of, plain
from playbook.data.schema import Table
from playbook.data.sheets import Sheet, Source
from playbook.errors import PlaybookError
from playbook.text import gettext as _

COPY = re.compile(r" \(\d+\)$")  # what tells two columns of one heading apart
# A receipt without a number is a receipt all the same.
MAY_BE_ABSENT = {"receipts": frozenset({"receipt_id"})}


@dataclass(frozen=True, kw_only=True)
class Matches:
    """Our columns found in one file.

    Attributes:
        found: Our name to the file's column.
        missing: Ours that the table needs and the file does not have.
        doubtful: Ours that several columns of the file could be.
    """

    found: dict[str, Source]
    missing: tuple[str, ...] = ()
    doubtful: dict[str, tuple[str, ...]] = field(default_factory=dict)


def match(columns: Sequence[Source], table: Table, stated: Mapping[str, str]) -> Matches:
    """Find the columns of a table in a file.

    A stated column wins over our own name, our own name over all the others.

    Args:
        columns: The columns of the file.
        table: The table that is wanted.
        stated: Our name to a heading of the file, as somebody has stated it.
    """
    found: dict[str, Source] = {}
    doubtful: dict[str, tuple[str, ...]] = {}
    for name in table.columns:
        fitting = _fitting(columns, name, stated)
        if len(fitting) > 1:
            doubtful[name] = tuple(source.heading for source in fitting)
        elif fitting:
            found[name] = fitting[0]
    needed = set(table.required) - MAY_BE_ABSENT.get(table.name, frozenset())
    missing = tuple(
        name for name in table.columns if name in needed - found.keys() - doubtful.keys()
    )
    return Matches(found=found, missing=missing, doubtful=doubtful)


def _fitting(columns: Sequence[Source], name: str, stated: Mapping[str, str]) -> list[Source]:
    if name in stated:
        return [source for source in columns if plain(source.heading) == plain(stated[name])][:1]
    taken = {plain(heading) for heading in stated.values()}
    free = [source for source in columns if plain(source.heading) not in taken]
    own = [source for source in free if source.heading.strip().casefold() == name]
    known = names_of(name)
    return own[:1] or [s for s in free if plain(COPY.sub("", s.heading)) in known]


def refuse_unless_found(sheets: Mapping[str, tuple[Sheet, Matches]], table: Table) -> None:
    """One error that names every column that is missing or doubtful in any of the files."""
    problems: list[str] = []
    for file, (sheet, mapping) in sheets.items():
        wrong = [*_missing(sheet, mapping), *_doubtful(mapping)]
        if wrong:
            headings = ", ".join(source.heading for source in sheet.columns) or "—"
            problems += [_("{file} has: {headings}").format(file=file, headings=headings), *wrong]
    if not problems:
        return
    wanted = next(iter(m for _s, m in sheets.values() if m.missing or m.doubtful))
    example = next(iter([*wanted.missing, *wanted.doubtful]))
    raise PlaybookError(
        _("The columns of the table “{table}” were not all found.").format(table=table.name),
        problems=problems,
        advice=_("State them, one by one: --map {column}=HEADING").format(column=example),
    )


def _missing(sheet: Sheet, mapping: Matches) -> list[str]:
    lines = []
    for name in mapping.missing:
        words = _("{column} is missing: {meaning}")
        line = words.format(column=name, meaning=_(COLUMNS[name].meaning))
        near = _near(sheet, name, mapping)
        if near:
            line += " " + _("Is it “{heading}”?").format(heading=near)
        lines.append(line)
    return lines


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
    return free[best[1]] if best[0] >= 0.7 else ""


def _doubtful(mapping: Matches) -> list[str]:
    words = _("{column} could be any of: {headings}")
    return [
        words.format(column=name, headings=", ".join(headings))
        for name, headings in mapping.doubtful.items()
    ]


def stated_columns(pairs: Sequence[str], table: Table) -> dict[str, str]:
    """``amount=Сумма`` as our name and the file's heading.

    Raises:
        PlaybookError: Names every pair that is no pair, or whose column the table does not have.
    """
    stated: dict[str, str] = {}
    problems = []
    for pair in pairs:
        name, sign, heading = pair.partition("=")
        if not sign or not heading.strip():
            problems.append(_("“{pair}” is not of the form COLUMN=HEADING.").format(pair=pair))
        elif name.strip() not in table.columns:
            problems.append(_("“{column}” is no column of the table.").format(column=name.strip()))
        else:
            stated[name.strip()] = heading.strip()
    if problems:
        raise PlaybookError(
            _("The columns cannot be found as stated with --map."),
            problems=problems,
            advice=_("Columns of “{table}”: {columns}").format(
                table=table.name, columns=", ".join(table.columns)
            ),
        )
    return stated


def fits(heading: Sequence[str], table: Table, stated: Mapping[str, str]) -> bool:
    """Whether a heading has every column that a table needs, each only once."""
    sources = [Source(heading=text, name=text) for text in heading]
    found = match(sources, table, stated)
    return not found.missing and not found.doubtful
