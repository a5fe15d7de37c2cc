"""Lifetime models: expected against actual, week by week, chances, and what segments are worth."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts.axes import (
    Unit,
    guide,
    wrapped,
    write_ticks,
    writer,
    zero,
)
from playbook.text import gettext as _
from playbook.text.numbers import month, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXPECTED, ACTUAL = theme.TREATED, theme.QUIET


def expected_and_actual(
    frame: pd.DataFrame,
    *,
    category: str,
    expected: str,
    actual: str,
    title: str,
    subtitle: str,
    x_label: str,
) -> Chart:
    """Two bars per row, one for what came and one for what was expected, on a root scale.

    Args:
        frame: One row per pair, from left to right.
        category: Column of the labels.
        expected: Column of what was expected, 0 or more.
        actual: Column of what came.
        title: The finding.
        subtitle: What is drawn, unit and window.
        x_label: What the labels are.
    """
    labels = frame[category].astype(str).tolist()

    def draw(ax: Axes) -> None:
        places = np.arange(len(labels))
        ways = ((actual, ACTUAL, _("came"), -0.2), (expected, EXPECTED, _("expected"), 0.2))
        for column, hue, words, shift in ways:
            heights = frame[column].to_numpy(float)
            ax.bar(places + shift, heights, width=0.38, color=hue, label=words)
            for place, height in zip(places + shift, heights, strict=True):
                text = number(height, 1 if height < 99.5 else 0)
                size = 7.5 if is_narrow(ax) else 9
                ax.text(
                    place, height, text, ha="center", va="bottom", fontsize=size,
                    color=theme.legible(hue),
                )  # fmt: skip
        ax.set_yscale("function", functions=(np.sqrt, np.square))
        top = float(frame[[expected, actual]].to_numpy().max())
        ax.set_ylim(0, top * 1.12)
        ax.yaxis.set_visible(False)
        ax.spines["left"].set_visible(False)
        ax.set_xticks(places, [_broken(label, ax) for label in labels])
        ax.set_xlabel(x_label)
        ax.legend(loc="upper left", fontsize=10)

    return Chart(title, subtitle, draw, height=3.6)


def _broken(label: str, ax: Axes) -> str:
    """A label under a narrow bar, a word a line."""
    return label.replace(" ", "\n") if is_narrow(ax) else label


def tracking(
    frame: pd.DataFrame,
    *,
    x: str,
    expected: str,
    actual: str,
    since: dt.date,
    title: str,
    subtitle: str,
) -> Chart:
    """Expected and actual numbers over weeks, the weeks unseen by the model shaded.

    Args:
        frame: One row per week.
        x: Column of the first days of the weeks.
        expected: Column of what was expected.
        actual: Column of what came.
        since: First day that the model had not seen.
        title: The finding.
        subtitle: What is drawn.
    """

    def draw(ax: Axes) -> None:
        days = pd.to_datetime(frame[x])
        ax.set_xlim(days.iloc[0], days.iloc[-1])  # type: ignore[arg-type]
        ax.axvspan(pd.Timestamp(since), days.iloc[-1], color=theme.QUIET, alpha=0.14, lw=0)  # type: ignore[arg-type]
        ax.plot(days, frame[actual], color=ACTUAL, lw=1.6, label=_("came"))
        ax.plot(days, frame[expected], color=EXPECTED, label=_("expected"))
        ax.set_ylim(0, float(frame[[expected, actual]].to_numpy().max()) * 1.2)
        ax.text(
            0.995, 0.03, _("held back"), transform=ax.transAxes, ha="right",
            va="bottom", fontsize=9.5, color=theme.legible(theme.QUIET),
        )  # fmt: skip
        ax.legend(loc="upper left", ncols=2, fontsize=10)
        months = pd.date_range(days.iloc[0], days.iloc[-1], freq="MS")
        shown = months[:: -(-len(months) // (3 if is_narrow(ax) else 6))]
        ax.set_xticks(shown, [month(first.date()) for first in shown])
        write_ticks(ax.yaxis, "number", most=5)
        guide(ax)

    return Chart(title, subtitle, draw, height=3.3)


def calibration(
    frame: pd.DataFrame,
    *,
    expected: str,
    actual: str,
    title: str,
    subtitle: str,
    x_label: str,
    y_label: str,
) -> Chart:
    """Shares that came true against the chances given, beside the line on which both agree.

    Args:
        frame: One row per group of customers.
        expected: Column of the mean chance, 0-1.
        actual: Column of the share that came true, 0-1.
        title: The finding.
        subtitle: Who the groups are.
        x_label: What the chance is about.
        y_label: What the share is of.
    """

    def draw(ax: Axes) -> None:
        ax.plot([0, 1], [0, 1], color=theme.QUIET, ls="--", lw=1.2)
        ax.vlines(frame[expected], frame[expected], frame[actual], color=theme.TREATED, alpha=0.4)
        ax.plot(frame[expected], frame[actual], "o", color=theme.TREATED, markersize=7)
        ax.annotate(
            _("as forecast"), (0.86, 0.86), xytext=(-6, 6), textcoords="offset points",
            ha="right", fontsize=9.5, color=theme.legible(theme.QUIET),
        )  # fmt: skip
        ax.set_xlim(-0.03, 1.03)
        ax.set_ylim(-0.03, 1.03)
        write_ticks(ax.xaxis, "share", most=5)
        write_ticks(ax.yaxis, "share", most=5)
        ax.set_xlabel(x_label)
        ax.set_ylabel(y_label)
        guide(ax)

    return Chart(title, subtitle, draw, height=4.0)


def equity_ways(
    frame: pd.DataFrame,
    *,
    category: str,
    value: str,
    low: str,
    high: str,
    by_segment: str,
    by_one: str,
    title: str,
    subtitle: str,
    unit: Unit = "money_short",
) -> Chart:
    """What each row is worth by a model with its interval, and by two simpler ways.

    Args:
        frame: One row per segment, drawn from the top.
        category: Column of the labels.
        value: Column of the model's figure.
        low: Column of its lower bound.
        high: Column of its upper bound.
        by_segment: Column of the figure by the row's own rate.
        by_one: Column of the figure by one average rate for all.
        title: The finding.
        subtitle: What is drawn; names the level of the intervals.
        unit: How values are written.
    """
    labels = frame[category].astype(str).tolist()

    def draw(ax: Axes) -> None:
        places = np.arange(len(labels))[::-1]
        write = writer(unit)
        ax.hlines(places, frame[low], frame[high], color=theme.TREATED, alpha=0.45, lw=7)
        ax.plot(
            frame[value], places, "o", color=theme.TREATED, markersize=8,
            label=_("by purchases, with range"),
        )  # fmt: skip
        for column, marker, words in (
            (by_segment, "D", _("by the segment's own rate")),
            (by_one, "|", _("by one average rate")),
        ):
            hue = theme.KEPT if marker == "D" else theme.LOST
            size = 6 if marker == "D" else 15
            ax.plot(
                frame[column], places - 0.24, marker, color=hue, markersize=size,
                markeredgewidth=2 if marker == "|" else 0, label=words, linestyle="none",
            )  # fmt: skip
        for place, figure in zip(places, frame[value], strict=True):
            ax.annotate(
                write(float(figure)), (figure, place), xytext=(0, 8),
                textcoords="offset points", ha="center", fontsize=9.5,
            )  # fmt: skip
        ax.set_yticks(places, [wrapped(label, ax) for label in labels])
        ax.set_ylim(-0.7, len(labels) - 0.3)
        zero(ax, across="x")
        ax.spines["left"].set_visible(False)
        write_ticks(ax.xaxis, unit, most=4 if is_narrow(ax) else 7)
        guide(ax, "x")
        ax.legend(
            loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1 if is_narrow(ax) else 3,
            fontsize=9.5, borderaxespad=0.2, handletextpad=0.4,
        )  # fmt: skip

    height = max(2.4, 0.7 * len(labels) + 1.1)
    return Chart(title, subtitle, draw, height=height, narrow_height=height + 0.5)


def survival(
    frame: pd.DataFrame,
    *,
    x: str,
    actual: str,
    expected: str,
    low: str,
    high: str,
    one: str,
    title: str,
    subtitle: str,
    x_label: str,
) -> Chart:
    """Shares still there after each renewal: seen, by a model with its band, by one rate.

    Args:
        frame: One row per renewal in order.
        x: Column of the renewals.
        actual: Column of the shares seen, 0-1; missing beyond them.
        expected: Column of the model's shares.
        low: Column of the lower edge of its band.
        high: Column of the upper edge.
        one: Column of the shares by one average rate.
        title: The finding.
        subtitle: What is drawn.
        x_label: What the renewals are.
    """

    def draw(ax: Axes) -> None:
        ax.fill_between(frame[x], frame[low], frame[high], color=theme.TREATED, alpha=0.18, lw=0)
        ax.plot(frame[x], frame[expected], color=EXPECTED, label=_("by the model"))
        ax.plot(frame[x], frame[one], color=theme.LOST, ls="--", label=_("by one average rate"))
        ax.plot(frame[x], frame[actual], "o", color=theme.INK, markersize=6, label=_("seen"))
        ax.set_ylim(0, 1.03)
        write_ticks(ax.xaxis, "number", most=6)
        write_ticks(ax.yaxis, "share", most=5)
        ax.set_xlabel(x_label)
        ax.legend(loc="upper right", fontsize=10)
        guide(ax)

    return Chart(title, subtitle, draw, height=3.4)
