import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.customers.equity import equity

# Method, section 5: the story's own table of segments
STORY = pd.DataFrame(
    {
        "segment": ["core", "growing", "new", "seasonal", "sleeping"],
        "n_customers": np.array([0.18, 0.22, 0.36, 0.14, 0.10]) * 1_600_000,
        "margin": [5800.0, 2800.0, 1200.0, 1300.0, 850.0],
        "retention": [0.88, 0.76, 0.47, 0.61, 0.40],
    }
)


def test_the_story_has_7_52_bn_by_segment_and_4_18_bn_by_one_rate():
    found = equity(STORY, discount=0.18, one_margin=2359.0, one_retention=0.62)
    assert found.total == pytest.approx(7.52e9, rel=2e-3)
    assert found.one_rate == pytest.approx(4.18e9, rel=2e-3)
    assert found.too_low == pytest.approx(0.44, abs=0.006)
    assert "44" in found.headline


def test_the_averages_of_the_story_are_those_of_its_segments():
    found = equity(STORY, discount=0.18)
    assert found.one_margin == pytest.approx(2359, abs=1)
    assert found.one_retention == pytest.approx(0.62, abs=0.001)


def test_the_value_of_a_customer_per_segment_is_the_storys():
    found = equity(STORY, discount=0.18).segments
    assert found["value"].round().tolist() == [17013, 5067, 794, 1391, 436]
    # with the first margin a new customer brings 1 200 more at once
    first = found["value_with_first"] - found["value"]
    assert first.to_numpy() == pytest.approx(STORY["margin"].to_numpy())


@given(
    st.lists(st.tuples(st.floats(0.0, 0.95), st.integers(1, 10**6)), min_size=2, max_size=6),
    st.floats(0.01, 0.4),
)
def test_with_equal_margins_one_rate_never_overstates(segments, discount):
    # the multiple is convex in retention (Jensen; Fader & Hardie 2010)
    table = pd.DataFrame(segments, columns=["retention", "n_customers"])
    table = table.assign(segment=[f"s{i}" for i in range(len(table))], margin=1000.0)
    found = equity(table, discount=discount)
    assert found.between >= -1e-6 * found.total


def test_with_one_kind_of_customer_both_ways_agree():
    table = STORY.assign(margin=2359.0, retention=0.62)
    found = equity(table, discount=0.18)
    assert found.total == pytest.approx(found.one_rate)
