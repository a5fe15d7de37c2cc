"""Shares and scores from counts, with what chance alone does to them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def nps_variance(*, promoters: float, detractors: float) -> float:
    """Variance of one answer to the recommendation question, on the scale -1 to 1.

    Example:
        >>> round(nps_variance(promoters=1 / 2, detractors=1 / 6), 4)
        0.5556
    """
    return promoters + detractors - (promoters - detractors) ** 2


def nps_margin(*, promoters: float, detractors: float, n: int, level: float = 0.95) -> float:
    """Margin of error of a net promoter score, in points of the score (-100 to 100).

    Example:
        >>> round(nps_margin(promoters=0.48, detractors=0.17, n=300), 1)
        8.4
    """
    variance = nps_variance(promoters=promoters, detractors=detractors)
    return 100 * _z(level) * math.sqrt(variance / n)


def share_margin(*, share: float, n: int, level: float = 0.95) -> float:
    """Margin of error of a share (0-1) measured on ``n`` customers drawn at random."""
    return _z(level) * math.sqrt(share * (1 - share) / n)


def smallest_visible_change(margin: float) -> float:
    """The change between two readings that chance rarely makes, from the margin of one reading."""
    return math.sqrt(2) * margin


def answers_needed(*, promoters: float, detractors: float, change: float) -> int:
    """Answers per reading so that a change of a net promoter score stands out from chance.

    Args:
        promoters: Share of promoters, 0-1.
        detractors: Share of detractors, 0-1.
        change: The change to be seen, in points of the score.

    Example:
        >>> answers_needed(promoters=0.48, detractors=0.17, change=5)
        1703
    """
    one = nps_margin(promoters=promoters, detractors=detractors, n=1)
    return math.ceil(2 * (one / change) ** 2)


def change_noise(series: Floats, *, season: int, level: float = 0.95) -> tuple[float, int]:
    """How far a metric moves between the same weeks of two years when nobody moved it.

    The mean year-on-year change is taken out as a trend; what is left is noise.

    Args:
        series: Readings at equal distances, oldest first.
        season: Readings in a year.
        level: Share of quiet years whose change stays within the figure returned.

    Returns:
        The half-width within which ``level`` of the changes lie, in the metric's own
        unit, and the number of comparisons it rests on; ``nan`` when there are fewer than 8.
    """
    changes = series[season:] - series[:-season]
    changes = changes[np.isfinite(changes)]
    if len(changes) < 8:
        return float("nan"), len(changes)
    return _z(level) * float(changes.std(ddof=1)), len(changes)


def _z(level: float) -> float:
    """Half-width of a central interval of the normal distribution, in standard deviations."""
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + level) / 2)


def effective_size(hits: Floats) -> float:
    """Independent answers that clustered answers are worth.

    A question that everybody misses is one misjudgement, not eight: answers to one
    question resemble each other, measured by the intraclass correlation.

    Args:
        hits: ``(n_people, n_questions)`` of 0 and 1; ``nan`` where nobody answered.

    Returns:
        Between the number of questions and the number of answers.
    """
    n = float(np.isfinite(hits).sum())
    counts = np.isfinite(hits).sum(axis=0).astype(float)
    asked = counts > 0
    size = n / asked.sum() if asked.any() else 0.0
    if size <= 1 or asked.sum() < 2:
        return n
    means = np.nanmean(hits[:, asked], axis=0)
    grand = float(np.nanmean(hits))
    between = float((counts[asked] * (means - grand) ** 2).sum()) / (asked.sum() - 1)
    within = float(np.nansum((hits[:, asked] - means) ** 2)) / max(n - asked.sum(), 1.0)
    whole = between + (size - 1) * within
    correlation = max(0.0, (between - within) / whole) if whole > 0 else 0.0
    return n / (1 + (size - 1) * correlation)


def widening(hit_shares: Floats, *, level: float = 0.90) -> Floats:
    """By how much intervals must be stretched to hold the truth as often as promised.

    Errors are taken as normal: intervals that hold the truth in a share ``h`` of
    cases reach to ``z(h)`` standard errors where ``z(level)`` was meant.

    Args:
        hit_shares: Shares of intervals that held the truth, above 0 and below 1.
        level: What the intervals promised.

    Returns:
        The factor, at least 1: intervals of a room that is too modest are not narrowed.

    Example:
        >>> widening(np.array([0.55, 0.90, 0.99])).round(2).tolist()
        [2.18, 1.0, 1.0]
    """
    from scipy.special import ndtri

    factors: Floats = ndtri((1 + level) / 2) / ndtri((1 + hit_shares) / 2)
    return np.maximum(factors, 1.0)
