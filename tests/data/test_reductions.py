import datetime as dt
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import brute

from playbook.data import reductions
from playbook.data.parquet import to_frame
from playbook.data.repeat import repeat_rates

# Moments that hurt: the last second of a Sunday, midnight of a Monday, ties, ends of months.
MOMENTS = st.builds(
    lambda day, clock: f"{dt.date(2024, 1, 1) + dt.timedelta(day)}T{clock}",
    st.integers(0, 80),
    st.sampled_from(["00:00:00", "12:00:00", "23:59:59"]),
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["anna", "boris", "vera", None]),
        st.sampled_from(["s1", "s2", "s3"]),
        MOMENTS,
        st.sampled_from([100.0, 12.5, 0.01, 0.0, -30.0]),
    ),
    min_size=1,
    max_size=25,
)
pytestmark = pytest.mark.filterwarnings("ignore:The 'future.infer_string' option")
MANY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def rows_of(engine, receipts, reduction):
    """Run a reduction on a frame of receipts."""
    import ibis

    table = ibis.memtable(receipts).cast({"amount": "decimal(12, 2)", "at": "timestamp(6)"})
    return to_frame(engine.to_pyarrow(reduction(table)))


def as_rows(frame, keys):
    """{key: row} of a frame."""
    return {
        tuple(row.pop(key) for key in keys) if len(keys) > 1 else row.pop(keys[0]): row
        for row in frame.to_dict("records")
    }


def same(found, expected):
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        for column, value in row.items():
            got = found[key][column]
            if value is None:
                assert pd.isna(got), (key, column)
            elif isinstance(value, float):
                assert got == pytest.approx(value, abs=1e-9), (key, column)
            else:
                assert got == value, (key, column)


@MANY
@given(rows=ROWS, k=st.integers(1, 4))
def test_repeat_rates_are_what_counting_customer_by_customer_gives(engine, rows, k):
    receipts = brute.receipts_frame(rows)
    found = rows_of(engine, receipts, lambda t: repeat_rates(t, window_weeks=k))
    counted = {
        (row.store_id, None, row.week): (row.n_base, row.n_repeat) for row in found.itertuples()
    }
    assert counted == brute.repeat_rates(receipts, k)
    assert set(found["window_weeks"]) <= {k}


@settings(MANY, max_examples=12)
@given(rows=ROWS)
def test_several_windows_at_once_are_what_each_gives_alone(engine, rows):
    receipts = brute.receipts_frame(rows)
    found = rows_of(engine, receipts, lambda t: repeat_rates(t, window_weeks=(3, 1)))
    counted = {
        (row.window_weeks, row.store_id, row.week): (row.n_base, row.n_repeat)
        for row in found.itertuples()
    }
    assert counted == {
        (k, store, week): counts
        for k in (1, 3)
        for (store, _segment, week), counts in brute.repeat_rates(receipts, k).items()
    }


@settings(MANY, max_examples=12)
@given(rows=ROWS, parts=st.integers(1, 4))
def test_customers_in_parts_are_all_customers_once(engine, rows, parts):
    receipts, as_of = brute.receipts_frame(rows), dt.date(2024, 3, 31)
    found = [
        rows_of(
            engine,
            receipts,
            lambda t, part=part: reductions.customers(
                t.filter((t.customer_id.hash() % parts).abs() == part), as_of=as_of
            ),
        )
        for part in range(parts)
    ]
    customers = pd.concat(found)
    assert customers["customer_id"].is_unique
    same(as_rows(customers, ["customer_id"]), brute.customers(receipts, pd.Timestamp(as_of)))


@settings(MANY, max_examples=12)
@given(rows=ROWS, k=st.integers(1, 4), who=st.sets(st.sampled_from(["anna", "boris", "vera"])))
def test_repeat_rates_per_segment_keep_customers_without_a_segment(engine, rows, k, who):
    import ibis

    segments = {customer: f"of {customer[0]}" for customer in sorted(who)}
    frame = pd.DataFrame({"customer_id": list(segments), "segment": list(segments.values())})
    by = ibis.memtable(frame.astype("str"))
    receipts = brute.receipts_frame(rows)
    found = rows_of(engine, receipts, lambda t: repeat_rates(t, window_weeks=k, by_segment=by))
    counted = {
        (row.store_id, row.segment, row.week): (row.n_base, row.n_repeat)
        for row in found.itertuples()
    }
    assert counted == brute.repeat_rates(receipts, k, segments)


@MANY
@given(rows=ROWS)
def test_store_weeks_are_what_counting_gives(engine, rows):
    receipts = brute.receipts_frame(rows)
    found = rows_of(engine, receipts, reductions.store_weeks)
    same(as_rows(found, ["store_id", "week"]), brute.store_weeks(receipts))


@MANY
@given(rows=ROWS, day=st.integers(0, 90))
def test_customers_are_what_counting_gives(engine, rows, day):
    receipts = brute.receipts_frame(rows)
    as_of = dt.date(2024, 1, 1) + dt.timedelta(day)
    found = rows_of(engine, receipts, lambda t: reductions.customers(t, as_of=as_of))
    same(as_rows(found, ["customer_id"]), brute.customers(receipts, pd.Timestamp(as_of)))


@MANY
@given(rows=ROWS)
def test_cohorts_are_what_counting_gives(engine, rows):
    receipts = brute.receipts_frame(rows)
    expected = {key: row for key, row in brute.cohorts(receipts).items() if key[1] >= key[0]}
    found = as_rows(rows_of(engine, receipts, reductions.cohorts), ["cohort", "month"])
    same(found, expected)


def test_a_customer_who_comes_back_on_the_anchor_monday_at_midnight_is_kept(engine):
    receipts = brute.receipts_frame(
        [
            (None, "s1", "2024-01-01T09:00:00", 1),
            ("anna", "s1", "2024-01-07T23:59:59", 10),
            ("anna", "s2", "2024-01-08T00:00:00", 10),
            ("boris", "s1", "2024-01-03T10:00:00", 10),
            ("boris", "s1", "2024-01-09T10:00:00", -10),
            (None, "s1", "2024-01-21T20:00:00", 1),
        ]
    )
    found = rows_of(engine, receipts, lambda t: repeat_rates(t, window_weeks=1))
    rows = as_rows(found.assign(week=found["week"].dt.date), ["store_id", "week"])
    # 8 January: both were in s1 the week before, only Anna bought again; a return is no visit
    assert rows["s1", dt.date(2024, 1, 8)] == {"window_weeks": 1, "n_base": 2, "n_repeat": 1}
    # 15 January: of the week before only Anna, last seen in s2, and she stayed away
    assert rows["s2", dt.date(2024, 1, 15)] == {"window_weeks": 1, "n_base": 1, "n_repeat": 0}
    assert len(rows) == 2


def test_an_anchor_without_its_whole_window_is_not_shown(engine):
    receipts = brute.receipts_frame(
        [("anna", "s1", str(dt.date(2024, 1, 2) + dt.timedelta(days=i)), 5) for i in range(40)]
    )
    found = rows_of(engine, receipts, lambda t: repeat_rates(t, window_weeks=2))
    # Tuesday 2 January to Saturday 10 February: whole weeks from 8 January to 4 February
    assert [day.date() for day in found["week"]] == [dt.date(2024, 1, 22)]


def test_retention_counts_customers_of_one_year_who_bought_in_the_next(engine):
    as_of = dt.date(2025, 12, 28)
    first_day = dt.date(2024, 1, 1)  # two years of 364 days before the day after as_of
    last_of_first = dt.date(2024, 12, 29)
    receipts = brute.receipts_frame(
        [
            ("anna", "s1", f"{first_day}T00:00:00", 10),
            ("anna", "s1", f"{as_of}T23:59:59", 10),
            ("boris", "s1", f"{last_of_first}T23:59:59", 10),
            ("boris", "s1", "2025-06-01T10:00:00", -10),
            ("vera", "s1", "2024-12-30T00:00:00", 10),
        ]
    )
    found = rows_of(engine, receipts, lambda t: reductions.annual_retention(t, as_of=as_of))
    row = found.iloc[0]
    assert (row["n_base"], row["n_kept"], row["kept_share"]) == (2, 1, 0.5)
    assert row["is_complete"]
    assert (row["base_from"].date(), row["base_to"].date()) == (first_day, last_of_first)


def test_retention_of_a_year_that_is_cut_short_is_not_given(engine):
    receipts = brute.receipts_frame(
        [("anna", "s1", "2024-06-01T10:00:00", 10), ("anna", "s1", "2025-12-28T10:00:00", 10)]
    )
    as_of = dt.date(2025, 12, 28)
    row = rows_of(engine, receipts, lambda t: reductions.annual_retention(t, as_of=as_of)).iloc[0]
    assert not row["is_complete"]
    assert pd.isna(row["kept_share"])


def test_revenue_is_purchases_times_basket_also_with_returns(engine):
    receipts = brute.receipts_frame(
        [
            ("anna", "s1", "2024-01-01T10:00:00", 100),
            (None, "s1", "2024-01-02T10:00:00", 50),
            ("anna", "s1", "2024-01-03T10:00:00", -30),
        ]
    )
    row = rows_of(engine, receipts, reductions.store_weeks).iloc[0]
    assert (row["revenue"], row["receipts"], row["basket"]) == (120, 2, 60)
    assert row["identified_share"] == pytest.approx(100 / 150)
