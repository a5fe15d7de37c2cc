import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.scaling.rollout import QuietWeeks, Rollout
from playbook.scaling.waves import draw, plan
from playbook.text import in_language

REGIONS = {"north": 30, "west": 40, "centre": 60, "volga": 45, "south": 35, "ural": 30}
STORES = pd.DataFrame(
    {
        "store_id": [f"S{n:03d}" for n in range(1, 241)],
        "region": np.repeat(list(REGIONS), list(REGIONS.values())),
    }
)
TREATED = tuple(STORES["store_id"][70:82])
CONTROL = tuple(STORES["store_id"][82:94])


def rollout(**changes) -> Rollout:
    fields = {
        "start": dt.date(2026, 4, 20),
        "wave_sizes": (36, 60, 60, 72),
        "weeks_between_waves": 8,
        "n_holdout": 24,
        "trainers": 6,
        "sessions_per_week": 3,
        "seats": 20,
        "staff_per_store": 14,
        "owner": "office",
    }
    return Rollout(**(fields | changes))


def planned(**changes):
    return plan(STORES, rollout=rollout(**changes), treated=TREATED, control=CONTROL)


def test_six_trainers_keep_pace_with_the_four_waves_of_the_story():
    found = planned()
    assert found.waves["n_people"].tolist() == [504, 840, 840, 1008]
    # 6 trainers x 3 sessions x 20 seats = 360 people a week
    assert found.waves["training_weeks"].round(1).tolist() == [1.4, 2.3, 2.3, 2.8]
    assert found.is_feasible


def test_two_trainers_are_refused_with_what_would_make_it_fit():
    with in_language("en"):
        found = planned(trainers=2)
        assert not found.is_feasible
        # 1,008 people at 120 a week take 8.4 weeks; 8 weeks x 120 / 14 = 68 stores
        assert found.headline == (
            "The plan does not hold: wave 4 needs 8.4 weeks of training, 8 weeks are there: take"
            " 3 trainers, or at most 68 stores."
        )
    assert found.trainers_needed == 3


def test_without_trainers_no_wave_ever_starts():
    found = planned(trainers=0)
    assert not found.waves["has_room"].any()
    assert "at most 0 stores" in found.warnings[0]


def test_a_wave_that_starts_in_a_quiet_time_is_named():
    quiet = QuietWeeks(first=dt.date(2026, 10, 1), last=dt.date(2026, 10, 31), reason="stocktaking")
    found = planned(quiet=(quiet,))
    assert not found.is_feasible
    assert "wave 4" in found.warnings[0]


def test_pilot_stores_are_what_they_are():
    waves = planned().assignment.set_index("store_id")
    assert (waves.loc[list(TREATED), "wave"] == 0).all()
    assert (waves.loc[list(CONTROL), "wave"] == 1).all()
    holdout = waves[waves["is_holdout"]]
    assert (len(holdout), set(holdout["wave"])) == (24, {4})


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_every_region_is_spread_over_all_waves(seed: int):
    drawn = draw(STORES, sizes=(60, 60, 60, 60), n_holdout=0, treated=(), control=(), seed=seed)
    counts = pd.crosstab(drawn["region"], drawn["wave"])
    assert counts.sum().tolist() == [60, 60, 60, 60]
    share = counts.div(counts.sum(axis=1), axis=0)
    assert (share - 0.25).abs().to_numpy().max() <= 2 / 30


def test_the_same_seed_draws_the_same_plan_and_another_seed_another():
    assert planned().fingerprint == planned().fingerprint
    assert planned().fingerprint != planned(seed=8).fingerprint


def test_sizes_that_do_not_add_up_are_refused_with_every_problem():
    with pytest.raises(PlaybookError) as caught:
        plan(
            STORES,
            rollout=rollout(wave_sizes=(5, 60)),
            treated=(*TREATED, "S999"),
            control=CONTROL,
        )
    assert len(caught.value.problems) == 3


def test_impossible_inputs_are_refused_together():
    with pytest.raises(ValueError, match=r"Monday.*hold-out"):
        rollout(start=dt.date(2026, 4, 21), n_holdout=72)


def test_balance_is_measured_in_standard_deviations_of_stores():
    rates = pd.Series(np.linspace(0.6, 0.8, 240), index=STORES["store_id"])
    found = plan(STORES, rollout=rollout(), repeat_rate=rates, treated=TREATED, control=CONTROL)
    started = found.assignment[found.assignment["wave"] > 0]
    by_hand = rates[started[started["wave"] == 2]["store_id"]].mean()
    row = found.balance[found.balance["wave"] == 2].iloc[0]
    assert row["repeat_rate"] == pytest.approx(by_hand)
    all_rates = rates[started["store_id"]]
    assert row["difference"] == pytest.approx((by_hand - all_rates.mean()) / all_rates.std())
