"""Run and control charts: points in time around a line that means something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import Unit, guide, write_dates, write_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def run_chart(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    is_before: str,
    centre: float,
    title: str,
    subtitle: str,
    start_words: str,
    unit: Unit = "points",
) -> Chart:
    """Points in time around their median before the start.

    Args:
        frame: One row per week in order.
        x: Column of the weeks.
        y: Column of the values.
        is_before: Column that tells the weeks before the start.
        centre: The median before the start.
        title: The finding.
        subtitle: What is drawn.
        start_words: Words at the line between the two.
        unit: How values are written.
    """
    before = frame.loc[frame[is_before]]
    since = frame.loc[~frame[is_before]]

    def draw(ax: Axes) -> None:
        ax.axhline(centre, color=theme.INK, lw=1.2)
        ax.plot(before[x], before[y], "-o", color=theme.QUIET, markersize=4.5, lw=1.4)
        ax.plot(since[x], since[y], "-o", color=theme.TREATED, markersize=6, lw=1.8)
        if len(since):
            at = since[x].iloc[0] - pd.Timedelta(days=4)
            ax.axvline(at, color=theme.QUIET, ls="--", lw=1.2)
            ax.annotate(
                start_words,
                (at, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(-5, -2),
                textcoords="offset points",
                ha="right",
                va="top",
                fontsize=9.5,
                color=theme.legible(theme.QUIET),
            )
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + (high - low) * 0.12)
        write_dates(ax.xaxis, most=4 if is_narrow(ax) else 8)
        write_ticks(ax.yaxis, unit)
        guide(ax)
        ax.spines["left"].set_visible(False)

    return Chart(title, subtitle, draw, height=3.8, narrow_height=3.6)
