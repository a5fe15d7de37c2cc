"""Annual retention counted from receipts, beside the one the company states."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import isnan

import pandas as pd

from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.strategy.economics import Economics
from playbook.text import gettext as _
from playbook.text.numbers import date, percent, points

# From this difference on, stated and measured retention are not the same figure.
NOTABLE = 0.02
DAYS = ("base_from", "base_to", "return_from", "return_to")


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured(Result):
    """Annual retention counted from receipts, beside the stated one.

    Attributes:
        base_from: First day of the year whose customers are counted.
        base_to: Its last day.
        return_from: First day of the year in which they may come back.
        return_to: Its last day.
        n_base: Customers with a purchase in the first year.
        n_kept: Of these, customers with one in the second.
        is_complete: Whether the data cover both years.
        stated: Retention by the company's own figures; NaN when there are none.
        stated_window: How that one is counted.
    """

    base_from: dt.date
    base_to: dt.date
    return_from: dt.date
    return_to: dt.date
    n_base: int
    n_kept: int
    is_complete: bool
    stated: float
    stated_window: str

    @property
    def retention(self) -> float:
        """Measured retention, 0-1; NaN where the data do not cover both years."""
        return self.n_kept / self.n_base if self.n_base and self.is_complete else float("nan")

    @property
    def window(self) -> str:
        """Both windows in words."""
        words = _("bought from {a} to {b} and again from {c} to {d}")
        days = (self.base_from, self.base_to, self.return_from, self.return_to)
        return words.format(**dict(zip("abcd", map(date, days), strict=True)))

    @property
    def headline(self) -> str:
        """The measured retention, and whether it agrees with the stated one."""
        if not self.is_complete:
            return _("The receipts do not cover two years: annual retention cannot be counted yet.")
        words = _("By receipts {share} of the customers of one year bought again in the next.")
        text = words.format(share=percent(self.retention, 1))
        if isnan(self.stated):
            return text
        gap = self.retention - self.stated
        agrees = _("The company states {stated}: the two agree.")
        differs = _("The company states {stated}; the receipts say {gap}: settle the window first.")
        return f"{text} " + (agrees if abs(gap) < NOTABLE else differs).format(
            stated=percent(self.stated), gap=points(gap)
        )

    @property
    def assumptions(self) -> list[str]:
        """Who is counted."""
        return [
            _("Only receipts with a customer's card count; a purchase is a positive receipt."),
            _("Who comes back after more than a year counts as lost first, then as won back."),
        ]

    @property
    def formula(self) -> str:
        """How retention is counted."""
        return _(
            "Retention = customers of one year who bought in the next / customers of that year."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per source: ``source``, ``retention``, ``n_base``, ``window``."""
        rows: list[tuple[str, float, float, str]] = [
            (_("Receipts"), self.retention, self.n_base, self.window)
        ]
        if not isnan(self.stated):
            rows.append((_("Stated by the company"), self.stated, float("nan"), self.stated_window))
        return pd.DataFrame(rows, columns=["source", "retention", "n_base", "window"])

    def columns(self) -> dict[str, Column]:
        """The sources with their labels."""
        return {
            "source": Column(_("Source")),
            "retention": Column(_("Annual retention"), "share", 1),
            "n_base": Column(_("Customers counted"), "count"),
            "window": Column(_("Window")),
        }


def measured(counted: pd.DataFrame, *, economics: Economics | None = None) -> Measured:
    """Annual retention from the receipts, beside the one that the company states.

    Args:
        counted: The table ``annual_retention``, a single row.
        economics: The company's figures, to compare with.
    """
    row = counted.iloc[0]
    days = {key: pd.Timestamp(row[key]).date() for key in DAYS}
    return Measured(
        **days,
        n_base=int(row["n_base"]),
        n_kept=int(row["n_kept"]),
        is_complete=bool(row["is_complete"]),
        stated=economics.retention_share if economics else float("nan"),
        stated_window=economics.retention_window if economics else "",
    )
