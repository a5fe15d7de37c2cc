import datetime as dt

import numpy as np
import pandas as pd
import pytest

from playbook.engagement.exchange import read_files
from playbook.run import places
from playbook.strategy.goal_checks import check
from playbook.strategy.goals import Goals, Guardrail, KeyResult, Objective, agreed, guardrail_words
from playbook.strategy.kpis import KpiCard, Kpis
from playbook.strategy.yardsticks import Yardsticks, measure

CARDS = Kpis(
    cards=[
        KpiCard(id="repeat_rate", name="Repeat rate", direction="up", counter_metric="margin"),
        KpiCard(id="margin", name="Margin", direction="up", counter_metric="repeat_rate"),
        KpiCard(id="nps", name="NPS", direction="up", unit="score", counter_metric="margin"),
        KpiCard(
            id="old", name="Leaflets", direction="up", counter_metric="margin", status="retire"
        ),
    ]
)
GOOD = {
    "id": "k1",
    "metric": "repeat_rate",
    "baseline": 0.71,
    "target": 0.73,
    "direction": "up",
    "date": dt.date(2028, 4, 16),
}
SECOND = GOOD | {"id": "k2", "metric": "margin", "baseline": 0.23, "target": 0.24}
NPS = {"metric": "nps", "baseline": 31, "target": 34}
SURVEY = {"promoters": 0.48, "detractors": 0.17}


def objective(*results, **changes):
    fields = {
        "id": "o1",
        "statement": "Customers come back",
        "owner": "Head of service",
        "guardrails": ["queue"],
        "key_results": [KeyResult(**r) for r in results]
        or [KeyResult(**GOOD), KeyResult(**SECOND)],
    }
    return Objective(**(fields | changes))


def rules(*objectives, yardsticks=None):
    goals = Goals(
        set_on=dt.date(2025, 12, 28),
        start=dt.date(2026, 4, 20),
        objectives=objectives,
        guardrails=[Guardrail(id="queue", metric="margin", side="at_most", limit=4)],
    )
    found = check(objectives, goals=goals, kpis=CARDS, yardsticks=yardsticks)
    return {item.rule for item in found.items}


def test_a_goal_with_everything_has_nothing_to_mend():
    assert rules(objective()) == set()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"baseline": None}, "no_baseline"),
        ({"target": None}, "no_target"),
        ({"target": 0.71}, "direction"),
        ({"target": 0.70}, "direction"),
        ({"date": None}, "date"),
        ({"date": dt.date(2025, 12, 28)}, "date"),
        ({"date": dt.date(2026, 4, 19)}, "date"),
        ({"metric": "love"}, "unknown_metric"),
        ({"metric": "old"}, "unknown_metric"),
        ({"counter_metric": "repeat_rate"}, "no_counter_metric"),
        ({"counter_metric": "love"}, "no_counter_metric"),
        ({"direction": "down", "target": 0.69}, "direction"),
    ],
)
def test_a_hole_in_a_key_result_is_found(change, rule):
    assert rule in rules(objective(GOOD | change, SECOND))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"owner": ""}, "no_owner"),
        ({"owner": "Everybody"}, "everybody"),
        ({"owner": "все"}, "everybody"),
        ({"owner": "Marketing, retail"}, "several_owners"),
        ({"owner": "Директор по маркетингу и розница"}, "several_owners"),
        ({"guardrails": []}, "no_guardrail"),
        ({"guardrails": ["unknown"]}, "no_guardrail"),
        ({"key_results": []}, "key_results"),
        ({"statement": "Launch a loyalty application"}, "activity"),
        ({"statement": "Запустить программу лояльности"}, "activity"),
        ({"statement": "Внедрение CRM во всех магазинах"}, "activity"),
    ],
)
def test_a_hole_in_an_objective_is_found_alone(change, rule):
    assert rules(objective(**change)) == {rule}


@pytest.mark.parametrize(
    "statement",
    ["Customers buy again", "Покупатели возвращаются", "Queues no longer drive people away"],
)
def test_an_outcome_is_not_taken_for_an_activity(statement):
    assert "activity" not in rules(objective(statement=statement))


def test_six_objectives_are_too_many():
    assert rules(*[objective() for _n in range(5)]) == set()
    assert rules(*[objective() for _n in range(6)]) == {"too_many_objectives"}


def test_two_goals_that_pull_one_driver_apart_fight():
    more = objective(GOOD, SECOND | {"pushes": {"discount": "up"}})
    less = objective(GOOD | {"pushes": {"discount": "down"}}, SECOND)
    assert rules(more, less) == {"fight"}
    assert rules(more, more) == set()


def test_a_goal_fights_another_that_pushes_its_own_metric_down():
    down = objective(GOOD, SECOND | {"pushes": {"repeat_rate": "down"}})
    assert rules(down) == {"fight"}


def test_three_points_of_nps_drown_in_300_answers_and_five_stand_out_of_2400():
    # margins of one reading 8.4 and 3.0; of a difference 11.9 and 4.2
    few = GOOD | NPS | {"survey": SURVEY | {"answers": 300}}
    many = GOOD | NPS | {"target": 36, "survey": SURVEY | {"answers": 2400}}
    assert "inside_noise" in rules(objective(few, SECOND))
    assert "inside_noise" not in rules(objective(many, SECOND))


def yardsticks(**row):
    fields = {
        "metric": "repeat_rate",
        "reading": 0.71,
        "noise": 0.01,
        "n_comparisons": 29,
        "yearly_change": 0.0,
        "best_region": "north",
        "best_reading": 0.74,
        "date": dt.date(2025, 10, 6),
    }
    return Yardsticks(table=pd.DataFrame([fields | row]), kpis=CARDS)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({}, None),
        ({"noise": 0.025}, "inside_noise"),
        ({"reading": 0.69}, "baseline_differs"),
        ({"best_reading": 0.72}, "beyond_best"),
        ({"metric": "basket"}, "noise_unknown"),
    ],
)
def test_a_target_is_held_against_the_companys_own_history(row, rule):
    found = rules(objective(), yardsticks=yardsticks(**row)) - {"noise_unknown"}
    if rule == "noise_unknown":
        assert rule in rules(objective(), yardsticks=yardsticks(**row))
    else:
        assert found == ({rule} if rule else set())


def history(noise, seed=1, n_weeks=104):
    """Two regions of one shop each; the rate has a season and noise of known size."""
    rng = np.random.default_rng(seed)
    week = pd.date_range("2024-01-01", periods=n_weeks, freq="7D")
    season = 0.03 * np.sin(2 * np.pi * np.arange(n_weeks) / 52)
    rates = 0.7 + season + rng.normal(0, noise, n_weeks)
    frames = [
        pd.DataFrame(
            {"store_id": shop, "week": week, "window_weeks": 12, "n_base": 10_000.0,
             "n_repeat": 10_000 * (rates + lead)}
        )
        for shop, lead in (("s1", 0.02), ("s2", -0.02))
    ]  # fmt: skip
    return pd.concat(frames)


STORES = pd.DataFrame({"store_id": ["s1", "s2"], "region": ["north", "south"]})
NO_WEEKS = pd.DataFrame(
    {"store_id": [], "week": [], "revenue": [], "receipts": [], "identified_share": []}
)


def test_planted_noise_is_measured_and_a_season_is_not():
    found = measure(
        history(0.005, n_weeks=312),
        store_weeks=NO_WEEKS,
        stores=STORES,
        kpis=CARDS,
        until=dt.date(2031, 1, 1),
    ).of("repeat_rate")
    # a yearly change of independent readings: 1.96 x sqrt(2) x 0.005
    assert found["noise"] == pytest.approx(1.96 * np.sqrt(2) * 0.005, rel=0.2)
    assert found["best_region"] == "north"
    assert found["best_reading"] == pytest.approx(0.72, abs=0.002)
    assert found["reading"] == pytest.approx(0.70, abs=0.002)


def test_no_reading_after_the_goals_were_set_is_used():
    found = measure(
        history(0.005), store_weeks=NO_WEEKS, stores=STORES, kpis=CARDS, until=dt.date(2025, 12, 28)
    ).of("repeat_rate")
    # the anchor's second window of 12 weeks must have ended by then
    assert found["date"] == dt.date(2025, 10, 6)


def sample():
    folder = places.sample() / "inputs"
    read = {
        event.payload["kind"]: event.payload["fields"]
        for event in read_files([folder / "goals.yaml", folder / "kpis.yaml"])
    }
    return Goals(**read["goals"]), Kpis(**read["kpis"])


def test_the_goals_of_the_sample_hold_and_its_drafts_do_not():
    goals, kpis = sample()
    known = Yardsticks(table=yardsticks(best_reading=0.7138).table, kpis=kpis)
    held = check(goals.objectives, goals=goals, kpis=kpis, yardsticks=known)
    assert held.of("error") == []
    drafts = check(goals.drafts, goals=goals, kpis=kpis, yardsticks=known)
    planted = {
        "activity", "everybody", "several_owners", "no_guardrail", "unknown_metric", "no_baseline",
        "date", "direction", "inside_noise", "fight", "key_results",
    }  # fmt: skip
    assert planted <= {item.rule for item in drafts.items}


def test_the_cards_show_values_as_people_write_them():
    goals, kpis = sample()
    held = check(goals.objectives, goals=goals, kpis=kpis)
    cards = agreed(goals, kpis=kpis, checked=held)
    assert (
        cards.headline == "We shall be judged by 4 numbers, read for the last time on 16 Apr 2028."
    )
    row = cards.to_frame().iloc[0]
    assert (row["baseline"], row["target"]) == ("62.0\xa0%", "64.5\xa0%")
    assert guardrail_words(goals.guardrails[0], kpis.by_id()) == (
        "Gross margin: at least −0.3\xa0pp from today"
    )


def test_a_company_without_regions_is_measured_all_the_same():
    found = measure(
        history(0.005), store_weeks=NO_WEEKS, kpis=CARDS, until=dt.date(2025, 12, 28)
    ).of("repeat_rate")
    assert found["best_region"] == ""
    assert np.isnan(found["best_reading"])
    assert found["reading"] == pytest.approx(0.70, abs=0.003)
