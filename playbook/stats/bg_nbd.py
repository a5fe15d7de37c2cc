"""BG/NBD: how often customers buy, and after which purchase they stay away for good.

A customer buys at random with a rate of her own and may drop out after each purchase with a
chance of her own; rates follow a gamma distribution, chances a beta distribution.

Source: Fader, Hardie & Lee 2005, Marketing Science 24(2); the expectation in the form that
stays finite for frequent buyers (Euler's transformation of the hypergeometric function).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.stats.histories import Histories, totals
from playbook.stats.likelihood import Maximum, maximise

Floats = NDArray[np.float64]
STARTS = ((1.0, 10.0, 1.0, 2.0), (0.3, 3.0, 0.5, 5.0))
# Twice the log-likelihood that drop-out must add before it is believed: 1 in 100 by chance
# for a parameter at its edge, where half of all samples add nothing.
VISIBLE = 5.41
ENOUGH = 20_000  # histories that say well enough where to begin
NEAR_ONE = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class BgNbd:
    """A fitted BG/NBD model.

    Attributes:
        r: Shape of the purchase rates.
        alpha: Their scale, in units of time.
        a: First parameter of the chances to drop out.
        b: Second one.
        log_likelihood: At these parameters, without the constant ``ln x!``.
        without_dropout: The same for the model in which nobody drops out (NBD).
        maximum: The estimate and its uncertainty.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    without_dropout: float
    maximum: Maximum

    @property
    def is_dropout_visible(self) -> bool:
        """Whether the data show that customers drop out at all."""
        return 2 * (self.log_likelihood - self.without_dropout) > VISIBLE

    @property
    def is_sure(self) -> bool:
        """Whether the data tell all four parameters."""
        return self.is_dropout_visible and self.maximum.is_sure

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        """``r``, ``alpha``, ``a``, ``b``."""
        return self.r, self.alpha, self.a, self.b


def fit(histories: Histories) -> BgNbd:
    """Fit the four parameters by maximum likelihood."""
    terms = _Terms.of(histories)
    found = maximise(terms.value_and_gradient, _starts(histories))
    nobody_leaves = maximise(terms.without_dropout, [start[:2] for start in STARTS])
    r, alpha, a, b = (float(value) for value in found.parameters)
    return BgNbd(
        r=r,
        alpha=alpha,
        a=a,
        b=b,
        log_likelihood=found.log_likelihood,
        without_dropout=nobody_leaves.log_likelihood,
        maximum=found,
    )


def _starts(histories: Histories) -> Sequence[Sequence[float]]:
    """Where to begin: with many histories, at what a part of them says."""
    every = len(histories.n) // ENOUGH
    if every < 2:
        return STARTS
    part = _Terms.of(histories.thinned(every))
    return [maximise(part.value_and_gradient, STARTS).parameters.tolist()]


def log_likelihood(histories: Histories, parameters: Floats) -> tuple[float, Floats]:
    """Log-likelihood of ``r, alpha, a, b`` and its four derivatives."""
    return _Terms.of(histories).value_and_gradient(parameters)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Terms:
    """Histories with each different number once, so that costly functions are called rarely.

    Attributes:
        x: Different frequencies, and ``n_x`` customers with each.
        age: Different ages, ``n_age`` customers and ``bought_age`` repeat purchases with each.
        recency: Different recencies of those with a repeat purchase, counted in the same way.
        often: Place of each history with a repeat in ``x``, ``recency`` and ``age``.
        n: Customers with it.
    """

    x: Floats
    n_x: Floats
    age: Floats
    n_age: Floats
    bought_age: Floats
    recency: Floats
    at_x: NDArray[np.int64]
    at_recency: NDArray[np.int64]
    at_age: NDArray[np.int64]
    n: Floats

    @classmethod
    def of(cls, histories: Histories) -> _Terms:
        x, at_x = np.unique(histories.frequency, return_inverse=True)
        age, at_age = np.unique(histories.age, return_inverse=True)
        again = histories.frequency > 0
        recency, at_recency = np.unique(histories.recency[again], return_inverse=True)
        return cls(
            x=x.astype(float),
            n_x=totals(at_x, histories.n, len(x)),
            age=age,
            n_age=totals(at_age, histories.n, len(age)),
            bought_age=totals(at_age, histories.n * histories.frequency, len(age)),
            recency=recency,
            at_x=at_x[again],
            at_recency=at_recency,
            at_age=at_age[again],
            n=histories.n[again],
        )

    def value_and_gradient(self, parameters: Floats) -> tuple[float, Floats]:
        """Log-likelihood and its derivatives by ``r, alpha, a, b``.

        One who came again is still there with the weight ``ratio``, has left with ``left``.
        """
        from scipy.special import betaln, digamma

        r, alpha, a, b = parameters
        n, x = self.n_x, self.x
        power, before = r + x, b + np.maximum(x, 1.0) - 1
        late, last = np.log(alpha + self.age), np.log(alpha + self.recency)
        gap = late[self.at_age] - last[self.at_recency]
        powers = power[self.at_x]
        ratio = np.exp(-powers * gap)
        left = (a / before)[self.at_x]
        both = left + ratio
        gone = self.n * left / both
        value, (by_r, by_alpha) = self._rates(r, alpha)
        value += n @ (betaln(a, b + x) - betaln(a, b))
        value += self.n @ (np.log(both) + powers * gap)
        drop = digamma(a + b) - digamma(a + b + x)
        gone_x = totals(self.at_x, gone, len(x))
        weighted = gone * powers
        by_alpha += totals(self.at_age, weighted, len(late)) @ (1 / (alpha + self.age))
        by_alpha -= totals(self.at_recency, weighted, len(last)) @ (1 / (alpha + self.recency))
        gradient = np.array(
            [
                by_r + gone @ gap,
                by_alpha,
                n @ drop + gone_x.sum() / a,
                n @ (drop + digamma(b + x) - digamma(b)) - gone_x @ (1 / before),
            ]
        )
        return float(value), gradient

    def without_dropout(self, parameters: Floats) -> tuple[float, Floats]:
        """The same if nobody ever left: by ``r, alpha``."""
        return self._rates(*parameters)

    def _rates(self, r: float, alpha: float) -> tuple[float, Floats]:
        """Purchases at the rate of one who is there all the time."""
        from scipy.special import digamma, gammaln

        n = self.n_x.sum()
        late = np.log(alpha + self.age)
        exposed = r * self.n_age + self.bought_age
        value = self.n_x @ gammaln(r + self.x) + n * (r * np.log(alpha) - gammaln(r))
        by_r = self.n_x @ digamma(r + self.x) + n * (np.log(alpha) - digamma(r))
        by_alpha = n * r / alpha - exposed @ (1 / (alpha + self.age))
        gradient = np.array([by_r - self.n_age @ late, by_alpha])
        return float(value - exposed @ late), gradient


def chance_alive(histories: Histories, model: BgNbd) -> Floats:
    """The chance that a customer is still one, per history; 1 where there was no repeat.

    The model lets nobody drop out before the first repeat purchase.
    """
    from scipy.special import expit

    x = histories.frequency
    silence = np.log(model.alpha + histories.age) - np.log(model.alpha + histories.recency)
    log_odds = np.log(model.a / (model.b + np.maximum(x, 1) - 1)) + (model.r + x) * silence
    found: Floats = np.where(x > 0, expit(-log_odds), 1.0)
    return found


def purchases_to_come(histories: Histories, model: BgNbd, *, horizon: float) -> Floats:
    """Purchases expected within ``horizon`` units of time from now, per history."""
    pairs = np.column_stack([histories.frequency, histories.age])
    keys, place = np.unique(pairs, axis=0, return_inverse=True)
    if_there = _purchases(keys[:, 0], keys[:, 1], model, horizon)
    found: Floats = if_there[place.reshape(-1)] * chance_alive(histories, model)
    return found


def purchases_of_newcomers(age: Floats, model: BgNbd) -> Floats:
    """Repeat purchases that a new customer is expected to make up to each ``age``."""
    return _purchases(np.zeros_like(age), np.zeros_like(age), model, age)


def purchases_if_there(x: Floats, age: Floats, model: BgNbd, *, horizon: float | Floats) -> Floats:
    """Purchases expected within ``horizon`` of customers who have certainly not left."""
    return _purchases(x, age, model, horizon)


def _purchases(x: Floats, age: Floats, model: BgNbd, horizon: float | Floats) -> Floats:
    """Purchases within ``horizon`` of one who is still there."""
    from scipy.special import hyp2f1

    r, alpha, a, b = model.parameters
    a = a if abs(a - 1) > NEAR_ONE else 1 + NEAR_ONE  # there is a limit, and no formula at it
    z = horizon / (alpha + age + horizon)
    kept = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    found: Floats = (a + b + x - 1) / (a - 1) * (1 - kept)
    return found
