"""What a table elsewhere must be like, and what is said when it is not; shown with DuckDB."""

import datetime as dt
from decimal import Decimal

import duckdb
import pyarrow.parquet as pq
import pytest

from playbook.data.warehouse import Warehouse
from playbook.errors import PlaybookError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
GOOD = {
    "receipt_id": "'r1'",
    "at": "TIMESTAMP '2024-01-01 10:00'",
    "store_id": "'s1'",
    "customer_id": "'anna'",
    "amount": "9.99::DECIMAL(12, 2)",
}


@pytest.fixture
def source(tmp_path):
    """A function that writes a table by SQL and opens it as a source."""
    opened = []

    def make(*rows, stated="", **columns):
        file = tmp_path / f"shop{len(opened)}.db"
        texts = [GOOD | columns | row for row in rows or [{}]]
        query = " UNION ALL ".join(
            "SELECT " + ", ".join(f'{value} AS "{name}"' for name, value in row.items() if value)
            for row in texts
        )
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"CREATE TABLE receipts AS {query}")
        warehouse = Warehouse(f"duckdb://{file}?table=receipts{stated}", tmp_path, tmp_path / "c")
        opened.append(warehouse)
        return warehouse

    yield make
    for warehouse in opened:
        warehouse.close()


def rows_of(warehouse, tmp_path):
    warehouse.look()
    target = tmp_path / "rows.parquet"
    warehouse.bring(warehouse.receipts(), target, order=("at",))
    return pq.read_table(target).to_pylist()


def test_numbers_as_ids_and_days_without_a_time_are_taken(source, tmp_path):
    (row,) = rows_of(
        source(
            receipt_id="17",
            store_id="330::SMALLINT",
            customer_id="4600001::DECIMAL(20, 0)",
            at="DATE '2024-01-01'",
        ),
        tmp_path,
    )
    assert row == {
        "receipt_id": "17",
        "at": dt.datetime(2024, 1, 1),  # noqa: DTZ001 - the store's own time
        "store_id": "330",
        "customer_id": "4600001",
        "amount": Decimal("9.99"),
    }


def test_a_customer_of_blanks_is_none_and_other_blanks_stay(source, tmp_path):
    rows = rows_of(
        source(
            {"receipt_id": "1", "customer_id": "'  '"},
            {"receipt_id": "2", "customer_id": "' a '"},
            {"receipt_id": "3", "customer_id": "''"},
        ),
        tmp_path,
    )
    assert [row["customer_id"] for row in rows].count(None) == 2
    assert " a " in {row["customer_id"] for row in rows}


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("customer_id", "4.6e12::DOUBLE", "an id must be text or a whole number"),
        ("at", "'01.02.2024'", "must be a date or a timestamp"),
        ("at", "TIMESTAMPTZ '2024-01-01 10:00:00+03'", "zone=Europe/Moscow"),
        ("amount", "9.99::DOUBLE", "money=round"),
        ("amount", "'9,99'", "must be a number"),
    ],
)
def test_a_type_that_cannot_be_trusted_is_named(source, column, value, words):
    with pytest.raises(PlaybookError) as caught:
        source(**{column: value}).look()
    (problem,) = caught.value.problems
    assert problem.startswith(f"{column} ({column})")
    assert words in problem


def test_columns_that_are_missing_are_all_named_with_those_that_are_there(source):
    with pytest.raises(PlaybookError) as caught:
        source({"amount": "", "store_id": "", "x": "1"}).look()
    assert "receipts has: receipt_id, at, customer_id, x" in caught.value.problems
    assert [one.partition(" ")[0] for one in caught.value.problems[1:]] == ["store_id", "amount"]
    assert "map=store_id:HEADING" in caught.value.advice


def test_a_stated_column_wins(source, tmp_path):
    (row,) = rows_of(source(net="5.00::DECIMAL(9, 2)", stated="&map=amount:net"), tmp_path)
    assert row["amount"] == 5


def test_money_in_binary_is_rounded_when_stated_and_counted(source, tmp_path):
    warehouse = source(
        {"receipt_id": "1", "amount": "0.1::DOUBLE + 0.2::DOUBLE"},
        {"receipt_id": "2", "amount": "1.005::DOUBLE"},
        {"receipt_id": "3", "amount": "-1.234::DOUBLE"},
        stated="&money=round",
    )
    sums = sorted(row["amount"] for row in rows_of(warehouse, tmp_path))
    assert sums == [Decimal("-1.23"), Decimal("0.30"), Decimal("1.01")]
    assert warehouse.look().n_uneven == 2  # three tenths are a whole number of hundredths


def test_decimals_finer_than_a_hundredth_are_refused_unless_stated(source):
    with pytest.raises(PlaybookError) as caught:
        source(amount="9.995::DECIMAL(12, 3)").look()
    assert "1 row has money with more than two decimals" in caught.value.problems[0]
    assert source(amount="9.990::DECIMAL(12, 3)").look().total == "9.99"


def test_rows_that_cannot_count_are_left_out_by_reason(source, tmp_path):
    warehouse = source(
        {"receipt_id": "1"},
        {"receipt_id": "2", "at": "NULL::TIMESTAMP"},
        {"receipt_id": "3", "at": "TIMESTAMP '1970-01-01'"},
        {"receipt_id": "4", "at": "TIMESTAMP '2099-01-01'"},
        {"receipt_id": "5", "store_id": "' '"},
        {"receipt_id": "6", "amount": "NULL::DECIMAL(12, 2)"},
    )
    look = warehouse.look()
    assert (look.n_rows, look.n_usable) == (6, 1)
    assert sum(look.left_out.values()) == 5
    assert look.left_out["at: future"] == 1
    assert [row["receipt_id"] for row in rows_of(warehouse, tmp_path)] == ["1"]
    assert look.last_day == dt.date(2024, 1, 1)


def test_items_are_refused_until_stated_and_then_added_up(source, tmp_path):
    rows = (
        {"amount": "1.10::DECIMAL(12, 2)", "customer_id": "NULL::VARCHAR"},
        {"amount": "2.20::DECIMAL(12, 2)"},
        {"amount": "3.30::DECIMAL(12, 2)", "at": "TIMESTAMP '2024-01-02 09:00'"},
    )
    with pytest.raises(PlaybookError) as caught:
        source(*rows).look()
    assert "1 row repeats the receipt, store and day of another" in caught.value.problems[0]
    found = rows_of(source(*rows, stated="&lines=items"), tmp_path)
    # a number that comes again the next day is another receipt; a card on one line counts for all
    assert [(row["amount"], row["customer_id"]) for row in found] == [
        (Decimal("3.30"), "anna"),
        (Decimal("3.30"), "anna"),
    ]


def test_a_table_without_numbers_of_receipts_has_one_receipt_a_row(source):
    assert source({"receipt_id": ""}, {"receipt_id": ""}).look().n_usable == 2
