"""One process: Voila with our own pages around it.

``init_handlers`` and the pools are no documented interface of Voila; its version is pinned
and the tests of this package hold it to what is used here.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import voila.notebook_renderer
from jupyter_core.utils import run_sync
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import Application
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.static_file_handler import TemplateStaticFileHandler

from playbook.serve import handlers
from playbook.serve.access import Access, Tokens, is_own_machine
from playbook.serve.copies import Copies
from playbook.serve.executor import PageExecutor
from playbook.serve.freshness import Freshness
from playbook.serve.kernels import IDLE_SECONDS, PageKernels, Pools
from playbook.serve.notebook_page import NotebookPage
from playbook.serve.site import Site

LOG = logging.getLogger("playbook.serve")
JUPYTER = Path(__file__).parent / "jupyter"
LOOK_EVERY_MS = 1000
PING_MS = 30_000
REST_LOOKS = 2  # looks without a change before waiting kernels are heated anew
ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
LANG = r"(?P<lang>en|ru)"
SLUG = r"(?P<slug>[A-Za-z0-9_]+)"
# What Voila's own addresses are for: widgets, their styles and scripts. Nothing else is open.
KEPT = (
    r"/api/kernels/",
    r"/voila/static/",
    r"/voila/api/themes/",
    r"/voila/labextensions/",
)
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"]


class Pages(Voila):  # type: ignore[misc]  # Voila has no types
    """The server of one engagement.

    Args:
        site: What is served.
        sockets: Where it listens; taken before.
        host: The address they belong to.
        tokens: What readers and the facilitator must show.
        on_ready: Called once the server answers.
    """

    def __init__(
        self,
        *,
        site: Site,
        sockets: Sequence[socket.socket],
        host: str,
        tokens: Tokens,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(config=_configuration(site, tokens))
        self.site, self.sockets, self.tokens, self.on_ready = site, sockets, tokens, on_ready
        self.host = host
        self.ip, self.port = host, sockets[0].getsockname()[1]
        self.root_dir = str(site.folder)
        self.freshness = Freshness(site.engagement.record)
        self.copies = Copies(site, self.freshness)
        self.pools = Pools(self)
        self.seen_by: dict[str, int] = {}
        self.background: set[asyncio.Task[None]] = set()
        self._last_version, self._at_rest = -1, 0

    def initialize(self, argv: Sequence[str] | None = None) -> None:
        """Find the templates; no configuration file of the machine changes what is served."""
        _see_our_templates()
        self.log.addFilter(_worth_a_line)
        voila.notebook_renderer.VoilaExecutor = PageExecutor
        self._init_asyncio_patch()
        self.voila_configuration = VoilaConfiguration(parent=self)
        self.setup_template_dirs()
        self.copies.refresh()

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings with what our handlers need."""
        settings: dict[str, Any] = super().init_settings()
        return settings | {
            "allow_unauthenticated_access": False,
            "allow_remote_access": not is_own_machine(self.host) or bool(self.tokens.facilitator),
            "default_handler_class": handlers.Missing,
            "headers": {"Referrer-Policy": "same-origin"},
            "log_function": _log_defects,
            "login_url": "/enter",
            "ws_ping_timeout": PING_MS,
            "playbook_copies": self.copies,
            "playbook_pools": self.pools,
            "playbook_ready": self.pools.n_ready,
            "playbook_site": self.site,
        }

    def init_handlers(self) -> list[Any]:
        """Our addresses, then those of Voila that widgets need."""
        ours: list[Any] = [
            (r"/", handlers.Start),
            (rf"/{LANG}/", handlers.Index),
            (rf"/{LANG}/copy/{SLUG}", handlers.Copy),
            (rf"/{LANG}/{SLUG}", NotebookPage, self._for_notebooks()),
            (r"/healthz", handlers.Health),
            (r"/enter", handlers.Enter),
            (rf"/alive/{ID}", handlers.Alive),
            (r"/assets/([\w.-]+)", handlers.Asset),
            (rf"/voila/api/shutdown/{ID}", handlers.Leave),
            (r"/voila/templates/((?!.*\.\.)playbook/static/.+)", TemplateStaticFileHandler),
        ]
        return ours + [entry for entry in super().init_handlers() if entry[0].startswith(KEPT)]

    def _for_notebooks(self) -> dict[str, Any]:
        return {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }

    def start(self) -> None:
        """Serve until somebody stops it."""
        self.connection_dir = tempfile.mkdtemp(prefix="playbook-")
        self.app = Application(**self.init_settings())
        self.app.add_handlers(".*$", self.init_handlers())
        server = HTTPServer(self.app)
        server.add_sockets(self.sockets)
        self.ioloop = IOLoop.current()
        look = PeriodicCallback(self._look, LOOK_EVERY_MS)
        look.start()
        self.ioloop.add_callback(self.on_ready)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            look.stop()
            server.stop()
            self.stop()

    def _look(self) -> None:
        """Renew copies and waiting kernels once the engagement has come to rest after a change."""
        try:
            for address in self.copies.refresh():
                self.pools.forget(f"{address}.ipynb")
            version = self.freshness.version()
            self._at_rest = self._at_rest + 1 if version == self._last_version else 0
            self._last_version = version
            if self._at_rest >= REST_LOOKS:
                self.pools.replace_stale()
        except Exception:
            self.log.exception("The pages could not be renewed")

    def stop(self) -> None:
        """End every kernel and leave nothing behind."""
        run_sync(self.kernel_manager.shutdown_all)(now=True)
        shutil.rmtree(self.connection_dir, ignore_errors=True)


def _see_our_templates() -> None:
    """Let Voila find the template that lies in this package, and kernels of this installation."""
    known = os.environ.get("JUPYTER_PATH", "")
    if str(JUPYTER) not in known.split(os.pathsep):
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(JUPYTER), known]))
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"


def _log_defects(handler: Any) -> None:  # noqa: ANN401 - a tornado handler
    """A line for an answer that failed through a fault of ours, none for all others."""
    if handler.get_status() >= HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.error(
            "%s for %s %s", handler.get_status(), handler.request.method, handler.request.path
        )


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Leave out that the copies are not signed: they are ours and hold no outputs."""
    return "is not trusted" not in record.getMessage()


def _configuration(site: Site, tokens: Tokens) -> Config:
    """Everything that Voila lets us choose."""
    pools = {"default": {"pool_size": 0}}
    pools |= {f"{address}.ipynb": {"pool_size": 1} for address in site.preheated}
    kernels = {"transport": "ipc"} if os.name == "posix" else {}
    return Config(
        {
            "Voila": {
                "base_url": "/",
                "open_browser": False,
                "log_level": logging.WARNING,
                "token": tokens.facilitator,
                "identity_provider_class": Access,
            },
            "Access": {"reader_token": tokens.reader, "cookie_options": {"samesite": "Lax"}},
            "VoilaConfiguration": {
                "template": "playbook",
                "theme": "light",
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "strip_sources": True,
                "show_tracebacks": False,
                "file_allowlist": [],
                "preheat_kernel": True,
                "default_pool_size": 0,
                "multi_kernel_manager_class": PageKernels,
                "extension_allowlist": EXTENSIONS,
            },
            "VoilaKernelManager": {"kernel_pools_config": pools, "fill_delay": 0},
            "MappingKernelManager": {
                "cull_idle_timeout": IDLE_SECONDS,
                "cull_interval": 30,
                "cull_connected": False,
            },
            "KernelManager": kernels,
            "NotebookNotary": {"db_file": ":memory:"},
        }
    )


def stop_on_signal(application: Pages) -> None:
    """Let Ctrl-C and ``kill`` end the loop, wherever in a callback they arrive."""

    def stop(*_signal: object) -> None:
        application.ioloop.add_callback_from_signal(application.ioloop.stop)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
