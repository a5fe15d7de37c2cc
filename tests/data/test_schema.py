from pathlib import Path

import pandas as pd
import pytest

from playbook.data import dictionary, parquet
from playbook.data.columns import COLUMNS
from playbook.data.schema import TABLES, check
from playbook.data.tables import Tables
from playbook.errors import PlaybookError


def weeks(**changes):
    columns = {
        "store_id": ["a", "b"],
        "week": pd.to_datetime(["2025-01-06", "2025-01-06"]),
        "window_weeks": [12, 12],
        "n_base": [10, 20],
        "n_repeat": [5, 6],
    }
    return pd.DataFrame({**columns, **changes})


def test_a_table_as_it_should_be_passes_unchanged():
    frame = weeks(extra=["x", "y"])
    assert check(frame, "repeat_rates") is frame


def test_every_problem_is_named_at_once():
    frame = weeks(
        week=pd.to_datetime(["2025-01-06", "2025-01-07"]),
        n_base=[10.5, 20.0],
        n_repeat=[5, -6],
        store_id=["a", None],
    ).drop(columns="window_weeks")
    with pytest.raises(PlaybookError) as caught:
        check(frame, "repeat_rates")
    text = "\n".join(caught.value.problems)
    assert "window_weeks: the column is missing" in text
    assert "n_base: should be whole number, is float64" in text
    assert "store_id: 1 value is missing" in text
    assert "week: 1 value is outside Mondays" in text
    assert "n_repeat: 1 value is outside 0 or more, such as -6" in text
    assert len(caught.value.problems) == 5


def test_rows_with_the_same_key_are_counted():
    with pytest.raises(PlaybookError, match="1 row repeats the key"):
        check(weeks(store_id=["a", "a"]), "repeat_rates")


def test_shares_lie_between_nought_and_one():
    frame = pd.DataFrame(
        {
            "store_id": ["a"],
            "week": pd.to_datetime(["2025-01-06"]),
            "done_share": [1.2],
            "queue_minutes": [3.0],
        }
    )
    with pytest.raises(PlaybookError, match="done_share"):
        check(frame, "fidelity")


def test_an_empty_table_with_its_columns_passes():
    frame = weeks().head(0)
    assert check(frame, "repeat_rates") is frame


def test_every_column_of_every_table_is_in_the_dictionary_and_none_is_idle():
    used = {name for table in TABLES.values() for name in table.columns}
    assert used == set(COLUMNS)
    for table in TABLES.values():
        assert set(table.key) | set(table.optional) | set(table.nullable) <= set(table.columns)


def test_the_page_of_the_dictionary_is_what_the_code_says():
    assert dictionary.main(["--check"]) == 0


def test_a_page_that_is_out_of_date_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(dictionary, "PATH", tmp_path / "data_dictionary.md")
    assert dictionary.main(["--check"]) == 1
    assert dictionary.main([]) == 0
    assert dictionary.main(["--check"]) == 0


def test_the_tables_of_the_sample_chain_are_as_the_dictionary_says():
    source = Path(__file__).parents[2] / "data" / "sample"
    shipped = Tables(Path("not used"), source)
    for name in parquet.names(source):
        frame = check(shipped.read(name), name)
        assert set(frame.columns) <= set(TABLES[name].columns)
