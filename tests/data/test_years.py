import datetime as dt

import ibis
import pandas as pd
import pytest

from playbook.data.years import two_periods
from playbook.errors import PlaybookError

pytestmark = pytest.mark.filterwarnings("ignore:The 'future.infer_string' option")
LAST = dt.date(2025, 12, 28)


def table(rows):
    frame = pd.DataFrame(rows, columns=["at", "customer_id", "amount"])
    frame["at"] = pd.to_datetime(frame["at"], format="ISO8601")
    return ibis.memtable(frame).cast({"amount": "decimal(12, 2)", "customer_id": "string"})


ROWS = [
    ("2023-06-01 10:00", "old", 999.0),  # before both years
    ("2024-01-01 00:00", "anna", 100.0),  # first moment of the earlier year
    ("2024-12-29 23:59:59", "anna", 50.0),  # last moment of the earlier year
    ("2024-06-01 12:00", "boris", 80.0),
    ("2024-06-02 12:00", None, 30.0),
    ("2024-12-30 00:00", "anna", 70.0),  # first moment of the later year
    ("2025-03-01 12:00", "vera", 40.0),
    ("2025-03-02 12:00", "vera", -15.0),  # a return: money, but no visit
    ("2025-03-03 12:00", "gleb", -5.0),  # only a return: no customer of that year
    ("2025-12-28 23:59:59", None, 20.0),
    ("2025-12-29 00:00", "anna", 999.0),  # after both years
]


def test_two_years_are_counted_by_hand():
    found = two_periods(table(ROWS), until=LAST)
    assert found["first"].dt.date.tolist() == [dt.date(2024, 1, 1), dt.date(2024, 12, 30)]
    assert found["last"].dt.date.tolist() == [dt.date(2024, 12, 29), LAST]
    before, after = found.to_dict("records")
    assert (before["customers"], before["visits"], before["identified_revenue"]) == (2, 3, 230)
    assert (before["anonymous_visits"], before["anonymous_revenue"]) == (1, 30)
    assert (after["customers"], after["visits"], after["identified_revenue"]) == (2, 2, 90)
    assert (after["anonymous_visits"], after["anonymous_revenue"]) == (1, 20)
    assert (before["kept_customers"], after["kept_customers"]) == (2, 1)


def test_a_shorter_history_is_halved_into_whole_weeks():
    rows = [("2025-01-01 12:00", "anna", 10.0), ("2025-04-30 12:00", "anna", 20.0)]
    found = two_periods(table(rows), until=dt.date(2025, 4, 30))
    lengths = (found["last"] - found["first"]).dt.days + 1
    assert lengths.tolist() == [56, 56]


def test_a_few_weeks_cannot_be_compared():
    with pytest.raises(PlaybookError, match="31 days"):
        two_periods(table([("2025-04-01 12:00", "anna", 10.0)]), until=dt.date(2025, 5, 1))
