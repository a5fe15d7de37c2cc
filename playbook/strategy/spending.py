"""Money for winning against money for keeping: averages mislead, the last unit decides.

Blattberg & Deighton's response curves from two answers a side; Pfeifer: at the best
budget the last customer won costs what a customer is worth, and so does the last one kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts import bars
from playbook.display.charts.curves import Mark, curve
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.strategy.cost_sides import Side, best_keeping, keeping_row, side_of, winning_row
from playbook.strategy.economics import Economics
from playbook.text import gettext as _
from playbook.text.numbers import money, money_short, number


@dataclass(frozen=True, kw_only=True, eq=False)
class Spending(Result):
    """Average and marginal cost of a customer won and a customer kept.

    Attributes:
        sides: One row per side, ``winning`` and ``keeping``: ``side``, ``spend``,
            ``outcome``, ``average_cost``, ``marginal_cost``, ``worth``, ``best_spend``,
            ``back`` (worth of the last customer over the cost), ``floor``, ``ceiling``,
            ``speed`` (of the response curve).
        highest_keeping: Best spend per customer if kept customers brought the average
            margin; an upper view.
    """

    sides: pd.DataFrame
    highest_keeping: float

    @property
    def winning(self) -> Side:
        """Winning customers."""
        return side_of(self.sides, "winning")

    @property
    def keeping(self) -> Side:
        """Keeping customers."""
        return side_of(self.sides, "keeping")

    @property
    def average_ratio(self) -> float:
        """How many times a customer won costs a customer kept, on average."""
        return self.winning.average_cost / self.keeping.average_cost

    @property
    def marginal_ratio(self) -> float:
        """The same for the last customer of each."""
        return self.winning.marginal_cost / self.keeping.marginal_cost

    @property
    def headline(self) -> str:
        """Both ratios in one sentence."""
        words = _(
            "On average winning a customer costs {average} times what keeping one costs; for the "
            "next customer it is {marginal} times."
        )
        return words.format(
            average=_times(self.average_ratio), marginal=_times(self.marginal_ratio)
        )

    @property
    def figures(self) -> list[Figure]:
        """What the last unit of money brings back, and the better budget."""
        won, kept = self.winning, self.keeping
        return [
            Figure(
                _("The next customer won"),
                money(won.marginal_cost),
                _("is worth {money}").format(money=money(won.worth)),
            ),
            Figure(
                _("The next customer kept"),
                money(kept.marginal_cost),
                _("is worth {money}").format(money=money(kept.worth)),
            ),
            Figure(
                _("Best spend on winning"),
                money_short(won.best_spend),
                _("today {money}").format(money=money_short(won.spend)),
            ),
            Figure(
                _("Best spend on keeping, per customer"),
                money(kept.best_spend),
                _("today {today}, at most {most}").format(
                    today=money(kept.spend), most=money(self.highest_keeping)
                ),
            ),
        ]

    @property
    def assumptions(self) -> list[str]:
        """What the curves rest on."""
        return [
            _("Each curve rests on two answers: today's spend with its outcome, and the ceiling."),
            _("A customer's worth counts this year's margin: margin × (1 + i) / (1 + i − r)."),
            _(
                "A new customer has a newcomer's margin and retention; a customer kept by effort "
                "brings less than the average one."
            ),
        ]

    @property
    def formula(self) -> str:
        """The response curve and its margin."""
        return _(
            "Outcome = floor + (ceiling − floor) × (1 − exp(−k × spend)); the cost of the next "
            "customer is one over its slope. Best spend on keeping: the largest "
            "(margin × r − spend) / (1 + i − r)."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per side."""
        words = {"winning": _("Winning customers"), "keeping": _("Keeping customers")}
        return self.sides.assign(name=[words[side] for side in self.sides["side"]])

    def columns(self) -> dict[str, Column]:
        """The sides with their labels."""
        return {
            "name": Column(_("Money for")),
            "average_cost": Column(_("Average cost"), "money"),
            "marginal_cost": Column(_("Cost of the next one"), "money"),
            "worth": Column(_("Worth of the next one"), "money"),
            "back": Column(_("Back per unit of money"), "number", 1),
        }

    def plot(self) -> Chart:
        """Draw average and marginal cost of both sides."""
        rows = {
            _("a customer won, on average"): self.winning.average_cost,
            _("a customer kept, on average"): self.keeping.average_cost,
            _("the next customer won"): self.winning.marginal_cost,
            _("the next customer kept"): self.keeping.marginal_cost,
        }
        return bars(
            pd.DataFrame({"what": list(rows), "money": list(rows.values())}),
            category="what",
            value="money",
            title=self.headline,
            subtitle=_("Cost per customer and year at today's spend"),
            unit="money",
            hues={
                _("the next customer won"): theme.ACQUIRED,
                _("the next customer kept"): theme.KEPT,
            },
        )

    def plot_winning(self) -> Chart:
        """Draw customers gained by spend."""
        side = self.winning
        less = _("Beyond {best} a year winning one more customer loses money")
        more = _("Up to {best} a year winning one more customer pays")
        title = less if side.best_spend < side.spend else more
        return _curve(
            side,
            title=title.format(best=money_short(side.best_spend)),
            subtitle=_("Customers gained a year by yearly spend"),
            y_unit="count_short",
            hue=theme.ACQUIRED,
        )

    def plot_keeping(self) -> Chart:
        """Draw retention by spend per customer."""
        side = self.keeping
        more = _("More money for keeping pays up to {best} per customer, today it is {today}")
        less = _("Money for keeping pays up to {best} per customer, today it is {today}")
        title = more if side.best_spend > side.spend else less
        return _curve(
            side,
            title=title.format(best=money(side.best_spend), today=money(side.spend)),
            subtitle=_("Annual retention by yearly spend per active customer"),
            y_unit="share",
            hue=theme.KEPT,
        )


def _times(ratio: float) -> str:
    """A ratio with one digit below ten, none above."""
    return number(ratio, 0 if ratio >= 10 else 1)


def _curve(side: Side, *, title: str, subtitle: str, y_unit: str, hue: str) -> Chart:
    """A response curve with today's point and the best one."""
    spends = np.linspace(0, 1.25 * max(side.spend, side.best_spend), 100)
    frame = pd.DataFrame({"spend": spends, "outcome": side.curve.at(spends)})
    best = float(side.curve.at(side.best_spend))
    marks = [
        Mark(x=side.spend, y=side.outcome, words=_("today"), hue=theme.QUIET, side="lower right"),
        Mark(x=side.best_spend, y=best, words=_("best"), hue=hue),
    ]
    return curve(
        frame,
        x="spend",
        y="outcome",
        title=title,
        subtitle=subtitle,
        marks=marks,
        x_unit="money_short",
        y_unit=y_unit,  # type: ignore[arg-type]
        from_zero=y_unit != "share",
        x_label=_("Spend a year"),
    )


def spending(economics: Economics) -> Spending:
    """Average and marginal cost of both sides, and the spend that would be best."""
    worth_kept = economics.kept_margin or economics.margin
    sides = [winning_row(economics), keeping_row(economics, margin=worth_kept)]
    return Spending(
        sides=pd.DataFrame(sides),
        highest_keeping=best_keeping(economics, margin=economics.margin),
    )
