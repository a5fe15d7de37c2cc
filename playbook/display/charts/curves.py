"""A curve of two quantities, with the points that carry the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Literal

import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import Unit, guide, write_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A point of a curve that carries the message.

    Attributes:
        x: Where it is on the horizontal axis.
        y: Where it is on the vertical axis.
        words: What it is, in a few words.
        hue: Its colour.
        side: Where the words stand, away from the curve.
    """

    x: float
    y: float
    words: str
    hue: str
    side: Literal["upper left", "upper right", "lower right"] = "upper left"


def curve(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    title: str,
    subtitle: str,
    marks: Sequence[Mark] = (),
    levels: Mapping[str, float] | None = None,
    x_unit: Unit = "number",
    y_unit: Unit = "number",
    x_label: str = "",
    hue: str = theme.QUIET,
    from_zero: bool = True,
) -> Chart:
    """One curve of two quantities, with the points and levels that matter named on it.

    Args:
        frame: One row per point, sorted by ``x``.
        x: Column of the horizontal axis.
        y: Column of the vertical axis.
        title: The finding.
        subtitle: What is drawn, unit and window.
        marks: Points on the curve.
        levels: Words to a height that is drawn across.
        x_unit: How horizontal values are written.
        y_unit: How vertical values are written.
        x_label: Words under the axis.
        hue: Colour of the curve.
        from_zero: Whether the vertical axis starts at zero.
    """

    def draw(ax: Axes) -> None:
        ax.plot(frame[x], frame[y], color=hue)
        if from_zero:
            ax.set_ylim(bottom=0)
        ax.margins(x=0.02)
        top = max([float(frame[y].max()), *(levels or {}).values(), *(m.y for m in marks)])
        bottom = ax.get_ylim()[0]
        ax.set_ylim(bottom, top + (top - bottom) * 0.16)
        for words, at in (levels or {}).items():
            _level(ax, words, at, is_under=at < float(frame[y].iloc[0]))
        for mark in marks:
            _mark(ax, mark)
        write_ticks(ax.yaxis, y_unit)
        _ticks_of_x(ax, x_unit)
        guide(ax)
        ax.spines["left"].set_visible(False)
        ax.set_xlabel(x_label)

    return Chart(title, subtitle, draw, height=3.6, narrow_height=3.4)


def _ticks_of_x(ax: Axes, unit: Unit) -> None:
    """Few ticks; plain numbers are whole."""
    from matplotlib.ticker import MaxNLocator

    most = 4 if is_narrow(ax) else 7
    write_ticks(ax.xaxis, unit, most=most)
    if unit == "number":
        ax.xaxis.set_major_locator(MaxNLocator(most, integer=True))


def _level(ax: Axes, words: str, at: float, *, is_under: bool) -> None:
    """A dashed line across, named at its left end on the side where the curve is not."""
    ax.axhline(at, color=theme.INK, ls="--", lw=1.1)
    ax.annotate(
        fill(words, 26 if is_narrow(ax) else 60),
        (0.0, at),
        xycoords=("axes fraction", "data"),
        xytext=(2, -4 if is_under else 3),
        textcoords="offset points",
        va="top" if is_under else "bottom",
        fontsize=9.5,
    )


def _mark(ax: Axes, mark: Mark) -> None:
    """A point with its words beside it."""
    ax.plot(mark.x, mark.y, "o", color=mark.hue, markersize=9, zorder=4)
    is_left, is_upper = mark.side == "upper left", mark.side != "lower right"
    ax.annotate(
        fill(mark.words, 18 if is_narrow(ax) else 30),
        (mark.x, mark.y),
        xytext=(-5 if is_left else 7, 6 if is_upper else -7),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="bottom" if is_upper else "top",
        fontsize=10,
        color=theme.legible(mark.hue),
        fontweight="bold",
        zorder=5,
    )
