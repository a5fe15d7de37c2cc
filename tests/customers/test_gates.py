import numpy as np
import pandas as pd
import pytest

from playbook.customers import equity, gates, migration, purchases, retention, segments
from playbook.errors import PlaybookError


def shop(*, weeks, customers, anonymous_share=0.0, stop_after=1.0, seed=1):
    """Receipts of a shop where everybody comes about every other week."""
    rng = np.random.default_rng(seed)
    n = customers * weeks // 2
    day = rng.integers(0, weeks * 7, n)
    day[:2] = [0, weeks * 7 - 1]
    who = rng.integers(0, customers, n).astype(str).astype(object)
    who[rng.random(n) < anonymous_share] = None
    keep = (day < stop_after * weeks * 7) | (np.arange(n) < 2)
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(day, unit="D")
    frame = pd.DataFrame({"customer_id": who, "at": at, "amount": 100.0})
    return purchases.read(frame[keep])


def checked(found, as_of=""):
    return gates.check(found, window=purchases.window_at(found, as_of=as_of))


def failed(result):
    return {(gate.analysis, gate.check) for gate in result.gates if not gate.is_met}


def test_two_good_years_allow_everything():
    assert failed(checked(shop(weeks=110, customers=600))) == set()


def test_one_year_allows_segments_and_who_bought_again_but_no_yearly_value():
    result = checked(shop(weeks=52, customers=600))
    assert failed(result) == {("value", "weeks"), ("season", "weeks")}
    assert "104" in result.refusal("value")
    assert "52" in result.refusal("value")


def test_twenty_weeks_are_not_enough_for_segments():
    assert ("segments", "weeks") in failed(checked(shop(weeks=20, customers=600)))


def test_a_village_shop_has_too_few_customers():
    result = checked(shop(weeks=110, customers=90))
    assert {("segments", "customers"), ("segments", "repeaters")} <= failed(result)


def test_receipts_without_cards_describe_hardly_anybody():
    result = checked(shop(weeks=110, customers=600, anonymous_share=0.9))
    assert ("segments", "anonymous") in failed(result)


def test_an_import_that_stops_early_looks_like_lost_customers_and_is_refused():
    result = checked(shop(weeks=110, customers=600, stop_after=0.98))
    assert ("segments", "last_weeks") in failed(result)


def test_receipts_of_last_spring_say_nothing_about_today():
    found = shop(weeks=110, customers=600)
    late = (pd.Timestamp("2024-01-01") + pd.Timedelta(days=110 * 7 + 90)).date().isoformat()
    assert ("segments", "newest") in failed(checked(found, as_of=late))


def test_every_reason_is_named_at_once():
    found = shop(weeks=20, customers=90)
    window = purchases.window_at(found)
    with pytest.raises(PlaybookError) as refusal:
        segments.sort(found, window=window, gates=gates.check(found, window=window))
    assert len(refusal.value.problems) >= 3
    assert all("Needed:" in line and "Found:" in line for line in refusal.value.problems)


def test_with_one_year_who_bought_again_is_told_and_what_it_is_worth_is_not():
    found = shop(weeks=52, customers=600)
    window = purchases.window_at(found)
    allowed = gates.check(found, window=window)
    today = segments.sort(found, window=window, gates=allowed)
    again = retention.bought_again(today.earlier(), again=window, gates=allowed)
    assert again.overall > 0.9
    described = segments.describe(today)
    worth = equity.measured(described, again, discount=0.1, gates=allowed)
    assert isinstance(worth, gates.Untold)
    assert "104" in worth.reason
    assert gates.told(described, again, worth) == [described, again]
    moved = migration.moves(today.earlier(), today, equity=worth)
    assert migration.moving_equity(moved, worth) is worth
    assert worth._repr_html_()
    assert worth.map().markup == worth.plot().markup == ""
