"""The page of a notebook or a dashboard: a copy in the reader's language, run by Voila."""

from __future__ import annotations

from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from voila.handler import VoilaHandler

from playbook.serve.handlers import Spoken
from playbook.text import gettext as _


class NotebookPage(Spoken, VoilaHandler):  # type: ignore[misc]  # Voila has no types
    """Serves ``/<lang>/<slug>`` from a waiting kernel, else from one that starts now."""

    async def get(self, lang: str, slug: str) -> None:
        """Run the page and send it piece by piece as its cells are done."""
        if self.without_token():
            return
        step = self.site.by_slug.get(slug)
        if step is None or not (self.site.notebooks / step.notebook).exists():
            raise HTTPError(404)
        if not (step.is_dashboard or self.is_facilitator):
            self._refuse(slug)
            return
        self.remember_language()
        notebook = f"{lang}/{slug}.ipynb"
        pools = self.settings["playbook_pools"]
        if self.settings["playbook_copies"].refresh_one(step, lang):
            pools.forget(notebook)
        await pools.discard_stale(notebook)
        await self._send(notebook)

    async def _send(self, notebook: str) -> None:
        try:
            async for piece in self.get_generator(path=notebook):
                self.write(piece)
                await self.flush()
        except StreamClosedError:
            self.log.info("The reader left while %s was worked out", notebook)

    def _refuse(self, slug: str) -> None:
        """Readers see what was computed, not the forms."""
        self.tell(
            403,
            lambda: _("The forms of this step are open to the facilitator only."),
            lambda: _("The executed copy and the dashboard on the list of steps are open to you."),
        )

    def should_use_rendered_notebook(
        self,
        notebook_data: dict[str, Any],
        pool_size: int,
        *_asked: Any,  # noqa: ANN401 - template, theme and arguments of the address
    ) -> bool:
        """Whether a waiting kernel can be used: themes are the browser's affair here."""
        return pool_size > 0 and bool(notebook_data)
