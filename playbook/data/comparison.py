"""A table that is there beside the files that would take its place: how they differ."""

from __future__ import annotations

from playbook.data.file_read import counted_rows
from playbook.data.report import ImportReport
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import between, date, money, number


def refusal(there: ImportReport, new: ImportReport) -> PlaybookError:
    """Why the files were not taken: what is there, how they differ, how to replace it."""
    words = _("The table “{table}” is there already, imported on {day} from {files}.")
    summary = words.format(
        table=there.table,
        day=date(there.imported_on),
        files=", ".join(file.name for file in there.files),
    )
    problems = [
        _("There: {what}").format(what=_what(there)),
        _("These files: {what}").format(what=_what(new)),
        *_difference(there, new),
    ]
    if _is_next(there, new):
        advice = _(
            "The periods do not overlap. Import the old and the new files together, with"
            " --replace; with the new ones alone the old period would be gone."
        )
    else:
        advice = _("Import with --replace to put these files in its place.")
    return PlaybookError(summary, problems=problems, advice=advice)


def _what(report: ImportReport) -> str:
    """Rows, period, stores, customers and money of a table, as far as it has them."""
    parts = [counted_rows(report.n_written)]
    if report.extent.first_day:
        first, last = date(report.extent.first_day), date(report.extent.last_day)
        parts.append(between(first, last))
    if n := report.extent.n_stores:
        parts.append(ngettext("{n} store", "{n} stores", n).format(n=number(n)))
    if n := report.extent.n_customers:
        parts.append(ngettext("{n} customer", "{n} customers", n).format(n=number(n)))
    if report.facts:
        parts.append(money(report.facts.revenue, 2))
    return ", ".join(parts)


def _difference(there: ImportReport, new: ImportReport) -> list[str]:
    n = new.n_written - there.n_written
    words = ngettext("{n} row", "{n} rows", abs(n))
    parts = [words.format(n=number(n, signed=True))] if n else []
    if there.facts and new.facts and round(new.facts.revenue - there.facts.revenue, 2):
        parts.append(money(new.facts.revenue - there.facts.revenue, 2, signed=True))
    orders = [
        {found.value for found in report.findings if found.subject == "date_order"}
        for report in (there, new)
    ]
    is_swapped = all(orders) and orders[0] != orders[1]
    swapped = [_("Day and month are read the other way round.")] if is_swapped else []
    if parts:
        return [_("The difference: {what}").format(what=", ".join(parts)), *swapped]
    if swapped:
        return [_("Rows and sums are the same, the days are not."), *swapped]
    if there.extent != new.extent:
        return [_("Rows and sums are the same; days, stores or customers are not.")]
    return [_("Rows and sums are the same.")]


def _is_next(there: ImportReport, new: ImportReport) -> bool:
    """Whether the files hold another period and not another state of the same one."""
    old, fresh = there.extent, new.extent
    if not (old.first_day and old.last_day and fresh.first_day and fresh.last_day):
        return False
    return fresh.first_day > old.last_day or fresh.last_day < old.first_day
