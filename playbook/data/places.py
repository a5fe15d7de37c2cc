"""Where stores are: latitude and longitude laid on a plane in kilometres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from playbook.data.store_distances import EARTH_KM, ON_A_PLANE, ON_THE_EARTH

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
MOST_NORTHERN = 89.0  # degrees; a cone has no place for the pole


def with_plane(stores: pd.DataFrame) -> pd.DataFrame:
    """Stores with ``x_km`` and ``y_km`` beside their latitude and longitude, if they have these.

    Args:
        stores: ``latitude`` and ``longitude`` in degrees, or neither; where any store has
            kilometres, they stay as they are.
    """
    columns = set(stores.columns)
    is_placed = columns >= ON_A_PLANE and bool(stores[sorted(ON_A_PLANE)].notna().any(axis=None))
    if not columns >= ON_THE_EARTH or is_placed:
        return stores
    x, y = on_plane(stores["latitude"].to_numpy(float), stores["longitude"].to_numpy(float))
    return stores.assign(x_km=x.round(3), y_km=y.round(3))


def on_plane(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """Kilometres east and north of the middle; unknown where a place is.

    Lambert's conic projection, true to angles, so that a distance between neighbours is as
    right from west to east as from south to north: within 1 in 1,000 in a city, 1 in 30
    in a country of thirty degrees from south to north.

    Args:
        latitude: Degrees north.
        longitude: Degrees east.

    Example:
        >>> x, y = on_plane(np.array([55.0, 55.0]), np.array([37.0, 38.0]))
        >>> (x[1] - x[0]).round(1), (y[1] - y[0]).round(1)
        (np.float64(63.8), np.float64(0.0))
    """
    known = np.isfinite(latitude) & np.isfinite(longitude)
    if not known.any():
        return np.full(len(latitude), np.nan), np.full(len(longitude), np.nan)
    phi = np.radians(np.clip(latitude, -MOST_NORTHERN, MOST_NORTHERN))
    low, middle, high = np.quantile(phi[known], [1 / 6, 1 / 2, 5 / 6])
    cone = _cone(low, high)
    if abs(cone) < 1e-6:  # around the equator the cone is a cylinder
        return _on_cylinder(phi, longitude, middle, float(np.median(longitude[known])))
    scale = np.cos(low) * _tangent(low) ** cone / cone
    radius = EARTH_KM * scale / _tangent(phi) ** cone
    turn = cone * np.radians(longitude - np.median(longitude[known]))
    centre = EARTH_KM * scale / _tangent(middle) ** cone
    return radius * np.sin(turn), centre - radius * np.cos(turn)


def _tangent(phi: Floats | float) -> Floats:
    found: Floats = np.tan(np.pi / 4 + np.asarray(phi) / 2)
    return found


def _cone(low: float, high: float) -> float:
    """The constant of the cone that touches or cuts the ball at two latitudes."""
    if high - low < 1e-9:
        return float(np.sin(low))
    widths = np.log(np.cos(low) / np.cos(high))
    return float(widths / np.log(_tangent(high) / _tangent(low)))


def _on_cylinder(
    phi: Floats, longitude: Floats, middle: float, meridian: float
) -> tuple[Floats, Floats]:
    return EARTH_KM * np.radians(longitude - meridian), EARTH_KM * (phi - middle)
