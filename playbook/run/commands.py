"""The command ``playbook run``: progress while it works, one screen that says what happened."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playbook.text import gettext as _
from playbook.text import ngettext, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from playbook.run.catalogue import StepInfo
    from playbook.run.runner import Done, Run, Watcher


def add_run(subparsers: Any) -> None:  # noqa: ANN401 - argparse keeps the type private
    """Add ``run`` to the command line."""
    parser = subparsers.add_parser(
        "run",
        help=_("run the notebooks of an engagement"),
        description=_(
            "Runs the notebooks in the order of what they need. What did not change is not run"
            " again. Copies, pages and a manifest go to the engagement's runs folder."
        ),
    )
    parser.add_argument("name", help=_("the engagement, for example sample"))
    parser.add_argument("--only", metavar="03,05", default="", help=_("run these notebooks only"))
    parser.add_argument(
        "--param",
        metavar="03.k=5",
        action="append",
        default=[],
        help=_("set a parameter of a notebook; may be given several times"),
    )
    parser.add_argument(
        "--parameters", action="store_true", help=_("list the parameters of every notebook")
    )
    parser.add_argument(
        "--jobs", type=int, default=min(os.cpu_count() or 1, 4), help=_("notebooks at a time")
    )
    parser.add_argument("--force", action="store_true", help=_("run unchanged notebooks too"))
    parser.set_defaults(handler=run)


def run(arguments: argparse.Namespace) -> int:
    """Run notebooks; 0 when all are there, 1 when one failed through a defect, else 2."""
    from rich.console import Console

    from playbook.engagement import Engagement
    from playbook.run.catalogue import STEPS
    from playbook.run.parameters import check, parameters_of
    from playbook.run.runner import Run, language_of, load

    console = Console()
    known = {step.id: parameters_of(load(step)) for step in STEPS}
    if arguments.parameters:
        return _list_parameters(console, known)
    engagement = Engagement.open(arguments.name)
    steps = _chosen(arguments.only)
    names = {name: step.id for step in STEPS for name in (step.id, step.number)}
    values = check(arguments.param, parameters=known, find=names)
    job = Run(
        engagement=engagement,
        steps=steps,
        parameters=values,
        lang=language_of(engagement, arguments.lang),
        jobs=max(1, arguments.jobs),
        is_forced=arguments.force,
    )
    return _show(job, console)


def _chosen(only: str) -> list[StepInfo]:
    from playbook.run.catalogue import STEPS, find

    names = [name.strip() for name in only.split(",") if name.strip()]
    wanted = {find(name).id for name in names} if names else {step.id for step in STEPS}
    return [step for step in STEPS if step.id in wanted]


def _list_parameters(console: Console, known: dict[str, dict[str, Any]]) -> int:
    from rich.table import Table

    for step, parameters in known.items():
        table = Table(title=step, title_justify="left", box=None, padding=(0, 2, 0, 0))
        for heading in (_("parameter"), _("type"), _("default"), _("meaning")):
            table.add_column(heading)
        for parameter in parameters.values():
            table.add_row(
                parameter.name, parameter.type_name, repr(parameter.default), _(parameter.words)
            )
        console.print(table, "")
    return 0


def _show(job: Run, console: Console) -> int:
    with _progress(job, console) as watcher:
        job.watcher = watcher
        try:
            done = job.go()
        except KeyboardInterrupt:
            finished = sum(one.state in ("finished", "unchanged") for one in job.done.values())
            words = ngettext(
                "Stopped; {n} notebook is kept. The next run goes on from there.",
                "Stopped; {n} notebooks are kept. The next run goes on from there.",
                finished,
            )
            console.print(words.format(n=finished))
            return 130
    for one in done:
        _tell_failure(one, job, console)
    _tell_summary(done, job, console)
    failures = [one.failure for one in done if one.failure]
    return 1 if any(failure.is_defect for failure in failures) else 2 if failures else 0


@contextmanager
def _progress(job: Run, console: Console) -> Iterator[Watcher]:
    """A bar per running notebook and one overall; on no terminal, a line per notebook."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from playbook.run.runner import Watcher

    with Progress(
        TextColumn("{task.description:<24}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        overall = progress.add_task(_("Notebooks"), total=len(job.steps))
        bars: dict[str, Any] = {}

        def start(step: str) -> None:
            bars[step] = progress.add_task(f"  {step}", total=None)

        def cell(step: str, done: int, total: int) -> None:
            progress.update(bars[step], completed=done, total=total)

        def finish(done: Done) -> None:
            if done.step in bars:
                progress.remove_task(bars.pop(done.step))
            console.print(_line(done), highlight=False)
            progress.advance(overall)

        yield Watcher(on_start=start, on_cell=cell, on_done=finish)


def _line(done: Done) -> str:
    """What became of one notebook, in one line."""
    words = {
        "finished": "[green]✓[/] " + _("ran in {seconds} s"),
        "unchanged": "[dim]=[/] " + _("unchanged"),
        "failed": "[red]✗[/] " + _("failed in cell {cell}"),
        "blocked": "[yellow]…[/] " + _("not run: needs {steps}"),
        "stopped": "[yellow]…[/] " + _("stopped"),
    }[done.state]
    text = words.format(
        seconds=numbers.number(done.seconds, 1),
        cell=done.failure.cell if done.failure else "",
        steps=", ".join(done.blocked_by),
    )
    return f"{done.step:<24} {text}"


def _tell_failure(done: Done, job: Run, console: Console) -> None:
    """One screen for a failed notebook: which cell, which message, what to do."""
    from rich.markup import escape
    from rich.panel import Panel
    from rich.text import Text

    if done.failure is None:
        return
    failure = done.failure
    source = "\n".join(failure.source.splitlines()[:6])
    advice = (
        _("This is a defect of the playbook, not of your inputs: please report it.")
        if failure.is_defect
        else _("Mend the input it names, then run again: what is finished is kept.")
    )
    kept = _("Half-run copy: {path}").format(path=job.folder / f"{done.step}.ipynb")
    console.print(
        Panel(
            f"[bold]{escape(failure.message)}[/]\n\n[dim]{escape(source)}[/]\n\n{escape(advice)}\n"
            f"[dim]{escape(kept)}[/]",
            title=escape(_("{step}, cell {cell}").format(step=done.step, cell=failure.cell)),
            title_align="left",
            border_style="red",
        )
    )
    if failure.is_defect:
        console.print(Text.from_ansi(failure.traceback))


def _tell_summary(done: Sequence[Done], job: Run, console: Console) -> None:
    ran = sum(one.state == "finished" for one in done)
    same = sum(one.state == "unchanged" for one in done)
    words = ngettext("{n} notebook ran", "{n} notebooks ran", ran).format(n=ran)
    unchanged = ngettext("{n} was unchanged", "{n} were unchanged", same).format(n=same)
    console.print(f"{words}, {unchanged}." if same else f"{words}.")
    if job.folder.exists():
        console.print(_("Copies and pages: {path}").format(path=job.folder), highlight=False)
