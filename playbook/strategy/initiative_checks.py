"""What makes a vote on initiatives useless, found before anybody counts it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from playbook.display.findings import Finding, Findings, findings
from playbook.stats.pairwise import MOST_INCONSISTENT, weigh
from playbook.strategy.ballots import comparison_matrix
from playbook.strategy.initiatives import (
    CRITERIA,
    FEWEST_VOTERS,
    IMPACTS,
    Ballot,
    Estimate,
    Initiatives,
    criterion_words,
)
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

_ALIKE = 0.85


def check(document: Initiatives) -> Findings:
    """Check the long list and every ballot."""
    items = [
        *_check_list(document),
        *(item for ballot in document.ballots for item in _check_ballot(ballot, document)),
    ]
    return findings(
        _("Initiatives and ballots"),
        n_checked=len(document.initiatives) + len(document.ballots),
        items=items,
    )


def _check_list(document: Initiatives) -> Iterator[Finding]:
    n = len(document.ballots)
    if n < FEWEST_VOTERS:
        yield Finding(
            rule="few_voters",
            severity="error" if n < 2 else "warning",
            where=_("All ballots"),
            problem=ngettext(
                "Only {n} person estimated and voted.", "Only {n} people estimated and voted.", n
            ).format(n=numbers.number(n)),
            advice=_(
                "Ask at least {n}: fewer are neither anonymous nor a view of the room."
            ).format(n=FEWEST_VOTERS),
        )
    for one, other in combinations(document.initiatives, 2):
        alike = SequenceMatcher(None, one.title.casefold(), other.title.casefold()).ratio()
        if one.id == other.id or alike > _ALIKE:
            yield Finding(
                rule="duplicate",
                severity="error",
                where=one.title,
                problem=_(
                    "“{one}” and “{other}” look like the same thing and split the votes."
                ).format(one=one.title, other=other.title),
                advice=_("Merge them or say what makes them different."),
            )


def _check_ballot(ballot: Ballot, document: Initiatives) -> Iterator[Finding]:
    where = _("Ballot {n}").format(n=ballot.voter)
    known = document.by_id()
    named = {estimate.initiative for estimate in ballot.estimates} | set(ballot.votes)
    if unknown := sorted(named - set(known)):
        yield Finding(
            rule="unknown_initiative",
            severity="error",
            where=where,
            problem=_("It names initiatives that are not on the list: {ids}.").format(
                ids=", ".join(unknown)
            ),
            advice=_("Put the ids right or add the initiatives to the list."),
        )
    missing = [i.title for i in document.initiatives if i.id not in
               {estimate.initiative for estimate in ballot.estimates}]  # fmt: skip
    if missing:
        yield Finding(
            rule="estimate_missing",
            severity="warning",
            where=where,
            problem=_("It has no estimate for {titles}.").format(titles=", ".join(missing)),
            advice=_("Ask for it; until then the ballot counts for the other initiatives only."),
        )
    for estimate in ballot.estimates:
        yield from _check_estimate(estimate, where=where, title=_title(estimate, document))
    yield from _check_credits(ballot, where=where, allowed=document.credits)
    yield from _check_comparisons(ballot, where=where)


def _title(estimate: Estimate, document: Initiatives) -> str:
    found = document.by_id().get(estimate.initiative)
    return found.title if found else estimate.initiative


def _check_estimate(estimate: Estimate, *, where: str, title: str) -> Iterator[Finding]:
    if estimate.effort == 0 or estimate.size == 0:
        yield Finding(
            rule="no_effort",
            severity="error",
            where=where,
            problem=_("“{title}” is said to take no effort at all.").format(title=title),
            advice=_("Estimate at least half a person-month; the score divides by it."),
        )
    if estimate.confidence > 1:
        yield Finding(
            rule="confidence",
            severity="error",
            where=where,
            problem=_("“{title}” has a confidence of {value}.").format(
                title=title, value=numbers.number(estimate.confidence, 1)
            ),
            advice=_("Write 100 % as 1, 80 % as 0.8, 50 % as 0.5."),
        )
    if estimate.impact not in IMPACTS:
        yield Finding(
            rule="impact",
            severity="warning",
            where=where,
            problem=_("“{title}” has an impact of {value}, which is not on the scale.").format(
                title=title, value=numbers.number(estimate.impact, 2)
            ),
            advice=_("Take 3, 2, 1, 0.5 or 0.25, so that ballots can be compared."),
        )


def _check_credits(ballot: Ballot, *, where: str, allowed: int) -> Iterator[Finding]:
    if ballot.credits > allowed:
        yield Finding(
            rule="overspent",
            severity="error",
            where=where,
            problem=_("Its votes cost {spent} credits; {allowed} were given.").format(
                spent=numbers.number(ballot.credits), allowed=numbers.number(allowed)
            ),
            advice=_("Take votes back: n votes for one initiative cost n² credits."),
        )


def _check_comparisons(ballot: Ballot, *, where: str) -> Iterator[Finding]:
    if not ballot.comparisons:
        return
    weights = weigh(comparison_matrix(ballot))
    if weights.is_consistent:
        return
    i, j = weights.revisit
    words = criterion_words()
    problem = _(
        "Its comparisons contradict each other: inconsistency {ratio}, at most {most} is usual."
    )
    advice = _("Ask again about “{one}” and “{other}”; the other answers imply {times} to 1.")
    yield Finding(
        rule="inconsistent",
        severity="error",
        where=where,
        problem=problem.format(
            ratio=numbers.number(weights.consistency_ratio, 2),
            most=numbers.number(MOST_INCONSISTENT, 2),
        ),
        advice=advice.format(
            one=words[CRITERIA[i]],
            other=words[CRITERIA[j]],
            times=numbers.number(weights.revisit_implied, 2),
        ),
    )
