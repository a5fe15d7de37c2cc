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
        "": {"color": theme.LINE, "s": 16, "zorder": 1},
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
        ax.set_aspect("equal", adjustable="datalim")
        write_ticks(ax.xaxis, "number", most=4 if is_narrow(ax) else 7)
        write_ticks(ax.yaxis, "number", most=5)
        ax.set_xlabel(_("km"))
        _legend(ax)

    return Chart(title, subtitle, draw, height=5.0, narrow_height=4.6)


def _legend(ax: Axes) -> None:
    """Name the three marks above the drawing."""
    step = 0.36 if is_narrow(ax) else 0.2
    for i, (words, hue) in enumerate(
        (
            (_("● pilot"), theme.TREATED),
            (_("□ control"), theme.legible(theme.QUIET)),
            (_("· other stores"), theme.legible(theme.QUIET)),
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
                xytext=(8, 10),
                textcoords="offset points",
                fontsize=10.5,
                fontweight="bold",
                color=theme.TREATED,
            )
        for words, at in (marks or {}).items():
            ax.axhline(at, color=theme.LOST, ls="--", lw=1.3)
            ax.annotate(
                f"{words}: {write(at)}",
                (1.0, at),
                xycoords=("axes fraction", "data"),
                xytext=(0, 4),
                textcoords="offset points",
                ha="right",
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
