"""Virgin land and the leaky bucket: how long a company can grow by winning customers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import lines
from playbook.display.charts.money import stacked
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats import stocks
from playbook.strategy.economics import Economics
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import money, number, number_short, percent

NEARLY_GONE = 0.10


@dataclass(frozen=True, kw_only=True, eq=False)
class Land(Result):
    """The market's stocks year by year, with today's retention and with a better one.

    Attributes:
        years: One row per year from 0: ``year``, ``untouched``, ``active``, ``lapsed``,
            ``gained``, ``won_back``, ``lost`` (flows of the year that ends there),
            ``cost_per_new`` (spend over gained), ``active_better``.
        retention: Annual retention, today's.
        better_retention: The retention it is compared with.
        years_left: Years until nine tenths of the untouched land are gone.
        spend: Money spent a year on winning customers.
        window: How retention is counted.
        gap: Where stated and computed gains differ, in words; may be empty.
    """

    years: pd.DataFrame
    retention: float
    better_retention: float
    years_left: float
    spend: float
    window: str
    gap: str

    @property
    def last(self) -> dict[str, float]:
        """The last year."""
        return {str(key): float(value) for key, value in self.years.iloc[-1].items()}

    @property
    def headline(self) -> str:
        """Where the active base goes, and what is left of the land."""
        last, first = self.last, float(self.years["active"].iloc[0])
        falls = _("By year {n} the active base falls from {first} to {last}.")
        grows = _("By year {n} the active base grows from {first} to {last}.")
        words = (falls if last["active"] < first else grows).format(
            n=number(last["year"]), first=number_short(first), last=number_short(last["active"])
        )
        left = _("Of {land} people who had never bought, {left} are left.")
        land = float(self.years["untouched"].iloc[0])
        return f"{words} " + left.format(
            land=number_short(land), left=number_short(last["untouched"])
        )

    @property
    def figures(self) -> list[Figure]:
        """The base, the better base, the clock, the price of a customer gained."""
        last, first = self.last, self.years.iloc[1]
        at = _("year {n}, retention {r}")
        clock = (
            _("{n} years").format(n=number(self.years_left, 1))
            if isfinite(self.years_left)
            else _("never")
        )
        return [
            Figure(
                _("Active customers"),
                number_short(last["active"]),
                at.format(n=number(last["year"]), r=percent(self.retention)),
            ),
            Figure(
                _("With better retention"),
                number_short(last["active_better"]),
                at.format(n=number(last["year"]), r=percent(self.better_retention)),
            ),
            Figure(_("Nine tenths of the land are gone in"), clock),
            Figure(
                _("A customer gained costs"),
                money(last["cost_per_new"]),
                _("in year 1: {money}; {share} of those gained in year {n} came back").format(
                    money=money(float(first["cost_per_new"])),
                    share=percent(last["won_back"] / last["gained"] if last["gained"] else 0.0),
                    n=number(last["year"]),
                ),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """Stated and computed gains that differ."""
        return [self.gap] if self.gap else []

    @property
    def assumptions(self) -> list[str]:
        """What is held constant."""
        return [
            _("Retention is counted as: {window}.").format(window=self.window),
            _("Harvest, win-back and retention stay as they are; nobody moves in or out."),
            _("The same money is spent on winning customers every year."),
            _("Gained are those who buy for the first time and those who come back."),
        ]

    @property
    def formula(self) -> str:
        """How the stocks move."""
        return _(
            "Gained = harvest share × untouched + win-back share × lapsed; lost = (1 − retention) "
            "× active; each stock = last year's plus what came less what went."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per year."""
        return self.years

    def columns(self) -> dict[str, Column]:
        """The years with their labels."""
        return {
            "year": Column(_("Year"), "count"),
            "untouched": Column(_("Never bought"), "count"),
            "active": Column(_("Active"), "count"),
            "lapsed": Column(_("Lapsed"), "count"),
            "gained": Column(_("Gained"), "count"),
            "lost": Column(_("Lost"), "count"),
            "cost_per_new": Column(_("Cost of a customer gained"), "money"),
            "active_better": Column(
                _("Active at {r}").format(r=percent(self.better_retention)), "count"
            ),
        }

    def plot(self) -> Chart:
        """Draw the three stocks on top of each other."""
        n = int(self.last["year"])
        title = ngettext(
            "After {n} year {left} of the untouched land are left, and {lapsed} have lapsed",
            "After {n} years {left} of the untouched land are left, and {lapsed} have lapsed",
            n,
        )
        return stacked(
            self.years,
            x="year",
            y=["active", "lapsed", "untouched"],
            title=title.format(
                n=number(n),
                left=number_short(self.last["untouched"]),
                lapsed=number_short(self.last["lapsed"]),
            ),
            subtitle=_("People in the catchment, at the end of each year"),
            labels={"active": _("active"), "lapsed": _("lapsed"), "untouched": _("never bought")},
            hues={"active": theme.KEPT, "lapsed": theme.QUIET, "untouched": theme.ACQUIRED},
            x_label=_("Year"),
        )

    def plot_base(self) -> Chart:
        """Draw the active base with both retentions."""
        last, first = self.last, float(self.years["active"].iloc[0])
        slows = _("Retention of {r} slows the fall, it does not stop it: {more} customers more")
        turns = _("Retention of {r} turns the fall into growth: {more} customers more")
        adds = _("Retention of {r} adds {more} customers")
        worse = last["active"] < first
        title = adds if not worse else slows if last["active_better"] < first else turns
        return lines(
            self.years,
            x="year",
            y=["active", "active_better"],
            title=title.format(
                r=percent(self.better_retention),
                more=number_short(last["active_better"] - last["active"]),
            ),
            subtitle=_("Active customers at the end of each year"),
            labels={
                "active": _("retention {r}").format(r=percent(self.retention)),
                "active_better": _("retention {r}").format(r=percent(self.better_retention)),
            },
            hues={"active": theme.QUIET, "active_better": theme.KEPT},
            unit="count_short",
            x_label=_("Year"),
        )


def land(
    economics: Economics,
    *,
    better_retention: float,
    retention: float | None = None,
    harvest: float | None = None,
    spend: float | None = None,
) -> Land:
    """Let the market run over the horizon.

    Args:
        economics: The company's figures.
        better_retention: Annual retention to compare with, 0-1.
        retention: Annual retention; the stated one when not given.
        harvest: Share of the untouched won a year at today's spend; the stated one when
            not given.
        spend: Money a year on winning customers; harvest and win-back follow it along the
            company's response curve.
    """
    kept = economics.retention_share if retention is None else retention
    money_spent = economics.acquisition.spend if spend is None else spend
    reach = float(economics.winning_curve.at(money_spent)) / economics.acquisition.gained
    share = economics.harvest_share if harvest is None else harvest
    rates = {
        "harvest": min(1.0, share * reach),
        "win_back": min(1.0, economics.winback_share * reach),
    }
    run = _run(economics, retention=kept, **rates)
    better = _run(economics, retention=better_retention, **rates)
    return Land(
        years=_by_year(run, better, spend=money_spent),
        retention=kept,
        better_retention=better_retention,
        years_left=stocks.years_until_left(rate=rates["harvest"], left=NEARLY_GONE),
        spend=money_spent,
        window=economics.retention_window,
        gap=economics.gap(),
    )


def _run(
    economics: Economics, *, retention: float, harvest: float, win_back: float
) -> stocks.Stocks:
    return stocks.run(
        untouched=economics.untouched,
        active=economics.active,
        lapsed=economics.lapsed,
        harvest=harvest,
        win_back=win_back,
        retention=retention,
        n_years=economics.horizon_years,
    )


def _by_year(run: stocks.Stocks, better: stocks.Stocks, *, spend: float) -> pd.DataFrame:
    """The stocks and flows as a table; the flows of year 0 are not known."""
    gained = run.harvested + run.won_back
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = np.where(gained > 0, spend / gained, np.nan)
    return pd.DataFrame(
        {
            "year": np.arange(len(run.active)),
            "untouched": run.untouched,
            "active": run.active,
            "lapsed": run.lapsed,
            "gained": np.append(np.nan, gained),
            "won_back": np.append(np.nan, run.won_back),
            "lost": np.append(np.nan, run.lost),
            "cost_per_new": np.append(np.nan, cost),
            "active_better": better.active,
        }
    )
