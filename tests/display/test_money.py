"""Waterfalls, stocks and curves: what stands on their axes."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from playbook.display.charts.curves import Mark, curve
from playbook.display.charts.money import stacked, waterfall
from playbook.text import in_language


@pytest.fixture(autouse=True)
def _english():
    with in_language("en"):
        yield


def drawn(chart):
    axes = Figure(figsize=(8.6, 4)).add_subplot()
    chart.draw(axes)
    return axes


def test_each_step_starts_where_the_last_one_ended_and_the_total_at_zero():
    steps = pd.DataFrame({"part": ["benefit", "costs"], "money": [300.0, -420.0]})
    axes = drawn(
        waterfall(steps, category="part", value="money", total="left", title="", subtitle="")
    )
    spans = [sorted((bar.get_x(), bar.get_x() + bar.get_width())) for bar in axes.patches]
    assert spans == [[0, 300], [-120, 300], [-120, 0]]
    assert [text.get_text() for text in axes.texts] == ["₽300", "−₽420", "−₽120"]


def test_stocks_lie_on_top_of_each_other():
    years = pd.DataFrame({"year": [0, 1], "a": [1e6, 2e6], "b": [3e6, 2e6]})
    labels, hues = {"a": "active", "b": "lapsed"}, {"a": "#009E73", "b": "#7A7F87"}
    chart = stacked(years, x="year", y=["a", "b"], title="", subtitle="", labels=labels, hues=hues)
    axes = drawn(chart)
    top = axes.collections[1].get_paths()[0].vertices[:, 1].max()
    assert top == pytest.approx(4e6)
    words = [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in axes.texts]
    assert words == ["active 2.00 m", "lapsed 2.00 m"]


def test_a_curve_carries_its_points_and_levels():
    frame = pd.DataFrame({"x": [0.0, 10.0], "y": [5.0, 1.0]})
    mark = Mark(x=5, y=3, words="here", hue="#D55E00", side="upper right")
    axes = drawn(
        curve(frame, x="x", y="y", title="", subtitle="", marks=[mark], levels={"need": 3})
    )
    assert [text.get_text() for text in axes.texts] == ["need", "here"]
    assert axes.lines[1].get_ydata()[0] == 3
    assert axes.get_ylim()[0] == 0
