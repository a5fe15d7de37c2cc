"""The kernels behind the pages: their language, which wait ready, which show old numbers."""

from __future__ import annotations

import asyncio
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from voila.request_info_handler import RequestInfoSocketHandler

from playbook.serve.site import slug
from playbook.text import LANGUAGES

IDLE_SECONDS = 600


class PageKernels(AsyncMappingKernelManager):  # type: ignore[misc]  # no types
    """Starts the kernel of a page in the page's language and notes what it could see.

    Voila puts its pools on top of this class. ``parent`` is the application.
    """

    async def start_kernel(
        self,
        *,
        kernel_id: str | None = None,
        path: str | None = None,
        **options: Any,  # noqa: ANN401 - handed through
    ) -> str:
        """Start a kernel for a page below ``path``, which begins with a language."""
        version = self.parent.freshness.version()
        options["env"] = self._environment(options.get("env") or {}, path or "")
        started: str = await super().start_kernel(kernel_id=kernel_id, path=path, **options)
        self.parent.seen_by[started] = version
        return started

    def _environment(self, environment: dict[str, str], path: str) -> dict[str, str]:
        """The variables of a kernel: where the engagement is, the language, things can move."""
        lang = path.partition("/")[0]
        own = {"PLAYBOOK_HOME": str(self.parent.site.home), "PLAYBOOK_PAGES": "1"}
        if lang in LANGUAGES:
            own["PLAYBOOK_LANG"] = lang
        kept = {key: value for key, value in environment.items() if key != "PLAYBOOK_STATIC"}
        return kept | own

    async def shutdown_kernel(self, kernel_id: str, *rest: Any, **options: Any) -> None:  # noqa: ANN401 - handed through
        """End a kernel and forget what was noted about it."""
        self.parent.seen_by.pop(kernel_id, None)
        RequestInfoSocketHandler._cache.pop(kernel_id, None)
        await super().shutdown_kernel(kernel_id, *rest, **options)


class Pools:
    """The pages that wait ready, on top of Voila's pools (its version is pinned).

    Args:
        application: The application, whose ``kernel_manager`` has the pools.
    """

    def __init__(self, application: Any) -> None:  # noqa: ANN401 - Voila has no types
        self.application = application

    @property
    def manager(self) -> Any:  # noqa: ANN401 - Voila has no types
        """Voila's kernel manager."""
        return self.application.kernel_manager

    def n_ready(self) -> int:
        """Kernels that wait with their page worked out."""
        return sum(_is_worked_out(item) for pool in self.manager._pools.values() for item in pool)

    def expect(self, lang: str) -> None:
        """Let the dashboards wait ready in the language of a reader who is at the list of steps."""
        site = self.application.site
        for step in site.steps if site.preheated else ():
            notebook = f"{lang}/{slug(step)}.ipynb"
            if step.is_dashboard and notebook not in self.manager.kernel_pools_config:
                self.manager.kernel_pools_config[notebook] = {"pool_size": 1}
                self.manager.fill_if_needed(delay=0, notebook_name=notebook)

    def forget(self, notebook: str) -> None:
        """Drop every waiting kernel of a page, whatever it saw: its notebook has changed."""
        pool = self.manager._pools.get(notebook, [])
        while pool:
            self._end(pool.pop(0))

    async def discard_stale(self, notebook: str) -> None:
        """Drop the waiting kernels of a page that saw an earlier state of the engagement."""
        pool = self.manager._pools.get(notebook, [])
        while pool and not await self._is_fresh(pool[0]):
            self._end(pool.pop(0))

    def replace_stale(self) -> None:
        """Heat every pool anew whose kernels saw an earlier state."""
        now = self.application.freshness.version()
        for notebook, pool in self.manager._pools.items():
            stale = [item for item in pool if self._seen(item) not in (now, None)]
            for item in stale:
                pool.remove(item)
                self._end(item)
            self.manager.fill_if_needed(delay=0, notebook_name=notebook)

    async def _is_fresh(self, item: Any) -> bool:  # noqa: ANN401 - a task of Voila
        try:
            await asyncio.shield(item)
        except Exception:
            self.application.log.exception("A waiting kernel did not start")
            return False
        return bool(self._seen(item) == self.application.freshness.version())

    def _seen(self, item: Any) -> int | None:  # noqa: ANN401 - a task of Voila
        """The state that a waiting kernel saw; nothing while it starts or when it failed."""
        if not item.done() or item.cancelled() or item.exception():
            return None
        seen: int = self.application.seen_by.get(item.result()["kernel_id"], -1)
        return seen

    def _end(self, item: Any) -> None:  # noqa: ANN401 - a task of Voila
        task = asyncio.ensure_future(self._shut_down(item))
        self.application.background.add(task)
        task.add_done_callback(self.application.background.discard)

    async def _shut_down(self, item: Any) -> None:  # noqa: ANN401 - a task of Voila
        try:
            started = await item
            started["task"].cancel()
        except Exception:
            return
        kernel = started["kernel_id"]
        if kernel in self.manager:
            await self.manager.shutdown_kernel(kernel, now=True)


def _is_worked_out(item: Any) -> bool:  # noqa: ANN401 - a task of Voila
    if not item.done() or item.cancelled() or item.exception():
        return False
    return bool(item.result()["task"].done())
