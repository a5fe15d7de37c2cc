"""Is there a problem here at all: the sample's figures, and a company that refutes the thesis."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import yaml
from pydantic import ValidationError

from playbook.errors import PlaybookError
from playbook.strategy.bucket import bucket_from_receipts, leaky_bucket
from playbook.strategy.cost_sides import best_keeping
from playbook.strategy.customer_value import customer_value
from playbook.strategy.economics import Economics
from playbook.strategy.market import land
from playbook.strategy.retention import measured
from playbook.strategy.safety import safety_margin
from playbook.strategy.spending import spending
from playbook.strategy.thesis import judge, verdict
from playbook.strategy.why import Gap, why
from playbook.text import in_language

INPUTS = Path(__file__).parents[2] / "data" / "sample" / "inputs"
RAW = yaml.safe_load((INPUTS / "economics.yaml").read_text(encoding="utf-8"))

# wide, cheap land and customers who come back anyway: the thesis must fail
FRONTIER = {
    "untouched": 8_000_000,
    "active": 1_000_000,
    "lapsed": 200_000,
    "harvest_share": 0.05,
    "winback_share": 0.05,
    "retention_share": 0.93,
    "retention_window": "bought in one period of 52 weeks and again in the next",
    "acquisition": {"spend": 40e6, "gained": 410_000, "ceiling": 2_000_000},
    "keeping": {"spend_per_customer": 90, "floor_share": 0.88, "ceiling_share": 0.935},
    "margin": 1_500,
    "discount_rate": 0.15,
}


@pytest.fixture
def sample() -> Economics:
    return Economics.model_validate(RAW)


@pytest.fixture(autouse=True)
def _english():
    with in_language("en"):
        yield


def counted(**fields: object) -> pd.DataFrame:
    row = {
        "base_from": dt.date(2024, 1, 1),
        "base_to": dt.date(2024, 12, 29),
        "return_from": dt.date(2024, 12, 30),
        "return_to": dt.date(2025, 12, 28),
        "n_base": 1_000,
        "n_kept": 620,
        "kept_share": 0.62,
        "is_complete": True,
    }
    return pd.DataFrame([{**row, **fields}])


def test_the_sixyear_stocks_of_the_story(sample):
    run = land(sample, better_retention=0.66)
    active = (run.years["active"] / 1_000).round().tolist()
    assert active == pytest.approx([1_600, 1_592, 1_536, 1_473, 1_417, 1_373, 1_339], abs=1)
    assert run.last["untouched"] == pytest.approx(129_000, abs=1_000)


def test_better_retention_slows_the_fall_and_does_not_stop_it(sample):
    run = land(sample, better_retention=0.66)
    # the story rounds to 1,450 thousand
    assert run.last["active_better"] == pytest.approx(1_450_000, rel=0.004)
    assert run.last["active_better"] < sample.active
    assert "slows the fall" in run.plot_base().title


def test_a_new_customer_becomes_dearer_as_the_land_shrinks(sample):
    cost = land(sample, better_retention=0.66).years["cost_per_new"].dropna()
    assert cost.iloc[0] == pytest.approx(1_150, abs=2)
    assert cost.is_monotonic_increasing


def test_the_price_of_a_customer_gained_says_how_many_only_came_back(sample):
    figure = land(sample, better_retention=0.66).figures[-1]
    # year 6: 0.1421 x 3,042,523 lapsed come back, 0.30 x 184,877 buy for the first time
    share = 0.1421 * 3_042_523 / (0.1421 * 3_042_523 + 0.30 * 184_877)
    assert share == pytest.approx(0.886, abs=0.001)
    assert "89\xa0% of those gained in year 6 came back" in figure.note


def test_nine_tenths_of_the_land_are_gone_in_six_and_a_half_years(sample):
    assert land(sample, better_retention=0.66).years_left == pytest.approx(6.46, abs=0.01)


def test_without_spend_nobody_is_won(sample):
    run = land(sample, better_retention=0.66, spend=0.0)
    assert run.years["gained"].dropna().tolist() == [0.0] * 6
    assert run.years_left == float("inf")


def test_the_bucket_loses_608_thousand_and_shrinks_by_8(sample):
    bucket = leaky_bucket(sample)
    assert bucket.lost == pytest.approx(608_000)
    assert bucket.change == pytest.approx(-8_000)
    assert bucket.holding_retention == pytest.approx(0.625)
    assert "bought in one period of 52 weeks" in bucket.assumptions[0]


def test_averages_say_twelve_times_and_margins_two(sample):
    money = spending(sample)
    assert money.winning.average_cost == pytest.approx(1_150)
    assert money.keeping.average_cost == pytest.approx(97, abs=0.5)
    assert money.average_ratio == pytest.approx(12, abs=0.2)
    assert money.winning.marginal_cost == pytest.approx(2_489, abs=1)
    assert money.keeping.marginal_cost == pytest.approx(1_193, abs=1)
    assert money.marginal_ratio == pytest.approx(2.1, abs=0.05)


def test_the_last_new_customer_costs_more_than_he_is_worth(sample):
    winning = spending(sample).winning
    assert winning.worth == pytest.approx(1_994, abs=1)
    assert winning.average_cost < winning.worth < winning.marginal_cost


def test_the_best_spend_on_keeping_is_about_200_on_average_margin(sample):
    best = best_keeping(sample, margin=sample.margin)
    assert best == pytest.approx(200, abs=5)
    assert float(sample.keeping_curve.at(best)) == pytest.approx(0.68, abs=0.005)
    assert spending(sample).keeping.best_spend < best


def test_both_conventions_of_customer_value(sample):
    value = customer_value(sample)
    shown = [figure.value for figure in value.figures]
    assert shown[:2] == ["₽2,612", "₽4,971"]
    assert value.elasticity == pytest.approx(2.11, abs=0.005)
    assert "2.1 % here" in value.headline.replace("\N{NO-BREAK SPACE}", " ")


def test_the_base_survives_seven_months_without_anybody_new(sample):
    # 12 x ln(1.2/1.6) / ln(.62)
    assert safety_margin(sample, better_retention=0.66).months == pytest.approx(7.22, abs=0.01)


def test_without_a_stated_need_half_the_base_is_taken(sample):
    half = sample.model_copy(update={"needed_active": None})
    margin = safety_margin(half, better_retention=0.66)
    assert margin.is_half
    assert margin.months == pytest.approx(17.4, abs=0.05)


def test_the_sample_has_a_problem(sample):
    found = verdict(sample)
    assert found.says == "keep"
    assert found.headline.startswith("Yes, there is a problem")


def test_where_land_is_cheap_and_customers_come_back_the_playbook_says_acquire():
    found = verdict(Economics.model_validate(FRONTIER))
    assert found.says == "acquire"
    assert found.headline.startswith("No: acquire")
    assert "does not hold here" in found.headline
    assert set(found.to_frame()["reading"]) == {"winning"}


@pytest.mark.parametrize(
    ("win", "keep", "says"),
    [(0.8, 3.3, "keep"), (3.3, 0.8, "acquire"), (2.0, 2.2, "both"), (0.5, 0.9, "neither")],
)
def test_the_money_decides(win, keep, says):
    assert judge(win_back=win, keep_back=keep) == says


def test_contradictory_answers_are_named_together():
    raw = {
        **RAW,
        "acquisition": {"spend": 1e6, "gained": 900, "ceiling": 800},
        "keeping": {"spend_per_customer": 60, "floor_share": 0.65, "ceiling_share": 0.70},
        "needed_active": 2_000_000,
    }
    with pytest.raises(ValidationError) as refused:
        Economics.model_validate(raw)
    text = str(refused.value).replace("\N{NO-BREAK SPACE}", " ")
    assert "not below the ceiling of 800" in text
    assert "must lie between 65.0 % without spend and 70.0 %" in text
    assert "need 2,000,000 active customers" in text


def test_more_than_everybody_cannot_be_harvested():
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Economics.model_validate({**RAW, "harvest_share": 1.2})


def test_gains_that_were_counted_twice_are_noticed(sample):
    double = sample.model_copy(
        update={"acquisition": sample.acquisition.model_copy(update={"gained": 700_000})}
    )
    assert "came back once, not as new" in land(double, better_retention=0.66).warnings[0]
    assert sample.gap() == ""


def test_receipts_agree_with_the_stated_retention_and_print_both_windows(sample):
    found = measured(counted(), economics=sample)
    assert found.retention == pytest.approx(0.62)
    assert "the two agree" in found.headline
    assert found.to_frame()["window"].tolist() == [
        "bought from 1 Jan 2024 to 29 Dec 2024 and again from 30 Dec 2024 to 28 Dec 2025",
        sample.retention_window,
    ]


def test_receipts_that_disagree_say_by_how_much(sample):
    found = measured(counted(n_kept=550), economics=sample)
    assert "−7.0" in found.headline
    assert "settle the window first" in found.headline


def test_a_single_year_of_receipts_is_no_retention(sample):
    found = measured(counted(is_complete=False), economics=sample)
    assert pd.isna(found.retention)
    assert "do not cover two years" in found.headline


def test_the_bucket_from_receipts_tells_new_customers_from_those_who_came_back():
    # year 2 has five active customers: three kept, one new, one who lapsed before year 1
    days = {
        "first_purchase": ["2024-02-01"] * 3 + ["2025-03-01", "2023-05-01", "2024-06-01"],
        "last_purchase": ["2025-02-01"] * 3 + ["2025-04-01", "2025-05-01", "2024-07-01"],
    }
    bucket = bucket_from_receipts(pd.DataFrame(days), measured(counted(n_base=4, n_kept=3)))
    assert (bucket.lost, bucket.gained, bucket.won_back) == (1, 2, 1)
    assert "gained" in bucket.headline


def test_a_company_with_receipts_only_sees_what_receipts_say():
    customers = pd.DataFrame(
        {"first_purchase": ["2024-02-01"] * 1_000, "last_purchase": ["2025-02-01"] * 1_000}
    )
    page = why(
        None,
        tables={"annual_retention": counted(), "customers": customers},
        better_retention=0.66,
    )
    assert page.measured.retention == pytest.approx(0.62)
    assert not isinstance(page.bucket, Gap)
    assert isinstance(page.verdict, Gap)
    assert "economics" in page.verdict._repr_html_()
    assert [type(part).__name__ for part in page.results()] == ["Measured", "Bucket"]
    assert page.land.plot().markup == ""


def test_figures_without_receipts_are_enough(sample):
    page = why(sample, tables={}, better_retention=0.66)
    assert isinstance(page.measured, Gap)
    assert len(page.results()) == 6


def test_where_nothing_can_be_said_one_error_says_what_to_do():
    with pytest.raises(PlaybookError, match="neither receipts nor figures"):
        why(None, tables={}, better_retention=0.66)


def test_sliders_move_the_land(sample):
    page = why(sample, tables={}, better_retention=0.66)
    assert "1.34" in page.live.markup()
    assert "1.34" not in page.live.markup(retention=0.80)
