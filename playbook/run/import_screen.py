"""An import on the screen: what is being done, and the report when it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playbook.data import finding_words
from playbook.data.report import ImportReport
from playbook.data.set_aside import cut
from playbook.display.findings import severity_word
from playbook.text import gettext as _
from playbook.text.numbers import number

if TYPE_CHECKING:
    from rich.console import Console

QUIET_SECONDS = 2.0  # between two lines where there is no terminal
SHOWN = 60  # signs of a cell
FEW = 8  # columns of remarks and files shown in full
_STYLE = {"error": "bold red", "warning": "yellow", "hint": "dim"}


@contextmanager
def telling(screen: Console) -> Iterator[Callable[[str], None]]:
    """Say what is being done: a moving line on a terminal, a line now and then elsewhere."""
    if not screen.is_terminal:
        yield _plain(screen)
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn("line"), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task(_("Importing"), total=None)
        yield lambda words: progress.update(task, description=words)


def _plain(screen: Console) -> Callable[[str], None]:
    told_at = float("-inf")

    def tell(words: str) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= QUIET_SECONDS:
            told_at = time.monotonic()
            screen.print(words)

    return tell


def show(report: ImportReport, console: Console) -> None:
    """Print a report: the answer, the numbers, what stands out, what was left out, how read."""
    console.print(report.headline, style="bold")
    for figure in report.figures:
        note = f"  ({figure.note})" if figure.note else ""
        console.print(f"  {figure.label}: {figure.value}{note}")
    if report.agreement:
        console.print(f"  {report.agreement}")
    for remark in report.remarks:
        word = severity_word(remark.weight)
        console.print(f"{word}: {remark.text}", style=_STYLE[remark.weight])
        if remark.weight != "hint":
            console.print(f"  → {remark.advice}", style="dim")
    if report.set_aside:
        for line in _set_aside(report):
            console.print(line)
    if not report.is_again:
        _how_read(report, console)


def _how_read(report: ImportReport, console: Console) -> None:
    """How the files were read, those that were read alike once."""
    console.print(_("How the files were read:"), style="dim")
    groups = finding_words.by_files(report.findings)
    for names, findings in groups[:FEW]:
        shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        console.print(f"  {shown}", style="dim")
        for line in _lines(findings):
            console.print(f"    {line}", style="dim")
    if len(groups) > FEW:
        words = _("and {n} more files, see the page").format(n=number(len(groups) - FEW))
        console.print(f"  {words}", style="dim")
    lines = report.assumptions if not groups else [*report.unused, *report.made]
    for line in lines:
        console.print(f"  {line}", style="dim")


def _lines(findings: list[Any]) -> list[str]:
    """Columns in one line, every other finding in one of its own."""
    lines = []
    pairs = []
    for finding in findings:
        told = finding_words.told(finding)
        if finding.subject == "column":
            name, _equals, heading = finding.value.partition("=")
            doubt = f" ({told.sure})" if finding.certainty == "likely" else ""
            pairs.append(f"{name} = {heading}{doubt}")
            continue
        why = f": {told.why}" if told.why else ""
        option = f"; {told.overrule}" if finding.certainty == "likely" and told.overrule else ""
        lines.append(f"{told.what} ({told.sure}{why}{option})")
    return [*lines, ", ".join(pairs)] if pairs else lines


def _set_aside(report: ImportReport) -> Iterator[str]:
    """Every reason with its count and a few examples; a terminal breaks no number of theirs."""
    yield _("Rows set aside:")
    for found in report.set_aside:
        yield f"  {number(found.n)} × {found.words}"
        for e in found.examples:
            words = _("{file}, line {line}: “{value}”")
            value = cut(e.value, SHOWN)
            yield "    " + words.format(file=e.file, line=e.line, value=value)
