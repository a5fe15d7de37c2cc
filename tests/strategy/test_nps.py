"""The recommendation score counted from a survey, as the baseline of a goal."""

import datetime as dt

import pandas as pd
import pytest

from playbook.strategy.goals import Goals, KeyResult, Objective
from playbook.strategy.nps import Recommendation, measure, with_baselines

UNTIL = dt.date(2026, 3, 31)


def survey(scores, day="2026-03-10", store=None):
    answers = {"answered_on": pd.Timestamp(day), "score": scores, "store_id": store}
    return pd.DataFrame(answers)


def test_the_score_is_promoters_less_detractors():
    found = measure(survey([10, 9, 9, 8, 7, 6, 0, 9, 10, 8]), until=UNTIL)
    assert (found.promoters, found.detractors) == (0.5, 0.2)
    assert found.score == pytest.approx(30)
    assert found.margin == pytest.approx(100 * 1.96 * ((0.7 - 0.09) / 10) ** 0.5, abs=0.01)


def test_only_the_last_quarter_before_the_day_counts():
    answers = pd.concat(
        [survey([0] * 5, "2025-12-09"), survey([10] * 3), survey([0] * 9, "2026-04-02")]
    )
    found = measure(answers, until=UNTIL)
    assert (found.answers, found.score) == (3, 100)
    assert found.first == dt.date(2025, 12, 10)


def test_a_region_with_few_answers_is_not_told():
    answers = pd.concat([survey([10] * 10, store="s1"), survey([0] * 9, store="s2")])
    stores = pd.DataFrame({"store_id": ["s1", "s2"], "region": ["north", "south"]})
    found = measure(answers, until=UNTIL, stores=stores)
    assert found.regions.to_dict("records") == [{"region": "north", "answers": 10, "score": 100.0}]


def goals(baseline):
    result = KeyResult(id="g1", metric="nps", baseline=baseline, target=40, direction="up")
    other = KeyResult(id="g2", metric="basket", target=900, direction="up")
    objective = Objective(id="o1", statement="Customers recommend us", key_results=(result, other))
    return Goals(set_on=UNTIL, start=UNTIL, objectives=(objective,))


def test_a_goal_without_a_baseline_takes_the_counted_one():
    counted = measure(survey([10] * 60 + [8] * 10 + [3] * 30), until=UNTIL)
    first, other = with_baselines(goals(None), counted).objectives[0].key_results
    assert first.baseline == 30
    assert (first.survey.answers, first.survey.promoters) == (100, 0.6)
    assert other.baseline is None
    stated = with_baselines(goals(25), counted).objectives[0].key_results[0]
    assert stated.baseline == 25


def test_without_a_survey_the_goals_stay_as_they_are():
    wanted = goals(None)
    nothing = measure(None, until=UNTIL)
    assert not isinstance(nothing, Recommendation)
    assert with_baselines(wanted, nothing) is wanted
    assert not isinstance(measure(survey([9], "2026-05-01"), until=UNTIL), Recommendation)
