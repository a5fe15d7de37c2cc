"""What a page will look for, found in its text before it runs, and what of it is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from playbook.data.tables import Tables
from playbook.engagement.documents import Document, kinds, load_chapters, of_kind
from playbook.serve.site import Site, Step
from playbook.text import gettext as _
from playbook.text.notebooks import source_of

_DOCUMENT = re.compile(r"\.document\(\s*(\w+)\s*\)")
_TABLE = re.compile(r"\.table\(\s*['\"](\w+)['\"]")


def missing_inputs(site: Site, step: Step) -> Iterator[str]:
    """One line for everything a page needs that is not there, with what to do about it."""
    path = site.notebooks / step.notebook
    if not path.exists():
        return
    documents, tables = asked_for(path, path.stat().st_mtime_ns)
    name = site.engagement.name
    if tables and not all(map(_tables_of(site).has, tables)):
        words = _("No data yet. Bring them in with: playbook import {name} FILE")
        yield words.format(name=name)
    for kind in _kinds_of(documents):
        if site.engagement.documents.latest(kind) is None:
            words = _(
                "The input “{kind}” is not filled in: playbook inputs export {name} inputs,"
                " fill in {kind}.yaml, then playbook inputs import {name} inputs"
            )
            yield words.format(kind=kind.kind, name=name)


@lru_cache(maxsize=64)
def asked_for(path: Path, _changed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the document classes and of the tables in the code of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = "\n".join(source_of(cell) for cell in cells if cell["cell_type"] == "code")
    return tuple(dict.fromkeys(_DOCUMENT.findall(code))), tuple(dict.fromkeys(_TABLE.findall(code)))


def _kinds_of(names: tuple[str, ...]) -> Iterator[type[Document]]:
    """The document classes of these names."""
    if not names:
        return
    load_chapters()
    known = {cls.__name__: cls for kind in kinds() if (cls := of_kind(kind))}
    yield from (known[name] for name in names if name in known)


def _tables_of(site: Site) -> Tables:
    return Tables.of(site.engagement)
