"""The one kind of error that a person can cause and can mend."""

from __future__ import annotations

from collections.abc import Sequence


class PlaybookError(Exception):
    """A user's mistake: shown without a traceback, exit code 2.

    The words arrive translated. Anything that is not a ``PlaybookError`` is a
    defect of ours and keeps its traceback.

    Args:
        summary: What was wanted and what was found, in one sentence.
        problems: Every single problem: file, column, row, value.
        advice: What to do next, in one sentence.

    Example:
        >>> print(PlaybookError("2 columns are missing.", problems=["amount", "date"]))
        2 columns are missing.
          • amount
          • date
    """

    def __init__(self, summary: str, *, problems: Sequence[str] = (), advice: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.problems = tuple(problems)
        self.advice = advice

    def __str__(self) -> str:
        lines = [self.summary, *(f"  • {problem}" for problem in self.problems)]
        return "\n".join([*lines, self.advice] if self.advice else lines)

    @classmethod
    def raise_all(cls, errors: Sequence[PlaybookError], summary: str) -> None:
        """Raise the only error as it is, several as one with this summary, none not at all."""
        if len(errors) == 1:
            raise errors[0]
        if errors:
            problems = [line for error in errors for line in (error.summary, *error.problems)]
            raise cls(summary, problems=problems)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a traceback (an IPython protocol)."""
        return str(self).splitlines()
