import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import brute

from playbook.data.customer_months import customer_months

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["anna", "boris", None]),
        st.sampled_from(["s1", "s2"]),
        st.builds(
            lambda day, clock: f"{dt.date(2023, 12, 20) + dt.timedelta(day)}T{clock}",
            st.integers(0, 80),
            st.sampled_from(["00:00:00", "12:00:00", "23:59:59"]),
        ),
        st.sampled_from([100.0, 12.5, 0.01, 0.0, -30.0]),
    ),
    min_size=1,
    max_size=25,
)


def reduced(engine, rows):
    """{(customer, month): row} as the reduction gives it."""
    import ibis

    receipts = brute.receipts_frame(rows)
    table = ibis.memtable(receipts).cast({"amount": "decimal(12, 2)", "at": "timestamp(6)"})
    found = engine.to_pyarrow(customer_months(table)).to_pylist()
    return {(row.pop("customer_id"), row.pop("month")): row for row in found}


@settings(max_examples=25, deadline=None)
@given(rows=ROWS)
def test_months_of_a_customer_are_what_counting_receipt_by_receipt_gives(rows):
    import ibis

    expected = {}
    for customer, _store, at, amount in rows:
        if customer is None:
            continue
        key = (customer, dt.date.fromisoformat(at[:8] + "01"))
        mine = expected.setdefault(key, {"visits": 0, "days": set(), "sum": 0, "back": 0})
        cents = Decimal(str(amount))
        mine["visits"] += amount > 0
        mine["days"] |= {at[:10]} if amount > 0 else set()
        mine["sum"] += cents
        mine["back"] += max(-cents, 0)
    assert reduced(ibis.duckdb.connect(), rows) == {
        key: {
            "visits": mine["visits"],
            "purchase_days": len(mine["days"]),
            "revenue": mine["sum"],
            "returns": mine["back"],
        }
        for key, mine in expected.items()
    }


def test_a_month_without_a_receipt_has_no_row_and_a_month_of_returns_has_one(engine):
    found = reduced(
        engine,
        [
            ("anna", "s1", "2024-01-31T23:59:59", 10.0),
            ("anna", "s2", "2024-01-31T09:00:00", 5.0),
            ("anna", "s1", "2024-03-01T00:00:00", -10.0),
            (None, "s1", "2024-02-01T10:00:00", 7.0),
        ],
    )
    assert found == {
        ("anna", dt.date(2024, 1, 1)): {
            "visits": 2,
            "purchase_days": 1,
            "revenue": Decimal(15),
            "returns": Decimal(0),
        },
        ("anna", dt.date(2024, 3, 1)): {
            "visits": 0,
            "purchase_days": 0,
            "revenue": Decimal(-10),
            "returns": Decimal(10),
        },
    }


def test_customer_months_are_a_table_of_arrow_types(engine):
    import ibis

    rows = brute.receipts_frame([("anna", "s1", "2024-01-31T10:00:00", 1)])
    table = ibis.memtable(rows).cast({"amount": "decimal(12, 2)"})
    kinds = engine.to_pyarrow(customer_months(table)).schema
    assert kinds.field("month").type == pa.date32()
