import pytest

from playbook.display.live import Live, Slider
from playbook.errors import PlaybookError
from playbook.text import in_language


def answer(*, retention: float, cost: float) -> str:
    if cost > 100:
        raise PlaybookError("That is more than there is.")
    return f"<p>{retention:.2f} at {cost:.0f}</p>"


LIVE = Live(
    answer,
    {
        "retention": Slider("Retention", 0.62, 0.4, 0.9, 0.01, unit="share"),
        "cost": Slider("Cost", 60, 0, 200, 5, unit="money_short"),
    },
)


def test_without_sliders_the_first_answer_stands_there():
    assert "<p>0.62 at 60</p>" in LIVE.markup()


def test_moving_a_slider_changes_the_answer_and_its_value():
    widget = LIVE.widget()
    bar, place = widget.children
    label, slider, shown = bar.children[0].children
    assert label.value == "Retention"
    slider.value = 0.7
    assert "<p>0.70 at 60</p>" in place.value
    assert shown.value.replace("\xa0", " ") == "70 %"


def test_a_mistake_is_said_in_the_place_of_the_answer():
    assert "That is more than there is." in LIVE.markup(cost=150)


@pytest.mark.parametrize(
    ("slider", "value", "text"),
    [
        (Slider("r", 0.62, 0, 1, 0.005, unit="share"), 0.625, "62.5 %"),
        (Slider("e", 0.019, 0, 1, 0.001, unit="points"), 0.019, "+1.9 pp"),
        (Slider("n", 12, 0, 24, 1), 12, "12"),
        (Slider("m", 1.5, 0, 3, 0.25), 1.25, "1.25"),
    ],
)
def test_a_slider_writes_its_value_in_its_unit(slider, value, text):
    with in_language("en"):
        assert slider.show(value).replace("\xa0", " ") == text
