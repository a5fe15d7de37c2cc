from hypothesis import given
from hypothesis import strategies as st

from playbook.display.frequency import cases, spread
from playbook.text import in_language


@given(share=st.floats(0, 1))
def test_there_are_always_a_hundred_cases(share):
    markup = cases(share, good="gain", bad="loss")
    assert markup.count("<i ") == 100
    assert markup.count('class="won"') == round(share * 100)


def test_good_and_bad_cases_are_told_in_words_too():
    with in_language("en"):
        markup = cases(0.34, good="gain", bad="loss")
    assert "34 cases of 100: gain" in markup
    assert "66 cases of 100: loss" in markup


@given(low=st.floats(-1e9, 0), high=st.floats(0, 1e9))
def test_a_bar_never_leaves_its_track(low, high):
    markup = spread(low, 0.0, high, span=(-1e8, 1e8), write=str, label="Value")
    places = [float(part.partition("%")[0]) for part in markup.split("left:")[1:]]
    assert all(0 <= place <= 100 for place in places)


def test_zero_stands_where_it_belongs():
    markup = spread(-50.0, 25.0, 100.0, span=(-100.0, 300.0), write=str, label="Value")
    assert 'class="zero" style="left:25.0%"' in markup
    assert 'class="band" style="left:12.5%;width:37.5%"' in markup
