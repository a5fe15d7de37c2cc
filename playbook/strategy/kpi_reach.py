"""Can the drivers carry the growth that is wanted: what each would have to do, and a try."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from playbook.display import html
from playbook.display.html import Figure
from playbook.display.live import Live, Slider
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.strategy.goals import Goals
from playbook.strategy.kpi_nodes import DRIVERS, labels, node_value
from playbook.strategy.kpi_tree import KpiTree
from playbook.text import gettext as _
from playbook.text import numbers

LEVERS = DRIVERS[:3]
_DAYS_OF_YEAR = 365.25


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach(Result):
    """What the drivers among known customers must do to bring the growth that is wanted.

    Attributes:
        growth: Growth of yearly revenue that is wanted in all, relative.
        date: Day by which it is wanted.
        years: Years from the last day of the data to that day.
        drivers: One row per driver: ``driver``, ``today``, ``needed`` (in all, if it alone
            moved, relative), ``needed_yearly``, ``last_year`` (its last yearly change),
            ``together_yearly`` (if all three moved alike).
    """

    growth: float
    date: dt.date
    years: float
    drivers: pd.DataFrame

    @property
    def headline(self) -> str:
        """Whether any driver moves at the pace that is needed."""
        row = self.drivers.iloc[int(self.drivers["last_year"].to_numpy().argmax())]
        alone, together = float(row["needed_yearly"]), float(row["together_yearly"])
        fastest = float(row["last_year"])
        if fastest >= alone:
            words = _("At last year's pace “{driver}” alone would bring the growth that is wanted.")
            return words.format(driver=labels()[str(row["driver"])])
        words = _(
            "One driver alone would have to grow by {alone} a year, all three by {together} each; "
            "the fastest, “{driver}”, made {fastest} last year."
        )
        return words.format(
            alone=numbers.percent(alone, 1),
            together=numbers.percent(together, 1),
            driver=labels()[str(row["driver"])],
            fastest=numbers.percent(fastest, 1, signed=True),
        )

    @property
    def figures(self) -> list[Figure]:
        """The growth that is wanted and the time there is."""
        return [
            Figure(
                _("Growth wanted"),
                numbers.percent(self.growth, 1, signed=True),
                _("of yearly revenue, by {date}").format(date=numbers.date(self.date)),
            ),
            Figure(_("Years to get there"), numbers.number(self.years, 1)),
        ]

    @property
    def assumptions(self) -> list[str]:
        """What stays as it is."""
        return [
            _("Sales without a card stay as they are; prices are today's."),
            _("Drivers are taken as independent; more visits often come with a smaller basket."),
        ]

    @property
    def formula(self) -> str:
        """How the need is computed."""
        return _("needed alone = growth × revenue ÷ sales with a card")

    def to_frame(self) -> pd.DataFrame:
        """One row per driver."""
        names = labels()
        return self.drivers.assign(
            today=[
                node_value(str(d), float(v))
                for d, v in zip(self.drivers["driver"], self.drivers["today"], strict=True)
            ],
            driver=[names[str(d)] for d in self.drivers["driver"]],
        )

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "driver": Column(_("Driver")),
            "today": Column(_("Today"), "written"),
            "needed": Column(_("Needed alone"), "share", 1),
            "needed_yearly": Column(_("That is, a year"), "share", 1),
            "together_yearly": Column(_("A year, all three"), "share", 1),
            "last_year": Column(_("Last year"), "share", 1),
        }


def reach(tree: KpiTree, *, goals: Goals) -> Reach:
    """What the drivers must do so that the goals bring the growth they promise.

    Args:
        tree: The KPI tree of the last year that the goals are held against.
        goals: With ``revenue_growth`` and at least one dated key result.

    Raises:
        PlaybookError: The goals promise no growth or have no date.
    """
    dates = [result.date for _objective, result in goals.key_results() if result.date]
    if goals.revenue_growth is None or not dates or max(dates) <= goals.read_until:
        raise PlaybookError(
            _("The goals do not say which growth of revenue they shall bring, and by when."),
            advice=_("Fill in revenue_growth and the dates of the key results."),
        )
    years = (max(dates) - goals.read_until).days / _DAYS_OF_YEAR
    share = tree.value("identified_revenue") / tree.value("revenue")
    factor = 1 + goals.revenue_growth / share
    rows = [
        {
            "driver": driver,
            "today": tree.value(driver),
            "needed": factor - 1,
            "needed_yearly": factor ** (1 / years) - 1,
            "together_yearly": factor ** (1 / years / len(LEVERS)) - 1,
            "last_year": tree.value(driver, "change"),
        }
        for driver in LEVERS
    ]
    return Reach(
        growth=goals.revenue_growth, date=max(dates), years=years, drivers=pd.DataFrame(rows)
    )


def tree_live(tree: KpiTree) -> Live:
    """The tree with sliders: what a change of each driver brings in a year."""
    share, names = tree.contribution_share, labels()

    def answer(**changes: float) -> str:
        factor = 1.0
        for driver in LEVERS:
            factor *= 1 + changes[driver]
        more = tree.value("identified_revenue") * (factor - 1)
        revenue = tree.value("revenue")
        moved = [
            f"{names[driver]} {numbers.percent(changes[driver], 1, signed=True)}"
            for driver in LEVERS
            if changes[driver]
        ]
        words = _("{moved}: revenue would be {revenue} a year, {more} against today.")
        told = words.format(
            moved=", ".join(moved) or _("As today"),
            revenue=numbers.money_short(revenue + more),
            more=numbers.money_short(more, signed=True),
        )
        shown = [Figure(_("Revenue"), numbers.percent(more / revenue, 1, signed=True))]
        if share:
            earned = numbers.money_short(more * share, signed=True)
            shown.append(Figure(_("Contribution"), earned, _("assumed")))
        return html.headline(told) + html.figures(shown)

    first = {"visits_per_customer": 0.01}
    return Live(
        answer,
        {
            driver: Slider(names[driver], first.get(driver, 0.0), -0.1, 0.1, 0.005, "share")
            for driver in LEVERS
        },
    )
