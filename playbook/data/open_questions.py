"""What the cells of files leave open, in sentences that name a cell and both readings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbook.data.columns import COLUMNS
from playbook.data.evidence import Read
from playbook.data.number_evidence import Numbers
from playbook.text import gettext as _


def strange(files: Sequence[Read]) -> list[str]:
    """What no statement can settle: two currencies, a year first, days and months swapped."""
    return [problem for file in files for problem in (*_currencies(file), *_dates(file))]


def _currencies(file: Read) -> Iterator[str]:
    for found in file.numbers.values():
        if len(found.currencies) > 1:
            one, two = list(found.currencies.values())[:2]
            words = _("{file}: {one} and {two} are of two currencies; import each by itself.")
            yield words.format(file=file.file, one=file.at(one), two=file.at(two))


def _dates(file: Read) -> Iterator[str]:
    for found in file.dates.values():
        if found.year_first:
            words = _("{file}: {cell} seems to have the year first; write years with four digits.")
            yield words.format(file=file.file, cell=file.at(found.year_first))
        if found.swapped:
            text, date = found.swapped
            words = _(
                "{file}: a spreadsheet has read some dates with the month first and left the"
                " others as text: {text} is text, {date} is a date. Export the file again, with"
                " dates as text."
            )
            yield words.format(file=file.file, text=file.at(text), date=file.at(date))


def undecided_numbers(files: Sequence[Read]) -> list[str]:
    """A sentence for each column whose decimal sign is not certain."""
    known = {
        sign for file in files for n in file.numbers.values() if (sign := n.decides) is not None
    }
    problems = []
    for file in files:
        here = {sign for n in file.numbers.values() if (sign := n.decides) is not None}
        for name, found in file.numbers.items():
            if found.point and found.comma:
                words = _("{file}: {one} has a decimal point, {other} has a decimal comma.")
                one, other = file.at(found.point), file.at(found.comma)
                problems.append(words.format(file=file.file, one=one, other=other))
            elif _is_open(found) and len(here or known) != 1:
                words = _("{file}: {cell} may have a decimal point or a decimal comma.")
                problems.append(words.format(file=file.file, cell=_open_cell(file, found)))
            elif problem := _three_decimals(file, name, found):
                problems.append(problem)
    return problems


def _is_open(found: Numbers) -> bool:
    return bool(found.either) and not found.point and not found.comma


def _open_cell(file: Read, found: Numbers) -> str:
    return file.at(found.either) if found.either else ""


def _three_decimals(file: Read, name: str, found: Numbers) -> str:
    """Money whose only cells with more than two decimals could be thousands as well."""
    sign = found.decides
    is_money = name not in COLUMNS or COLUMNS[name].kind == "money"
    if not is_money or sign is None or not found.either or sign in found.fine:
        return ""
    if sign not in found.either.cell or found.thousands.keys() - {sign}:
        return ""
    words = _("{file}: {cell} has three decimals or is in thousands; {other} has decimals.")
    witness = found.of(sign)
    return words.format(
        file=file.file, cell=file.at(found.either), other=file.at(witness) if witness else ""
    )


def undecided_dates(files: Sequence[Read]) -> list[str]:
    """A sentence for each file whose order of day and month is not certain."""
    known = {order for f in files for d in f.dates.values() if (order := d.decides) is not None}
    problems = []
    for file in files:
        days = [d.day_first for d in file.dates.values() if d.day_first]
        months = [d.month_first for d in file.dates.values() if d.month_first]
        either = [d.either for d in file.dates.values() if d.either]
        if days and months:
            words = _("{file}: {one} has the day first, {other} has the month first.")
            one, other = file.at(days[0]), file.at(months[0])
            problems.append(words.format(file=file.file, one=one, other=other))
        elif either and not days and not months and len(known) != 1:
            words = _("{file}: {cell} may have the day first or the month first.")
            problems.append(words.format(file=file.file, cell=file.at(either[0])))
    return problems
