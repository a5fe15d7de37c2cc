"""Pareto/NBD: how often customers buy, and when, at any moment, they stay away for good.

As BG/NBD, but a customer may leave at any time: lifetimes are exponential, their rates gamma
distributed. The unseen moment of leaving is integrated out numerically, after a substitution
that makes the integrand nearly flat, so that neither many purchases nor a long silence
overflow; the chance to be alive is right to two in a million or better.

Source: Schmittlein, Morrison & Colombo 1987, Management Science 33(1); Fader & Hardie 2005,
"A note on deriving the Pareto/NBD model".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.stats.histories import Histories
from playbook.stats.likelihood import Maximum, maximise

Floats = NDArray[np.float64]
STARTS = ((1.0, 10.0, 0.5, 10.0), (0.5, 5.0, 1.0, 30.0))
NEAR_ONE = 1e-9
NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)


@dataclass(frozen=True, kw_only=True, eq=False)
class ParetoNbd:
    """A fitted Pareto/NBD model.

    Attributes:
        r: Shape of the purchase rates.
        alpha: Their scale, in units of time.
        s: Shape of the rates of leaving.
        beta: Their scale, in units of time.
        maximum: The estimate, its log-likelihood (without ``ln x!``) and its uncertainty.
    """

    r: float
    alpha: float
    s: float
    beta: float
    maximum: Maximum

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        """``r``, ``alpha``, ``s``, ``beta``."""
        return self.r, self.alpha, self.s, self.beta


def fit(histories: Histories) -> ParetoNbd:
    """Fit the four parameters by maximum likelihood."""
    found = maximise(lambda parameters: log_likelihood(histories, parameters), STARTS)
    r, alpha, s, beta = (float(value) for value in found.parameters)
    return ParetoNbd(r=r, alpha=alpha, s=s, beta=beta, maximum=found)


def log_likelihood(histories: Histories, parameters: Floats) -> tuple[float, Floats]:
    """Log-likelihood of ``r, alpha, s, beta`` and its four derivatives."""
    from scipy.special import digamma, gammaln

    r, alpha, s, beta = parameters
    x, n = histories.frequency, histories.n
    part = _parts(histories, parameters)
    total = n.sum()
    value = n @ (gammaln(r + x) + part.log_sum)
    value += total * (r * np.log(alpha) + s * np.log(beta) - gammaln(r))
    share = part.share_left  # of the likelihood that comes from having left
    still = 1 - share
    by_r = n @ (digamma(r + x) - still * np.log(alpha + histories.age) - share * part.log_alpha)
    by_r += total * (np.log(alpha) - digamma(r))
    by_alpha = -n @ ((r + x) * (still / (alpha + histories.age) + share * part.inverse_alpha))
    by_alpha += total * r / alpha
    by_s = -n @ (still * np.log(beta + histories.age) + share * (part.log_beta - 1 / s))
    by_s += total * np.log(beta)
    by_beta = -n @ (still * s / (beta + histories.age) + share * (s + 1) * part.inverse_beta)
    by_beta += total * s / beta
    return float(value), np.array([by_r, by_alpha, by_s, by_beta])


@dataclass(frozen=True, kw_only=True, eq=False)
class _Parts:
    """What each history's likelihood is made of.

    Attributes:
        log_sum: Logarithm of "still there" plus "has left".
        share_left: The part of "has left" in it, 0-1.
        log_alpha: Mean of ``ln(alpha + moment of leaving)``, given that she has left.
        inverse_alpha: Mean of ``1 / (alpha + moment)``.
        log_beta: Mean of ``ln(beta + moment)``.
        inverse_beta: Mean of ``1 / (beta + moment)``.
    """

    log_sum: Floats
    share_left: Floats
    log_alpha: Floats
    inverse_alpha: Floats
    log_beta: Floats
    inverse_beta: Floats


def _parts(histories: Histories, parameters: Floats) -> _Parts:
    r, alpha, s, beta = parameters
    power = (r + histories.frequency)[:, None]
    last, age = histories.recency[:, None], histories.age[:, None]
    # v = ((alpha + last) / (alpha + moment)) ** power runs from 1 down to `lowest`
    lowest = np.exp(power * (np.log(alpha + last) - np.log(alpha + age)))
    half = (1 - lowest) / 2
    v = lowest + half * (1 + NODES)
    log_alpha = np.log(alpha + last) - np.log(v) / power
    moment = np.exp(log_alpha) - alpha
    log_beta = np.log(beta + np.maximum(moment, 0.0))
    weight = half * WEIGHTS * np.exp(log_alpha - (s + 1) * (log_beta - np.log(beta + last)))
    mass = weight.sum(axis=1)
    scale = (
        np.log(s) - power * np.log(alpha + last) - np.log(power) - (s + 1) * np.log(beta + last)
    )[:, 0]
    with np.errstate(divide="ignore"):
        log_left = scale + np.log(mass)
    log_still = (-power * np.log(alpha + age) - s * np.log(beta + age))[:, 0]
    log_sum = np.logaddexp(log_left, log_still)
    given = weight / np.where(mass > 0, mass, 1.0)[:, None]
    return _Parts(
        log_sum=log_sum,
        share_left=np.exp(log_left - log_sum),
        log_alpha=(given * log_alpha).sum(axis=1),
        inverse_alpha=(given * np.exp(-log_alpha)).sum(axis=1),
        log_beta=(given * log_beta).sum(axis=1),
        inverse_beta=(given * np.exp(-log_beta)).sum(axis=1),
    )


def chance_alive(histories: Histories, model: ParetoNbd) -> Floats:
    """The chance that a customer is still one, per history."""
    found: Floats = 1 - _parts(histories, np.array(model.parameters)).share_left
    return found


def purchases_to_come(histories: Histories, model: ParetoNbd, *, horizon: float) -> Floats:
    """Purchases expected within ``horizon`` units of time from now, per history."""
    r, alpha, _s, beta = model.parameters
    rate = (r + histories.frequency) / (alpha + histories.age)
    found: Floats = rate * _time_left(beta + histories.age, model, horizon)
    return found * chance_alive(histories, model)


def purchases_of_newcomers(age: Floats, model: ParetoNbd) -> Floats:
    """Repeat purchases that a new customer is expected to make up to each ``age``."""
    return model.r / model.alpha * _time_left(np.full_like(age, model.beta), model, age)


def _time_left(scale: Floats, model: ParetoNbd, horizon: float | Floats) -> Floats:
    """Expected time that one who is there spends within ``horizon``, before leaving."""
    s = model.s
    ratio = np.log(scale) - np.log(scale + horizon)
    found: Floats = -scale * ratio
    if abs(s - 1) > NEAR_ONE:
        found = scale / (s - 1) * -np.expm1((s - 1) * ratio)
    return found
