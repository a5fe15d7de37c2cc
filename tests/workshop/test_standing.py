import pytest

from playbook.engagement import Engagement
from playbook.engagement.record import Record
from playbook.text import in_language
from playbook.workshop.standing import standing


@pytest.fixture
def engagement(tmp_path):
    Record.create(tmp_path / "record.sqlite")
    return Engagement(name="small", folder=tmp_path)


def ran(engagement, kind="finished", **facts):
    payload = {"reads": {}, "folder": "r", "lang": "en", "seconds": 1.0} | facts
    engagement.record.append("run/03_segmentation", kind, payload)


def now(**versions):
    """Versions of inputs as they would be read now."""
    return lambda _engagement, reads: {key: versions.get(key, v) for key, v in reads.items()}


def state(engagement, versions=None):
    return standing(engagement, "03_segmentation", number="03", versions=versions or now())


def test_a_step_without_a_run_has_not_run(engagement):
    assert state(engagement).state == "new"


def test_a_step_whose_inputs_are_the_same_is_up_to_date(engagement):
    ran(engagement, reads={"document/goals": "1"})
    assert state(engagement).state == "done"


def test_a_changed_input_overtakes_a_step_and_is_named(engagement):
    ran(engagement, reads={"document/goals": "1", "table/customers": "a"})
    found = state(engagement, now(**{"document/goals": "2"}))
    assert (found.state, found.changed) == ("stale", ("goals",))
    with in_language("en"):
        assert "since then changed: goals" in found.words


def test_a_decision_on_its_own_question_does_not_overtake_a_step(engagement):
    ran(engagement, reads={"decision/03.who_gets_what": "absent", "decision/02.goals": "1"})
    assert state(engagement, now(**{"decision/03.who_gets_what": "1"})).state == "done"
    assert state(engagement, now(**{"decision/02.goals": "2"})).state == "stale"


def test_a_step_that_stopped_says_why(engagement):
    ran(engagement, "failed", message="The goals are missing.\nRun step 02.")
    found = state(engagement)
    assert found.state == "failed"
    with in_language("en"):
        assert found.words == "Stopped: The goals are missing."


def test_every_state_has_a_shape_of_its_own(engagement):
    from playbook.workshop.standing import MARKS

    assert len(set(MARKS.values())) == len(MARKS)
