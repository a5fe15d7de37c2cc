"""Stores on a plane: as far from one another as on the ball."""

import numpy as np
import pandas as pd
import pytest

from playbook.data.places import on_plane, with_plane
from playbook.data.store_distances import EARTH_KM


def great_circle(one, other):
    a, b, c, d = (np.radians(part) for part in (*one, *other))
    h = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(h))


@pytest.mark.parametrize(
    ("south", "north", "west", "east", "error"),
    [(55.5, 56.0, 37.0, 38.0, 0.001), (43.0, 68.0, 20.0, 135.0, 0.03), (-34, -22, 18, 31, 0.01)],
    ids=["Moscow", "Russia", "South Africa"],
)
def test_neighbours_are_as_far_as_on_the_ball(south, north, west, east, error):
    rng = np.random.default_rng(1)
    here = rng.uniform(south, north, 500), rng.uniform(west, east, 500)
    there = here[0] + rng.normal(0, 0.1, 500), here[1] + rng.normal(0, 0.2, 500)
    x, y = on_plane(np.concatenate([here[0], there[0]]), np.concatenate([here[1], there[1]]))
    km = np.hypot(x[:500] - x[500:], y[:500] - y[500:])
    assert km == pytest.approx(great_circle(here, there), rel=error)


def test_a_store_without_a_place_stays_without():
    x, y = on_plane(np.array([55.0, np.nan]), np.array([37.0, 38.0]))
    assert (x[0], y[0]) == (0.0, 0.0)
    assert np.isnan([x[1], y[1]]).all()
    assert np.isnan(on_plane(np.array([np.nan]), np.array([1.0]))).all()


def test_the_equator_has_a_place_too():
    x, y = on_plane(np.array([-1.0, 1.0]), np.array([10.0, 11.0]))
    assert np.hypot(*(np.diff(part) for part in (x, y))) == pytest.approx([248.6], abs=0.5)


def test_kilometres_that_are_there_stay():
    stores = pd.DataFrame({"x_km": [1.0], "y_km": [2.0], "latitude": [55.0], "longitude": [37.0]})
    assert with_plane(stores) is stores
    assert with_plane(stores[["x_km"]]).columns.tolist() == ["x_km"]
    assert {"x_km", "y_km"} <= set(with_plane(stores[["latitude", "longitude"]]).columns)
