"""Typed inputs: what people fill in, with a version, validated at the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

from playbook.text import name


class Prose:
    """Marks a field that people read: the sample chain has it in every language."""


Words = Annotated[str, Prose()]


class Part(BaseModel):
    """A piece of a document, such as one goal or one store of a list."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Document(Part):
    """Base of the inputs of a chapter.

    A subclass names its ``kind`` (the file name in an export), its ``version``,
    and for every older version a pure function that lifts the raw mapping by one.
    Importing the subclass makes it known to ``of_kind``.

    Example:
        >>> class Weather(Document):
        ...     kind: ClassVar[str] = "weather"
        ...     version: ClassVar[int] = 2
        ...     upcasters: ClassVar[Upcasters] = {1: lambda raw: {"sky": raw["heaven"]}}
        ...     sky: Words
        >>> Weather.from_raw({"heaven": "blue"}, version=1).sky
        'blue'
    """

    kind: ClassVar[str] = ""
    version: ClassVar[int] = 1
    upcasters: ClassVar[dict[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Make the kind known."""
        super().__pydantic_init_subclass__(**kwargs)
        if cls.kind:
            _KINDS[cls.kind] = cls

    @classmethod
    def from_raw(cls, raw: dict[str, Any], *, version: int) -> Any:  # noqa: ANN401 - typing.Self fails with pydantic's ClassVar
        """Read a stored mapping of any version; raises ``pydantic.ValidationError``."""
        for older in range(version, cls.version):
            raw = cls.upcasters[older](raw)
        return cls.model_validate(raw)


Upcasters = dict[int, Callable[[dict[str, Any]], dict[str, Any]]]
_KINDS: dict[str, type[Document]] = {}


def of_kind(kind: str) -> type[Document] | None:
    """The document class of a kind, if its chapter has been imported."""
    return _KINDS.get(kind)


def kinds() -> list[str]:
    """Every kind known so far, in the order of the alphabet."""
    return sorted(_KINDS)


P = TypeVar("P", bound=Part)


def in_readers_language(part: P) -> P:
    """The same document with every ``Words`` field in the reader's language.

    Only sentences of the sample chain have a translation; a company's own words
    stay as they were written.
    """
    changed = {
        key: _translated(getattr(part, key), is_prose=_is_prose(info))
        for key, info in type(part).model_fields.items()
    }
    return part.model_copy(update=changed)


def _is_prose(info: Any) -> bool:  # noqa: ANN401 - pydantic's FieldInfo, with or without nesting
    """Whether a field, or what its list or mapping holds, is marked as ``Words``."""
    return any(isinstance(mark, Prose) for mark in info.metadata) or _mentions_prose(
        info.annotation
    )


def _mentions_prose(annotation: Any) -> bool:  # noqa: ANN401 - any type expression
    marks = getattr(annotation, "__metadata__", ())
    inner = getattr(annotation, "__args__", ())
    return any(isinstance(mark, Prose) for mark in marks) or any(map(_mentions_prose, inner))


def _translated(value: Any, *, is_prose: bool) -> Any:  # noqa: ANN401 - any field value
    match value:
        case Part():
            return in_readers_language(value)
        case str():
            return name(value) if is_prose else value
        case list() | tuple():
            return type(value)(_translated(item, is_prose=is_prose) for item in value)
        case dict():
            return {key: _translated(item, is_prose=is_prose) for key, item in value.items()}
        case _:
            return value
