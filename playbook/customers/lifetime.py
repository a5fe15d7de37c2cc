"""How customers buy and leave: histories by customer and the models that are fitted to them.

Nobody cancels in a shop, so leaving is never seen, only silence. The models weigh a silence
against the customer's own rhythm: BG/NBD for purchases (Pareto/NBD as a second opinion),
Gamma-Gamma for money per purchase day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.customers.purchases import Purchases
from playbook.stats import bg_nbd, gamma_gamma, pareto_nbd
from playbook.stats.bg_nbd import BgNbd
from playbook.stats.gamma_gamma import GammaGamma
from playbook.stats.histories import Histories, group
from playbook.stats.pareto_nbd import ParetoNbd
from playbook.text import gettext as _
from playbook.text.numbers import number, percent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_WEEKS = 52  # three quarters to learn from and one to be tested on
LEAST_REPEATERS = 200  # customers with two purchase days or more
MOST_BIAS = 0.10  # of the money, from customers who buy often also spending more or less
SECOND_OPINION = 3_000  # customers whom both models are compared on
WEEK = 7


@dataclass(frozen=True, kw_only=True, eq=False)
class Buyers:
    """Customers by what they had bought before a day; one place per customer.

    Attributes:
        customer: Customer number in the purchases.
        frequency: Purchase days after the first.
        recency_days: From the first purchase day to the last.
        age_days: From the first purchase day to the day before ``end``.
        value: Money per purchase day, returns taken off; 0 where these are more.
        end: Day after the last that counts, in days since 1970.
        weeks: Weeks of receipts before ``end``.
    """

    customer: Ints
    frequency: Ints
    recency_days: Ints
    age_days: Ints
    value: Floats
    end: int
    weeks: int

    def grouped(self) -> Histories:
        """Equal histories counted once, in weeks."""
        return group(self.frequency, self.recency_days, self.age_days, unit=WEEK)

    def drawn(self, most: int, *, seed: int) -> Histories:
        """Histories of at most ``most`` customers, drawn at random."""
        if len(self.customer) <= most:
            return self.grouped()
        at = np.random.default_rng(seed).choice(len(self.customer), most, replace=False)
        return group(self.frequency[at], self.recency_days[at], self.age_days[at], unit=WEEK)


def buyers(purchases: Purchases, *, end: int) -> Buyers:
    """Everybody with a purchase before the day ``end``, with nothing known later."""
    n, before = purchases.n_customers, purchases.day < end
    bought = before & purchases.is_purchase
    who, day = purchases.customer[bought], purchases.day[bought]
    days = np.bincount(who, minlength=n)
    last = np.zeros(n, dtype=np.int64)
    last[who] = day  # rows are sorted by day within a customer
    spent = np.bincount(purchases.customer[before], weights=purchases.amount[before], minlength=n)
    known = np.flatnonzero(days)
    first = purchases.first_purchase[known]
    return Buyers(
        customer=known,
        frequency=days[known] - 1,
        recency_days=last[known] - first,
        age_days=end - 1 - first,
        value=np.maximum(spent[known] / days[known], 0.0),
        end=end,
        weeks=purchases.history_weeks(end),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Models:
    """What was learned from the buyers.

    Attributes:
        buyers: Whom the models describe.
        histories: The same, equal ones counted once.
        purchases: BG/NBD.
        money: Gamma-Gamma, revenue per purchase day.
    """

    buyers: Buyers
    histories: Histories
    purchases: BgNbd
    money: GammaGamma

    @property
    def problems(self) -> list[str]:
        """Why these models must not be used, each a sentence; empty where they may."""
        found = []
        if not self.purchases.is_dropout_visible:
            found.append(
                _(
                    "In these receipts nobody can be seen to leave for good; a lifetime would be "
                    "endless."
                )
            )
        elif not self.purchases.is_sure:
            found.append(
                _(
                    "The receipts do not tell how customers leave: very different answers "
                    "explain them equally well."
                )
            )
        if not self.money.is_sure:
            found.append(_("The receipts do not tell what a purchase of a customer is worth."))
        elif abs(self.money_bias) > MOST_BIAS:
            found.append(self.money_words)
        return found

    @property
    def money_correlation(self) -> float:
        """Rank correlation of how often with how much, of customers who came again."""
        from scipy.stats import spearmanr

        again = self.buyers.frequency > 0
        return float(spearmanr(self.buyers.frequency[again], self.buyers.value[again]).statistic)

    @property
    def money_bias(self) -> float:
        """By which share the money of the past year's rhythm differs from customers' own means.

        Each customer's own mean takes nothing for granted and is right in the sum; the model
        pulls it to the mean of all, whoever buys often or rarely.
        """
        weight = bg_nbd.purchases_to_come(self.histories, self.purchases, horizon=52.0)
        weight = weight[self.histories.place]
        n = self.buyers.frequency + 1
        own = float(weight @ self.buyers.value)
        return (
            float(weight @ gamma_gamma.expected_value(n, self.buyers.value, self.money)) / own - 1
        )

    @property
    def money_words(self) -> str:
        """What the model of money takes for granted, and what that may cost."""
        words = _(
            "The model of money takes for granted that those who buy often do not spend more or "
            "less per purchase day than the others. Here the two go together with a rank "
            "correlation of {correlation}; it moves the money in all by {bias}."
        )
        return words.format(
            correlation=number(self.money_correlation, 2),
            bias=percent(self.money_bias, 1, signed=True),
        )


def too_little(found: Buyers) -> list[str]:
    """What these buyers lack for a lifetime model, each a sentence; empty where nothing."""
    repeaters = int((found.frequency > 0).sum())
    lacks = []
    if found.weeks < LEAST_WEEKS:
        words = _("Needed: at least {n} weeks of receipts. Found: {found}.")
        lacks.append(words.format(n=LEAST_WEEKS, found=number(found.weeks)))
    if repeaters < LEAST_REPEATERS:
        words = _("Needed: at least {n} customers who bought on two days. Found: {found}.")
        lacks.append(words.format(n=LEAST_REPEATERS, found=number(repeaters)))
    return lacks


def fit(found: Buyers) -> Models:
    """Fit the models of purchases and money to everybody."""
    histories = found.grouped()
    paid = found.value > 0
    return Models(
        buyers=found,
        histories=histories,
        purchases=bg_nbd.fit(histories),
        money=gamma_gamma.fit(found.frequency[paid] + 1, found.value[paid]),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class SecondOpinion:
    """Both models of leaving on the same customers.

    Attributes:
        first: BG/NBD: customers may leave after a purchase.
        second: Pareto/NBD: they may leave at any moment.
        n_customers: Customers both were fitted to.
    """

    first: BgNbd
    second: ParetoNbd
    n_customers: int

    @property
    def advantage(self) -> float:
        """Log-likelihood by which the second fits better; both have four parameters."""
        return self.second.maximum.log_likelihood - self.first.log_likelihood

    def difference(self, histories: Histories, *, horizon: float) -> float:
        """By which share the second expects more purchases within ``horizon`` weeks.

        Not a number where these customers do not show how they leave.
        """
        if not self.first.is_sure:
            return float("nan")
        first = bg_nbd.purchases_to_come(histories, self.first, horizon=horizon)
        second = pareto_nbd.purchases_to_come(histories, self.second, horizon=horizon)
        return float(histories.n @ second) / float(histories.n @ first) - 1


def second_opinion(found: Buyers, *, seed: int, most: int = SECOND_OPINION) -> SecondOpinion:
    """Fit both models of leaving to the same customers, drawn at random where there are many."""
    histories = found.drawn(most, seed=seed)
    return SecondOpinion(
        first=bg_nbd.fit(histories),
        second=pareto_nbd.fit(histories),
        n_customers=int(histories.n_customers),
    )
