import copy
from pathlib import Path

import pytest

from playbook.text import catalogue
from playbook.text.notebooks import blocks, messages, translated

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# Why\n", "\n", "Land is finite.\n", "So we look."]},
        {
            "cell_type": "code",
            "metadata": {"tags": ["parameters"]},
            "source": 'k: int = 5  # number of groups [2..12]\nname: str = "a # b"  # a name',
        },
        {"cell_type": "code", "metadata": {}, "source": "# not a sentence\nanswer"},
        {
            "cell_type": "markdown",
            "source": "<details><summary>How to read</summary>\n\n</details>",
        },
    ]
}
RUSSIAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "# Why"
msgstr "# Зачем"

msgid ""
"Land is finite.\\n"
"So we look."
msgstr "Земля конечна."

msgid "number of groups"
msgstr "число групп"
"""


@pytest.fixture
def russian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "playbook.po").write_text(RUSSIAN, encoding="utf-8")
    monkeypatch.setattr(catalogue, "LOCALE_DIR", tmp_path)
    catalogue._catalogue.cache_clear()
    yield
    catalogue._catalogue.cache_clear()


def test_messages_are_markdown_blocks_and_comments_of_parameters():
    assert list(messages(NOTEBOOK)) == [
        ("# Why", 0),
        ("Land is finite.\nSo we look.", 0),
        ("number of groups", 1),
        ("a name", 1),
        ("<details><summary>How to read</summary>", 3),
    ]


@pytest.mark.usefixtures("russian")
def test_a_translated_copy_keeps_code_values_and_ranges():
    before = copy.deepcopy(NOTEBOOK)
    cells = translated(NOTEBOOK, "ru")["cells"]
    assert cells[0]["source"] == "# Зачем\n\nЗемля конечна."
    assert cells[1]["source"].splitlines() == [
        "k: int = 5  # число групп [2..12]",
        'name: str = "a # b"  # a name',
    ]
    assert cells[2]["source"] == "# not a sentence\nanswer"
    assert before == NOTEBOOK


def test_fenced_code_is_one_block():
    assert blocks("a\n\n```\nb\n\nc\n```\n\nd") == ["a", "```\nb\n\nc\n```", "d"]
