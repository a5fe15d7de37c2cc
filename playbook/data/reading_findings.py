"""How numbers and dates of a file were read, as findings that somebody can overrule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from playbook.data.columns import COLUMNS
from playbook.data.date_evidence import Dates
from playbook.data.evidence import Read
from playbook.data.findings import Certainty, Finding, Subject
from playbook.data.number_evidence import Numbers, Witness, thousands_of
from playbook.text import ngettext
from playbook.text.numbers import number

if TYPE_CHECKING:
    from playbook.data.values import Conventions, Decimals

SIGNS: dict[Decimals, str] = {",": "comma", ".": "point"}


def about_numbers(file: Read, chosen: Conventions, *, is_stated: bool) -> Iterator[Finding]:
    """The decimal sign and the sign between thousands, once where columns agree."""
    spoken = {n: found for n, found in file.numbers.items() if _speaks(found)}
    for sign in dict.fromkeys(chosen.own[name] for name in spoken):
        some = {name: found for name, found in spoken.items() if chosen.own[name] == sign}
        witness = _only_witness(some, sign)
        yield Finding(
            file=file.file,
            subject="decimal",
            value=SIGNS[sign],
            certainty=_certainty(is_stated, any(found.of(sign) for found in some.values())),
            evidence=_evidence(file, some, sign),
            cell=witness.cell if witness else "",
            line=file.sheet.line(witness.row) if witness else 0,
        )
        for found in some.values():
            if thousands := thousands_of(found, sign):
                word, witness = thousands
                yield _finding(file, "thousands", word, witness)
                break
    money = (found.currencies for name, found in file.numbers.items() if is_money(name))
    for code, witness in {code: w for some in money for code, w in some.items()}.items():
        yield _finding(file, "currency", code, witness)


def _speaks(found: Numbers) -> bool:
    return bool(found.point or found.comma or found.either)


def _certainty(is_stated: bool, is_certain: bool) -> Certainty:  # noqa: FBT001 - read in one place
    return "stated" if is_stated else "certain" if is_certain else "likely"


def _only_witness(some: Mapping[str, Numbers], sign: Decimals) -> Witness | None:
    """The cell that speaks for a sign, where there is nothing else to be said."""
    if any(sign in found.fine and is_money(name) for name, found in some.items()):
        return None
    return next((w for found in some.values() if (w := found.of(sign))), None)


def _evidence(file: Read, some: Mapping[str, Numbers], sign: Decimals) -> str:
    parts = [file.at(w) for found in some.values() if (w := found.of(sign))][:1]
    for name, found in some.items():
        if sign in found.fine and is_money(name):
            cell, n = found.fine[sign]
            words = ngettext(
                "{n} cell with more than two decimals: {cell}; sums are rounded to two",
                "{n} cells with more than two decimals, such as {cell}; sums are rounded to two",
                n,
            )
            parts.append(words.format(n=number(n), cell=file.at(cell)))
    return "; ".join(dict.fromkeys(parts))  # a column that counts twice is told once


def is_money(name: str) -> bool:
    """Whether a column holds sums; what is none of ours is a price beside a quantity."""
    return name != "quantity" and (name not in COLUMNS or COLUMNS[name].kind == "money")


def about_dates(file: Read, chosen: Conventions, *, is_stated: bool) -> Iterator[Finding]:
    """The order of day and month, and numbers that were read as dates."""
    found = list(file.dates.values())
    first = [w for d in found if (w := d.day_first if chosen.order == "dmy" else d.month_first)]
    either = [w for d in found if (w := d.either or d.dotted)]
    if first or either:
        yield Finding(
            file=file.file,
            subject="date_order",
            value=chosen.order,
            certainty=_certainty(is_stated, bool(first)),
            evidence=file.at(witness := (first or either)[0]),
            cell=witness.cell,
            line=file.sheet.line(witness.row),
        )
    for name, dates in file.dates.items():
        yield from _as_numbers(file, name, dates, chosen)


def _as_numbers(file: Read, name: str, dates: Dates, chosen: Conventions) -> Iterator[Finding]:
    traits = chosen.traits[name]
    if dates.serial and not file.is_1904:
        base = "1904" if "serials_1904" in traits else "1900"
        yield _finding(file, "serial_dates", base, dates.serial, certainty="likely")
    if dates.epoch:
        word = "epoch_seconds" if "seconds" in traits else "epoch_milliseconds"
        yield _finding(file, "date_and_time", word, dates.epoch)
    if dates.zone:
        yield _finding(file, "date_and_time", "utc", dates.zone)


def _finding(
    file: Read, subject: Subject, value: str, witness: Witness, certainty: Certainty = "certain"
) -> Finding:
    return Finding(
        file=file.file,
        subject=subject,
        value=value,
        certainty=certainty,
        evidence=file.at(witness),
        cell=witness.cell,
        line=file.sheet.line(witness.row),
    )
