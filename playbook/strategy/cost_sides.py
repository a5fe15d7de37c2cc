"""The two uses of money, winning and keeping customers: cost, worth, best spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.stats.multiples import margin_multiple
from playbook.stats.response import Response
from playbook.strategy.economics import Economics


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One use of money: winning customers, or keeping them.

    Attributes:
        spend: Spend today; on keeping, per active customer and year.
        outcome: Customers gained a year, or the share kept.
        average_cost: Spend over outcome, money per customer.
        marginal_cost: What the last customer won or kept costs, money.
        worth: What such a customer is worth, this year's margin included, money.
        best_spend: Spend at which the last customer costs what a customer is worth.
        curve: The response of the outcome to spend.
    """

    spend: float
    outcome: float
    average_cost: float
    marginal_cost: float
    worth: float
    best_spend: float
    curve: Response

    @property
    def back(self) -> float:
        """What comes back for the last unit of money."""
        return self.worth / self.marginal_cost


def side_of(sides: pd.DataFrame, side: str) -> Side:
    """The row of one side as an object."""
    row = sides[sides["side"] == side].iloc[0]
    numbers = {str(key): float(row[key]) for key in sides.columns if key not in ("side", "back")}
    shape = {key: numbers.pop(key) for key in ("floor", "ceiling", "speed")}
    return Side(curve=Response(**shape), **numbers)


def winning_row(economics: Economics) -> dict[str, object]:
    """Winning customers: cost, worth and best spend."""
    side, response = economics.acquisition, economics.winning_curve
    new = economics.newcomer
    worth = _worth(
        margin=new.margin if new else economics.margin,
        retention=new.retention_share if new else economics.retention_share,
        discount=economics.discount_rate,
    )
    return _row(
        "winning",
        response,
        spend=side.spend,
        outcome=side.gained,
        worth=worth,
        best=response.spend_where_last_costs(worth),
    )


def keeping_row(economics: Economics, *, margin: float) -> dict[str, object]:
    """Keeping customers: cost, worth and best spend."""
    retention = economics.retention_share
    return _row(
        "keeping",
        economics.keeping_curve,
        spend=economics.keeping.spend_per_customer,
        outcome=retention,
        worth=_worth(margin=margin, retention=retention, discount=economics.discount_rate),
        best=best_keeping(economics, margin=margin),
    )


def _row(
    side: str, response: Response, *, spend: float, outcome: float, worth: float, best: float
) -> dict[str, object]:
    marginal = response.marginal_cost(spend)
    return {
        "side": side,
        "spend": spend,
        "outcome": outcome,
        "average_cost": spend / outcome,
        "marginal_cost": marginal,
        "worth": worth,
        "best_spend": best,
        "back": worth / marginal,
        "floor": response.floor,
        "ceiling": response.ceiling,
        "speed": response.speed,
    }


def _worth(*, margin: float, retention: float, discount: float) -> float:
    """A customer's worth with this year's margin."""
    return margin * float(margin_multiple(retention, discount=discount, with_first=True))


def best_keeping(economics: Economics, *, margin: float) -> float:
    """The yearly spend per customer that makes a customer worth most (Blattberg & Deighton).

    Spend that would keep everybody is not looked for beyond five times the margin.
    """
    spends = np.linspace(0, min(5 * margin, 20 / economics.keeping_curve.speed), 20_001)
    kept = economics.keeping_curve.at(spends)
    worth = (margin * kept - spends) / (1 + economics.discount_rate - kept)
    return float(spends[worth.argmax()])
