"""The ballots as arrays: voters × initiatives, and the scores each voter's numbers give.

RICE is reach × impact × confidence ÷ effort (Intercom); WSJF is (value + urgency + risk)
÷ size (SAFe); votes are quadratic, so that n votes cost n² credits; the weights of the
criteria come from pairwise comparisons (AHP, Saaty).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.errors import PlaybookError
from playbook.stats.pairwise import matrix_of, weigh
from playbook.strategy.initiatives import CRITERIA, Ballot, Initiatives
from playbook.text import gettext as _

Floats = NDArray[np.float64]
FIELDS = ("reach", "impact", "confidence", "effort", "value", "urgency", "risk", "size")


@dataclass(frozen=True, kw_only=True)
class Votes:
    """What the room handed in, in numbers.

    Attributes:
        ids: The initiatives, in the order of all arrays' last axis.
        estimates: ``(n_voters, n_initiatives)`` per field; ``nan`` where not estimated.
        votes: ``(n_voters, n_initiatives)``.
        matrices: ``(n_voters, 4, 4)``; ``nan`` where a voter compared nothing or too
            inconsistently to be used.
        refused: Voters whose comparisons contradict each other.
    """

    ids: tuple[str, ...]
    estimates: dict[str, Floats]
    votes: Floats
    matrices: Floats
    refused: tuple[str, ...]


def rice(*, reach: Floats, impact: Floats, confidence: Floats, effort: Floats) -> Floats:
    """Reach × impact × confidence ÷ effort; nought effort gives ``nan``.

    Example:
        >>> one = {"reach": 1000, "impact": 2, "confidence": 0.8, "effort": 5}
        >>> float(rice(**{key: np.array(value) for key, value in one.items()}))
        320.0
    """
    scores: Floats = reach * impact * confidence / np.where(effort > 0, effort, np.nan)
    return scores


def wsjf(*, value: Floats, urgency: Floats, risk: Floats, size: Floats) -> Floats:
    """(Value + urgency + risk) ÷ size, the weighted shortest job first.

    Example:
        >>> one = {"value": 100, "urgency": 50, "risk": 20, "size": 10}
        >>> float(wsjf(**{key: np.array(value) for key, value in one.items()}))
        17.0
    """
    scores: Floats = (value + urgency + risk) / np.where(size > 0, size, np.nan)
    return scores


def criteria(*, value: Floats, urgency: Floats, risk: Floats, size: Floats) -> Floats:
    """The four criteria of the AHP on a common scale, the best initiative at 1.

    Args:
        value: ``(..., n_initiatives)``; the others alike.
        urgency: What waiting costs.
        risk: Risk taken away.
        size: Size of the job; ease is the smallest size over the size.

    Returns:
        ``(..., n_initiatives, 4)`` in the order of ``CRITERIA``.
    """
    rising = [v / v.max(axis=-1, keepdims=True) for v in (value, urgency, risk)]
    ease = size.min(axis=-1, keepdims=True) / size
    stacked: Floats = np.stack([*rising, ease], axis=-1)
    return stacked


def comparison_matrix(ballot: Ballot) -> Floats:
    """The reciprocal matrix of a ballot's comparisons of the criteria."""
    place = {criterion: i for i, criterion in enumerate(CRITERIA)}
    pairs = {(place[c.more], place[c.less]): c.times for c in ballot.comparisons}
    return matrix_of(len(CRITERIA), pairs)


def votes_of(document: Initiatives) -> Votes:
    """The ballots as arrays.

    Raises:
        PlaybookError: Nobody voted, or an initiative was estimated by nobody.
    """
    ids = tuple(initiative.id for initiative in document.initiatives)
    if not document.ballots:
        raise PlaybookError(
            _("Nobody has estimated or voted yet."),
            advice=_("Collect at least five ballots, then run this step again."),
        )
    estimates = {field: _field(document, ids, field) for field in FIELDS}
    _refuse_unknown(document, ids, estimates["reach"])
    matrices = [comparison_matrix(ballot) for ballot in document.ballots]
    is_used = [
        bool(ballot.comparisons) and weigh(matrix).is_consistent
        for ballot, matrix in zip(document.ballots, matrices, strict=True)
    ]
    refused = [
        ballot.voter
        for ballot, used in zip(document.ballots, is_used, strict=True)
        if ballot.comparisons and not used
    ]
    return Votes(
        ids=ids,
        estimates=estimates,
        votes=np.array([[float(b.votes.get(i, 0)) for i in ids] for b in document.ballots]),
        matrices=np.where(np.array(is_used)[:, None, None], np.array(matrices), np.nan),
        refused=tuple(refused),
    )


def _field(document: Initiatives, ids: tuple[str, ...], field: str) -> Floats:
    given = [
        {estimate.initiative: float(getattr(estimate, field)) for estimate in ballot.estimates}
        for ballot in document.ballots
    ]
    return np.array([[found.get(id_, np.nan) for id_ in ids] for found in given])


def _refuse_unknown(document: Initiatives, ids: tuple[str, ...], reach: Floats) -> None:
    titles = {i.id: i.title for i in document.initiatives}
    blank = [titles[id_] for i, id_ in enumerate(ids) if np.isnan(reach[:, i]).all()]
    if blank:
        raise PlaybookError(
            _("Some initiatives were estimated by nobody."),
            problems=blank,
            advice=_("Collect estimates for them or take them off the list."),
        )
