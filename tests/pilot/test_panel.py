import datetime as dt

import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.pilot.panel import panel, rates


def history(values):
    weeks = pd.date_range("2025-01-06", periods=len(values[0]), freq="7D")
    return pd.DataFrame(
        {
            "store_id": np.repeat([f"S{i}" for i in range(len(values))], len(weeks)),
            "week": np.tile(weeks, len(values)),
            "revenue": np.array(values, float).ravel(),
        }
    )


def test_store_weeks_that_are_there_twice_are_named():
    table = history([[1, 2, 3], [4, 5, 6]])
    with pytest.raises(PlaybookError) as refused:
        panel(pd.concat([table, table.iloc[[1]]]), value="revenue")
    assert refused.value.problems == ("1 store-week is there more than once: S0 13 Jan 2025.",)


def test_a_kpi_that_never_changes_is_refused():
    with pytest.raises(PlaybookError) as refused:
        panel(history([[7, 7], [7, 7]]), value="revenue")
    assert "no difference can be measured" in refused.value.problems[0]


def test_weeks_must_start_on_a_monday():
    table = history([[1, 2]])
    table["week"] += pd.Timedelta(days=1)
    with pytest.raises(PlaybookError) as refused:
        panel(table, value="revenue")
    assert refused.value.problems == ("Weeks start on Monday; 7 Jan 2025 is not one.",)


def test_missing_columns_and_an_empty_table_are_refused():
    with pytest.raises(PlaybookError) as refused:
        panel(history([[1, 2]]).drop(columns="week"), value="sales")
    assert refused.value.problems == ("week", "sales")
    with pytest.raises(PlaybookError, match="empty"):
        panel(history([[1, 2]]).iloc[:0], value="revenue")


def test_all_problems_of_a_table_are_told_at_once():
    table = history([[7, 7, 7]])
    table.loc[0, "week"] = pd.Timestamp("2025-01-13")
    table.loc[2, "week"] = pd.Timestamp("2025-01-21")
    with pytest.raises(PlaybookError) as refused:
        panel(table, value="revenue")
    assert len(refused.value.problems) == 3


def test_a_week_without_data_is_a_gap_not_a_shift():
    table = history([[1, 2, 3], [4, 5, 6]]).drop(index=1)
    found = panel(table, value="revenue")
    assert np.isnan(found.grid[0, 1])
    assert found.is_complete().tolist() == [False, True]


@pytest.mark.parametrize(("window", "n"), [(0, 3), (1, 3), (2, 2), (3, 1)])
def test_a_value_that_looks_ahead_is_not_known_before_its_window_is_over(window, n):
    found = panel(history([[1, 2, 3, 4, 5]]), value="revenue")
    assert len(found.before(dt.date(2025, 1, 27), window_weeks=window).weeks) == n


def test_repeat_rates_are_customers_back_over_customers():
    table = pd.DataFrame(
        {
            "store_id": ["S1", "S1", "S1"],
            "week": pd.to_datetime(["2025-01-06", "2025-01-13", "2025-01-06"]),
            "window_weeks": [12, 12, 4],
            "n_base": [200, 0, 100],
            "n_repeat": [140, 0, 30],
        }
    )
    found = rates(table, window_weeks=12)["repeat_rate"]
    assert found.iloc[0] == 0.7
    assert np.isnan(found.iloc[1])
    with pytest.raises(PlaybookError, match="over 8 weeks"):
        rates(table, window_weeks=8)
