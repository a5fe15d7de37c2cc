"""The pilot's stores: where they lie by arm, and how alike the arms were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import guide, wrapped, write_ticks, zero
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
