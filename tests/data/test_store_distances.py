import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.data.store_distances import has_places, store_distances

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def neighbours(engine, stores, **options):
    """Rows of (store, other, km)."""
    import ibis
    import pandas as pd

    table = ibis.memtable(pd.DataFrame(stores).astype({"store_id": "str"}))
    rows = store_distances(table, **options).order_by("store_id", "km", "other_store")
    return [tuple(row.values()) for row in engine.to_pyarrow(rows).to_pylist()]


def test_distances_on_the_earth_are_the_published_ones(engine):
    # Moscow, Saint Petersburg, Kazan: great-circle distances from published tables of cities
    cities = {
        "store_id": ["Москва", "Петербург", "Казань"],
        "latitude": [55.7558, 59.9343, 55.7887],
        "longitude": [37.6173, 30.3351, 49.1221],
    }
    found = {(a, b): km for a, b, km in neighbours(engine, cities, within_km=2000)}
    assert found["Москва", "Петербург"] == pytest.approx(634, abs=2)
    assert found["Москва", "Казань"] == pytest.approx(719, abs=3)
    assert found["Казань", "Москва"] == found["Москва", "Казань"]


def test_a_quarter_of_the_equator_is_ten_thousand_kilometres(engine):
    stores = {"store_id": ["a", "b"], "latitude": [0.0, 0.0], "longitude": [0.0, 90.0]}
    ((_a, _b, km), _back) = neighbours(engine, stores, within_km=20_000)
    assert km == pytest.approx(math.pi / 2 * 6371.0088, abs=0.001)


def test_the_nearest_come_first_and_ties_go_by_the_id(engine):
    stores = {"store_id": ["a", "b", "c", "d"], "x_km": [0.0, 3, -3, 1], "y_km": [0.0, 4, 4, 0]}
    found = neighbours(engine, stores, nearest=2)
    assert found[:2] == [("a", "d", 1.0), ("a", "b", 5.0)]


def test_a_store_without_a_place_has_no_neighbours(engine):
    stores = {"store_id": ["a", "b", "c"], "x_km": [0.0, 1, None], "y_km": [0.0, 0, 0]}
    assert neighbours(engine, stores) == [("a", "b", 1.0), ("b", "a", 1.0)]
    assert has_places(["store_id", "x_km", "y_km"])
    assert has_places(["store_id", "latitude", "longitude"])
    assert not has_places(["store_id", "x_km", "latitude"])


PLACES = st.lists(st.tuples(st.integers(-60, 60), st.integers(-60, 60)), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(places=PLACES, nearest=st.integers(1, 4))
def test_neighbours_are_what_comparing_all_pairs_gives(places, nearest):
    import ibis

    names = [f"s{i:02}" for i in range(len(places))]
    expected = []
    for name, (x, y) in zip(names, places, strict=True):
        near = sorted(
            (round(math.hypot(x - u, y - v), 3), other)
            for other, (u, v) in zip(names, places, strict=True)
            if other != name and math.hypot(x - u, y - v) <= 25
        )
        expected += [(name, other, km) for km, other in near[:nearest]]
    stores = {
        "store_id": names,
        "x_km": [float(x) for x, _y in places],
        "y_km": [float(y) for _x, y in places],
    }
    assert neighbours(ibis.duckdb.connect(), stores, nearest=nearest) == expected
