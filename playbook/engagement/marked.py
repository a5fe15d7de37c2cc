"""YAML into values, with the line and column of every field.

The rules are those that people expect of a form: ``no`` is a word, ``12:30`` is a time
of day, ``2026-03-01`` stays text until the document says that it wants a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from playbook.engagement.complaints import Location, shown_location
from playbook.text import gettext as _

INT = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+")
BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
NULL = re.compile(r"~|null|Null|NULL|")
TAG = "tag:yaml.org,2002:"


class PlainLoader(yaml.SafeLoader):
    """Knows numbers, true and false, and nothing; all else is text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way


for _name, _pattern in (("bool", BOOL), ("int", INT), ("float", FLOAT), ("null", NULL)):
    PlainLoader.add_implicit_resolver(TAG + _name, re.compile(f"(?:{_pattern.pattern})$"), None)


@dataclass(frozen=True)
class Place:
    """Line and column in a file, both from 1."""

    line: int
    column: int


@dataclass
class Marked:
    """A file that was read.

    Attributes:
        value: What it holds, nothing for an empty file; the keys of groups are text.
        problems: What is wrong with it as YAML: place and sentence.
    """

    value: Any = None
    problems: list[tuple[Place, str]] = field(default_factory=list)
    _values: dict[Location, Place] = field(default_factory=dict)
    _keys: dict[Location, Place] = field(default_factory=dict)

    def place(self, location: Location, *, is_key: bool = False) -> Place:
        """Where a field stands, or the nearest thing that holds it."""
        first, second = (self._keys, self._values) if is_key else (self._values, self._keys)
        for length in range(len(location), -1, -1):
            prefix = location[:length]
            if prefix in first or prefix in second:
                return first.get(prefix) or second[prefix]
        return Place(1, 1)


def parse(text: str) -> Marked:
    """Read one YAML document; what is wrong with it stands in ``problems``."""
    marked = Marked()
    try:
        node = yaml.compose(text, Loader=PlainLoader)
    except yaml.MarkedYAMLError as error:
        marked.problems.append(_broken(error))
    except yaml.YAMLError as error:
        marked.problems.append(
            (_place_of_character(text, error), _("holds a character that is not text"))
        )
    else:
        marked.value = None if node is None else _build(node, (), marked, ())
    return marked


def _place_of_character(text: str, error: yaml.YAMLError) -> Place:
    before = text[: getattr(error, "position", 0)]
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _broken(error: yaml.MarkedYAMLError) -> tuple[Place, str]:
    """Where the file stops to be YAML, and what to look for there."""
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    begun = error.context_mark
    if begun and mark and begun.line < mark.line:
        words = _(
            "is not YAML; look at what begins in line {line}: a quote, a bracket or an indent"
        )
        return place, words.format(line=begun.line + 1)
    return place, _("is not YAML; look for a missing quote, bracket, colon or indent")


def _build(node: yaml.Node, location: Location, marked: Marked, above: tuple[int, ...]) -> Any:  # noqa: ANN401
    """The value of a node, noting its place and those of all inside."""
    marked._values[location] = _place(node)
    if id(node) in above:
        marked.problems.append((_place(node), _("refers to itself")))
        return None
    inside = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, location, marked, inside)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*location, i), marked, inside) for i, item in enumerate(node.value)]
    return _scalar(node, marked)


def _mapping(
    node: yaml.MappingNode, location: Location, marked: Marked, inside: tuple[int, ...]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, item in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else str(key.tag)
        here = (*location, name)
        if name in values:
            told = _("{field} stands here twice").format(field=shown_location(here))
            marked.problems.append((_place(key), told))
        marked._keys[here] = _place(key)
        values[name] = _build(item, here, marked, inside)
    return values


def _scalar(node: yaml.Node, marked: Marked) -> Any:  # noqa: ANN401
    kind, text = node.tag.removeprefix(TAG), node.value
    match kind:
        case "int":
            return int(text)
        case "float":
            return float(text)
        case "bool":
            return text.lower() == "true"
        case "null":
            return None
        case "str":
            return text
        case _:
            told = _("the mark {tag} is not known").format(tag=node.tag)
            marked.problems.append((_place(node), told))
            return text


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)
