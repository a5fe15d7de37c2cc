"""Annual retention counted from receipts, beside the one the company states."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.strategy.economics import Economics
from playbook.text import gettext as _
from playbook.text.numbers import date, percent, points

# From this difference on, stated and measured retention are not the same figure.
NOTABLE = 0.02


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured(Result):
    """Annual retention counted from receipts, beside the stated one.

    Attributes:
        anchor: First day of the window in which customers may come back.
        window_weeks: Length of both windows, before and from the anchor on.
        n_base: Customers with a purchase in the window before.
        n_kept: Of these, customers with one in the window after.
        stated: Retention by the company's own figures; NaN when there are none.
        stated_window: How that one is counted.
    """

    anchor: dt.date
    window_weeks: int
    n_base: int
    n_kept: int
    stated: float
    stated_window: str

    @property
    def retention(self) -> float:
        """Measured retention, 0-1."""
        return self.n_kept / self.n_base if self.n_base else float("nan")

    @property
    def window(self) -> str:
        """Both windows in words."""
        length = dt.timedelta(weeks=self.window_weeks)
        last = dt.timedelta(days=1)
        words = _("bought from {a} to {b} and again from {c} to {d}")
        return words.format(
            a=date(self.anchor - length),
            b=date(self.anchor - last),
            c=date(self.anchor),
            d=date(self.anchor + length - last),
        )

    @property
    def headline(self) -> str:
        """The measured retention, and whether it agrees with the stated one."""
        words = _("By receipts {share} of the customers of one year bought again in the next.")
        text = words.format(share=percent(self.retention, 1))
        if pd.isna(self.stated):
            return text
        gap = self.retention - self.stated
        agrees = _("The company states {stated}: the two agree.")
        differs = _("The company states {stated}, {gap} away: settle the window first.")
        return f"{text} " + (agrees if abs(gap) < NOTABLE else differs).format(
            stated=percent(self.stated), gap=points(-gap)
        )

    @property
    def assumptions(self) -> list[str]:
        """Who is counted."""
        return [
            _("Only receipts with a customer's card count; a purchase is a positive receipt."),
            _("Those who come back after more than a window count as lost, then as won back."),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per source: ``source``, ``retention``, ``n_base``, ``window``."""
        rows: list[tuple[str, float, float, str]] = [
            (_("Receipts"), self.retention, self.n_base, self.window)
        ]
        if not pd.isna(self.stated):
            rows.append((_("Stated by the company"), self.stated, np.nan, self.stated_window))
        return pd.DataFrame(rows, columns=["source", "retention", "n_base", "window"])

    def columns(self) -> dict[str, Column]:
        """The sources with their labels."""
        return {
            "source": Column(_("Source")),
            "retention": Column(_("Annual retention"), "share", 1),
            "n_base": Column(_("Customers counted"), "count"),
            "window": Column(_("Window")),
        }


def measured(rates: pd.DataFrame, *, economics: Economics | None = None) -> Measured:
    """Annual retention from repeat rates with windows of a year.

    Args:
        rates: Repeat rates by store: ``week`` (anchor), ``window_weeks``, ``n_base``,
            ``n_repeat``; the last anchor of the longest window is taken.
        economics: The company's figures, to compare with.
    """
    longest = rates[rates["window_weeks"] == rates["window_weeks"].max()]
    last = longest[longest["week"] == longest["week"].max()]
    return Measured(
        anchor=pd.Timestamp(last["week"].iloc[0]).date(),
        window_weeks=int(last["window_weeks"].iloc[0]),
        n_base=int(last["n_base"].sum()),
        n_kept=int(last["n_repeat"].sum()),
        stated=economics.retention_share if economics else float("nan"),
        stated_window=economics.retention_window if economics else "",
    )
