import errno
import json
import os

import pytest

from playbook.errors import PlaybookError
from playbook.serve.copies import Copies
from playbook.serve.freshness import Freshness


@pytest.fixture
def copies(make_site):
    site = make_site()
    return Copies(site, Freshness(site.engagement.record))


def read(copies, lang, step):
    return json.loads(copies.path(step, lang).read_text())


def test_every_page_has_a_copy_in_each_language(copies):
    assert copies.refresh() == {"en/02_goals", "ru/02_goals", "en/executive", "ru/executive"}
    assert copies.refresh() == set()


def test_a_copy_sets_engagement_and_language_after_the_parameters(copies):
    copies.refresh()
    cells = read(copies, "ru", copies.site.steps[0])["cells"]
    place = next(
        n for n, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", [])
    )
    injected = cells[place + 1]
    assert injected["metadata"]["tags"] == ["injected-parameters"]
    assert injected["source"].splitlines()[1:] == ["engagement = 'small'", "lang = 'ru'"]


def test_a_copy_carries_its_title_and_its_language_for_the_template(copies):
    copies.refresh()
    facts = read(copies, "en", copies.site.steps[1])["metadata"]["playbook"]
    assert (facts["lang"], facts["title"], facts["company"]) == (
        "en",
        "Where do we stand?",
        "Small & Sons",
    )
    assert "Small &amp; Sons" in facts["header"]


def test_an_edited_notebook_is_copied_anew_and_the_others_are_not(copies):
    copies.refresh()
    source = copies.site.notebooks / "02_goals.ipynb"
    source.write_text(source.read_text().replace("What fails?", "What holds?"))
    os.utime(source, (1, 1))
    assert copies.refresh() == {"en/02_goals", "ru/02_goals"}
    assert "What holds?" in copies.path(copies.site.steps[0], "en").read_text()


def test_a_copy_that_was_removed_comes_back(copies):
    copies.refresh()
    copies.path(copies.site.steps[0], "en").unlink()
    assert copies.refresh() == {"en/02_goals"}


def test_outputs_of_the_source_do_not_reach_the_copy(copies):
    source = copies.site.notebooks / "02_goals.ipynb"
    notebook = json.loads(source.read_text())
    notebook["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "secret"}
    ]
    source.write_text(json.dumps(notebook))
    copies.refresh()
    assert "secret" not in copies.path(copies.site.steps[0], "en").read_text()


def test_a_folder_that_cannot_be_written_is_one_clear_message(copies, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(type(copies.site.folder), "write_text", refuse)
    with pytest.raises(PlaybookError, match="small"):
        copies.refresh()
