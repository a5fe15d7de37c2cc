"""A report of an import as JSON, and back.

The first keys are a promise to programs: ``rows_read rows_loaded rows_set_aside amount_total
customers stores date_min date_max findings warnings errors``. The others restore the report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from playbook.data.extent import Extent
from playbook.data.facts import Facts
from playbook.data.file_read import FileRead
from playbook.data.findings import Finding
from playbook.data.masks import mask_inside
from playbook.data.remark import Remark
from playbook.data.set_aside import Example, SetAside
from playbook.data.stated_total import StatedTotal
from playbook.errors import PlaybookError

if TYPE_CHECKING:
    from playbook.data.report import ImportReport

KEYS = (
    "rows_read",
    "rows_loaded",
    "rows_set_aside",
    "amount_total",
    "customers",
    "stores",
    "date_min",
    "date_max",
    "findings",
    "warnings",
    "errors",
)
_PLAIN = (
    "table",
    "n_written",
    "n_numbered",
    "n_item_lines",
    "n_identical",
    "n_renamed",
    "is_again",
)
_DAYS = ("first_day", "last_day")


def written(report: ImportReport) -> dict[str, Any]:
    """Everything that a report holds, as JSON can hold it."""
    facts, extent = report.facts, report.extent
    return {
        "rows_read": report.rows_read,
        "rows_loaded": report.rows_loaded,
        "rows_set_aside": report.rows_set_aside,
        "amount_total": facts.revenue if facts else None,
        "customers": extent.n_customers,
        "stores": extent.n_stores,
        "date_min": _day(extent.first_day),
        "date_max": _day(extent.last_day),
        "findings": [_finding(finding) for finding in report.findings],
        "warnings": [remark.as_json() for remark in report.remarks],
        "errors": [],
        **{name: getattr(report, name) for name in _PLAIN},
        "imported_on": report.imported_on.isoformat(),
        "files": [asdict(file) for file in report.files],
        "set_aside": [{**asdict(found), "text": found.words} for found in report.set_aside],
        "facts": _with_days(asdict(facts)) if facts else None,
        "stated_totals": [total.as_json() for total in report.stated_totals],
        "sources": dict(report.sources),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    """A finding, with nothing that tells who a customer is."""
    cells = {"evidence": mask_inside(finding.evidence), "cell": mask_inside(finding.cell)}
    return {**asdict(finding), **cells}


def of_error(error: PlaybookError) -> dict[str, Any]:
    """The same keys when an import has stopped: nothing was loaded, and why."""
    empty: dict[str, Any] = dict.fromkeys(KEYS)
    told = {
        "summary": error.summary,
        "problems": list(error.problems),
        "advice": error.advice,
    }
    return {**empty, "rows_loaded": 0, "findings": [], "warnings": [], "errors": [told]}


def _day(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def _with_days(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, **{name: _day(raw[name]) for name in _DAYS}}


def fields(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the report that ``written`` wrote; a version before this one has fewer."""
    return {
        **{name: raw[name] for name in (*_PLAIN, "rows_read", "rows_loaded")},
        "imported_on": dt.date.fromisoformat(raw["imported_on"]),
        "files": tuple(
            FileRead(**{**file, "unused": tuple(file["unused"])}) for file in raw["files"]
        ),
        "set_aside": tuple(_set_aside(found) for found in raw["set_aside"]),
        "facts": _facts(raw["facts"]),
        "extent": Extent(
            n_stores=raw.get("stores"),
            n_customers=raw.get("customers"),
            first_day=_read_day(raw.get("date_min")),
            last_day=_read_day(raw.get("date_max")),
        ),
        "findings": tuple(Finding(**found) for found in raw.get("findings", ())),
        "stated_totals": tuple(map(StatedTotal.from_json, raw.get("stated_totals", ()))),
        "remarks": tuple(map(Remark.from_json, raw.get("warnings", ()))),
        "sources": raw.get("sources", {}),
    }


def _set_aside(raw: Mapping[str, Any]) -> SetAside:
    rest = {key: value for key, value in raw.items() if key != "text"}
    return SetAside(**{**rest, "examples": tuple(Example(**e) for e in raw["examples"])})


def _facts(raw: Mapping[str, Any] | None) -> Facts | None:
    """What the receipts held, nothing where it was noted in another form."""
    if raw is None or set(raw) != set(Facts.__dataclass_fields__):
        return None
    return Facts(**{**raw, **{name: _read_day(raw[name]) for name in _DAYS}})


def _read_day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
