"""The design of a charter's draft: its zone, and what it can detect."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from playbook.pilot.charter import CharterDraft
from playbook.pilot.power import Power, power
from playbook.pilot.zone import matched_pairs, stratified
from playbook.pilot.zone_result import Zone
from playbook.strategy.break_even import break_even
from playbook.strategy.value_model import ValueModel


def needed(draft: CharterDraft, model: ValueModel | None) -> tuple[float, float]:
    """Effect from which the programme pays as designed, and with the draft's fallback.

    Missing (not a number) where there is no business case, or no fallback.
    """
    if model is None:
        return math.nan, math.nan
    adjusted = break_even(model, changes=draft.fallback) if draft.fallback else math.nan
    return break_even(model), adjusted


def reach(
    draft: CharterDraft,
    stores: pd.DataFrame,
    history: pd.DataFrame,
    *,
    needed: Sequence[float] = (math.nan, math.nan),
) -> Power:
    """What the draft's pilot can detect, from the company's own history.

    Args:
        draft: The charter before stores are drawn.
        stores: One row per store.
        history: ``store_id``, ``week``, ``repeat_rate``.
        needed: From ``needed``.
    """
    designed, adjusted = needed
    return power(
        stores,
        history,
        size=draft.zone.size,
        timing=draft.timing,
        seed=draft.zone.seed,
        rules=draft.rules,
        mechanism=draft.zone.mechanism,
        estimator=draft.estimator,
        break_even=designed,
        break_even_adjusted=adjusted,
    )


def draw(draft: CharterDraft, stores: pd.DataFrame, history: pd.DataFrame) -> Zone:
    """The zone of the draft, drawn with its seed."""
    rules = draft.zone
    if rules.mechanism == "pairs":
        return matched_pairs(
            stores,
            history,
            n_pairs=rules.size,
            seed=rules.seed,
            start=draft.start,
            regions=rules.regions,
            pre_weeks=rules.pre_weeks,
            window_weeks=draft.kpi.window_weeks,
            caliper=rules.caliper,
            min_age_weeks=rules.min_age_weeks,
            never=rules.never,
        )
    return stratified(
        stores,
        history,
        n_treated=rules.size,
        seed=rules.seed,
        start=draft.start,
        regions=rules.regions,
        pre_weeks=rules.pre_weeks,
        window_weeks=draft.kpi.window_weeks,
        min_age_weeks=rules.min_age_weeks,
        never=rules.never,
    )
