"""Gamma-Gamma: what a purchase of a customer is worth, few purchases pulled to the mean.

The values of a customer's purchases are gamma distributed around her own mean; the means
follow an inverse gamma distribution. Assumes that how much does not go with how often.

Source: Fader & Hardie 2013, "The Gamma-Gamma model of monetary value".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.stats.likelihood import Maximum, maximise

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class GammaGamma:
    """A fitted Gamma-Gamma model.

    Attributes:
        p: Shape of the values of one customer's purchases.
        q: Shape of the customers' means; at most 1 where the mean of all is not finite.
        gamma: Scale of the means, in units of money.
        maximum: The estimate, its log-likelihood and its uncertainty.
    """

    p: float
    q: float
    gamma: float
    maximum: Maximum

    @property
    def is_sure(self) -> bool:
        """Whether the data tell the parameters, and the mean of all customers is finite."""
        return self.maximum.is_sure and self.q > 1

    @property
    def mean(self) -> float:
        """Expected value of a purchase of a customer of whom nothing is known.

        Example:
            >>> from playbook.stats.likelihood import Maximum
            >>> nothing = Maximum(parameters=np.ones(3), log_likelihood=0.0, covariance=np.eye(3))
            >>> GammaGamma(p=6.0, q=4.0, gamma=15.0, maximum=nothing).mean
            30.0
        """
        return self.p * self.gamma / (self.q - 1)


def fit(n: NDArray[np.int64], mean: Floats) -> GammaGamma:
    """Fit to customers by their number of purchases and the mean value of these.

    Args:
        n: Purchases behind the mean, 1 or more, per customer.
        mean: Mean value of a purchase, above 0, per customer.

    Raises:
        ValueError: No customer, or one without a purchase or with a mean of 0 or below.
    """
    if not len(n) or (n < 1).any() or not (mean > 0).all():
        raise ValueError("every customer needs a purchase of a positive value")
    typical = float(np.median(mean))

    def scaled(parameters: Floats) -> tuple[float, Floats]:  # gamma in units of a typical value
        p, q, gamma = parameters
        value, (by_p, by_q, by_gamma) = log_likelihood(n, mean, np.array([p, q, gamma * typical]))
        return value, np.array([by_p, by_q, by_gamma * typical])

    found = maximise(scaled, [(5.0, 4.0, 1.0), (1.0, 2.0, 2.0)])
    p, q, gamma = (float(value) for value in found.parameters)
    parameters = found.parameters * np.array([1.0, 1.0, typical])
    in_money = Maximum(
        parameters=parameters,
        log_likelihood=found.log_likelihood,
        covariance=found.covariance,
    )
    return GammaGamma(p=p, q=q, gamma=gamma * typical, maximum=in_money)


def log_likelihood(n: NDArray[np.int64], mean: Floats, parameters: Floats) -> tuple[float, Floats]:
    """Log-likelihood of ``p, q, gamma`` and its three derivatives."""
    from scipy.special import digamma, gammaln

    p, q, gamma = parameters
    counts, at = np.unique(n, return_inverse=True)
    k = np.bincount(at).astype(float)
    customers, total = float(len(n)), n * mean
    log_total = np.log(gamma + total)
    sums = np.bincount(at, weights=log_total)
    value = k @ (gammaln(p * counts + q) - gammaln(p * counts) + p * counts * np.log(counts))
    value += customers * (q * np.log(gamma) - gammaln(q)) - (p * counts + q) @ sums
    log_mean = np.log(mean)
    value += p * (n @ log_mean) - log_mean.sum()
    by_p = k @ (counts * (digamma(p * counts + q) - digamma(p * counts) + np.log(counts)))
    by_p += n @ log_mean - counts @ sums
    by_q = k @ digamma(p * counts + q) + customers * (np.log(gamma) - digamma(q)) - sums.sum()
    by_gamma = customers * q / gamma - ((p * n + q) / (gamma + total)).sum()
    return float(value), np.array([by_p, by_q, by_gamma])


def expected_value(n: NDArray[np.int64], mean: Floats, model: GammaGamma) -> Floats:
    """Expected value of the next purchase, per customer; 0 purchases give the mean of all.

    Args:
        n: Purchases behind the mean.
        mean: Mean value of a purchase.
        model: A fitted model.
    """
    p, q, gamma = model.p, model.q, model.gamma
    known: Floats = p * (gamma + n * mean) / (p * n + q - 1)
    return np.where(n > 0, known, model.mean)
