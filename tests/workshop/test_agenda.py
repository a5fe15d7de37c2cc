import yaml

from playbook.run import places
from playbook.workshop.agenda import Agenda, check, late_live, session


def read(folder):
    text = (places.sample() / folder / "agenda.yaml").read_text(encoding="utf-8")
    return Agenda(**yaml.safe_load(text))


SAMPLE = read("inputs")


def test_the_session_of_the_method_takes_two_hours():
    found = session(SAMPLE)
    starts = "10:00 10:10 10:25 10:45 11:00 11:05 11:25 11:40 11:55"
    assert found.to_frame()["clock"].tolist() == starts.split()
    assert found.clock(found.blocks["end"].max()) == "12:00"
    assert check(SAMPLE).items == ()


def test_the_function_that_nobody_speaks_for_is_named():
    found = session(SAMPLE)
    assert found.missing == ("hr",)
    assert found.headline.endswith("Nobody speaks for HR.")


def test_ten_minutes_late_shorten_the_work_in_pairs_and_the_scaling_but_never_the_close():
    found = session(SAMPLE, minutes_late=10)
    minutes = dict(zip(found.blocks["title"], found.blocks["minutes"], strict=True))
    assert minutes["Scaling"] == 10
    assert minutes["Segments and personal care"] == 10
    assert minutes["Close"] == 5
    assert found.blocks["end"].max() == 120
    assert found.overrun == 0


def test_what_no_cut_can_save_is_said():
    found = session(SAMPLE, minutes_late=20)
    assert found.overrun == 8
    assert "8 minutes too long" in " ".join(found.warnings)


def test_the_slider_names_what_is_cut():
    live = late_live(SAMPLE)
    assert "In time" in live.markup(late=0)
    assert "“Scaling” to 10 minutes" in live.markup(late=5)


def test_the_practice_session_is_found_too_long_and_without_a_close():
    found = {item.rule for item in check(read("inputs_with_defects")).items}
    assert found == {"length", "no_close"}
    assert len(session(read("inputs_with_defects")).missing) == 5
