"""An executed notebook as one HTML page without code, that needs nothing else to be read."""

from __future__ import annotations

import re
from pathlib import Path

from playbook.display.page import document
from playbook.display.theme import CSS

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
    return document(body, title=_title(body, executed), language=language)


def _title(body: str, executed: Path) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", body, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else executed.stem
