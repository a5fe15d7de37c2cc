"""A map of rows: places down, weeks across, with the line of all rows above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import guide, write_dates, write_ticks
from playbook.text import gettext as _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST, MOST = 0.12, 0.95  # strength of the grey of a quiet week and of a strong one
STRONG = 2.0  # times the usual week: the strongest grey
FEWEST_NAMED = 30  # rows of the map up to which each has its label


def coverage(
    cells: pd.DataFrame,
    *,
    bands: pd.DataFrame,
    weeks: pd.DataFrame,
    title: str,
    subtitle: str,
    jump: float,
    few: int,
) -> Chart:
    """Draw where rows are missing and where there are too many.

    Grey is a week as usual, the darker the more rows; vermilion with a dot is a gap, ink with
    a frame a jump.

    Args:
        cells: ``band``, ``week``, ``n``, ``ratio``, ``missing_share``.
        bands: ``band``, ``label``, from the top.
        weeks: ``week``, ``n`` of all.
        title: The finding.
        subtitle: What is drawn.
        jump: Times the usual week from which on a week is marked.
        few: Cells with fewer rows have one strength.
    """
    n = len(bands)

    def draw(ax: Axes) -> None:
        figure: Any = ax.figure
        narrow = is_narrow(ax)
        map_height = _map_height(n)
        ax.remove()
        grid = figure.add_gridspec(2, 1, height_ratios=[1.15, map_height])
        top = figure.add_subplot(grid[0])
        below = figure.add_subplot(grid[1], sharex=top)
        _line(top, weeks)
        _map(below, cells, bands, jump=jump, few=few, narrow=narrow)
        write_dates(below.xaxis, most=4 if narrow else 8)

    height = 1.15 + _map_height(n) + 0.6
    told = f"{subtitle} {_key(cells, jump, few)}"
    return Chart(title, told, draw, height=height, narrow_height=height)


def _map_height(n: int) -> float:
    """Inches of the map: rows thick enough to be seen, and never more than a screen."""
    return float(min(max(0.8, 0.24 * n), 5.2))


def _line(ax: Axes, weeks: pd.DataFrame) -> None:
    ax.plot(weeks["week"], weeks["n"], color=theme.QUIET, drawstyle="steps-mid", linewidth=1.8)
    ax.set_ylim(0, max(float(weeks["n"].max()) * 1.1, 1))
    write_ticks(ax.yaxis, "count_short", most=3)
    guide(ax)
    ax.spines["left"].set_visible(False)
    ax.tick_params(labelbottom=False)


def _map(
    ax: Axes,
    cells: pd.DataFrame,
    bands: pd.DataFrame,
    *,
    jump: float,
    few: int,
    narrow: bool,
) -> None:
    from matplotlib.dates import date2num

    table = cells.pivot_table(index="band", columns="week", values="ratio").sort_index()
    rows = cells.pivot_table(index="band", columns="week", values="n").sort_index().to_numpy()
    ratio = np.nan_to_num(table.to_numpy(float))
    first = float(date2num(table.columns[0])) - 3.5  # type: ignore[no-untyped-call]
    last = float(date2num(table.columns[-1])) + 3.5  # type: ignore[no-untyped-call]
    image = np.zeros((*ratio.shape, 4))
    image[..., :3] = [int(theme.QUIET[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    strength = LEAST + (MOST - LEAST) * np.clip(ratio / STRONG, 0, 1)
    image[..., 3] = np.where(rows == 0, 0, np.where(rows < few, LEAST, strength))
    extent = (first, last, len(bands) - 0.5, -0.5)
    ax.imshow(image, aspect="auto", interpolation="none", extent=extent)
    _gaps(ax, cells)
    _jumps(ax, cells[(cells["ratio"] >= jump) & (cells["n"] >= jump * few)])
    ax.set_ylim(len(bands) - 0.5, -0.5)
    _names(ax, bands, narrow=narrow)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


def _key(cells: pd.DataFrame, jump: float, few: int) -> str:
    """What the marks mean, those that are there only."""
    from playbook.text.numbers import number

    parts = [_("Grey is a week as usual, stronger with more rows")]
    if (cells["missing_share"] > 0).any():
        parts.append(_("orange with a dot is a week without a row"))
    if ((cells["ratio"] >= jump) & (cells["n"] >= jump * few)).any():
        words = _("a cross is a week with {times} times the usual or more")
        parts.append(words.format(times=number(jump)))
    return "; ".join(parts) + "."


def _gaps(ax: Axes, cells: pd.DataFrame) -> None:
    """Cells without a row, deeper where more of the stores of a band are missing."""
    gone = cells[cells["missing_share"] > 0]
    alphas = [0.35 + 0.65 * float(share) for share in gone["missing_share"]]
    _squares(ax, gone, theme.LOST, alphas, marker=".")


def _jumps(ax: Axes, cells: pd.DataFrame) -> None:
    _squares(ax, cells, theme.INK, [1.0] * len(cells), marker="x")


def _squares(ax: Axes, cells: pd.DataFrame, hue: str, alphas: list[float], *, marker: str) -> None:
    """Fill cells with a hue; a sign in each says the same without colour."""
    if cells.empty:
        return
    from matplotlib.collections import PatchCollection
    from matplotlib.dates import date2num
    from matplotlib.patches import Rectangle

    places = [
        (float(date2num(week)), float(band))  # type: ignore[no-untyped-call]
        for week, band in zip(cells["week"], cells["band"], strict=True)
    ]
    squares = [Rectangle((x - 3.5, y - 0.5), 7, 1) for x, y in places]
    # no edge: the picture keeps its colour when the page turns dark
    ax.add_collection(PatchCollection(squares, facecolor=hue, alpha=alphas, linewidth=0))
    xs, ys = zip(*places, strict=True)
    ax.scatter(xs, ys, marker=marker, s=7, color=theme.PAPER, linewidths=0.7)


def shortened(labels: Sequence[str], *, longest: int) -> list[str]:
    """Labels that fit: long ones lose the words that all begin with, then letters inside.

    Names of a chain tell stores apart at their end, so more of the end is kept.

    Example:
        >>> shortened(["Store No 1 High Street", "Store No 2 Market"], longest=14)
        ['1 High Street', '2 Market']
    """
    if max(map(len, labels), default=0) > longest:
        words = [label.split(" ") for label in labels]
        # the last word stays, also where labels are alike in everything
        most = min(len(each) for each in words) - 1 if len(labels) > 1 else 0
        n = next((i for i in range(most) if len({each[i] for each in words}) > 1), most)
        labels = [" ".join(each[n:]) for each in words]
    return [label if len(label) <= longest else _without_middle(label, longest) for label in labels]


def _without_middle(label: str, longest: int) -> str:
    tail = longest * 3 // 5
    return f"{label[: longest - 1 - tail]}…{label[-tail:]}"


def _names(ax: Axes, bands: pd.DataFrame, *, narrow: bool) -> None:
    """Labels of all rows, or of some of many."""
    step = -(-len(bands) // FEWEST_NAMED)
    shown = bands.iloc[::step]
    labels = shortened(list(shown["label"]), longest=12 if narrow else 20)
    ax.set_yticks(shown["band"].tolist(), labels, fontsize=8.5 if step == 1 else 8)
