"""The message catalogues and the language in force."""

from __future__ import annotations

import gettext as stdlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from playbook.text.names import NAMES

LANGUAGES = ("en", "ru")
LOCALE_DIR = Path(__file__).parent / "locale"

# A kernel may run every cell in a context of its own: the choice for a process is plain state,
# only the choice for a `with` block is bound to the context.
_for_process: dict[str, str] = {}
_for_block: ContextVar[str | None] = ContextVar("language", default=None)


def _language_of_environment() -> str:
    """The language that the environment asks for, else English."""
    for variable in ("PLAYBOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "").lower()
        if value:
            return next((code for code in LANGUAGES if value.startswith(code)), "en")
    return "en"


def language() -> str:
    """The language in force: ``"en"`` or ``"ru"``."""
    return _for_block.get() or _for_process.get("language") or _language_of_environment()


def use_language(code: str) -> None:
    """Speak ``code`` from here on; an unknown code raises ``ValueError``."""
    if code not in LANGUAGES:
        raise ValueError(f"unknown language {code!r}; known are {', '.join(LANGUAGES)}")
    _for_process["language"] = code


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Speak ``code`` inside a ``with`` block."""
    token = _for_block.set(code if code in LANGUAGES else "en")
    try:
        yield
    finally:
        _for_block.reset(token)


@cache
def _catalogue(code: str) -> stdlib.NullTranslations:
    """The catalogue of a language; a stale or missing ``.mo`` is compiled in memory."""
    if code == "en":
        return stdlib.NullTranslations()
    po = LOCALE_DIR / code / "LC_MESSAGES" / "playbook.po"
    mo = po.with_suffix(".mo")
    if mo.exists() and (not po.exists() or mo.stat().st_mtime >= po.stat().st_mtime):
        with mo.open("rb") as stream:
            return stdlib.GNUTranslations(stream)
    if not po.exists():
        return stdlib.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with po.open("rb") as stream:
        write_mo(compiled, read_po(stream))
    compiled.seek(0)
    return stdlib.GNUTranslations(compiled)


def gettext(message: str) -> str:
    """Return ``message`` in the language in force; the empty string stays empty."""
    return _catalogue(language()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the form of a message that fits the count ``n``."""
    return _catalogue(language()).ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """Return ``message`` as it is said in ``context``."""
    return _catalogue(language()).pgettext(context, message) if message else ""


def name(value: str) -> str:
    """Return a name used by the sample chain (a region, a role) in the reader's language.

    A name that the sample does not have is a company's own and stays as it is.
    """
    return pgettext("sample", NAMES.get(value, value))
