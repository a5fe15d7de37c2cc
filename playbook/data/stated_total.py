"""A total that a file states itself, beside what its rows add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

HALF_A_KOPECK = Decimal("0.005")


@dataclass(frozen=True, kw_only=True)
class StatedTotal:
    """A total row of a file.

    Attributes:
        file: The file as it is shown.
        line: Its line in the file.
        label: What the file calls it, for example "Итого".
        stated: The sum that it states.
        found: The sum of the loaded rows that it covers; ``None`` where that cannot be told.
    """

    file: str
    line: int
    label: str
    stated: Decimal
    found: Decimal | None = None

    @property
    def agrees(self) -> bool | None:
        """Whether both are the same to half a kopeck; ``None`` where it cannot be told."""
        return None if self.found is None else abs(self.stated - self.found) <= HALF_A_KOPECK

    def as_json(self) -> dict[str, Any]:
        """The total as JSON can hold it; sums are text, so that no kopeck is lost."""
        found = None if self.found is None else str(self.found)
        rest = {"file": self.file, "line": self.line, "label": self.label}
        return {**rest, "stated": str(self.stated), "found": found}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> StatedTotal:
        """The total that ``as_json`` wrote."""
        found = None if raw["found"] is None else Decimal(raw["found"])
        return cls(**{**raw, "stated": Decimal(raw["stated"]), "found": found})
