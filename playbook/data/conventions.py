"""What one cell cannot tell: decimal comma or point, day or month first, what a number means.

Decided over every cell of a column, with the other columns and files of the same import as
further witnesses; refused where nobody can tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from playbook.data.date_evidence import FIRST_SERIAL, Dates, Trait, formats
from playbook.data.evidence import Read
from playbook.data.findings import Finding
from playbook.data.open_questions import strange, undecided_dates, undecided_numbers
from playbook.data.reading_findings import about_dates, about_numbers
from playbook.data.values import Conventions, Decimals, Order
from playbook.errors import PlaybookError
from playbook.text import gettext as _


def decide(
    files: Sequence[Read], *, decimals: Decimals | None, order: Order | None, today: dt.date
) -> tuple[dict[str, Conventions], list[Finding]]:
    """The conventions of each file, and what was found out.

    Args:
        files: What their cells say.
        decimals: What somebody has stated.
        order: What somebody has stated.
        today: The last day that a row may have.

    Raises:
        PlaybookError: Names every file and both readings where they cannot be told apart.
    """
    odd = strange(files)
    numbers = [] if decimals else undecided_numbers(files)
    dates = [] if order else undecided_dates(files)
    problems = [*odd, *numbers, *dates]
    if problems:
        raise PlaybookError(
            _("Numbers or dates can be read in two ways, and nothing in the files decides."),
            problems=problems,
            advice=_advice(has_numbers=bool(numbers), has_dates=bool(dates)),
        )
    chosen = {file.file: _conventions(file, files, decimals, order, today) for file in files}
    findings = [
        finding
        for file in files
        for finding in (
            *about_numbers(file, chosen[file.file], is_stated=decimals is not None),
            *about_dates(file, chosen[file.file], is_stated=order is not None),
        )
    ]
    return chosen, findings


def _advice(*, has_numbers: bool, has_dates: bool) -> str:
    """The options that settle what is open."""
    options = []
    if has_numbers:
        options.append(_("--decimal comma or point"))
    if has_dates:
        options.append(_("--date-order dmy or mdy"))
    return _("State it: {options}").format(options=", ".join(options)) if options else ""


def _conventions(
    file: Read,
    files: Sequence[Read],
    decimals: Decimals | None,
    order: Order | None,
    today: dt.date,
) -> Conventions:
    signs = {name: decimals or _sign(file, name, files) for name in file.numbers}
    own_order = order or _order(file, files)
    traits: dict[str, frozenset[Trait]] = {}
    for name, found in file.dates.items():
        some = set(found.traits)
        if "serials" in some and (file.is_1904 or _is_1904(found, today)):
            some.add("serials_1904")
        traits[name] = frozenset(some)
    return Conventions(
        decimals=_main(signs.values()),
        order=own_order,
        own=signs,
        plain=frozenset(n for n, found in file.numbers.items() if found.is_plain_with(signs[n])),
        traits=traits,
        groups={name: found.group_with(signs[name]) for name, found in file.numbers.items()},
        formats={name: formats(found, own_order) for name, found in file.dates.items()},
    )


def _main(signs: Iterable[Decimals]) -> Decimals:
    every = list(signs)
    return "," if every.count(",") * 2 > len(every) else "."


def _sign(file: Read, name: str, files: Sequence[Read]) -> Decimals:
    """The decimal sign of a column: by its own cells, the file's, then all files'."""
    here = file.numbers
    for some in ([here[name]], here.values(), [n for f in files for n in f.numbers.values()]):
        found = {sign for numbers in some if (sign := numbers.decides) is not None}
        if len(found) == 1:
            return found.pop()
    return "."


def _order(file: Read, files: Sequence[Read]) -> Order:
    """Day or month first: by the file's own cells, then by all files'."""
    for some in (file.dates.values(), [d for f in files for d in f.dates.values()]):
        found = {order for dates in some if (order := dates.decides) is not None}
        if len(found) == 1:
            return found.pop()
    return "dmy"


def _is_1904(found: Dates, today: dt.date) -> bool:
    """Whether days are counted from 1904: where the base of 1900 would put all before 1990."""
    with_1904 = dt.date(1904, 1, 1) + dt.timedelta(days=int(found.last_serial))
    return found.last_serial < FIRST_SERIAL and with_1904 <= today
