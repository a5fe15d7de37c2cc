"""Rankings: order by score, places in the top k, and camps among those who judge."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Every split of the judges is tried up to this many judges; above it, the sign of the
# first principal component decides.
_MOST_SPLITS_FOR = 14


def ranks(scores: Floats) -> Floats:
    """Places by score along the last axis: 1 is the best, equal scores share a place.

    Args:
        scores: Any shape, the items on the last axis; larger is better.

    Example:
        >>> ranks(np.array([5.0, 9.0, 5.0])).tolist()
        [2.5, 1.0, 2.5]
    """
    from scipy.stats import rankdata

    places: Floats = rankdata(-scores, method="average", axis=-1)
    return places


def top_seats(scores: Floats, *, k: int) -> Floats:
    """Seats in the top ``k`` of every row: 1, 0, or a fraction where a tie shares the last seat.

    Args:
        scores: ``(n_draws, n_items)``; larger is better.
        k: Number of seats, at least 1; all items are in when there are no more than ``k``.

    Returns:
        The same shape; every row sums to ``min(k, n_items)``.

    Example:
        >>> top_seats(np.array([[3.0, 1.0, 1.0]]), k=2).tolist()
        [[1.0, 0.5, 0.5]]
    """
    k = min(k, scores.shape[-1])
    last = -np.sort(-scores, axis=-1)[..., k - 1 : k]
    above = scores > last
    ties = scores == last
    left = k - above.sum(axis=-1, keepdims=True)
    seats: Floats = above + ties * (left / ties.sum(axis=-1, keepdims=True))
    return seats


def concordance(judgements: Floats) -> float:
    """Kendall's W of the judges' rankings: 1 is full agreement, 0 none.

    Corrected for ties; ``nan`` for a single judge or a single item.

    Args:
        judgements: ``(n_judges, n_items)`` scores; larger is better.

    Example:
        >>> concordance(np.array([[3.0, 2.0, 1.0], [9.0, 5.0, 4.0]]))
        1.0
    """
    n_judges, n_items = judgements.shape
    if n_judges < 2 or n_items < 2:
        return float("nan")
    places = ranks(judgements)
    totals = places.sum(axis=0)
    spread = float(((totals - totals.mean()) ** 2).sum())
    ties = sum(
        int(count) ** 3 - int(count)
        for row in places
        for count in np.unique(row, return_counts=True)[1]
    )
    most = (n_judges**2 * (n_items**3 - n_items) - n_judges * ties) / 12
    return spread / most if most else float("nan")


@dataclass(frozen=True, kw_only=True)
class Camps:
    """The split of the judges in two that explains their disagreement best.

    Attributes:
        camp: 0 or 1 per judge; 0 is the larger camp.
        explained_share: Share of the disagreement that lies between the camps, 0-1.
        chance_share: How often judges who disagree without any pattern would
            split at least this clearly, 0-1.
    """

    camp: tuple[int, ...]
    explained_share: float
    chance_share: float


def camps(judgements: Floats, *, seed: int, n_shuffles: int = 500) -> Camps:
    """Find the two camps among judges, and how often chance alone would show such camps.

    Rankings are compared, so a judge who gives high marks to everything does not
    stand out. Chance: every judge's departures from the common ranking are
    shuffled over the items.

    Args:
        judgements: ``(n_judges, n_items)`` scores, at least four judges.
        seed: Seed of the shuffles.
        n_shuffles: Number of shuffles.

    Raises:
        ValueError: Fewer than four judges.
    """
    if len(judgements) < 4:
        raise ValueError("camps need at least four judges")
    places = ranks(judgements)
    off = places - places.mean(axis=0)
    camp, explained = _best_split(off)
    rng = np.random.default_rng(seed)
    shuffled = (_best_split(_centred(rng.permuted(off, axis=1)))[1] for _ in range(n_shuffles))
    as_clear = sum(share >= explained - 1e-12 for share in shuffled)
    return Camps(
        camp=camp, explained_share=explained, chance_share=(as_clear + 1) / (n_shuffles + 1)
    )


def _centred(values: Floats) -> Floats:
    centred: Floats = values - values.mean(axis=0)
    return centred


def _best_split(off: Floats) -> tuple[tuple[int, ...], float]:
    """The split with the largest share of squares between the camps."""
    total = float((off**2).sum())
    if total == 0:
        return tuple([0] * len(off)), 0.0
    splits = _splits(off)
    sizes = splits.sum(axis=1, keepdims=True)
    inside = splits @ off
    # both camps' means follow from one of them, as the rows of ``off`` sum to zero
    between = ((inside**2).sum(axis=1) / sizes[:, 0]) + (
        (inside**2).sum(axis=1) / (len(off) - sizes[:, 0])
    )
    best = int(between.argmax())
    return tuple(int(v) for v in splits[best]), float(between[best] / total)


def _splits(off: Floats) -> Floats:
    """Every split in two with at least two judges in the smaller camp, which is marked 1."""
    n = len(off)
    if n > _MOST_SPLITS_FOR:
        first = np.linalg.svd(off, full_matrices=False)[0][:, 0]
        side = first > 0
        one = side if side.sum() * 2 <= n else ~side
        return np.atleast_2d(one.astype(float))
    found = [
        members
        for size in range(2, n // 2 + 1)
        for members in combinations(range(n), size)
        if size * 2 < n or 0 not in members
    ]
    splits = np.zeros((len(found), n))
    for row, members in enumerate(found):
        splits[row, list(members)] = 1
    return splits
