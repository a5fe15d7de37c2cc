"""The tree from revenue to its drivers, counted from the receipts and adding up exactly.

revenue = revenue of known customers + anonymous revenue; the first is active customers ×
visits per customer × basket, the second visits × basket. The change
between two years is shared out among the drivers by the log-mean Divisia index (Ang 2005),
which leaves no remainder. Contribution is revenue times a share that receipts cannot
tell: it is assumed and marked so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from playbook.data.reductions import YEAR_DAYS
from playbook.data.years import COUNTED
from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.trees import tree
from playbook.display.disclosure import LEAST_CELL
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.stats.decomposition import contributions
from playbook.strategy.kpi_nodes import DRIVERS, MONEY, PARENTS, depths, labels, node_value
from playbook.text import gettext as _
from playbook.text import numbers

Z95 = 1.959964


@dataclass(frozen=True, kw_only=True, eq=False)
class KpiTree(Result):
    """Revenue and its drivers in two periods, with what each driver added to the change.

    Attributes:
        nodes: One row per node: ``node``, ``parent`` (empty at the root), ``before``,
            ``after``, ``change`` (relative), ``adds`` (money it adds to the change of
            revenue; of the contribution, its own change), ``is_measured``.
        periods: ``first`` and ``last`` day of both periods, the earlier first.
        kept_share: Customers of the earlier period who bought in the later one, 0-1.
        scale: Customers of the company for one of the receipts; 1 where these are all.
    """

    nodes: pd.DataFrame
    periods: tuple[tuple[dt.date, dt.date], tuple[dt.date, dt.date]]
    kept_share: float
    scale: float = 1.0

    @property
    def sampling_luck(self) -> float:
        """Change of the customers that a sample alone may bring (95 %), relative; 0 for all.

        Who stays is in both periods; those lost and gained come into the sample by luck.
        """
        before, after = (self.value("customers", key) / self.scale for key in ("before", "after"))
        moved = before + after - 2 * before * self.kept_share
        return Z95 * sqrt(max(moved * (1 - 1 / self.scale), 0.0)) / before

    def value(self, node: str, column: str = "after") -> float:
        """One figure of the tree."""
        return float(self.nodes.loc[self.nodes["node"] == node, column].iloc[0])

    @property
    def contribution_share(self) -> float:
        """Contribution as a share of revenue, as assumed; 0 when nothing was assumed."""
        if "contribution" not in set(self.nodes["node"]):
            return 0.0
        return self.value("contribution") / self.value("revenue")

    @property
    def headline(self) -> str:
        """Change of revenue and the driver that moved it most."""
        drivers = self.nodes[self.nodes["node"].isin(DRIVERS)]
        if float(drivers["change"].abs().max()) < self.sampling_luck:
            words = _(
                "Revenue hardly moved ({change}), and no driver by more than a sample's luck."
            )
            moved = self.value("revenue", "change")
            return words.format(change=numbers.percent(moved, 1, signed=True))
        main = drivers.iloc[int(drivers["adds"].abs().to_numpy().argmax())]
        up = _("Revenue grew by {change}; “{driver}” moved it most, by {adds}.")
        down = _("Revenue fell by {change}; “{driver}” moved it most, by {adds}.")
        change = self.value("revenue", "change")
        return (up if change >= 0 else down).format(
            change=numbers.percent(abs(change), 1),
            driver=labels()[str(main["node"])],
            adds=numbers.money_short(float(main["adds"]), signed=True),
        )

    @property
    def figures(self) -> list[Figure]:
        """The revenue and its three drivers among known customers."""
        shown = ("revenue", "customers", "visits_per_customer", "basket")
        return [
            Figure(
                labels()[node],
                node_value(node, self.value(node)),
                numbers.percent(self.value(node, "change"), 1, signed=True),
            )
            for node in shown
        ]

    @property
    def window(self) -> str:
        """The two periods in words."""
        (first, last), (second, end) = self.periods
        return _("{second} to {end} against {first} to {last}").format(
            first=numbers.date(first),
            last=numbers.date(last),
            second=numbers.date(second),
            end=numbers.date(end),
        )

    @property
    def warnings(self) -> list[str]:
        """A word when the periods are no years, and when the receipts are a sample."""
        days = (self.periods[1][1] - self.periods[1][0]).days + 1
        season = _("The periods are {n} weeks long, not a year: the season is part of the change.")
        luck = _(
            "The receipts are those of a sample: its luck alone may change the number of "
            "customers by up to {change}. Smaller changes say nothing about the company."
        )
        found = [season.format(n=days // 7)] if days < YEAR_DAYS else []
        if self.scale > 1:
            found.append(luck.format(change=numbers.percent(self.sampling_luck, 1)))
        return found

    @property
    def assumptions(self) -> list[str]:
        """What is counted and what is taken for granted."""
        return [
            _("Compared: {window}.").format(window=self.window),
            *self._scaled(),
            _("Revenue is net of returns and VAT; a visit is a receipt with a positive sum."),
            _("The share of revenue that is contribution is assumed; receipts do not know costs."),
            _("Why people come without a card is not known; some have left theirs at home."),
        ]

    def _scaled(self) -> list[str]:
        if self.scale == 1:
            return []
        words = _(
            "Counts and sums are raised to the whole company: one customer of the receipts stands "
            "for {n}."
        )
        return [words.format(n=numbers.number(self.scale))]

    @property
    def formula(self) -> str:
        """The identity that the tree rests on."""
        return _(
            "revenue = active customers × visits per customer × basket + visits without a card "
            "× their basket; contributions by log-mean Divisia"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per node, values written in their unit."""
        names = labels()
        depth = depths()
        return pd.DataFrame(
            {
                "node": "\N{EM SPACE}" * depth[row["node"]] + names[row["node"]],
                "before": node_value(row["node"], row["before"]),
                "after": node_value(row["node"], row["after"]),
                "change": row["change"],
                "adds": row["adds"],
                "one_percent": row["one_percent"],
                "source": _("measured") if row["is_measured"] else _("assumed"),
            }
            for row in self.nodes.to_dict("records")
        )

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "node": Column(_("Figure")),
            "before": Column(_("Year before"), "written"),
            "after": Column(_("Last year"), "written"),
            "change": Column(_("Change"), "share", 1),
            "adds": Column(_("Adds"), "money_short"),
            "one_percent": Column(_("1 % more brings"), "money_short"),
            "source": Column(_("Known how")),
        }

    def plot(self) -> Chart:
        """The tree as a picture: what each driver added."""
        names = labels()
        rows = self.nodes.to_dict("records")
        drawn = pd.DataFrame(
            {
                "node": row["node"],
                "parent": row["parent"],
                "label": names[row["node"]],
                "value": node_value(row["node"], row["after"]),
                "note": self._note(row),
                "hue": self._hue(row),
                "is_dashed": not row["is_measured"],
            }
            for row in rows
        )
        return tree(
            drawn,
            node="node",
            parent="parent",
            label="label",
            value="value",
            note="note",
            hue="hue",
            dashed="is_dashed",
            title=self._branches(),
            subtitle=_(
                "Value, change and what it added to revenue; dashed: assumed. {window}"
            ).format(window=self.window),
        )

    def _branches(self) -> str:
        """How much of the change came from each branch."""
        parts = {
            str(n): float(a) for n, a in zip(self.nodes["node"], self.nodes["adds"], strict=True)
        }
        words = _("Sales with a card changed by {known}, sales without one by {unknown}.")
        if "anonymous_revenue" not in parts:
            return self.headline
        return words.format(
            known=numbers.money_short(parts["identified_revenue"], signed=True),
            unknown=numbers.money_short(parts["anonymous_revenue"], signed=True),
        )

    @staticmethod
    def _note(row: Mapping[Hashable, float]) -> str:
        change = numbers.percent(row["change"], 1, signed=True)
        return f"{change} · {numbers.money_short(row['adds'], signed=True)}"

    def _hue(self, row: Mapping[Hashable, object]) -> str:
        """Colour for drivers that moved revenue by at least a tenth of what the largest did."""
        most = float(self.nodes.loc[self.nodes["node"].isin(DRIVERS), "adds"].abs().max())
        adds = float(str(row["adds"]))
        if row["node"] not in DRIVERS or abs(adds) < most / 10:
            return theme.QUIET
        return theme.KEPT if adds > 0 else theme.LOST


def kpi_tree(
    periods: pd.DataFrame, *, contribution_share: float | None, all_customers: int | None = None
) -> KpiTree:
    """Build the tree and share the change of revenue out among the drivers.

    Args:
        periods: Two rows, the earlier period first: ``first``, ``last``, ``customers``,
            ``visits``, ``identified_revenue``, ``anonymous_visits``,
            ``anonymous_revenue``, ``kept_customers``.
        contribution_share: Contribution as a share of revenue, 0-1; assumed. ``None``
            leaves the contribution out.
        all_customers: Active customers of the company in the later period, where the
            receipts are those of a sample: counts and sums are raised to them.

    Raises:
        PlaybookError: One of the periods has no purchase of a known customer.
    """
    if (periods["visits"] <= 0).any():
        raise PlaybookError(
            _("The receipts of one of the two years name no customer, so there are no drivers."),
            advice=_("Import receipts with a customer's card number."),
        )
    if (periods["customers"] < LEAST_CELL).any():
        raise PlaybookError(
            _(
                "Fewer than {n} customers bought in one of the two years: they are not shown."
            ).format(n=LEAST_CELL)
        )
    scale = (all_customers or periods["customers"].iloc[1]) / periods["customers"].iloc[1]
    raised = periods.assign(**{key: periods[key] * scale for key in COUNTED})
    before, after = (_values(row, contribution_share or 0.0) for row in raised.to_dict("records"))
    adds = _adds(before, after)
    absent: tuple[str, ...] = () if contribution_share else ("contribution",)
    if before["anonymous_visits"] + after["anonymous_visits"] == 0:
        absent += ("anonymous_revenue", *DRIVERS[3:])
    nodes = pd.DataFrame(
        {
            "node": node,
            "parent": parent if contribution_share or parent != "contribution" else "",
            "before": before[node],
            "after": after[node],
            "change": after[node] / before[node] - 1 if before[node] else np.nan,
            "adds": adds[node],
            "one_percent": _one_percent(node, after),
            "is_measured": node != "contribution",
        }
        for node, parent in PARENTS.items()
        if node not in absent
    )
    spans = [
        (pd.Timestamp(first).date(), pd.Timestamp(last).date())
        for first, last in zip(periods["first"], periods["last"], strict=True)
    ]
    n_before, n_kept = periods["customers"].iloc[0], periods["kept_customers"].iloc[1]
    if n_kept < LEAST_CELL:  # who stayed or left are too few to be told: as if nobody had
        n_kept = 0
    kept = 1.0 if n_before - n_kept < LEAST_CELL else float(n_kept / n_before)
    return KpiTree(nodes=nodes, periods=(spans[0], spans[1]), kept_share=kept, scale=float(scale))


def _values(row: Mapping[Hashable, float], contribution_share: float) -> dict[str, float]:
    """Every node of the tree in one period."""
    revenue = float(row["identified_revenue"] + row["anonymous_revenue"])
    anonymous_visits = float(row["anonymous_visits"])
    return {
        "contribution": revenue * contribution_share,
        "revenue": revenue,
        "identified_revenue": float(row["identified_revenue"]),
        "anonymous_revenue": float(row["anonymous_revenue"]),
        "customers": float(row["customers"]),
        "visits_per_customer": float(row["visits"] / row["customers"]),
        "basket": float(row["identified_revenue"] / row["visits"]),
        "anonymous_visits": anonymous_visits,
        "anonymous_basket": float(row["anonymous_revenue"]) / max(anonymous_visits, 1.0),
    }


def _adds(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What every node adds to the change of revenue, in money."""
    found = {node: after[node] - before[node] for node in MONEY}
    for drivers in (DRIVERS[:3], DRIVERS[3:]):
        parts = contributions(
            np.array([before[node] for node in drivers]),
            np.array([after[node] for node in drivers]),
        )
        found |= dict(zip(drivers, parts.tolist(), strict=True))
    return found


def _one_percent(node: str, after: Mapping[str, float]) -> float:
    """Yearly revenue when this figure alone is one percent higher."""
    if node == "contribution":
        return float("nan")
    parent = PARENTS[node] if node in DRIVERS else node
    return after[parent] / 100
