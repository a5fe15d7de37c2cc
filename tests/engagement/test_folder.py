"""An engagement is a folder that is there as a whole, under a name that is safe."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading

import pytest

from playbook.engagement import Engagement
from playbook.engagement import folder as folder_module
from playbook.engagement.company import Company
from playbook.engagement.home import home
from playbook.errors import PlaybookError


def test_a_new_engagement_has_its_folders_and_its_company(tmp_path):
    made = Engagement.create("Берёзка-2", lang="ru", currency="KZT")
    assert made.folder == tmp_path / "engagements" / "Берёзка-2"
    assert {path.name for path in made.folder.iterdir() if path.is_dir()} == {
        "data",
        "results",
        "runs",
    }
    opened = Engagement.open("Берёзка-2")
    assert (opened.lang, opened.currency, opened.title()) == ("ru", "KZT", "Берёзка-2")
    assert opened.source is None
    assert Engagement.list() == ["sample", "Берёзка-2"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "../x", "-a", "_a", "a b", "a" * 62, "con", "a\n", "a:b"]
)
def test_a_name_that_is_no_folder_of_ours_is_refused(name):
    with pytest.raises(PlaybookError, match="cannot be the name of an engagement"):
        Engagement.create(name)
    with pytest.raises(PlaybookError, match="cannot be the name of an engagement"):
        Engagement.open(name)


def test_a_name_that_is_taken_is_refused():
    made = Engagement.create("shop")
    made.documents.save(Company(name="The Shop"))
    with pytest.raises(PlaybookError, match="“shop” exists already"):
        Engagement.create("shop")
    with pytest.raises(PlaybookError, match="“sample” exists already"):
        Engagement.create("sample")
    assert Engagement.open("shop").title() == "The Shop"


def test_a_language_or_currency_that_is_none_is_refused():
    with pytest.raises(PlaybookError, match="“company” has 2 problems") as caught:
        Engagement.create("shop", lang="de", currency="roubles")
    assert [problem.split(":")[0] for problem in caught.value.problems] == ["lang", "currency"]
    assert Engagement.list() == ["sample"]


def test_an_engagement_that_is_not_there_names_those_that_are():
    Engagement.create("berezka")
    with pytest.raises(PlaybookError, match="There is no engagement “berezca”") as caught:
        Engagement.open("berezca")
    assert caught.value.problems == ("there are: berezka, sample",)
    assert caught.value.advice == "Did you mean berezka?"
    with pytest.raises(PlaybookError) as caught:
        Engagement.open("something-else")
    assert caught.value.advice == "Make it with: playbook new something-else"


def test_a_full_disk_leaves_no_half_engagement(tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder_module.os, "rename", full)
    with pytest.raises(PlaybookError, match="disk is full"):
        Engagement.create("shop")
    assert list((tmp_path / "engagements").iterdir()) == []


def test_the_home_is_the_nearest_folder_that_has_engagements(tmp_path, monkeypatch):
    monkeypatch.delenv("PLAYBOOK_HOME")
    (tmp_path / "work" / "engagements").mkdir(parents=True)
    (tmp_path / "work" / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work" / "a" / "b")
    assert home() == tmp_path / "work"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert home() == tmp_path / "elsewhere"


def test_the_home_is_the_checkout_one_works_in(tmp_path, monkeypatch):
    monkeypatch.delenv("PLAYBOOK_HOME")
    for inner in ("notebooks/dashboards", "playbook"):
        (tmp_path / inner).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks" / "dashboards")
    assert home() == tmp_path


def test_two_who_make_the_same_engagement_at_once_make_one(tmp_path):
    outcomes = []

    def make():
        try:
            outcomes.append(Engagement.create("shop").name)
        except PlaybookError as error:
            outcomes.append(error.summary)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[-1] == "shop"
    assert outcomes.count("shop") == 1
    assert [p.name for p in (tmp_path / "engagements").iterdir()] == ["shop"]


def test_importing_the_playbook_imports_nothing_heavy():
    code = "import sys, playbook, playbook.errors, playbook.text; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"pandas", "numpy", "pydantic", "matplotlib", "babel", "rich", "yaml", "scipy"}
    assert heavy & set(done.stdout.split()) == set()
