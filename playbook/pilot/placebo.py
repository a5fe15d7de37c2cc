"""Placebo pilots in the company's own history, with the real draw and the real estimator.

A placebo pilot starts some weeks earlier than the real one, in weeks where nothing was
changed. Nothing from the real start on is ever read here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.pilot.eligibility import eligible
from playbook.pilot.estimator import Estimator, Timing, covariates, has_last_year, outcome
from playbook.pilot.likeness import traits
from playbook.pilot.lots import shares
from playbook.pilot.panel import Panel, panel
from playbook.pilot.zone import admissible_pairs
from playbook.stats.placebo import intervals, sign_group
from playbook.stats.randomisation import redraws
from playbook.text import gettext as _


@dataclass(frozen=True, kw_only=True, eq=False)
class Twin:
    """The stores as they were before one placebo start, and what they did after it.

    Attributes:
        start: First Monday of the placebo pilot.
        able: Stores that could have taken part, with ``region``, ``format``, ``level``.
        outcome: Their KPI after the burn-in.
        covariates: What was known about them: stores by covariates.
        pairs: Pairs of rows of ``able`` that could have been formed.
    """

    start: dt.date
    able: pd.DataFrame
    outcome: np.ndarray
    covariates: np.ndarray
    pairs: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How pilot stores are chosen, as for ``zone.matched_pairs``.

    Attributes:
        regions: Regions to choose from; all when empty.
        min_age_weeks: Stores opened later than this before the start are left out.
        caliper: Largest distance within a pair, in standard deviations.
        never: Stores that must stay out.
    """

    regions: tuple[str, ...] = ()
    min_age_weeks: int = 52
    caliper: float = 1.0
    never: tuple[str, ...] = ()


def twins(
    stores: pd.DataFrame,
    history: pd.DataFrame,
    *,
    timing: Timing,
    rules: Rules,
    value: str = "repeat_rate",
    is_log: bool = False,
    step_weeks: int = 2,
    most: int = 20,
) -> list[Twin]:
    """Every start in the history that a placebo pilot can have, newest first.

    Args:
        stores: One row per store, as for ``zone.matched_pairs``.
        history: One row per store and week: ``store_id``, ``week``, ``value``.
        timing: Of the real pilot.
        rules: How its stores are chosen.
        value: Column of the KPI.
        is_log: Whether effects are relative.
        step_weeks: Weeks between two placebo starts.
        most: Placebo starts at most.

    Raises:
        PlaybookError: The history is too short for a single placebo pilot.
    """
    known = panel(history, value=value).before(timing.start, window_weeks=timing.window_weeks)
    with_last_year = has_last_year(known, timing)
    first = -(-timing.total_weeks // step_weeks) * step_weeks
    found: list[Twin] = []
    for weeks in range(first, len(known.weeks), step_weeks):
        moved = timing.moved(-weeks)
        before = known.before(moved.start, window_weeks=timing.window_weeks)
        is_short = len(before.weeks) < timing.pre_weeks
        if is_short or (with_last_year and not has_last_year(known, moved)) or len(found) == most:
            break
        found.append(
            _twin(stores, known, moved, rules, with_last_year=with_last_year, is_log=is_log)
        )
    if not found:
        raise PlaybookError(
            _("The history is too short to try this pilot out where nothing was changed."),
            problems=[
                _("Weeks of the KPI known before the start: {have}; needed: {need}.").format(
                    have=len(known.weeks), need=timing.pre_weeks + first + timing.window_weeks
                )
            ],
            advice=_("Shorten the pilot, the burn-in or the weeks of history that stores need."),
        )
    return found


def _twin(
    stores: pd.DataFrame,
    known: Panel,
    timing: Timing,
    rules: Rules,
    *,
    with_last_year: bool,
    is_log: bool,
) -> Twin:
    before = known.before(timing.start, window_weeks=timing.window_weeks).tail(timing.pre_weeks)
    judged = eligible(
        stores,
        before,
        start=timing.start,
        regions=rules.regions,
        min_age_weeks=rules.min_age_weeks,
        never=rules.never,
    )
    able = traits(judged.loc[judged["reason"] == ""], before, start=timing.start)
    rows = np.searchsorted(known.stores, able["store_id"].to_numpy(str))
    after = outcome(known, timing, is_log=is_log)[rows]
    past = covariates(known, timing, with_last_year=with_last_year, is_log=is_log)[rows]
    whole = np.isfinite(after) & np.isfinite(past).all(axis=1)
    able = able.loc[whole].reset_index(drop=True)
    pairs = np.array(admissible_pairs(able, caliper=rules.caliper), dtype=int).reshape(-1, 2)
    return Twin(
        start=timing.start,
        able=able,
        outcome=after[whole],
        covariates=past[whole],
        pairs=pairs,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Placebos:
    """Effects found in placebo pilots of one size.

    Attributes:
        att: Effect found, one per placebo pilot.
        low: Lower bound of its interval.
        high: Upper bound.
    """

    att: np.ndarray
    low: np.ndarray
    high: np.ndarray


def in_pairs(
    found: Sequence[Twin], *, n_pairs: int, n_sets: int, estimator: Estimator, seed: int
) -> Placebos | None:
    """Placebo pilots of ``n_pairs`` pairs; nothing where so many were never possible.

    Args:
        found: From ``twins``.
        n_pairs: Pairs in each.
        n_sets: Placebo pilots per start, each with its own pairs and coins.
        estimator: How the effect is measured.
        seed: For pairs and coins.
    """
    rng = np.random.default_rng(seed)
    parts = [
        _drawn(twin, n_pairs=n_pairs, n_sets=n_sets, rng=rng)
        for twin in found
        if len(twin.pairs) >= n_pairs
    ]
    if not parts:
        return None
    after = np.concatenate([outcomes for outcomes, _past in parts])
    past = np.concatenate([past for _outcomes, past in parts])
    if estimator == "difference":
        past = past[:, :, :0]
    att, low, high = intervals(after, past, sign_group(n_pairs, seed=seed))
    return Placebos(att=att, low=low, high=high)


def _drawn(
    twin: Twin, *, n_pairs: int, n_sets: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and covariates of ``n_sets`` draws, treated and control in turn."""
    region = twin.able["region"].astype(str).to_numpy()[twin.pairs[:, 0]]
    names, have = np.unique(region, return_counts=True)
    picked = np.concatenate(
        [
            np.flatnonzero(region == one)[rng.random((n_sets, n)).argsort(axis=1)[:, :take]]
            for one, n, take in zip(names, have, shares(have, total=n_pairs), strict=True)
        ],
        axis=1,
    )
    units = twin.pairs[picked]
    heads = rng.random(picked.shape) < 0.5
    units = np.where(heads[..., None], units, units[..., ::-1]).reshape(n_sets, -1)
    return twin.outcome[units], twin.covariates[units]


def in_strata(
    found: Sequence[Twin],
    *,
    n_treated: int,
    n_sets: int,
    estimator: Estimator,
    seed: int,
    strata: Sequence[str] = ("region", "format"),
    n_draws: int = 400,
) -> Placebos | None:
    """Placebo pilots with stores drawn within strata, all others as control.

    Args:
        found: From ``twins``.
        n_treated: Pilot stores in each.
        n_sets: Placebo pilots per start.
        estimator: How the effect is measured.
        seed: For the draws.
        strata: Columns of the stores that make a stratum.
        n_draws: Redraws of each test.
    """
    rng = np.random.default_rng(seed)
    parts = []
    for i, twin in enumerate(found):
        if len(twin.able) < 2 * n_treated:
            continue
        label = twin.able[list(strata)].astype(str).agg("/".join, axis=1).to_numpy()
        names, have = np.unique(label, return_counts=True)
        take = shares(have, total=n_treated)
        order = np.argsort(label, kind="stable")
        treated = np.concatenate([np.arange(n) < k for n, k in zip(have, take, strict=True)])
        arms = redraws(label[order], treated, seed=seed + i, n_draws=n_draws, exact_up_to=0).arms
        marks = rng.random((n_sets, len(order)))
        units = np.lexsort((marks, np.broadcast_to(label, marks.shape)), axis=1)
        past = twin.covariates[units] if estimator == "ancova" else np.empty((*units.shape, 0))
        fixed = (label[order][:, None] == names).astype(float)
        parts.append(intervals(twin.outcome[units], past, arms.astype(float), fixed=fixed))
    if not parts:
        return None
    att, low, high = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Placebos(att=att, low=low, high=high)
