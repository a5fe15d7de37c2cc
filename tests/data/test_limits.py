"""What is missing is said where it limits a step, and is said no longer once it is there."""

import pandas as pd
import pytest

from playbook.data import dictionary
from playbook.data.columns import COLUMNS
from playbook.data.limits import limits, tables_of
from playbook.data.schema import IMPORTED
from playbook.data.storage import put
from playbook.data.tables import Tables
from playbook.run.catalogue import find

RECEIPTS = pd.DataFrame(
    {
        "receipt_id": ["1"],
        "at": pd.to_datetime(["2026-01-12 10:00"]),
        "store_id": ["s1"],
        "customer_id": ["c1"],
        "amount": [100.0],
    }
)
STORES = pd.DataFrame({"store_id": ["s1"], "region": ["north"]})


@pytest.fixture
def tables(tmp_path):
    """The tables of an engagement to which frames can be added by name."""
    folder = tmp_path / "data"
    folder.mkdir()

    def add(**frames):
        for name, frame in frames.items():
            frame.to_parquet(folder / "draft.parquet")
            put(folder, name, folder / "draft.parquet", facts={})
        return Tables(folder)

    return add


def codes(tables, step=""):
    return [limit.code for limit in limits(tables, step=step)]


def test_without_receipts_nothing_else_is_asked_for(tables):
    assert codes(tables()) == ["receipts"]
    assert codes(tables(), step="04") == []


def test_receipts_alone_leave_every_other_table_to_be_missed(tables):
    found = codes(tables(receipts=RECEIPTS))
    assert {"stores", "margins", "costs", "contacts", "store_calendar", "survey"} <= set(found)
    assert not [code for code in found if code.startswith("stores.")]


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("costs", "01"),
        ("survey", "02"),
        ("margins", "03"),
        ("customer_list", "03"),
        ("store_calendar", "06"),
        ("fidelity", "07"),
        ("issues", "07"),
        ("contacts", "08"),
        ("rollout_weeks", "11"),
    ],
)
def test_a_limit_disappears_when_its_table_arrives(tables, name, step):
    before = tables(receipts=RECEIPTS)
    assert name in codes(before, step=step)
    assert name in tables_of(step)
    assert name not in codes(tables(**{name: pd.DataFrame({"x": [1]})}), step=step)


def test_the_columns_of_a_store_are_missed_one_by_one(tables):
    found = codes(tables(receipts=RECEIPTS, stores=STORES))
    missed = {code for code in found if code.startswith("stores")}
    assert missed == {"stores.format", "stores.opened", "stores.x_km"}
    empty = STORES.assign(format=None, opened=pd.Timestamp("2019-01-06"), x_km=1.0, y_km=2.0)
    found = codes(tables(stores=empty), step="06")
    assert "stores.format" in found
    assert "stores.opened" not in found


def test_margin_of_the_receipts_is_margin_enough_and_an_empty_column_is_not(tables):
    assert "margins" in codes(tables(receipts=RECEIPTS.assign(margin=float("nan"))))
    assert "margins" in codes(tables(receipts=RECEIPTS.assign(margin=None)))
    assert "margins" not in codes(tables(receipts=RECEIPTS.assign(margin=[20.0])))


def test_every_limit_names_a_table_that_can_be_brought_and_steps_that_exist(tables):
    known = {table.name for table in IMPORTED}
    for limit in limits(tables(receipts=RECEIPTS)):
        assert limit.table in known
        assert limit.missing
        assert limit.limits.endswith(".")
        assert f"--table {limit.table}" in limit.remedy("shop")
        assert all(find(step).number == step for step in limit.steps)


def test_the_dictionary_is_complete():
    page = dictionary.page()
    for column in COLUMNS.values():
        assert column.example, column.name
        assert column.meaning.endswith(".")
    for table in IMPORTED:
        assert table.without.endswith(".")
        section = page.partition(f"## {table.name}\n")[2].partition("\n## ")[0]
        assert "Without it:" in section
        for column in table:
            assert f"| `{column.name}` |" in section
            assert f"`{column.example}`" in section
        for step in table.used_by:
            assert step in section
