"""A chart: a drawing with its finding as the title, that shows itself at any width.

The title is text of the page, not of the drawing, so that it wraps on a phone; the
drawing exists in a wide and a narrow form and the page shows the one that fits.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from playbook.display import html, theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE_INCHES = 8.6
NARROW_INCHES = 4.3


@dataclass(frozen=True)
class Chart:
    """A figure that shows itself.

    Attributes:
        title: The finding, in one sentence.
        subtitle: What is drawn, in which unit, over which window.
        draw: Draws on one axes object; ``ax.figure`` is at hand. It is called once
            per width and reads ``is_narrow(ax)`` where the two must differ.
        height: Height of the wide form in inches.
        narrow_height: Height of the narrow form; the same as the wide when not given.
    """

    title: str
    subtitle: str
    draw: Callable[[Axes], None]
    height: float = 4.0
    narrow_height: float | None = None

    def svg(self, *, narrow: bool = False) -> str:
        """The drawing alone as SVG, without XML prologue."""
        return _render(self, narrow=narrow)

    def png(self, *, narrow: bool = False, dpi: int = 150) -> bytes:
        """The drawing alone as PNG on white, for a hand-out."""
        from matplotlib import rc_context

        target = io.BytesIO()
        with rc_context(theme.RC):
            figure = _figure(self, narrow=narrow)
            figure.savefig(target, format="png", dpi=dpi, facecolor=theme.PAPER)
        return target.getvalue()

    @cached_property
    def markup(self) -> str:
        """The chart as part of a page."""
        return self._markup(
            f'<div class="wide">{self.svg()}</div><div class="narrow">{self.svg(narrow=True)}</div>'
        )

    def _markup(self, drawings: str) -> str:
        return (
            f'<figure class="chart" role="img" aria-label="{escape(self.title, quote=True)}">'
            f'<div class="title">{escape(self.title)}</div>'
            f'<div class="subtitle">{escape(self.subtitle)}</div>{drawings}</figure>'
        )

    def _repr_html_(self) -> str:
        return html.block(self.markup)


def is_narrow(ax: Axes) -> bool:
    """Whether the chart is being drawn for a phone."""
    return bool(ax.figure.get_figure(root=True).get_figwidth() < (WIDE_INCHES + NARROW_INCHES) / 2)


def _figure(chart: Chart, *, narrow: bool):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from matplotlib.figure import Figure

    height = (chart.narrow_height or chart.height) if narrow else chart.height
    width = NARROW_INCHES if narrow else WIDE_INCHES
    figure = Figure(figsize=(width, height), layout="constrained")
    chart.draw(figure.add_subplot())
    return figure


def _render(chart: Chart, *, narrow: bool) -> str:
    from matplotlib import rc_context

    target = io.StringIO()
    with rc_context(theme.RC):
        figure = _figure(chart, narrow=narrow)
        figure.savefig(target, format="svg", metadata={"Date": None}, transparent=True)
    svg = target.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    for fixed, variable in theme.FOLLOWS_PAGE.items():
        svg = svg.replace(fixed, variable)
    return _own_ids(svg)


def _own_ids(svg: str) -> str:
    """Make the ids unique on a page that holds several drawings."""
    prefix = "c" + hashlib.sha256(svg.encode()).hexdigest()[:8] + "-"
    svg = re.sub(r'\bid="([^"]+)"', lambda m: f'id="{prefix}{m[1]}"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{prefix}{m[1]})", svg)
    return re.sub(r'xlink:href="#([^"]+)"', lambda m: f'xlink:href="#{prefix}{m[1]}"', svg)
