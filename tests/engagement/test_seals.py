"""A rule that is sealed before the outcome decides; a change of it is never hidden."""

from __future__ import annotations

import pytest

from playbook.engagement.seals import Seals, fingerprint, sealing, withdrawing
from playbook.errors import PlaybookError

CHARTER = {"rule": {"green": 0.6}, "weeks": 16}
LOOSER = {"rule": {"green": 0.4}, "weeks": 16}


@pytest.fixture
def seals(record):
    return Seals(record)


def test_the_hash_is_that_of_the_canonical_text():
    # sha256 of {"a":1}, computed by sha256sum
    assert fingerprint({"a": 1}).startswith("015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5ce")


def test_what_is_sealed_stays_and_can_be_sealed_again_only_unchanged(seals):
    seal = seals.seal("charter", CHARTER, who="Olga")
    assert (seal.payload, seal.who, seal.is_first) == (CHARTER, "Olga", True)
    assert seals.seal("charter", dict(reversed(CHARTER.items()))) == seal
    with pytest.raises(PlaybookError, match="sealed already, with another content"):
        seals.seal("charter", LOOSER)
    assert seals.check("charter", CHARTER) == seal


def test_an_amendment_is_visible_and_from_then_on_in_force(seals):
    seals.seal("charter", CHARTER)
    seals.read_outcome("charter")
    seal = seals.amend("charter", LOOSER, reason="the board insists", who="Boris")
    (amendment,) = seal.amendments
    assert (amendment.reason, amendment.who, amendment.is_blind) == (
        "the board insists",
        "Boris",
        False,
    )
    assert seal.payload == CHARTER
    assert seal.in_force == LOOSER
    seals.check("charter", LOOSER)
    with pytest.raises(PlaybookError, match="was changed after it had been sealed"):
        seals.check("charter", CHARTER)


def test_an_amendment_before_the_outcome_is_blind(seals):
    seals.seal("charter", CHARTER)
    assert seals.amend("charter", LOOSER, reason="fewer stores").amendments[0].is_blind


def test_an_amendment_needs_a_seal_a_change_and_a_reason(seals):
    with pytest.raises(PlaybookError, match="is not sealed"):
        seals.amend("charter", LOOSER, reason="x")
    seals.seal("charter", CHARTER)
    with pytest.raises(PlaybookError, match="Nothing is changed"):
        seals.amend("charter", CHARTER, reason="x")
    with pytest.raises(PlaybookError, match="needs a reason"):
        seals.amend("charter", LOOSER, reason="  ")


def test_a_rule_sealed_after_the_outcome_was_read_is_refused(seals):
    first = seals.read_outcome("charter")
    assert seals.read_outcome("charter") == first
    assert not seals.seal("charter", CHARTER).is_first
    with pytest.raises(PlaybookError, match="after the outcome had been read"):
        seals.check("charter", CHARTER)


def test_without_a_seal_nothing_can_be_checked(seals):
    with pytest.raises(PlaybookError, match="is not sealed"):
        seals.check("charter", CHARTER)


def test_a_new_round_begins_with_a_seal_of_its_own(seals, record):
    seals.seal("charter", CHARTER)
    seals.read_outcome("charter")
    record.append_all([withdrawing("charter"), sealing("charter", LOOSER)])
    seal = seals.sealed("charter")
    assert (seal.payload, seal.is_first, seal.amendments) == (LOOSER, True, ())
    assert seals.outcome("charter") is None
