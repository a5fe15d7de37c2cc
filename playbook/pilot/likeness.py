"""Likeness of stores: level and trend before the pilot, balance of the arms, distance."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from playbook.pilot.panel import Panel

TRAITS = ("level", "trend", "size_m2", "age_weeks")


def traits(able: pd.DataFrame, before: Panel, *, start: dt.date) -> pd.DataFrame:
    """The stores with level and trend of their KPI, and their age in weeks.

    Args:
        able: Stores that have every week of ``before``.
        before: The weeks before the pilot.
        start: First day of the pilot.
    """
    values = before.of(able["store_id"].to_numpy(str))
    steps = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    slope = values @ steps / (steps**2).sum() if values.shape[1] > 1 else np.zeros(len(values))
    table = able.assign(level=values.mean(axis=1), trend=slope)
    if "opened" in able.columns:
        age = pd.Timestamp(start) - pd.to_datetime(able["opened"])
        table = table.assign(age_weeks=age.dt.days / 7)
    return table.reset_index(drop=True)


def balance(assignment: pd.DataFrame) -> pd.DataFrame:
    """Means of every trait by arm and their difference in standard deviations.

    The standard deviation is that of both arms together (root of the mean of the two
    variances); a trait that does not vary has no difference.

    Args:
        assignment: One row per pilot store with ``arm`` and its traits.
    """
    rows = []
    for trait in TRAITS:
        if trait not in assignment.columns or assignment[trait].isna().all():
            continue
        values = assignment[trait].astype(float)
        treated = values[assignment["arm"] == "treated"]
        control = values[assignment["arm"] == "control"]
        spread = float(np.sqrt((_variance(treated) + _variance(control)) / 2))
        gap = float(treated.mean() - control.mean())
        rows.append((trait, treated.mean(), control.mean(), gap / spread if spread else 0.0))
    return pd.DataFrame(rows, columns=["trait", "treated", "control", "difference"])


def _variance(values: pd.Series) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0


def fresh_likeness(
    assignment: pd.DataFrame, before: Panel, *, pre_weeks: int
) -> tuple[float, bool]:
    """Correlation of the mean KPI within blocks of two, in weeks not used for pairing.

    The intraclass correlation: 1 minus half the mean squared difference over the
    variance of all stores. Weeks before the ``pre_weeks`` are used where there are at
    least half as many; otherwise those used for pairing, and the second value says so.
    """
    earlier = Panel(
        stores=before.stores,
        weeks=before.weeks[:-pre_weeks],
        grid=before.grid[:, :-pre_weeks],
    ).tail(pre_weeks)
    is_fresh = len(earlier.weeks) * 2 >= pre_weeks
    chosen = earlier if is_fresh else before.tail(pre_weeks)
    ordered = assignment.sort_values(["block", "arm"])
    sizes = ordered.groupby("block")["arm"].agg(["size", "nunique"])
    if not ((sizes == 2).all().all() and len(sizes) > 1):
        return float("nan"), is_fresh
    level = _row_means(chosen.of(ordered["store_id"].to_numpy(str))).reshape(-1, 2)
    level = level[np.isfinite(level).all(axis=1)]
    spread = float(level.var(ddof=1))
    gap = float(np.mean((level[:, 0] - level[:, 1]) ** 2))
    return (1 - gap / 2 / spread if spread else float("nan")), is_fresh


def _row_means(values: np.ndarray) -> np.ndarray:
    """Mean per store over the weeks it has; not a number where it has none."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=1)
    n = known.sum(axis=1)
    means: np.ndarray = np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)
    return means


def nearest_km(assignment: pd.DataFrame) -> np.ndarray:
    """Per pilot store: kilometres to the nearest store of the other arm."""
    if not {"x_km", "y_km"} <= set(assignment.columns):
        return np.full(len(assignment), np.nan)
    places = assignment[["x_km", "y_km"]].to_numpy(float)
    is_treated = (assignment["arm"] == "treated").to_numpy()
    apart = np.sqrt(((places[:, None, :] - places[None, :, :]) ** 2).sum(axis=2))
    apart[is_treated[:, None] == is_treated[None, :]] = np.inf
    nearest: np.ndarray = np.nan_to_num(apart, nan=np.inf).min(axis=1)
    return np.where(np.isfinite(nearest), nearest, np.nan)
