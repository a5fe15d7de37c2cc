"""The sentences of a notebook: found, and put into the reader's language in a copy.

A message is one block of a markdown cell (blocks are separated by blank lines; fenced
code stays whole) or the comment of one parameter. Notebooks are plain nbformat 4
mappings here, so nothing heavy is imported.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

from playbook.text.catalogue import gettext, in_language

Notebook = dict[str, Any]

_PARAMETER = re.compile(
    r"^(?P<code>\w+\s*(?::[^=#]+)?=.*?)(?P<gap>\s+#\s*)(?P<words>[^#\[]*?)(?P<range>\s*\[[^\]]*\])?$"
)


def source_of(cell: dict[str, Any]) -> str:
    """The text of a cell, whether stored as one string or as lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def is_parameters(cell: dict[str, Any]) -> bool:
    """Whether this is the cell that papermill overrides."""
    return "parameters" in cell.get("metadata", {}).get("tags", [])


def blocks(markdown: str) -> list[str]:
    r"""The blocks of a markdown text, in order, without the blank lines between.

    Example:
        >>> blocks("# Why\n\nLand is finite.\nSo we look.\n")
        ['# Why', 'Land is finite.\nSo we look.']
    """
    found: list[list[str]] = [[]]
    is_fenced = False
    for line in markdown.splitlines():
        if line.lstrip().startswith("```"):
            is_fenced = not is_fenced
        if line.strip() or is_fenced:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["\n".join(block) for block in found if block]


def messages(notebook: Notebook) -> Iterator[tuple[str, int]]:
    """Every message of a notebook with the number of its cell, from 0."""
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "markdown":
            yield from ((block, number) for block in blocks(source_of(cell)) if _is_words(block))
        elif is_parameters(cell):
            found = map(_PARAMETER.match, source_of(cell).splitlines())
            yield from ((match["words"], number) for match in found if match and match["words"])


def _is_words(block: str) -> bool:
    """Whether a block has words at all once its tags are taken off."""
    return bool(re.search(r"[^\W\d_]", re.sub(r"<[^>]*>", "", block)))


def translated(notebook: Notebook, language: str) -> Notebook:
    """A copy of the notebook in ``language``; the notebook itself stays as it is."""
    result = copy.deepcopy(notebook)
    with in_language(language):
        for cell in result["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = "\n\n".join(
                    gettext(block) if _is_words(block) else block
                    for block in blocks(source_of(cell))
                )
            elif is_parameters(cell):
                lines = source_of(cell).splitlines()
                cell["source"] = "\n".join(_translated_line(line, gettext) for line in lines)
    return result


def _translated_line(line: str, translate: Callable[[str], str]) -> str:
    match = _PARAMETER.match(line)
    if not match or not match["words"]:
        return line
    return f"{match['code']}{match['gap']}{translate(match['words'])}{match['range'] or ''}"
