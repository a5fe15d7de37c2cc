import re

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart, is_narrow
from playbook.display.charts import bars, distribution, intervals, lines, tornado
from playbook.text import in_language

FRAME = pd.DataFrame({"segment": ["Ядро", "Новички"], "value": [4.1e9, -2e8]})


def drawn(chart: Chart, *, narrow: bool = False):
    from matplotlib.figure import Figure

    ax = Figure(figsize=(4 if narrow else 9, 4)).add_subplot()
    chart.draw(ax)
    return ax


def chart_of_bars(**changes) -> Chart:
    options = {"category": "segment", "value": "value", "unit": "money_short"}
    return bars(FRAME, title="Core carries the base", subtitle="RUB", **(options | changes))


def test_bars_are_as_long_as_their_values_and_in_the_order_of_the_frame():
    lengths = [bar.get_width() for bar in drawn(chart_of_bars()).patches]
    assert lengths == [4.1e9, -2e8]


def test_values_beside_bars_follow_the_readers_language():
    with in_language("en"):
        texts = [t.get_text().replace("\xa0", " ") for t in drawn(chart_of_bars()).texts]
    assert texts == ["₽4.1 bn", "−₽200 m"]


def test_a_chart_is_in_the_page_wide_and_narrow_with_its_finding_as_text():
    page = chart_of_bars()._repr_html_()
    assert page.count("<svg") == 2
    assert '<div class="title">Core carries the base</div>' in page
    assert 'aria-label="Core carries the base"' in page


def test_no_two_drawings_on_a_page_share_an_id():
    ids = re.findall(r'\bid="([^"]+)"', chart_of_bars().markup)
    assert len(ids) == len(set(ids))
    wanted = set(re.findall(r"url\(#([^)]+)\)", chart_of_bars().markup))
    assert wanted <= set(ids)


def test_ink_follows_the_theme_of_the_page_but_not_of_a_print():
    assert "var(--pb-ink" in chart_of_bars().svg()
    assert chart_of_bars().png()[:4] == b"\x89PNG"


def test_the_same_chart_is_the_same_text_every_time():
    assert chart_of_bars().svg() == chart_of_bars().svg()


def test_the_drawing_knows_its_width():
    assert is_narrow(drawn(chart_of_bars(), narrow=True))
    assert not is_narrow(drawn(chart_of_bars()))


def test_lines_carry_their_data_and_their_names_at_the_end():
    frame = pd.DataFrame({"year": [0, 1, 2], "base": [1600.0, 1500.0, 1400.0]})
    chart = lines(
        frame,
        x="year",
        y=["base"],
        title="t",
        subtitle="s",
        labels={"base": "at 62 %"},
        hues={"base": theme.LOST},
    )
    ax = drawn(chart)
    assert ax.lines[0].get_ydata().tolist() == [1600.0, 1500.0, 1400.0]
    assert "at 62 %" in [t.get_text() for t in ax.texts]
    assert ax.get_ylim()[0] == 0


def test_every_estimate_is_drawn_with_its_interval():
    frame = pd.DataFrame({"s": ["new"], "v": [0.032], "lo": [0.01], "hi": [0.05]})
    ax = drawn(
        intervals(frame, category="s", value="v", low="lo", high="hi", title="t", subtitle="s")
    )
    assert [round(float(x), 3) for x in ax.lines[0].get_xdata()] == [0.01, 0.05]


def test_a_distribution_says_how_often_there_is_a_loss():
    values = np.concatenate([np.full(30, -1.0), np.full(70, 2.0)])
    ax = drawn(distribution(values, title="t", subtitle="s", below="loss", above="gain"))
    texts = [t.get_text().replace("\xa0", " ").replace("\n", " ") for t in ax.texts]
    assert texts == ["30 % loss", "70 % gain"]


def test_a_tornado_bar_reaches_from_low_to_high():
    frame = pd.DataFrame({"i": ["effect"], "lo": [-100.0], "hi": [80.0]})
    ax = drawn(
        tornado(frame, category="i", low="lo", high="hi", base=10.0, title="t", subtitle="s")
    )
    ends = sorted({patch.get_x() + patch.get_width() for patch in ax.patches})
    assert ends == [-100.0, 80.0]
