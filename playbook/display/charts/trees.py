"""A tree of figures: boxes from left to right, on a phone an indented list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Row = Mapping[str, object]


def tree(
    frame: pd.DataFrame,
    *,
    node: str,
    parent: str,
    label: str,
    value: str,
    note: str,
    hue: str,
    dashed: str,
    title: str,
    subtitle: str,
) -> Chart:
    """A tree of figures from left to right; on a phone an indented list.

    Args:
        frame: One row per node, parents before children, children in the order drawn.
        node: Column of the nodes' ids.
        parent: Column of the parents' ids, empty at the root.
        label: Column of the names.
        value: Column of the figures, as text.
        note: Column of a second line, as text.
        hue: Column of the colours of the boxes' edges.
        dashed: Column that is true where the edge is dashed.
        title: The finding.
        subtitle: What is drawn.
    """
    named = {node: "node", parent: "parent", label: "label", value: "value", note: "note",
             hue: "hue", dashed: "dashed"}  # fmt: skip
    rows: list[Row] = [
        {words: row[column] for column, words in named.items()} for row in frame.to_dict("records")
    ]

    def draw(ax: Axes) -> None:
        ax.set_axis_off()
        (_draw_list if is_narrow(ax) else _draw_tree)(ax, rows)

    n_leaves = len(_leaves(rows))
    return Chart(
        title,
        subtitle,
        draw,
        height=0.78 * n_leaves + 0.4,
        narrow_height=0.56 * len(rows) + 0.2,
    )


def _leaves(rows: Sequence[Row]) -> list[str]:
    parents = {row["parent"] for row in rows}
    return [str(row["node"]) for row in rows if row["node"] not in parents]


def _depth(rows: Sequence[Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[str(row["node"])] = found[str(row["parent"])] + 1 if row["parent"] else 0
    return found


def _heights(rows: Sequence[Row]) -> dict[str, float]:
    """Leaves one below the other, every parent in the middle of its children."""
    leaves = _leaves(rows)
    found = {leaf: float(len(leaves) - 1 - i) for i, leaf in enumerate(leaves)}
    for row in reversed(rows):
        if row["node"] not in found:
            below = [found[str(r["node"])] for r in rows if r["parent"] == row["node"]]
            found[str(row["node"])] = (min(below) + max(below)) / 2
    return found


def _draw_tree(ax: Axes, rows: Sequence[Row]) -> None:
    depth, height = _depth(rows), _heights(rows)
    width = 0.82
    for row in rows:
        x, y = depth[str(row["node"])], height[str(row["node"])]
        if row["parent"]:
            px, py = depth[str(row["parent"])], height[str(row["parent"])]
            turn = px + width + (1 - width) / 2
            ax.plot([px + width, turn, turn, x], [py, py, y, y], color=theme.QUIET, lw=1)
        _box(ax, row, x=x, y=y, width=width, high=0.76)
        ax.text(x + 0.04, y + 0.24, str(row["label"]), va="center", fontsize=9.5)
        ax.text(x + 0.04, y, str(row["value"]), va="center", fontsize=11.5, fontweight="bold")
        ax.text(x + 0.04, y - 0.24, str(row["note"]), va="center", fontsize=9, color=_ink(row))
    ax.set_xlim(-0.02, max(depth.values()) + width + 0.02)
    ax.set_ylim(-0.45, max(height.values()) + 0.45)


def _draw_list(ax: Axes, rows: Sequence[Row]) -> None:
    depth = _depth(rows)
    place = {str(row["node"]): float(len(rows) - 1 - i) for i, row in enumerate(rows)}
    step, right = 0.07, 1.0
    for row in rows:
        x, y = depth[str(row["node"])] * step, place[str(row["node"])]
        if row["parent"]:
            px, py = depth[str(row["parent"])] * step, place[str(row["parent"])]
            ax.plot([px + step / 3, px + step / 3, x], [py - 0.4, y, y], color=theme.QUIET, lw=1)
        _box(ax, row, x=x, y=y, width=right - x, high=0.8)
        ax.text(x + 0.02, y + 0.17, str(row["label"]), va="center", fontsize=9.5)
        ax.text(x + 0.02, y - 0.18, str(row["note"]), va="center", fontsize=9, color=_ink(row))
        ax.text(
            right - 0.02,
            y,
            str(row["value"]),
            va="center",
            ha="right",
            fontsize=11,
            fontweight="bold",
        )
    ax.set_xlim(-0.01, right + 0.01)
    ax.set_ylim(-0.45, len(rows) - 0.55)


def _box(ax: Axes, row: Row, *, x: float, y: float, width: float, high: float) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(
        Rectangle(
            (x, y - high / 2),
            width,
            high,
            facecolor="none",
            edgecolor=str(row["hue"]),
            linewidth=1.6,
            linestyle="--" if row["dashed"] else "-",
        )
    )


def _ink(row: Row) -> str:
    return theme.legible(str(row["hue"]))
