"""The sample's engagement makes itself, follows the package, and respects a person's work."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from playbook.engagement import Engagement, sample
from playbook.engagement.company import Company
from playbook.engagement.exchange import read_files
from playbook.engagement.home import sample_folder
from playbook.errors import PlaybookError

OPEN = """
from playbook.engagement import Engagement
print(len(Engagement.open("sample").record.events()))
"""
COMPANY = "name: Polevitsa\ncurrency: RUB\nmargin_share: 0.24\n"
DECISION = """
- key: 01.is_there_a_problem
  choice: Yes, act
  who: General director
  reason: The base shrinks although we buy growth.
  date: 2025-12-01
"""


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A sample of two inputs that a test may change."""
    folder = tmp_path / "shipped"
    (folder / "inputs").mkdir(parents=True)
    monkeypatch.setattr(sample, "sample_folder", lambda: folder)
    (folder / "inputs" / "company.yaml").write_text(COMPANY)
    (folder / "inputs" / "decisions.yaml").write_text(DECISION)
    return folder / "inputs"


def test_the_sample_is_there_without_being_asked_for(shipped):
    engagement = Engagement.open("sample")
    assert engagement.company == Company(name="Polevitsa", margin_share=0.24)
    (decided,) = engagement.decisions.all()
    assert decided.decision.who == "General director"
    assert engagement.source is not None
    assert list(engagement.data_folder.iterdir()) == []


def test_opening_the_sample_again_changes_nothing(shipped):
    before = Engagement.open("sample").record.events()
    assert Engagement.open("sample").record.events() == before


def test_an_untouched_sample_follows_the_package(shipped):
    old = Engagement.open("sample")
    (shipped / "company.yaml").write_text(COMPANY.replace("0.24", "0.25"))
    new = Engagement.open("sample")
    assert new.company.margin_share == 0.25
    assert len(new.decisions.history("01.is_there_a_problem")) == 1
    assert old.company.margin_share == 0.25  # who has it open sees it too


def test_what_a_person_changed_stays_and_the_rest_follows_the_package(shipped):
    engagement = Engagement.open("sample")
    engagement.documents.save(Company(name="Ours"))
    (shipped / "company.yaml").write_text(COMPANY.replace("0.24", "0.25"))
    (shipped / "decisions.yaml").write_text(DECISION.replace("Yes, act", "No, wait"))
    renewed = Engagement.open("sample")
    assert renewed.company == Company(name="Ours")
    assert renewed.decisions.latest("01.is_there_a_problem").decision.choice == "No, wait"


def test_a_new_charter_of_the_package_is_sealed_anew_unless_a_person_sealed_one(
    shipped, monkeypatch
):
    # the company's facts stand in for a charter: what counts is that they are sealed
    monkeypatch.setattr(sample, "SEALED", ("company",))
    first = Engagement.open("sample")
    first.seals.read_outcome("company")
    (shipped / "company.yaml").write_text(COMPANY.replace("0.24", "0.25"))
    seal = Engagement.open("sample").seals.sealed("company")
    assert (seal.payload["margin_share"], seal.is_first, seal.amendments) == (0.25, True, ())
    first.seals.amend("company", {"margin_share": 0.3}, reason="ours")
    (shipped / "company.yaml").write_text(COMPANY.replace("0.24", "0.26"))
    kept = Engagement.open("sample").seals.sealed("company")
    assert kept.in_force == {"margin_share": 0.3}


def test_a_mistake_in_what_is_shipped_is_told_with_its_line(shipped):
    (shipped / "company.yaml").write_text(COMPANY.replace("0.24", "24"))
    with pytest.raises(PlaybookError) as caught:
        Engagement.open("sample")
    assert caught.value.problems == (
        "company.yaml:3:15: margin_share: must be at most 1.0, found 24",
    )


def test_a_package_without_its_sample_says_so(shipped):
    shutil.rmtree(shipped)
    with pytest.raises(PlaybookError, match="The sample chain is not installed"):
        Engagement.open("sample")


def test_every_input_that_is_shipped_is_right():
    events = read_files([sample_folder() / "inputs"])
    assert any(event.stream == "document/company" for event in events)


@pytest.mark.slow
def test_processes_that_open_the_sample_at_once_see_one_and_the_same(tmp_path):
    openers = [
        subprocess.Popen([sys.executable, "-c", OPEN], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    counts = {opener.communicate()[0] for opener in openers}
    assert len(counts) == 1
    assert counts != {""}
    assert [p.name for p in (tmp_path / "engagements").iterdir()] == ["sample"]
