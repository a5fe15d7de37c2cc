"""Typed inputs: what people fill in, with a version, validated at the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from playbook.engagement.complaints import refusal
from playbook.engagement.record import Event, NewEvent, Record, canonical
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import name

BASE = "base"  # the fact that tells from which state a file was written, see exchange


class Prose:
    """Marks a field that people read: the sample chain has it in every language."""


Words = Annotated[str, Prose()]


class Part(BaseModel):
    """A piece of a document, such as one goal or one store of a list."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False
    )


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

    def to_raw(self) -> dict[str, Any]:
        """The fields as JSON can hold them; ``from_raw`` reads them back."""
        return self.model_dump(mode="json")


Upcasters = dict[int, Callable[[dict[str, Any]], dict[str, Any]]]
_KINDS: dict[str, type[Document]] = {}


def of_kind(kind: str) -> type[Document] | None:
    """The document class of a kind, or nothing; chapters are imported when it is not known."""
    if kind not in _KINDS:
        load_chapters()
    return _KINDS.get(kind)


def load_chapters() -> None:
    """Import every chapter that has a document.

    The list of chapters lies above this layer, with the steps; it is asked for by name,
    so that the engagement knows no chapter.
    """
    import_module("playbook.run.catalogue").load_documents()


def kinds() -> list[str]:
    """Every kind known so far, in the order of the alphabet."""
    return sorted(_KINDS)


def descriptions() -> list[tuple[str, str]]:
    """What every field of every document says about itself, with the class that has it."""
    load_chapters()
    found: dict[str, str] = {}
    waiting = [Part]
    while waiting:
        cls = waiting.pop()
        waiting += sorted(cls.__subclasses__(), key=lambda c: c.__qualname__, reverse=True)
        for info in cls.model_fields.values():
            if info.description and cls.__module__.startswith("playbook."):
                found.setdefault(info.description, f"{cls.__module__}.{cls.__qualname__}")
    return list(found.items())


P = TypeVar("P", bound=Part)


def in_readers_language(part: P) -> P:
    """The same document with every ``Words`` field in the reader's language.

    Only sentences of the sample chain have a translation; a company's own words
    stay as they were written.
    """
    changed = {
        key: _translated(getattr(part, key), is_prose=is_prose(info))
        for key, info in type(part).model_fields.items()
    }
    return part.model_copy(update=changed)


def is_prose(info: Any) -> bool:  # noqa: ANN401 - pydantic's FieldInfo
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


D = TypeVar("D", bound=Document)


@dataclass(frozen=True, kw_only=True)
class Saved(Generic[D]):
    """A document as it lies in the record.

    Attributes:
        document: The document itself, in the words in which it was written.
        sequence: How often it has been saved; hand it back as ``expected``.
        at: When it was saved (ISO, UTC).
        who: Who saved it.
        hash: SHA-256 of its content.
    """

    document: D
    sequence: int
    at: str
    who: str
    hash: str


def content_hash(document: Document) -> str:
    """SHA-256 of a document's kind, version and fields."""
    return sha256(canonical(_payload(document)).encode()).hexdigest()


def saving(document: Document, *, expected: int | None = None, **facts: Any) -> NewEvent:  # noqa: ANN401
    """The event that saves a document; ``facts`` say more about where it came from."""
    return NewEvent(f"document/{document.kind}", "saved", _payload(document) | facts, expected)


def _payload(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "version": document.version,
        "fields": document.to_raw(),
    }


def read(cls: type[D], raw: Any, *, version: int | None = None, where: str = "") -> D:  # noqa: ANN401 - whatever a file holds
    """Check a mapping and return the document.

    Args:
        cls: The kind of document.
        raw: Its fields.
        version: The version in which ``raw`` was written; the present one by default.
        where: Where it was found, for the message.

    Raises:
        PlaybookError: Every problem of the mapping, in the reader's language.
    """
    written = cls.version if version is None else version
    if written > cls.version:
        raise PlaybookError(
            _("“{what}” was written by a newer version of the playbook.").format(
                what=where or cls.kind
            ),
            advice=_("Install the newest version of the playbook and try again."),
        )
    try:
        document: D = cls.from_raw(raw, version=written)
    except ValidationError as error:
        raise refusal(error, cls, raw, where=where or cls.kind) from error
    return document


class Documents:
    """The documents of one engagement.

    Args:
        record: Where they are kept.
    """

    def __init__(self, record: Record) -> None:
        self.record = record

    def save(
        self, document: Document, *, who: str | None = None, expected: int | None = None
    ) -> int:
        """Save a document and return how often it has been saved.

        Args:
            document: What to save.
            who: Who saves it; by default the account's name.
            expected: ``sequence`` of the document that was opened for this change
                (0 when there was none); ``None`` overwrites whatever is there.

        Raises:
            ConflictError: Somebody else saved it in between.
        """
        (event,) = self.record.append_all([saving(document, expected=expected)], who=who)
        return event.stream_seq

    def latest(self, cls: type[D]) -> Saved[D] | None:
        """The newest document of a kind, or nothing."""
        event = self.record.last(f"document/{cls.kind}")
        return _opened(cls, event) if event else None

    def history(self, cls: type[D]) -> list[Saved[D]]:
        """Every document of a kind that was ever saved, oldest first."""
        return [_opened(cls, event) for event in self.record.events(f"document/{cls.kind}")]

    def kinds(self) -> list[str]:
        """The kinds that this engagement has."""
        return [event.payload["kind"] for event in self.record.latest("document/")]


def _opened(cls: type[D], event: Event) -> Saved[D]:
    document = read(cls, event.payload["fields"], version=event.payload["version"])
    return Saved(
        document=document,
        sequence=event.stream_seq,
        at=event.at,
        who=event.who,
        hash=content_hash(document),
    )
