"""What a column of dates says about how it is written: day or month first, serials, seconds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from playbook.data.number_evidence import Witness
from playbook.data.profiles import Group
from playbook.data.row_kinds import may_be_label
from playbook.data.written_dates import CLOCK, SERIAL, Order, day_of_serial, without_weekday

Trait = Literal["words", "serials", "serials_1904", "seconds", "milliseconds", "periods"]

_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})(?:\D|$)")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:\D|$)|\d{8}(?:\D.*|\d{4}(?:\d{2})?)?$|\d{4}[./]\d")
_PERIOD = re.compile(r"\d{4}[-./]\d{1,2}|\d{1,2}[-./]\d{4}|20\d{4}")
_FAST = (
    (re.compile(r"(\d{2})\.(\d{2})\.(\d{4})"), {"dmy": "%d.%m.%Y", "mdy": "%m.%d.%Y"}),
    (re.compile(r"(\d{2})/(\d{2})/(\d{4})"), {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}),
    (re.compile(r"(\d{2})-(\d{2})-(\d{4})"), {"dmy": "%d-%m-%Y", "mdy": "%m-%d-%Y"}),
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), {"dmy": "%Y-%m-%d", "mdy": "%Y-%m-%d"}),
    (re.compile(r"(\d{4})(\d{2})(\d{2})"), {"dmy": "%Y%m%d", "mdy": "%Y%m%d"}),
)
_CLOCKS = (
    (re.compile(r""), ""),
    (re.compile(r" \d{1,2}:\d{2}"), " %H:%M"),
    (re.compile(r" \d{1,2}:\d{2}:\d{2}"), " %H:%M:%S"),
    (re.compile(r"T\d{2}:\d{2}:\d{2}"), "T%H:%M:%S"),
)
_NO_DAY = r"(?:30\.12\.1899|1899-12-30|31\.12\.1899|1899-12-31|1900-01-0[01]|0?[01]\.01\.1900) "
MOST_FORMATS = 4
FIRST_SERIAL, LAST_SERIAL = 32_874, 65_380  # 1990 and 2078 with the base of 1900
FIRST_SECOND, LAST_SECOND = 631_152_000, 3_408_220_800
ENOUGH = 5  # different days on either side before a swap of day and month is believed
LAST_SHORT_DAY = 12


@dataclass(kw_only=True)
class Dates:
    """What the cells of one column say.

    Attributes:
        day_first: A cell whose first number can be no month.
        month_first: A cell whose second number can be no month.
        either: A cell that can be read both ways.
        dotted: A cell that could be read both ways, but has dots.
        year_first: A cell with a year of two digits that seems to stand first.
        swapped: A text and a date of a workbook that show that it took the month for the day.
        zone: A cell that says it is in UTC.
        serial: A cell with the number of a day.
        epoch: A cell with seconds.
        traits: What the cells have to be parsed for.
        has_hint: Whether there may be the word of a total among them.
        examples: One cell of each kind, as long as all are of a few fast formats, else nothing.
    """

    day_first: Witness | None = None
    month_first: Witness | None = None
    either: Witness | None = None
    dotted: Witness | None = None
    year_first: Witness | None = None
    swapped: tuple[Witness, Witness] | None = None
    zone: Witness | None = None
    serial: Witness | None = None
    last_serial: float = 0.0
    epoch: Witness | None = None
    traits: set[Trait] = field(default_factory=set)
    has_hint: bool = False
    examples: list[str] | None = field(default_factory=list)

    @property
    def decides(self) -> Order | None:
        """The order that its cells agree on, if they do."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return "dmy" if self.day_first else "mdy"


def dates(groups: Iterable[Group]) -> Dates:
    """What the cells of a column say."""
    found = Dates()
    short: list[tuple[int, int, int, Witness]] = []
    text_days: set[str] = set()
    machine_days: set[dt.date] = set()
    last_text: Witness | None = None
    last_machine: Witness | None = None
    for group in groups:
        for cell in group.examples:
            witness = Witness(cell=cell, row=group.row)
            if day := _day_of_machine(cell, is_machine=group.is_machine):
                machine_days.add(day)
                last_machine = witness
            found.has_hint = found.has_hint or may_be_label(cell)
            _add(found, witness, is_machine=group.is_machine)
            if not group.is_machine and (match := _NUMERIC.match(without_weekday(cell))):
                text_days.add(match[0])
                last_text = witness
                if len(match[4]) == 2:
                    short.append((int(match[1]), int(match[3]), int(match[4]), witness))
    found.year_first = _year_first(short)
    firsts = {int(re.split(r"[./-]", text)[0]) for text in text_days}
    if (
        last_text and last_machine
        and len(text_days) >= ENOUGH and len(machine_days) >= ENOUGH
        and min(firsts) > LAST_SHORT_DAY
        and max(day.day for day in machine_days) <= LAST_SHORT_DAY
    ):  # fmt: skip
        found.swapped = (last_text, last_machine)
    return found


def _day_of_machine(cell: str, *, is_machine: bool) -> dt.date | None:
    """The day of a date that a spreadsheet has made of a cell."""
    if re.fullmatch(SERIAL, cell):
        return day_of_serial(cell)
    if is_machine and re.match(r"\d{4}-\d{2}-\d{2}", cell):
        return dt.date.fromisoformat(cell[:10])
    return None


def _add(found: Dates, witness: Witness, *, is_machine: bool) -> None:
    cell = witness.cell
    if number := _number(cell):
        _add_number(found, number, witness)
        return
    if not re.search(r"\d", cell):
        return  # the word of a total says nothing of how dates are written
    bare = without_weekday(cell)
    if _PERIOD.fullmatch(bare):
        found.traits.add("periods")
    if re.search(r"\d ?(?:Z|UTC|GMT)$|[+]00:?00$", cell):
        found.zone = found.zone or witness
    if _has_words(cell):
        found.traits.add("words")
    if not is_machine:
        _add_order(found, bare, witness)
        if found.examples is not None:
            found.examples.append(cell)


def _number(cell: str) -> float:
    return float(cell.replace(",", ".")) if re.fullmatch(r"\d{5,13}(?:[.,]\d+)?", cell) else 0.0


def _add_number(found: Dates, number: float, witness: Witness) -> None:
    found.examples = None
    if FIRST_SERIAL - 1462 <= number <= LAST_SERIAL:
        found.traits.add("serials")
        found.serial = found.serial or witness
        found.last_serial = max(found.last_serial, number)
    elif FIRST_SECOND <= number <= LAST_SECOND:
        found.traits.add("seconds")
        found.epoch = found.epoch or witness
    elif FIRST_SECOND * 1000 <= number <= LAST_SECOND * 1000:
        found.traits.add("milliseconds")
        found.epoch = found.epoch or witness


def _has_words(cell: str) -> bool:
    """Whether there are letters that are no zone, no sign of the afternoon and no T."""
    plain = re.sub(r"(?i)\b(?:utc|gmt|msk|мск|am|pm)\b|\d[TtZz](?=\d|$)", " ", cell)
    return bool(_LETTERS.search(plain))


def _add_order(found: Dates, bare: str, witness: Witness) -> None:
    match = _NUMERIC.match(bare)
    if not match:
        return
    one, two = int(match[1]), int(match[3])
    if one > LAST_SHORT_DAY >= two:
        found.day_first = found.day_first or witness
    elif two > LAST_SHORT_DAY >= one:
        found.month_first = found.month_first or witness
    elif one != two and max(one, two) <= LAST_SHORT_DAY:
        # a dotted date has the day first, unless its year is so short that it may be the day
        if match[2] != "." or len(match[4]) == 2:
            found.either = found.either or witness
        else:
            found.dotted = found.dotted or witness


def _year_first(short: list[tuple[int, int, int, Witness]]) -> Witness | None:
    """A cell like 25-01-31, if the last numbers run through a month and the first ones hardly."""
    firsts, lasts = {row[0] for row in short}, {row[2] for row in short}
    if len(lasts) > LAST_SHORT_DAY and max(lasts) <= 31 and max(firsts) - min(firsts) <= 3:
        return short[0][3]
    return None


def is_date(cell: str) -> bool:
    """Whether a cell looks like a date in any of the ways that are read, a time of day is none."""
    if number := _number(cell):
        ranges = (
            (FIRST_SERIAL - 1462, LAST_SERIAL),
            (FIRST_SECOND, LAST_SECOND),
            (FIRST_SECOND * 1000, LAST_SECOND * 1000),
        )
        in_range = any(low <= number <= high for low, high in ranges)
        return in_range or bool(re.match(r"(?:19|20)\d{2}[01]\d[0-3]\d", cell))
    bare = without_weekday(cell)
    if re.fullmatch(CLOCK, bare) and not _NUMERIC.match(bare):
        return False
    is_named = _has_words(cell) and bool(re.search(r"\d{4}|\d{1,2}\D+\d{2}|^\D+\d{2}$", cell))
    return bool(_NUMERIC.match(bare) or _ISO.match(bare) or _PERIOD.fullmatch(bare)) or (
        is_named and has_month(cell)
    )


def has_month(cell: str) -> bool:
    """Whether a month is called by its name."""
    from playbook.data.written_dates import MONTH_NAME

    return bool(re.search(MONTH_NAME, cell.casefold()))


def is_moment(cell: str) -> bool:
    """Whether a date comes with a time of day."""
    return is_date(cell) and bool(re.search(r"[T\s,]\d{1,2}[:.]\d{2}", cell) or "," in cell)


def is_time(cell: str) -> bool:
    """Whether a cell is a time of day and no date."""
    return bool(
        re.fullmatch(rf"{CLOCK}|0?[.,]\d{{3,}}|0?,\d+|0|[0-2]\d[0-5]\d[0-5]\d|{_NO_DAY}.*", cell)
    )


def formats(found: Dates, order: Order) -> tuple[str, ...]:
    """Formats that read most cells at once; none where a cell has another form."""
    wanted: dict[str, None] = {}
    for cell in found.examples or ():
        known = _format(cell, order)
        if known is None:
            return ()
        wanted[known] = None
    return tuple(wanted) if len(wanted) <= MOST_FORMATS else ()


def _format(cell: str, order: Order) -> str | None:
    for date, names in _FAST:
        match = date.match(cell)
        if match:
            rest = cell[match.end() :]
            for clock, name in _CLOCKS:
                if clock.fullmatch(rest):
                    return names[order] + name
    return None
