"""Rows that cannot be used: counted by reason, with examples to look up in the file."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.data.columns import COLUMNS, N_
from playbook.text import gettext as _

EXAMPLES = 3

REASONS: dict[str, str] = {
    "missing": N_("the value is missing"),
    "lost_digits": N_("a spreadsheet has turned the id into a rounded number; its digits are lost"),
    "unreadable": N_("the value cannot be read"),
    "too_large": N_("the number is too large to be true"),
    "out_of_range": N_("the value is outside what is allowed"),
    "future": N_("the date is in the future"),
    "old": N_("the date is before 1990"),
    "ragged": N_("the row has more or fewer fields than the heading"),
    "open_quote": N_("a quote is opened in the row and never closed"),
    "broken_bytes": N_("the row holds bytes that are no letters"),
    "duplicate": N_("the row repeats another one"),
    "total": N_("the row is a total of others"),
    "heading_again": N_("the heading is repeated"),
    "group": N_("the row names the store of the rows under it"),
    "note": N_("the row is a note"),
    "cancelled": N_("the receipt was cancelled"),
    "not_a_sale": N_("the row is no sale and no return"),
}


def cut(value: str, longest: int) -> str:
    """A cell that is not too long to be shown; what is cut off is said.

    Example:
        >>> cut("Total 1234567", 8)
        'Total 1…'
    """
    return value if len(value) <= longest else value[: longest - 1] + "…"


@dataclass(frozen=True, kw_only=True)
class Example:
    """One row that was set aside: where it is, and what is in it."""

    file: str
    line: int
    value: str


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """Rows that were set aside for one reason.

    Attributes:
        column: Our column that is to blame, empty when it is the whole row.
        reason: A key of ``REASONS``.
        n: Rows.
        examples: The first few.
    """

    column: str
    reason: str
    n: int
    examples: tuple[Example, ...]

    @property
    def words(self) -> str:
        """The reason in the reader's language."""
        reason = _(REASONS[self.reason])
        if not self.column:
            return reason
        allowed = COLUMNS[self.column].range_text if self.column in COLUMNS else ""
        if self.reason == "out_of_range" and allowed:
            words = _("{column}: {reason}; allowed: {range}")
            return words.format(column=self.column, reason=reason, range=allowed)
        return _("{column}: {reason}").format(column=self.column, reason=reason)
