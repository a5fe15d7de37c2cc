"""How one file of an import was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbook.data.delimited import DELIMITERS
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

MOST_LISTED = 10


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """How one file was read.

    Attributes:
        name: Name of the file.
        n_rows: Rows with anything in them, those of a wrong length included.
        columns: Our column to the heading of the file.
        unused: Headings that nothing was taken from.
        encoding: Of a text file, else empty.
        delimiter: Of a text file, else empty.
        decimals: Decimal sign of its numbers where they were text, else empty.
        order: Order of its dates where they were text, else empty.
        is_utc: Whether its times are those of a time zone and were read as UTC.
    """

    name: str
    n_rows: int
    columns: Mapping[str, str]
    unused: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    decimals: str = ""
    order: str = ""
    is_utc: bool = False

    @property
    def words(self) -> str:
        """How it was read, in one line."""
        parts = [self.name, counted_rows(self.n_rows)]
        if self.encoding:
            parts.append(self.encoding.removesuffix("-sig").upper())
        if self.delimiter:
            shown = DELIMITERS.get(self.delimiter, self.delimiter)
            parts.append(_("columns parted by {sign}").format(sign=shown))
        if self.decimals:
            parts.append(_("decimal comma") if self.decimals == "," else _("decimal point"))
        if self.order:
            parts.append(_("day first") if self.order == "dmy" else _("month first"))
        return " · ".join(parts)


def listed(headings: Sequence[str]) -> str:
    """Headings in one line, of many the first ten and how many more there are.

    Example:
        >>> listed(["Bon", "Kasse"])
        'Bon, Kasse'
    """
    shown = ", ".join(headings[:MOST_LISTED])
    n = len(headings) - MOST_LISTED
    if n <= 0:
        return shown
    return _("{names} and {n} more").format(names=shown, n=number(n))


def counted_rows(n: int) -> str:
    """A number of rows with its word."""
    return ngettext("{n} row", "{n} rows", n).format(n=number(n))
