import datetime as dt
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pytest

from playbook.customers.equity import SegmentEquity
from playbook.engagement import Engagement
from playbook.engagement.decisions import Decision
from playbook.engagement.record import Record
from playbook.engagement.results import Provenance, Stored
from playbook.errors import PlaybookError
from playbook.pilot.charter import DecisionRule
from playbook.pilot.corrections import Correction, Review
from playbook.pilot.effect import Effect
from playbook.pilot.verdict import Verdict
from playbook.strategy.value_model import Change, ValueModel
from playbook.text import in_language
from playbook.workshop import executive

NOW = datetime.fromisoformat("2026-05-04T09:00:00+00:00")


@dataclass(frozen=True)
class SmallStep:
    id: str
    number: str
    title: str


STEPS = (
    SmallStep("03_segmentation", "03", "Segments"),
    SmallStep("08_results_analysis", "08", "Results"),
)


def exactly(value):
    return {"low": value, "middle": value, "high": value}


MODEL = ValueModel.model_validate(
    {
        "base_customers": 1000,
        "retention_share": 0.5,
        "effect": {"mean": 0.01, "sd": 0.01},
        "annual_map": exactly(1.5),
        "scale_up": exactly(0.8),
        "kept_margin": exactly(100.0),
        "basket_gain": exactly(0.0),
        "touched_revenue": 1_000_000.0,
        "margin_share": 0.3,
        "ramp": [0.5, 1.0],
        "one_off": [{"name": "start", "amount": 50.0}],
        "running": [{"name": "people", "amount": 1000.0}],
        "running_ramp": [1.0, 1.0],
        "one_off_factor": exactly(1.0),
        "running_factor": exactly(1.0),
        "discount_rate": 0.25,
        "pilot": {
            "pairs": 4,
            "pair_sd": 0.02,
            "fixed_cost": 10.0,
            "cost_per_pair": 1.0,
            "delay_weeks": 4,
        },
    }
)
READINGS = pd.DataFrame(
    [
        ("naive", 168e6, 187e6, None, None, None, None),
        ("designed", -12e6, 7e6, -21e6, -160e6, 130e6, 0.38),
        ("adjusted", 72e6, 91e6, 65e6, -70e6, 210e6, 0.72),
    ],
    columns=["reading", "npv_whole", "npv", "mean", "p5", "p95", "p_gain"],
).astype({"mean": float, "p5": float, "p95": float, "p_gain": float})
VERDICT = Verdict(
    choice="ADJUST",
    choice_adjusted="GO",
    p_gain=0.38,
    p_gain_adjusted=0.72,
    effect=0.019,
    effect_se=0.0053,
    mean=0.0184,
    sd=0.0048,
    prior_mean=0.015,
    prior_sd=0.013,
    readings=READINGS,
    guardrails="amber",
    rule=DecisionRule(),
    charter_hash="0" * 64,
)
EFFECT = Effect(
    att=0.019,
    se=0.0053,
    ci_low=0.0076,
    ci_high=0.0305,
    p_value=0.0034,
    n_extreme=14,
    n_draws=4096,
    is_exact=True,
    control_mean=0.71,
    treated_mean=0.729,
    stores=pd.DataFrame(),
    readings=pd.DataFrame(),
    estimator="ancova",
    kpi="repeat rate",
    window_weeks=12,
    left_out=(),
    seed=1,
)
REVIEW = Review(
    held_on=dt.date(2026, 5, 4),
    corrections=(
        Correction(
            id="mailing",
            expected="mail moves everybody",
            happened="it does not move the core",
            why="they come anyway",
            next="stop it",
            change=Change(id="mailing", name="stop it", running_change=-300.0),
        ),
    ),
)


@dataclass
class SmallPlace:
    engagement: Engagement
    results: dict
    documents: dict

    def stored(self, kind):
        result = self.results.get(kind)
        if isinstance(result, PlaybookError):
            raise result
        if result is None:
            return None
        facts = Provenance(step="08_results_analysis", reads={"document/value_model": "1"})
        return Stored(
            result=result, hash="h", provenance=facts, at="2026-05-01T09:00:00+00:00", who="analyst"
        )

    def document_or_none(self, kind):
        return self.documents.get(kind)


@pytest.fixture
def engagement(tmp_path):
    Record.create(tmp_path / "record.sqlite")
    return Engagement(name="small", folder=tmp_path)


@pytest.fixture
def look(engagement):
    """Reads the board of a place with these results and documents."""

    def at(*results, documents=()):
        for document in documents:
            engagement.documents.save(document)
        place = SmallPlace(
            engagement, {type(r): r for r in results}, {type(d): d for d in documents}
        )
        return executive.read(place, steps=STEPS, versions=lambda _e, reads: reads, now=NOW)

    with in_language("en"):
        yield at


def plain(markup):
    return markup.replace("\xa0", " ").replace("&#x27;", "'")


def test_where_nothing_has_run_every_part_says_what_it_waits_for(look):
    board = look()
    assert board.headline == "Nothing has been computed yet."
    assert [figure.label for figure in board.figures] == []
    assert "value model is not filled in" in executive.moved(board).markup
    assert "value model is not filled in" in executive.levers(board).markup
    assert "Step 08, Results" in executive.pilot(board).markup
    assert "Step 03, Segments" in executive.segments(board).markup
    assert "Step 10" in executive.waves(board).markup
    assert board.missing == ["03 Segments: Not run yet.", "08 Results: Not run yet."]


def test_a_result_of_another_version_leaves_the_rest_of_the_page_standing(engagement):
    old = PlaybookError("Step 03 was computed by another version.", advice="Run step 03 again.")
    place = SmallPlace(engagement, {SegmentEquity: old, Verdict: VERDICT}, {})
    with in_language("en"):
        board = executive.read(place, steps=STEPS, versions=lambda _e, reads: reads, now=NOW)
        assert board.headline.startswith("ADJUST")
        assert board.missing[0] == "Step 03 was computed by another version. Run step 03 again."
        assert "Step 03, Segments" in executive.segments(board).markup


def test_before_the_pilot_the_value_is_that_of_a_launch_now(look):
    board = look(documents=[MODEL])
    assert board.headline.startswith("Launched now")
    assert board.figures[1].note == "if launched now"
    assert "Step 08, Results" in executive.moved(board).markup
    assert executive.levers(board).sliders["gain"].value == pytest.approx(0.015)


def test_after_the_pilot_the_first_screen_says_the_corrected_value(look):
    board = look(VERDICT, EFFECT, documents=[MODEL, REVIEW])
    value, chance, effect = board.figures
    assert plain(value.value) == "₽65 m"
    assert plain(value.note) == "−₽70 m to ₽210 m in 9 of 10 cases"
    assert plain(chance.value) == "72 %"
    assert plain(effect.value) == "+1.9 pp"
    assert plain(effect.note) == "+0.8 pp to +3.0 pp"
    assert board.headline.startswith("ADJUST")


def test_what_moved_the_value_is_shown_from_belief_to_corrections(look):
    chart = executive.moved(look(VERDICT, documents=[MODEL]))
    assert plain(chart.title).endswith("to +₽65 m")


def test_the_levers_start_from_what_the_pilot_taught_with_the_corrections(look):
    live = executive.levers(look(VERDICT, documents=[MODEL, REVIEW]))
    assert live.sliders["gain"].value == pytest.approx(0.0184 * 1.5)
    assert live.sliders["running"].value == pytest.approx(700.0)


def test_the_verdict_stands_in_words_under_the_effect(look):
    text = plain(executive.pilot(look(VERDICT, EFFECT, documents=[MODEL])).markup)
    assert "3 of 1,000 pilots where nothing was changed" in text
    assert "ADJUST: it works, and as designed it pays in only 38 of 100 cases" in text


def test_every_number_opens_its_formula_owner_and_age(look, engagement):
    engagement.decisions.save(
        Decision(
            key="08.verdict",
            choice="ADJUST",
            who="Board",
            reason="as the rule says",
            date=dt.date(2026, 5, 2),
        )
    )
    board = look(VERDICT, EFFECT, documents=[MODEL])
    text = plain(board._repr_html_())
    assert "Value and chance" in text
    assert "Owner: Board" in text
    assert "3 days ago" in text
    assert "Formula: effect as believed" in text


def test_open_decisions_come_before_taken_ones(look, engagement):
    engagement.record.append(
        "run/03_segmentation",
        "finished",
        {"reads": {"decision/03.who_gets_what": "absent", "decision/08.verdict": "1"}},
    )
    text = plain(executive.decisions(look()).markup)
    assert "1 decision is open." in text
    assert "03 Segments: its page asks the question" in text
