"""Findings about files in words: what was found, how sure it is, how to overrule it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from playbook.data import privacy
from playbook.data.evidence import placed
from playbook.data.findings import OPTIONS, Certainty, Finding
from playbook.data.masks import mask_inside
from playbook.data.set_aside import REASONS
from playbook.text import gettext as _

NOT_SHOWN_TWICE = {"column"}  # columns have a table of their own


@dataclass(frozen=True, kw_only=True)
class Told:
    """A finding as a person reads it.

    Attributes:
        what: What was found.
        sure: How sure it is.
        why: The cell or line that decided, empty where there is none.
        overrule: What to add to the command to overrule it, empty where nothing can.
    """

    what: str
    sure: str
    why: str
    overrule: str


def told(finding: Finding) -> Told:
    """A finding in the reader's language."""
    option = OPTIONS.get(finding.subject, "")
    return Told(
        what=_what(finding),
        sure=certainty(finding.certainty),
        why="" if finding.subject == "personal" else mask_inside(why(finding)),
        overrule=f"{option} {_example(finding)}".strip() if option else "",
    )


def why(finding: Finding) -> str:
    """What decided, in the reader's language where it is a cell."""
    return placed(finding.cell, finding.line) if finding.line else finding.evidence


def certainty(value: Certainty) -> str:
    """How sure a finding is, in words."""
    words = {"stated": _("stated by you"), "certain": _("certain"), "likely": _("likely")}
    return words[value]


def _what(finding: Finding) -> str:
    value = finding.value
    match finding.subject:
        case "archive":
            return _("packed as {kind}").format(kind=value.upper())
        case "left_out":
            return _("not read, since it is no table: {file}").format(file=value)
        case "encoding":
            return _("encoding {name}").format(name=value.upper())
        case "delimiter":
            return _("columns parted by {sign}").format(sign=value)
        case "quoting":
            return _("quotes: {how}").format(how=value)
        case "sheet":
            several = _("sheets “{name}”, read as one table")
            words = several if ", " in value else _("sheet “{name}”")
            return words.format(name=value)
        case "header_row":
            return _("heading in line {line}").format(line=value)
        case "column":
            name, _equals, heading = value.partition("=")
            return _("{column} is “{heading}”").format(column=name, heading=heading)
        case "decimal":
            return _("decimal comma") if value == "comma" else _("decimal point")
        case "thousands":
            return _("thousands parted by {sign}").format(sign=_sign(value))
        case "currency":
            return _("sums are written with {sign}").format(sign=value)
        case "date_order":
            return _("day first") if value == "dmy" else _("month first")
        case "date_and_time":
            return _clock(value)
        case "serial_dates":
            return _("dates as numbers of a spreadsheet, counted from {year}").format(year=value)
        case "row_kind":
            kind, _equals, word = value.partition("=")
            words = _("rows with “{word}”: {kind}") if word else _("rows of their own: {kind}")
            return words.format(word=word, kind=_row_kind(kind))
        case "personal":
            return privacy.words(finding)


def _sign(value: str) -> str:
    signs = {
        "space": _("a space"),
        "point": _("a point"),
        "comma": _("a comma"),
        "apostrophe": _("an apostrophe"),
    }
    return signs.get(value, value)


def _clock(value: str) -> str:
    words = {
        "joined": _("date and time stand in two columns"),
        "utc": _("times are of a time zone and read as UTC"),
        "epoch_seconds": _("times are seconds since 1970"),
        "epoch_milliseconds": _("times are milliseconds since 1970"),
    }
    return words.get(value, value)


def _row_kind(kind: str) -> str:
    if kind == "return":
        return _("a return")
    return _(REASONS[kind]) if kind in REASONS else kind


def _example(finding: Finding) -> str:
    """What the option takes."""
    others = {
        "encoding": "utf-8" if "1251" in finding.value else "cp1251",
        "delimiter": "';'" if finding.value == "tab" else "tab",
        "sheet": "1" if ", " in finding.value else "2",
        "header_row": _next(finding.value),
        "column": "=".join((finding.value.partition("=")[0], _("HEADING"))),
        "decimal": "point" if finding.value == "comma" else "comma",
        "date_order": "mdy" if finding.value == "dmy" else "dmy",
        "personal": finding.value.rpartition("=")[0],
    }
    return others.get(finding.subject, "")


def _next(line: str) -> str:
    return str(int(line) + 1) if line.isdigit() else "2"


def by_files(findings: Sequence[Finding]) -> list[tuple[list[str], list[Finding]]]:
    """Files that were read alike, with what was found out about them.

    Twelve months of one export say the same twelve times; only the cells that decided differ.
    """
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        known = files.setdefault(finding.file, [])
        if finding not in known:  # each sheet of a workbook tells what is found in the workbook
            known.append(finding)
    alike: dict[tuple[Finding, ...], list[str]] = {}
    for file, found in files.items():
        bare = tuple(replace(each, file="", evidence="", cell="", line=0) for each in found)
        alike.setdefault(bare, []).append(file)
    return [(names, files[names[0]]) for names in alike.values()]
