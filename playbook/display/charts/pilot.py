"""The pilot's stores: where they lie by arm, and how alike the arms were."""

from __future__ import annotations

from collections.abc import Mapping
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


def store_map(places: pd.DataFrame, *, title: str, subtitle: str, join: bool = False) -> Chart:
    """Stores by their coordinates: treated filled, control hollow, all others faint.

    Args:
        places: One row per store: ``x_km``, ``y_km``, ``arm`` (empty outside the pilot),
            ``block``.
        title: The finding.
        subtitle: What is drawn.
        join: Whether the stores of a block are joined by a line.
    """
    styles = {
        "": {"color": theme.QUIET, "alpha": 0.3, "lw": 0, "s": 26, "zorder": 1},
        "control": {
            "facecolors": theme.PAPER,
            "edgecolors": theme.QUIET,
            "s": 58,
            "zorder": 3,
            "linewidths": 2.0,
            "marker": "s",
        },
        "treated": {"color": theme.TREATED, "s": 66, "zorder": 4},
    }

    def draw(ax: Axes) -> None:
        for arm, style in styles.items():
            chosen = places.loc[places["arm"] == arm]
            ax.scatter(chosen["x_km"], chosen["y_km"], **style)  # type: ignore[arg-type]
        if join:
            for _block, rows in places.loc[places["arm"] != ""].groupby("block"):
                ax.plot(rows["x_km"], rows["y_km"], color=theme.QUIET, lw=1.0, zorder=2)
        _zoom(ax, places.loc[places["arm"] != "", ["x_km", "y_km"]].to_numpy(float))
        write_ticks(ax.xaxis, "number", most=4 if is_narrow(ax) else 7)
        write_ticks(ax.yaxis, "number", most=5)
        ax.set_xlabel(_("km"))
        _legend(ax)

    return Chart(title, subtitle, draw, height=5.0, narrow_height=4.6)


def _zoom(ax: Axes, places: np.ndarray) -> None:
    """Show the pilot's surroundings, both axes to the same scale."""
    low, high = places.min(axis=0), places.max(axis=0)
    middle = (low + high) / 2
    width, height = ax.get_figure().get_size_inches()  # type: ignore[union-attr]
    half = max((high - low).max() / 2 * 1.15, 1.0)
    wide = max(half, (high - low)[1] / 2 * 1.15 * width / height)
    ax.set_xlim(middle[0] - wide, middle[0] + wide)
    ax.set_ylim(middle[1] - wide * height / width, middle[1] + wide * height / width)


def _legend(ax: Axes) -> None:
    """Name the three marks above the drawing."""
    step = 0.36 if is_narrow(ax) else 0.2
    for i, (words, hue) in enumerate(
        (
            (_("● pilot"), theme.TREATED),
            (_("□ control"), theme.legible(theme.QUIET)),
            (_("● other stores"), theme.QUIET),
        )
    ):
        ax.text(i * step, 1.02, words, transform=ax.transAxes, va="bottom", fontsize=10, color=hue)


def balance_dots(frame: pd.DataFrame, *, title: str, subtitle: str, far: float) -> Chart:
    """Standardised differences of the arms, one dot per trait, with the band that is fine.

    Args:
        frame: One row per trait: ``trait`` (words), ``difference``.
        title: The finding.
        subtitle: What is drawn.
        far: Half the width of the band.
    """
    labels = frame["trait"].astype(str).tolist()
    gaps = frame["difference"].to_numpy(float)

    def draw(ax: Axes) -> None:
        places = np.arange(len(labels))[::-1]
        ax.axvspan(-far, far, color=theme.QUIET, alpha=0.12, lw=0)
        zero(ax, across="x")
        hues = [theme.ACQUIRED if abs(gap) > far else theme.TREATED for gap in gaps]
        ax.scatter(gaps, places, color=hues, s=70, zorder=3)
        ax.set_yticks(places, [wrapped(label, ax) for label in labels])
        ax.set_ylim(-0.6, len(labels) - 0.4)
        reach = max(2 * far, float(np.nanmax(np.abs(gaps))) * 1.15)
        ax.set_xlim(-reach, reach)
        ax.spines["left"].set_visible(False)
        write_ticks(ax.xaxis, "number", most=5 if is_narrow(ax) else 7)
        guide(ax, "x")

    return Chart(title, subtitle, draw, height=max(1.8, 0.5 * len(labels) + 0.8))


def detectable_curve(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    chosen: float,
    title: str,
    subtitle: str,
    x_label: str,
    unit: Unit = "points",
    marks: Mapping[str, float] | None = None,
) -> Chart:
    """The smallest effect found against the size of the pilot, with the effects that matter.

    Args:
        frame: One row per size, sorted.
        x: Column of the sizes.
        y: Column of the smallest effect found.
        chosen: The planned size, marked.
        title: The finding.
        subtitle: What is drawn.
        x_label: Words under the axis.
        unit: How effects are written.
        marks: Words to an effect that is marked across.
    """

    def draw(ax: Axes) -> None:
        write = writer(unit, 2 if unit == "points" else 1)
        ax.plot(frame[x], frame[y], color=theme.TREATED, marker="o", markersize=5)
        planned = frame.loc[frame[x] == chosen]
        ax.plot(planned[x], planned[y], "o", color=theme.TREATED, markersize=11)
        for at_x, at_y in zip(planned[x], planned[y], strict=True):
            ax.annotate(
                write(float(at_y)),
                (at_x, at_y),
                xytext=(-7, -7),
                textcoords="offset points",
                ha="right",
                va="top",
                fontsize=10.5,
                fontweight="bold",
                color=theme.TREATED,
            )
        middle = frame[y].iloc[len(frame) // 2]
        for words, at in (marks or {}).items():
            ax.axhline(at, color=theme.LOST, ls="--", lw=1.3)
            # the curve falls: above its middle there is room at the right, below it at the left
            is_high = at >= middle
            ax.annotate(
                f"{words}: {write(at)}",
                (1.0 if is_high else 0.01, at),
                xycoords=("axes fraction", "data"),
                xytext=(0, 4 if is_high else -13),
                textcoords="offset points",
                ha="right" if is_high else "left",
                fontsize=9.5,
                color=theme.legible(theme.LOST),
            )
        ax.set_ylim(bottom=0)
        write_ticks(ax.yaxis, unit)
        write_ticks(ax.xaxis, "number", most=5 if is_narrow(ax) else 9)
        guide(ax)
        ax.spines["left"].set_visible(False)
        ax.set_xlabel(x_label)

    return Chart(title, subtitle, draw, height=4.0, narrow_height=3.8)


def pair_bars(
    frame: pd.DataFrame, *, category: str, value: str, centre: float, title: str, subtitle: str
) -> Chart:
    """One bar per pair from zero, with the mean of all marked.

    Args:
        frame: One row per pair in the order drawn.
        category: Column of the pairs' names.
        value: Column of the differences, shares.
        centre: The effect, marked by a line.
        title: The finding.
        subtitle: What is drawn.
    """
    gaps = frame[value].to_numpy(float)

    def draw(ax: Axes) -> None:
        places = np.arange(len(gaps))
        hues = [theme.TREATED if gap > 0 else theme.QUIET for gap in gaps]
        ax.bar(places, gaps, color=hues, width=0.66)
        zero(ax)
        ax.axhline(centre, color=theme.TREATED, ls="--", lw=1.2)
        ax.annotate(
            numbers.points(centre),
            (1.0, centre),
            xycoords=("axes fraction", "data"),
            xytext=(0, 4),
            textcoords="offset points",
            ha="right",
            color=theme.TREATED,
            fontweight="bold",
        )
        is_many = len(gaps) > (12 if is_narrow(ax) else 26)
        ax.set_xticks(places, ["" if is_many else str(one) for one in frame[category]])
        ax.tick_params(axis="x", labelsize=8 if is_narrow(ax) else 9.5, length=0)
        if is_narrow(ax):
            ax.tick_params(axis="x", rotation=90)
        ax.spines["bottom"].set_visible(False)
        ax.spines["left"].set_visible(False)
        write_ticks(ax.yaxis, "points")
        guide(ax)

    return Chart(title, subtitle, draw, height=3.4, narrow_height=3.6)


def dose_scatter(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    label: str,
    weak: float,
    mean: tuple[float, float],
    title: str,
    subtitle: str,
) -> Chart:
    """One dot per store: how much was carried out against the difference it made.

    Args:
        frame: One row per store.
        x: Column of the share carried out.
        y: Column of the differences, shares.
        label: Column of the names, written at weak stores.
        weak: Stores below this share are named and coloured.
        mean: Mean share and mean difference, marked.
        title: The finding.
        subtitle: What is drawn.
    """
    is_weak = (frame[x] < weak).to_numpy()

    def draw(ax: Axes) -> None:
        zero(ax)
        ax.axvspan(0, weak, color=theme.LOST, alpha=0.07, lw=0)
        ax.axhline(mean[1], color=theme.TREATED, ls="--", lw=1.2)
        hues = np.where(is_weak, theme.LOST, theme.TREATED)
        ax.scatter(frame[x], frame[y], c=hues, s=64, zorder=3)
        named = frame.loc[is_weak, [label, x, y]].sort_values(x).itertuples(index=False)
        for store, at_x, at_y in named:
            is_above = at_y >= mean[1]  # away from the dashed line and its words
            ax.annotate(
                str(store),
                (at_x, at_y),
                xytext=(0, 7 if is_above else -7),
                textcoords="offset points",
                ha="center",
                va="bottom" if is_above else "top",
                fontsize=9.5,
                color=theme.legible(theme.LOST),
            )
        ax.annotate(
            _("mean {effect}").format(effect=numbers.points(mean[1])),
            (weak, mean[1]),
            xytext=(6, 4),
            textcoords="offset points",
            fontsize=10,
            color=theme.TREATED,
        )
        ax.set_xlim(min(0.3, float(frame[x].min()) - 0.05), 1.0)
        ax.margins(y=0.14)
        ax.set_xlabel(_("share of the change carried out"))
        write_ticks(ax.xaxis, "share", most=5 if is_narrow(ax) else 8)
        write_ticks(ax.yaxis, "points")
        guide(ax)
        ax.spines["left"].set_visible(False)

    return Chart(title, subtitle, draw, height=4.0, narrow_height=3.8)
