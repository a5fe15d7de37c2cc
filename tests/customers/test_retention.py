import pandas as pd

from playbook.customers.purchases import Window
from playbook.customers.retention import SegmentRetention


def seen(core: float, sleeping: float) -> SegmentRetention:
    rows = pd.DataFrame(
        {
            "segment": ["core", "sleeping"],
            "n_base": [100, 50],
            "n_again": [100 * core, 50 * sleeping],
            "retention": [core, sleeping],
            "low": [core - 0.05, 0.0],
            "high": [min(core + 0.05, 1.0), sleeping + 0.05],
        }
    )
    base = Window(end=19_833, weeks=52)  # the day after 19 April 2024
    again = Window(end=base.end + 364, weeks=52)
    return SegmentRetention(segments=rows, base=base, again=again)


def test_the_best_segment_is_told_as_a_multiple_of_the_worst():
    assert "3.0 times as often" in seen(0.90, 0.30).plot().title


def test_a_segment_from_which_nobody_came_back_is_told_without_a_multiple():
    assert "nobody came back" in seen(0.90, 0.0).plot().title
