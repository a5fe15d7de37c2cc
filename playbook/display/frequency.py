"""Chance and spread as people read them: of a hundred cases, and a bar from bad to good.

Plain markup, no drawing: it follows a slider at once and fits any width.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from playbook.text import gettext as _
from playbook.text import ngettext, numbers


def cases(share: float, *, good: str, bad: str) -> str:
    """A hundred cases, the good ones filled and the bad ones hollow.

    Args:
        share: Share of good cases, 0-1.
        good: What a good case is, such as "gain money".
        bad: What a bad case is.
    """
    n = round(share * 100)
    won, lost = _told(n, good), _told(100 - n, bad)
    squares = '<i class="won"></i>' * n + '<i class="lost"></i>' * (100 - n)
    return (
        f'<figure class="cases"><div class="squares" aria-hidden="true">{squares}</div>'
        f'<figcaption><span class="good">■ {escape(won)}</span> '
        f'<span class="bad">□ {escape(lost)}</span></figcaption></figure>'
    )


def _told(n: int, what: str) -> str:
    words = ngettext("{n} case of 100: {what}", "{n} cases of 100: {what}", n)
    return words.format(n=numbers.number(n), what=what)


def spread(
    low: float,
    middle: float,
    high: float,
    *,
    span: tuple[float, float],
    write: Callable[[float], str],
    label: str,
) -> str:
    """A value with its spread on a bar on which zero is marked.

    Args:
        low: Undercut in 5 of 100 cases.
        middle: What is expected.
        high: Exceeded in 5 of 100 cases.
        span: Ends of the bar; fixed while a slider moves, so that nothing jumps.
        write: Writes a value for the reader.
        label: What the value is.
    """

    def at(value: float) -> float:
        first, last = span
        return min(max((value - first) / (last - first), 0.0), 1.0) * 100

    told = _("{low} to {high} in 9 of 10 cases, {middle} expected").format(
        middle=write(middle), low=write(low), high=write(high)
    )
    tone = "won" if middle >= 0 else "lost"
    return (
        f'<figure class="spread {tone}"><figcaption>{escape(label)}: {escape(told)}</figcaption>'
        f'<div class="track"><span class="zero" style="left:{at(0.0):.1f}%"></span>'
        f'<span class="band" style="left:{at(low):.1f}%;width:{at(high) - at(low):.1f}%"></span>'
        f'<span class="dot" style="left:{at(middle):.1f}%"></span></div>'
        f'<div class="ends"><span>{escape(write(span[0]))}</span>'
        f"<span>{escape(write(span[1]))}</span></div></figure>"
    )
