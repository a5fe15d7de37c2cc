"""Pilot zone: which stores change and which stay as they are, drawn so that luck decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.pilot.eligibility import eligible
from playbook.pilot.likeness import balance, fresh_likeness, nearest_km, traits
from playbook.pilot.lots import Pair, draw_pairs, draw_strata, toss
from playbook.pilot.panel import Panel, panel
from playbook.pilot.zone_result import SPILL_OVER_KM, Zone
from playbook.stats import matching
from playbook.text import gettext as _
from playbook.text import name, ngettext

Unit = Literal["share", "number", "money"]
TREND_WEIGHT = 0.5  # a store's trend is known less well than its level


def matched_pairs(
    stores: pd.DataFrame,
    history: pd.DataFrame,
    *,
    n_pairs: int,
    seed: int,
    start: dt.date,
    regions: Sequence[str] = (),
    value: str = "repeat_rate",
    unit: Unit = "share",
    pre_weeks: int = 26,
    window_weeks: int = 0,
    caliper: float = 1.0,
    min_age_weeks: int = 52,
    never: Sequence[str] = (),
) -> Zone:
    """Join like stores into pairs, draw pairs, and toss a coin in each.

    Pairs are formed within region and format, by level and trend of the KPI before the
    pilot; the two stores of a pair are at least ``SPILL_OVER_KM`` apart where coordinates
    are known. Each region gives pairs in proportion to those it has.

    Args:
        stores: One row per store: ``store_id``; ``region``, ``format``, ``opened``,
            ``size_m2``, ``x_km``, ``y_km`` where known.
        history: One row per store and week: ``store_id``, ``week`` (Monday), ``value``.
        n_pairs: Pairs wanted.
        seed: Decides which pairs enter and which store of each changes.
        start: First day of the pilot; nothing after it is looked at.
        regions: Regions to choose from; all when empty.
        value: Column of the KPI.
        unit: What the KPI is.
        pre_weeks: Weeks before the pilot that stores must have and are compared by.
        window_weeks: Weeks that a value looks ahead of its Monday (4 for a repeat rate
            over 4 weeks), so that no value reaches into the pilot.
        caliper: Largest distance within a pair, in standard deviations.
        min_age_weeks: Stores opened later than this before ``start`` are left out.
        never: Stores that must stay out.

    Raises:
        PlaybookError: Fewer pairs can be formed than are wanted; the history is unfit.
    """
    before = panel(history, value=value).before(start, window_weeks=window_weeks)
    judged = eligible(
        stores,
        before.tail(pre_weeks),
        start=start,
        regions=regions,
        min_age_weeks=min_age_weeks,
        never=never,
    )
    able = traits(judged.loc[judged["reason"] == ""], before.tail(pre_weeks), start=start)
    found = admissible_pairs(able, caliper=caliper)
    if len(found) < max(n_pairs, 1):
        raise _too_few_pairs(found, able, judged, wanted=n_pairs)
    rng = np.random.default_rng(seed)
    drawn = draw_pairs(found, able, n_pairs=n_pairs, rng=rng)
    assignment = toss(drawn, able, rng=rng)
    return _zone(
        assignment, judged, before, mechanism="pairs", seed=seed, pre_weeks=pre_weeks, unit=unit
    )


def stratified(
    stores: pd.DataFrame,
    history: pd.DataFrame,
    *,
    n_treated: int,
    seed: int,
    start: dt.date,
    n_control: int | None = None,
    strata: Sequence[str] = ("region", "format"),
    regions: Sequence[str] = (),
    value: str = "repeat_rate",
    unit: Unit = "share",
    pre_weeks: int = 26,
    window_weeks: int = 0,
    min_age_weeks: int = 52,
    never: Sequence[str] = (),
) -> Zone:
    """Draw pilot stores at random, each stratum in proportion to its stores.

    Args:
        stores: As for ``matched_pairs``.
        history: As for ``matched_pairs``.
        n_treated: Pilot stores wanted.
        seed: Decides which stores change.
        start: First day of the pilot.
        n_control: Control stores wanted; all others that can take part when not given.
        strata: Columns of ``stores`` that make a stratum.
        regions: Regions to choose from; all when empty.
        value: Column of the KPI.
        unit: What the KPI is.
        pre_weeks: Weeks before the pilot that stores must have.
        window_weeks: Weeks that a value looks ahead of its Monday.
        min_age_weeks: Stores opened later than this before ``start`` are left out.
        never: Stores that must stay out.

    Raises:
        PlaybookError: There are too few stores; the history is unfit.
    """
    before = panel(history, value=value).before(start, window_weeks=window_weeks)
    judged = eligible(
        stores,
        before.tail(pre_weeks),
        start=start,
        regions=regions,
        min_age_weeks=min_age_weeks,
        never=never,
    )
    able = traits(judged.loc[judged["reason"] == ""], before.tail(pre_weeks), start=start)
    n_left = len(able) - n_treated if n_control is None else n_control
    if n_treated < 1 or n_left < 1 or n_treated + n_left > len(able):
        raise _too_few_stores(able, judged, n_treated=n_treated, n_control=n_left)
    assignment = draw_strata(
        able, strata=strata, n_treated=n_treated, n_control=n_left, rng=np.random.default_rng(seed)
    )
    return _zone(
        assignment, judged, before, mechanism="strata", seed=seed, pre_weeks=pre_weeks, unit=unit
    )


def admissible_pairs(able: pd.DataFrame, *, caliper: float) -> list[Pair]:
    """The pairs of nearest stores within region and format, as rows of ``able``.

    Args:
        able: Stores with ``region``, ``format``, ``level``, ``trend``, coordinates if known.
        caliper: Largest distance within a pair, in standard deviations.
    """
    found: list[Pair] = []
    scaled = _standardised(able[["level", "trend"]].to_numpy(float)) * [1.0, TREND_WEIGHT]
    groups = able.groupby(["region", "format"], sort=True).indices.values()
    for rows in (np.asarray(group) for group in groups):
        gaps = scaled[rows][:, None, :] - scaled[rows][None, :, :]
        distance = np.sqrt((gaps**2).sum(axis=2))
        distance[distance > caliper] = np.inf
        distance[_apart_km(able, rows) < SPILL_OVER_KM] = np.inf
        found += [(int(rows[a]), int(rows[b])) for a, b in matching.pairs(distance)]
    return found


def _standardised(values: np.ndarray) -> np.ndarray:
    """Columns over their standard deviation; a constant column stays zero."""
    spread = values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])
    scaled: np.ndarray = values - values.mean(axis=0)
    np.divide(scaled, spread, out=scaled, where=spread > 0)
    return scaled


def _apart_km(able: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """Kilometres between stores; infinite where coordinates are not known."""
    if not {"x_km", "y_km"} <= set(able.columns):
        return np.full((len(rows), len(rows)), np.inf)
    places = able[["x_km", "y_km"]].to_numpy(float)[rows]
    apart = np.sqrt(((places[:, None, :] - places[None, :, :]) ** 2).sum(axis=2))
    known: np.ndarray = np.nan_to_num(apart, nan=np.inf)
    return known


def _zone(
    assignment: pd.DataFrame,
    judged: pd.DataFrame,
    before: Panel,
    *,
    mechanism: str,
    seed: int,
    pre_weeks: int,
    unit: str,
) -> Zone:
    places = _places(judged, assignment)
    likeness, is_fresh = fresh_likeness(assignment, before, pre_weeks=pre_weeks)
    shown = ["store_id", "region", "format", "block", "arm", "level", "trend"]
    return Zone(
        assignment=assignment[shown]
        .assign(nearest_km=nearest_km(assignment))
        .reset_index(drop=True),
        mechanism=mechanism,
        seed=seed,
        pre_weeks=pre_weeks,
        unit=unit,
        balance=balance(assignment),
        likeness=likeness if mechanism == "pairs" else float("nan"),
        is_likeness_fresh=is_fresh,
        left_out=judged.loc[judged["reason"] != "", ["store_id", "reason"]].reset_index(drop=True),
        n_eligible=int((judged["reason"] == "").sum()),
        places=places,
    )


def _places(judged: pd.DataFrame, assignment: pd.DataFrame) -> pd.DataFrame:
    """Stores with coordinates and their part in the pilot."""
    if not {"x_km", "y_km"} <= set(judged.columns):
        return pd.DataFrame(columns=["store_id", "x_km", "y_km", "arm", "block"])
    part = assignment[["store_id", "arm", "block"]]
    known = judged.loc[judged[["x_km", "y_km"]].notna().all(axis=1)]
    places = known[["store_id", "x_km", "y_km"]].merge(part, on="store_id", how="left")
    return places.fillna({"arm": "", "block": ""})


def _too_few_pairs(
    found: list[Pair], able: pd.DataFrame, judged: pd.DataFrame, *, wanted: int
) -> PlaybookError:
    regions = able["region"].iloc[[a for a, _b in found]].value_counts()
    words = ngettext(
        "Pairs wanted: {wanted}; {n} pair of like stores can be formed.",
        "Pairs wanted: {wanted}; {n} pairs of like stores can be formed.",
        len(found),
    )
    return PlaybookError(
        words.format(wanted=wanted, n=len(found)),
        problems=[
            *(
                ngettext("{region}: {n} pair", "{region}: {n} pairs", int(n)).format(
                    region=name(str(region)), n=n
                )
                for region, n in regions.items()
            ),
            *_why_left_out(judged),
        ],
        advice=_("Ask for fewer pairs, add a region, or allow pairs that are less alike."),
    )


def _too_few_stores(
    able: pd.DataFrame, judged: pd.DataFrame, *, n_treated: int, n_control: int
) -> PlaybookError:
    words = _(
        "Wanted: pilot stores {treated}, control stores {control}. Stores that can take part: {n}."
    )
    return PlaybookError(
        words.format(treated=n_treated, control=max(n_control, 1), n=len(able)),
        problems=_why_left_out(judged),
        advice=_("Ask for fewer stores, add a region, or shorten the weeks of history needed."),
    )


def _why_left_out(judged: pd.DataFrame) -> list[str]:
    reasons = judged.loc[judged["reason"] != "", "reason"].value_counts()
    return [
        ngettext("{n} store: {reason}", "{n} stores: {reason}", int(n)).format(n=n, reason=reason)
        for reason, n in reasons.items()
    ]
