"""What an import says: how many rows came in, which did not and why, what to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playbook.data import report_json
from playbook.data.extent import Extent
from playbook.data.facts import Facts
from playbook.data.file_read import FileRead, counted_rows, listed
from playbook.data.findings import Finding
from playbook.data.remark import Remark
from playbook.data.set_aside import Example, SetAside, cut
from playbook.data.stated_total import StatedTotal
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date, money, money_short, number, percent

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class ImportReport(Result):
    """What an import did.

    Attributes:
        table: Name of the table.
        files: The files and how they were read.
        rows_read: Rows of all files.
        rows_loaded: Rows that are in the table now, each by itself or added up with others.
        set_aside: Rows that are not, by reason.
        n_written: Rows of the table.
        facts: What the table holds; only for receipts.
        n_numbered: Receipts without a number of their own.
        n_item_lines: Rows added up with others to one receipt.
        n_identical: Of these, rows that are alike in everything.
        n_renamed: Receipts whose number was not theirs alone.
        extent: Stores, customers and days of the table, whatever it holds.
        findings: What the reader found out about the files.
        stated_totals: Totals that the files state themselves.
        remarks: What stands out, the worst first.
        sources: File to its fingerprint.
        imported_on: Day of the import.
        is_again: Whether the same files had been imported before and nothing was done.
    """

    table: str
    files: tuple[FileRead, ...]
    rows_read: int
    rows_loaded: int
    set_aside: tuple[SetAside, ...]
    n_written: int
    facts: Facts | None = None
    n_numbered: int = 0
    n_item_lines: int = 0
    n_identical: int = 0
    n_renamed: int = 0
    extent: Extent = field(default_factory=Extent)
    findings: tuple[Finding, ...] = ()
    stated_totals: tuple[StatedTotal, ...] = ()
    remarks: tuple[Remark, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    imported_on: dt.date
    is_again: bool = False

    @property
    def rows_set_aside(self) -> int:
        """Rows of the files that are not in the table."""
        return sum(found.n for found in self.set_aside)

    @property
    def headline(self) -> str:
        """What is there now, in one sentence."""
        if self.is_again:
            words = _("The same files were imported on {day}; nothing was changed.")
            return words.format(day=date(self.imported_on))
        if self.facts is None:
            text = _("{rows} of the table “{table}” are there.").format(
                rows=counted_rows(self.n_written), table=self.table
            )
            return f"{text} {self.reserve}".strip()
        f = self.facts
        words = _("{receipts}, {stores}, {customers}; {first} to {last}.")
        text = words.format(
            receipts=_counted("receipt", f.n_receipts),
            customers=_counted("customer", f.n_customers),
            stores=_counted("store", f.n_stores),
            first=date(f.first_day),
            last=date(f.last_day),
        )
        return f"{text} {self.reserve}".strip()

    @property
    def is_mostly_aside(self) -> bool:
        """Whether most rows of data were set aside: the table does not stand for the files."""
        return any(r.code == "set_aside" and r.weight == "error" for r in self.remarks)

    @property
    def reserve(self) -> str:
        """What must be said in one breath with the headline, empty where nothing must."""
        return _("Most rows of the files are not among them.") if self.is_mostly_aside else ""

    @property
    def figures(self) -> list[Figure]:
        """Rows in, rows left out, money."""
        share = self.rows_set_aside / self.rows_read
        found = [
            Figure(_("Rows read"), number(self.rows_read), _files(len(self.files))),
            Figure(_("Rows loaded"), number(self.rows_loaded)),
            Figure(_("Rows set aside"), number(self.rows_set_aside), percent(share, 1)),
        ]
        if self.facts:
            found.append(_revenue(self.facts))
        return found

    @property
    def agreement(self) -> str:
        """How many of the totals that the files state agree, empty where they state none."""
        told = [total.agrees for total in self.stated_totals if total.agrees is not None]
        if not told:
            return ""
        words = _("Totals that the files state: {n} of {all} agree with the rows.")
        return words.format(n=number(sum(told)), all=number(len(told)))

    def to_frame(self) -> pd.DataFrame:
        """Rows set aside: ``reason``, ``n``, and one example: ``file``, ``line``, ``value``."""
        import pandas as pd

        rows = [
            (
                found.words,
                found.n,
                *((e.file, e.line, cut(e.value, 60)) if (e := _first(found)) else ("", None, "")),
            )
            for found in self.set_aside
        ]
        return pd.DataFrame(rows, columns=["reason", "n", "file", "line", "value"])

    def columns(self) -> Mapping[str, Column]:
        """How the table is shown."""
        return {
            "reason": Column(_("Why set aside")),
            "n": Column(_("Rows"), "count"),
            "file": Column(_("For example, in")),
            "line": Column(_("Line"), "written"),
            "value": Column(_("Cell")),
        }

    @property
    def assumptions(self) -> list[str]:
        """How the files were read, and what was made of them."""
        lines = [file.words for file in self.files]
        pairs = (f"{name} = {heading}" for name, heading in self.files[0].columns.items())
        lines.append(_("Columns: {pairs}").format(pairs=", ".join(pairs)))
        return [*lines, *self.unused, *self.made]

    @property
    def unused(self) -> list[str]:
        """Headings that nothing was taken from."""
        headings = dict.fromkeys(heading for file in self.files for heading in file.unused)
        if not headings:
            return []
        return [_("Not used: {headings}").format(headings=listed(list(headings)))]

    @property
    def made(self) -> list[str]:
        """What was done to rows that are not a receipt each."""
        lines = []
        if self.n_item_lines:
            words = ngettext(
                "{n} row was added to another of the same receipt: the rows are item lines.",
                "{n} rows were added to others of the same receipts: the rows are item lines.",
                self.n_item_lines,
            )
            lines.append(words.format(n=number(self.n_item_lines)))
        if self.n_numbered:
            words = ngettext(
                "{n} row has no receipt number and counts as a receipt of its own.",
                "{n} rows have no receipt number; each counts as a receipt of its own.",
                self.n_numbered,
            )
            lines.append(words.format(n=number(self.n_numbered)))
        if self.n_renamed:
            words = ngettext(
                "{n} receipt shares its number with another; store and time were added to it.",
                "{n} receipts share their numbers with others; store and time were added to them.",
                self.n_renamed,
            )
            lines.append(words.format(n=number(self.n_renamed)))
        return lines

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before using the table, the worst first."""
        return [f"{remark.text} {remark.advice}" for remark in self.remarks]

    def as_json(self) -> dict[str, Any]:
        """Everything, as JSON can hold it; the first keys are those that programs rely on."""
        return report_json.written(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> ImportReport:
        """The report that ``as_json`` wrote."""
        return cls(**report_json.fields(raw))


def _revenue(facts: Facts) -> Figure:
    """The revenue, in the note to the kopeck: it is held against the sum of the till system."""
    note = money(facts.revenue, 2)
    if facts.n_returns:
        words = _("{exact}, returns of {money} taken off")
        note = words.format(exact=note, money=money(facts.returned, 2))
    return Figure(_("Revenue"), money_short(facts.revenue), note)


def _first(found: SetAside) -> Example | None:
    return found.examples[0] if found.examples else None


def _files(n: int) -> str:
    return ngettext("{n} file", "{n} files", n).format(n=number(n))


def _counted(what: str, n: int) -> str:
    """A count with its word."""
    words = {
        "receipt": ngettext("{n} receipt", "{n} receipts", n),
        "customer": ngettext("{n} customer with a purchase", "{n} customers with a purchase", n),
        "store": ngettext("{n} store", "{n} stores", n),
    }
    return words[what].format(n=number(n))
