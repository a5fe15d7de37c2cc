"""What every drawing does to its axes: locale-aware ticks, quiet lines, room for labels."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import fill
from typing import TYPE_CHECKING, Literal

from playbook.display.chart import is_narrow
from playbook.text import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

Unit = Literal["number", "share", "points", "money", "money_short", "count_short", "none"]


def writer(unit: Unit, digits: int = 0) -> Callable[[float], str]:
    """The function that writes a value of this unit for the reader."""
    writers: dict[str, Callable[[float], str]] = {
        "number": lambda v: numbers.number(v, digits),
        "share": lambda v: numbers.percent(v, digits),
        "points": lambda v: numbers.points(v, max(digits, 1)),
        "money": numbers.money,
        "money_short": numbers.money_short,
        "count_short": numbers.number_short,
        "none": lambda v: "",
    }
    return writers[unit]


def write_ticks(axis: Axis, unit: Unit, *, most: int = 6) -> None:
    """Write the ticks of an axis in its unit, at most ``most`` of them."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    low, high = sorted(axis.get_view_interval())
    scale = 100 if unit in ("share", "points") else 1
    digits = 1 if (high - low) * scale < most and unit in ("share", "points", "number") else 0
    write = writer(unit, digits)
    axis.set_major_formatter(FuncFormatter(lambda value, _position: write(value)))


def write_dates(axis: Axis, *, most: int = 6) -> None:
    """Write the ticks of a time axis as months, at most ``most`` of them."""
    from matplotlib.dates import AutoDateLocator, num2date
    from matplotlib.ticker import FuncFormatter

    def write(value: float, _position: object) -> str:
        return numbers.month(num2date(value).date())  # type: ignore[no-untyped-call]

    axis.set_major_locator(AutoDateLocator(maxticks=most, minticks=2))  # type: ignore[no-untyped-call]
    axis.set_major_formatter(FuncFormatter(write))


def wrapped(label: str, ax: Axes) -> str:
    """A category's label broken so that it leaves room for the drawing."""
    return fill(label, 15 if is_narrow(ax) else 28, break_long_words=False)


def guide(ax: Axes, axis: Literal["x", "y"] = "y") -> None:
    """Quiet lines that help to read a value off."""
    ax.grid(visible=True, axis=axis)


def zero(ax: Axes, at: float = 0.0, *, across: Literal["x", "y"] = "y") -> None:
    """A thin line at a value that means something."""
    from playbook.display.theme import INK

    line = ax.axhline if across == "y" else ax.axvline
    line(at, color=INK, linewidth=0.9, zorder=1)
