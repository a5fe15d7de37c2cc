import pandas as pd
import pytest

from playbook.data.coverage import of_weeks
from playbook.display.theme import LOST

MONDAYS = pd.date_range("2025-01-06", periods=10, freq="7D")


def weeks(stores, n=50, *, leave_out=()):
    rows = [
        (store, week, n) for store in stores for week in MONDAYS if (store, week) not in leave_out
    ]
    return pd.DataFrame(rows, columns=["store_id", "week", "n"])


def test_a_full_map_has_no_gaps_and_says_so():
    found = of_weeks(weeks(["a", "b"]))
    assert (found.n_with_gaps, found.n_jumps) == (0, 0)
    assert found.title == "2 stores have rows in every week from their first to their last"
    assert len(found.cells) == 20
    assert set(found.cells["ratio"]) == {1.0}


def test_a_week_without_rows_inside_a_stores_life_is_a_gap_and_outside_it_is_not():
    inside, before = ("a", MONDAYS[4]), [("b", week) for week in MONDAYS[:3]]
    found = of_weeks(weeks(["a", "b"], leave_out=[inside, *before]))
    gone = found.cells[found.cells["missing_share"] > 0]
    assert gone["week"].tolist() == [MONDAYS[4]]
    assert found.n_with_gaps == 1
    assert found.bands["label"].tolist() == ["a", "b"]


def test_a_store_that_sells_now_and_then_has_no_gaps():
    found = of_weeks(weeks(["a"], n=3, leave_out=[("a", MONDAYS[4])]))
    assert (found.n_with_gaps, found.n_small) == (0, 1)
    assert "cannot be told" in found.title
    mixed = of_weeks(pd.concat([weeks(["a"], n=3), weeks(["b"])]))
    assert mixed.title == "1 store has rows in every week from its first to its last"
    assert "1 store with fewer than 10 rows" in mixed.subtitle


def test_a_week_far_above_the_usual_one_is_a_jump():
    rows = weeks(["a", "b"])
    rows.loc[3, "n"] = 150
    found = of_weeks(rows)
    assert found.n_jumps == 1
    assert "far above" in found.title


def test_many_stores_are_put_into_bands_and_no_row_is_lost():
    stores = [f"s{i:03d}" for i in range(150)]
    found = of_weeks(weeks(stores, leave_out=[("s000", MONDAYS[5])]), most_bands=60)
    assert len(found.bands) == 60
    assert found.bands["n_stores"].sum() == 150
    assert found.cells["n"].sum() == found.weeks["n"].sum() == 150 * 10 * 50 - 50
    assert "150 stores in 60 bands" in found.subtitle
    share = found.cells["missing_share"].max()
    assert share == pytest.approx(1 / found.bands["n_stores"].iloc[-1], abs=0.2)


def test_a_gap_is_drawn_in_the_colour_of_what_is_lost():
    found = of_weeks(weeks(["a", "b"], leave_out=[("a", MONDAYS[4])]))
    assert LOST.lower() in found.plot().svg()
    assert LOST.lower() not in of_weeks(weeks(["a", "b"])).plot().svg()
