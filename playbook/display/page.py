"""A page that needs nothing else to be read: no script, no picture and no font from elsewhere."""

from __future__ import annotations

from html import escape

from playbook.display.theme import CSS, PAGE_CSS


def document(body: str, *, title: str, language: str, css: str = "") -> str:
    """Wrap the markup of a page.

    Args:
        body: What is inside ``<main>``.
        title: Title of the window.
        language: Language of the page, for the reader's browser.
        css: Styles of this page alone.
    """
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{PAGE_CSS}{CSS}{css}</style></head>"
        f'<body><main class="pb-page">{body}</main></body></html>\n'
    )
