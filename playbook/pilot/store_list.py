"""The list of stores: the company's own, or at least those that the receipts know."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

WHOLE_CHAIN = "whole_chain"  # the region of all stores where no region is known
NO_REGION = "no_region"
LEAST_CLOSED_DAYS = 7  # a store that lacked a week of its customers has another repeat rate


def known(stores: pd.DataFrame | None, seen: pd.DataFrame) -> pd.DataFrame:
    """The company's list, or where it has none the stores of another table.

    Args:
        stores: One row per store: ``store_id`` and what else is known.
        seen: A table with ``store_id``, such as ``repeat_rates``.
    """
    if stores is not None:
        return stores
    return pd.DataFrame({"store_id": sorted(seen["store_id"].astype(str).unique())})


def with_regions(stores: pd.DataFrame) -> pd.DataFrame:
    """Stores with a region each: one for all where none is known.

    Args:
        stores: ``store_id``; ``region`` where it is known.
    """
    if "region" not in stores or stores["region"].isna().all():
        return stores.assign(region=WHOLE_CHAIN)
    return stores.assign(region=stores["region"].fillna(NO_REGION))


def with_closures(
    stores: pd.DataFrame,
    calendar: pd.DataFrame | None,
    *,
    start: dt.date,
    end: dt.date,
    pre_weeks: int,
) -> pd.DataFrame:
    """Stores with ``closed``: ``before``, ``during`` or empty, by the store calendar.

    A store counts as closed when it is so on seven days or more of the weeks that are looked
    at before the start, or of the pilot. Without a calendar nothing is added.

    Args:
        stores: ``store_id``.
        calendar: ``store_id``, ``day_from``, ``day_to``, ``is_closed``, ``staff_hours``.
        start: First day of the pilot.
        end: Day after its last.
        pre_weeks: Weeks before the start that are looked at.
    """
    if calendar is None:
        return stores
    closures = _closures(calendar)
    first = start - dt.timedelta(weeks=pre_weeks)
    before = _closed_days(closures, first, start)
    during = _closed_days(closures, start, end)
    ids = stores["store_id"].astype(str)
    closed = pd.Series("", index=stores.index)
    closed = closed.mask(ids.map(before).fillna(0) >= LEAST_CLOSED_DAYS, "before")
    closed = closed.mask(ids.map(during).fillna(0) >= LEAST_CLOSED_DAYS, "during")
    return stores.assign(closed=closed)


def _closures(calendar: pd.DataFrame) -> pd.DataFrame:
    """Rows of the calendar that are closures: said to be, or a row without a staff at work.

    A calendar of closures alone need not say of each row that it is one.
    """
    hours = calendar.get("staff_hours", pd.Series(float("nan"), calendar.index)).fillna(0.0)
    said = calendar.get("is_closed", pd.Series(None, calendar.index, dtype=object))
    is_closed = said.where(said.notna(), hours == 0).astype(bool)
    found = calendar.loc[is_closed]
    first = pd.to_datetime(found["day_from"])
    last = pd.to_datetime(found["day_to"]).fillna(first) if "day_to" in found else first
    return pd.DataFrame({"store_id": found["store_id"].astype(str), "first": first, "last": last})


def _closed_days(closures: pd.DataFrame, first: dt.date, end: dt.date) -> pd.Series:
    """Closed days per store from ``first`` to the day before ``end``."""
    one = np.timedelta64(1, "D")
    from_day = np.maximum(closures["first"].to_numpy("datetime64[D]"), np.datetime64(first))
    to_day = np.minimum(closures["last"].to_numpy("datetime64[D]"), np.datetime64(end) - one)
    days = np.maximum((to_day - from_day) / one + 1, 0)
    return pd.Series(days, closures["store_id"]).groupby(level=0).sum()
