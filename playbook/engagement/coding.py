"""Values to JSON and files, and back to the very same values.

What JSON does not know carries a tag: ``{"$": "date", "v": "2026-03-01"}``. Frames and
arrays lie in files of their own beside the JSON.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import math
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from functools import partial
from importlib import import_module
from typing import Any, cast

import numpy as np
import pandas as pd

from playbook.engagement.documents import Document, Part
from playbook.engagement.frames import pack, unpack

TAG = "$"


class OutdatedError(Exception):
    """A class has changed since a value of it was stored."""


class Encoder:
    """Turns values into JSON and collects the files that belong to it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def encode(self, value: Any) -> Any:  # noqa: ANN401 - one case per kind of value
        """Return a value as JSON; raises ``TypeError`` for what cannot be stored."""
        match value:
            case Enum():
                return _tagged("enum", value.name, of=class_name(type(value)))
            case None | bool() | str():
                return value
            case np.datetime64():
                return self.encode(pd.Timestamp(value))
            case np.timedelta64():
                return self.encode(pd.Timedelta(value))
            case np.generic():
                return self.encode(value.item())
            case int():
                return value
            case float():
                return value if math.isfinite(value) else _tagged("float", str(value))
            case pd.DataFrame() | pd.Series() | pd.Index():
                return self._frame(value)
            case np.ndarray():
                return _tagged("array", self._keep(_npy(value), "npy"))
            case list():
                return [self.encode(item) for item in value]
            case tuple() | set() | frozenset():
                return self._group(value)
            case Mapping():
                return self._mapping(value)
            case _:
                return self._object(value)

    def _object(self, value: Any) -> Any:  # noqa: ANN401
        if value is pd.NaT or value is pd.NA:
            return _tagged("missing", "NaT" if value is pd.NaT else "NA")
        for name, cls, write, _read in PLAIN:
            if isinstance(value, cls):
                return _tagged(name, write(value))
        if isinstance(value, Part):
            version = value.version if isinstance(value, Document) else 0
            fields = value.model_dump(mode="json")
            return _tagged("part", fields, of=class_name(type(value)), version=version)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._dataclass(value)
        raise TypeError(f"{type(value).__qualname__} cannot be stored in a result")

    def _dataclass(self, value: Any) -> Any:  # noqa: ANN401
        fields = {}
        for field in dataclasses.fields(value):
            try:
                fields[field.name] = self.encode(getattr(value, field.name))
            except TypeError as error:
                raise TypeError(f"{type(value).__qualname__}.{field.name}: {error}") from error
        return _tagged("record", fields, of=class_name(type(value)), types=_types(type(value)))

    def _group(self, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, tuple):
            if type(value) is not tuple:
                raise TypeError(
                    f"{type(value).__qualname__} is a tuple with names; use a dataclass"
                )
            return _tagged("tuple", [self.encode(item) for item in value])
        items = sorted((self.encode(item) for item in value), key=repr)
        return _tagged("set" if isinstance(value, set) else "frozenset", items)

    def _mapping(self, value: Mapping[Any, Any]) -> Any:  # noqa: ANN401
        if (
            all(isinstance(key, str) and not isinstance(key, Enum) for key in value)
            and TAG not in value
        ):
            return {key: self.encode(item) for key, item in value.items()}
        pairs = [[self.encode(key), self.encode(item)] for key, item in value.items()]
        return _tagged("map", pairs)

    def _frame(self, value: pd.DataFrame | pd.Series | pd.Index) -> Any:  # noqa: ANN401
        """A frame; a series or an index is a frame of one column."""
        kind = "frame"
        frame, facts = value, {}
        if isinstance(value, pd.Series):
            kind, frame = "series", value.to_frame("v")
            facts = {"name": self.encode(value.name)}
        elif isinstance(value, pd.Index):
            kind, frame = "index", pd.DataFrame(index=value)
        content, about = pack(frame, self.encode)  # type: ignore[arg-type]
        return _tagged(kind, self._keep(content, "parquet"), about=about, **facts)

    def _keep(self, content: bytes, ending: str) -> str:
        file = f"{len(self.files)}.{ending}"
        self.files[file] = content
        return file


def decode(value: Any, open_file: Callable[[str], bytes]) -> Any:  # noqa: ANN401
    """Return the value that was encoded.

    Raises:
        OutdatedError: A class is gone or its fields have changed.
    """
    again = partial(decode, open_file=open_file)
    if isinstance(value, list):
        return [again(item) for item in value]
    if not isinstance(value, dict):
        return value
    if TAG not in value:
        return {key: again(item) for key, item in value.items()}
    read = READERS.get(value[TAG])
    if read is not None:
        return read(value["v"])
    return _decoders(value[TAG])(value, again, open_file)


def class_name(cls: type) -> str:
    """Module and qualified name of a class."""
    return f"{cls.__module__}:{cls.__qualname__}"


def class_named(name: str) -> Any:  # noqa: ANN401 - a class
    """The class of a name; only ours and those that are imported already."""
    module, _, path = name.partition(":")
    try:
        found: Any = (
            import_module(module) if module.startswith("playbook.") else sys.modules[module]
        )
        for part in path.split("."):
            found = getattr(found, part)
    except (ImportError, KeyError, AttributeError) as error:
        raise OutdatedError(name) from error
    return found


def _tagged(tag: str, value: Any, **facts: Any) -> dict[str, Any]:  # noqa: ANN401
    return {TAG: tag, "v": value, **facts}


def _types(cls: Any) -> dict[str, str]:  # noqa: ANN401 - a dataclass
    return {field.name: str(field.type) for field in dataclasses.fields(cls)}


def _npy(array: np.ndarray[Any, Any]) -> bytes:
    if array.dtype == object:
        raise TypeError("an array of objects cannot be stored in a result")
    target = io.BytesIO()
    np.save(target, array, allow_pickle=False)
    return target.getvalue()


def _read_record(value: dict[str, Any], again: Any, _open: Any) -> Any:  # noqa: ANN401
    cls = class_named(value["of"])
    if not dataclasses.is_dataclass(cls) or _types(cls) != value["types"]:
        raise OutdatedError(value["of"])
    computed = {field.name for field in dataclasses.fields(cls) if not field.init}
    fields = {key: again(item) for key, item in value["v"].items() if key not in computed}
    return cast(Any, cls)(**fields)


def _read_part(value: dict[str, Any], _again: Any, _open: Any) -> Any:  # noqa: ANN401
    cls = class_named(value["of"])
    try:
        if issubclass(cls, Document):
            return cls.from_raw(value["v"], version=value["version"])
        return cls.model_validate(value["v"])
    except ValueError as error:
        raise OutdatedError(value["of"]) from error


def _read_frame(value: dict[str, Any], again: Any, open_file: Any) -> Any:  # noqa: ANN401
    frame = unpack(open_file(value["v"]), value["about"], again)
    match value[TAG]:
        case "series":
            return frame.iloc[:, 0].rename(again(value["name"]))
        case "index":
            return frame.index
        case _:
            return frame


def _read_enum(value: dict[str, Any], _again: Any, _open: Any) -> Any:  # noqa: ANN401
    cls = class_named(value["of"])
    if value["v"] not in cls.__members__:
        raise OutdatedError(value["of"])
    return cls[value["v"]]


def _read_array(value: dict[str, Any], _again: Any, open_file: Any) -> Any:  # noqa: ANN401
    return np.load(io.BytesIO(open_file(value["v"])), allow_pickle=False)


def _read_group(value: dict[str, Any], again: Any, _open: Any) -> Any:  # noqa: ANN401
    kinds: dict[str, Any] = {"tuple": tuple, "set": set, "frozenset": frozenset, "map": dict}
    return kinds[value[TAG]](again(item) for item in value["v"])


def _decoders(tag: str) -> Callable[[dict[str, Any], Any, Any], Any]:
    if tag in ("frame", "series", "index"):
        return _read_frame
    special = {"record": _read_record, "part": _read_part, "enum": _read_enum, "array": _read_array}
    return special.get(tag, _read_group)


Writer = Callable[[Any], str]
# a subclass stands before its base: a timestamp is a datetime, and a datetime is a date
PLAIN: tuple[tuple[str, type, Writer, Callable[[str], Any]], ...] = (
    (
        "timestamp",
        pd.Timestamp,
        lambda v: f"{v.unit} {v.isoformat()}",
        lambda text: _timestamp(text),
    ),
    ("duration", pd.Timedelta, lambda v: f"{v.unit} {v.isoformat()}", lambda text: _duration(text)),
    ("period", pd.Period, lambda v: f"{v.freqstr} {v}", lambda text: _period(text)),
    ("datetime", dt.datetime, dt.datetime.isoformat, dt.datetime.fromisoformat),
    ("date", dt.date, dt.date.isoformat, dt.date.fromisoformat),
    ("time", dt.time, dt.time.isoformat, dt.time.fromisoformat),
    (
        "seconds",
        dt.timedelta,
        lambda v: f"{v.days} {v.seconds} {v.microseconds}",
        lambda text: _span(text),
    ),
    ("decimal", Decimal, str, Decimal),
)
READERS: dict[str, Callable[[str], Any]] = {
    **{name: read for name, _cls, _write, read in PLAIN},
    "float": float,
    "missing": {"NaT": pd.NaT, "NA": pd.NA}.__getitem__,
}


def _timestamp(text: str) -> pd.Timestamp:
    unit, _, iso = text.partition(" ")
    return pd.Timestamp(iso).as_unit(unit)  # type: ignore[arg-type]


def _duration(text: str) -> pd.Timedelta:
    unit, _, iso = text.partition(" ")
    return pd.Timedelta(iso).as_unit(unit)  # type: ignore[arg-type]


def _period(text: str) -> pd.Period:
    freq, _, start = text.partition(" ")
    return pd.Period(start, freq=freq)


def _span(text: str) -> dt.timedelta:
    days, seconds, microseconds = map(int, text.split())
    return dt.timedelta(days=days, seconds=seconds, microseconds=microseconds)
