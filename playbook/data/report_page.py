"""The report of an import as a page: what came in, what stands out, what was left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from playbook.data import finding_words
from playbook.data.coverage import FEW_ROWS, Coverage
from playbook.data.file_read import FileRead, listed
from playbook.data.findings import Finding
from playbook.data.remark import Remark
from playbook.data.report import ImportReport
from playbook.data.schema import TABLES
from playbook.data.set_aside import Example, cut
from playbook.display import html
from playbook.display.findings import severity_word
from playbook.display.page import document
from playbook.display.tables import Column, table
from playbook.text import gettext as _
from playbook.text import language, ngettext
from playbook.text.numbers import MISSING, date, money, number

CSS = """
.pb.import ol.remarks { list-style: none; margin: .2rem 0 1rem; padding: 0; }
.pb.import ol.remarks li { border-left: 4px solid var(--pb-line); padding: .1rem 0 .1rem .8rem;
  margin: 0 0 .7rem; break-inside: avoid; }
.pb.import ol.remarks li.error { border-color: #D55E00; white-space: normal; }
.pb.import ol.remarks li.warning { border-color: #E69F00; }
.pb.import ol.remarks .weight { font-size: .85em; }
.pb.import ol.remarks p { margin: 0; }
.pb.import td:nth-child(2):not(.n) { min-width: 10rem; }
.pb.import h3 { font-size: 1.02em; margin: 1rem 0 .2rem; overflow-wrap: anywhere; }
"""
FEW_HINTS = 2  # so many hints stand among the others
_CLASS = {"error": "bad", "warning": "warn", "hint": "quiet"}


def page(report: ImportReport, *, company: str, coverage: Coverage | None = None) -> str:
    """The whole page.

    Args:
        report: What was imported.
        company: Name of the company.
        coverage: Rows by store and week, where the table has both.
    """
    title = _("Import of “{table}” for {company}").format(table=report.table, company=company)
    return document(_body(report, title, coverage), title=title, language=language(), css=CSS)


def _body(report: ImportReport, title: str, coverage: Coverage | None) -> str:
    words = _("Imported on {day} from {files}.")
    origin = words.format(day=date(report.imported_on), files=_names(report.files))
    return (
        f'<p class="quiet pb-over">{escape(origin)}</p><h1>{escape(title)}</h1>'
        '<div class="pb import">'
        + html.headline(report.headline)
        + html.figures(report.figures)
        + _remarks(report.remarks)
        + (_coverage(coverage) if coverage else "")
        + _set_aside(report)
        + _totals(report)
        + _files(report)
        + _made(report)
        + _fingerprints(report)
        + "</div>"
    )


def _names(files: Sequence[FileRead]) -> str:
    names = [file.name for file in files]
    if len(names) <= 3:
        return ", ".join(names)
    words = ngettext("{first} and {n} more", "{first} and {n} more", len(names) - 1)
    return words.format(first=names[0], n=number(len(names) - 1))


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _quiet(text: str) -> str:
    return f'<p class="quiet">{escape(text)}</p>'


def _remarks(remarks: Sequence[Remark]) -> str:
    """What stands out, the worst first, each with what to do; many hints are folded."""
    heading = _heading(_("What stands out"))
    if not remarks:
        return heading + _quiet(_("Nothing stands out."))
    hints = [remark for remark in remarks if remark.weight == "hint"]
    heavy = [remark for remark in remarks if remark.weight != "hint"]
    if not heavy or len(hints) <= FEW_HINTS:
        return heading + _listed(remarks)
    words = ngettext(
        "{n} thing that is good to know", "{n} things that are good to know", len(hints)
    )
    return heading + _listed(heavy) + html.fold(words.format(n=number(len(hints))), _listed(hints))


def _listed(remarks: Sequence[Remark]) -> str:
    items = "".join(
        f'<li class="{remark.weight}"><span class="weight {_CLASS[remark.weight]}">'
        f"{escape(severity_word(remark.weight))}</span>"
        f'<p>{escape(remark.text)}</p><p class="quiet">{escape(remark.advice)}</p></li>'
        for remark in remarks
    )
    return f'<ol class="remarks">{items}</ol>'


def _coverage(coverage: Coverage) -> str:
    note = _(
        "Rows are counted, not customers. Weeks of a store with fewer than {n} rows have one and"
        " the same shade."
    )
    return (
        _heading(_("Rows by store and week"))
        + coverage.plot().markup
        + _quiet(note.format(n=FEW_ROWS))
    )


def _set_aside(report: ImportReport) -> str:
    """Every reason with its count, then the examples with their places."""
    heading = _heading(_("Rows set aside"))
    if not report.set_aside:
        return heading + _quiet(_("None: every row was loaded."))
    rows = pd.DataFrame(
        [
            (found.n if place == 0 else None, found.words if place == 0 else "", *example)
            for found in report.set_aside
            for place, example in enumerate(_examples(found.examples))
        ],
        columns=["n", "reason", "file", "line", "value"],
    )
    columns: dict[str, Column] = {
        "n": _Blank(_("Rows"), "count"),
        "reason": Column(_("Why set aside")),
        "file": Column(_("For example, in")),
        "line": Column(_("Line"), "written"),
        "value": Column(_("Cell")),
    }
    if len(set(rows["file"])) == 1:  # the same name in every line says nothing
        del columns["file"]
    return heading + table(rows, columns, limit=len(rows))


class _Blank(Column):
    """A column whose empty cells stay empty: the line above says the same for them."""

    def show(self, value: object) -> str:
        shown = super().show(value)
        return "" if shown == MISSING else shown


def _examples(examples: Sequence[Example]) -> list[tuple[str, str, str]]:
    found = [(e.file, str(e.line), cut(e.value, 80)) for e in examples]
    return found or [("", "", "")]


def _totals(report: ImportReport) -> str:
    """Totals that the files state, beside what their rows add up to."""
    if not report.stated_totals:
        return ""
    rows = [
        (
            total.file,
            total.line,
            total.label,
            money(float(total.stated), 2),
            MISSING if total.found is None else money(float(total.found), 2),
            {True: _("agrees"), False: _("does not agree"), None: _("cannot be told")}[
                total.agrees
            ],
        )
        for total in report.stated_totals
    ]
    names = ["file", "line", "label", "stated", "found", "verdict"]
    columns = {
        "file": Column(_("File")),
        "line": Column(_("Line"), "written"),
        "label": Column(_("Called")),
        "stated": Column(_("Stated in the file"), "written"),
        "found": Column(_("Sum of the rows"), "written"),
        "verdict": Column(_("Verdict")),
    }
    if len({total.file for total in report.stated_totals}) == 1:
        del columns["file"]
    shown = table(pd.DataFrame(rows, columns=names).astype(str), columns)
    return _heading(_("Totals that the files state")) + _quiet(report.agreement) + shown


def _files(report: ImportReport) -> str:
    """How each file was read; files that were read alike are told once."""
    parts = [_heading(_("How the files were read"))]
    read = {file.name: file for file in report.files}
    for names, findings in finding_words.by_files(report.findings):
        files = [read[name] for name in names if name in read]
        parts.append(f"<h3>{escape(_title(names, files))}</h3>")
        parts.append(_found(findings))
        if files:
            parts.append(_columns(files[0], report.table))
    if not report.findings:
        parts += [_quiet(file.words) + _columns(file, report.table) for file in report.files]
    parts.append(
        _quiet(_("To overrule a finding, add the option to the command and import again."))
    )
    return "".join(parts)


def _title(names: Sequence[str], files: Sequence[FileRead]) -> str:
    rows = number(sum(file.n_rows for file in files))
    count = ngettext("{n} row", "{n} rows", sum(file.n_rows for file in files)).format(n=rows)
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return f"{shown} · {count}" if files else shown


def _found(findings: Sequence[Finding]) -> str:
    told = [
        finding_words.told(finding)
        for finding in findings
        if finding.subject not in finding_words.NOT_SHOWN_TWICE
    ]
    if not told:
        return ""
    frame = pd.DataFrame([(t.what, t.sure, t.why, t.overrule) for t in told])
    frame.columns = pd.Index(["what", "sure", "why", "overrule"])
    columns = {
        "what": Column(_("What was found")),
        "sure": Column(_("How sure")),
        "why": Column(_("Because of")),
        "overrule": Column(_("To overrule, for example")),
    }
    return table(frame, columns)


def _columns(file: FileRead, name_of_table: str) -> str:
    """Which column is which, and what nothing was taken from."""
    ours = TABLES[name_of_table]
    rows = [(heading, name, ours.meaning(name)) for name, heading in file.columns.items()]
    frame = pd.DataFrame(rows, columns=["heading", "name", "meaning"])
    columns = {
        "heading": Column(_("Heading in the file")),
        "name": Column(_("Taken as")),
        "meaning": Column(_("Meaning")),
    }
    unused = listed(file.unused) or _("none")
    note = _("Not used: {headings}.").format(headings=unused)
    option = _("To overrule: --map {column}=HEADING").format(column=next(iter(file.columns), ""))
    return table(frame, columns) + _quiet(f"{note} {option}")


def _made(report: ImportReport) -> str:
    """What was made of rows that are no receipt each."""
    if not report.made:
        return ""
    return _heading(_("What was made of the rows")) + html.bullets(report.made)


def _fingerprints(report: ImportReport) -> str:
    """A fingerprint of each file, by which the same one is known again."""
    if not report.sources:
        return ""
    rows = [(path.rpartition("/")[2], found) for path, found in report.sources.items()]
    frame = pd.DataFrame(rows, columns=["file", "found"])
    shown = table(frame, {"file": Column(_("File")), "found": Column(_("Fingerprint"))})
    return html.fold(_("Fingerprints of the files"), shown)
