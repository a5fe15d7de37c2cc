"""Estimates with their uncertainty: intervals, a distribution of outcomes, a tornado."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import Unit, guide, wrapped, write_ticks, writer, zero
from playbook.text import gettext as _
from playbook.text import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def intervals(
    frame: pd.DataFrame,
    *,
    category: str,
    value: str,
    low: str,
    high: str,
    title: str,
    subtitle: str,
    unit: Unit = "points",
    hues: Mapping[str, str] | None = None,
    hue: str = theme.TREATED,
    marks: Mapping[str, float] | None = None,
) -> Chart:
    """Point estimates with their intervals on one axis, one row each.

    Args:
        frame: One row per estimate, drawn from the top.
        category: Column of the labels.
        value: Column of the estimates.
        low: Column of the lower bounds.
        high: Column of the upper bounds.
        title: The finding.
        subtitle: What is drawn; names the level of the intervals.
        unit: How values are written.
        hues: Label to colour where a row differs from the rest.
        hue: Colour of all other rows.
        marks: Words to a value that is marked across all rows (break-even).
    """
    labels = frame[category].astype(str).tolist()

    def draw(ax: Axes) -> None:
        places = np.arange(len(labels))[::-1]
        write = writer(unit, 1)
        for place, label, row in zip(places, labels, frame.to_dict("records"), strict=True):
            colour = (hues or {}).get(label, hue)
            ax.plot([row[low], row[high]], [place, place], color=colour, alpha=0.45, lw=6)
            ax.plot(row[value], place, "o", color=colour, markersize=8)
            ax.annotate(
                write(float(row[value])),
                (row[value], place),
                xytext=(0, 9),
                textcoords="offset points",
                ha="center",
                fontsize=9.5,
            )
        ax.set_yticks(places, [wrapped(label, ax) for label in labels])
        ax.set_ylim(-0.6, len(labels) - 0.2)
        zero(ax, across="x")
        ax.spines["left"].set_visible(False)
        for words, at in (marks or {}).items():
            ax.axvline(at, color=theme.LOST, ls="--", lw=1.4)
            ax.annotate(
                words,
                (at, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(4, -2),
                textcoords="offset points",
                va="top",
                fontsize=9.5,
                color=theme.legible(theme.LOST),
            )
        write_ticks(ax.xaxis, unit, most=4 if is_narrow(ax) else 7)
        guide(ax, "x")

    return Chart(title, subtitle, draw, height=max(1.9, 0.62 * len(labels) + 0.8))


def distribution(
    values: Sequence[float] | np.ndarray,
    *,
    title: str,
    subtitle: str,
    unit: Unit = "money_short",
    split: float = 0.0,
    below: str = "",
    above: str = "",
) -> Chart:
    """A histogram of outcomes, split where gain begins; the shares stand on their sides.

    Args:
        values: Draws of the outcome, at least a few hundred.
        title: The finding.
        subtitle: What is drawn.
        unit: How values are written.
        split: The outcome that parts loss from gain.
        below: Words for the left side; the share is put before them.
        above: Words for the right side.
    """
    draws = np.asarray(values, dtype=float)

    def draw(ax: Axes) -> None:
        shown = draws[(draws >= np.quantile(draws, 0.002)) & (draws <= np.quantile(draws, 0.998))]
        width = (shown.max() - shown.min() or 1.0) / (28 if is_narrow(ax) else 48)
        first = split - np.ceil((split - shown.min()) / width) * width
        edges = np.arange(first, shown.max() + width, width)
        counts, edges = np.histogram(shown, edges)
        colours = [theme.LOST if edge + width / 2 < split else theme.KEPT for edge in edges[:-1]]
        ax.bar(edges[:-1], counts, width=width * 0.92, align="edge", color=colours)
        zero(ax, split, across="x")
        ax.yaxis.set_visible(False)
        ax.spines["left"].set_visible(False)
        ax.set_ylim(0, counts.max() * 1.25)
        write_ticks(ax.xaxis, unit, most=4 if is_narrow(ax) else 7)
        loss = float((draws < split).mean())
        for x, share, words, hue, side in (
            (0.0, loss, below, theme.LOST, "left"),
            (1.0, 1 - loss, above, theme.KEPT, "right"),
        ):
            text = f"{numbers.percent(share)} {words}"
            ax.text(
                x,
                0.99,
                wrapped(text, ax),
                transform=ax.transAxes,
                ha=side,
                va="top",
                color=theme.legible(hue),
                fontsize=11,
                fontweight="bold",
            )

    return Chart(title, subtitle, draw, height=3.4)


def tornado(
    frame: pd.DataFrame,
    *,
    category: str,
    low: str,
    high: str,
    base: float,
    title: str,
    subtitle: str,
    unit: Unit = "money_short",
) -> Chart:
    """What moves the outcome most: one bar per input from its low to its high value.

    Args:
        frame: One row per input, the widest first.
        category: Column of the inputs' names.
        low: Column of the outcome when the input is at its low value.
        high: Column of the outcome when it is at its high value.
        base: The outcome when every input is at its middle.
        title: The finding.
        subtitle: What is drawn.
        unit: How outcomes are written.
    """
    labels = frame[category].astype(str).tolist()

    def draw(ax: Axes) -> None:
        places = np.arange(len(labels))[::-1]
        lows, highs = frame[low].to_numpy(float), frame[high].to_numpy(float)
        ax.barh(places, lows - base, left=base, color=theme.QUIET, height=0.6, alpha=0.55)
        ax.barh(places, highs - base, left=base, color=theme.TREATED, height=0.6)
        ax.set_yticks(places, [wrapped(label, ax) for label in labels])
        zero(ax, base, across="x")
        ax.spines["left"].set_visible(False)
        guide(ax, "x")
        write_ticks(ax.xaxis, unit, most=4 if is_narrow(ax) else 7)
        for x, words, hue in (
            (0.0, _("■ input low"), theme.QUIET),
            (0.24, _("■ input high"), theme.TREATED),
        ):
            ax.text(
                x * (2 if is_narrow(ax) else 1),
                1.01,
                words,
                transform=ax.transAxes,
                va="bottom",
                fontsize=9.5,
                color=theme.legible(hue),
            )

    return Chart(title, subtitle, draw, height=max(2.0, 0.46 * len(labels) + 0.9))
