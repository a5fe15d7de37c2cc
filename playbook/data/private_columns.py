"""What of one file must not be seen, and which of its columns become pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from playbook.data.masks import mask, mask_fields, mask_inside, mask_total
from playbook.data.pii import PersonalKind

MASKED = "without_people"  # the function of the database that masks people in a text
# 4.61E+12 has lost its digits and points to nobody
_LOST = "lost_digits"


@dataclass(frozen=True, kw_only=True)
class Private:
    """The personal data of one file.

    Attributes:
        hashed: Our columns that become pseudonyms, and what they hold.
        personal: Our columns that hold personal data, hashed or not.
        is_masked: Whether a row of the file must not be shown as it stands: one of its
            columns, used or not, holds personal data.
        texts: Our columns of free text, in which people are masked as they are loaded.
    """

    hashed: Mapping[str, tuple[PersonalKind, ...]] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    is_masked: bool = False
    texts: frozenset[str] = frozenset()

    def cell(self, column: str, text: str, problem: str = "") -> str:
        """A cell as a report may show it.

        Args:
            column: Our column.
            text: The cell.
            problem: What is wrong with it.
        """
        if column not in self.personal or (problem == _LOST and "E+" in text.upper()):
            return mask_inside(text)
        return mask(text)

    def row(self, text: str, delimiter: str, *, is_total: bool = False) -> str:
        """A whole row of the file as a report may show it."""
        if is_total:
            return mask_total(text, delimiter)
        return mask_fields(text, delimiter) if self.is_masked else mask_inside(text)
