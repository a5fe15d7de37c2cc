"""An engagements' home of its own for every test, and an empty record."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from playbook.engagement import Engagement
from playbook.engagement.record import Record
from playbook.text import in_language

sys.path.insert(0, str(Path(__file__).parent))  # for kinds.py


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("PLAYBOOK_WHO", "Anna")
    with in_language("en"):
        yield


@pytest.fixture
def record(tmp_path):
    record = Record.create(tmp_path / "record.sqlite")
    yield record
    record.close()


@pytest.fixture
def engagement():
    return Engagement.create("trial")
