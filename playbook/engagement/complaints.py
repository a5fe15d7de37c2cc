"""What is wrong with a document, in sentences: where, what was found, what is wanted."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LONGEST_VALUE = 60
NUMBERS = ("int", "float", "decimal")
DATES = ("date", "datetime", "time")

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Complaint:
    """One problem of a document.

    Attributes:
        location: Keys and positions (from 0) that lead to the field.
        text: What is wrong, without the location.
        is_key: Whether the name of the field is wrong, not its value.
    """

    location: Location
    text: str
    is_key: bool = False

    def __str__(self) -> str:
        place = shown_location(self.location)
        return f"{place}: {self.text}" if place else self.text


def shown_location(location: Location) -> str:
    """A location as people count: the first entry of a list is 1.

    Example:
        >>> shown_location(("goals", 0, "target"))
        'goals › 1 › target'
    """
    return " › ".join(str(part + 1) if isinstance(part, int) else part for part in location)


def refusal(
    error: ValidationError,
    cls: type[BaseModel],
    raw: Any = None,  # noqa: ANN401 - whatever a file holds
    *,
    where: str,
) -> PlaybookError:
    """One error that names every problem of a document."""
    problems = [str(complaint) for complaint in complaints(error, cls, raw)]
    words = ngettext(
        "“{what}” has {n} problem; nothing was saved.",
        "“{what}” has {n} problems; nothing was saved.",
        len(problems),
    )
    return PlaybookError(
        words.format(what=where, n=len(problems)),
        problems=problems,
        advice=_("Correct every line above and try again."),
    )


def complaints(error: ValidationError, cls: type[BaseModel], raw: Any = None) -> list[Complaint]:  # noqa: ANN401
    """Every problem, in the order of the fields; the variants of one field are joined."""
    found: dict[Location, Complaint] = {}
    for detail in error.errors(include_url=False):
        location = _within(detail, raw)
        text = _sentence(detail, cls, location)
        known = found.get(location)
        if known and text not in known.text:
            text = _("{one}, or: {other}").format(one=known.text, other=text)
        found[location] = Complaint(location, text, detail["type"] == "extra_forbidden")
    return list(found.values())


def _within(detail: ErrorDetails, raw: Any) -> Location:  # noqa: ANN401
    """The location without pydantic's marks for the members of a union."""
    if raw is None:
        return detail["loc"]
    path: list[str | int] = []
    here = raw
    last = len(detail["loc"]) - 1
    for position, part in enumerate(detail["loc"]):
        is_found = (isinstance(here, dict) and part in here) or (
            isinstance(here, Sequence) and isinstance(part, int) and part < len(here)
        )
        if is_found:
            here = here[part]
            path.append(part)
        elif position == last and detail["type"] == "missing":
            path.append(part)
    return tuple(path)


def _sentence(detail: ErrorDetails, cls: type[BaseModel], location: Location) -> str:
    """What is wrong, for one error of pydantic."""
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_field(cls, location)
    for pattern, tell in SENTENCES:
        if re.fullmatch(pattern, kind):
            return tell(detail)
    return _("is not right ({message}), found {value}").format(
        message=detail["msg"], value=shown_value(detail["input"])
    )


def _unknown_field(cls: type[BaseModel], location: Location) -> str:
    known = sorted({key for model in _models_at(cls, location[:-1]) for key in model.model_fields})
    text = nearest(str(location[-1]), known)
    return _("is not known here") + (f"; {text}" if text else "")


def nearest(word: str, known: Sequence[str]) -> str:
    """A question about the known word that looks most like ``word``, or nothing."""
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return _("did you mean “{word}”?").format(word=close[0]) if close else ""


def _models_at(cls: type[BaseModel], location: Location) -> list[type[BaseModel]]:
    """The models that may stand at a location of a document."""
    models = [cls]
    for part in location:
        if isinstance(part, str):
            fields = [model.model_fields[part] for model in models if part in model.model_fields]
            models = [inner for field in fields for inner in _models_in(field.annotation)] or models
    return models


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


def shown_value(value: Any) -> str:  # noqa: ANN401 - whatever was found
    """What was found, short enough for one line."""
    match value:
        case None:
            return _("nothing")
        case bool():
            return "true" if value else "false"
        case str():
            text = _("“{text}”").format(text=value)
        case dict():
            return _("a group of fields")
        case list() | tuple():
            return _("a list")
        case _:
            text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _wanted(what: Callable[[], str]) -> Callable[[ErrorDetails], str]:
    """A sentence that says what is wanted and what was found."""

    def tell(detail: ErrorDetails) -> str:
        return _("{wanted} is wanted, found {value}").format(
            wanted=what(), value=shown_value(detail["input"])
        )

    return tell


def _limited(words: Callable[[], str], limit: str) -> Callable[[ErrorDetails], str]:
    """A sentence that says how large or small a value may be."""

    def tell(detail: ErrorDetails) -> str:
        return words().format(limit=detail["ctx"][limit], value=shown_value(detail["input"]))

    return tell


def _number(detail: ErrorDetails) -> str:
    text = _wanted(lambda: _("a number"))(detail)
    value = detail["input"]
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d+,\d+\s*", value):
        text += "; " + _("write {number} with a point").format(number=value.replace(",", "."))
    return text


def _choice(detail: ErrorDetails) -> str:
    expected = detail["ctx"].get("expected") or detail["ctx"].get("expected_tags") or ""
    text = _("one of {options} is wanted, found {value}").format(
        options=expected.replace(" or ", ", "), value=shown_value(detail["input"])
    )
    close = nearest(str(detail["input"]), re.findall(r"'([^']+)'", expected))
    return text + (f"; {close}" if close else "")


def _length(detail: ErrorDetails) -> str:
    context = detail["ctx"]
    if "min_length" in context:
        n, actual = context["min_length"], context["actual_length"]
        words = ngettext(
            "at least {n} entry is wanted, found {actual}",
            "at least {n} entries are wanted, found {actual}",
            n,
        )
    else:
        n, actual = context["max_length"], context["actual_length"]
        words = ngettext(
            "at most {n} entry is allowed, found {actual}",
            "at most {n} entries are allowed, found {actual}",
            n,
        )
    return words.format(n=n, actual=actual)


def _short_text(detail: ErrorDetails) -> str:
    least = detail["ctx"]["min_length"]
    if least == 1:
        return _("must not be empty")
    words = ngettext(
        "at least {n} character is wanted, found {value}",
        "at least {n} characters are wanted, found {value}",
        least,
    )
    return words.format(n=least, value=shown_value(detail["input"]))


def _long_text(detail: ErrorDetails) -> str:
    most = detail["ctx"]["max_length"]
    words = ngettext("at most {n} character is allowed", "at most {n} characters are allowed", most)
    return words.format(n=most)


def _own_words(detail: ErrorDetails) -> str:
    """The sentence of one of our validators: it is translated already."""
    return str(detail.get("ctx", {}).get("error", detail["msg"]))


def _missing(_detail: ErrorDetails) -> str:
    return _("is missing")


def _frozen(_detail: ErrorDetails) -> str:
    return _("cannot be changed")


SENTENCES: tuple[tuple[str, Callable[[ErrorDetails], str]], ...] = (
    ("missing", _missing),
    ("(value|assertion)_error", _own_words),
    ("int_.*", _wanted(lambda: _("a whole number"))),
    ("(float|decimal)_(type|parsing)", _number),
    ("finite_number", _wanted(lambda: _("a finite number"))),
    ("bool_.*", _wanted(lambda: _("true or false"))),
    ("date_(?!future|past).*", _wanted(lambda: _("a date such as 2026-03-01"))),
    ("datetime_.*", _wanted(lambda: _("a date with time such as 2026-03-01T09:00"))),
    ("time_(type|parsing).*", _wanted(lambda: _("a time such as 09:00"))),
    ("string_too_short", _short_text),
    ("string_too_long", _long_text),
    (
        "string_pattern_mismatch",
        _limited(lambda: _("must look like {limit}, found {value}"), "pattern"),
    ),
    ("string_.*", _wanted(lambda: _("text"))),
    ("(list|tuple|set|frozen_set|iterable)_type", _wanted(lambda: _("a list"))),
    (
        "(dict|model|mapping|dataclass|model_attributes)_type",
        _wanted(lambda: _("a group of fields")),
    ),
    ("literal_error|enum|union_tag_invalid", _choice),
    ("greater_than", _limited(lambda: _("must be above {limit}, found {value}"), "gt")),
    ("greater_than_equal", _limited(lambda: _("must be at least {limit}, found {value}"), "ge")),
    ("less_than", _limited(lambda: _("must be below {limit}, found {value}"), "lt")),
    ("less_than_equal", _limited(lambda: _("must be at most {limit}, found {value}"), "le")),
    (
        "multiple_of",
        _limited(lambda: _("must be a multiple of {limit}, found {value}"), "multiple_of"),
    ),
    ("too_short|too_long", _length),
    ("none_required", _wanted(lambda: _("nothing"))),
    ("frozen_.*", _frozen),
)
