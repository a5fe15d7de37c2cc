"""What people fill in is kept as they wrote it, and refused with every problem named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from kinds import Plan, Target
from pydantic import BaseModel, HttpUrl, ValidationError

from playbook.engagement.complaints import complaints
from playbook.engagement.documents import (
    content_hash,
    in_readers_language,
    of_kind,
    read,
)
from playbook.engagement.record import ConflictError
from playbook.errors import PlaybookError

GOAL = {"name": "repeat rate", "value": 0.73, "until": "2027-12-31"}


def plan(**changes):
    return Plan(**({"title": "Caring store", "targets": (Target(**GOAL),)} | changes))


def problems_of(raw):
    with pytest.raises(PlaybookError) as caught:
        read(Plan, raw)
    return list(caught.value.problems)


def test_a_saved_document_comes_back_with_who_and_how_often(engagement):
    documents = engagement.documents
    assert documents.latest(Plan) is None
    assert documents.save(plan(), who="Boris") == 1
    assert documents.save(plan(weeks=20, price=Decimal("9.90"))) == 2
    saved = documents.latest(Plan)
    assert saved.document == plan(weeks=20, price=Decimal("9.90"))
    assert saved.document.targets[0].until == dt.date(2027, 12, 31)
    assert (saved.sequence, saved.who) == (2, "Anna")
    assert saved.hash == content_hash(saved.document)
    assert [one.who for one in documents.history(Plan)] == ["Boris", "Anna"]
    assert documents.kinds() == ["company", "test_plan"]


def test_of_two_who_save_the_same_document_the_second_is_told(engagement):
    documents = engagement.documents
    opened = documents.save(plan())
    documents.save(plan(weeks=20), who="Boris", expected=opened)
    with pytest.raises(ConflictError, match="Boris saved “test_plan” on"):
        documents.save(plan(weeks=30), expected=opened)
    assert documents.latest(Plan).document.weeks == 20


def test_a_document_of_an_older_version_is_lifted(engagement):
    old = {"kind": "test_plan", "version": 1, "fields": {"title": "Old plan", "boss": "Olga"}}
    with pytest.raises(PlaybookError, match="boss"):
        read(Plan, {**old["fields"]}, version=2)
    lifted = {key: value for key, value in old["fields"].items() if key != "boss"}
    engagement.record.append("document/test_plan", "saved", {**old, "fields": lifted})
    assert engagement.documents.latest(Plan).document.owner == "nobody"


def test_a_document_of_a_newer_version_asks_for_the_newer_playbook():
    with pytest.raises(PlaybookError, match="newer version"):
        read(Plan, {"title": "Plan"}, version=3)


def test_every_problem_of_a_document_is_named_at_once():
    raw = {
        "titel": "Caring store",
        "targets": [
            {"name": "", "value": "0,73", "until": "31.12.2027", "light": "stopp"},
            {"name": "b", "value": -1, "until": "2027-12-31", "stores": "s1"},
        ],
        "shares": {"core": "many"},
        "weeks": 2.5,
        "is_open": "perhaps",
        "note": "BUY NOW",
        "price": [],
    }
    assert problems_of(raw) == [
        "title: is missing",
        "targets › 1 › name: must not be empty",
        "targets › 1 › value: a number is wanted, found “0,73”; write 0.73 with a point",
        "targets › 1 › until: a date such as 2026-03-01 is wanted, found “31.12.2027”",
        "targets › 1 › light: one of 'go', 'stop' is wanted, found “stopp”; did you mean “stop”?",
        "targets › 2 › value: must be above 0.0, found -1",
        "targets › 2 › stores: a list is wanted, found “s1”",
        "shares › core: a number is wanted, found “many”",
        "price: a number is wanted, found a list",
        "weeks: a whole number is wanted, found 2.5",
        "is_open: true or false is wanted, found “perhaps”",
        "note: a note is not shouted",
        "titel: is not known here; did you mean “title”?",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"weeks": 3}, "weeks: must be at least 4, found 3"),
        ({"weeks": 53}, "weeks: must be at most 52, found 53"),
        ({"title": "a"}, "title: at least 3 characters are wanted, found “a”"),
        ({"title": None}, "title: text is wanted, found nothing"),
        ({"title": True}, "title: text is wanted, found true"),
        ({"targets": None}, "targets: a list is wanted, found nothing"),
        ({"targets": [3]}, "targets › 1: a group of fields is wanted, found 3"),
        ({"shares": {"a": float("inf")}}, "shares › a: a finite number is wanted, found inf"),
        ({"price": "x" * 90}, "price: a number is wanted, found “" + "x" * 58 + "…"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_wanted(changes, told):
    assert problems_of({"title": "Plan", **changes}) == [told]


def test_something_else_than_fields_is_told():
    assert problems_of(["title"]) == ["a group of fields is wanted, found a list"]


def test_a_problem_we_have_no_sentence_for_is_still_told():
    class Page(BaseModel):
        link: HttpUrl

    with pytest.raises(ValidationError) as caught:
        Page.model_validate({"link": "no link"})
    (complaint,) = complaints(caught.value, Page, {"link": "no link"})
    assert str(complaint).startswith("link: is not right (")
    assert "“no link”" in str(complaint)


def test_variants_of_one_field_make_one_problem():
    class Either(BaseModel):
        size: int | bool

    raw = {"size": "large"}
    with pytest.raises(ValidationError) as caught:
        Either.model_validate(raw)
    (complaint,) = complaints(caught.value, Either, raw)
    assert str(complaint) == (
        "size: a whole number is wanted, found “large”, or: true or false is wanted, found “large”"
    )


def test_a_kind_that_no_chapter_has_is_not_found():
    assert of_kind("weather_forecast") is None
    assert of_kind("company") is not None


def test_a_companys_own_words_stay_as_they_are():
    assert in_readers_language(plan()).title == "Caring store"
