"""What a page shows where a cell failed: the sentence of a mistake, never a traceback."""

from __future__ import annotations

import logging
import re
from typing import Any

from nbclient.exceptions import CellExecutionError
from voila.execute import VoilaExecutor

from playbook.display import html
from playbook.display.theme import CSS
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import in_language

LOG = logging.getLogger("playbook.serve")
_REPEATED = f"<style>{CSS}</style>"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class PageExecutor(VoilaExecutor):  # type: ignore[misc]  # Voila has no types
    """Executes the cells of a page and goes on after a failing one.

    A ``PlaybookError`` stands as its sentence in the place of the answer. What is then
    missing further down (a ``NameError``) is not told again. A defect of ours says so,
    and its traceback goes to the log.
    """

    has_failed = False

    async def execute_cell(
        self,
        cell: Any,  # noqa: ANN401 - a notebook cell
        resources: Any,  # noqa: ANN401 - handed through
        cell_index: int,
        store_history: bool = True,  # noqa: FBT001, FBT002 - Voila's signature
    ) -> Any:  # noqa: ANN401 - a notebook cell
        """Execute one cell; an error becomes a sentence among its outputs."""
        try:
            done = await super().execute_cell(cell, resources, cell_index, store_history)
        except CellExecutionError:
            with in_language(self.nb.metadata.get("playbook", {}).get("lang", "en")):
                cell["outputs"] = [shown for o in cell["outputs"] if (shown := self._told(o))]
            self.has_failed = True
            done = cell
        for output in done.get("outputs", ()):
            _drop_repeated_style(output)
        return done

    def _told(self, output: Any) -> Any:  # noqa: ANN401 - an output of a cell
        """The output as a reader may see it; nothing when it is not worth a word."""
        if output["output_type"] == "stream" and output["name"] == "stderr":
            return None
        if output["output_type"] != "error":
            return output
        if is_users_mistake(output):
            return _markup(html.error(PlaybookError(output["evalue"]))._repr_html_())
        if self.has_failed and output["ename"] == "NameError":
            return None
        LOG.error("A cell of a page failed:\n%s", _ANSI.sub("", "\n".join(output["traceback"])))
        return _markup(html.error(_defect())._repr_html_())


def is_users_mistake(output: Any) -> bool:  # noqa: ANN401 - an error output
    """Whether an error is a ``PlaybookError``: it renders as its own message."""
    return "\n".join(output["traceback"]).strip() == str(output["evalue"]).strip()


def _defect() -> PlaybookError:
    return PlaybookError(
        _("This part of the page could not be worked out. The fault is the playbook's, not yours."),
        advice=_("The log of the server names the place. The other parts of the page hold."),
    )


def _markup(text: str) -> Any:  # noqa: ANN401 - an output of a cell
    from nbformat.v4 import new_output

    return new_output("display_data", data={"text/html": text})


def _drop_repeated_style(output: Any) -> None:  # noqa: ANN401 - an output of a cell
    """Take out the style that a page has once for all outputs."""
    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = "".join(data["text/html"]).replace(_REPEATED, "")
