"""Segments drawn: shares side by side, a map of value and retention, a matrix of moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import Unit, guide, wrapped, write_ticks, writer
from playbook.text import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def two_shares(
    frame: pd.DataFrame,
    *,
    category: str,
    first: str,
    second: str,
    first_label: str,
    second_label: str,
    title: str,
    subtitle: str,
) -> Chart:
    """Two shares per row as a pair of bars: what a group is, and what it brings.

    Args:
        frame: One row per group, drawn from the top.
        category: Column of the labels.
        first: Column of the share drawn in grey (of customers).
        second: Column of the share drawn in colour (of revenue).
        first_label: What the first share is.
        second_label: What the second share is.
        title: The finding.
        subtitle: What is drawn and over which window.
    """
    labels = frame[category].astype(str).tolist()

    def draw(ax: Axes) -> None:
        places = np.arange(len(labels))[::-1]
        pairs = ((first, theme.QUIET, 0.19), (second, theme.KEPT, -0.19))
        for column, hue, shift in pairs:
            lengths = frame[column].fillna(0).to_numpy(float)
            ax.barh(places + shift, lengths, color=hue, height=0.34)
            for place, length in zip(places, lengths, strict=True):
                ax.annotate(
                    numbers.percent(length),
                    (length, place + shift),
                    xytext=(4, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=10,
                    color=theme.legible(hue),
                )
        ax.set_yticks(places, [wrapped(label, ax) for label in labels])
        top = float(np.nanmax(frame[[first, second]].to_numpy(float)))
        ax.set_xlim(0, top * (1.22 if is_narrow(ax) else 1.12))
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
        _key(ax, [(first_label, theme.QUIET), (second_label, theme.KEPT)])

    return Chart(title, subtitle, draw, height=max(2.0, 0.62 * len(labels) + 0.8))


def _key(ax: Axes, entries: list[tuple[str, str]]) -> None:
    """Words with a square of their colour above the drawing, one after the other."""
    x = 0.0
    for words, hue in entries:
        ax.text(
            x,
            1.01,
            f"■ {words}",
            transform=ax.transAxes,
            va="bottom",
            fontsize=10,
            color=theme.legible(hue),
        )
        x += (len(words) + 5) * (0.030 if is_narrow(ax) else 0.0145)


def segment_map(
    frame: pd.DataFrame,
    *,
    category: str,
    x: str,
    x_low: str,
    x_high: str,
    y: str,
    size: str,
    hues: Mapping[str, str],
    title: str,
    subtitle: str,
    x_label: str,
    y_label: str,
    y_unit: Unit = "money",
) -> Chart:
    """Groups on a map: how many stay against what one of them is worth; area is their number.

    Args:
        frame: One row per group.
        category: Column of the labels.
        x: Column of the share that stays.
        x_low: Column of its lower bound.
        x_high: Column of its upper bound.
        y: Column of the value of one member, above 0; rows without it are left out.
        size: Column of the number of members.
        hues: Label to colour.
        title: The finding.
        subtitle: What is drawn; says what the area and the bar mean.
        x_label: Words under the axis.
        y_label: Words above the axis of values.
        y_unit: How values are written.
    """
    rows = frame[frame[y] > 0].dropna(subset=[x]).to_dict("records")

    def draw(ax: Axes) -> None:
        most = max(float(row[size]) for row in rows)
        for row in rows:
            hue = hues.get(str(row[category]), theme.QUIET)
            ax.plot([row[x_low], row[x_high]], [row[y], row[y]], color=hue, lw=2, alpha=0.7)
            area = (500 if is_narrow(ax) else 900) * float(row[size]) / most
            ax.scatter(row[x], row[y], s=max(area, 30), color=hue, alpha=0.55, lw=0)
        _log_scale(ax, [float(row[y]) for row in rows], unit=y_unit)
        ax.margins(x=0.14)
        write_ticks(ax.xaxis, "share", most=4 if is_narrow(ax) else 7)
        guide(ax)
        guide(ax, "x")
        ax.spines["left"].set_visible(False)
        ax.set_xlabel(x_label)
        ax.set_title(y_label, loc="left", fontsize=10.5, color=theme.INK)
        _name_points(ax, [(str(r[category]), float(r[x]), float(r[y])) for r in rows], hues)

    return Chart(title, subtitle, draw, height=4.4, narrow_height=4.4)


# Where a name may stand beside its point: shift in points, alignment.
_SIDES = (
    (13, 3, "left", "bottom"),
    (-13, 3, "right", "bottom"),
    (0, 15, "center", "bottom"),
    (0, -15, "center", "top"),
    (13, -9, "left", "top"),
    (-13, -9, "right", "top"),
)


def _name_points(ax: Axes, points: list[tuple[str, float, float]], hues: Mapping[str, str]) -> None:
    """Write each name beside its point, on the first side where nothing else is."""
    root = ax.figure.get_figure(root=True)
    wide, high = root.get_size_inches() * 72 * 0.8  # the drawing's own size in points, about
    place = ax.transAxes.inverted().transform(ax.transData.transform([p[1:] for p in points]))
    spots = place * [wide, high]
    taken = [(px - 12, py - 12, px + 12, py + 12) for px, py in spots]
    for number, (label, x, y) in enumerate(points):
        boxes = [_box(spots[number], label, side) for side in _SIDES]
        others = [box for k, box in enumerate(taken) if k != number]
        costs = [
            sum(_overlap(box, other) for other in others) + _outside(box, wide) for box in boxes
        ]
        best = int(np.argmin(costs))
        taken.append(boxes[best])
        dx, dy, ha, va = _SIDES[best]
        ax.annotate(
            label,
            (x, y),
            xytext=(dx, dy),
            textcoords="offset points",
            ha=ha,
            va=va,
            fontsize=10.5,
            color=theme.legible(hues.get(label, theme.QUIET)),
        )


Box = tuple[float, float, float, float]


def _box(spot: Any, label: str, side: tuple[int, int, str, str]) -> Box:  # noqa: ANN401 - a pair
    """The room a name takes, in points."""
    dx, dy, ha, va = side
    length, height = 6.6 * len(label), 13.0
    left = spot[0] + dx - {"left": 0.0, "center": 0.5, "right": 1.0}[ha] * length
    bottom = spot[1] + dy - {"bottom": 0.0, "top": 1.0}[va] * height
    return (left, bottom, left + length, bottom + height)


def _overlap(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def _outside(box: Box, wide: float) -> float:
    """A price for leaving the drawing to the left or the right."""
    return 100.0 * (max(0.0, -box[0]) + max(0.0, box[2] - wide))


def _log_scale(ax: Axes, values: list[float], *, unit: Unit) -> None:
    """A scale on which twice as much is the same step everywhere, with room for circles."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    low, high = min(values) / 2.2, max(values) * 2.6
    ax.set_yscale("log")
    ax.set_ylim(low, high)
    steps = [m * 10.0**e for e in range(-2, 12) for m in (1, 3)]
    ax.yaxis.set_major_locator(FixedLocator([step for step in steps if low <= step <= high]))
    ax.yaxis.set_minor_locator(NullLocator())
    write = writer(unit)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _position: write(value)))


def matrix(
    frame: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    x_label: str,
    y_label: str,
    unit: Unit = "share",
) -> Chart:
    """A matrix of shares as a heat map, every cell with its number.

    Args:
        frame: Index and columns are the labels, values 0-1; a missing value is left white.
        title: The finding.
        subtitle: What is drawn.
        x_label: What the columns are.
        y_label: What the rows are.
        unit: How values are written.
    """

    def draw(ax: Axes) -> None:
        import seaborn as sns

        write = writer(unit)
        words = frame.map(lambda value: write(value) if pd.notna(value) else "")
        sns.heatmap(
            frame,
            ax=ax,
            annot=words,
            fmt="",
            cmap=sns.light_palette(theme.TREATED, as_cmap=True),
            vmin=0.0,
            vmax=1.0,
            cbar=False,
            linewidths=1.5,
            linecolor=theme.PAPER,
            mask=frame.isna(),
            annot_kws={"fontsize": 9 if is_narrow(ax) else 11},
        )
        size = 8.5 if is_narrow(ax) else 10
        columns = [wrapped(str(label), ax) for label in frame.columns]
        rows = [wrapped(str(label), ax) for label in frame.index]
        ax.set_xticklabels(
            columns,
            rotation=35 if is_narrow(ax) else 0,
            fontsize=size,
            ha="right" if is_narrow(ax) else "center",
        )
        ax.set_yticklabels(rows, rotation=0, fontsize=size + 0.5)
        ax.tick_params(length=0)
        ax.set_xlabel(x_label)
        ax.set_ylabel(y_label)

    return Chart(
        title,
        subtitle,
        draw,
        height=max(2.6, 0.58 * len(frame) + 1.2),
        narrow_height=max(2.8, 0.5 * len(frame) + 1.6),
    )
