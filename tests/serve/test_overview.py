import datetime as dt
from dataclasses import dataclass

import pandas as pd
import pytest

from playbook.display.result import Result
from playbook.engagement.decisions import Decision
from playbook.engagement.results import Provenance
from playbook.serve.overview import copy_of, overview


@dataclass(frozen=True, kw_only=True, eq=False)
class Goals(Result):
    n: int

    @property
    def headline(self):
        return f"We shall be judged by {self.n} numbers."

    def to_frame(self):
        return pd.DataFrame({"n": [self.n]})


@dataclass(frozen=True, kw_only=True, eq=False)
class Tree(Result):
    n: int

    @property
    def headline(self):
        return "The tree adds up."

    def to_frame(self):
        return pd.DataFrame({"n": [self.n]})


@pytest.fixture
def site(make_site):
    return make_site()


@pytest.fixture
def look(site):
    """The first step's row and the whole list, in English."""

    def at():
        found = overview(site, lang="en", title_of=lambda _step: "What do we want?")
        return found.stages[0].rows[0], found

    return at


def ran(site, kind="finished", **facts):
    payload = {"reads": {}, "folder": "first", "lang": "ru", "seconds": 1.0} | facts
    site.engagement.record.append("run/02_goals", kind, payload)


def test_a_new_engagement_is_told_how_to_begin(look):
    row, found = look()
    assert row.standing.state == "new"
    assert row.question == "What do we want?"
    assert (found.next.words, found.next.command) == ("To begin:", "playbook run small")
    assert found.headline == "0 of 1 step is up to date."


def test_a_finished_step_shows_the_first_of_the_results_it_handed_on(look, site):
    ran(site)
    facts = Provenance(step="02_goals")
    site.engagement.results.store(Goals(n=4), facts)
    site.engagement.results.store(Tree(n=1), facts)
    row, found = look()
    assert row.headline == "We shall be judged by 4 numbers."
    assert row.standing.state == "done"
    assert found.next is None


def test_a_step_that_stopped_says_why(look, site):
    ran(site, "failed", message="The goals are missing.\nFill them in.")
    row, _found = look()
    assert row.standing.words == "Stopped: The goals are missing."


def test_an_open_decision_is_counted_and_a_taken_one_is_told(look, site):
    ran(site, reads={"decision/02.goals": "absent"})
    row, found = look()
    assert [line.is_open for line in row.decisions] == [True]
    assert found.headline.endswith("1 decision is open.")
    site.engagement.decisions.save(
        Decision(
            key="02.goals",
            choice="Approve",
            who="Board",
            reason="they fit",
            date=dt.date(2026, 1, 12),
        )
    )
    row, _found = look()
    assert [line.words.replace("\xa0", " ") for line in row.decisions] == [
        "Approve (Board, 12 Jan 2026)"
    ]


def test_a_copy_in_the_readers_language_comes_before_a_newer_one(site):
    for folder, lang in (("first", "en"), ("second", "ru")):
        place = site.engagement.folder / "runs" / folder
        place.mkdir(parents=True)
        (place / "02_goals.html").write_text(lang)
        ran(site, folder=folder, lang=lang)
    assert copy_of(site, "02_goals", lang="en").read_text() == "en"
    assert copy_of(site, "02_goals", lang="ru").read_text() == "ru"


def test_without_an_executed_copy_there_is_nothing_to_read(site):
    ran(site, folder="gone")
    assert copy_of(site, "02_goals", lang="en") is None
    assert copy_of(site, "no_such_step", lang="en") is None


def test_dashboards_stand_apart_from_the_steps(look):
    _row, found = look()
    assert [row.slug for row in found.dashboards] == ["executive"]
