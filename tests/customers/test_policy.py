import pytest
import yaml

from playbook.customers import equity, retention, segments
from playbook.customers.gates import Untold
from playbook.customers.policy import Action, SegmentPlan, who_gets_what
from playbook.run import places

UNKNOWN = Untold("What a segment is worth cannot be told.", "Too few receipts.")


@pytest.fixture(scope="module")
def described(today):
    return segments.describe(today, margin_share=0.24, all_customers=1_600_000)


@pytest.fixture(scope="module")
def worth(described, a_year_ago, window, allowed):
    again = retention.bought_again(a_year_ago, again=window, gates=allowed)
    return equity.measured(described, again, discount=0.18, gates=allowed)


def action(**fields):
    usual = {
        "segment": "core",
        "process": "Offers",
        "action": "Advice",
        "owner": "CRM",
        "kpi": "Repeat rate",
        "cost_per_customer": 50,
    }
    return Action(**(usual | fields))


def rules_found(result):
    return {(item.rule, item.where) for item in result.plan_check.items}


def test_the_planted_gap_of_the_sample_plan_is_found(described, worth):
    raw = yaml.safe_load((places.sample() / "inputs" / "segments.yaml").read_text("utf-8"))
    result = who_gets_what(SegmentPlan.from_raw(raw, version=1), described, equity=worth)
    assert rules_found(result) == {("no_owner", "Falling asleep")}
    assert result.cost < result.cost_for_all / 3


def test_cost_is_customers_times_cost_per_customer(described):
    plan = SegmentPlan(actions=(action(),))
    result = who_gets_what(plan, described, equity=UNKNOWN)
    core = described.segments.set_index("segment").loc["core", "customers_share"]
    assert result.cost == pytest.approx(core * 1_600_000 * 50)
    assert result.cost_for_all == pytest.approx(1_600_000 * 50)


def test_break_even_is_cost_over_the_worth_of_one_more_who_comes_back(described, worth):
    plan = SegmentPlan(actions=(action(cost_per_customer=60),))
    found = who_gets_what(plan, described, equity=worth).actions.iloc[0]
    row = worth.segments.set_index("segment").loc["core"]
    by_hand = 60 / (row["margin"] / (1 + 0.18 - row["retention"])) * 1000
    assert found["break_even"] == pytest.approx(by_hand)


def test_segments_without_an_action_and_actions_without_a_kpi_are_named(described):
    plan = SegmentPlan(actions=(action(kpi="", cost_per_customer=None), action(segment="vip")))
    found = rules_found(who_gets_what(plan, described, equity=UNKNOWN))
    assert {("no_kpi", "Core"), ("no_cost", "Core"), ("unknown_segment", "vip")} <= found
    assert ("no_action", "New") in found


def test_a_company_without_a_plan_is_told_so(described):
    result = who_gets_what(SegmentPlan(), described, equity=UNKNOWN)
    assert result.actions.empty
    assert "Nobody has written down" in result.headline
    assert result._repr_html_()


def test_a_plan_whose_rules_leave_somebody_out_is_refused():
    with pytest.raises(ValueError, match="everybody else"):
        SegmentPlan.model_validate(
            {"rules": [{"segment": "big", "when": [{"feature": "spend", "at_least": 10}]}]}
        )


def test_a_company_may_bring_its_own_rules(bought, window, allowed):
    plan = SegmentPlan.model_validate(
        {
            "rules": [
                {"segment": "big", "when": [{"feature": "m", "at_least": 5}]},
                {"segment": "rest"},
            ]
        }
    )
    found = segments.sort(bought, window=window, gates=allowed, rules=plan.rules)
    shares = found.segment.value_counts(normalize=True)
    assert shares["big"] == pytest.approx(0.2, abs=0.005)
