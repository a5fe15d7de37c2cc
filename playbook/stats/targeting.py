"""Whom to treat: what a rule is worth, from a trial in which chance decided who was treated.

The effect on a group is the difference of means, pulled to the common mean elsewhere
(``shrinkage``). A rule is learned on some of the customers and valued on the others, by the
doubly robust estimate: right when the chance to be treated is known, precise when the groups
explain the outcome.

Source: Robins, Rotnitzky & Zhao 1994, JASA 89(427); cross-fitting after Chernozhukov et al.
2018, Econometrics Journal 21(1); valuation of rules after Athey & Wager 2021, Econometrica 89(1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playbook.stats.histories import totals
from playbook.stats.shrinkage import pool

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
LEAST = 2  # customers of each arm in a group whose effect is estimated


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """Customers of a trial, one row each.

    Attributes:
        outcome: What the customer brought afterwards, money.
        is_treated: Whether she was treated.
        chance: Chance to be treated, above 0 and below 1.
        group: Group of the customer, 0 to ``n_groups`` - 1, known before the trial.
        risk: Risk to leave, or anything else that some would target by; greater goes first.
        cost: What treating one customer costs, money.
    """

    outcome: Floats
    is_treated: Flags
    chance: Floats
    group: Ints
    risk: Floats
    cost: float

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return int(self.group.max()) + 1


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupEffects:
    """The effect of the treatment on each group, before its cost.

    Attributes:
        raw: Difference of means per group, money per customer; missing where an arm has
            fewer than two customers.
        se: Its standard error.
        pooled: The same after partial pooling.
        pooled_sd: Standard deviation of that.
        n: Customers per group.
    """

    raw: Floats
    se: Floats
    pooled: Floats
    pooled_sd: Floats
    n: Ints


def group_effects(trial: Trial) -> GroupEffects:
    """Difference between treated and others in each group, weighted by the chance of its arm."""
    one = _means(trial, treated=True)
    none = _means(trial, treated=False)
    raw = one[0] - none[0]
    se = np.sqrt(one[1] + none[1])
    pooled, sd = np.full_like(raw, np.nan), np.full_like(raw, np.nan)
    known = np.isfinite(raw) & (se > 0)
    if known.any():
        found = pool(raw[known], se[known])
        pooled[known], sd[known] = found.mean, found.sd
    n = np.bincount(trial.group, minlength=trial.n_groups)
    return GroupEffects(raw=raw, se=se, pooled=pooled, pooled_sd=sd, n=n)


def _means(trial: Trial, *, treated: bool) -> tuple[Floats, Floats]:
    """Mean of one arm per group, and the variance of that mean."""
    rows = trial.is_treated == treated
    weight = 1 / np.where(treated, trial.chance, 1 - trial.chance)[rows]
    group, y, k = trial.group[rows], trial.outcome[rows], trial.n_groups
    n, mass = np.bincount(group, minlength=k), totals(group, weight, k)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = totals(group, weight * y, k) / mass
        away = (weight * (y - mean[group])) ** 2
        variance = totals(group, away, k) / mass**2 * n / (n - 1)
    few = n < LEAST
    return np.where(few, np.nan, mean), np.where(few, np.nan, variance)


@dataclass(frozen=True, kw_only=True)
class Value:
    """What a rule brings per customer of the trial, its cost taken off, against treating nobody.

    Attributes:
        mean: Money per customer.
        se: Its standard error.
        treated_share: Share of the customers that the rule treats.
    """

    mean: float
    se: float
    treated_share: float


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Four ways to spend the same budget, valued on customers they were not learned from.

    Attributes:
        everybody: All customers; with a budget, as many as it reaches, drawn by lot.
        by_response: The groups that respond most for their cost, none that cost more than
            they bring.
        by_risk: Those most at risk, as many as the budget reaches.
        gain: ``by_response`` less ``everybody``.
        over_risk: ``by_response`` less ``by_risk``.
    """

    everybody: Value
    by_response: Value
    by_risk: Value
    gain: Value
    over_risk: Value


def value_rules(trial: Trial, *, most_share: float = 1.0, seed: int, n_folds: int = 5) -> Rules:
    """Value treating everybody, those who respond and those at risk.

    Args:
        trial: The trial.
        most_share: Share of the customers whom the budget reaches.
        seed: Same seed, same folds.
        n_folds: Parts; the rule for each part is learned on the others.
    """
    rng = np.random.default_rng(seed)
    fold = rng.permutation(np.arange(len(trial.outcome)) % n_folds)
    gain, respond, risky = (np.zeros(len(fold)) for _name in range(3))
    for part in range(n_folds):
        out = fold == part
        learned = _some(trial, ~out)
        gain[out] = _gains(_some(trial, out), learned)
        respond[out] = chosen_groups(learned, most_share=most_share)[trial.group[out]]
        risky[out] = _most_at_risk(trial.risk[out], most_share)
    all_alike = np.full(len(fold), min(most_share, 1.0))
    return Rules(
        everybody=_value(gain, all_alike),
        by_response=_value(gain, respond),
        by_risk=_value(gain, risky),
        gain=_value(gain, respond - all_alike),
        over_risk=_value(gain, respond - risky),
    )


def _some(trial: Trial, rows: Flags) -> Trial:
    return Trial(
        outcome=trial.outcome[rows],
        is_treated=trial.is_treated[rows],
        chance=trial.chance[rows],
        group=trial.group[rows],
        risk=trial.risk[rows],
        cost=trial.cost,
    )


def chosen_groups(trial: Trial, *, most_share: float) -> Floats:
    """Which share of each group is treated: the best first, until the budget is spent.

    Groups whose pooled effect is below the cost, or not known, are left alone.
    """
    found = group_effects(trial)
    net = np.nan_to_num(found.pooled, nan=-np.inf) - trial.cost
    left = most_share * float(found.n.sum())
    share = np.zeros(len(net))
    for group in np.argsort(-net, kind="stable"):
        if net[group] <= 0 or left <= 0 or not found.n[group]:
            break
        share[group] = min(1.0, left / found.n[group])
        left -= share[group] * found.n[group]
    return share


def _most_at_risk(risk: Floats, share: float) -> Floats:
    """The riskiest; of those who are equally risky at the border, all in part."""
    n = share * len(risk)
    levels, place, counts = np.unique(-risk, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    reached = np.clip((n - before) / np.maximum(counts, 1), 0.0, 1.0)
    found: Floats = reached[place] if len(levels) else np.zeros(0)
    return found


def _gains(trial: Trial, learned: Trial) -> Floats:
    """Doubly robust gain of treating each customer, its cost taken off."""
    k = max(trial.n_groups, learned.n_groups)
    arms = []
    for treated in (True, False):
        rows = learned.is_treated == treated
        overall = float(learned.outcome[rows].mean()) if rows.any() else 0.0
        mean = np.full(k, overall)
        known = _means(learned, treated=treated)[0]
        mean[: len(known)] = np.where(np.isfinite(known), known, overall)
        expected = mean[trial.group]
        chance = trial.chance if treated else 1 - trial.chance
        away = np.where(trial.is_treated == treated, trial.outcome - expected, 0.0) / chance
        arms.append(expected + away)
    found: Floats = arms[0] - arms[1] - trial.cost
    return found


def _value(gain: Floats, share: Floats) -> Value:
    each = gain * share
    return Value(
        mean=float(each.mean()),
        se=float(each.std(ddof=1) / np.sqrt(len(each))),
        treated_share=float(share.mean()),
    )


def imbalance(features: Floats, is_treated: Flags) -> float:
    """How often chance alone would part treated and others as far as this, 0-1.

    Hotelling's two-sample test on what was known before: a small figure says that somebody
    chose whom to treat, so that a plain comparison measures the choice.

    Args:
        features: ``(n, n_features)``, known before the treatment.
        is_treated: Who was treated.
    """
    from scipy.special import chdtrc

    one, other = features[is_treated], features[~is_treated]
    if len(one) < LEAST or len(other) < LEAST:
        return 1.0
    apart = one.mean(axis=0) - other.mean(axis=0)
    spread = np.cov(one.T, ddof=1) / len(one) + np.cov(other.T, ddof=1) / len(other)
    spread = np.atleast_2d(spread)
    distance = float(apart @ np.linalg.pinv(spread) @ apart)
    return float(chdtrc(np.linalg.matrix_rank(spread), distance))
