"""What a notebook read, and in which version: noted while it runs, compared before the next run.

An input has a name such as ``document/goals``, ``table/stores``, ``decision/08.verdict``,
``result/playbook.customers.segments.Segments`` or ``seal/charter``, and a version: the hash
of its content, or ``absent``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from playbook.data.tables import Tables
from playbook.engagement import Engagement
from playbook.engagement.documents import BASE
from playbook.engagement.record import canonical
from playbook.engagement.results import ABSENT

VARIABLE = "PLAYBOOK_READS"
LENGTH = 16  # digits of a hash: enough to tell the versions of one input apart


def note(name: str, version: str) -> None:
    """Note an input in the file that the run has named, if there is one."""
    if path := os.environ.get(VARIABLE):
        with Path(path).open("a", encoding="utf-8") as notes:
            notes.write(json.dumps([name, version]) + "\n")


def noted(path: Path) -> dict[str, str]:
    """Everything that was noted, by name."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(json.loads(line) for line in lines)


def versions(engagement: Engagement, names: Iterable[str]) -> dict[str, str]:
    """The present version of each input."""
    tables = Tables.of(engagement)
    return {name: version(engagement, tables, name) for name in names}


def version(engagement: Engagement, tables: Tables, name: str) -> str:
    """The hash of what an input holds now, or ``absent``."""
    kind, _slash, rest = name.partition("/")
    if kind == "table":
        return tables.version(rest) if tables.has(rest) else ABSENT
    event = engagement.record.last(name)
    if event is None:
        return ABSENT
    if kind == "result":
        return str(event.payload["hash"])
    content = {key: value for key, value in event.payload.items() if key != BASE}
    return sha256(f"{event.type} {canonical(content)}".encode()).hexdigest()[:LENGTH]
