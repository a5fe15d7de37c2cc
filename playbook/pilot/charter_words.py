"""The charter in words: the rows of its table, and what its pilot can see."""

from __future__ import annotations

from playbook.pilot.charter import Charter, PilotGuardrail
from playbook.pilot.estimator import estimator_words
from playbook.text import gettext as _
from playbook.text.numbers import number, percent, points


def sight(charter: Charter) -> list[str]:
    """What the pilot can and cannot see, held against what is needed."""
    found = []
    if charter.break_even is not None:
        words = (
            _("The pilot sees {mde}; as designed the programme pays from {need}.")
            if charter.is_answerable
            else _("The pilot sees {mde} only; as designed the programme pays from {need} already.")
        )
        found.append(words.format(mde=points(charter.mde, 2), need=points(charter.break_even, 2)))
    if charter.break_even_adjusted is not None and charter.break_even_adjusted < charter.mde:
        found.append(
            _(
                "With the fallback it pays from {need}, which is less than the pilot finds "
                "reliably: a result in between is decided by the chance that it pays."
            ).format(need=points(charter.break_even_adjusted, 2))
        )
    return found


def lines(charter: Charter) -> list[tuple[str, str]]:
    """The charter as rows of a table."""
    question, card, rule = charter.question, charter.test_card, charter.rule
    looks = ", ".join(number(week) for week in charter.looks_weeks)
    guards = [(_("Must not get worse"), _guard_line(guard)) for guard in charter.guardrails]
    sees = [(_("What it can see"), line) for line in sight(charter)]
    return [
        (_("In whom"), question.population),
        (_("Which change"), question.change),
        (_("Against what"), question.comparison),
        (_("What shall move"), question.outcome),
        (_("We believe"), card.we_believe),
        (_("To verify it"), card.to_verify),
        (_("We measure"), card.we_measure),
        (_("We are right if"), card.right_if),
        (_("The one KPI that decides"), f"{charter.kpi.name}: {charter.kpi.formula}"),
        *guards,
        (_("How the effect is measured"), estimator_words()[charter.estimator]),
        (_("Outcome is read after week"), looks),
        *sees,
        (
            _("GO"),
            _("chance that it pays, going forward, of {share} or more; guardrails in green").format(
                share=percent(rule.go_from)
            )
            if rule.guardrails_decide
            else _("chance that it pays, going forward, of {share} or more").format(
                share=percent(rule.go_from)
            ),
        ),
        (
            _("ADJUST"),
            _("chance of {low} to {high}, or a guardrail in amber").format(
                low=percent(rule.adjust_from), high=percent(rule.go_from)
            ),
        ),
        (_("STOP"), _("chance below {share}").format(share=percent(rule.adjust_from))),
        *((_("Fallback"), change.name) for change in charter.fallback),
    ]


def _guard_line(guard: PilotGuardrail) -> str:
    """A guardrail with its limits."""
    words = (
        _("{name}: at most {limit}, alarm beyond {alarm}")
        if guard.side == "at_most"
        else _("{name}: at least {limit}, alarm below {alarm}")
    )
    write = percent if guard.is_relative else (lambda value: number(value, 1))
    return words.format(name=guard.name, limit=write(guard.limit), alarm=write(guard.alarm))
