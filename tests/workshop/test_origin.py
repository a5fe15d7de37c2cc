from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pytest

from playbook.display.result import Result
from playbook.engagement.results import Provenance, Stored
from playbook.text import in_language
from playbook.workshop.origin import origins


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer(Result):
    value: float

    @property
    def headline(self):
        return "It is so."

    def to_frame(self):
        return pd.DataFrame({"value": [self.value]})

    @property
    def formula(self):
        return "value = 1 + 1"


@pytest.fixture
def stored():
    return Stored(
        result=Answer(value=2.0),
        hash="ab",
        provenance=Provenance(
            step="05_business_case",
            reads={"document/value_model": "1", "result/playbook.pilot.effect:Effect": "c"},
            data_until="2026-04-19",
        ),
        at="2026-04-20T08:00:00+00:00",
        who="analyst",
    )


def told(stored, *, owner="", now="2026-04-23T09:00:00+00:00"):
    with in_language("en"):
        return origins(
            {"Value": stored}, owner=lambda _step: owner, now=datetime.fromisoformat(now)
        )


def test_formula_inputs_owner_and_age_are_one_click_below(stored):
    text = told(stored, owner="Head of finance")
    assert text.startswith("<details>")
    assert "Formula: value = 1 + 1" in text
    assert "input “value_model”, result “Effect”" in text
    assert "Owner: Head of finance" in text
    assert "3 days ago" in text
    assert "data until 19 Apr 2026" in text


def test_without_a_result_there_is_nothing_to_unfold():
    assert origins({}, owner=lambda _step: "", now=datetime.now().astimezone()) == ""


def test_a_number_without_an_owner_says_so(stored):
    assert "nobody is named" in told(stored)


def test_a_number_of_today_is_not_called_zero_days_old(stored):
    text = told(stored, now="2026-04-20T10:00:00+00:00")
    assert "(today)" in text
    assert "0 days" not in text
