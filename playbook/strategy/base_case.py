"""The base case: every input at its middle, year by year, with the usual yardsticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import lines
from playbook.display.charts.money import waterfall
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.cashflow import discount_factors, mirr, npv, payback_years, rates_of_return
from playbook.strategy.break_even import WIDEST_EFFECT, effect_that_pays
from playbook.strategy.rates import several_rates
from playbook.strategy.value_flow import Cash, cash, middle_inputs
from playbook.strategy.value_model import Change, ValueModel, traps
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import money_short, number, percent, points


@dataclass(frozen=True, kw_only=True, eq=False)
class BaseCase(Result):
    """The programme year by year with every input at its middle.

    Attributes:
        years: One row per year from 0: ``year``, ``customers``, ``kept``, ``basket``,
            ``running``, ``one_off``, ``pilot``, ``net``, ``discounted``, ``balance``;
            costs are negative, ``balance`` is the discounted sum so far.
        npv: Net present value, money.
        rates: Every rate of return that the flow has.
        mirr: Modified rate of return, financed and reinvested at the discount rate.
        payback: Years until the money is back; NaN when it is not.
        discounted_payback: The same at the discount rate.
        effect: Effect on the pilot's outcome that was put in, a share.
        break_even: Effect at which the net present value is zero; NaN when none is.
        with_pilot: Whether the pilot's cost counts.
        discount: Yearly discount rate.
        model: The value model behind it.
    """

    years: pd.DataFrame
    npv: float
    rates: tuple[float, ...]
    mirr: float
    payback: float
    discounted_payback: float
    effect: float
    break_even: float
    with_pilot: bool
    discount: float
    model: ValueModel

    @property
    def headline(self) -> str:
        """Value and break-even in one sentence."""
        n, money = len(self.years) - 1, money_short(abs(self.npv))
        gains = ngettext(
            "In {n} year the programme is worth {money} more than it costs.",
            "In {n} years the programme is worth {money} more than it costs.",
            n,
        )
        loses = ngettext(
            "In {n} year the programme costs {money} more than it brings.",
            "In {n} years the programme costs {money} more than it brings.",
            n,
        )
        words = (gains if self.npv >= 0 else loses).format(n=number(n), money=money)
        if not isfinite(self.break_even):
            return (
                words
                + " "
                + _("No effect up to {most} would pay for it.").format(
                    most=points(WIDEST_EFFECT, 0)
                )
            )
        pays = _("It pays from an effect of {even} on; {effect} are expected.")
        return f"{words} " + pays.format(
            even=points(self.break_even, 2, signed=False),
            effect=points(self.effect, 2, signed=False),
        )

    @property
    def figures(self) -> list[Figure]:
        """Value, return, payback, break-even."""
        after = _("discounted: {years}").format(years=_years(self.discounted_payback))
        return [
            Figure(
                _("Net present value"),
                money_short(self.npv),
                _("at {rate} a year").format(rate=percent(self.discount)),
            ),
            self._rate_figure(),
            Figure(_("Money is back after"), _years(self.payback), after),
            Figure(
                _("Break-even effect"),
                points(self.break_even, 2, signed=False),
                _("expected: {effect}").format(effect=points(self.effect, 2, signed=False)),
            ),
        ]

    def _rate_figure(self) -> Figure:
        """The rate of return where there is one, the modified rate where there is not."""
        modified = percent(self.mirr)
        if len(self.rates) == 1:
            note = _("modified: {rate}").format(rate=modified)
            return Figure(_("Rate of return"), percent(self.rates[0]), note)
        return Figure(_("Modified rate of return"), modified, _("there is no single rate"))

    @property
    def warnings(self) -> list[str]:
        """Traps, and a rate of return that does not exist."""
        doubtful = [several_rates(self.rates)] if len(self.rates) > 1 else []
        return [*traps(self.model), *doubtful]

    @property
    def assumptions(self) -> list[str]:
        """What is counted and what is not."""
        pilot = (
            _("The pilot's cost is counted: the question is the whole programme.")
            if self.with_pilot
            else _("The pilot's cost is not counted.")
        )
        return [
            pilot,
            _("Nothing is counted after the last year, and no tax."),
            _("A kept customer stays with the retention that the programme gives."),
        ]

    @property
    def formula(self) -> str:
        """How the value is computed."""
        return _(
            "Kept customers = those kept last year × (retention + gain) + customers × gain; gain = "
            "effect × annual map × scale-up × ramp. Cash = kept customers × margin + larger "
            "baskets − running costs − one-off costs."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per year."""
        return self.years

    def columns(self) -> dict[str, Column]:
        """The years with their labels."""
        shown = {
            "year": Column(_("Year"), "count"),
            "customers": Column(_("Customers kept"), "count"),
            "kept": Column(_("Their margin"), "money_short"),
            "basket": Column(_("Larger baskets"), "money_short"),
            "running": Column(_("Running costs"), "money_short"),
            "one_off": Column(_("One-off costs"), "money_short"),
            "pilot": Column(_("Pilot"), "money_short"),
            "net": Column(_("Cash"), "money_short"),
            "balance": Column(_("Discounted balance"), "money_short"),
        }
        return shown if self.with_pilot else {k: v for k, v in shown.items() if k != "pilot"}

    def plot(self) -> Chart:
        """Draw what adds to the present value and what takes from it."""
        factors = discount_factors(len(self.years) - 1, rate=self.discount)
        parts = {
            "kept": _("Margin of kept customers"),
            "basket": _("Larger baskets"),
            "running": _("Running costs"),
            "one_off": _("One-off costs"),
            "pilot": _("Pilot"),
        }
        if not self.with_pilot:
            parts.pop("pilot")
        steps = pd.DataFrame(
            {
                "part": list(parts.values()),
                "money": [float(self.years[key] @ factors) for key in parts],
            }
        )
        less = _("The benefit falls short of the costs by {money}")
        more = _("The benefit exceeds the costs by {money}")
        subtitle = _("Present value of years 0 to {n} at {rate} a year, every input at its middle")
        return waterfall(
            steps,
            category="part",
            value="money",
            total=_("Net present value"),
            title=(less if self.npv < 0 else more).format(money=money_short(abs(self.npv))),
            subtitle=subtitle.format(n=number(len(self.years) - 1), rate=percent(self.discount)),
        )

    def plot_balance(self) -> Chart:
        """Draw the discounted balance over the years."""
        deepest = self.years["balance"].min()
        words = _("At the deepest point {money} are tied up")
        back = _("; the money is back after {years}").format(years=_years(self.discounted_payback))
        never = _("; it is not back within {n} years").format(n=number(len(self.years) - 1))
        return lines(
            self.years,
            x="year",
            y=["balance"],
            title=words.format(money=money_short(abs(deepest)))
            + (back if isfinite(self.discounted_payback) else never),
            subtitle=_("Discounted balance since the start, every input at its middle"),
            labels={"balance": money_short(float(self.years["balance"].iloc[-1]))},
            hues={"balance": theme.KEPT if self.npv >= 0 else theme.LOST},
            unit="money_short",
            x_label=_("Year"),
            from_zero=False,
            markers=True,
        )


def _years(value: float) -> str:
    """A number of years with its word; says so when there is none."""
    if not isfinite(value):
        return _("not within the horizon")
    return _("{n} years").format(n=number(value, 1))


def base_case(
    model: ValueModel,
    *,
    effect: float | None = None,
    scale_up: float | None = None,
    kept_margin: float | None = None,
    changes: Sequence[Change] = (),
    with_pilot: bool = True,
) -> BaseCase:
    """The programme with every input at its middle, or at the values given.

    Args:
        model: The value model.
        effect: Effect on the pilot's outcome, a share; what is expected when not given.
        scale_up: Share of it that survives the rollout.
        kept_margin: Yearly margin of a kept customer.
        changes: Corrections to the programme, applied in their order.
        with_pilot: Whether the pilot's cost counts; after the pilot it is sunk.
    """
    inputs = middle_inputs(model, effect=effect)
    given = {"scale_up": scale_up, "kept_margin": kept_margin}
    inputs = replace(inputs, **{key: value for key, value in given.items() if value is not None})
    flow = cash(model, inputs, changes=changes, with_pilot=with_pilot)
    rate = model.discount_rate
    return BaseCase(
        years=_yearly_frame(flow, rate=rate),
        npv=float(npv(flow.net, rate=rate)),
        rates=rates_of_return(flow.net),
        mirr=mirr(flow.net, finance=rate, reinvest=rate),
        payback=payback_years(flow.net),
        discounted_payback=payback_years(flow.net, rate=rate),
        effect=float(inputs.effect),
        break_even=effect_that_pays(model, inputs, changes=changes, with_pilot=with_pilot),
        with_pilot=with_pilot,
        discount=rate,
        model=model,
    )


def _yearly_frame(flow: Cash, *, rate: float) -> pd.DataFrame:
    discounted = flow.net * discount_factors(flow.net.size - 1, rate=rate)
    return pd.DataFrame(
        {
            "year": np.arange(flow.net.size),
            "customers": flow.customers,
            "kept": flow.kept,
            "basket": flow.basket,
            "running": -flow.running,
            "one_off": -flow.one_off,
            "pilot": -flow.pilot,
            "net": flow.net,
            "discounted": discounted,
            "balance": discounted.cumsum(),
        }
    )
