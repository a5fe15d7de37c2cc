"""What groups of customers are expected to buy, with the uncertainty of the models and of chance.

Sums per group need customers only by group and history: how many they are, and the sum of
their mean values, since the expected value of a purchase is linear in the mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from playbook.customers.lifetime import Models
from playbook.stats import bg_nbd
from playbook.stats.bg_nbd import BgNbd
from playbook.stats.gamma_gamma import GammaGamma
from playbook.stats.histories import Histories, totals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR_WEEKS = 52.1775
N_DRAWS = 200
LEVEL = 0.90
AGE_NODES = 9  # in the age: the expectation is smooth in it
TIME_NODES, TIME_WEIGHTS = np.polynomial.legendre.leggauss(5)
FUTURES = 3_000  # customers per group whose future is drawn, to see how far chance carries
CHUNK = 20_000  # histories at a time


@dataclass(frozen=True, kw_only=True, eq=False)
class Horizon:
    """How far one looks, and what a purchase later is worth today.

    Attributes:
        weeks: Length.
        discount: Yearly discount rate; 0 counts purchases.
    """

    weeks: float
    discount: float = 0.0

    @property
    def per_week(self) -> float:
        """Continuous discount rate per week."""
        return float(np.log1p(self.discount)) / YEAR_WEEKS

    def steps(self) -> tuple[Floats, Floats]:
        """Times at which expected purchases are needed, and the weight of each.

        Integrated by parts, the discounted purchases are the discounted number at the end
        plus the interest on the number at every moment before.
        """
        end = float(np.exp(-self.per_week * self.weeks))
        if not self.discount:
            return np.array([self.weeks]), np.array([1.0])
        times = self.weeks * (TIME_NODES + 1) / 2
        weights = self.weeks / 2 * TIME_WEIGHTS * self.per_week * np.exp(-self.per_week * times)
        return np.append(times, self.weeks), np.append(weights, end)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """Customers by group and history, sorted by group.

    Attributes:
        group: Number of the group, 0 to ``n_groups`` - 1.
        n_groups: All groups, those without customers included.
        histories: One row per cell.
        value: Sum of the customers' mean values per purchase day.
    """

    group: Ints
    n_groups: int
    histories: Histories
    value: Floats


def cells(models: Models, groups: Ints, n_groups: int) -> Cells:
    """Count buyers by group and history.

    Args:
        models: The buyers.
        groups: Group of each buyer, -1 for those left out.
        n_groups: How many groups there are.
    """
    of, kept = models.histories, groups >= 0
    key = groups[kept] * len(of.n) + of.place[kept]
    keys, at = np.unique(key, return_inverse=True)
    group, row = np.divmod(keys, len(of.n))
    return Cells(
        group=group,
        n_groups=n_groups,
        histories=Histories(
            frequency=of.frequency[row],
            recency=of.recency[row],
            age=of.age[row],
            n=np.bincount(at, minlength=len(keys)).astype(float),
            place=at,
        ),
        value=totals(at, models.buyers.value[kept], len(keys)),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecast:
    """What each group is expected to bring: money, or purchases.

    Attributes:
        expected: Per group.
        draws: What may well come instead, (draws, groups).
    """

    expected: Floats
    draws: Floats

    def interval(self, scale: Floats | float = 1.0) -> tuple[Floats, Floats]:
        """Bounds per group within which nine in ten futures lie."""
        low, high = np.quantile(self.draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        return low * scale, high * scale

    def total_interval(self, scale: Floats | float = 1.0) -> tuple[float, float]:
        """The same for the sum over groups."""
        total = (self.draws * scale).sum(axis=1)
        low, high = np.quantile(total, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return float(low), float(high)


def forecast(
    models: Models, found: Cells, *, horizon: Horizon, seed: int, in_money: bool, n: int = N_DRAWS
) -> Forecast:
    """Expected money or purchases per group, and draws of what may come.

    Draws differ by the parameters that the data allow, and by chance: customers are finite
    in number, and each does as she likes.

    Args:
        models: Models that are sure of their parameters.
        found: Customers by group and history.
        horizon: How far to look.
        seed: Same seed, same draws.
        in_money: Whether purchases are multiplied by their expected value.
        n: Number of draws.
    """
    buying = [models.purchases, *_drawn_purchases(models.purchases, n, seed=seed)]
    money = [models.money, *_drawn_money(models.money, n, seed=seed + 1)] if in_money else []
    sums = np.zeros((n + 1, found.n_groups))
    ladder = _Ladder.of(found.histories, models.purchases, horizon.steps())
    for row, model in enumerate(buying):
        worth = _worth(found, money[row] if in_money else None)
        brought = ladder.purchases(model) * bg_nbd.chance_alive(found.histories, model) * worth
        sums[row] = np.bincount(found.group, weights=brought, minlength=found.n_groups)
    spread = _chance(models, found, horizon=horizon, seed=seed + 2, in_money=in_money)
    rng = np.random.default_rng(seed + 3)
    draws = sums[1:] + rng.normal(size=(n, found.n_groups)) * spread
    return Forecast(expected=sums[0], draws=np.maximum(draws, 0.0))


def up_to(models: Models, weeks: Floats) -> Floats:
    """Purchases that all buyers together are expected to make within each number of weeks."""
    of = models.histories
    ladder = _Ladder.of(of, models.purchases, (weeks, np.ones_like(weeks)))
    there = of.n * bg_nbd.chance_alive(of, models.purchases)
    per_x = np.zeros((len(ladder.x), AGE_NODES))
    np.add.at(per_x, ladder.at_x, there[:, None] * ladder.at_age)
    return np.asarray(np.einsum("xa,xat->t", per_x, ladder.steps(models.purchases)))


def chance_to_buy(models: Models, *, weeks: float) -> Floats:
    """Chance per buyer to buy at least once within ``weeks``.

    One who is still there waits for her next purchase at a rate that is gamma distributed;
    leaving comes after a purchase, so it does not matter here.
    """
    of, model = models.histories, models.purchases
    exposed = model.alpha + of.age
    silent = np.exp((model.r + of.frequency) * (np.log(exposed) - np.log(exposed + weeks)))
    return np.asarray((bg_nbd.chance_alive(of, model) * (1 - silent))[of.place])


def _worth(found: Cells, money: GammaGamma | None) -> Floats:
    """What one purchase of each customer of a cell is worth, summed over the cell."""
    if money is None:
        return found.histories.n
    n = found.histories.frequency + 1.0
    worth: Floats = (
        money.p * (money.gamma * found.histories.n + n * found.value) / (money.p * n + money.q - 1)
    )
    return worth


def _drawn_purchases(model: BgNbd, n: int, *, seed: int) -> Iterator[BgNbd]:
    for r, alpha, a, b in model.maximum.draws(n, seed=seed):
        yield replace(model, r=float(r), alpha=float(alpha), a=float(a), b=float(b))


def _drawn_money(model: GammaGamma, n: int, *, seed: int) -> Iterator[GammaGamma]:
    for p, q, gamma in model.maximum.draws(n, seed=seed):
        yield replace(model, p=float(p), q=max(float(q), 1.0 + 1e-3), gamma=float(gamma))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Ladder:
    """Expected purchases of those still there, quickly for many parameters.

    Worked out for each frequency at a few ages; a polynomial in the logarithm of the age
    carries them to all others.

    Attributes:
        x: Different frequencies.
        ages: The few ages.
        times: From ``Horizon.steps``.
        weights: From there too.
        at_x: Place of each history in ``x``.
        at_age: Weight of each of the few ages for each history.
    """

    x: Floats
    ages: Floats
    times: Floats
    weights: Floats
    at_x: Ints
    at_age: Floats

    @classmethod
    def of(cls, histories: Histories, model: BgNbd, steps: tuple[Floats, Floats]) -> _Ladder:
        from numpy.polynomial.chebyshev import chebpts1, chebvander

        x, at_x = np.unique(histories.frequency, return_inverse=True)
        logs = np.log(model.alpha + histories.age)
        low, high = float(logs.min()), float(logs.max())
        middle, half = (low + high) / 2, max((high - low) / 2, 1e-6)
        nodes = chebpts1(AGE_NODES)
        to_nodes = np.linalg.inv(chebvander(nodes, AGE_NODES - 1))
        times, weights = steps
        return cls(
            x=x.astype(float),
            ages=np.maximum(np.exp(middle + half * nodes) - model.alpha, 0.0),
            times=times,
            weights=weights,
            at_x=at_x,
            at_age=chebvander((logs - middle) / half, AGE_NODES - 1) @ to_nodes,
        )

    def steps(self, model: BgNbd) -> Floats:
        """Purchases up to each time, per frequency and age, of one who has not left."""
        return bg_nbd.purchases_if_there(
            self.x[:, None, None], self.ages[:, None], model, horizon=self.times
        )

    def purchases(self, model: BgNbd) -> Floats:
        """Discounted purchases within the horizon per history, if she has not left."""
        found = self.steps(model) @ self.weights
        return np.asarray(np.einsum("ij,ij->i", self.at_age, found[self.at_x]))


def _chance(models: Models, found: Cells, *, horizon: Horizon, seed: int, in_money: bool) -> Floats:
    """Standard deviation of what each group brings, from chance alone."""
    spread = np.zeros(found.n_groups)
    rng = np.random.default_rng(seed)
    for number in range(found.n_groups):
        rows = np.flatnonzero(found.group == number)
        if not len(rows):
            continue
        n = found.histories.n[rows]
        drawn = rng.choice(rows, FUTURES, p=n / n.sum())
        one = _futures(models, found, drawn, horizon=horizon, rng=rng, in_money=in_money)
        expected = _expected(models, found, drawn, horizon=horizon, in_money=in_money)
        spread[number] = np.sqrt(n.sum() * np.mean((one - expected) ** 2))
    return spread


def _expected(
    models: Models, found: Cells, rows: Ints, *, horizon: Horizon, in_money: bool
) -> Floats:
    """What one customer of each of these cells is expected to bring."""
    of = found.histories
    some = Histories(
        frequency=of.frequency[rows],
        recency=of.recency[rows],
        age=of.age[rows],
        n=np.ones(len(rows)),
        place=rows,
    )
    ladder = _Ladder.of(some, models.purchases, horizon.steps())
    worth = _worth(found, models.money if in_money else None)[rows] / of.n[rows]
    return ladder.purchases(models.purchases) * bg_nbd.chance_alive(some, models.purchases) * worth


def _futures(
    models: Models,
    found: Cells,
    rows: Ints,
    *,
    horizon: Horizon,
    rng: np.random.Generator,
    in_money: bool,
) -> Floats:
    """One possible future of one customer of each of these cells."""
    model, of = models.purchases, found.histories
    x, age = of.frequency[rows], of.age[rows]
    rate = rng.gamma(model.r + x, 1 / (model.alpha + age))
    leaves = np.clip(rng.beta(model.a, model.b + x), 1e-12, 1.0)
    chance = bg_nbd.chance_alive(of, model)[rows]
    wanted = rng.poisson(rate * horizon.weeks)  # purchases if she never left
    made = np.where(rng.random(len(rows)) < chance, np.minimum(wanted, rng.geometric(leaves)), 0)
    brought = made * _mean_discount(made, wanted, horizon)
    if not in_money:
        return np.asarray(brought, dtype=float)
    money = models.money
    n, mean = x + 1, found.value[rows] / of.n[rows]
    scale = rng.gamma(money.p * n + money.q, 1 / (money.gamma + n * mean))
    spent = rng.gamma(np.maximum(money.p * made, 1e-12)) / scale
    return np.where(made > 0, spent * _mean_discount(made, wanted, horizon), 0.0)


def _mean_discount(made: Ints, wanted: Ints, horizon: Horizon) -> Floats:
    """Mean discount of the first ``made`` of ``wanted`` purchases spread over the horizon."""
    step = horizon.per_week * horizon.weeks / (wanted + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.exp(-step) * -np.expm1(-step * made) / (-np.expm1(-step) * made)
    return np.where((made > 0) & (step > 0), mean, 1.0)
