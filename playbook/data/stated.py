"""What somebody has stated about the files of an import, in place of finding it out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from playbook.data.values import Decimals, Order


@dataclass(frozen=True, kw_only=True)
class Stated:
    """Statements that overrule findings; ``None`` leaves the matter to the reader.

    Attributes:
        encoding: A name that Python knows, for example ``cp1251``.
        delimiter: The sign between columns of a text file.
        header_row: Line of the heading, counted from 1.
        sheet: Name of the sheet of a workbook, or its place, counted from 1.
        decimals: The decimal sign of numbers.
        order: The order of day and month.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    decimals: Decimals | None = None
    order: Order | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        return asdict(self)
