"""What a customer is worth here, and what one per cent of retention is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.curves import Mark, curve
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.multiples import margin_multiple, retention_elasticity
from playbook.strategy.economics import Economics
from playbook.text import gettext as _
from playbook.text.numbers import money, number, percent

# Gupta, Lehmann & Stuart 2004: five firms, 1 % better retention, firm value 3 to 7 % higher.
SLOGAN = 5.0


@dataclass(frozen=True, kw_only=True, eq=False)
class CustomerValue(Result):
    """The value of an average customer, in both conventions, and its elasticity.

    Attributes:
        margin: Yearly margin, money.
        retention: Annual retention.
        discount: Yearly discount rate.
    """

    margin: float
    retention: float
    discount: float

    @property
    def multiple(self) -> float:
        """Yearly margins that a customer is worth, without the first."""
        return float(margin_multiple(self.retention, discount=self.discount))

    @property
    def elasticity(self) -> float:
        """Per cent of value for one per cent of retention."""
        return float(retention_elasticity(self.retention, discount=self.discount))

    @property
    def headline(self) -> str:
        """The company's own elasticity beside the slogan."""
        words = _(
            "One per cent better retention raises the value of a customer by {own} % here; "
            "the slogan says {slogan} %."
        )
        return words.format(own=number(self.elasticity, 1), slogan=number(SLOGAN))

    @property
    def figures(self) -> list[Figure]:
        """Value in both conventions, elasticity."""
        first = self.margin * (1 + self.multiple)
        return [
            Figure(
                _("Value of a customer"),
                money(self.margin * self.multiple),
                _("{n} yearly margins, from next year on").format(n=number(self.multiple, 2)),
            ),
            Figure(
                _("With this year's margin"),
                money(first),
                _("{n} yearly margins").format(n=number(1 + self.multiple, 2)),
            ),
            Figure(
                _("One per cent of retention"),
                _("{n} % of value").format(n=number(self.elasticity, 1)),
                _("retention {r}").format(r=percent(self.retention)),
            ),
        ]

    @property
    def assumptions(self) -> list[str]:
        """What the multiple takes for granted."""
        return [
            _("Margin and retention stay the same for ever, for every customer."),
            _("Customers differ: by segment the base is worth more than this average says."),
            _("The slogan's five comes from five firms with a retention near 90 %."),
        ]

    @property
    def formula(self) -> str:
        """Both conventions."""
        return _(
            "Value = margin × r / (1 + i − r) without this year's margin, margin × (1 + i) / "
            "(1 + i − r) with it; per cent of value per per cent of r = (1 + i) / (1 + i − r)."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per retention: ``retention``, ``value``, ``elasticity``."""
        levels = np.unique(np.round([0.5, 0.6, self.retention, 0.7, 0.8, 0.9, 0.95], 3))
        return pd.DataFrame(
            {
                "retention": levels,
                "value": self.margin * margin_multiple(levels, discount=self.discount),
                "elasticity": retention_elasticity(levels, discount=self.discount),
            }
        )

    def columns(self) -> dict[str, Column]:
        """The retentions with their labels."""
        return {
            "retention": Column(_("Annual retention"), "share"),
            "value": Column(_("Value of a customer"), "money"),
            "elasticity": Column(_("Per cent of value per per cent"), "number", 1),
        }

    def plot(self) -> Chart:
        """Draw the elasticity against retention, the company's own point on it."""
        levels = np.linspace(0.4, 0.95, 100)
        frame = pd.DataFrame(
            {"r": levels, "e": retention_elasticity(levels, discount=self.discount)}
        )
        words = _("here {own} %").format(own=number(self.elasticity, 1))
        return curve(
            frame,
            x="r",
            y="e",
            title=self.headline,
            subtitle=_("Per cent of customer value for one per cent of retention"),
            marks=[Mark(x=self.retention, y=self.elasticity, words=words, hue=theme.KEPT)],
            levels={_("the slogan: {n} %").format(n=number(SLOGAN)): SLOGAN},
            x_unit="share",
            x_label=_("Annual retention"),
        )


def customer_value(economics: Economics) -> CustomerValue:
    """The value of the company's average customer."""
    return CustomerValue(
        margin=economics.margin,
        retention=economics.retention_share,
        discount=economics.discount_rate,
    )
