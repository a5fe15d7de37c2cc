"""Has anything changed that a page shows? A number that grows with every real change."""

from __future__ import annotations

import threading

from playbook.engagement.record import Event, Record, canonical

SHOWN = ("result/", "document/", "decision/", "seal/", "table/")


class Freshness:
    """Follows the record; a result computed again with the same content is no change.

    Args:
        record: The record of the engagement that is served.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._seen = 0
        self._content: dict[str, str] = {}
        self._lock = threading.Lock()
        self._version = 0

    def version(self) -> int:
        """How many real changes there have been; reads only what is new in the record."""
        with self._lock:
            for event in self._record.events(after=self._seen):
                self._seen = event.seq
                self._note(event)
            return self._version

    def _note(self, event: Event) -> None:
        if not event.stream.startswith(SHOWN):
            return
        content = _content(event)
        if self._content.get(event.stream) != content:
            self._content[event.stream] = content
            self._version += 1


def _content(event: Event) -> str:
    """What an event is about: the hash of a result, the whole of anything else."""
    payload = event.payload
    if event.stream.startswith("result/") and isinstance(payload, dict) and "hash" in payload:
        return str(payload["hash"])
    return canonical(payload)
