"""Shifted beta-geometric: how many customers of a contract stay, year after year.

Each customer cancels at a renewal with a chance of her own; the chances follow a beta
distribution, so that retention rises with age without anybody changing.

Source: Fader & Hardie 2007, Journal of Interactive Marketing 21(1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.stats.likelihood import Maximum, maximise

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class ShiftedBetaGeometric:
    """A fitted model.

    Attributes:
        alpha: First parameter of the chances to cancel.
        beta: Second one.
        maximum: The estimate, its log-likelihood and its uncertainty.
    """

    alpha: float
    beta: float
    maximum: Maximum

    def survival(self, n_periods: int) -> Floats:
        """Share still there after 0 to ``n_periods`` renewals.

        Example:
            >>> from playbook.stats.likelihood import Maximum
            >>> nothing = Maximum(parameters=np.ones(2), log_likelihood=0.0, covariance=np.eye(2))
            >>> even = ShiftedBetaGeometric(alpha=1.0, beta=1.0, maximum=nothing)
            >>> even.survival(3).round(4).tolist()
            [1.0, 0.5, 0.3333, 0.25]
        """
        periods = np.arange(1, n_periods + 1)
        kept = (self.beta + periods - 1) / (self.alpha + self.beta + periods - 1)
        found: Floats = np.concatenate([[1.0], np.cumprod(kept)])
        return found


def fit(left: Floats, still_there: float) -> ShiftedBetaGeometric:
    """Fit to one cohort of customers.

    Args:
        left: Customers who left at renewals 1, 2, ...
        still_there: Customers who were there after the last of these.
    """
    found = maximise(
        lambda parameters: log_likelihood(left, still_there, parameters), [(1.0, 3.0), (0.5, 0.5)]
    )
    alpha, beta = (float(value) for value in found.parameters)
    return ShiftedBetaGeometric(alpha=alpha, beta=beta, maximum=found)


def log_likelihood(left: Floats, still_there: float, parameters: Floats) -> tuple[float, Floats]:
    """Log-likelihood of ``alpha, beta`` and its two derivatives."""
    from scipy.special import betaln, digamma

    alpha, beta = parameters
    before = np.arange(len(left), dtype=float)  # renewals survived by those who left
    ends = np.append(before, len(left))
    one_more = np.append(np.ones(len(left)), 0.0)
    counts = np.append(left, still_there)
    value = counts @ (betaln(alpha + one_more, beta + ends) - betaln(alpha, beta))
    both = digamma(alpha + beta) - digamma(alpha + beta + one_more + ends)
    by_alpha = counts @ (digamma(alpha + one_more) - digamma(alpha) + both)
    by_beta = counts @ (digamma(beta + ends) - digamma(beta) + both)
    return float(value), np.array([by_alpha, by_beta])
