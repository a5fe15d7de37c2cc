import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.pilot.charter import CharterDraft
from playbook.pilot.hand_picked import hand_picked


@pytest.fixture
def draft(make):
    return CharterDraft.model_validate(make.draft)


def history(*, persistent, noise, seed=1, n=200):
    """Stores with a level of their own and luck that is new every twelve weeks."""
    rng = np.random.default_rng(seed)
    weeks = pd.date_range("2024-01-01", periods=93, freq="7D")
    level = rng.normal(0.7, persistent, n)
    luck = np.repeat(rng.normal(0, noise, (n, 9)), 12, axis=1)[:, : len(weeks)]
    return pd.DataFrame(
        {
            "store_id": np.repeat([f"S{i:03d}" for i in range(n)], len(weeks)),
            "week": np.tile(weeks, n),
            "repeat_rate": (level[:, None] + luck).ravel(),
        }
    )


def worst(table, n=10):
    last = table[table["week"] == table["week"].max()]
    return last.nsmallest(n, "repeat_rate")["store_id"].tolist()


def test_the_worst_stores_gain_by_themselves_what_was_luck(draft):
    # half of the variance is luck, so half of the distance comes back
    table = history(persistent=0.02, noise=0.02)
    found = hand_picked(draft, table, stores=worst(table))
    assert found.kept == pytest.approx(0.5, abs=0.1)
    assert found.drift == pytest.approx(-0.5 * found.gap, rel=0.25)
    assert "weak time" in found.headline
    assert "Let a draw decide" in found.warnings[0]


def test_stores_that_are_always_weak_stay_where_they_are(draft):
    table = history(persistent=0.02, noise=0.0005)
    found = hand_picked(draft, table, stores=worst(table))
    assert found.kept > 0.98
    assert abs(found.drift) < 0.001


def test_all_stores_bring_nothing_by_themselves(draft):
    table = history(persistent=0.02, noise=0.02)
    found = hand_picked(draft, table, stores=table["store_id"].unique().tolist())
    assert found.drift == pytest.approx(0.0, abs=1e-9)
    assert found.warnings == []


def test_where_nobody_picked_the_weakest_serve_as_example(draft):
    table = history(persistent=0.02, noise=0.02)
    found = hand_picked(draft, table)
    assert set(found.stores["store_id"]) == set(worst(table, 12))
    assert "Had somebody picked the 12 weakest stores" in found.headline


def test_stores_without_history_are_refused(draft):
    table = history(persistent=0.02, noise=0.02)
    with pytest.raises(PlaybookError) as refused:
        hand_picked(draft, table, stores=["S001", "X9"])
    assert refused.value.problems == ("X9",)
