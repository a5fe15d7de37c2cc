import copy
import datetime as dt

import pandas as pd
import pytest
import yaml

from playbook.engagement import Engagement
from playbook.engagement.documents import read
from playbook.errors import PlaybookError
from playbook.pilot.charter import Charter, CharterDraft, PilotGuardrail
from playbook.pilot.envelope import Envelope, opened, propose, sealed, settle
from playbook.pilot.panel import rates
from playbook.pilot.power import power
from playbook.pilot.zone import matched_pairs

END = dt.date(2026, 4, 19)  # last day of week 16


@pytest.fixture
def engagement(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path))
    return Engagement.create("trial")


def test_a_plan_that_cannot_be_is_refused_with_every_reason(make):
    raw = copy.deepcopy(make.draft)
    raw |= {"start": make.start.replace(day=30), "weeks": 14, "looks_weeks": [16]}
    with pytest.raises(PlaybookError) as refused:
        read(CharterDraft, raw)
    text = str(refused.value)
    assert "starts on a Monday" in text
    assert "need 15 weeks; the pilot has 14" in text
    assert "after week 16" in text


def test_go_must_need_more_than_adjust(make):
    raw = copy.deepcopy(make.draft) | {"rule": {"go_from": 0.3, "adjust_from": 0.5}}
    with pytest.raises(PlaybookError, match="draft") as refused:
        read(CharterDraft, raw)
    assert "must lie below" in str(refused.value)


def test_a_store_in_two_pairs_is_refused(make, pairs):
    with pytest.raises(ValueError, match="S001 is listed twice"):
        make.charter([("S001", "S003"), ("S001", "S005")])


def test_a_charter_needs_both_arms(make, pairs):
    raw = make.charter(pairs).to_raw()
    raw["stores"] = [store | {"arm": "treated"} for store in raw["stores"]]
    with pytest.raises(ValueError, match="pilot stores and control stores"):
        Charter.model_validate(raw)


@pytest.mark.parametrize(
    ("side", "value", "state"),
    [("at_most", 4.0, "green"), ("at_most", 4.1, "amber"), ("at_most", 6.1, "red")],
)
def test_a_guardrail_turns_amber_beyond_the_limit_and_red_beyond_the_alarm(side, value, state):
    guard = PilotGuardrail(
        id="q", name="Queue", metric="queue_minutes", side=side, limit=4.0, alarm=6.0
    )
    assert guard.state(value) == state


def test_a_guardrail_may_look_the_other_way():
    guard = PilotGuardrail(
        id="b", name="Basket", metric="basket", side="at_least", limit=0.97, alarm=0.92
    )
    assert [guard.state(v) for v in (0.98, 0.95, 0.90)] == ["green", "amber", "red"]


def test_charter_and_draft_survive_yaml(charter):
    again = Charter.from_raw(yaml.safe_load(yaml.safe_dump(charter.to_raw())), version=1)
    assert again == charter


def test_the_proposed_charter_holds_the_drawn_stores_and_what_they_can_detect(make, stores):
    draft = CharterDraft.model_validate(make.draft)
    history = rates(make.rates(), window_weeks=12)
    zone = matched_pairs(stores, history, n_pairs=12, seed=7, start=draft.start, window_weeks=12)
    found = power(
        stores, history, size=12, timing=draft.timing, rules=draft.rules, seed=7, sizes=(),
        break_even=0.02,
    )  # fmt: skip
    proposed = propose(draft, zone, found)
    assert {s.store_id for s in proposed.stores} == set(zone.assignment["store_id"])
    assert proposed.mde == pytest.approx(found.mde, abs=5e-5)
    assert proposed.break_even == 0.02
    assert proposed.break_even_adjusted is None


def test_nothing_is_sealed_before_somebody_wants_it(engagement, charter):
    assert not settle(engagement, charter).is_sealed
    with pytest.raises(PlaybookError, match="no sealed charter"):
        sealed(engagement)


@pytest.mark.parametrize(("day", "is_late"), [("2025-12-28", False), ("2025-12-29", True)])
def test_a_seal_of_a_running_pilot_does_not_claim_to_precede_it(charter, day, is_late):
    found = Envelope(
        charter=charter, hash="a" * 64, at=f"{day}T09:00:00+00:00", who="lead",
        amendments=pd.DataFrame({"at": [], "who": [], "reason": [], "is_blind": []}),
    )  # fmt: skip
    assert charter.start == dt.date(2025, 12, 29)
    assert ("before the start" in found.headline) is not is_late
    assert any("after the pilot had started" in line for line in found.warnings) is is_late


def test_a_sealed_charter_stands_and_differences_are_named(engagement, charter):
    assert settle(engagement, charter, seal=True).is_sealed
    other = charter.model_copy(update={"weeks": 20, "stores": charter.stores[2:]})
    stands = settle(engagement, other, seal=True)
    assert stands.charter == charter
    assert "this page's design differs" in stands.headline
    assert any(line == "Weeks: sealed 16, here 20." for line in stands.differences)
    assert settle(engagement, charter).differences == ()


def test_a_charter_that_cannot_see_break_even_is_not_sealed(engagement, make, pairs):
    blind = make.charter(pairs, mde=0.025)
    with pytest.raises(PlaybookError, match="could not answer") as refused:
        settle(engagement, blind, seal=True)
    assert "+2.50" in refused.value.problems[0]
    assert engagement.seals.sealed("charter") is None


def test_a_charter_changed_after_sealing_does_not_open(engagement, charter):
    settle(engagement, charter, seal=True)
    engagement.documents.save(charter.model_copy(update={"weeks": 20}))
    with pytest.raises(PlaybookError, match="changed after it had been sealed"):
        opened(engagement, as_of=END)


def test_a_charter_sealed_after_the_outcome_was_read_does_not_open(engagement, charter):
    engagement.seals.read_outcome("charter")
    settle(engagement, charter, seal=True)
    with pytest.raises(PlaybookError, match="after the outcome had been read"):
        opened(engagement, as_of=END)


def test_an_amendment_stays_visible_with_its_order(engagement, charter):
    settle(engagement, charter, seal=True)
    longer = charter.model_copy(update={"weeks": 20})
    engagement.seals.amend("charter", longer.to_raw(), reason="A holiday", who="Lead")
    engagement.documents.save(longer)
    assert opened(engagement, as_of=END).charter.weeks == 20
    later = longer.model_copy(update={"weeks": 24})
    engagement.seals.amend("charter", later.to_raw(), reason="More data", who="Lead")
    engagement.documents.save(later)
    notes = opened(engagement, as_of=END).warnings
    assert any("before the outcome was read: A holiday" in line for line in notes)
    assert any("AFTER the outcome was read: More data" in line for line in notes)


def test_the_outcome_is_not_read_before_the_planned_look_and_nothing_is_noted(engagement, charter):
    settle(engagement, charter, seal=True)
    with pytest.raises(PlaybookError, match="after week 16") as refused:
        opened(engagement, as_of=END - dt.timedelta(days=1))
    assert refused.value.problems == (
        "Needed are data up to 19 Apr 2026; they end on 18 Apr 2026.",
    )
    assert engagement.seals.outcome("charter") is None


def test_opening_notes_that_the_outcome_was_read_once(engagement, charter):
    settle(engagement, charter, seal=True)
    assert engagement.seals.outcome("charter") is None
    opened(engagement, as_of=END)
    first = engagement.seals.outcome("charter")
    opened(engagement, as_of=END)
    assert engagement.seals.outcome("charter") == first


def test_the_charter_says_what_the_pilot_sees_and_what_is_needed(engagement, make, pairs):
    story = make.charter(pairs, mde=0.0165, break_even=0.0192, break_even_adjusted=0.0153)
    text = " ".join(settle(engagement, story).to_frame()["text"])
    assert "The pilot sees +1.65" in text
    assert "pays from +1.92" in text
    assert "it pays from +1.53" in text
