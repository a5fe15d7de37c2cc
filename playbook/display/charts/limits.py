"""A control chart with limits around a line that is known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import Unit, write_ticks
from playbook.text import gettext as _
from playbook.text import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def control_chart(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    centre: float,
    low: float,
    high: float,
    is_signal: bool,
    title: str,
    subtitle: str,
    centre_words: str,
    unit: Unit = "points",
) -> Chart:
    """Points over time against a centre line and its limits.

    Args:
        frame: One row per point, in order.
        x: Column of the days.
        y: Column of the values.
        centre: The line.
        low: Lower limit.
        high: Upper limit.
        is_signal: Whether points on the low side are the message.
        title: The finding.
        subtitle: What is drawn.
        centre_words: Words at the line.
        unit: How values are written.
    """

    def draw(ax: Axes) -> None:
        values = frame[y].to_numpy(float)
        below = values < centre
        ax.axhspan(low, high, color=theme.QUIET, alpha=0.10, lw=0)
        ax.axhline(centre, color=theme.INK, lw=1.1)
        ax.plot(frame[x], values, color=theme.QUIET, lw=1.4)
        hues = [theme.LOST if is_signal and one else theme.QUIET for one in below]
        ax.scatter(frame[x], values, c=hues, s=42, zorder=3)
        reach = max(high - low, float(values.max() - values.min())) * 0.12
        ax.set_ylim(min(low, values.min(), 0.0) - reach / 3, max(high, values.max()) + reach)
        for at, words in ((centre, centre_words), (high, _("limit")), (low, _("limit"))):
            ax.annotate(
                words,
                (1.0, at),
                xycoords=("axes fraction", "data"),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=9.5,
            )
        write_ticks(ax.yaxis, unit)
        ax.spines["left"].set_visible(False)
        step = max(1, len(frame) // (3 if is_narrow(ax) else 6))
        days = list(frame[x])[::step]
        ax.set_xticks(days, [numbers.day_and_month(day.date()) for day in days])

    return Chart(title, subtitle, draw, height=3.8, narrow_height=3.6)
