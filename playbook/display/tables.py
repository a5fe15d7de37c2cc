"""Tables for people: chosen columns with a label and a kind, numbers to the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

import pandas as pd

from playbook.text import name, numbers

Kind = Literal[
    "text",
    "written",
    "name",
    "number",
    "share",
    "points",
    "money",
    "money_short",
    "count",
    "date",
    "yes_no",
]
NUMERIC = {"written", "number", "share", "points", "money", "money_short", "count"}


@dataclass(frozen=True)
class Column:
    """How a column is shown.

    Attributes:
        label: Its heading, in the reader's language.
        kind: What it holds; ``share`` is 0-1 and shown in percent, ``points`` a
            difference of shares, ``count`` a whole number, ``written`` a number that is
            text already, ``name`` an id of the sample chain that has a name in the
            reader's language.
        digits: Digits after the decimal separator.
        words: What is shown in place of a text value, such as the arm of a store.
    """

    label: str
    kind: Kind = "text"
    digits: int = 0
    words: Mapping[str, str] = field(default_factory=dict)

    def show(self, value: Any) -> str:  # noqa: ANN401 - any cell of a frame
        """One cell, as the reader sees it."""
        if not isinstance(value, str) and (value is None or pd.isna(value)):
            return numbers.MISSING
        match self.kind:
            case "number" | "count":
                return numbers.number(float(value), self.digits)
            case "share":
                return numbers.percent(float(value), self.digits)
            case "points":
                return numbers.points(float(value), self.digits or 1)
            case "money":
                return numbers.money(float(value), self.digits)
            case "money_short":
                return numbers.money_short(float(value))
            case "date":
                return numbers.date(value if isinstance(value, str) else pd.Timestamp(value).date())
            case "yes_no":
                return "✓" if bool(value) else "–"
            case "name":
                return name(str(value))
            case _:
                return self.words.get(str(value), str(value))


def table(frame: pd.DataFrame, columns: Mapping[str, Column], *, limit: int = 60) -> str:
    """The chosen columns of a frame as HTML, in the order of ``columns``.

    Args:
        frame: Raw numbers; nothing is rounded before it comes here.
        columns: Column name to its look; columns left out are not shown.
        limit: Rows shown; the number of rows left out is said.
    """
    shown = [key for key in columns if key in frame.columns]
    css = {key: ' class="n"' if columns[key].kind in NUMERIC else "" for key in shown}
    head = "".join(f"<th{css[key]}>{escape(columns[key].label)}</th>" for key in shown)
    rows = (
        "".join(f"<td{css[key]}>{escape(columns[key].show(row[key]))}</td>" for key in shown)
        for row in frame.head(limit)[shown].to_dict("records")
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        f"</div>{_left_out(len(frame) - limit)}"
    )


def _left_out(n: int) -> str:
    from playbook.text import ngettext

    if n <= 0:
        return ""
    words = ngettext("{n} more row", "{n} more rows", n).format(n=numbers.number(n))
    return f'<p class="quiet">{escape(words)}</p>'
