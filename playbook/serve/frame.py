"""What stands around a page: its head, its style and scripts, our own templates."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.display.theme import CSS, DARK, LIGHT, PAGE_CSS
from playbook.text import LANGUAGES, ngettext, numbers
from playbook.text import gettext as _

if TYPE_CHECKING:
    from jinja2 import Environment

    from playbook.serve.site import Site

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
NAMES = {"en": "EN", "ru": "RU"}


@cache
def environment() -> Environment:
    """The templates of the pages that need no kernel; everything is escaped."""
    from jinja2 import Environment, FileSystemLoader

    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(_=_, ngettext=ngettext, numbers=numbers, asset=asset)
    return found


def render(template: str, **facts: Any) -> str:  # noqa: ANN401 - whatever a template shows
    """A page in the language in force."""
    return environment().get_template(template).render(**facts)


def header(site: Site, *, lang: str, slug: str = "") -> str:
    """The head of a page: whose it is, the way back, the other language."""
    languages = [(NAMES[code], f"/{code}/{slug}", code) for code in LANGUAGES]
    return render("header.html", company=site.company(), lang=lang, languages=languages, slug=slug)


@cache
def assets() -> dict[str, bytes]:
    """Every file that pages load from us, by its name."""
    files = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.is_file()}
    return files | {"page.css": style().encode() + files["page.css"]}


def style() -> str:
    """The style of the product, and the theme that a reader asked for by name."""
    chosen = f":root[data-theme=light] {{ color-scheme: light; {LIGHT} }}\n"
    chosen += f":root[data-theme=dark] {{ color-scheme: dark; {DARK} }}\n"
    return f"{PAGE_CSS}{CSS}@media screen {{ {chosen} }}\n"


@cache
def asset(name: str) -> str:
    """The address of a file of ours; it changes with its content."""
    return f"/assets/{name}?v={hashlib.sha256(assets()[name]).hexdigest()[:12]}"
