"""What makes a KPI card useless, found before anybody is judged by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from playbook.display.findings import Finding, Findings, findings
from playbook.strategy.kpis import KpiCard, Kpis, written
from playbook.text import gettext as _
from playbook.text import numbers

MOST_CARDS = 25


def check(kpis: Kpis, *, today: dt.date) -> Findings:
    """Look for what makes a KPI useless: no formula, two formulas, no owner, no way to cheat named.

    Args:
        kpis: The cards.
        today: The day against which retire dates are held.
    """
    items = [
        *_clashes(kpis),
        *(item for card in kpis.cards for item in _check_card(card, kpis=kpis, today=today)),
        *_check_whole(kpis),
    ]
    return findings(_("KPI cards"), n_checked=len(kpis.cards), items=items)


def _check_card(card: KpiCard, *, kpis: Kpis, today: dt.date) -> Iterator[Finding]:
    if card.status == "retire":
        yield from _check_retired(card)
        return
    yield from _check_fields(card)
    yield from _check_thresholds(card)
    yield from _check_counter(card, kpis=kpis)
    if card.retire_date and card.retire_date < today:
        yield Finding(
            rule="past_its_date",
            severity="warning",
            where=card.name,
            problem=_("It was to retire on {date} and is still in force.").format(
                date=numbers.date(card.retire_date)
            ),
            advice=_("Retire it or give it a new date."),
        )


def _check_retired(card: KpiCard) -> Iterator[Finding]:
    if card.retire_date is None:
        yield Finding(
            rule="retires_never",
            severity="error",
            where=card.name,
            problem=_("It is to retire, but no date says when."),
            advice=_("Name the last day on which anybody is judged by it."),
        )


def _check_fields(card: KpiCard) -> Iterator[Finding]:
    vital = {
        "formula": (card.formula, _("formula")),
        "owner": (card.owner, _("owner")),
        "source": (card.source, _("source")),
        "gaming": (card.gaming, _("known way to cheat")),
    }
    for field, (value, words) in vital.items():
        if not value:
            yield Finding(
                rule=f"no_{field}",
                severity="error",
                where=card.name,
                problem=_("The card has no {field}.").format(field=words),
                advice=_("Fill it in, or take the KPI out of the dictionary."),
            )
    rest = {
        _("question"): card.question,
        _("grain"): card.grain,
        _("what counts"): card.includes,
        _("what does not count"): card.excludes,
        _("missing values"): card.gaps,
        _("how often it is read"): card.cadence,
        _("caveats"): card.caveats,
    }
    if empty := [words for words, value in rest.items() if not value]:
        yield Finding(
            rule="fields_empty",
            severity="warning",
            where=card.name,
            problem=_("These fields are empty: {fields}.").format(fields=", ".join(empty)),
            advice=_("Fill them in, so that two people compute the same number."),
        )


def _check_thresholds(card: KpiCard) -> Iterator[Finding]:
    limits = [value for value in (card.green, card.red) if value is not None]
    if card.unit == "share" and any(abs(value) > 1 for value in limits):
        yield Finding(
            rule="percent_for_share",
            severity="error",
            where=card.name,
            problem=_("A limit of {limit} cannot be a share between 0 and 1.").format(
                limit=numbers.number(max(limits, key=abs), 1)
            ),
            advice=_("Write shares as 0.62, not as 62."),
        )
        return
    if card.green is None or card.red is None:
        return
    if (card.green > card.red) != (card.direction == "up"):
        better = _("higher") if card.direction == "up" else _("lower")
        yield Finding(
            rule="limits_reversed",
            severity="error",
            where=card.name,
            problem=_("{better} is better, but green is {green} and red is {red}.").format(
                better=better.capitalize(),
                green=written(card.green, card.unit),
                red=written(card.red, card.unit),
            ),
            advice=_("Swap the two limits or turn the direction round."),
        )


def _check_counter(card: KpiCard, *, kpis: Kpis) -> Iterator[Finding]:
    known = kpis.by_id()
    if not card.counter_metric:
        problem = _("Nothing shows what would be paid for pushing it: there is no counter-metric.")
    elif card.counter_metric == card.id:
        problem = _("It is its own counter-metric.")
    elif card.counter_metric not in known:
        problem = _("Its counter-metric “{id}” is not in the dictionary.").format(
            id=card.counter_metric
        )
    elif known[card.counter_metric].status == "retire":
        problem = _("Its counter-metric “{id}” retires.").format(id=card.counter_metric)
    else:
        return
    yield Finding(
        rule="no_counter_metric",
        severity="warning" if not card.counter_metric else "error",
        where=card.name,
        problem=problem,
        advice=_("Name the KPI that would fall if somebody pushed this one at any price."),
    )


def _clashes(kpis: Kpis) -> Iterator[Finding]:
    by_name: dict[str, list[KpiCard]] = {}
    for card in kpis.cards:
        by_name.setdefault(" ".join(card.name.casefold().split()), []).append(card)
    for same in by_name.values():
        if len({card.formula for card in same}) > 1:
            yield Finding(
                rule="two_formulas",
                severity="error",
                where=same[0].name,
                problem=_("{n} cards bear this name, each with its own formula: {ids}.").format(
                    n=numbers.number(len(same)), ids=", ".join(card.id for card in same)
                ),
                advice=_("Keep one formula; give the other a name of its own or retire it."),
            )
    ids = [card.id for card in kpis.cards]
    for twice in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield Finding(
            rule="id_twice",
            severity="error",
            where=kpis.by_id()[twice].name,
            problem=_("Two cards have the id “{id}”.").format(id=twice),
            advice=_("Give one of them another id."),
        )


def _check_whole(kpis: Kpis) -> Iterator[Finding]:
    live = [card for card in kpis.cards if card.status == "live"]
    if len(live) > MOST_CARDS:
        yield Finding(
            rule="too_many",
            severity="warning",
            where=_("The dictionary"),
            problem=_("{n} KPIs are in force; nobody steers by more than {most}.").format(
                n=numbers.number(len(live)), most=numbers.number(MOST_CARDS)
            ),
            advice=_("Retire those that have not changed a decision this year."),
        )
    if live and not any(card.nature == "leading" for card in live):
        yield Finding(
            rule="nothing_leads",
            severity="warning",
            where=_("The dictionary"),
            problem=_("Every KPI tells of the past; none warns."),
            advice=_("Add one or two that move weeks before the result does."),
        )
