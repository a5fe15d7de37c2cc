"""The line that says where the receipts live, taken apart and checked before anything opens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from playbook.data.headings import stated_columns
from playbook.data.schema import TABLES
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.addresses import has_secret

PASSWORD_VARIABLE = "PLAYBOOK_SOURCE_PASSWORD"
TESTED = ("duckdb", "postgresql", "spark")
UNTESTED = ("bigquery", "clickhouse", "snowflake", "trino")
KEYS = ("table", "path", "zone", "map", "money", "lines", "schema", "sslmode", "warehouse")
_SCHEMES = {"postgres": "postgresql", "pyspark": "spark"}
_PARTS = re.compile(
    r"(?P<scheme>\w+)://(?:(?P<user>[^@/?]*)@)?(?P<host>[^/?]*)(?P<path>/[^?]*)?(?:\?(?P<query>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the receipts of an engagement live.

    Attributes:
        text: The line as it was stated; it holds no password.
        engine: One of ``TESTED`` or ``UNTESTED``.
        user: Name of the account, or empty.
        host: Host with its port, a master of Spark, or an account; may be empty.
        path: What follows the host: a database, or a file.
        stated: What follows the question mark, by key.
        columns: Our name to a heading of the table, as somebody has stated it.
    """

    text: str
    engine: str
    user: str = ""
    host: str = ""
    path: str = ""
    stated: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_tested(self) -> bool:
        """Whether results of this engine are compared with the others' in our tests."""
        return self.engine in TESTED

    @property
    def table(self) -> str:
        """The table of the receipts."""
        return self.stated.get("table", "receipts")

    def stating(self, key: str, value: str) -> str:
        """The line with one more thing stated, or with another value of it.

        Example:
            >>> parse("postgresql://h/db?table=a&zone=UTC").stating("table", "sales.a")
            'postgresql://h/db?zone=UTC&table=sales.a'
        """
        start, _sign, query = self.text.partition("?")
        pairs = [pair for pair in query.split("&") if pair]
        if key != "map":
            pairs = [pair for pair in pairs if pair.partition("=")[0].strip().lower() != key]
        return f"{start}?{'&'.join([*pairs, f'{key}={value}'])}"

    @property
    def zone(self) -> str:
        """The time zone of the stores, or empty."""
        return self.stated.get("zone", "")

    @property
    def rounds_money(self) -> bool:
        """Whether money that is no whole number of hundredths may be rounded."""
        return self.stated.get("money") == "round"

    @property
    def holds_items(self) -> bool:
        """Whether a row is an item of a receipt."""
        return self.stated.get("lines") == "items"

    @property
    def port(self) -> int | None:
        """The port, where one is stated."""
        port = self.host.rpartition(":")[2] if ":" in self.host else ""
        return int(port) if port.isdigit() else None

    @property
    def server(self) -> str:
        """The host without its port."""
        return self.host.removesuffix(f":{self.port}")


def parse(text: str) -> Address:
    """Take an address apart.

    Args:
        text: ``postgresql://user@host:5432/db?table=receipts``, ``spark://local[2]?path=...``.

    Raises:
        PlaybookError: It holds a password, is no address, or says what is not known.
    """
    refuse_secret(text)
    parts = _PARTS.fullmatch(text.strip())
    engine = parts["scheme"].lower() if parts else ""
    engine = _SCHEMES.get(engine, engine)
    if parts is None or engine not in TESTED + UNTESTED:
        raise PlaybookError(
            _("“{text}” is no address of a source.").format(text=text.strip()),
            problems=[_("known: {names}").format(names=", ".join((*TESTED, *UNTESTED)))],
            advice=_("Write it as postgresql://user@host:5432/db?table=receipts."),
        )
    stated, maps = _stated(parts["query"] or "")
    problems = [*_problems(stated), *_not_whole(engine, parts["host"], parts["path"], stated)]
    if problems:
        raise PlaybookError(
            _("The source cannot be read as stated."),
            problems=problems,
            advice=_("docs/sources.md lists what can be stated, with examples."),
        )
    return Address(
        text=text.strip(),
        engine=engine,
        user=unquote(parts["user"] or ""),
        host=parts["host"],
        path=unquote(parts["path"] or ""),
        stated=stated,
        columns=stated_columns(maps, TABLES["receipts"]),
    )


def refuse_secret(text: str) -> None:
    """Refuse an address with a password, without showing it.

    Raises:
        PlaybookError: It holds one.
    """
    if has_secret(text):
        raise PlaybookError(
            _("The address of the source holds a password; it would be kept in files."),
            advice=_("Leave it out and put it into the environment: {variable}=…").format(
                variable=PASSWORD_VARIABLE
            ),
        )


def _stated(query: str) -> tuple[dict[str, str], list[str]]:
    """What follows the question mark: single values, and all pairs of ``map``."""
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    found = [(unquote(key).strip().lower(), unquote(value).strip()) for key, value in pairs]
    maps = [value.replace(":", "=", 1) for key, value in found if key == "map"]
    return {key: value for key, value in found if key != "map"}, maps


def _problems(stated: Mapping[str, str]) -> Iterator[str]:
    """Everything that is wrong with what follows the question mark."""
    for key in stated:
        if key not in KEYS:
            words = _("“{key}” cannot be stated; known are {keys}.")
            yield words.format(key=key, keys=", ".join(KEYS))
    for key, wanted in (("money", "round"), ("lines", "items")):
        if stated.get(key, wanted) != wanted:
            yield _("{key} can only be {value}.").format(key=key, value=wanted)
    if {"table", "path"} <= stated.keys():
        yield _("Either a table or a path, not both.")
    if not _is_zone(stated.get("zone", "UTC")):
        words = _("“{zone}” is no time zone; write it as Europe/Moscow.")
        yield words.format(zone=stated["zone"])


def _not_whole(
    engine: str, host: str, path: str | None, stated: Mapping[str, str]
) -> Iterator[str]:
    """Files that another working folder would not find: pages are made in folders of their own."""
    files = [stated.get("path", "")]
    if engine == "duckdb":
        files.append(f"{host}{unquote(path or '')}")
    for file in filter(None, files):
        if "://" not in file and not Path(file).expanduser().is_absolute():
            words = _("“{file}” is no whole path; write {whole}.")
            yield words.format(file=file, whole=Path(file).absolute())


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):  # also ZoneInfoNotFoundError, which is a KeyError
        return False
    except KeyError:
        return False
    return True
