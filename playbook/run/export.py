"""An executed notebook as one HTML page without code, that needs nothing else to be read."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from playbook.display.theme import CSS, PAGE_CSS

_REPEATED = f"<style>{CSS}</style>"


def to_html(executed: Path, *, language: str) -> str:
    """The page of an executed notebook: words, results and charts, no code, no scripts.

    Args:
        executed: The executed copy.
        language: Language of the page, for the reader's browser.
    """
    import nbformat
    from nbconvert import HTMLExporter

    notebook = nbformat.read(executed, as_version=4)
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    body, _resources = exporter.from_notebook_node(notebook)
    body = body.replace(_REPEATED, "")
    body = re.sub(r"<script\b.*?</script>", "", body, flags=re.DOTALL)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(_title(body, executed))}</title><style>{PAGE_CSS}{CSS}</style></head>"
        f'<body><main class="pb-page">{body}</main></body></html>\n'
    )


def _title(body: str, executed: Path) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", body, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else executed.stem
