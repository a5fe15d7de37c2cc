"""Shrinkage: several noisy estimates of the same kind, each pulled towards their mean.

Partial pooling by a normal model of the true effects. The spread between the true
effects is estimated from the data (Paule & Mandel), and the uncertainty of their mean is
carried into every estimate.

Source: Paule & Mandel 1982, J. Res. NBS 87(5); Efron & Morris 1975; Cochran 1954,
Biometrics 10(1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Pooled:
    """Estimates after partial pooling.

    Attributes:
        mean: One pooled estimate per input.
        sd: Its standard deviation.
        centre: Mean of the true effects.
        centre_sd: Its standard error.
        spread: Standard deviation between the true effects.
        weight: Per input: how much of its own estimate is kept, 0-1.
    """

    mean: np.ndarray
    sd: np.ndarray
    centre: float
    centre_sd: float
    spread: float
    weight: np.ndarray


def pool(estimate: np.ndarray, se: np.ndarray) -> Pooled:
    """Pull estimates towards their common mean by as much as their noise demands.

    Args:
        estimate: One per group.
        se: Their standard errors, above 0.

    Example:
        >>> alike = pool(np.array([1.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.5]))
        >>> alike.spread, alike.mean.tolist()
        (0.0, [1.0, 1.0, 1.0])
    """
    variance = _between(estimate, se)
    precision = 1 / (variance + se**2)
    centre = float((precision * estimate).sum() / precision.sum())
    centre_variance = 1 / float(precision.sum())
    weight = variance / (variance + se**2)
    own = variance * (1 - weight)  # variance of a true effect around its pooled value
    return Pooled(
        mean=weight * estimate + (1 - weight) * centre,
        sd=np.sqrt(own + (1 - weight) ** 2 * centre_variance),
        centre=centre,
        centre_sd=float(np.sqrt(centre_variance)),
        spread=float(np.sqrt(variance)),
        weight=weight,
    )


def alike(estimate: np.ndarray, se: np.ndarray) -> float:
    """How often groups that are all alike are measured at least this far apart, 0-1.

    Cochran's Q: the squared distances from the weighted mean in standard errors, against
    a chi-square with one degree of freedom less than there are groups.

    Example:
        >>> round(alike(np.array([1.0, 3.0]), np.array([0.5, 0.5])), 4)
        0.0047
    """
    from scipy.special import chdtrc

    if len(estimate) < 2:
        return 1.0
    precision = 1 / se**2
    centre = (precision * estimate).sum() / precision.sum()
    return float(chdtrc(len(estimate) - 1, (precision * (estimate - centre) ** 2).sum()))


def _between(estimate: np.ndarray, se: np.ndarray) -> float:
    """Variance between true effects: what makes the weighted squares equal their expectation."""

    def excess(variance: float) -> float:
        precision = 1 / (variance + se**2)
        centre = (precision * estimate).sum() / precision.sum()
        return float((precision * (estimate - centre) ** 2).sum()) - (len(estimate) - 1)

    if len(estimate) < 2 or excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(np.var(estimate)) * len(estimate) + float((se**2).max())
    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
