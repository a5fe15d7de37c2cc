"""Plans and votes: a Gantt chart, and a table whose cells are shaded."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import Unit, guide, wrapped, writer
from playbook.text import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def gantt(
    frame: pd.DataFrame,
    *,
    task: str,
    start: str,
    end: str,
    late_end: str,
    note: str,
    critical: str,
    title: str,
    subtitle: str,
    x_label: str,
    marks: Mapping[str, float] | None = None,
) -> Chart:
    """Tasks from their start to their end, the critical ones coloured, with how late they may be.

    Args:
        frame: One row per task, drawn from the top.
        task: Column of the names.
        start: Column of the starts, in weeks.
        end: Column of the ends.
        late_end: Column of ends that are kept in four cases of five; drawn pale.
        note: Column of words written behind the bar.
        critical: Column that is true for tasks on the critical path.
        title: The finding.
        subtitle: What is drawn.
        x_label: Words under the axis.
        marks: Words to a week that is marked across all rows (the promise).
    """
    rows = frame.to_dict("records")

    def draw(ax: Axes) -> None:
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        places = np.arange(len(rows))[::-1]
        longest = float(max(frame[late_end].max(), *(marks or {"": 0.0}).values()))
        for place, row in zip(places, rows, strict=True):
            hue = theme.TREATED if row[critical] else theme.QUIET
            ax.barh(
                place,
                row[late_end] - row[start],
                left=row[start],
                color=hue,
                alpha=0.25,
                height=0.6,
            )
            ax.barh(place, row[end] - row[start], left=row[start], color=hue, height=0.6)
            _beside(ax, str(row[note]), row[start], row[late_end], place, longest)
        ax.set_yticks(places, [wrapped(str(row[task]), ax) for row in rows])
        ax.set_ylim(-0.6, len(rows) - 0.4 + (0.7 if marks else 0))
        ax.set_xlim(0, longest * 1.02)
        ax.spines["left"].set_visible(False)
        ax.set_xlabel(x_label)
        ax.xaxis.set_major_locator(MaxNLocator(5 if is_narrow(ax) else 9, integer=True))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _p: numbers.number(v)))
        guide(ax, "x")
        _mark_weeks(ax, marks or {}, top=len(rows) - 0.05, longest=longest)

    height = 0.5 * len(rows) + 1.1
    return Chart(title, subtitle, draw, height=height, narrow_height=0.58 * len(rows) + 1.1)


def _beside(ax: Axes, words: str, start: float, end: float, place: float, longest: float) -> None:
    """Words behind a bar, or before it where there is no room behind."""
    fits = longest - end > start
    ax.annotate(
        words,
        (end if fits else start, place),
        xytext=(4 if fits else -4, 0),
        textcoords="offset points",
        ha="left" if fits else "right",
        va="center",
        fontsize=9.5,
    )


def _mark_weeks(ax: Axes, marks: Mapping[str, float], *, top: float, longest: float) -> None:
    for words, week in marks.items():
        ax.axvline(week, color=theme.LOST, ls="--", lw=1.4)
        ax.annotate(
            words,
            (week, top),
            xytext=(-4 if week > longest / 2 else 4, 0),
            textcoords="offset points",
            ha="right" if week > longest / 2 else "left",
            va="center",
            fontsize=9.5,
            color=theme.legible(theme.LOST),
        )


def heat(
    frame: pd.DataFrame,
    *,
    category: str,
    columns: Mapping[str, str],
    title: str,
    subtitle: str,
    unit: Unit = "number",
    digits: int = 0,
    low_is_strong: bool = False,
    hue: str = theme.TREATED,
) -> Chart:
    """A table whose cells are shaded by their value, so that a pattern is seen at once.

    Args:
        frame: One row per row of the table.
        category: Column of the rows' names.
        columns: Columns shown to their headings.
        title: The finding.
        subtitle: What is drawn and what dark means.
        unit: How values are written.
        digits: Digits after the separator.
        low_is_strong: Whether the smallest value is the darkest (ranks).
        hue: Colour of the darkest cell.
    """
    labels = frame[category].astype(str).tolist()
    values = frame[list(columns)].to_numpy(float)

    def draw(ax: Axes) -> None:
        from matplotlib.patches import Rectangle

        write = writer(unit, digits)
        for i, row in enumerate(_strengths(values, low_is_strong=low_is_strong)):
            for j, strength in enumerate(row):
                y = len(labels) - 1 - i
                ax.add_patch(
                    Rectangle((j + 0.03, y - 0.44), 0.94, 0.88, color=hue, alpha=strength, lw=0)
                )
                text = write(float(values[i, j]))
                ink = theme.PAPER if strength > 0.85 else theme.INK
                ax.text(j + 0.5, y, text, ha="center", va="center", fontsize=11, color=ink)
        ax.set_yticks(np.arange(len(labels))[::-1], [wrapped(label, ax) for label in labels])
        room = (42 if is_narrow(ax) else 84) // len(columns)
        heads = [fill(head, room, break_long_words=False) for head in columns.values()]
        ax.set_xticks(np.arange(len(heads)) + 0.5, heads)
        ax.xaxis.tick_top()
        ax.tick_params(length=0, labelsize=9 if is_narrow(ax) else 10)
        ax.set_xlim(0, len(heads))
        ax.set_ylim(-0.5, len(labels) - 0.5)
        ax.spines[["left", "bottom"]].set_visible(False)

    return Chart(
        title,
        subtitle,
        draw,
        height=0.52 * len(labels) + 0.7,
        narrow_height=0.62 * len(labels) + 0.8,
    )


def _strengths(values: np.ndarray, *, low_is_strong: bool) -> np.ndarray:
    """Opacity of every cell, 0.05 to 1; cells without a value are blank."""
    low, high = np.nanmin(values), np.nanmax(values)
    share = (values - low) / (high - low or 1.0)
    share = 1 - share if low_is_strong else share
    return np.asarray(np.nan_to_num(0.05 + 0.95 * share, nan=0.0))
