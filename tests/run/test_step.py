"""A notebook's ``here``: it reads, notes what it read, hands on, and asks to decide."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
import pytest

from playbook.data.storage import put
from playbook.display.result import Result
from playbook.engagement import Engagement
from playbook.engagement.company import Company
from playbook.engagement.decisions import Decision
from playbook.engagement.documents import Document
from playbook.errors import PlaybookError
from playbook.run import reads, step
from playbook.run.catalogue import METHOD, STEPS, find
from playbook.text import catalogue, in_language, numbers


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("PLAYBOOK_WHO", "Anna")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.delenv("PLAYBOOK_LANG", raising=False)
    monkeypatch.setattr(catalogue, "_for_process", {})
    monkeypatch.setattr(numbers, "_state", {"currency": "RUB"})


@pytest.fixture
def shop():
    return Engagement.create("shop", currency="KZT")


@pytest.fixture
def here(shop):
    return step.open("03", engagement="shop")


class Wishes(Document):
    kind: ClassVar[str] = "test_wishes"
    text: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Shares(Result):
    """Share of each segment."""

    shares: pd.DataFrame

    @property
    def headline(self) -> str:
        return "Shares."

    @property
    def formula(self) -> str:
        return "share = customers of the segment / all customers"

    def to_frame(self) -> pd.DataFrame:
        return self.shares


SHARES = Shares(shares=pd.DataFrame({"segment": ["core"], "share": [0.18]}))


def receipts(folder):
    folder.mkdir(exist_ok=True)
    rows = {
        "receipt_id": ["1", "2"],
        "at": pd.to_datetime(["2026-03-01 10:00", "2026-04-19 18:00"]),
        "store_id": ["s1", "s1"],
        "customer_id": ["c1", None],
        "amount": [100.0, 50.0],
    }
    pd.DataFrame(rows).to_parquet(folder / "draft.parquet")
    put(folder, "receipts", folder / "draft.parquet", facts={})


def test_a_step_is_found_by_its_number_or_its_name():
    assert find("03") == find("03_segmentation")
    assert find("executive").id == "dashboards/executive"
    with pytest.raises(PlaybookError, match="There is no notebook 3") as caught:
        find("3_segmentation")
    assert len(caught.value.problems) == 13
    assert caught.value.advice == "Did you mean 03_segmentation?"


def test_a_step_needs_only_steps_before_it():
    order = {one.id: position for position, one in enumerate(STEPS)}
    assert len(METHOD) == 12
    for one in STEPS:
        assert all(order[need] < order[one.id] for need in one.needs)
    assert find("08").needs == ("05_business_case", "06_pilot_definition")
    assert find("02").needs == find("09").needs == ()


def test_the_line_of_steps_marks_the_present_one(here):
    markup = here._repr_html_()
    assert markup.count("<li") == 13
    assert markup.count('class="here"') == 1
    present = markup[markup.index('class="here"') :]
    assert present[: present.index("</li>")].endswith("Segments")


def test_the_language_is_the_notebooks_then_the_readers_then_the_companys(monkeypatch):
    Engagement.create("магазин", lang="ru")
    assert step.open("03", engagement="магазин").lang == "ru"
    assert step.open("03", engagement="магазин", lang="en").lang == "en"
    monkeypatch.setattr(catalogue, "_for_process", {})
    monkeypatch.setenv("PLAYBOOK_LANG", "en")
    assert step.open("03", engagement="магазин").lang == "en"
    with pytest.raises(PlaybookError, match="“de” is not a language"):
        step.open("03", engagement="магазин", lang="de")


def test_money_is_in_the_engagements_currency(here):
    assert here.currency == "KZT"
    assert numbers.currency_symbol() == "₸"


def test_an_unknown_engagement_is_told():
    with pytest.raises(PlaybookError, match="There is no engagement “nothing”"):
        step.open("03", engagement="nothing")


def test_a_seal_that_was_read_is_noted_as_the_record_knows_it(here, shop):
    here.noting("seal/charter")
    assert here.read == {"seal/charter": "absent"}
    shop.seals.seal("charter", {"weeks": 16})
    here.noting("seal/charter", "1")
    noted = dict(here.read)
    assert noted == reads.versions(shop, noted)
    shop.seals.amend("charter", {"weeks": 18}, reason="holidays")
    assert reads.versions(shop, noted) != noted


def test_a_document_is_noted_even_when_it_is_not_there(here, shop):
    with pytest.raises(PlaybookError, match="needs the input “test_wishes”") as caught:
        here.document(Wishes)
    assert "playbook inputs export shop" in caught.value.advice
    assert here.read == {"document/test_wishes": "absent"}
    assert here.document_or_none(Wishes) is None
    shop.documents.save(Wishes(text="more"))
    assert here.document(Wishes).text == "more"
    noted = dict(here.read)
    assert noted == reads.versions(shop, noted)
    shop.documents.save(Wishes(text="less"))
    assert reads.versions(shop, noted) != noted
    shop.documents.save(Wishes(text="more"))
    assert reads.versions(shop, noted) == noted  # what counts is what it says


def test_a_result_comes_back_as_its_class_with_its_provenance(here, shop):
    shop.documents.save(Wishes(text="more"))
    here.document(Wishes)
    shown = here.hand_on(SHARES, seed=7, k=5, since=dt.date(2026, 1, 1))
    later = step.open("04", engagement="shop")
    pd.testing.assert_frame_equal(later.result(Shares).shares, SHARES.shares)
    stored = later.stored(Shares)
    assert later.read == {f"result/{Shares.__module__}:Shares": stored.hash}
    provenance = stored.provenance
    assert (provenance.step, provenance.seed, provenance.lang) == ("03_segmentation", 7, "en")
    assert provenance.parameters == {"k": 5, "since": "2026-01-01"}
    assert list(provenance.reads) == ["document/test_wishes"]
    assert provenance.code.startswith("0.")
    assert stored.who == "Anna"
    markup = shown._repr_html_()
    assert "<details>" in markup
    assert "share = customers of the segment" in markup
    assert "Seed 7" in markup


def test_a_missing_result_names_what_to_run(shop):
    later = step.open("06", engagement="shop")
    with pytest.raises(PlaybookError, match="Shares") as caught:
        later.result(Shares)
    assert caught.value.advice == "Run first: playbook run shop --only 05"
    assert later.result_or_none(Shares) is None
    assert set(later.read.values()) == {"absent"}


def test_the_parameters_of_a_notebook_are_noted_by_themselves(here, monkeypatch):
    notebook = {
        "get_ipython": object(),
        "__annotations__": {"engagement": str, "k": int, "gone": float},
        "engagement": "shop",
        "k": 6,
        "other": 1,
    }
    monkeypatch.setitem(sys.modules, "__main__", type("Notebook", (), notebook))
    here.hand_on(SHARES)
    provenance = here.stored(Shares).provenance
    assert provenance.parameters == {"engagement": "shop", "k": 6}


def test_tables_are_read_with_their_version(here, shop):
    assert not here.has_table("receipts")
    assert here.read == {"table/receipts": "absent"}
    with pytest.raises(PlaybookError, match="no receipts yet"):
        here.table("receipts")
    receipts(shop.data_folder)
    again = step.open("03", engagement="shop")
    assert len(again.table("receipts")) == 2
    assert again.as_of == dt.date(2026, 4, 19)
    version = again.read["table/receipts"]
    assert version not in ("", "absent")
    again.hand_on(SHARES)
    assert again.stored(Shares).provenance.data_until == "2026-04-19"


def test_the_run_is_told_what_a_notebook_read(here, shop, tmp_path, monkeypatch):
    monkeypatch.setenv(reads.VARIABLE, str(tmp_path / "reads"))
    here.document_or_none(Wishes)
    shop.documents.save(Wishes(text="more"))
    here.document_or_none(Wishes)
    assert reads.noted(tmp_path / "reads") == here.read
    assert reads.noted(tmp_path / "nothing") == {}


QUESTION = {"question": "Who gets what?", "options": ("Core first", "All alike")}


def test_a_question_shows_what_was_decided(here, shop, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_STATIC", "1")
    markup = here.decision("03.who_gets_what", **QUESTION).markup()
    assert "Who gets what?" in markup
    assert "Not decided yet." in markup
    assert "All alike" in markup
    assert here.read == {"decision/03.who_gets_what": "absent"}
    shop.decisions.save(
        Decision(
            key="03.who_gets_what",
            choice="Core first",
            who="Commercial director",
            reason="Value < cost elsewhere",
            date="2026-03-01",
            dissent="Marketing",
        )
    )
    markup = here.decision("03.who_gets_what", **QUESTION).markup()
    assert "Core first — Commercial director, 1 Mar 2026" in markup
    assert "Value &lt; cost elsewhere" in markup
    assert "Dissent: Marketing" in markup
    assert here.read["decision/03.who_gets_what"] != "absent"


def test_a_decision_is_recorded_from_its_form(here, shop):
    form = here.decision("03.who_gets_what", **QUESTION)
    box = form.widget()
    place, choice, *lines, said, button = box.children
    button.click()
    assert "the choice" in said.value
    assert "the role that decides" in said.value
    choice.value = "All alike"
    for line, words in zip(lines, ("Board", "Simple", ""), strict=True):
        line.children[1].value = words
    button.click()
    assert said.value == ""
    assert "All alike — Board" in place.value
    (decided,) = shop.decisions.history("03.who_gets_what")
    assert (decided.decision.choice, decided.recorded_by) == ("All alike", "Anna")


def test_a_form_does_not_overwrite_a_decision_that_was_not_seen(here, shop):
    form = here.decision("03.who_gets_what", **QUESTION)
    box = form.widget()
    place, choice, *lines, said, button = box.children
    other = Decision(
        key="03.who_gets_what", choice="Core first", who="CFO", reason="r", date="2026-03-01"
    )
    shop.decisions.save(other, who="Boris")
    choice.value = "All alike"
    for line, words in zip(lines, ("Board", "Simple", ""), strict=True):
        line.children[1].value = words
    button.click()
    assert "Boris saved “03.who_gets_what”" in said.value
    assert "Core first — CFO" in place.value  # now it is seen
    button.click()
    assert said.value == ""
    assert shop.decisions.latest("03.who_gets_what").decision.choice == "All alike"


def test_the_samples_words_follow_the_reader_and_a_companys_do_not(shop, monkeypatch):
    monkeypatch.setattr("playbook.engagement.documents.name", lambda words: f"«{words}»")
    shop.documents.save(Company(name="Shop"))
    assert step.open("03", engagement="shop").company == "Shop"
    sample = step.open("03", engagement="sample")
    with in_language("ru"):
        assert sample.company == "«Polevitsa»"
