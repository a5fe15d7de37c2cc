"""Pieces of a page: a block, key figures, folded text, an error in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from playbook.display.theme import CSS
from playbook.errors import PlaybookError


@dataclass(frozen=True)
class Html:
    """Markup that shows itself in a notebook."""

    markup: str

    def _repr_html_(self) -> str:
        return block(self.markup)

    def __add__(self, other: Html) -> Html:
        return Html(self.markup + other.markup)


@dataclass(frozen=True)
class Figure:
    """One of the two to four numbers that carry an answer.

    Attributes:
        label: What it is, in a few words.
        value: The number as the reader sees it.
        note: Its interval, window or unit; may be empty.
    """

    label: str
    value: str
    note: str = ""


def block(markup: str) -> str:
    """Wrap markup so that it looks the same in Lab, in an export and on a page."""
    return f'<style>{CSS}</style><div class="pb">{markup}</div>'


def headline(text: str) -> str:
    """The answer in one sentence."""
    return f'<p class="headline">{escape(text)}</p>' if text else ""


def figures(items: Sequence[Figure]) -> str:
    """Key figures side by side."""
    if not items:
        return ""
    cells = "".join(
        f'<div class="figure"><div class="label">{escape(item.label)}</div>'
        f'<div class="value">{escape(item.value)}</div>'
        f'<div class="note">{escape(item.note)}</div></div>'
        for item in items
    )
    return f'<div class="figures">{cells}</div>'


def fold(title: str, markup: str) -> str:
    """Markup that opens on a click."""
    return f"<details><summary>{escape(title)}</summary>{markup}</details>"


def bullets(lines: Sequence[str], css_class: str = "assumes") -> str:
    """A quiet list."""
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul class="{css_class}">{items}</ul>'


def error(problem: PlaybookError) -> Html:
    """A user's mistake, shown where the answer would be."""
    return Html(f'<div class="error">{escape(str(problem))}</div>')
