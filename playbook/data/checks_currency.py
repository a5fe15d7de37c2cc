"""Whether the sums of the files are in the engagement's currency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from playbook.data.columns import COLUMNS
from playbook.data.file_read import FileRead
from playbook.data.findings import Finding
from playbook.data.remark import Remark
from playbook.data.written_numbers import currency

_WORD = re.compile(r"[^\s(),;:/\[\]]+")


def of_currency(
    findings: Sequence[Finding], files: Sequence[FileRead], wanted: str
) -> Iterator[Remark]:
    """A currency, in the cells or in a heading, that is another one than the engagement's.

    Args:
        findings: What was found out about the files.
        files: How they were read.
        wanted: The currency of all money of the engagement, as a code; empty where it is
            not known.
    """
    cells: list[tuple[str, dict[str, str | int]]] = [
        (f.value, {"file": f.file, "cell": f.cell, "line": f.line})
        for f in findings
        if f.subject == "currency"
    ]
    # the last one of a code stays: a cell tells more than a heading
    for code, place in dict([*_of_headings(files), *cells[::-1]]).items():
        if wanted and code != wanted:
            numbers = {**place, "found": code, "wanted": wanted}
            yield Remark(code="currency", weight="error", numbers=numbers)


def _of_headings(files: Sequence[FileRead]) -> Iterator[tuple[str, dict[str, str | int]]]:
    """Currency, and file and heading of columns of money whose heading names a currency."""
    for file in files:
        for name, heading in file.columns.items():
            code = in_heading(heading) if _is_money(name) else ""
            if code:
                yield code, {"file": file.name, "heading": heading}


def _is_money(name: str) -> bool:
    return name in COLUMNS and COLUMNS[name].kind == "money"


def in_heading(heading: str) -> str:
    """The currency that a heading names by its sign or its code, empty where it names none.

    Example:
        >>> in_heading("Net Sales ($)"), in_heading("Сумма, руб."), in_heading("Total sum")
        ('USD', 'RUB', '')
    """
    for word in _WORD.findall(heading):
        code = currency(f"1 {word}")
        is_clear = word.upper() == code or not word[0].isalpha() or word.startswith("руб")
        if code and is_clear:
            return code
    return ""
