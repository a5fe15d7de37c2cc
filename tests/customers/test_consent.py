"""Who may be written to, segment by segment, nobody in particular."""

import numpy as np
import pandas as pd
import pytest

from playbook.customers import consent


def answers(today, may):
    ids = today.purchases.ids[today.behaviour.index].astype(str)
    return pd.DataFrame({"customer_id": ids, "may_contact": may})


def test_the_share_of_each_segment_is_counted(today):
    segment = today.segment.astype(str).to_numpy()
    found = consent.reach(today, answers(today, segment == "core")).segments.set_index("segment")
    assert found["may_share"].to_dict() == {
        name: 1.0 if name == "core" else 0.0 for name in today.names
    }
    assert found["n_customers"].sum() == len(segment)


def test_a_customer_who_is_not_in_the_list_is_not_written_to(today):
    half = answers(today, may=True).iloc[::2]
    found = consent.reach(today, half).segments
    assert found["n_may"].sum() == len(half)
    assert found["unknown_share"].mean() == pytest.approx(0.5, abs=0.02)


def test_few_who_agreed_are_not_shown(today):
    may = np.zeros(len(today.behaviour), dtype=bool)
    may[np.flatnonzero(today.segment.astype(str).to_numpy() == "core")[:5]] = True
    found = consent.reach(today, answers(today, may)).segments.set_index("segment")
    assert np.isnan(found.loc["core", "n_may"])
    assert np.isnan(found.loc["core", "may_share"])


def test_without_a_list_nothing_is_shown(today):
    assert not isinstance(consent.reach(today, None), consent.Reach)
