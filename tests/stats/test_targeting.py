"""Rules of treatment: planted effects, intervals that hold, a choice that is no trial."""

from itertools import pairwise

import numpy as np
import pytest

from playbook.stats.targeting import (
    Trial,
    chosen_groups,
    group_effects,
    imbalance,
    value_rules,
)

EFFECT = np.array([0.0, 30.0, 60.0, -20.0])  # money per customer, by group
LEVEL = np.array([900.0, 400.0, 200.0, 100.0])


def trial(n, *, seed, effect=EFFECT, cost=20.0):
    """Groups respond differently; the riskiest are those who do not respond."""
    rng = np.random.default_rng(seed)
    group = rng.choice(4, n, p=[0.2, 0.3, 0.3, 0.2])
    chance = np.where(group < 2, 0.5, 0.3)
    treated = rng.random(n) < chance
    outcome = LEVEL[group] + effect[group] * treated + rng.normal(0, 150, n)
    return Trial(
        outcome=outcome,
        is_treated=treated,
        chance=chance,
        group=group,
        risk=(group == 3) + 0.1 * rng.random(n),
        cost=cost,
    )


def test_two_groups_by_hand():
    small = Trial(
        outcome=np.array([10.0, 14.0, 5.0, 7.0, 1.0, 3.0, 2.0, 2.0]),
        is_treated=np.array([True, True, False, False] * 2),
        chance=np.full(8, 0.5),
        group=np.array([0, 0, 0, 0, 1, 1, 1, 1]),
        risk=np.zeros(8),
        cost=1.0,
    )
    found = group_effects(small)
    assert found.raw.tolist() == [6.0, 0.0]
    # variances of means: (8/2 + 2/2) = 5 and (2/2 + 0/2) = 1
    assert found.se == pytest.approx([np.sqrt(5.0), 1.0])
    assert found.n.tolist() == [4, 4]


def test_planted_effects_are_recovered():
    found = group_effects(trial(80_000, seed=1))
    assert found.raw == pytest.approx(EFFECT, abs=3.5 * found.se.max())
    assert (np.abs(found.raw - EFFECT) < 3.5 * found.se).all()


def test_those_who_respond_are_chosen_and_nobody_who_costs_more():
    chosen = chosen_groups(trial(80_000, seed=2), most_share=1.0)
    assert chosen.tolist() == [0.0, 1.0, 1.0, 0.0]
    scarce = chosen_groups(trial(80_000, seed=2), most_share=0.2)
    assert scarce[1] == 0.0  # 0.3 of the customers respond best and take all of it
    assert scarce[2] == pytest.approx(2 / 3, rel=0.02)


def test_rules_are_worth_what_was_planted():
    found = value_rules(trial(120_000, seed=3), seed=1)
    share = np.array([0.2, 0.3, 0.3, 0.2])
    everybody = share @ (EFFECT - 20)
    response = 0.3 * 10 + 0.3 * 40
    for value, truth in (
        (found.everybody, everybody),
        (found.by_response, response),
        (found.gain, response - everybody),
    ):
        assert abs(value.mean - truth) < 3.5 * value.se
    assert found.by_response.treated_share == pytest.approx(0.6, abs=0.01)


def test_targeting_by_risk_is_worse_where_the_risky_do_not_respond():
    found = value_rules(trial(60_000, seed=4), most_share=0.2, seed=1)
    assert found.by_risk.treated_share == pytest.approx(0.2, abs=1e-3)
    assert found.by_risk.mean < 0 < found.by_response.mean
    assert found.over_risk.mean > 3 * found.over_risk.se


def test_intervals_hold_the_truth():
    truth = 0.3 * 10 + 0.3 * 40 - np.array([0.2, 0.3, 0.3, 0.2]) @ (EFFECT - 20)
    inside = 0
    for seed in range(200):
        gain = value_rules(trial(4_000, seed=seed), seed=seed).gain
        # a rule learned on too few may leave the best out, so only groups that are clear
        inside += abs(gain.mean - truth) <= 1.645 * gain.se
    assert 0.84 <= inside / 200 <= 0.96  # 90 %, and 200 draws


def test_nothing_is_gained_where_all_respond_alike():
    high = 0
    for seed in range(200):
        same = trial(2_000, seed=seed, effect=np.full(4, 40.0), cost=10.0)
        gain = value_rules(same, seed=seed).gain
        high += gain.mean > 1.645 * gain.se + 1e-9
    assert high <= 16  # 5 in 100 and two standard errors of that


def test_pooled_effects_err_less_and_hold():
    rng = np.random.default_rng(6)
    raw, pooled, inside = [], [], []
    for seed in range(150):
        effect = rng.normal(30, 15, 4)
        found = group_effects(trial(3_000, seed=seed, effect=effect))
        raw.append(((found.raw - effect) ** 2).mean())
        pooled.append(((found.pooled - effect) ** 2).mean())
        inside.append(np.abs(found.pooled - effect) <= 1.645 * found.pooled_sd)
    assert np.mean(pooled) < np.mean(raw)
    assert 0.84 <= np.mean(inside) <= 0.96


def test_a_choice_is_told_from_a_draw():
    rng = np.random.default_rng(7)
    features = rng.normal(size=(2000, 3))
    by_lot = [imbalance(features, rng.random(2000) < 0.3) for _turn in range(300)]
    assert np.mean(np.array(by_lot) < 0.05) == pytest.approx(0.05, abs=0.035)
    chosen = rng.random(2000) < 1 / (1 + np.exp(-features[:, 0]))
    assert imbalance(features, chosen) < 1e-6


def test_more_budget_never_makes_the_rule_worse():
    one = trial(60_000, seed=8)
    values = [
        value_rules(one, most_share=share, seed=2).by_response.mean
        for share in (0.1, 0.3, 0.6, 1.0)
    ]
    assert all(later >= earlier - 0.2 for earlier, later in pairwise(values))


def test_a_group_without_two_arms_is_left_alone():
    one = trial(4_000, seed=9)
    lonely = Trial(
        outcome=one.outcome,
        is_treated=one.is_treated & (one.group != 2),
        chance=one.chance,
        group=one.group,
        risk=one.risk,
        cost=20.0,
    )
    assert np.isnan(group_effects(lonely).raw[2])
    assert chosen_groups(lonely, most_share=1.0)[2] == 0.0
