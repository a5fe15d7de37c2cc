"""Readings of one result on one axis: expected money with its spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import guide, wrapped, write_ticks, zero
from playbook.text import gettext as _
from playbook.text import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def readings(
    frame: pd.DataFrame,
    *,
    category: str,
    value: str,
    low: str,
    high: str,
    share: str,
    hue: str,
    title: str,
    subtitle: str,
) -> Chart:
    """One row per reading: its money as a dot, its spread as a bar where it has one.

    Args:
        frame: One row per reading, drawn from the top.
        category: Column of the labels.
        value: Column of the money.
        low: Column of the lower end of the spread; missing where there is none.
        high: Column of the upper end.
        share: Column of the chance that it pays; missing where it is not known.
        hue: Column of the colours.
        title: The finding.
        subtitle: What is drawn.
    """
    rows = frame.to_dict("records")

    def draw(ax: Axes) -> None:
        places = np.arange(len(rows))[::-1]
        for place, row in zip(places, rows, strict=True):
            colour = str(row[hue])
            if np.isfinite(row[low]):
                ax.plot([row[low], row[high]], [place, place], color=colour, alpha=0.3, lw=11)
            ax.plot(row[value], place, "o", color=colour, markersize=11)
        for place, row in zip(places, rows, strict=True):
            text = numbers.money_short(float(row[value]), signed=True)
            if np.isfinite(row[share]):
                pays = _("pays in {share}").format(share=numbers.percent(float(row[share])))
                text = f"{text}\n{pays}" if is_narrow(ax) else f"{text}, {pays}"
            ax.annotate(
                text,
                (row[value], place),
                xytext=(0, 13),
                textcoords="offset points",
                ha=_side(ax, float(row[value])),
                fontsize=10 if is_narrow(ax) else 11,
                fontweight="bold",
                color=theme.legible(str(row[hue])),
            )
        ax.set_yticks(places, [wrapped(str(row[category]), ax) for row in rows])
        ax.set_ylim(-0.5, len(rows) - (0.0 if is_narrow(ax) else 0.3))
        zero(ax, across="x")
        ax.spines["left"].set_visible(False)
        write_ticks(ax.xaxis, "money_short", most=3 if is_narrow(ax) else 7)
        guide(ax, "x")

    return Chart(title, subtitle, draw, height=3.2, narrow_height=3.6)


def _side(ax: Axes, value: float) -> Literal["left", "center", "right"]:
    """How a label is put at a value so that it stays inside the drawing."""
    first, last = ax.get_xlim()
    place = (value - first) / (last - first)
    if not is_narrow(ax) or 0.4 < place < 0.6:
        return "center"
    return "left" if place < 0.5 else "right"
