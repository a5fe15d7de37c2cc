"""A document as YAML that a person can fill in: every field explained, examples beside it."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from typing import Any, cast, get_args, get_origin

import yaml
from pydantic import BaseModel

from playbook.engagement.decisions import Decision, as_json
from playbook.engagement.documents import Document, Saved
from playbook.engagement.marked import PlainLoader
from playbook.text import gettext as _
from playbook.text.numbers import moment

WIDTH = 96
STEP = "  "
# no sign of YAML's own inside, no blank at the ends
PLAIN = re.compile(
    r"[^\W\d_](?:[\w./%+()«»„“”—–№₽$€…;!?' -]*[\w.%)»”₽$€…!?])?|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
PRINTABLE = re.compile(
    r"[\x20-\x7E\n\xA0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\U00010000-\U0010FFFF]*"
)


def document_as_text(stored: Saved[Any]) -> str:
    """A saved document as YAML, with comments in the reader's language."""
    cls = type(stored.document)
    saved = _("Saved last on {when} by {who}.").format(when=moment(stored.at), who=stored.who)
    fields = _fields(cls, stored.document.to_raw(), "", is_explained=True)
    return "\n".join([_header(cls, stored.sequence), f"# {saved}", "", *fields]) + "\n"


def form_as_text(cls: type[Document], example: Document | None = None) -> str:
    """A form for a document that nobody has filled in: an example, every line a comment.

    Args:
        cls: The kind of document.
        example: What stands in the form; by default a value of each field's type.
    """
    raw = example.to_raw() if example else _of_type(cls)
    advice = _("Not filled in yet. Take the # away, put your own values, and import this file.")
    lines = [_header(cls, 0), f"# {advice}", ""]
    for line in _fields(cls, raw, "", is_explained=True):
        lines += [f"#{line}" if line.startswith("#") else f"# {line}" for line in line.split("\n")]
    return "\n".join(lines) + "\n"


def _header(cls: type[Document], sequence: int) -> str:
    """The line that tells an import from which state a file was written."""
    return f"# playbook: kind={cls.kind} version={cls.version} saved={sequence}"


def decisions_as_text(decisions: Sequence[Decision]) -> str:
    """Decisions as a list in YAML; the fields of the first are explained."""
    items = [as_json(decision) for decision in decisions]
    return "\n".join(_items(items, [Decision], "", is_explained=True)) + "\n"


def _fields(
    cls: type[BaseModel], raw: dict[str, Any], indent: str, *, is_explained: bool
) -> Iterator[str]:
    """The fields of a model in their order."""
    for key, info in cls.model_fields.items():
        value = raw[key]
        if is_explained:
            words = info.description or ""
            yield from _comment(_(words), indent)
            if value in (None, [], {}):
                yield from _example(key, info, indent)
        yield from _entry(key, value, _models(info.annotation), indent, is_explained=is_explained)


def _entry(
    key: str,
    value: Any,  # noqa: ANN401 - any JSON
    models: list[type[BaseModel]],
    indent: str,
    *,
    is_explained: bool,
) -> Iterator[str]:
    """One key with its value, on one line or on many."""
    name = scalar(key)
    inline = _inline(value, indent)
    if inline is not None:
        yield f"{indent}{name}: {inline}"
        return
    yield f"{indent}{name}:"
    if isinstance(value, list):
        yield from _items(value, models, indent, is_explained=is_explained)
    else:
        yield from _group(value, models, indent + STEP, is_explained=is_explained)


def _items(
    items: list[Any], models: list[type[BaseModel]], indent: str, *, is_explained: bool
) -> Iterator[str]:
    """A list; only its first entry is explained."""
    for position, item in enumerate(items):
        inline = _inline(item, indent + STEP)
        if inline is not None:
            yield f"{indent}- {inline}"
            continue
        explained = is_explained and position == 0
        if isinstance(item, list):
            lines = list(_items(item, models, indent + STEP, is_explained=explained))
        else:
            lines = list(_group(item, models, indent + STEP, is_explained=explained))
        # comments may stand before the dash, the first key stands behind it
        first = next(i for i, line in enumerate(lines) if not line.lstrip().startswith("#"))
        yield from (indent + line[len(indent) + len(STEP) :] for line in lines[:first])
        yield f"{indent}- {lines[first].lstrip()}"
        yield from lines[first + 1 :]


def _group(
    raw: dict[str, Any], models: list[type[BaseModel]], indent: str, *, is_explained: bool
) -> Iterator[str]:
    """A part of a document, or a mapping."""
    model = next((m for m in models if set(m.model_fields) == set(raw)), None)
    if model:
        yield from _fields(model, raw, indent, is_explained=is_explained)
        return
    for position, (key, value) in enumerate(raw.items()):
        yield from _entry(key, value, models, indent, is_explained=is_explained and position == 0)


def _inline(value: Any, indent: str) -> str | None:  # noqa: ANN401 - any JSON
    """A value that fits on the line of its key, or nothing."""
    if isinstance(value, str) and "\n" in value:
        return _block(value, indent + STEP)
    if isinstance(value, dict):
        return None if value else "{}"
    if not isinstance(value, list):
        return scalar(value)
    if all(isinstance(item, (int, float)) for item in value):
        return "[" + ", ".join(map(scalar, value)) + "]"
    return None


def _block(text: str, indent: str) -> str:
    """Text of several lines as a block, or quoted where a block would change it."""
    lines = text.split("\n")
    is_exact = PRINTABLE.fullmatch(text) and not text[0].isspace() and text[-1] != "\n"
    if not is_exact or any(line != line.rstrip() for line in lines):
        return scalar(text)
    return "\n".join(["|-", *(indent + line if line else "" for line in lines)])


def scalar(value: Any) -> str:  # noqa: ANN401 - text, number, truth or nothing
    """One value as YAML; text is quoted only where it could be taken for something else."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if not isinstance(value, str):
        return json.dumps(value)
    if PLAIN.fullmatch(value) and len(value) <= WIDTH and _is_text(value):
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(c if PRINTABLE.fullmatch(c) else f"\\u{ord(c):04x}" for c in quoted)


def _is_text(value: str) -> bool:
    """Whether this YAML and the common older one take a plain word for text."""
    kinds = (
        cast(Any, loader("")).resolve(yaml.ScalarNode, value, (True, False))
        for loader in (PlainLoader, yaml.SafeLoader)
    )
    return all(kind.endswith((":str", ":timestamp")) for kind in kinds)


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(text, WIDTH - len(indent)):
        yield f"{indent}# {line}"


def _example(key: str, info: Any, indent: str) -> Iterator[str]:  # noqa: ANN401 - pydantic's FieldInfo
    """How an empty field may look, as a comment."""
    value = _sample(info)
    if value in (None, [], {}):
        return
    yield from _comment(_("for example:"), indent)
    for line in _entry(key, value, _models(info.annotation), indent, is_explained=False):
        yield f"{indent}# {line[len(indent) :]}"


def _sample(info: Any) -> Any:  # noqa: ANN401 - pydantic's FieldInfo
    """An example value: the one that is given, the default, else one of its type."""
    if info.examples:
        return json.loads(json.dumps(info.examples[0], default=str))
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    if default not in (None, "", (), [], {}):
        return json.loads(json.dumps(default, default=_plain))
    return _of_type(info.annotation)


def _plain(value: Any) -> Any:  # noqa: ANN401
    return value.to_raw() if hasattr(value, "to_raw") else str(value)


def _of_type(annotation: Any) -> Any:  # noqa: ANN401 - any type expression
    """A value of a type, as a form would show it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {key: _sample(info) for key, info in annotation.model_fields.items()}
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation)).value
    arguments = [a for a in get_args(annotation) if a is not type(None) and a is not Ellipsis]
    if get_origin(annotation) in (list, tuple, set, frozenset):
        return [_of_type(arguments[0])] if arguments else []
    if get_origin(annotation) is dict:
        return {"…": _of_type(arguments[1])} if len(arguments) == 2 else {}
    simple = {str: "…", int: 1, float: 0.5, bool: True, date: "2026-03-01"}
    if annotation in simple:
        return simple[annotation]
    if arguments and isinstance(arguments[0], str):
        return arguments[0]
    return _of_type(arguments[0]) if arguments else "…"


def _models(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - any type expression
    """The models that a type mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]
