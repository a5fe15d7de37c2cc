"""The sample chain tells the story: design, board, effect, segments, verdict."""

import json

import pandas as pd
import pytest
import yaml

from playbook.pilot.arms import check_delivery
from playbook.pilot.audit import audit
from playbook.pilot.board import board
from playbook.pilot.charter import Charter
from playbook.pilot.corrections import Review
from playbook.pilot.dose import dose
from playbook.pilot.effect import measure
from playbook.pilot.guardrails import read_week
from playbook.pilot.segment_effects import by_segment
from playbook.pilot.verdict import verdict
from playbook.pilot.watch import watch
from playbook.run import places
from playbook.run.sample_charter import propose_charter
from playbook.strategy.value_model import ValueModel

SAMPLE = places.sample()


def table(name):
    return pd.read_parquet(SAMPLE / f"{name}.parquet")


def document(kind, name):
    text = (SAMPLE / "inputs" / f"{name}.yaml").read_text(encoding="utf-8")
    return kind.model_validate(yaml.safe_load(text))


@pytest.fixture(scope="module")
def truth():
    return json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sealed():
    return document(Charter, "charter")


@pytest.fixture(scope="module")
def seen(sealed):
    return measure(sealed, table("repeat_rates"), stores=table("stores"))


def test_the_sealed_charter_is_what_draft_and_history_give(sealed):
    # otherwise: python -m playbook.run.sample_charter
    assert propose_charter(SAMPLE) == sealed


def test_the_pilot_sees_break_even_as_designed_and_not_after_the_adjustment(sealed):
    assert sealed.break_even == pytest.approx(0.0192, abs=0.0002)
    assert sealed.break_even_adjusted == pytest.approx(0.0153, abs=0.0002)
    assert sealed.break_even_adjusted < sealed.mde < sealed.break_even


def test_the_effect_was_made_in_the_stores_that_the_charter_names(sealed):
    drawn = table("pairs").set_index("store_id")["arm"].to_dict()
    assert {store.store_id: store.arm for store in sealed.stores} == drawn
    check_delivery(sealed, table("fidelity"))


def test_the_planted_effect_lies_in_the_interval_and_chance_seldom_does_as_much(seen):
    assert seen.ci_low < 0.019 < seen.ci_high
    assert seen.att == pytest.approx(0.019, abs=0.002)
    assert seen.p_value < 0.01
    assert seen.n_draws == 4096


def test_before_the_start_the_two_arms_do_not_differ(seen):
    placebo = seen.readings.set_index("key").loc["placebo"]
    assert placebo["ci_low"] < 0 < placebo["ci_high"]


def test_two_stores_below_one_half_and_three_with_queues_are_found(sealed):
    logs = {"fidelity": table("fidelity"), "store_weeks": table("store_weeks")}
    guards = read_week(sealed, week=12, **logs)
    shown = board(sealed, week=12, issues=table("issues"), guardrails=guards, **logs)
    means = table("fidelity").groupby("store_id")["done_share"].mean()
    assert sorted(shown.weak) == sorted(means.nsmallest(2).index)
    assert (means.nsmallest(2) < 0.5).all()
    sizes = table("stores").set_index("store_id")["size_m2"]
    treated = [s.store_id for s in sealed.stores if s.arm == "treated"]
    assert sorted(shown.in_state("amber")) == sorted(sizes[treated].nsmallest(3).index)
    assert guards.state == "amber"
    assert shown.advice == "fix"


def test_weekly_numbers_ask_for_no_stepping_in(sealed):
    assert not watch(sealed, table("repeat_rates"), week=12).is_signal


def test_the_store_that_splits_receipts_is_found_alone(sealed):
    receipts = table("receipts")
    ids = [store.store_id for store in sealed.stores]
    chosen = receipts["store_id"].isin(ids) & (receipts["at"] >= "2025-12-29")
    log = table("issues")
    reported = log.loc[log["kind"] == "audit", "store_id"].tolist()
    assert audit(receipts[chosen]).suspicious == reported


def test_segments_stand_in_the_planted_order_at_their_ends(sealed, truth):
    found = by_segment(sealed, table("repeat_segments")).table.set_index("segment")
    planted = {one["id"]: one["effect"] for one in truth["planted"]["segments"]}
    assert found["att"].idxmax() == max(planted, key=planted.get)
    assert found["att"].idxmin() == min(planted, key=planted.get)


def test_the_change_was_done_to_78_of_100_and_works(sealed, seen):
    told = dose(sealed, seen, table("fidelity"))
    assert told.mean_done == pytest.approx(0.78, abs=0.015)
    assert told.verdict == "works"


def test_as_designed_adjust_and_with_the_corrections_go(sealed, seen):
    logs = {"fidelity": table("fidelity"), "store_weeks": table("store_weeks")}
    found = verdict(
        sealed,
        seen,
        document(ValueModel, "value_model"),
        guardrails=read_week(sealed, week=16, **logs),
        review=document(Review, "review"),
    )
    assert (found.choice, found.choice_adjusted) == ("ADJUST", "GO")
    assert 0.35 <= found.p_gain < 0.60 <= found.p_gain_adjusted
    money = found.readings.set_index("reading")
    assert money.loc["naive", "npv_whole"] > 0 > money.loc["designed", "npv_whole"]
    assert money.loc["designed", "mean"] < 0 < money.loc["adjusted", "mean"]
