"""Who bought again: sorted into segments a window ago, looked up in the window since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.customers.gates import Gates, Untold
from playbook.customers.purchases import Window
from playbook.customers.segments import HUES, SortedCustomers
from playbook.display.chart import Chart
from playbook.display.charts.estimates import intervals
from playbook.display.disclosure import are_few, hidden_note, without_small_cells
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.movement import share_interval
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import number, percent


@dataclass(frozen=True, kw_only=True, eq=False)
class SegmentRetention(Result):
    """The share of each segment that bought again.

    Attributes:
        segments: One row per segment: ``segment`` (id), ``n_base`` (customers a window
            ago), ``n_again``, ``retention`` (share), ``low``, ``high`` (95 % interval).
        base: The window in which customers were sorted; its end is the date.
        again: The window in which they were looked for.
    """

    segments: pd.DataFrame
    base: Window
    again: Window

    @property
    def overall(self) -> float:
        """Share of the customers that bought again, in the segments that can be shown."""
        known = self.segments.dropna(subset=["n_again"])
        return float(known["n_again"].sum() / known["n_base"].sum())

    @property
    def headline(self) -> str:
        """Best and worst segment beside the average."""
        found = self.segments.dropna().sort_values("retention")
        if found.empty:
            return _("Too few customers came back or stayed away to show who.")
        words = _("{overall} of customers bought again: {high} of “{best}”, {low} of “{worst}”.")
        return words.format(
            overall=percent(self.overall),
            best=name(str(found["segment"].iloc[-1])),
            high=percent(found["retention"].iloc[-1]),
            worst=name(str(found["segment"].iloc[0])),
            low=percent(found["retention"].iloc[0]),
        )

    @property
    def figures(self) -> list[Figure]:
        """The average with its window."""
        weeks = _("bought again within {weeks} weeks").format(weeks=self.again.weeks)
        n = _("of {n} customers").format(n=number(self.segments["n_base"].sum()))
        return [Figure(weeks, percent(self.overall, 1), n)]

    def to_frame(self) -> pd.DataFrame:
        """One row per segment, with its name."""
        return self.segments.assign(name=[name(key) for key in self.segments["segment"]])

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("Segment")),
            "n_base": Column(_("Customers then"), "count"),
            "retention": Column(_("Bought again"), "share"),
            "low": Column(_("from"), "share"),
            "high": Column(_("to"), "share"),
        }

    @property
    def assumptions(self) -> list[str]:
        """Both windows, and what was not known."""
        return [
            _("Sorted by what they did in {window}.").format(window=self.base),
            _("Bought again means at least one purchase in {window}.").format(window=self.again),
            _("Nothing that happened later was used to sort them. The rules are today's."),
            *hidden_note(self.segments, count="n_base"),
        ]

    @property
    def formula(self) -> str:
        """How a share is computed."""
        return _(
            "retention of a segment = its customers with a purchase in {again} ÷ "
            "its customers on the last day of {base}"
        ).format(again=self.again, base=self.base)

    def plot(self) -> Chart:
        """Draw the shares with their intervals."""
        frame = self.to_frame().dropna().sort_values("retention", ascending=False)
        hues = {name(key): hue for key, hue in HUES.items()}
        return intervals(
            frame,
            category="name",
            value="retention",
            low="low",
            high="high",
            title=self._contrast(frame),
            subtitle=_("Share with a purchase in {again}, with 95 % intervals").format(
                again=self.again
            ),
            unit="share",
            hues=hues,
        )

    def _contrast(self, frame: pd.DataFrame) -> str:
        """How many times as often the best segment comes back as the worst; sorted frame."""
        best, worst = frame.iloc[0], frame.iloc[-1]
        words = _("“{best}” comes back {times} times as often as “{worst}”")
        if not worst["retention"]:
            return _("Of “{worst}” nobody came back").format(worst=worst["name"])
        times = float(best["retention"]) / float(worst["retention"])
        return words.format(
            best=best["name"], worst=worst["name"], times=number(times, 1 if times < 10 else 0)
        )


def bought_again(
    earlier: SortedCustomers, *, again: Window, gates: Gates
) -> SegmentRetention | Untold:
    """Count who of each segment bought in a later window, or say why that cannot be told.

    Args:
        earlier: Customers as they were sorted at the end of the earlier window.
        again: The window in which to look for them.
        gates: What the receipts allow.
    """
    if not gates.allows("retention"):
        return Untold(
            _("Who bought again cannot be told from these receipts."), gates.refusal("retention")
        )
    is_back = again.buyers(earlier.purchases)[earlier.behaviour.index.to_numpy()]
    grouped = pd.Series(is_back, earlier.behaviour.index).groupby(earlier.segment, observed=False)
    frame = grouped.agg(n_base="size", n_again="sum").reset_index()
    low, high = share_interval(
        frame["n_again"].to_numpy(float), np.maximum(frame["n_base"].to_numpy(float), 1)
    )
    frame = frame.assign(
        segment=frame["segment"].astype(str),
        retention=frame["n_again"] / frame["n_base"].replace(0, np.nan),
        low=low,
        high=high,
    )
    shown = _without_few(frame.sort_values("retention", ascending=False, ignore_index=True))
    return SegmentRetention(segments=shown, base=earlier.window, again=again)


def _without_few(frame: pd.DataFrame) -> pd.DataFrame:
    """Neither small segments, nor shares that tell of few who came back or stayed away."""
    figures = ("n_again", "retention", "low", "high")
    few = [are_few(n, back) for n, back in zip(frame["n_base"], frame["n_again"], strict=True)]
    shown = without_small_cells(frame, count="n_base", figures=figures)
    if not any(few):
        return shown
    hide = pd.Series(few, index=shown.index)
    return shown.assign(**{name: shown[name].astype(float).mask(hide) for name in figures})
