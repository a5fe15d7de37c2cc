"""How far something slow has come: a bar that shows itself only to whoever has to wait."""

from __future__ import annotations

import sys
import time
from html import escape
from typing import Any

from playbook.text.numbers import percent

PATIENCE_SECONDS = 2.0


class Progress:
    """Told the share that is done, 0 to 1; 0 begins, 1 takes the bar away.

    In a notebook the bar stands below the cell, on a terminal it is a line that is written over;
    elsewhere there is none.

    Args:
        words: What is being done.
    """

    def __init__(self, words: str) -> None:
        self.words = words
        self._began = time.monotonic()
        self._shown: Any = None

    def __call__(self, share: float) -> None:
        """Show how far it has come."""
        if share <= 0:
            self._began = time.monotonic()
        elif share >= 1:
            self._take_away()
        elif time.monotonic() - self._began >= PATIENCE_SECONDS:
            self._show(share)

    def html(self, share: float) -> str:
        """The bar."""
        label = f"{self.words}: {percent(share)}"
        bar = f'<progress max="1" value="{share:.2f}" aria-label="{escape(label)}"></progress>'
        return f'<div class="pb-progress">{bar} {escape(label)}</div>'

    def _show(self, share: float) -> None:
        if _in_notebook():
            from IPython.display import HTML, display

            if self._shown is None:
                self._shown = display(HTML(self.html(share)), display_id=True)
            else:
                self._shown.update(HTML(self.html(share)))
        elif sys.stderr.isatty():
            self._shown = f"{self.words}: {percent(share)}"
            sys.stderr.write(f"\r{self._shown}")
            sys.stderr.flush()

    def _take_away(self) -> None:
        if self._shown is None:
            return
        if isinstance(self._shown, str):
            sys.stderr.write("\r" + " " * len(self._shown) + "\r")
        else:
            from IPython.display import HTML

            self._shown.update(HTML(""))
        self._shown = None


def _in_notebook() -> bool:
    """Whether there is a kernel that shows HTML."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")
