import datetime as dt

import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.pilot.estimator import Timing, covariates, has_last_year, outcome
from playbook.pilot.panel import panel, rates
from playbook.pilot.placebo import Rules, in_pairs, twins
from playbook.pilot.power import Power, power
from playbook.stats.detectable import in_pairs as by_formula

START = dt.date(2025, 12, 29)
TIMING = Timing(start=START, burn_in_weeks=3, n_weeks=1, window_weeks=12)


@pytest.fixture
def history(make):
    return rates(make.rates(), window_weeks=12)


@pytest.mark.parametrize(
    ("n_pairs", "points"), [(6, 2.65), (8, 2.14), (10, 1.85), (12, 1.65), (16, 1.39), (20, 1.23)]
)
def test_the_formula_gives_the_published_figures_of_the_story(n_pairs, points):
    # method 5: pair differences with a standard deviation of 1.86 points
    assert by_formula(sd=1.86, pairs=n_pairs) == pytest.approx(points, abs=0.006)


def test_placebo_pilots_without_persistence_agree_with_the_formula():
    """Stores that differ by noise only, read without adjustment: the t-formula holds."""
    rng = np.random.default_rng(1)
    n, weeks = 160, pd.date_range("2024-01-01", periods=96, freq="7D")
    stores = pd.DataFrame({"store_id": [f"S{i:03d}" for i in range(n)]})
    table = pd.DataFrame(
        {
            "store_id": np.repeat(stores["store_id"], len(weeks)),
            "week": np.tile(weeks, n),
            "repeat_rate": rng.normal(0.7, 0.02, n * len(weeks)),
        }
    )
    timing = Timing(start=dt.date(2025, 11, 3), burn_in_weeks=0, n_weeks=1, window_weeks=0)
    found = power(
        stores, table, size=12, timing=timing, seed=1, estimator="difference",
        rules=Rules(caliper=9.0), sizes=(8, 20), n_sets=60,
    )  # fmt: skip
    for row in found.curve.query("estimator == 'difference'").to_dict("records"):
        sd = 0.02 * np.sqrt(2)
        assert row["mde"] == pytest.approx(by_formula(sd=sd, pairs=int(row["size"])), rel=0.12)


def test_larger_pilots_see_smaller_effects_and_keep_the_level(stores, history):
    found = power(stores, history, size=12, timing=TIMING, seed=7, sizes=(6, 8, 12, 16))
    own = found.curve.query("estimator == 'ancova'")
    assert own["mde"].is_monotonic_decreasing
    assert (own["false_alarms"] < 0.08).all()
    assert found.n_starts >= 4


def test_adjustment_pays_where_stores_keep_their_level(stores, history):
    found = power(stores, history, size=12, timing=TIMING, seed=7, sizes=())
    mde = found.curve.set_index("estimator")["mde"]
    assert mde["ancova"] < mde["difference"]


def test_the_pilots_own_weeks_are_never_read(stores, history, make):
    treated = dict.fromkeys(stores["store_id"], 0.3)
    changed = rates(make.rates(effects=treated), window_weeks=12)
    one = power(stores, history, size=8, timing=TIMING, seed=7, sizes=())
    other = power(stores, changed, size=8, timing=TIMING, seed=7, sizes=())
    pd.testing.assert_frame_equal(one.curve, other.curve)


def design(mde_by_size, *, size, break_even, adjusted=float("nan")):
    rows = [(n, "ancova", mde, 0.05, mde / 3, 1000) for n, mde in mde_by_size.items()]
    names = ["size", "estimator", "mde", "false_alarms", "sd", "n_placebo"]
    return Power(
        curve=pd.DataFrame(rows, columns=names), size=size, estimator="ancova", mechanism="pairs",
        total_weeks=15, n_starts=20, break_even=break_even, break_even_adjusted=adjusted,
        is_relative=False, seed=1,
    )  # fmt: skip


STORY = {6: 0.0265, 8: 0.0214, 10: 0.0185, 12: 0.0165, 16: 0.0139, 20: 0.0123}


def test_a_pilot_that_cannot_see_the_break_even_effect_is_refused_with_the_size_that_can():
    found = design(STORY, size=8, break_even=0.0192)
    assert not found.is_answerable
    assert "cannot answer the question" in found.headline
    assert "10 pairs would see" in found.warnings[0]


def test_the_storys_pilot_sees_break_even_as_designed_and_not_after_the_adjustment():
    found = design(STORY, size=12, break_even=0.0192, adjusted=0.0153)
    assert found.is_answerable
    assert "+1.65" in found.headline
    assert "+1.53" in found.warnings[0]
    assert "16 pairs would be needed" in found.warnings[0]


def test_beyond_the_curve_the_size_grows_with_the_square():
    # 20 pairs see 1.23; for 0.41, a third of it, nine times as many are needed
    assert design(STORY, size=12, break_even=0.0041).needed(0.0041) == 180


def test_without_a_business_case_nothing_is_refused():
    found = design(STORY, size=6, break_even=float("nan"))
    assert found.is_answerable
    assert found.warnings == []


def test_a_test_that_raises_too_many_alarms_is_said_so():
    found = design(STORY, size=12, break_even=0.0192)
    loud = found.curve.assign(false_alarms=0.11)
    changed = design(STORY, size=12, break_even=0.0192)
    object.__setattr__(changed, "curve", loud)
    assert "more than the promised 5 %" in changed.warnings[-1].replace("\xa0", " ")


def test_a_short_history_is_refused_with_the_weeks_it_lacks(stores, history):
    short = history[history["week"] >= pd.Timestamp("2025-06-02")]
    with pytest.raises(PlaybookError, match="too short"):
        power(stores, short, size=6, timing=TIMING, seed=7)


def test_more_pairs_than_ever_existed_are_refused(stores, history):
    with pytest.raises(PlaybookError) as refused:
        power(stores, history, size=90, timing=TIMING, seed=7, sizes=(6,))
    assert refused.value.problems == ("90 wanted; the largest that could be tried out is 6.",)


def test_strata_are_tried_out_too(stores, history):
    found = power(
        stores, history, size=12, timing=TIMING, seed=7, mechanism="strata", sizes=(), n_sets=20
    )
    row = found.curve.iloc[0]
    assert 0.001 < row["mde"] < 0.03
    assert row["false_alarms"] < 0.12


def test_placebo_pilots_of_one_size_differ_from_each_other(stores, history):
    found = twins(stores, history, timing=TIMING, rules=Rules())
    drawn = in_pairs(found, n_pairs=6, n_sets=10, estimator="ancova", seed=1)
    assert len(np.unique(drawn.att)) > 0.9 * len(drawn.att)


def test_what_is_read_is_the_window_after_the_burn_in():
    weeks = pd.date_range("2024-01-01", periods=104, freq="7D")
    table = pd.DataFrame({"store_id": "S1", "week": weeks, "sales": np.arange(104.0)})
    kpi = panel(table, value="sales")
    timing = Timing(
        start=weeks[60].date(), burn_in_weeks=2, n_weeks=3, window_weeks=0, pre_weeks=10
    )
    assert outcome(kpi, timing).tolist() == [63.0]  # weeks 62, 63, 64
    assert has_last_year(kpi, timing)
    past = covariates(kpi, timing, with_last_year=True)
    assert past.tolist() == [[54.5, 55.5, 11.0]]  # 50..59, 52..59, 10..12


def test_logarithms_of_a_kpi_with_zeros_are_refused():
    weeks = pd.date_range("2024-01-01", periods=8, freq="7D")
    table = pd.DataFrame({"store_id": ["S1"] * 8, "week": weeks, "sales": [0.0] * 7 + [1.0]})
    kpi = panel(table, value="sales")
    timing = Timing(start=weeks[4].date(), burn_in_weeks=0, n_weeks=2, window_weeks=0)
    with pytest.raises(PlaybookError, match="above zero") as refused:
        outcome(kpi, timing, is_log=True)
    assert refused.value.problems == ("S1: zero or less",)


def test_an_outcome_that_lies_in_the_future_is_refused_with_the_day(history):
    kpi = panel(history, value="repeat_rate")
    late = Timing(start=dt.date(2026, 3, 2), burn_in_weeks=3, n_weeks=1, window_weeks=12)
    with pytest.raises(PlaybookError) as refused:
        outcome(kpi, late)
    assert "15 Jun 2026" in refused.value.advice  # 23 March plus twelve weeks
