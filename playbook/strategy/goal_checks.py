"""What makes a goal useless, found while it can still be changed.

SMART and OKR practice turned into checks, plus the two that are usually left out: is
the target larger than what the metric does by itself, and has anybody got there yet?
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from playbook.display.findings import Finding, Findings, findings
from playbook.strategy.goal_noise import check_noise
from playbook.strategy.goals import Goals, KeyResult, Objective
from playbook.strategy.kpis import Direction, KpiCard, Kpis, Measure, written
from playbook.strategy.yardsticks import Yardsticks
from playbook.text import gettext as _
from playbook.text import name, ngettext, numbers

MOST_OBJECTIVES = 5
KEY_RESULTS = (2, 4)

# First words of a sentence that tells what will be done, not what will be different.
_ACTIVITIES = re.compile(
    r"^\W*(launch|introduc|implement|build|creat|develop|roll out|run|train|set up|start|"
    r"install|buy|hire|open|prepare|organi[sz]e|deploy|design|write|make|carry out|conduct|"
    r"запус|внедр|разработ|созда|постро|провест|провед|проводи|организ|обуч|установ|наня|наним|"
    r"откры|купи|закупи|подготов|нача|начин|сдела|напис|реализ|выполн|автоматиз)",
    re.IGNORECASE,
)
_EVERYBODY = re.compile(
    r"^\W*(everybody|everyone|all|(the )?team|все|каждый|команда)\W*$", re.IGNORECASE
)
_SEVERAL = re.compile(r"[,;/&+]|\band\b|\bи\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class _Context:
    """What the checks of one key result look things up in."""

    goals: Goals
    cards: Mapping[str, KpiCard]
    yardsticks: Yardsticks | None


def check(
    objectives: Sequence[Objective],
    *,
    goals: Goals,
    kpis: Kpis,
    yardsticks: Yardsticks | None = None,
) -> Findings:
    """Check objectives, whether drafts or agreed, with everything that is known.

    Args:
        objectives: ``goals.objectives`` or ``goals.drafts``.
        goals: Where the dates and the guardrails stand.
        kpis: The dictionary that the metrics must come from.
        yardsticks: Noise and reach measured on the company's tables; without them
            targets are only held against what their survey can see.
    """
    context = _Context(goals=goals, cards=kpis.by_id(), yardsticks=yardsticks)
    items = [
        *_check_number(objectives),
        *(item for objective in objectives for item in _check_objective(objective, context)),
        *_fights(objectives, context),
    ]
    return findings(_("Goals"), n_checked=len(objectives), items=items)


def _check_number(objectives: Sequence[Objective]) -> Iterator[Finding]:
    if len(objectives) > MOST_OBJECTIVES:
        yield Finding(
            rule="too_many_objectives",
            severity="error",
            where=_("All goals"),
            problem=_("{n} objectives are more than anybody can hold in mind.").format(
                n=numbers.number(len(objectives))
            ),
            advice=_("Keep at most {n}; the rest waits for next year.").format(n=MOST_OBJECTIVES),
        )


def _check_objective(objective: Objective, context: _Context) -> Iterator[Finding]:
    yield from _check_owner(objective)
    if _ACTIVITIES.match(objective.statement):
        yield Finding(
            rule="activity",
            severity="warning",
            where=objective.statement,
            problem=_("It says what will be done, not what will be different for the customer."),
            advice=_("Ask “so that what?” and write down the answer instead."),
        )
    few, many = KEY_RESULTS
    n = len(objective.key_results)
    if not few <= n <= many:
        yield Finding(
            rule="key_results",
            severity="error" if n == 0 else "warning",
            where=objective.statement,
            problem=ngettext("It has {n} key result.", "It has {n} key results.", n).format(
                n=numbers.number(n)
            ),
            advice=_(
                "Give it {few} to {many}: one number can be pushed at the cost of all others."
            ).format(few=few, many=many),
        )
    known = {rail.id for rail in context.goals.guardrails}
    if not set(objective.guardrails) & known:
        yield Finding(
            rule="no_guardrail",
            severity="error",
            where=objective.statement,
            problem=_("Nothing says what must not get worse on the way."),
            advice=_("Name one guardrail, such as gross margin or the queue at the till."),
        )
    for result in objective.key_results:
        yield from _check_key_result(result, context)


def _check_owner(objective: Objective) -> Iterator[Finding]:
    owner = objective.owner
    if not owner:
        rule, problem = "no_owner", _("Nobody owns it.")
    elif _EVERYBODY.search(owner):
        rule, problem = "everybody", _("“{owner}” is nobody.").format(owner=owner)
    elif _SEVERAL.search(owner):
        rule, problem = "several_owners", _("“{owner}” are several owners.").format(owner=owner)
    else:
        return
    yield Finding(
        rule=rule,
        severity="warning" if rule == "several_owners" else "error",
        where=objective.statement,
        problem=problem,
        advice=_("Name one role that will explain the number when it is missed."),
    )


def _check_key_result(result: KeyResult, context: _Context) -> Iterator[Finding]:
    card = context.cards.get(result.metric)
    where = f"{result.id}: {card.name if card else result.metric}"
    if card is None or card.status == "retire":
        problem = (
            _("The KPI dictionary does not know “{id}”.").format(id=result.metric)
            if card is None
            else _("This KPI is to retire.")
        )
        yield Finding(
            rule="unknown_metric",
            severity="error",
            where=where,
            problem=problem,
            advice=_("Take a KPI from the dictionary, or write a card for this one first."),
        )
    yield from _check_values(result, where=where, card=card)
    yield from _check_date(result, context.goals, where=where)
    yield from _check_counter(result, where=where, context=context)
    yield from check_noise(result, where=where, card=card, yardsticks=context.yardsticks)


def _check_values(result: KeyResult, *, where: str, card: KpiCard | None) -> Iterator[Finding]:
    missing = {"no_baseline": result.baseline, "no_target": result.target}
    words = {"no_baseline": _("It has no baseline."), "no_target": _("It has no target.")}
    for rule in (rule for rule, value in missing.items() if value is None):
        yield Finding(
            rule=rule,
            severity="error",
            where=where,
            problem=words[rule],
            advice=_("Measure it or leave the goal out: without it nobody can tell success."),
        )
    if result.baseline is None or result.target is None:
        return
    moves: Direction = "up" if result.target > result.baseline else "down"
    unit: Measure = card.unit if card else "number"
    if result.target == result.baseline:
        problem = _("Target and baseline are both {value}.").format(
            value=written(result.target, unit)
        )
    elif moves != result.direction:
        wanted = _("up") if result.direction == "up" else _("down")
        problem = _("It shall go {way}, but {baseline} to {target} goes the other way.").format(
            way=wanted,
            baseline=written(result.baseline, unit),
            target=written(result.target, unit),
        )
    elif card and card.direction != result.direction:
        problem = _("Its KPI card says that the other direction is better.")
    else:
        return
    yield Finding(
        rule="direction",
        severity="error",
        where=where,
        problem=problem,
        advice=_("Put baseline, target and direction right."),
    )


def _check_date(result: KeyResult, goals: Goals, *, where: str) -> Iterator[Finding]:
    if result.date is None:
        problem = _("It has no date.")
    elif result.date <= goals.set_on:
        problem = _("It is due on {date}, not after the day on which the goals were set.").format(
            date=numbers.date(result.date)
        )
    elif result.date < goals.start:
        problem = _("It is due on {date}, before the change starts on {start}.").format(
            date=numbers.date(result.date), start=numbers.date(goals.start)
        )
    else:
        return
    yield Finding(
        rule="date",
        severity="error",
        where=where,
        problem=problem,
        advice=_("Give a day after the change has had time to work."),
    )


def _check_counter(result: KeyResult, *, where: str, context: _Context) -> Iterator[Finding]:
    card = context.cards.get(result.metric)
    counter = result.counter_metric or (card.counter_metric if card else "")
    if counter and counter != result.metric and counter in context.cards:
        return
    yield Finding(
        rule="no_counter_metric",
        severity="warning",
        where=where,
        problem=_("Nothing would show if this number were reached at any price."),
        advice=_("Name a counter-metric, here or on the KPI card."),
    )


def _fights(objectives: Sequence[Objective], context: _Context) -> Iterator[Finding]:
    """Two key results that push one driver in opposite directions."""
    results = [result for objective in objectives for result in objective.key_results]
    for i, one in enumerate(results):
        for other in results[i + 1 :]:
            mine, theirs = _pushes(one), _pushes(other)
            for driver in sorted(set(mine) & set(theirs)):
                if mine[driver] != theirs[driver]:
                    yield _fight(one, other, driver=driver, context=context)


def _pushes(result: KeyResult) -> dict[str, Direction]:
    """What a key result moves: its own metric, and what it says it moves besides."""
    return {result.metric: result.direction} | result.pushes


def _fight(one: KeyResult, other: KeyResult, *, driver: str, context: _Context) -> Finding:
    card = context.cards.get(driver)
    return Finding(
        rule="fight",
        severity="error",
        where=f"{one.id}, {other.id}",
        problem=_("They pull “{driver}” in opposite directions.").format(
            driver=card.name if card else name(driver)
        ),
        advice=_("Decide which one gives way, or turn one of them into a guardrail."),
    )
