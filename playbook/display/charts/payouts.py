"""A bonus drawn: pay by attainment over where people are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import guide, write_ticks
from playbook.stats.payouts import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BINS = 24


def payout_curve(
    attainment: NDArray[np.float64],
    *,
    curve: Curve,
    title: str,
    subtitle: str,
    x_label: str,
    y_label: str,
    jump_words: str,
) -> Chart:
    """Pay by attainment as a line; where people are as grey bars below it; the jump in colour.

    Args:
        attainment: Where people are, 1 is on plan; draws or evenly spaced quantiles.
        curve: Pay by attainment.
        title: The finding.
        subtitle: What is drawn.
        x_label: Words under the axis.
        y_label: Words above the axis of pay.
        jump_words: Words at the jump, where there is one.
    """
    low = min(float(attainment.min()), curve.threshold - 0.05)
    high = max(float(attainment.max()), curve.excellence + 0.05)
    counts, edges = np.histogram(attainment, bins=np.linspace(low, high, _BINS + 1))

    def draw(ax: Axes) -> None:
        heights = counts / counts.max() * 0.45 * curve.pay_at_excellence
        ax.bar(
            edges[:-1],
            heights,
            width=np.diff(edges) * 0.9,
            align="edge",
            color=theme.QUIET,
            alpha=0.35,
        )
        paid = np.array([curve.threshold, curve.target, curve.excellence, high])
        ax.plot([low, curve.threshold], [0, 0], color=theme.TREATED, lw=2.6)
        ax.plot(paid, curve.pay(paid), color=theme.TREATED, lw=2.6)
        if curve.pay_at_threshold > 0:
            _jump(ax, curve, jump_words)
        ax.set_xlim(low, high)
        ax.set_ylim(0, curve.pay_at_excellence * 1.12)
        write_ticks(ax.xaxis, "share", most=4 if is_narrow(ax) else 8)
        write_ticks(ax.yaxis, "share", most=5)
        guide(ax)
        ax.spines["left"].set_visible(False)
        ax.set_xlabel(x_label)
        ax.set_title(y_label, loc="left", fontsize=10.5, color=theme.INK)

    return Chart(title, subtitle, draw, height=3.8, narrow_height=3.6)


def _jump(ax: Axes, curve: Curve, words: str) -> None:
    """The cliff at the threshold, named."""
    ax.plot([curve.threshold] * 2, [0, curve.pay_at_threshold], color=theme.LOST, lw=2.6)
    ax.annotate(
        words,
        (curve.threshold, curve.pay_at_threshold),
        xytext=(-8, 2),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=10.5,
        color=theme.legible(theme.LOST),
    )
