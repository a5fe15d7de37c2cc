"""Made-up customers whose future is known, to see whether forecasts and their ranges hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers.lifetime_forecast import YEAR_WEEKS
from playbook.customers.purchases import Purchases

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class World:
    """Customers who buy as BG/NBD and pay as Gamma-Gamma say.

    Attributes:
        r: Shape of the purchase rates.
        alpha: Their scale, weeks.
        a: First parameter of the chances to leave after a purchase; 0 and nobody leaves.
        b: Second one.
        p: Shape of the values of one customer's purchases.
        q: Shape of the customers' means.
        gamma: Their scale, money.
        past_weeks: Weeks that the receipts cover; customers arrive in the first half of them.
        future_weeks: Weeks after.
    """

    r: float = 0.9
    alpha: float = 5.0
    a: float = 0.7
    b: float = 4.0
    p: float = 4.0
    q: float = 5.0
    gamma: float = 800.0
    past_weeks: int = 104
    future_weeks: int = 157


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """One draw of a world.

    Attributes:
        past: What the receipts show.
        customer: Customer of ``past.ids`` per purchase day to come.
        day: Days after the last of the past, 0 is the first to come.
        amount: Money.
    """

    past: Purchases
    customer: Ints
    day: Ints
    amount: Floats

    def money_to_come(self, *, weeks: float, discount: float) -> Floats:
        """What each customer really brings within ``weeks``, discounted to the last day."""
        inside = self.day < 7 * weeks
        today = self.amount[inside] * (1 + discount) ** (-(self.day[inside] + 0.5) / 7 / YEAR_WEEKS)
        n = self.past.n_customers
        return np.bincount(self.customer[inside], weights=today, minlength=n).astype(float)


def draw(world: World, *, n: int, seed: int, start_day: int = 19_723) -> Drawn:
    """Draw ``n`` customers with their past and their future.

    Args:
        world: How they behave.
        n: How many.
        seed: Same seed, same customers.
        start_day: First day of the past, in days since 1970.
    """
    rng = np.random.default_rng(seed)
    end = 7.0 * world.past_weeks
    customer, at = _moments(world, rng, first=rng.uniform(0, end / 2, n))
    key = np.unique(customer * 10**6 + at.astype(np.int64))
    who, day = np.divmod(key, 10**6)
    scale = rng.gamma(world.q, 1 / world.gamma, n)
    amount = rng.gamma(world.p, 1.0, len(key)) / scale[who]
    past = day < end
    receipts = Purchases(
        ids=pd.RangeIndex(n),
        customer=who[past],
        day=day[past] + start_day,
        amount=amount[past],
        is_purchase=np.ones(int(past.sum()), dtype=np.bool_),
        first_day=start_day,
        last_day=start_day + int(end) - 1,
        n_receipts=int(past.sum()),
        n_anonymous=0,
        revenue=float(amount[past].sum()),
        anonymous_revenue=0.0,
    )
    to_come = ~past
    return Drawn(
        past=receipts,
        customer=who[to_come],
        day=day[to_come] - int(end),
        amount=amount[to_come],
    )


def _moments(world: World, rng: np.random.Generator, *, first: Floats) -> tuple[Ints, Floats]:
    """Customer and moment (days) of every purchase until the end of the future."""
    n, last = len(first), 7.0 * (world.past_weeks + world.future_weeks)
    rate = rng.gamma(world.r, 1 / world.alpha, n) / 7
    leaves = rng.beta(world.a, world.b, n) if world.a else np.zeros(n)
    who, at = np.arange(n), first
    customers, moments = [who], [at]
    while len(who):
        at = at + rng.exponential(1 / rate[who])
        inside = at < last
        who, at = who[inside], at[inside]
        customers.append(who)
        moments.append(at)
        stays = rng.random(len(who)) > leaves[who]
        who, at = who[stays], at[stays]
    return np.concatenate(customers), np.concatenate(moments)
