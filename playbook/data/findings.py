"""What the reader of a file found out by itself, how sure it is, and how to overrule it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Subject = Literal[
    "archive",
    "left_out",
    "encoding",
    "delimiter",
    "quoting",
    "sheet",
    "header_row",
    "column",
    "decimal",
    "thousands",
    "currency",
    "date_order",
    "date_and_time",
    "serial_dates",
    "row_kind",
    "personal",
]
Certainty = Literal["stated", "certain", "likely"]

# How somebody overrules a finding; what has no option needs none.
OPTIONS: dict[Subject, str] = {
    "encoding": "--encoding",
    "delimiter": "--delimiter",
    "sheet": "--sheet",
    "header_row": "--header-row",
    "column": "--map",
    "decimal": "--decimal",
    "date_order": "--date-order",
    "personal": "--hash",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found out about one file.

    Attributes:
        file: The file as it is shown; for the member of an archive ``archive.zip/member.csv``.
        subject: What it is about.
        value: What was found, as the option takes it where there is one.
        certainty: ``stated`` by a person; ``certain`` when every cell or byte agrees and nothing
            else would do; ``likely`` when something else would do too, but worse. What cannot
            be told is no finding: the import stops and asks.
        evidence: The cell, line or count that decided, as short text in the language of the
            import; empty where there is none.
        cell: The cell that alone decided, from which the evidence is worded anew for a reader.
        line: Its line in the file.
    """

    file: str
    subject: Subject
    value: str
    certainty: Certainty
    evidence: str = ""
    cell: str = ""
    line: int = 0
