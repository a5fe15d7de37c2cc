"""The command ``playbook serve``: one process that offers the pages of an engagement."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.serve import ports
from playbook.serve.site import Reads, Site, Step, slug
from playbook.text import gettext as _
from playbook.text import language

if TYPE_CHECKING:
    from playbook.engagement import Engagement
    from playbook.serve.access import Tokens

PREHEAT = ("none", "dashboards", "all")


def add_serve(
    subparsers: Any,  # noqa: ANN401 - argparse keeps the type private
    handler: Callable[[argparse.Namespace], int],
) -> None:
    """Add ``serve`` to the command line."""
    parser = subparsers.add_parser(
        "serve",
        help=_("open the pages of an engagement"),
        description=_(
            "Offers the list of steps, the notebooks and the dashboards of an engagement as pages"
            " on this machine until Ctrl-C ends it."
        ),
    )
    parser.add_argument("name", help=_("the engagement, for example sample"))
    parser.add_argument(
        "--port",
        type=int,
        default=ports.DEFAULT,
        help=_("port of the pages; {port} by default").format(port=ports.DEFAULT),
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help=_("address to listen on; any other than this machine's own asks for tokens"),
    )
    parser.add_argument("--no-browser", action="store_true", help=_("do not open a browser"))
    parser.add_argument(
        "--token",
        default=os.environ.get("PLAYBOOK_TOKEN", ""),
        help=_("token of the facilitator, also as PLAYBOOK_TOKEN; drawn when needed"),
    )
    parser.add_argument(
        "--reader-token",
        default=os.environ.get("PLAYBOOK_READER_TOKEN", ""),
        help=_("token of readers, who see the list and the dashboards; drawn when needed"),
    )
    parser.add_argument(
        "--preheat",
        choices=PREHEAT,
        default="dashboards",
        help=_("pages that wait ready; each takes some 200 MB of memory"),
    )
    parser.set_defaults(handler=handler)


def serve(
    arguments: argparse.Namespace,
    *,
    steps: Sequence[Step],
    notebooks: Path,
    versions: Callable[[Engagement, Reads], Reads],
) -> int:
    """Offer the pages until somebody stops the process.

    Raises:
        PlaybookError: The engagement is unknown, the port is in use, or the folder of the
            engagement cannot be written.
    """
    from playbook.engagement import Engagement

    engagement = Engagement.open(arguments.name)
    sockets = ports.take(arguments.host, arguments.port)
    from playbook.serve.access import tokens_for
    from playbook.serve.application import Pages, stop_on_signal

    site = Site(
        engagement=engagement,
        steps=steps,
        notebooks=notebooks,
        versions=versions,
        company=lambda: company_of(engagement),
        preheated=preheated(steps, arguments.preheat, lang=engagement.lang or language()),
    )
    tokens = tokens_for(arguments.host, facilitator=arguments.token, reader=arguments.reader_token)
    address = f"http://{shown_host(arguments.host)}:{sockets[0].getsockname()[1]}/"
    pages = Pages(
        site=site,
        sockets=sockets,
        host=arguments.host,
        tokens=tokens,
        on_ready=lambda: _tell(address, tokens, with_browser=not arguments.no_browser),
    )
    pages.initialize()
    stop_on_signal(pages)
    pages.start()
    return 0


def company_of(engagement: Engagement) -> str:
    """The company's name; the sample chain has one in every language."""
    from playbook.engagement.documents import in_readers_language

    company = engagement.company
    return (in_readers_language(company) if engagement.is_sample else company).name


def preheated(steps: Sequence[Step], choice: str, *, lang: str) -> tuple[str, ...]:
    """Addresses of the pages that wait ready, in the engagement's language."""
    chosen = [step for step in steps if choice == "all" or step.is_dashboard]
    return tuple(f"{lang}/{slug(step)}" for step in chosen) if choice != "none" else ()


def shown_host(host: str) -> str:
    """An address that a browser on this machine can open.

    Example:
        >>> shown_host("0.0.0.0"), shown_host("::1")
        ('127.0.0.1', '[::1]')
    """
    if host in ("", "0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _tell(address: str, tokens: Tokens, *, with_browser: bool) -> None:
    """Say where the pages are, and open them."""
    from rich.console import Console

    def tell(words: str) -> None:
        console.print(words, highlight=False, soft_wrap=True, markup=False)

    console = Console()
    facilitator = f"{address}?token={tokens.facilitator}" if tokens.facilitator else address
    if tokens.facilitator:
        tell(_("Facilitator: {address}").format(address=facilitator))
        tell(_("Readers: {address}").format(address=f"{address}?token={tokens.reader}"))
    else:
        tell(_("The pages are at {address}").format(address=address))
    tell(_("Ctrl-C ends them."))
    if with_browser and _has_screen():
        threading.Thread(target=_open, args=(facilitator,), daemon=True).start()


def _has_screen() -> bool:
    """Whether a browser has somewhere to appear; on a server it would take over the terminal."""
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
