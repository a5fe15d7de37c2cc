"""How far neighbouring stores are: ten thousand stores have fifty million pairs, most of no use."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

WITHIN_KM = 25.0
NEAREST = 20
EARTH_KM = 6371.0088  # mean radius, IUGG
DEGREE_KM = EARTH_KM * 3.141592653589793 / 180
ON_A_PLANE = frozenset({"x_km", "y_km"})
ON_THE_EARTH = frozenset({"latitude", "longitude"})


def has_places(columns: Collection[str]) -> bool:
    """Whether a table of stores says where they are."""
    return set(columns) >= ON_A_PLANE or set(columns) >= ON_THE_EARTH


def store_distances(
    stores: ir.Table, *, within_km: float = WITHIN_KM, nearest: int = NEAREST
) -> ir.Table:
    """One row per store and neighbour, nearest first, in both directions.

    By latitude and longitude along the great circle of a ball, where they are given, else by
    ``x_km`` and ``y_km`` in a straight line; to the metre. Of two neighbours at the same
    distance the smaller store id comes first.

    Args:
        stores: ``store_id`` and the places; a store without a place has no neighbours.
        within_km: The farthest neighbour.
        nearest: The most neighbours of one store.

    Returns:
        ``store_id``, ``other_store``, ``km``.
    """
    import ibis

    here = _placed(stores, within_km)
    pairs = here.inner_join(_in_three_bands(here), "band")
    pairs = pairs.filter(pairs.number != pairs.other)
    is_on_earth = set(stores.columns) >= ON_THE_EARTH
    km = _on_earth(pairs) if is_on_earth else _on_plane(pairs)
    # to the metre: the last digits of a sine are not the same in every engine
    metres = (km * 1000 + 0.5).floor().cast("int64")
    near = pairs.select("number", "other", metres=metres)
    near = near.filter(near.metres <= int(within_km * 1000))
    order = ibis.window(group_by=near.number, order_by=[near.metres, near.other])
    ranked = near.mutate(place=ibis.row_number().over(order))
    chosen = ranked.filter(ranked.place < nearest)
    found = chosen.inner_join(here.select("number", "store_id"), "number")
    others = here.select(other=here.number, other_store=here.store_id)
    found = found.inner_join(others, "other")
    return found.select("store_id", "other_store", km=found.metres.cast("float64") / 1000.0)


def _placed(stores: ir.Table, within_km: float) -> ir.Table:
    """Stores with a place, numbered in the order of their ids, in bands as wide as the limit."""
    import ibis

    is_on_earth = set(stores.columns) >= ON_THE_EARTH
    names = ("latitude", "longitude") if is_on_earth else ("y_km", "x_km")
    up, along = (stores[name].cast("float64") for name in names)
    placed = stores.select("store_id", up=up, along=along)
    placed = placed.filter(placed.up.notnull() & placed.along.notnull())
    km = placed.up * DEGREE_KM if is_on_earth else placed.up
    return placed.mutate(
        number=ibis.row_number().over(order_by=placed.store_id),
        band=(km / within_km).floor().cast("int64"),
    )


def _in_three_bands(here: ir.Table) -> ir.Table:
    """Every store in its own band and in the two beside it: no neighbour is in another."""
    import ibis

    spread = here.select(
        "band",
        other=here.number,
        other_up=here.up,
        other_along=here.along,
        step=ibis.range(-1, 2).unnest(),
    )
    return spread.mutate(band=spread.band + spread.step).drop("step")


def _on_plane(pairs: ir.Table) -> ir.FloatingValue:
    up, along = pairs.up - pairs.other_up, pairs.along - pairs.other_along
    return (up * up + along * along).sqrt()


def _on_earth(pairs: ir.Table) -> ir.FloatingValue:
    """Kilometres along the great circle (the haversine formula)."""
    import ibis

    up, along, other_up, other_along = (
        pairs[name] * (DEGREE_KM / EARTH_KM) for name in ("up", "along", "other_up", "other_along")
    )
    north, east = ((other_up - up) / 2).sin(), ((other_along - along) / 2).sin()
    part = north * north + up.cos() * other_up.cos() * east * east
    return ibis.least(part, 1.0).sqrt().asin() * (2 * EARTH_KM)
