"""The pages that need no kernel: index, executed copies, health, entry, errors."""

from __future__ import annotations

import asyncio
import mimetypes
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError

from playbook.errors import PlaybookError
from playbook.serve import frame
from playbook.serve.access import Access
from playbook.serve.overview import copy_of, overview
from playbook.serve.site import Site
from playbook.text import LANGUAGES, in_language
from playbook.text import gettext as _

LANGUAGE_COOKIE = "playbook-lang"
_OWN_PAGE = re.compile(r"/(en|ru)/\w*")
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'self'",
    ]
)

COPY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

F = TypeVar("F", bound=Callable[..., Any])


def open_to_all(method: F) -> F:
    """Mark a method that asks for no token; jupyter-server asks for one on all others."""
    return cast(F, allow_unauthenticated(method))


def preferred(header: str) -> str:
    """The language of ours that a browser asks for most, English where it asks for none.

    Example:
        >>> preferred("de, ru;q=0.8, en;q=0.5")
        'ru'
    """
    asked = []
    for part in header.split(","):
        tag, _semicolon, weight = part.strip().partition(";q=")
        try:
            asked.append((float(weight or 1), tag[:2].lower()))
        except ValueError:
            continue
    ours = [entry for entry in asked if entry[1] in LANGUAGES and entry[0] > 0]
    return max(ours, key=lambda entry: entry[0])[1] if ours else LANGUAGES[0]


class Spoken(JupyterHandler):  # type: ignore[misc]  # jupyter-server has no types here
    """A page in the language of its address, else of the reader."""

    @property
    def site(self) -> Site:
        """What is served."""
        site: Site = self.settings["playbook_site"]
        return site

    @property
    def content_security_policy(self) -> str:
        """The browser itself refuses whatever would come from another host."""
        return POLICY

    @property
    def lang(self) -> str:
        """Language of the address, else as chosen before, else the engagement's or browser's."""
        named = str(self.path_kwargs.get("lang") or "")
        if named in LANGUAGES:
            return named
        chosen = self.get_cookie(LANGUAGE_COOKIE, "")
        if chosen in LANGUAGES:
            return str(chosen)
        return self.site.lang or preferred(self.request.headers.get("Accept-Language", ""))

    @property
    def is_facilitator(self) -> bool:
        """Whether forms and notebooks are open to this reader."""
        provider = self.identity_provider
        return not isinstance(provider, Access) or provider.role(self) == "facilitator"

    def remember_language(self) -> None:
        """Keep the language of the address for the next visit."""
        if self.get_cookie(LANGUAGE_COOKIE) != self.lang:
            self.set_cookie(LANGUAGE_COOKIE, self.lang, expires_days=365, samesite="Lax", path="/")

    def show(self, template: str, **facts: Any) -> None:  # noqa: ANN401 - whatever a template shows
        """Answer with a page of ours in the reader's language."""
        lang = self.lang if self.lang in LANGUAGES else LANGUAGES[0]
        with in_language(lang):
            slug = str(self.path_kwargs.get("slug") or "")
            head = frame.header(
                self.site, lang=lang, slug=slug if slug in self.site.by_slug else ""
            )
            page = frame.render(template, lang=lang, header=head, **facts)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(page)

    def tell(self, status: int, title: Callable[[], str], advice: Callable[[], str]) -> None:
        """Answer with one sentence and what to do; the words are looked up in the language."""
        self.set_status(status)
        with in_language(self.lang):
            said, what_to_do = title(), advice()
        self.show("message.html", title=said, advice=what_to_do, problems=())

    def without_token(self) -> bool:
        """Take a token out of the address once the cookie has it; whether it was there."""
        if "token" not in self.request.query_arguments or self.current_user is None:
            return False
        kept = [
            (key, value.decode())
            for key, values in self.request.query_arguments.items()
            for value in values
            if key != "token"
        ]
        self.redirect(self.request.path + (f"?{urlencode(kept)}" if kept else ""))
        return True

    def get_login_url(self) -> str:
        """Where somebody without a token is sent."""
        return "/enter"

    def write_error(self, status_code: int, **details: Any) -> None:  # noqa: ANN401 - tornado's signature
        """An error in the reader's language; never a traceback."""
        error = (details.get("exc_info") or (None, None))[1]
        if isinstance(error, PlaybookError):
            self.show(
                "message.html", title=error.summary, advice=error.advice, problems=error.problems
            )
            return
        match status_code:
            case HTTPStatus.NOT_FOUND:
                self.tell(404, lambda: _("There is no such page."), _back_to_index)
            case HTTPStatus.FORBIDDEN:
                self.tell(403, lambda: _("This page is not open to you."), _back_to_index)
            case _other if status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                self.tell(status_code, lambda: _("This cannot be done."), _back_to_index)
            case _:
                self.tell(
                    status_code,
                    lambda: _(
                        "The page could not be made. The fault is the playbook's, not yours."
                    ),
                    lambda: _("The log of the server names the place. Nothing was lost."),
                )


def _back_to_index() -> str:
    return _("Go back to the list of steps and choose one there.")


class Missing(Spoken):
    """Any address that nobody knows."""

    @open_to_all
    async def get(self, *_parts: str, **_named: str) -> None:
        """Say that there is no such page."""
        raise HTTPError(404)

    post = put = delete = patch = head = get


class Start(Spoken):
    """The bare address: on to the index in the reader's language."""

    def get(self) -> None:
        """Send the reader on; a token has been kept in a cookie by now."""
        self.redirect(f"/{self.lang}/")


class Index(Spoken):
    """Where the engagement stands, step by step; works without any kernel."""

    async def get(self, lang: str) -> None:
        """Show the index; what it reads from the disk does not hold up the other pages."""
        if self.without_token():
            return
        self.remember_language()
        self.settings["playbook_pools"].expect(lang)
        copies = self.settings["playbook_copies"]
        told = await asyncio.to_thread(
            overview, self.site, lang=lang, title_of=lambda step: copies.title(step, lang)
        )
        self.show("index.html", overview=told, is_facilitator=self.is_facilitator)


class Copy(Spoken):
    """The last executed copy of a step: plain HTML, nothing runs."""

    def get(self, lang: str, slug: str) -> None:
        """Show the copy, or say that there is none yet."""
        found = copy_of(self.site, slug, lang=lang)
        if found is None:
            raise HTTPError(404)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        # An executed copy carries no script; should one ever get in, it is not run.
        self.set_header("Content-Security-Policy", COPY_POLICY)
        self.finish(found.read_bytes())


class Asset(Spoken):
    """Our own style, script and mark."""

    @open_to_all
    def get(self, name: str) -> None:
        """Send a file; its address changes with its content, so it may be kept."""
        content = frame.assets().get(name)
        if content is None:
            raise HTTPError(404)
        self.set_header("Content-Type", mimetypes.guess_type(name)[0] or "text/plain")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.finish(content)


class Health(Spoken):
    """For whoever watches over the server."""

    @open_to_all
    def get(self) -> None:
        """Say that the server is alive and how many kernels it holds."""
        kernels, ready = len(self.kernel_manager.list_kernel_ids()), self.settings["playbook_ready"]
        self.finish({"status": "ok", "kernels": kernels, "ready": ready()})


class Alive(Spoken):
    """Whether the kernel behind an open page is still there."""

    def get(self, kernel_id: str) -> None:
        """Answer the question of a page that was asleep."""
        self.finish({"alive": kernel_id in self.kernel_manager})


class Leave(Spoken):
    """A page was left: its kernel ends."""

    def check_xsrf_cookie(self) -> None:
        """A browser that leaves a page cannot send the cookie's twin; the id is the secret."""

    async def post(self, kernel_id: str) -> None:
        """End the kernel; a page says so more than once when it is left."""
        if kernel_id in self.kernel_manager:
            await self.kernel_manager.shutdown_kernel(kernel_id, now=True)
        self.set_status(204)
        self.finish()


class Enter(Spoken):
    """Where somebody without a token is asked for it."""

    @open_to_all
    def get(self) -> None:
        """Ask for the token."""
        self._go_on_or_ask(was_wrong=False)

    @open_to_all
    def post(self) -> None:
        """Take the token from the form; the identity provider has looked at it already."""
        self._go_on_or_ask(was_wrong=True)

    def _go_on_or_ask(self, *, was_wrong: bool) -> None:
        wanted = self.get_query_argument("next", "").partition("?")[0]
        goal = wanted if _OWN_PAGE.fullmatch(wanted) else f"/{self.lang}/"
        if self.current_user is not None:
            self.redirect(goal)
            return
        self.set_status(401)
        self.show("enter.html", was_wrong=was_wrong, goal=goal, form=self.xsrf_form_html())
