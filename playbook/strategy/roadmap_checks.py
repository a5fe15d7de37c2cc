"""What makes a plan useless, found before a date is promised on it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from playbook.display.findings import Finding, Findings, findings
from playbook.errors import PlaybookError
from playbook.stats.schedule import Schedule, cycle, pert, schedule
from playbook.strategy.roadmap import Roadmap, Task
from playbook.text import gettext as _
from playbook.text import numbers

QUARTER_WEEKS = 13
_MANY_TASKS = 6


def check(roadmap: Roadmap) -> Findings:
    """Check every task and the plan as a whole."""
    items = [item for task in roadmap.tasks for item in _check_task(task, roadmap)]
    broken = list(_check_network(roadmap))
    if not broken and not any(item.rule == "out_of_order" for item in items):
        items += _check_times(roadmap)
    return findings(_("Roadmap"), n_checked=len(roadmap.tasks), items=[*broken, *items])


def usable(roadmap: Roadmap) -> Roadmap:
    """The roadmap, if dates can be computed from it.

    Raises:
        PlaybookError: Tasks wait in a circle or for unknown ones, ids stand twice, or
            estimates are out of order; all are named.
    """
    wrong = [*_check_network(roadmap)]
    wrong += [item for task in roadmap.tasks for item in _check_order(task)]
    if wrong:
        raise PlaybookError(
            _("No dates can be computed from this plan."),
            problems=[f"{item.where}: {item.problem}" for item in wrong],
            advice=_("Mend the roadmap and run this step again."),
        )
    return roadmap


def _check_network(roadmap: Roadmap) -> Iterator[Finding]:
    """What makes the plan impossible: ids that stand twice, unknown ids, circles."""
    titles = {task.id: task.title for task in roadmap.tasks}
    ids = [task.id for task in roadmap.tasks]
    for twice in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield Finding(
            rule="id_twice",
            severity="error",
            where=titles[twice],
            problem=_("Two tasks have the id “{id}”.").format(id=twice),
            advice=_("Give one of them another id."),
        )
    unknown = [(task, id_) for task in roadmap.tasks for id_ in task.after if id_ not in titles]
    for task, id_ in unknown:
        yield Finding(
            rule="unknown_task",
            severity="error",
            where=task.title,
            problem=_("It waits for “{id}”, which is not in the plan.").format(id=id_),
            advice=_("Put the id right or add the task."),
        )
    if circle := () if unknown else cycle(roadmap.network()):
        yield Finding(
            rule="cycle",
            severity="error",
            where=titles[circle[0]],
            problem=_("These tasks wait for each other in a circle: {tasks}.").format(
                tasks=" → ".join(titles[id_] for id_ in circle)
            ),
            advice=_("Take one of the links out: something must be able to begin."),
        )


def _check_order(task: Task) -> Iterator[Finding]:
    if task.optimistic <= task.likely <= task.pessimistic:
        return
    words = _("Its estimates are out of order: {low}, {likely}, {high} weeks.")
    yield Finding(
        rule="out_of_order",
        severity="error",
        where=task.title,
        problem=words.format(
            low=numbers.number(task.optimistic, 1),
            likely=numbers.number(task.likely, 1),
            high=numbers.number(task.pessimistic, 1),
        ),
        advice=_("Put them right: optimistic, likely, pessimistic."),
    )


def _check_task(task: Task, roadmap: Roadmap) -> Iterator[Finding]:
    yield from _check_order(task)
    if task.likely == task.optimistic and not task.is_fixed:
        yield Finding(
            rule="no_spread",
            severity="warning",
            where=task.title,
            problem=_("The optimistic estimate is the likely one: it cannot get better."),
            advice=_("Estimate anew, or mark the length as fixed by design."),
        )
    if not task.owner:
        yield Finding(
            rule="no_owner",
            severity="error",
            where=task.title,
            problem=_("Nobody owns it."),
            advice=_("Name one role."),
        )
    is_awaited = any(task.id in other.after for other in roadmap.tasks)
    if not is_awaited and task.id not in roadmap.last:
        yield Finding(
            rule="orphan",
            severity="error",
            where=task.title,
            problem=_("Nothing waits for it, so it may be late for ever and nobody notices."),
            advice=_("Say what needs it, name it among the last tasks, or leave it out."),
        )


def _check_times(roadmap: Roadmap) -> Iterator[Finding]:
    mean, _sd = pert(*roadmap.estimates())
    times = schedule(roadmap.network(), mean)
    weeks = float(times.finish[0])
    if weeks <= QUARTER_WEEKS and len(roadmap.tasks) >= _MANY_TASKS:
        yield Finding(
            rule="one_quarter",
            severity="warning",
            where=_("The whole plan"),
            problem=_("{n} tasks are to end within {weeks} weeks, all in one quarter.").format(
                n=numbers.number(len(roadmap.tasks)), weeks=numbers.number(weeks, 1)
            ),
            advice=_("Changes of this kind take longer; ask what was left out."),
        )
    yield from _check_load(roadmap, times)


def _check_load(roadmap: Roadmap, times: Schedule) -> Iterator[Finding]:
    """Owners who would have to do three or more tasks at once."""
    for owner in sorted({task.owner for task in roadmap.tasks if task.owner}):
        mine = [i for i, task in enumerate(roadmap.tasks) if task.owner == owner]
        starts, ends = times.start[0, mine], times.end[0, mine]
        most = max(
            int(((starts <= at + 1e-9) & (ends > at + 1e-9)).sum()) for at in np.unique(starts)
        )
        if most >= 3:
            yield Finding(
                rule="load",
                severity="warning",
                where=owner,
                problem=_("{n} tasks of this role run at the same time.").format(
                    n=numbers.number(most)
                ),
                advice=_("Give some of them to another role or put them one after the other."),
            )
