import numpy as np
import pytest

from playbook.scaling.risks import Risk, Risks, check, reserve
from playbook.stats import losses
from playbook.text import in_language


def risk(name: str, **changes) -> Risk:
    fields = {
        "id": name,
        "cause": "c",
        "event": name,
        "consequence": "x",
        "owner": "o",
        "per_year": 1.0,
        "loss_p10": 1e6,
        "loss_p90": 1e7,
        "treatment": "reduce_likelihood",
        "action": "a",
        "trigger": "t",
        "likelihood": 3,
        "impact": 3,
    }
    return Risk(**(fields | changes))


def test_mean_and_variance_of_a_compound_poisson_follow_the_closed_form():
    severity = losses.Severity(mu=np.array([1.0]), sigma=np.array([0.5]))
    rate = np.array([2.0])
    # lambda e^(mu + s2/2) and lambda e^(2 mu + 2 s2)
    assert losses.expected(rate, severity)[0] == pytest.approx(2 * np.exp(1.125))
    assert losses.variance(rate, severity)[0] == pytest.approx(2 * np.exp(2.5))
    years = losses.draw_years(rate, severity, n=400_000, seed=1)
    assert years.mean() == pytest.approx(2 * np.exp(1.125), rel=0.01)
    assert years.var() == pytest.approx(2 * np.exp(2.5), rel=0.02)


def test_severity_meets_the_two_quantiles_it_is_given():
    severity = losses.severity(np.array([1e6]), np.array([1e7]))
    drawn = np.exp(np.random.default_rng(0).normal(severity.mu, severity.sigma, 200_000))
    assert np.mean(drawn < 1e6) == pytest.approx(0.1, abs=0.003)
    assert np.mean(drawn > 1e7) == pytest.approx(0.1, abs=0.003)


def test_the_reserve_is_enough_in_eight_years_of_ten():
    found = reserve(Risks(risks=(risk("a"), risk("b", per_year=0.2))), seed=3)
    fresh = reserve(Risks(risks=(risk("a"), risk("b", per_year=0.2))), seed=4)
    assert np.mean(fresh.years <= found.reserve) == pytest.approx(0.8, abs=0.005)


def test_treatment_lowers_frequency_or_consequence_and_its_cost_counts():
    pair = (
        risk("often", residual_share=0.5, cost=1e9),
        risk("large", treatment="reduce_consequence", residual_share=0.25),
    )
    found = reserve(Risks(risks=pair), seed=1)
    table = found.table.set_index("id")
    assert table.loc["often", "residual"] == pytest.approx(table.loc["often", "expected"] / 2)
    assert found.years.mean() == pytest.approx(found.mean_after, rel=0.02)
    with in_language("en"):
        assert any("more than it saves" in line for line in found.warnings)


def test_the_risk_that_the_colour_matrix_hides_is_named():
    rare_and_large = risk("large", per_year=0.1, loss_p10=1e8, loss_p90=1e9, likelihood=1, impact=5)
    frequent_and_small = risk(
        "small", per_year=4, loss_p10=1e4, loss_p90=1e5, likelihood=5, impact=2
    )
    found = reserve(Risks(risks=(rare_and_large, frequent_and_small)), seed=1)
    assert found.inversions == (("small", "large"),)
    assert found.table["id"].tolist() == ["large", "small"]


def test_a_risk_without_owner_action_or_sign_is_found():
    register = Risks(risks=(risk("a", owner="", action="", trigger=""), risk("b")))
    assert {rule for rule, _where in check(register).rules()} == {
        "no_owner",
        "no_action",
        "no_trigger",
    }
    retained = Risks(risks=(risk("a", action="", treatment="retain"),))
    assert check(retained).items == ()


def test_quantiles_out_of_order_are_refused():
    with pytest.raises(ValueError, match="loss_p90"):
        risk("a", loss_p10=10.0, loss_p90=1.0)
