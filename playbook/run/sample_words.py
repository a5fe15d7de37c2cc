"""The sentences of the sample chain's inputs, which exist in every language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from playbook.engagement.decisions import Decision
from playbook.engagement.documents import Part, is_prose, of_kind
from playbook.engagement.exchange import DECISIONS
from playbook.run import places
from playbook.run.catalogue import load_documents


def words_of_sample() -> Iterator[tuple[str, str]]:
    """Every sentence and the file it stands in, in the order of files and fields."""
    load_documents()
    for path in sorted((places.sample() / "inputs").glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        place = f"data/sample/inputs/{path.name}"
        for part in _parts(path.stem, raw):
            yield from ((words, place) for words in _words(part))


def words_of_issues() -> Iterator[tuple[str, str]]:
    """The issue log of the sample's pilot: what happened, and the role that answers for it."""
    import pandas as pd

    path = places.sample() / "issues.parquet"
    log = pd.read_parquet(path, columns=["text", "owner"])
    for words in dict.fromkeys([*log["text"], *log["owner"]]):
        yield str(words), f"data/sample/{path.name}"


def _parts(kind: str, raw: Any) -> list[Part]:  # noqa: ANN401 - whatever the file holds
    """The document of a file, or the decisions in it."""
    if kind == DECISIONS:
        return [Decision.model_validate(one) for one in raw]
    known = of_kind(kind)
    return [known.from_raw(raw, version=known.version)] if known else []


def _words(part: Part) -> Iterator[str]:
    for key, info in type(part).model_fields.items():
        yield from _inside(getattr(part, key), is_words=is_prose(info))


def _inside(value: Any, *, is_words: bool) -> Iterator[str]:  # noqa: ANN401 - any field value
    match value:
        case Part():
            yield from _words(value)
        case str() if is_words and value:
            yield value
        case list() | tuple():
            for item in value:
                yield from _inside(item, is_words=is_words)
        case dict():
            for item in value.values():
                yield from _inside(item, is_words=is_words)
        case _:
            return
