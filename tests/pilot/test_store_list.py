"""The list of stores where a company has none, and the closures of its calendar."""

import datetime as dt

import pandas as pd
import pytest

from playbook.pilot import store_list
from playbook.pilot.eligibility import eligible
from playbook.pilot.panel import panel, rates

from .conftest import START, make_rates, make_stores

END = START + dt.timedelta(weeks=16)


def closed(*rows, **columns):
    calendar = pd.DataFrame(rows, columns=["store_id", "day_from", "day_to"]).assign(**columns)
    days = {name: pd.to_datetime(calendar[name]) for name in ("day_from", "day_to")}
    stores = pd.DataFrame({"store_id": ["S1", "S2"]})
    found = store_list.with_closures(
        stores, calendar.assign(**days), start=START, end=END, pre_weeks=26
    )
    return found["closed"].tolist()


def test_without_a_list_the_stores_are_those_of_the_receipts():
    seen = pd.DataFrame({"store_id": ["b", "a", "a"]})
    assert store_list.known(None, seen)["store_id"].tolist() == ["a", "b"]
    stores = pd.DataFrame({"store_id": ["c"]})
    assert store_list.known(stores, seen) is stores


def test_stores_without_a_region_are_one_group():
    stores = pd.DataFrame({"store_id": ["a", "b"]})
    assert store_list.with_regions(stores)["region"].tolist() == ["whole_chain"] * 2
    some = stores.assign(region=["north", None])
    assert store_list.with_regions(some)["region"].tolist() == ["north", "no_region"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2025-11-03", "2025-11-09", "before"),
        ("2025-11-03", "2025-11-08", ""),  # six days
        ("2026-01-05", "2026-01-11", "during"),
        ("2025-12-27", "2026-01-02", ""),  # two days before the start and five after
        ("2025-12-01", "2026-02-01", "during"),
        ("2025-01-01", "2025-02-01", ""),  # long before the weeks that are looked at
        ("2026-05-01", "2026-08-01", ""),
        ("2026-01-05", None, ""),  # a single day
    ],
)
def test_a_store_closed_for_a_week_is_known_to_be(first, last, expected):
    assert closed(("S1", first, last)) == [expected, ""]


def test_days_of_several_closures_add_up():
    rows = [("S2", f"2025-11-{day:02d}", None) for day in range(1, 8)]
    assert closed(*rows) == ["", "before"]


def test_a_row_with_staff_at_work_is_no_closure_unless_it_says_so():
    row = ("S1", "2025-11-03", "2025-11-16")
    assert closed(row, staff_hours=96.0) == ["", ""]
    assert closed(row, staff_hours=96.0, is_closed=True) == ["before", ""]
    assert closed(row, staff_hours=float("nan"), is_closed=False) == ["", ""]


def test_a_closed_store_is_not_eligible_and_the_reason_is_told():
    stores = make_stores(6)
    history = panel(rates(make_rates(stores), window_weeks=12), value="repeat_rate")
    marked = stores.assign(closed=["before", "during", "", "", "", ""])
    before = history.before(START, window_weeks=12).tail(26)
    reasons = eligible(marked, before, start=START)["reason"].tolist()
    assert reasons[:3] == ["closed in the weeks that are looked at", "closed during the pilot", ""]
    plain = eligible(stores[["store_id"]], before, start=START)
    assert (plain["reason"] == "").all()
