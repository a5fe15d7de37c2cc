"""Money step by step, and stocks on top of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import Unit, wrapped, write_ticks, writer
from playbook.display.charts.basics import apart

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def waterfall(
    frame: pd.DataFrame,
    *,
    category: str,
    value: str,
    total: str,
    title: str,
    subtitle: str,
    unit: Unit = "money_short",
) -> Chart:
    """Horizontal steps from nothing to a total, each starting where the last one ended.

    Args:
        frame: One row per step, in order.
        category: Column of the steps' names.
        value: Column of what each adds; negative takes away.
        total: Name of the last bar, which starts at zero.
        title: The finding.
        subtitle: What is drawn, unit and window.
        unit: How values are written.
    """
    labels = [*frame[category].astype(str), total]
    steps = frame[value].to_numpy(float)
    result = float(steps.sum())
    starts = np.append(np.cumsum(steps) - steps, 0.0)
    lengths = np.append(steps, result)

    def draw(ax: Axes) -> None:
        places = np.arange(len(labels))[::-1]
        hues = [theme.KEPT if length >= 0 else theme.LOST for length in lengths]
        strength = [0.65] * len(steps) + [1.0]
        for place, start, length, hue, alpha in zip(
            places, starts, lengths, hues, strength, strict=True
        ):
            ax.barh(place, length, left=start, color=hue, alpha=alpha, height=0.62)
        _write_steps(ax, places, starts, lengths, unit)
        for place, end in zip(places[:-1], np.cumsum(steps), strict=True):
            ax.plot([end, end], [place - 0.69, place - 0.31], color=theme.QUIET, lw=0.9)
        ax.set_yticks(places, [wrapped(label, ax) for label in labels])
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
        ax.spines["left"].set_visible(False)
        ax.axvline(0, color=theme.QUIET, lw=0.9, zorder=0)

    return Chart(title, subtitle, draw, height=max(2.0, 0.46 * len(labels) + 0.4))


def _write_steps(
    ax: Axes, places: np.ndarray, starts: np.ndarray, lengths: np.ndarray, unit: Unit
) -> None:
    """Write each step's value right of its bar, and leave room for it."""
    write = writer(unit)
    ends = np.maximum(starts, starts + lengths)
    for place, end, length in zip(places, ends, lengths, strict=True):
        ax.annotate(
            write(float(length)),
            (end, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=10,
        )
    low, high = min(0.0, *starts, *(starts + lengths)), max(0.0, *ends)
    reach = high - low or 1.0
    ax.set_xlim(low - 0.02 * reach, high + reach * (0.34 if is_narrow(ax) else 0.14))


def stacked(
    frame: pd.DataFrame,
    *,
    x: str,
    y: Sequence[str],
    title: str,
    subtitle: str,
    labels: Mapping[str, str],
    hues: Mapping[str, str],
    unit: Unit = "count_short",
    x_label: str = "",
) -> Chart:
    """Stocks on top of each other over time, named at their right end.

    Args:
        frame: One row per point in time, sorted by ``x``.
        x: Column of the horizontal axis, whole numbers.
        y: Columns of the stocks, the lowest first.
        title: The finding.
        subtitle: What is drawn, unit and window.
        labels: Column to the words beside its area.
        hues: Column to its colour.
        unit: How values are written.
        x_label: Words under the axis.
    """

    def draw(ax: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        values = frame[list(y)].to_numpy(float).T
        ax.stackplot(frame[x], values, colors=[hues[c] for c in y], alpha=0.85, lw=0)
        tops = np.cumsum(values[:, -1])
        middles = list(tops - values[:, -1] / 2)
        ax.set_ylim(0, float(values.sum(axis=0).max()) * 1.02)
        ax.set_xlim(float(frame[x].min()), float(frame[x].max()))
        gap = tops[-1] * (0.17 if is_narrow(ax) else 0.13)
        for column, place, last in zip(y, apart(middles, gap=gap), values[:, -1], strict=True):
            words = f"{labels[column]} {writer(unit)(float(last))}"
            ax.annotate(
                fill(words, 12 if is_narrow(ax) else 24),
                (float(frame[x].iloc[-1]), place),
                xytext=(7, 0),
                textcoords="offset points",
                va="center",
                fontsize=10,
                color=theme.legible(hues[column]),
                annotation_clip=False,
            )
        write_ticks(ax.yaxis, unit)
        ax.xaxis.set_major_locator(MaxNLocator(4 if is_narrow(ax) else 8, integer=True))
        ax.spines["left"].set_visible(False)
        ax.set_xlabel(x_label)

    return Chart(title, subtitle, draw, height=4.2, narrow_height=4.0)
