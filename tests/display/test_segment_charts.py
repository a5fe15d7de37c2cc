import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from playbook.display import theme
from playbook.display.charts.payouts import payout_curve
from playbook.display.charts.segments import matrix, segment_map, two_shares
from playbook.stats.payouts import Curve

SEGMENTS = pd.DataFrame(
    {
        "name": ["Core", "Growing", "New", "Seasonal", "Falling asleep"],
        "customers": [0.18, 0.22, 0.36, 0.14, 0.10],
        "revenue": [0.44, 0.26, 0.18, 0.08, 0.04],
        "r": [0.90, 0.705, 0.684, 0.465, 0.248],
        "value": [25047.0, 2558.0, 1143.0, 1103.0, 194.0],
        "n": [3600, 7400, 3400, 1400, 4200],
    }
)
WORDS = {"title": "A finding", "subtitle": "What is drawn"}


def drawn(chart, *, narrow=False):
    axes = Figure(figsize=(4.3 if narrow else 8.6, 4.4), layout="constrained").add_subplot()
    chart.draw(axes)
    return axes


def test_each_segment_has_a_bar_for_customers_and_one_for_revenue():
    axes = drawn(
        two_shares(
            SEGMENTS,
            category="name",
            first="customers",
            second="revenue",
            first_label="customers",
            second_label="revenue",
            **WORDS,
        )
    )
    lengths = [patch.get_width() for patch in axes.patches]
    assert lengths == pytest.approx([*SEGMENTS["customers"], *SEGMENTS["revenue"]])


def map_of(frame):
    return segment_map(
        frame.assign(low=frame["r"] - 0.01, high=frame["r"] + 0.01),
        category="name",
        x="r",
        x_low="low",
        x_high="high",
        y="value",
        size="n",
        hues={"Core": theme.KEPT},
        x_label="came back",
        y_label="value",
        **WORDS,
    )


def test_circles_stand_at_retention_and_value_with_area_by_number():
    axes = drawn(map_of(SEGMENTS))
    places = np.array([circle.get_offsets()[0] for circle in axes.collections])
    assert places[:, 0] == pytest.approx(SEGMENTS["r"])
    assert places[:, 1] == pytest.approx(SEGMENTS["value"])
    areas = np.array([circle.get_sizes()[0] for circle in axes.collections])
    assert areas / areas.max() == pytest.approx(SEGMENTS["n"] / 7400)


@pytest.mark.parametrize("narrow", [False, True])
def test_names_on_the_map_do_not_cover_each_other(narrow):
    axes = drawn(map_of(SEGMENTS), narrow=narrow)
    axes.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 5
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])


def test_a_segment_without_a_value_is_left_out_of_the_map():
    axes = drawn(map_of(SEGMENTS.assign(value=[np.nan, *SEGMENTS["value"][1:]])))
    assert len(axes.collections) == 4


def test_every_cell_of_the_matrix_has_its_number_and_a_hidden_one_has_none():
    names = ["Core", "New"]
    frame = pd.DataFrame([[0.6, 0.4], [np.nan, 0.9]], index=names, columns=names)
    axes = drawn(matrix(frame, x_label="later", y_label="before", **WORDS))
    words = [text.get_text().replace("\xa0", " ") for text in axes.texts]
    assert words == ["60 %", "40 %", "90 %"]


def test_the_line_of_pay_has_its_jump_at_the_threshold():
    curve = Curve(
        threshold=0.85, target=1.0, excellence=1.15, pay_at_threshold=0.5, pay_at_excellence=1.6
    )
    chart = payout_curve(
        np.linspace(0.7, 1.3, 200),
        curve=curve,
        x_label="attainment",
        y_label="pay",
        jump_words="jump of 50 %",
        **WORDS,
    )
    below, line, jump = drawn(chart).lines
    assert below.get_ydata().tolist() == [0, 0]
    assert line.get_ydata()[:3] == pytest.approx([0.5, 1.0, 1.6])
    assert jump.get_ydata().tolist() == [0, 0.5]
