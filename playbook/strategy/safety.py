"""The safety margin: how long the base lives when nobody new comes."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.curves import Mark, curve
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.strategy.economics import Economics
from playbook.text import gettext as _
from playbook.text.numbers import number, number_short, percent

MONTHS = 12


@dataclass(frozen=True, kw_only=True, eq=False)
class SafetyMargin(Result):
    """How many months the active base stays above what the shops need.

    Attributes:
        active: Active customers today.
        needed: Active customers that the shops need.
        retention: Annual retention today.
        better_retention: The retention it is compared with.
        is_half: Whether ``needed`` is half of today's base for want of a stated figure.
    """

    active: float
    needed: float
    retention: float
    better_retention: float
    is_half: bool

    @property
    def months(self) -> float:
        """Months until the base falls to what is needed, with today's retention."""
        return months_until(self.needed / self.active, retention=self.retention)

    @property
    def better_months(self) -> float:
        """The same with the better retention."""
        return months_until(self.needed / self.active, retention=self.better_retention)

    @property
    def headline(self) -> str:
        """How long, and how much longer with better retention."""
        words = _(
            "Without new customers the base lasts {months} months; at a retention of {r} it lasts "
            "{better}."
        )
        return words.format(
            months=number(self.months, 1),
            r=percent(self.better_retention),
            better=number(self.better_months, 1),
        )

    @property
    def figures(self) -> list[Figure]:
        """Base, need, months."""
        need = _("half of today's base") if self.is_half else _("stated by the company")
        return [
            Figure(_("Active today"), number_short(self.active)),
            Figure(_("The shops need"), number_short(self.needed), need),
            Figure(
                _("Safety margin"),
                _("{n} months").format(n=number(self.months, 1)),
                _("retention {r}").format(r=percent(self.retention)),
            ),
        ]

    @property
    def assumptions(self) -> list[str]:
        """How customers leave."""
        return [
            _("Nobody new comes and nobody comes back; customers leave evenly over the year."),
        ]

    @property
    def formula(self) -> str:
        """How the months are computed."""
        return _("Months = 12 × ln(needed / active) / ln(retention).")

    def to_frame(self) -> pd.DataFrame:
        """One row per half-year: ``month``, ``active``, ``active_better``."""
        months = np.arange(0, 37, 6)
        return self._at(months)

    def _at(self, months: np.ndarray) -> pd.DataFrame:
        years = months / MONTHS
        return pd.DataFrame(
            {
                "month": months,
                "active": self.active * self.retention**years,
                "active_better": self.active * self.better_retention**years,
            }
        )

    def columns(self) -> dict[str, Column]:
        """The months with their labels."""
        return {
            "month": Column(_("After months"), "count"),
            "active": Column(_("Active at {r}").format(r=percent(self.retention)), "count"),
            "active_better": Column(
                _("Active at {r}").format(r=percent(self.better_retention)), "count"
            ),
        }

    def plot(self) -> Chart:
        """Draw the base against what the shops need."""
        longest = min(60.0, max(12.0, self.months * 2))
        words = _("{n} months").format(n=number(self.months, 1))
        return curve(
            self._at(np.linspace(0, longest, 100)),
            x="month",
            y="active",
            title=self.headline,
            subtitle=_("Active customers if nobody new comes and nobody comes back"),
            marks=[
                Mark(x=self.months, y=self.needed, words=words, hue=theme.LOST, side="upper right")
            ],
            levels={_("what the shops need"): self.needed},
            y_unit="count_short",
            x_label=_("Months from today"),
        )


def months_until(share: float, *, retention: float) -> float:
    """Months until the share ``share`` of a base is left at an annual retention.

    Example:
        >>> round(months_until(0.75, retention=0.62), 1)
        7.2
    """
    return MONTHS * log(share) / log(retention)


def safety_margin(
    economics: Economics, *, better_retention: float, retention: float | None = None
) -> SafetyMargin:
    """How long the base lives with no acquisition at all."""
    needed = economics.needed_active
    return SafetyMargin(
        active=economics.active,
        needed=economics.active / 2 if needed is None else needed,
        retention=economics.retention_share if retention is None else retention,
        better_retention=better_retention,
        is_half=needed is None,
    )
