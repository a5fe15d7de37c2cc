"""The story's verdict: it works, it is not worth it as designed, corrections make it pay."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import yaml

from playbook.engagement.decisions import Decided, Decision
from playbook.pilot.charter import DecisionRule
from playbook.pilot.corrections import Review, check, corrections
from playbook.pilot.effect import Effect
from playbook.pilot.guardrails import Guardrails
from playbook.pilot.verdict import apply, verdict
from playbook.strategy.value_model import Change, ValueModel

INPUTS = Path(__file__).parents[2] / "data" / "sample" / "inputs"
M = 1e6
MAILING = Change(id="mailing", name="Stop", effect_shift=-0.0007, running_change=-22e6)
FIDELITY = Change(id="fidelity", name="Do it", effect_factor=88 / 78)


@pytest.fixture(scope="module")
def model():
    raw = yaml.safe_load((INPUTS / "value_model.yaml").read_text(encoding="utf-8"))
    return ValueModel.model_validate(raw)


def effect(att=0.0190, se=0.018 / 12**0.5):
    return Effect(
        att=att, se=se, ci_low=att - 2.2 * se, ci_high=att + 2.2 * se, p_value=0.0034,
        n_extreme=14, n_draws=4096, is_exact=True, control_mean=0.71, treated_mean=0.729,
        stores=pd.DataFrame(), readings=pd.DataFrame(), estimator="difference", kpi="Repeat rate",
        window_weeks=12, left_out=(), seed=1,
    )  # fmt: skip


def guards(state="green"):
    table = pd.DataFrame({"id": ["q"], "name": ["Queue"], "state": [state]})
    return Guardrails(table=table, stores=pd.DataFrame())


def review_of(*changes):
    parts = [
        {"id": one.id, "expected": "e", "happened": "h", "why": "w", "next": "n", "change": one}
        for one in changes
    ]
    return Review.model_validate({"held_on": dt.date(2026, 5, 4), "corrections": parts})


MADE = review_of(FIDELITY, MAILING)


def judge(charter, model, *, state="amber", review=MADE, decided=None, **kwargs):
    return verdict(
        charter, effect(**kwargs), model, guardrails=guards(state), review=review,
        charter_hash="abc123", decided=decided,
    )  # fmt: skip


def test_the_posterior_is_the_storys(charter, model):
    found = judge(charter, model)
    assert found.mean == pytest.approx(0.0184, abs=0.0001)
    assert found.sd == pytest.approx(0.0048, abs=0.0001)


def test_the_three_readings_have_the_storys_figures(charter, model):
    rows = judge(charter, model).readings.set_index("reading")
    assert rows.loc["naive", "npv_whole"] / M == pytest.approx(168, abs=3)
    assert rows.loc["naive", "npv"] / M == pytest.approx(187, abs=3)
    assert rows.loc["designed", "npv_whole"] / M == pytest.approx(-12, abs=3)
    assert rows.loc["designed", "npv"] / M == pytest.approx(7, abs=3)
    assert rows.loc["designed", "mean"] / M == pytest.approx(-21, abs=3)
    assert rows.loc["adjusted", "npv_whole"] / M == pytest.approx(72, abs=3)
    assert rows.loc["adjusted", "mean"] / M == pytest.approx(65, abs=3)


def test_the_pilots_cost_is_the_only_difference_between_whole_and_forward(charter, model):
    rows = judge(charter, model).readings
    assert (rows["npv"] - rows["npv_whole"]).to_numpy() / M == pytest.approx([19, 19, 19])


def test_as_designed_the_rule_says_adjust_and_with_the_corrections_go(charter, model):
    found = judge(charter, model)
    assert found.choice == "ADJUST"
    assert found.p_gain == pytest.approx(0.38, abs=0.02)
    assert found.choice_adjusted == "GO"
    assert found.p_gain_adjusted == pytest.approx(0.72, abs=0.02)
    assert "ADJUST: it works" in found.headline


def test_a_sceptic_comes_to_the_same_verdict(charter, model):
    prior = model.effect.model_copy(update={"mean": 0.005, "sd": 0.012})
    found = judge(charter, model.model_copy(update={"effect": prior}))
    assert found.mean == pytest.approx(0.0168, abs=0.0001)
    assert found.p_gain_adjusted == pytest.approx(0.62, abs=0.02)
    assert found.choice_adjusted == "GO"


@pytest.mark.parametrize(
    ("chance", "state", "choice"),
    [
        (0.60, "green", "GO"),
        (0.599, "green", "ADJUST"),
        (0.90, "amber", "ADJUST"),
        (0.90, "red", "ADJUST"),
        (0.90, "unknown", "ADJUST"),
        (0.35, "green", "ADJUST"),
        (0.349, "green", "STOP"),
    ],
)
def test_the_rule_at_its_limits(chance, state, choice):
    assert apply(DecisionRule(), p_gain=chance, guardrails=state) == choice


def test_a_guardrail_that_nobody_read_is_not_green(charter, model):
    table = pd.DataFrame({"id": ["q", "s"], "name": ["Queue", "Spend"]})
    read = Guardrails(table=table.assign(state=["unknown", "green"]), stores=pd.DataFrame())
    assert read.state == "unknown"
    assert read.headline == "“Queue” is not known: there are no readings."
    counts = table.assign(state=["unknown", "red"], n_amber=0, n_red=1)
    assert Guardrails(table=counts, stores=pd.DataFrame()).state == "red"
    assert judge(charter, model, att=0.04, se=0.001, state="unknown").choice == "ADJUST"


def test_a_guardrail_alone_is_named_as_the_reason_to_adjust(charter, model):
    found = judge(charter, model, att=0.04, se=0.001, review=None)
    assert found.p_gain > 0.9
    assert found.choice == "ADJUST"
    assert "guardrail" in found.headline
    assert "only" not in found.headline
    assert found.choice_adjusted == "ADJUST"  # nobody has corrected anything


@pytest.mark.parametrize("att", [-0.19, -0.02, 0.0])
def test_an_effect_that_is_none_or_harm_never_reads_as_success(charter, model, att):
    found = judge(charter, model, att=att, state="green", review=None)
    assert found.choice == "STOP"
    assert "it works" not in found.headline


def test_a_loss_is_not_called_a_promise(charter, model):
    assert "promises" in judge(charter, model).plot().title
    harm = judge(charter, model, att=-0.03).plot().title
    assert "promises" not in harm
    assert "Read naively the programme loses" in harm


@pytest.mark.parametrize(
    ("mean", "change", "words"),
    [
        (-0.05, MADE, "leave the chance that the programme pays at 0"),
        (0.0184, MADE, "2 corrections lift the chance"),
        (0.0184, review_of(Change(id="dear", name="Dear", running_change=40e6)), "lower the"),
    ],
)
def test_corrections_say_which_way_they_move_the_chance(model, mean, change, words):
    assert words in corrections(change, model, effect_mean=mean, effect_sd=0.005).headline


def test_no_effect_is_a_stop(charter, model):
    found = judge(charter, model, att=0.002, state="green", review=None)
    assert found.choice == "STOP"
    assert "it works" not in found.headline


def test_another_decision_than_the_rules_stays_visible(charter, model):
    decision = Decision(
        key="08.verdict", choice="GO", who="Board", reason="We want it",
        date=dt.date(2026, 5, 4), dissent="Finance",
    )  # fmt: skip
    made = Decided(decision=decision, sequence=1, at="2026-05-04T10:00:00+00:00", recorded_by="x")
    (line,) = judge(charter, model, decided=made).warnings
    assert line == ("The rule says ADJUST; decided was GO: Board, We want it Disagreed: Finance")
    same = decision.model_copy(update={"choice": "ADJUST"})
    agreed = Decided(decision=same, sequence=1, at=made.at, recorded_by="x")
    assert judge(charter, model, decided=agreed).warnings == []


REVIEW = {
    "held_on": dt.date(2026, 5, 4),
    "corrections": [
        {
            "id": "mailing", "expected": "e", "happened": "h", "why": "w", "next": "Stop mailing",
            "owner": "CRM", "due": dt.date(2026, 5, 20), "change": MAILING,
        },
        {"id": "queue", "expected": "e", "happened": "h", "why": "w", "next": "One more till"},
    ],
}  # fmt: skip


def test_each_correction_runs_the_case_again(model):
    review = Review.model_validate(REVIEW)
    found = corrections(review, model, effect_mean=0.0184, effect_sd=0.0048)
    row = found.table.iloc[0]
    assert row["gain"] / M == pytest.approx(52, abs=3)  # from -22 to +30
    assert found.total_gain == pytest.approx(row["gain"])
    assert found.table["gain"].isna().tolist() == [False, True]


def test_a_correction_without_owner_and_day_is_found():
    found = check(Review.model_validate(REVIEW))
    assert {item.rule for item in found.of("error")} == {"owner", "due"}
    assert {item.where for item in found.items} == {"One more till"}


def test_the_samples_review_has_nothing_to_mend_and_gives_the_storys_changes():
    raw = yaml.safe_load((INPUTS / "review.yaml").read_text(encoding="utf-8"))
    review = Review.model_validate(raw)
    assert check(review).items == ()
    shift = sum(change.effect_shift for change in review.changes)
    saved = sum(change.running_change for change in review.changes)
    assert (shift, saved) == (pytest.approx(-0.0007), -22e6)
