import datetime as dt

import numpy as np
import pandas as pd
import pytest

from playbook.customers.purchases import Window, day_of, read, window_at
from playbook.errors import PlaybookError


def receipts(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "at", "amount"])
    return frame.assign(at=pd.to_datetime(frame["at"]))


def number_of(day):
    return (dt.date.fromisoformat(day) - dt.date(1970, 1, 1)).days


def test_two_receipts_of_a_day_are_one_purchase_day_and_a_return_is_taken_off():
    found = read(
        receipts(
            ("a", "2025-03-01 10:00", 100.0),
            ("a", "2025-03-01 18:00", 50.0),
            ("a", "2025-03-02 09:00", -30.0),
            (None, "2025-03-02 09:00", 70.0),
        )
    )
    assert found.amount.tolist() == [150.0, -30.0]
    assert found.is_purchase.tolist() == [True, False]
    assert (found.n_receipts, found.n_anonymous, found.revenue) == (4, 1, 190.0)


def test_the_first_purchase_is_no_return():
    found = read(receipts(("a", "2025-03-01", -10.0), ("a", "2025-03-05", 10.0)))
    assert day_of(found.first_purchase[0]) == dt.date(2025, 3, 5)


def test_an_empty_customer_is_anonymous():
    found = read(receipts(("a", "2025-03-01", 1.0), ("", "2025-03-01", 1.0)))
    assert found.anonymous_share == 0.5


def test_no_receipts_and_no_customers_are_said():
    with pytest.raises(PlaybookError, match="no receipts"):
        read(receipts())
    with pytest.raises(PlaybookError, match=r"None of the receipts \(1\)"):
        read(receipts((None, "2025-03-01", 1.0)))


def test_windows_of_a_year_share_no_day_and_leave_none_out():
    latest = Window(end=number_of("2026-04-20"), weeks=52)
    assert latest.start == number_of("2025-04-21")
    assert latest.before().end == latest.start
    assert str(latest).startswith("21 Apr 2025")
    assert str(latest).endswith("19 Apr 2026")


def test_the_window_is_a_year_with_two_years_of_receipts_and_half_the_history_without():
    long = read(receipts(("a", "2024-01-01", 1.0), ("a", "2025-12-28", 1.0)))
    short = read(receipts(("a", "2025-01-01", 1.0), ("a", "2025-12-31", 1.0)))
    assert window_at(long).weeks == 52
    assert window_at(short).weeks == 26


@pytest.mark.parametrize("as_of", ["yesterday", "2019-01-01", "2031-01-01"])
def test_a_last_day_that_is_no_date_or_outside_is_refused(as_of):
    found = read(receipts(("a", "2024-01-01", 1.0), ("a", "2025-12-28", 1.0)))
    with pytest.raises(PlaybookError):
        window_at(found, as_of=as_of)


def test_a_customer_who_only_returned_something_did_not_buy():
    found = read(receipts(("a", "2025-03-01", 9.0), ("a", "2025-06-01", -9.0)))
    window = Window(end=number_of("2025-07-01"), weeks=8)
    assert not window.buyers(found).any()


def test_rows_are_sorted_by_customer_and_day():
    rng = np.random.default_rng(1)
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 300, 500), unit="D")
    frame = pd.DataFrame(
        {"customer_id": rng.integers(0, 40, 500).astype(str), "at": days, "amount": 1.0}
    )
    found = read(frame)
    key = found.customer * 1000 + (found.day - found.day.min())
    assert (np.diff(key) > 0).all()
    assert found.amount.sum() == 500
