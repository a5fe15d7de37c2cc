"""A decision says what, who, why and when; the older ones stay readable."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from playbook.engagement.decisions import Decision
from playbook.engagement.record import ConflictError

CHOICE = {
    "key": "03.who_gets_what",
    "choice": "core first",
    "who": "Commercial director",
    "reason": "most of the value lies there",
    "date": dt.date(2026, 3, 1),
}


def test_the_newest_decision_is_in_force_and_the_older_ones_stay(engagement):
    decisions = engagement.decisions
    assert decisions.latest("03.who_gets_what") is None
    decisions.save(Decision(**CHOICE), expected=0)
    later = Decision(**{**CHOICE, "choice": "new first", "dissent": "marketing", "review": None})
    decided = decisions.save(later, expected=1, who="Olga")
    assert (decided.decision, decided.sequence, decided.recorded_by) == (later, 2, "Olga")
    assert decisions.latest("03.who_gets_what") == decided
    choices = [one.decision.choice for one in decisions.history("03.who_gets_what")]
    assert choices == ["core first", "new first"]
    assert [one.decision.key for one in decisions.all()] == ["03.who_gets_what"]


def test_two_who_decide_at_once_find_out(engagement):
    engagement.decisions.save(Decision(**CHOICE), expected=0, who="Boris")
    with pytest.raises(ConflictError, match=r"Boris saved “03\.who_gets_what”"):
        engagement.decisions.save(Decision(**CHOICE), expected=0)


@pytest.mark.parametrize("field", ["choice", "who", "reason"])
def test_a_decision_without_choice_role_or_reason_is_none(field):
    with pytest.raises(ValidationError):
        Decision(**{**CHOICE, field: " "})
