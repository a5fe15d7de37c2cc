"""The record: an append-only table of events, one SQLite file per engagement.

Writers take turns by a lock on a file beside the record, then by ``BEGIN IMMEDIATE``;
an acknowledged event is on the disk (WAL, ``synchronous=FULL``). Readers never wait and
never hold a transaction open. The SQL is plain enough for another database.
"""

from __future__ import annotations

import getpass
import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playbook.engagement.disk import damaged, exclusive, explained
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.numbers import moment

BUSY_SECONDS = 30.0
COLUMNS = "seq, stream, stream_seq, type, at, who, payload"
SCHEMA = """
CREATE TABLE events (
    seq BIGINT NOT NULL PRIMARY KEY,
    stream VARCHAR(200) NOT NULL,
    stream_seq BIGINT NOT NULL,
    type VARCHAR(60) NOT NULL,
    at VARCHAR(40) NOT NULL,
    who VARCHAR(200) NOT NULL,
    payload TEXT NOT NULL,
    UNIQUE (stream, stream_seq)
)
"""


@dataclass(frozen=True)
class NewEvent:
    """What somebody wants to have recorded.

    Attributes:
        stream: What it belongs to, such as ``document/goals``.
        type: What happened, such as ``saved``.
        payload: The facts, as JSON can hold them.
        expected: Sequence of the stream's last event that the writer has seen, 0 for
            none; ``None`` writes in any case.
    """

    stream: str
    type: str
    payload: Any
    expected: int | None = None


@dataclass(frozen=True)
class Event:
    """What happened: number in the record, number in its stream, when (UTC), by whom."""

    seq: int
    stream: str
    stream_seq: int
    type: str
    at: str
    who: str
    payload: Any


class ConflictError(PlaybookError):
    """Somebody else wrote to the stream after the writer had read it."""

    def __init__(self, latest: Event) -> None:
        words = _("{who} saved “{what}” on {when}, after you had opened it. Nothing was changed.")
        super().__init__(
            words.format(
                who=latest.who, what=latest.stream.partition("/")[2], when=moment(latest.at)
            ),
            advice=_("Open it again, carry over your change and save once more."),
        )
        self.latest = latest


def _event(row: Sequence[Any]) -> Event:
    seq, stream, stream_seq, kind, at, who, payload = row
    return Event(seq, stream, stream_seq, kind, at, who, json.loads(payload))


def canonical(payload: Any) -> str:  # noqa: ANN401 - anything JSON can hold
    """The one way to write a payload as JSON: sorted keys, no blanks, no escapes.

    Example:
        >>> canonical({"b": 1, "a": "ж"})
        '{"a":"ж","b":1}'
    """
    return json.dumps(
        payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def me() -> str:
    """Who is writing: ``PLAYBOOK_WHO``, else the name of the account."""
    try:
        return os.environ.get("PLAYBOOK_WHO") or getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "—"


class Record:
    """The events of one engagement.

    Args:
        path: The SQLite file; it must exist (see ``create``).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    @classmethod
    def create(cls, path: Path) -> Record:
        """Make an empty record at ``path``, which must not exist."""
        with explained(path.parent):
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute(SCHEMA)
            finally:
                connection.close()
        return cls(path)

    def append(
        self,
        stream: str,
        type: str,
        payload: Any,  # noqa: ANN401 - anything JSON can hold
        *,
        who: str | None = None,
        expected: int | None = None,
    ) -> Event:
        """Write one event; see ``append_all``."""
        return self.append_all([NewEvent(stream, type, payload, expected)], who=who)[0]

    def append_all(self, events: Sequence[NewEvent], *, who: str | None = None) -> list[Event]:
        """Write all events or none; when this returns they are on the disk.

        Raises:
            ConflictError: A stream has moved on since the writer read it.
            PlaybookError: The disk is full, or the folder cannot be written.
        """
        texts = [canonical(event.payload) for event in events]
        with self._writing() as connection:
            return [
                self._insert(connection, event, text, who or me())
                for event, text in zip(events, texts, strict=True)
            ]

    def events(self, stream: str | None = None, *, after: int = 0) -> list[Event]:
        """The events of a stream (or of all) with a ``seq`` above ``after``, oldest first."""
        if stream is None:
            return self._select("WHERE seq > ? ORDER BY seq", (after,))
        return self._select("WHERE stream = ? AND seq > ? ORDER BY seq", (stream, after))

    def last(self, stream: str) -> Event | None:
        """The newest event of a stream."""
        found = self._select("WHERE stream = ? ORDER BY stream_seq DESC LIMIT 1", (stream,))
        return found[0] if found else None

    def latest(self, prefix: str) -> list[Event]:
        """The newest event of every stream whose name begins with ``prefix``, by name."""
        where = """
        WHERE substr(stream, 1, ?) = ? AND stream_seq = (
            SELECT MAX(other.stream_seq) FROM events AS other WHERE other.stream = events.stream
        ) ORDER BY stream
        """
        return self._select(where, (len(prefix), prefix))

    def verified(self) -> int:
        """Read the whole file, and return the number of events.

        Raises:
            PlaybookError: It is damaged: by SQLite's own check, or a number is missing.
        """
        with explained(self.path.parent):
            (told,) = self._connection().execute("PRAGMA quick_check(1)").fetchone()
            n, top = (
                self._connection()
                .execute("SELECT COUNT(*), COALESCE(MAX(seq), 0) FROM events")
                .fetchone()
            )
        if told != "ok" or n != top:
            raise damaged(self.path.parent)
        return int(n)

    def close(self) -> None:
        """Close this thread's connection; the next call opens it again."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _select(self, where: str, values: tuple[Any, ...]) -> list[Event]:
        with explained(self.path.parent):
            rows = self._connection().execute(f"SELECT {COLUMNS} FROM events {where}", values)
            return [_event(row) for row in rows.fetchall()]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is committed on leaving, or rolled back."""
        with explained(self.path.parent), exclusive(self.path.with_suffix(".lock")):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @staticmethod
    def _insert(connection: sqlite3.Connection, event: NewEvent, text: str, who: str) -> Event:
        """Check the stream's sequence and write one row."""
        newest = connection.execute(
            f"SELECT {COLUMNS} FROM events WHERE stream = ? ORDER BY stream_seq DESC LIMIT 1",
            (event.stream,),
        ).fetchone()
        known = newest[2] if newest else 0
        if event.expected is not None and event.expected != known and newest:
            raise ConflictError(_event(newest))
        (top,) = connection.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        row = (top + 1, event.stream, known + 1, event.type, at, who, text)
        connection.execute(f"INSERT INTO events ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return _event(row)

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection; a forked child opens its own."""
        known = self._local
        if getattr(known, "connection", None) is None or known.pid != os.getpid():
            known.connection, known.pid = _connect(self.path), os.getpid()
        connection: sqlite3.Connection = known.connection
        return connection


def _connect(path: Path) -> sqlite3.Connection:
    """Open an existing record; in a folder that cannot be written, for reading only."""
    mode = "rw" if os.access(path.parent, os.W_OK) else "ro"
    if mode == "ro" and not path.with_name(path.name + "-wal").exists():
        mode = "ro&immutable=1"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    connection.execute("PRAGMA synchronous=FULL")
    return connection
