"""Rules that a shop assistant can apply, and how often they are right."""

import numpy as np
import pandas as pd
import pytest

from playbook.customers.cluster_rules import handy, learn, no_rules


def people(n=3000, seed=1):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "recency_days": rng.integers(0, 364, n),
            "purchase_days": rng.integers(1, 40, n),
            "spend": rng.lognormal(8, 1, n),
        }
    )


def test_a_planted_rule_is_found_and_said_in_round_numbers():
    behaviour = people()
    late = (behaviour["recency_days"] > 88).to_numpy()
    often = (behaviour["purchase_days"] > 9).to_numpy()
    labels = np.where(late, 0, np.where(often, 1, 2)).astype(np.int64)
    found = learn(behaviour, labels, seed=3)
    rules = found.to_frame()["rule"].tolist()
    assert rules[0] == "last purchase 91 or more days ago"
    assert rules[1] == "last purchase at most 90 days ago; days with a purchase: 10 or more"
    assert rules[2] == "last purchase at most 90 days ago; days with a purchase: at most 9"
    # rounding 88 to 90 days costs the two days between: 2 of 364
    assert found.fidelity == pytest.approx(1 - 2 / 364, abs=0.006)
    assert found.n_unseen == 900


def test_groups_that_no_short_rule_tells_apart_get_none():
    behaviour = people()
    labels = np.random.default_rng(2).integers(0, 4, len(behaviour))
    found = learn(behaviour, labels, seed=1)
    assert not found.is_faithful
    assert found.fidelity == pytest.approx(0.25, abs=0.05)
    assert found.headline.startswith("No short rule tells the groups apart")
    assert found.to_frame().empty


def test_fidelity_is_measured_on_customers_the_rule_has_not_seen():
    # labels by lot: a rule judged on its own customers would look better than chance
    shares = []
    for seed in range(20):
        behaviour = people(n=400, seed=seed)
        labels = np.random.default_rng(1000 + seed).integers(0, 2, len(behaviour))
        shares.append(learn(behaviour, labels, seed=seed).fidelity)
    assert np.mean(shares) == pytest.approx(0.5, abs=0.03)


def test_every_customer_gets_at_most_one_group():
    behaviour = people()
    labels = (behaviour["spend"].rank().to_numpy() // 1000).astype(np.int64).clip(0, 2)
    boxes = learn(behaviour, labels, seed=1).boxes
    hits = np.zeros(len(behaviour), int)
    for box in boxes.to_dict("records"):
        fits = np.ones(len(behaviour), bool)
        for column in behaviour:
            fits &= (behaviour[column] > box[f"{column}_above"]) & (
                behaviour[column] <= box[f"{column}_most"]
            )
        hits += fits.to_numpy()
    assert (hits == 1).all()


def test_a_group_too_small_to_be_told_has_no_recall():
    behaviour = people(n=300)
    labels = np.zeros(300, np.int64)
    labels[:8] = 1
    found = learn(behaviour, labels, seed=1)
    assert np.isnan(found.groups.loc[1, "recall"])


@pytest.mark.parametrize(
    ("limit", "feature", "kept_in_mind"),
    [
        (3.5, "recency_days", 3),
        (13.5, "recency_days", 14),
        (61.5, "recency_days", 63),
        (170.5, "recency_days", 180),
        (11.5, "purchase_days", 11),
        (33.5, "purchase_days", 35),
        (1234.0, "spend", 1200),
        (27_300.0, "spend", 25_000),
        (76_000.0, "spend", 80_000),
        (7.9, "spend", 7),
    ],
)
def test_limits_are_numbers_that_one_keeps_in_mind(limit, feature, kept_in_mind):
    assert handy(limit, feature) == pytest.approx(kept_in_mind)


def test_without_groups_there_are_no_rules():
    found = no_rules()
    assert found.headline == "There are no groups to tell apart."
    assert found.figures == []
    assert found._repr_html_()
