"""What is wrong with a bonus: cliffs, crowds of measures, luck, pay for the old behaviour."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.display.findings import Finding, Findings, findings
from playbook.scaling.incentives import BonusPlan, Incentives
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import percent

MOST_MEASURES = 4
LARGEST_JUMP = 0.25  # of the target bonus, at the threshold
LEAST_WEIGHT = 0.10
WEIGHT_TOLERANCE = 0.001
MOST_LUCK = 0.5


def check_incentives(incentives: Incentives) -> Findings:
    """Look for cliffs, crowds of measures, luck, and pay for the old behaviour.

    Only the proposed plans are checked: today's are what is left behind.
    """
    found = [
        item
        for plan in incentives.proposed
        for item in (*_shape(plan), *_measures(plan, incentives), *_old_pay(plan, incentives))
    ]
    return findings(_("Bonus plans"), n_checked=len(incentives.proposed), items=found)


def _shape(plan: BonusPlan) -> Iterator[Finding]:
    """What is wrong with the curve and the number of measures."""
    if plan.curve.pay_at_threshold > LARGEST_JUMP:
        yield Finding(
            rule="cliff",
            severity="error",
            where=plan.role,
            problem=_(
                "Pay jumps from 0 to {jump} at the threshold of {threshold}: whoever is just "
                "below pulls sales forward, whoever is far below gives up."
            ).format(
                jump=percent(plan.curve.pay_at_threshold), threshold=percent(plan.curve.threshold)
            ),
            advice=_("Let pay start at 0 at the threshold, and set the threshold lower."),
        )
    if len(plan.measures) > MOST_MEASURES:
        words = ngettext("{n} measure", "{n} measures", len(plan.measures))
        yield Finding(
            rule="many_measures",
            severity="error",
            where=plan.role,
            problem=_("{measures} in one bonus: nobody steers by more than {most}.").format(
                measures=words.format(n=len(plan.measures)), most=MOST_MEASURES
            ),
            advice=_("Keep the few that the person moves most."),
        )
    total = sum(measure.weight for measure in plan.measures)
    if abs(total - 1) > WEIGHT_TOLERANCE:
        yield Finding(
            rule="weights",
            severity="error",
            where=plan.role,
            problem=_("The weights sum to {total}, not to 100 %.").format(total=percent(total)),
            advice=_("Make them sum to 100 %."),
        )


def _measures(plan: BonusPlan, incentives: Incentives) -> Iterator[Finding]:
    """What is wrong with single measures."""
    for measure in plan.measures:
        name = incentives.kpi(measure.kpi).name
        if measure.influence == "none":
            yield Finding(
                rule="no_influence",
                severity="error",
                where=plan.role,
                problem=_("“{kpi}” is paid for, but this role cannot move it.").format(kpi=name),
                advice=_("Take it out, or pay it to those who can move it."),
            )
        if measure.weight < LEAST_WEIGHT:
            yield Finding(
                rule="small_weight",
                severity="warning",
                where=plan.role,
                problem=_("“{kpi}” weighs {weight}: nobody will notice it.").format(
                    kpi=name, weight=percent(measure.weight)
                ),
                advice=_("Give it at least {least}, or take it out.").format(
                    least=percent(LEAST_WEIGHT)
                ),
            )
        if measure.luck is not None and measure.luck > MOST_LUCK:
            yield Finding(
                rule="luck",
                severity="warning",
                where=plan.role,
                problem=_("{luck} of the differences in “{kpi}” are chance, not merit.").format(
                    luck=percent(measure.luck), kpi=name
                ),
                advice=_("Measure it over a longer time, or for a team instead of a shop."),
            )


def _old_pay(plan: BonusPlan, incentives: Incentives) -> Iterator[Finding]:
    """Measures that go on paying for what the change is to leave behind."""
    for measure in plan.measures:
        kpi = incentives.kpi(measure.kpi)
        if kpi.fate == "retire" or kpi.rewards == "winning":
            yield Finding(
                rule="old_behaviour",
                severity="error",
                where=plan.role,
                problem=_(
                    "“{kpi}” still pays for winning customers, whether or not they come back."
                ).format(kpi=kpi.name)
                if kpi.rewards == "winning"
                else _("“{kpi}” is to retire and is still paid for.").format(kpi=kpi.name),
                advice=_("Pay for customers who come back instead."),
            )
    if not any(incentives.kpi(m.kpi).rewards == "keeping" for m in plan.measures):
        yield Finding(
            rule="no_keeping",
            severity="warning",
            where=plan.role,
            problem=_("Nothing in this bonus is paid for customers who come back."),
            advice=_("Add a measure of repeat purchase that this role moves."),
        )
