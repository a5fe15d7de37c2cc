"""How customers behave at a date: recency, frequency, money, and the scores 1 to 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from playbook.customers.purchases import Purchases, Window
from playbook.customers.season import YEAR_WEEKS, Season, week_of_circle
from playbook.display.chart import Chart
from playbook.display.charts.segments import two_shares
from playbook.display.disclosure import hidden_note, without_small_cells
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.scores import score_edges, standing_scores
from playbook.text import gettext as _
from playbook.text.numbers import MISSING, money, number, percent

SCORES = 5


def measure(purchases: Purchases, *, window: Window, season: Season | None = None) -> pd.DataFrame:
    """Describe every customer who bought in the window, with nothing from after it.

    Args:
        purchases: The receipts by customer and day.
        window: The window; its end is the date at which customers are looked at.
        season: The season that returns, or none.

    Returns:
        One row per customer who bought in the window, indexed by customer number:
        ``weeks_since_first``, ``recency_days``, ``weeks_since_last``, ``purchase_days``,
        ``spend`` (returns taken off; may be below zero), ``days_two_years``,
        ``season_share`` (of the purchase days of up to two years; 0 without a season).
    """
    n = purchases.n_customers
    inside = window.mask(purchases)
    bought = inside & purchases.is_purchase
    who, day = purchases.customer[bought], purchases.day[bought]
    days = np.bincount(who, minlength=n)
    last = np.zeros(n, dtype=np.int64)
    np.maximum.at(last, who, day)
    spend = np.bincount(purchases.customer[inside], purchases.amount[inside], minlength=n)
    frame = pd.DataFrame(
        {
            "weeks_since_first": (window.end - 1 - purchases.first_purchase) / 7,
            "recency_days": window.end - 1 - last,
            "weeks_since_last": (window.end - 1 - last) / 7,
            "purchase_days": days,
            "spend": spend,
        }
    )
    frame = frame.join(_seasonal(purchases, window, season))
    return frame[days > 0].rename_axis("customer")


def _seasonal(purchases: Purchases, window: Window, season: Season | None) -> pd.DataFrame:
    """Purchase days of up to two years per customer, and their share in the season."""
    years = Window(end=window.end, weeks=2 * YEAR_WEEKS)
    rows = years.mask(purchases) & purchases.is_purchase
    who, n = purchases.customer[rows], purchases.n_customers
    days = np.bincount(who, minlength=n)
    share = np.zeros(n)
    if season is not None and season.is_found:
        in_season = season.weeks()[week_of_circle(purchases.day[rows], end=season.end)]
        share = np.bincount(who, in_season, minlength=n) / np.maximum(days, 1)
    return pd.DataFrame({"days_two_years": days, "season_share": share})


def with_scores(behaviour: pd.DataFrame) -> pd.DataFrame:
    """Add ``r``, ``f``, ``m``: 1 to 5, where 5 is better than at least four in five customers."""
    return behaviour.assign(
        r=standing_scores(
            behaviour["recency_days"].to_numpy(float), bins=SCORES, smaller_is_better=True
        ),
        f=standing_scores(behaviour["purchase_days"].to_numpy(float), bins=SCORES),
        m=standing_scores(behaviour["spend"].to_numpy(float), bins=SCORES),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores(Result):
    """What it takes to get each score, and how many customers have it.

    Attributes:
        steps: One row per letter and score that occurs: ``letter`` (r, f or m),
            ``score``, ``weakest`` (days, purchase days or money), ``n_customers``,
            ``revenue_share``.
        window: The window.
    """

    steps: pd.DataFrame
    window: Window

    @property
    def headline(self) -> str:
        """How much of the revenue the best score brings."""
        money_rows = self.steps[self.steps["letter"] == "m"]
        top = money_rows.iloc[-1]
        if money_rows["n_customers"].isna().any():
            return _("Scores of few customers are not shown.")
        share = top["n_customers"] / money_rows["n_customers"].sum()
        return _("The {customers} of customers who spend most bring {revenue} of revenue.").format(
            customers=percent(share), revenue=percent(top["revenue_share"])
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per letter and score, with what it takes in words."""
        words = [_takes(row) for row in self.steps.to_dict("records")]
        names = {"r": _("recency"), "f": _("frequency"), "m": _("money")}
        return self.steps.assign(letter=self.steps["letter"].map(names), takes=words)

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "letter": Column(_("What")),
            "score": Column(_("Score"), "count"),
            "takes": Column(_("What it takes")),
            "n_customers": Column(_("Customers"), "count"),
            "revenue_share": Column(_("Share of revenue"), "share"),
        }

    @property
    def assumptions(self) -> list[str]:
        """How scores are given."""
        return [
            _(
                "A score of 5 means better than at least four in five customers. Equal values "
                "always get equal scores, so a score may be missing."
            ),
            _("Days with at least one purchase are counted, returns are taken off the money."),
            _("Window: {window}.").format(window=self.window),
            *hidden_note(self.steps, count="n_customers"),
        ]

    def plot(self) -> Chart:
        """Draw the share of revenue by score of money."""
        frame = self.steps[self.steps["letter"] == "m"].dropna().iloc[::-1]
        words = _("score {n}: {takes}")
        labels = [
            words.format(n=row["score"], takes=_takes(row)) for row in frame.to_dict("records")
        ]
        return two_shares(
            frame.assign(
                label=labels, customers_share=frame["n_customers"] / frame["n_customers"].sum()
            ),
            category="label",
            first="customers_share",
            second="revenue_share",
            first_label=_("share of customers"),
            second_label=_("share of revenue"),
            title=self._contrast(frame),
            subtitle=_("Customers by score of money, {window}").format(window=self.window),
        )

    def _contrast(self, frame: pd.DataFrame) -> str:
        """How much more a customer with the best score brings; the best row comes first."""
        if len(frame) < 2:
            return self.headline
        each = frame["revenue_share"] / frame["n_customers"]
        words = _(
            "A customer with the best score brings {times} times as much as one with the worst"
        )
        return words.format(times=number(float(each.iloc[0] / each.iloc[-1])))


def _takes(row: Mapping[Any, Any]) -> str:
    """What it takes to get a score, in words; nothing where few customers have it."""
    weakest = float(row["weakest"])
    if np.isnan(weakest):
        return MISSING
    match row["letter"]:
        case "r":
            return _("days since the last purchase: at most {n}").format(n=number(weakest))
        case "f":
            return _("days with a purchase: at least {n}").format(n=number(weakest))
        case _ if weakest <= 0:  # returns have eaten up what was bought
            return _("everybody else")
        case _:
            return _("spent at least {amount}").format(amount=money(weakest))


def scores(scored: pd.DataFrame, *, window: Window) -> Scores:
    """Sum up the scores of ``with_scores``."""
    revenue = scored["spend"].sum()
    rows = []
    for letter, column in (("r", "recency_days"), ("f", "purchase_days"), ("m", "spend")):
        found = scored[letter].to_numpy(np.int64)
        edges = score_edges(scored[column].to_numpy(float), found, smaller_is_better=letter == "r")
        for score, weakest in edges.items():
            spent = scored["spend"][found == score]
            rows.append((letter, score, weakest, len(spent), spent.sum() / revenue))
    columns = ["letter", "score", "weakest", "n_customers", "revenue_share"]
    steps = pd.DataFrame(rows, columns=columns)
    told = [
        without_small_cells(part, count="n_customers", figures=("weakest", "revenue_share"))
        for _letter, part in steps.groupby("letter", sort=False)
    ]
    return Scores(steps=pd.concat(told), window=window)
