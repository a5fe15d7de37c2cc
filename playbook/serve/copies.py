"""The copies of the notebooks that the pages run: parameters set, words translated."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from playbook.engagement.disk import explained
from playbook.serve.frame import asset, header
from playbook.serve.freshness import Freshness
from playbook.serve.site import Site, Step, slug
from playbook.text import LANGUAGES, in_language
from playbook.text import gettext as _
from playbook.text.catalogue import LOCALE_DIR
from playbook.text.notebooks import Notebook, is_parameters, source_of, translated

_HEADING = re.compile(r"^#\s+(.+)$", flags=re.MULTILINE)


class Copies:
    """Keeps ``pages/<lang>/<slug>.ipynb`` in step with the notebooks and their translation.

    Args:
        site: Whose pages they are.
        freshness: Says whether the company's name may have changed.
    """

    def __init__(self, site: Site, freshness: Freshness) -> None:
        self.site = site
        self.freshness = freshness
        self._known: dict[tuple[str, str], tuple[Any, ...]] = {}
        self._companies: tuple[int, dict[str, str]] = (-1, {})

    def refresh(self) -> set[str]:
        """Write every copy that is missing or out of date; their addresses (``ru/executive``).

        Raises:
            PlaybookError: The folder of the engagement cannot be written.
        """
        with explained(self.site.folder.parent):
            self.site.folder.mkdir(exist_ok=True)
        return {
            f"{lang}/{slug(step)}"
            for step in self.site.steps
            for lang in LANGUAGES
            if self.refresh_one(step, lang)
        }

    def refresh_one(self, step: Step, lang: str) -> bool:
        """Write one copy if it is missing or out of date; whether it was written."""
        target = self.path(step, lang)
        source = self.site.notebooks / step.notebook
        if not source.exists():
            return False
        seen = (self._company(lang), *_traces(source, lang))
        if self._known.get((step.id, lang)) == seen and target.exists():
            return False
        notebook = json.loads(source.read_text(encoding="utf-8"))
        is_new = _write(target, prepared(notebook, step=step, site=self.site, lang=lang))
        self._known[step.id, lang] = seen
        return is_new

    def _company(self, lang: str) -> str:
        """The company's name in a language, looked up again after a change of the record."""
        version = self.freshness.version()
        if self._companies[0] != version:
            names = {}
            for code in LANGUAGES:
                with in_language(code):
                    names[code] = self.site.company()
            self._companies = (version, names)
        return self._companies[1][lang]

    def title(self, step: Step, lang: str) -> str:
        """The question that a page answers, from its copy."""
        path = self.path(step, lang)
        if not path.exists():
            return ""
        copied = json.loads(path.read_text(encoding="utf-8"))
        return str(copied["metadata"]["playbook"]["title"])

    def path(self, step: Step, lang: str) -> Path:
        """Where a copy lies."""
        return self.site.folder / lang / f"{slug(step)}.ipynb"


def _traces(source: Path, lang: str) -> tuple[Any, ...]:
    """What changes when a notebook or its catalogue is edited."""
    catalogue = LOCALE_DIR / lang / "LC_MESSAGES"
    files = (source, catalogue / "playbook.po", catalogue / "playbook.mo")
    return tuple((f.stat().st_mtime_ns, f.stat().st_size) if f.exists() else None for f in files)


def prepared(notebook: Notebook, *, step: Step, site: Site, lang: str) -> Notebook:
    """A copy of a notebook as its page runs it; the notebook itself stays as it is."""
    result = translated(copy.deepcopy(notebook), lang)
    for cell in result["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    values = {"engagement": site.engagement.name, "lang": lang}
    result["cells"] = list(_with_values(result["cells"], values))
    with in_language(lang):
        facts = _facts(result, step=step, site=site, lang=lang)
    metadata = {key: result["metadata"].get(key) for key in ("kernelspec", "language_info")}
    result["metadata"] = {k: v for k, v in metadata.items() if v} | {"playbook": facts}
    return result


def _with_values(cells: list[Any], values: Mapping[str, str]) -> Iterator[Any]:
    """The cells with one more after the parameters, as papermill puts it in."""
    for cell in cells:
        yield cell
        if is_parameters(cell):
            names = re.findall(r"^(\w+)\s*[:=]", source_of(cell), flags=re.MULTILINE)
            lines = [f"{key} = {value!r}" for key, value in values.items() if key in names]
            yield {
                "cell_type": "code",
                "id": "injected-parameters",
                "metadata": {"tags": ["injected-parameters"]},
                "source": "\n".join(["# Parameters", *lines]),
                "outputs": [],
                "execution_count": None,
            }


def _facts(notebook: Notebook, *, step: Step, site: Site, lang: str) -> dict[str, str]:
    """What the template of a page needs beside the cells, in the language in force."""
    return {
        "lang": lang,
        "title": title_of(notebook) or step.title,
        "company": site.company(),
        "header": header(site, lang=lang, slug=slug(step)),
        "style": asset("page.css"),
        "script": asset("page.js"),
        "mark": asset("mark.svg"),
        "starting": _("Working it out."),
        "working": _("Working it out: {n} of {all}"),
    }


def title_of(notebook: Notebook) -> str:
    """The first heading of a notebook, without its markup; empty when it has none."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and (found := _HEADING.search(source_of(cell))):
            return re.sub(r"[*_`]", "", found[1]).strip()
    return ""


def _write(target: Path, notebook: Notebook) -> bool:
    """Put a copy in place as a whole; whether it differs from what was there."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    with explained(target.parent.parent):
        if target.exists() and target.read_text(encoding="utf-8") == text:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    return True
