"""Bars and lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import Unit, guide, wrapped, write_ticks, writer, zero

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def bars(
    frame: pd.DataFrame,
    *,
    category: str,
    value: str,
    title: str,
    subtitle: str,
    unit: Unit = "number",
    digits: int = 0,
    hues: Mapping[str, str] | None = None,
    hue: str = theme.QUIET,
) -> Chart:
    """Horizontal bars, one per row in the order of the frame, each with its value.

    Args:
        frame: One row per bar.
        category: Column of the labels.
        value: Column of the lengths; negative values go left of zero.
        title: The finding.
        subtitle: What is drawn, unit and window.
        unit: How values are written.
        digits: Digits after the separator.
        hues: Label to colour, for the bars that carry the message.
        hue: Colour of all others.
    """
    labels = frame[category].astype(str).tolist()
    lengths = frame[value].to_numpy(float)
    colours = [(hues or {}).get(label, hue) for label in labels]

    def draw(ax: Axes) -> None:
        places = np.arange(len(labels))[::-1]
        ax.barh(places, lengths, color=colours, height=0.62)
        ax.set_yticks(places, [wrapped(label, ax) for label in labels])
        write = writer(unit, digits)
        low, high = min(0.0, np.nanmin(lengths)), max(0.0, np.nanmax(lengths))
        room = (high - low or 1.0) * (0.34 if is_narrow(ax) else 0.16)
        for place, length in zip(places, lengths, strict=True):
            side = 1 if length >= 0 else -1
            ax.annotate(
                write(float(length)),
                (length, place),
                xytext=(4 * side, 0),
                textcoords="offset points",
                ha="left" if side > 0 else "right",
                va="center",
                fontsize=10,
            )
        ax.set_xlim(low - (room if low < 0 else 0), high + room)
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
        ax.spines["left"].set_visible(low == 0)
        if low < 0:
            zero(ax, across="x")

    n_lines = max(
        (fill(label, 15, break_long_words=False).count("\n") for label in labels), default=0
    )
    return Chart(
        title,
        subtitle,
        draw,
        height=max(1.6, 0.44 * len(labels) + 0.5),
        narrow_height=max(1.6, max(0.44, 0.19 * (n_lines + 1)) * len(labels) + 0.5),
    )


def lines(
    frame: pd.DataFrame,
    *,
    x: str,
    y: Sequence[str],
    title: str,
    subtitle: str,
    labels: Mapping[str, str],
    hues: Mapping[str, str],
    unit: Unit = "number",
    x_label: str = "",
    bands: Mapping[str, tuple[str, str]] | None = None,
    from_zero: bool = True,
    dashed: Sequence[str] = (),
    markers: bool = False,
) -> Chart:
    """Lines over time or another number, labelled at their right end.

    Args:
        frame: One row per point, sorted by ``x``.
        x: Column of the horizontal axis, numbers or dates.
        y: Columns drawn as lines.
        title: The finding.
        subtitle: What is drawn, unit and window.
        labels: Column to the words at the end of its line.
        hues: Column to its colour.
        unit: How values are written.
        x_label: Words under the axis.
        bands: Column to the columns of its lower and upper bound.
        from_zero: Whether the axis starts at zero.
        dashed: Columns drawn dashed (what might be, what was planned).
        markers: Whether single points are marked.
    """

    def draw(ax: Axes) -> None:
        for column in y:
            style = "--" if column in dashed else "-"
            ax.plot(
                frame[x],
                frame[column],
                style,
                color=hues[column],
                marker="o" if markers else None,
                markersize=4.5,
            )
            if bands and column in bands:
                low, high = bands[column]
                ax.fill_between(
                    frame[x], frame[low], frame[high], color=hues[column], alpha=0.25, lw=0
                )
        if from_zero:
            ax.set_ylim(bottom=0)
        write_ticks(ax.yaxis, unit)
        guide(ax)
        ax.spines["left"].set_visible(False)
        _ticks_of_x(ax, frame[x])
        ax.set_xlabel(x_label)
        _label_ends(ax, frame, x=x, y=y, labels=labels, hues=hues)

    return Chart(title, subtitle, draw, height=4.2, narrow_height=4.0)


def _ticks_of_x(ax: Axes, values: pd.Series) -> None:
    """Few ticks, whole numbers where the values are whole, short dates where they are dates."""
    from matplotlib.dates import AutoDateLocator
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    from playbook.text.numbers import month

    most = 4 if is_narrow(ax) else 8
    if pd.api.types.is_datetime64_any_dtype(values):
        ax.xaxis.set_major_locator(AutoDateLocator(maxticks=most, minticks=2))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _p: month(_day(v))))
        return
    whole = bool((values == values.round()).all())
    ax.xaxis.set_major_locator(MaxNLocator(most, integer=whole))
    write = writer("number", 0 if whole else 1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _p: write(v)))


def _day(value: float) -> dt.date:
    """The day behind a position on a date axis."""
    from matplotlib.dates import num2date

    return num2date(value).date()  # type: ignore[no-untyped-call,no-any-return]


def _label_ends(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    x: str,
    y: Sequence[str],
    labels: Mapping[str, str],
    hues: Mapping[str, str],
) -> None:
    """Write each line's name at its last point, pushed apart where they would collide."""
    ends = {c: float(frame[c].dropna().iloc[-1]) for c in y if frame[c].notna().any()}
    width = 13 if is_narrow(ax) else 22
    rows = max(fill(labels[column], width).count("\n") + 1 for column in ends)
    bottom, top = ax.get_ylim()
    gap = (top - bottom) * 0.065 * rows
    placed = apart([ends[c] for c in ends], gap=gap)
    for column, place in zip(ends, placed, strict=True):
        ax.annotate(
            fill(labels[column], width),
            (frame[x].iloc[-1], place),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=10,
            color=theme.legible(hues[column]),
            annotation_clip=False,
        )


def apart(values: Sequence[float], *, gap: float) -> list[float]:
    """Move values up just enough that neighbours are at least ``gap`` apart.

    Example:
        >>> apart([1.0, 1.1, 5.0], gap=1.0)
        [0.55, 1.55, 5.0]
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    groups: list[tuple[list[int], float]] = []
    for index in order:
        members, centre = [index], values[index]
        while groups:
            last, middle = groups[-1]
            if centre - middle >= gap * (len(last) + len(members)) / 2 - 1e-12:
                break
            groups.pop()
            members = last + members
            centre = sum(values[i] for i in members) / len(members)
        groups.append((members, centre))
    placed = [0.0] * len(values)
    for members, centre in groups:
        first = centre - gap * (len(members) - 1) / 2
        for step, index in enumerate(members):
            placed[index] = first + step * gap
    return placed
