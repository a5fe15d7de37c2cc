"""Is a target larger than what its metric does by itself, and has anybody got there yet?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from playbook.display.findings import Finding
from playbook.stats.proportions import answers_needed, nps_margin, smallest_visible_change
from playbook.strategy.goals import KeyResult
from playbook.strategy.kpis import KpiCard, Measure, written
from playbook.strategy.yardsticks import Yardsticks
from playbook.text import gettext as _
from playbook.text import name, numbers


def check_noise(
    result: KeyResult, *, where: str, card: KpiCard | None, yardsticks: Yardsticks | None
) -> Iterator[Finding]:
    """Hold a target against its survey's margin of error or against the company's history.

    Args:
        result: The key result; nothing is found while its baseline or target is missing.
        where: Its name for the reader.
        card: The card of its metric.
        yardsticks: What the company's tables tell, if they do.
    """
    if result.baseline is None or result.target in (None, result.baseline):
        return
    if result.survey:
        yield from _survey(result, result.survey.answers, where=where)
    elif card and yardsticks and yardsticks.of(result.metric):
        yield from _history(result, where=where, card=card, yardsticks=yardsticks)
    elif yardsticks:
        yield Finding(
            rule="noise_unknown",
            severity="hint",
            where=where,
            problem=_("Your tables do not tell how far it moves when nobody moves it."),
            advice=_("Read it several times before the start, or compare with a control group."),
        )


def _survey(result: KeyResult, answers: int, *, where: str) -> Iterator[Finding]:
    survey = result.survey
    if survey is None or result.baseline is None or result.target is None:
        return
    wanted = abs(result.target - result.baseline)
    shares = {"promoters": survey.promoters, "detractors": survey.detractors}
    margin = nps_margin(**shares, n=answers)
    visible = smallest_visible_change(margin)
    if wanted >= visible:
        return
    needed = answers_needed(**shares, change=wanted)
    problem = _(
        "With {n} answers a reading is good to ±{margin} points, so two readings differ by up to "
        "{visible} by chance; the goal wants {wanted}."
    )
    yield Finding(
        rule="inside_noise",
        severity="error",
        where=where,
        problem=problem.format(
            n=numbers.number(answers),
            margin=numbers.number(margin, 1),
            visible=numbers.number(visible, 1),
            wanted=numbers.number(wanted, 1),
        ),
        advice=_("Collect {n} answers per reading, or ask for more than chance gives.").format(
            n=numbers.number(needed)
        ),
    )


def _history(
    result: KeyResult, *, where: str, card: KpiCard, yardsticks: Yardsticks
) -> Iterator[Finding]:
    row = yardsticks.of(result.metric)
    if row is None or result.baseline is None or result.target is None:
        return
    wanted = result.target - result.baseline
    noise = float(str(row["noise"]))
    if abs(wanted) < noise:
        yield Finding(
            rule="inside_noise",
            severity="error",
            where=where,
            problem=_(
                "It shall move by {wanted}; it moves by up to {noise} with nobody's help."
            ).format(wanted=_difference(wanted, card.unit), noise=_difference(noise, card.unit)),
            advice=_("Ask for more, wait longer, or judge by a comparison with a control group."),
        )
    yield from _baseline(result, where=where, card=card, row=row, noise=noise)
    best = float(str(row["best_reading"]))
    if (result.target - best) * (1 if wanted > 0 else -1) > 0:
        yield Finding(
            rule="beyond_best",
            severity="hint",
            where=where,
            problem=_("No region stands there yet; the best, {region}, has {best}.").format(
                region=name(str(row["best_region"])), best=written(best, card.unit)
            ),
            advice=_("Say what will be done that even the best region does not do today."),
        )


def _baseline(
    result: KeyResult, *, where: str, card: KpiCard, row: Mapping[str, object], noise: float
) -> Iterator[Finding]:
    reading = float(str(row["reading"]))
    if result.baseline is None or not abs(result.baseline - reading) > noise:
        return
    yield Finding(
        rule="baseline_differs",
        severity="warning",
        where=where,
        problem=_("The baseline says {baseline}, your tables say {reading}.").format(
            baseline=written(result.baseline, card.unit), reading=written(reading, card.unit)
        ),
        advice=_("Take the figure of the tables, or find out which window the other one used."),
    )


def _difference(value: float, unit: Measure) -> str:
    return (
        numbers.points(abs(value), signed=False) if unit == "share" else written(abs(value), unit)
    )
