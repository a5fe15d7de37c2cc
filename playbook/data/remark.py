"""One thing that stands out in what was imported: a code, how bad it is, the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playbook.data import remark_words
from playbook.display.findings import Severity

WEIGHTS: tuple[Severity, ...] = ("error", "warning", "hint")
_WORDS = {"code", "weight", "text", "advice"}


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A thing that a reader must know before using the table.

    Attributes:
        code: Name of the check.
        weight: ``error`` must be mended, ``warning`` looked at again, ``hint`` known.
        numbers: How many, where and how much, as JSON can hold it; days are ISO text.
    """

    code: str
    weight: Severity
    numbers: Mapping[str, Any]

    @property
    def text(self) -> str:
        """What was found, in the reader's language."""
        return remark_words.WORDS[self.code](self.numbers)[0]

    @property
    def advice(self) -> str:
        """What to do, in the reader's language."""
        return remark_words.WORDS[self.code](self.numbers)[1]

    def as_json(self) -> dict[str, Any]:
        """The remark for a program and for the store."""
        text, advice = remark_words.WORDS[self.code](self.numbers)
        words = {"code": self.code, "weight": self.weight, "text": text, "advice": advice}
        return {**words, **self.numbers}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Remark:
        """The remark that ``as_json`` wrote."""
        numbers = {key: value for key, value in raw.items() if key not in _WORDS}
        return cls(code=raw["code"], weight=raw["weight"], numbers=numbers)


def by_weight(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Remarks with the worst first; otherwise in the order in which they came."""
    return tuple(sorted(remarks, key=lambda remark: WEIGHTS.index(remark.weight)))
