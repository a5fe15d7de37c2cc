"""The message catalogues: every sentence collected, and a check that none is untranslated.

``python -m playbook.run.languages`` collects the messages of the package, of the
notebooks and of the sample chain's inputs into ``playbook.po`` of every language;
``--check`` changes nothing and lists what is missing.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.run import places
from playbook.text import LANGUAGES
from playbook.text.catalogue import LOCALE_DIR
from playbook.text.names import NAMES
from playbook.text.notebooks import messages

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# Lines of the header that change with the day or name nobody.
_CHANGING = ('"POT-', '"PO-', '"Generated', '"Project-Id', '"Report-', '"Last-T', '"Language-Team')
_FIELD = re.compile(r"\{(\w*)[^{}]*\}")


def collect() -> Catalog:
    """Every message of the product, without translations."""
    from babel.messages.catalog import Catalog

    catalog = Catalog(project="playbook", charset="utf-8", fuzzy=False)
    for message, place, context in (
        *_of_package(),
        *_of_documents(),
        *_of_notebooks(),
        *_of_sample(),
    ):
        catalog.add(message, locations=[(place, 1)], context=context)
    return catalog


def _of_package() -> Iterator[tuple[Any, str, str | None]]:
    from babel.messages.extract import extract_from_dir

    root = Path(__file__).parents[1]
    found = extract_from_dir(root, method_map=[("**.py", "python")], keywords=KEYWORDS)
    for path, _line, message, _comments, context in sorted(found, key=lambda f: (f[0], f[1])):
        yield message, f"playbook/{path}", context
    for path in sorted(root.rglob("*.html")):
        for words in re.findall(r"_\(['\"](.+?)['\"]\)", path.read_text(encoding="utf-8")):
            yield words, f"playbook/{path.relative_to(root)}", None


def _of_documents() -> Iterator[tuple[str, str, None]]:
    """What the fields of the inputs say about themselves in an export."""
    from playbook.engagement.documents import descriptions

    for words, place in descriptions():
        yield words, place, None


def _of_notebooks() -> Iterator[tuple[str, str, None]]:
    folder = places.notebooks()
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for message, _cell in messages(notebook):
            yield message, f"notebooks/{path.relative_to(folder)}", None


def _of_sample() -> Iterator[tuple[str, str, str]]:
    """The ``Words`` of the sample chain's documents, and its names."""
    from playbook.run.sample_words import words_of_issues, words_of_sample

    for label in NAMES.values():
        yield label, "playbook/text/names.py", "sample"
    for message, place in (*words_of_sample(), *words_of_issues()):
        yield message, place, "sample"


def path_of(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALE_DIR / language / "LC_MESSAGES" / "playbook.po"


def merged(language: str) -> Catalog:
    """All messages with the translations that are there; obsolete ones are dropped."""
    from babel.messages.pofile import read_po

    catalog = collect()
    catalog.locale = language
    path = path_of(language)
    if path.exists():
        with path.open("rb") as stream:
            known = read_po(stream, locale=language)
        for message in catalog:
            old = known.get(message.id, message.context) if message.id else None
            if old is not None and not old.fuzzy:
                message.string = old.string
    return catalog


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalogue in a form that a review can read: sorted by place, no dates."""
    from babel.messages.pofile import write_po

    target = io.BytesIO()
    write_po(target, catalog, sort_by_file=True, omit_header=False, width=100, include_lineno=False)
    text = target.getvalue().decode()
    text = text[text.index('msgid ""') :]
    kept = (line for line in text.splitlines(keepends=True) if not line.startswith(_CHANGING))
    text = "".join(kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def problems(language: str) -> list[str]:
    """Messages without a translation, or whose translation lost or invented a field."""
    return [problem for message in merged(language) if (problem := _problem(message))]


def _problem(message: Message) -> str:
    if not message.id:
        return ""
    sources = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    place = message.locations[0][0] if message.locations else ""
    if not all(strings):
        return f"{place}: no translation: {sources[0]!r}"
    wanted = set().union(*(set(_FIELD.findall(source)) for source in sources))
    for string in strings:
        found = set(_FIELD.findall(str(string)))
        if found - wanted or (len(sources) == 1 and wanted - found):
            return f"{place}: fields differ: {sources[0]!r} -> {string!r}"
    return ""


def hidden() -> Iterator[str]:
    """Messages inside an f-string, where the collection does not see them on every Python."""
    root = Path(__file__).parents[1]
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and any(map(_is_look_up, ast.walk(node))):
                place = f"playbook/{path.relative_to(root)}:{node.lineno}"
                yield f"{place}: look the words up before the f-string"


def _is_look_up(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
    )


def main() -> int:
    """Collect the messages, or with ``--check`` list what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    only_check = parser.parse_args().check
    unseen = list(hidden())
    sys.stdout.write("".join(f"{line}\n" for line in unseen))
    found = len(unseen)
    for language in LANGUAGES[1:]:
        if not only_check:
            write(merged(language), path_of(language))
        listed = problems(language)
        found += len(listed)
        sys.stdout.write("".join(f"{language}: {line}\n" for line in listed))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
