"""Sliders that answer at once, and the same answer without them where nothing can move.

In JupyterLab and on a page the reader moves sliders; in an executed copy, a print or
a test the default answer stands there as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from playbook.display import html
from playbook.errors import PlaybookError
from playbook.text import numbers

Unit = Literal["number", "share", "points", "money_short", "count"]


@dataclass(frozen=True)
class Slider:
    """One thing a reader may move.

    Attributes:
        label: What it is, in the reader's language.
        value: Where it stands at first.
        low: Its smallest value.
        high: Its largest value.
        step: The smallest move.
        unit: How the value is written.
    """

    label: str
    value: float
    low: float
    high: float
    step: float
    unit: Unit = "number"

    def show(self, value: float) -> str:
        """The value as the reader sees it."""
        digits = max(0, min(3, _decimals(self.step * (100 if self.unit != "number" else 1))))
        match self.unit:
            case "share":
                return numbers.percent(value, digits)
            case "points":
                return numbers.points(value, max(digits, 1))
            case "money_short":
                return numbers.money_short(value)
            case "count":
                return numbers.number(value)
            case _:
                return numbers.number(value, _decimals(self.step))


def _decimals(step: float) -> int:
    text = f"{step:.6f}".rstrip("0")
    return len(text.split(".")[1])


def is_static() -> bool:
    """Whether nothing can move: an executed copy, a print or a test."""
    return os.environ.get("PLAYBOOK_STATIC") == "1"


@dataclass(frozen=True)
class Live:
    """An answer that follows its sliders.

    Attributes:
        answer: Called with the value of every slider by name; returns markup
            (``display.html`` pieces, ``Chart.markup``). A ``PlaybookError``
            is shown in the place of the answer.
        sliders: Name of the argument to its slider.
    """

    answer: Callable[..., str]
    sliders: Mapping[str, Slider] = field(default_factory=dict)

    def markup(self, **values: float) -> str:
        """The answer for these values; sliders not named stand at their first value."""
        every = {name: slider.value for name, slider in self.sliders.items()} | values
        try:
            return html.block(self.answer(**every))
        except PlaybookError as problem:
            return html.error(problem)._repr_html_()

    def widget(self, first: str | None = None) -> Any:  # noqa: ANN401 - ipywidgets has no types
        """The sliders above a reserved place that holds the answer, at first ``first``."""
        import ipywidgets as w

        place = w.HTML(first or self.markup(), layout=w.Layout(min_height="120px"))
        controls = {name: _control(slider) for name, slider in self.sliders.items()}

        def move(_change: object) -> None:
            place.value = self.markup(**{name: c.children[1].value for name, c in controls.items()})

        for control in controls.values():
            control.children[1].observe(move, names="value")
        bar = w.Box(
            list(controls.values()), layout=w.Layout(flex_flow="row wrap", grid_gap="4px 24px")
        )
        bar.add_class("pb-sliders")
        return w.VBox([bar, place])

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display

        first = self.markup()
        if is_static():
            display(HTML(first))
            return
        # A page shows the HTML at once, and the sliders in its place when its scripts are there.
        bundle = self.widget(first)._repr_mimebundle_()
        display({**bundle, "text/html": self._still() + first}, raw=True)

    def _still(self) -> str:
        """The sliders as they stand, before they can be moved."""
        rows = (
            f"<div><span>{escape(slider.label)}</span><b>{escape(slider.show(slider.value))}</b></div>"
            for slider in self.sliders.values()
        )
        return f'<div class="pb-sliders pb-still">{"".join(rows)}</div>'


def _control(slider: Slider) -> Any:  # noqa: ANN401 - ipywidgets has no types
    """A labelled slider with its value beside it, written the reader's way."""
    import ipywidgets as w

    label = w.Label(slider.label)
    bar = w.FloatSlider(
        value=slider.value,
        min=slider.low,
        max=slider.high,
        step=slider.step,
        readout=False,
        layout=w.Layout(width="220px"),
    )
    shown = w.Label(slider.show(slider.value), layout=w.Layout(min_width="80px"))
    bar.observe(lambda change: setattr(shown, "value", slider.show(change["new"])), names="value")
    return w.HBox([label, bar, shown])
