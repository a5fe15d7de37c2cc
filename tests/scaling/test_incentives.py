import numpy as np
import pandas as pd
import pytest
import yaml

from playbook.customers.gates import Untold
from playbook.errors import PlaybookError
from playbook.run import places
from playbook.scaling.attainment import of_stores
from playbook.scaling.incentive_checks import check_incentives
from playbook.scaling.incentives import Incentives, kpi_renewal
from playbook.scaling.payouts import on_stores, simulate
from playbook.scaling.payouts_live import threshold_live


def raw():
    text = (places.sample() / "inputs" / "incentives.yaml").read_text("utf-8")
    return yaml.safe_load(text)


@pytest.fixture(scope="module")
def sample():
    return Incentives.from_raw(raw(), version=1)


def test_the_planted_faults_of_the_plans_are_found(sample):
    assert check_incentives(sample).rules() == {
        ("cliff", "Shop teams"),
        ("luck", "Shop teams"),
        ("many_measures", "Area managers"),
        ("old_behaviour", "Area managers"),
        ("no_influence", "Retention desk"),
    }


def test_the_kpi_that_still_rewards_the_old_behaviour_is_named(sample):
    old = [item for item in check_incentives(sample).items if item.rule == "old_behaviour"]
    assert "New cards issued" in old[0].problem


def test_the_shop_plan_reaches_92_52_and_9_4_and_is_cost_neutral(sample):
    found = simulate(sample.proposed[0], sample, seed=1)
    first = found.measures.iloc[0]
    assert first["threshold"] == pytest.approx(0.92, abs=0.003)
    assert first["target"] == pytest.approx(0.52, abs=0.003)
    assert first["excellence"] == pytest.approx(0.094, abs=0.001)
    assert found.mean_pay == pytest.approx(1.0, abs=0.003)
    assert not any("cost-neutral" in line for line in found.warnings)


def test_against_the_guide_the_target_is_a_little_hard_and_the_cliff_is_said(sample):
    warnings = simulate(sample.proposed[0], sample, seed=1).warnings
    assert any("too hard" in line and "52 %" in line.replace("\xa0", " ") for line in warnings)
    assert any(line.startswith("Cliff") for line in warnings)
    assert len(warnings) == 2


def test_a_curve_without_a_jump_is_no_cliff(sample):
    desk = simulate(sample.proposed[2], sample, seed=1)
    assert not any(line.startswith("Cliff") for line in desk.warnings)


def test_luck_is_noise_against_the_whole_spread(sample):
    luck = simulate(sample.proposed[0], sample, seed=1).measures["luck"]
    assert luck.tolist() == pytest.approx(
        [(0.05 / 0.11) ** 2, (0.04 / 0.11) ** 2, (0.085 / 0.11) ** 2]
    )


def test_a_lower_threshold_pays_more_people_and_costs_more(sample):
    low, high = (simulate(sample.proposed[0], sample, seed=1, threshold=t) for t in (0.75, 0.95))
    assert low.measures["threshold"].min() > high.measures["threshold"].max()
    assert low.cost > high.cost
    assert low.budget == high.budget == pytest.approx(3360 * 48_000)


def test_a_threshold_above_the_target_is_refused(sample):
    with pytest.raises(PlaybookError, match="below the target"):
        simulate(sample.proposed[0], sample, seed=1, threshold=1.0)


def test_sliders_answer_and_say_what_is_wrong_in_place(sample):
    live = threshold_live(sample.proposed[0], sample, seed=1)
    assert "Shop teams" in live.markup()
    assert live.markup(threshold=0.7) != live.markup(threshold=0.9)


def test_bonus_money_for_customers_who_come_back_goes_from_nothing_to_30_percent(sample):
    found = kpi_renewal(sample)
    keeping = found.kpis[found.kpis["rewards"] == "keeping"]
    assert keeping["weight_now"].sum() == 0
    # shops 161.28 m at 30 %, areas 5.76 m at 30 %, desk 1.62 m at 50 %
    by_hand = (161.28 * 0.3 + 5.76 * 0.3 + 1.62 * 0.5) / (161.28 + 5.76 + 1.62)
    assert keeping["weight_next"].sum() == pytest.approx(by_hand)
    assert found.warnings == ["1 KPI has no owner: Minutes in the queue."]


def test_weights_that_do_not_sum_to_one_are_found(sample):
    changed = raw()
    changed["proposed"][2]["measures"][0]["weight"] = 0.4
    rules = check_incentives(Incentives.from_raw(changed, version=1)).rules()
    assert ("weights", "Retention desk") in rules


def test_a_measure_without_a_kpi_and_a_curve_that_falls_are_refused():
    changed = raw()
    changed["proposed"][0]["measures"][0]["kpi"] = "smiles"
    with pytest.raises(ValueError, match="smiles"):
        Incentives.from_raw(changed, version=1)
    changed = raw()
    changed["proposed"][0]["curve"]["target"] = 0.8
    with pytest.raises(ValueError, match="must rise"):
        Incentives.from_raw(changed, version=1)


def stores(*, merit_sd, noise_sd, n=200, weeks=110, seed=1):
    """Stores whose growth is merit, with chance from week to week."""
    rng = np.random.default_rng(seed)
    merit = np.exp(rng.normal(0, merit_sd, n))
    monday = pd.date_range("2024-01-01", periods=weeks, freq="W-MON")
    rows = np.repeat(np.arange(n), weeks)
    week = np.tile(np.arange(weeks), n)
    growth = np.where(week >= weeks - 52, merit[rows] * 1.1, 1.0)
    revenue = 1000 * growth * np.exp(rng.normal(0, noise_sd, n * weeks))
    return pd.DataFrame(
        {
            "store_id": [f"s{row:03d}" for row in rows],
            "week": monday.to_numpy()[week],
            "revenue": revenue,
            "customers": 100,
            "repeat_customers": np.round(100 * np.clip(0.5 * growth, 0, 1)),
        }
    )


def test_attainment_of_stores_has_the_planted_spread_and_hardly_any_luck():
    found = of_stores(stores(merit_sd=0.08, noise_sd=0.02))
    assert found.attained["sales"].std() == pytest.approx(0.08, abs=0.01)
    assert found.attained["sales"].mean() == pytest.approx(1.0, abs=0.01)
    assert found.luck["sales"] < 0.05


def test_stores_that_differ_by_chance_only_are_nearly_all_luck():
    assert of_stores(stores(merit_sd=0.0, noise_sd=0.3)).luck["sales"] > 0.7


def test_the_plan_is_paid_on_what_the_stores_attained(sample):
    attained = of_stores(stores(merit_sd=0.08, noise_sd=0.02))
    found = on_stores(sample.plan(), sample, attained)
    assert found.source == "stores"
    # service cannot be read from receipts: 50 and 30 % are weighted up
    assert found.measures["weight"].tolist() == pytest.approx([5 / 8, 3 / 8])
    assert found.measures["luck"].iloc[0] == attained.luck["sales"]


@pytest.mark.parametrize("weeks", [None, 60])
def test_without_two_years_of_weeks_it_is_said_what_is_missing(sample, weeks):
    table = None if weeks is None else stores(merit_sd=0.1, noise_sd=0.1, weeks=weeks)
    attained = of_stores(table)
    assert isinstance(attained, Untold)
    assert on_stores(sample.plan(), sample, attained) is attained


def test_a_plan_that_does_not_exist_is_refused_with_those_that_do(sample):
    with pytest.raises(PlaybookError) as refusal:
        sample.plan("cashiers")
    assert [line.split()[0] for line in refusal.value.problems] == ["shops", "areas", "desk"]
