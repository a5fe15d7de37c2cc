"""A calendar of waves."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import guide
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def wave_calendar(frame: pd.DataFrame, *, title: str, subtitle: str) -> Chart:
    """One row per wave: a bar for the training that ends where the wave starts.

    Args:
        frame: ``wave``, ``start``, ``training_from``, ``n_stores``, ``has_room``.
        title: The finding.
        subtitle: What is drawn.
    """
    rows = frame.to_dict("records")

    def draw(ax: Axes) -> None:
        from matplotlib.dates import date2num

        places = np.arange(len(rows))[::-1]
        starts = [float(date2num(row["start"])) for row in rows]  # type: ignore[no-untyped-call]
        firsts = [float(date2num(row["training_from"])) for row in rows]  # type: ignore[no-untyped-call]
        end = max(starts) + 70
        for place, row, start, first in zip(places, rows, starts, firsts, strict=True):
            hue = theme.ACQUIRED if row["has_room"] else theme.LOST
            ax.barh(place, start - first, left=first, height=0.34, color=hue)
            ax.barh(place, end - start, left=start, height=0.34, color=theme.TREATED)
            words = ngettext("{n} store", "{n} stores", row["n_stores"])
            ax.annotate(
                words.format(n=numbers.number(row["n_stores"])),
                (start, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                color=theme.PAPER,
                fontsize=9.5,
                fontweight="bold",
            )
        labels = [_("wave {n}").format(n=row["wave"]) for row in rows]
        ax.set_yticks(places, labels)
        ax.set_xlim(min(firsts) - 4, end)
        ax.set_ylim(-0.6, len(rows) - 0.1)
        ax.spines["left"].set_visible(False)
        _starts(ax, rows, starts)
        guide(ax, "x")
        late = not all(row["has_room"] for row in rows)
        words = _("■ training") if not late else _("■ training, too long")
        hue = theme.LOST if late else theme.ACQUIRED
        for x, text, colour in ((0.0, words, hue), (0.3, _("■ in the new way"), theme.TREATED)):
            ax.text(
                x * (1.5 if is_narrow(ax) else 1),
                1.02,
                text,
                transform=ax.transAxes,
                va="bottom",
                fontsize=9.5,
                color=theme.legible(colour),
            )

    return Chart(title, subtitle, draw, height=0.62 * len(rows) + 1.1)


def _starts(ax: Axes, rows: Sequence[Mapping[Hashable, Any]], starts: list[float]) -> None:
    """Mark the days on which waves start; on a phone every second one."""
    step = 2 if is_narrow(ax) and len(rows) > 3 else 1
    days = [numbers.day_and_month(row["start"].date()) for row in rows]
    ax.set_xticks(starts[::step], days[::step])
