import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.customers.behaviour import with_scores
from playbook.customers.rules import (
    Condition,
    Rule,
    Wording,
    complete,
    in_units,
    in_words,
    sort_customers,
    usual_rules,
)

one_customer = st.fixed_dictionaries(
    {
        "weeks_since_first": st.floats(0, 200),
        "weeks_since_last": st.floats(0, 52),
        "recency_days": st.integers(0, 364),
        "purchase_days": st.integers(1, 200),
        "spend": st.floats(-500, 1e6),
        "days_two_years": st.integers(1, 400),
        "season_share": st.floats(0, 1),
    }
)


@given(st.lists(one_customer, min_size=1, max_size=40), st.booleans())
def test_every_customer_is_in_exactly_one_segment(customers, has_season):
    behaviour = pd.DataFrame(customers)
    rules = in_units(usual_rules(window_weeks=52, has_season=has_season), with_scores(behaviour))
    segment = sort_customers(behaviour, rules)
    assert segment.notna().all()
    assert len(segment) == len(behaviour)
    assert set(segment) <= {rule.segment for rule in rules}


@given(st.lists(one_customer, min_size=1, max_size=40))
def test_a_customer_who_came_within_half_a_year_is_new_whatever_else(customers):
    behaviour = pd.DataFrame(customers)
    rules = in_units(usual_rules(window_weeks=52, has_season=True), with_scores(behaviour))
    segment = sort_customers(behaviour, rules)
    assert ((segment == "new") == (behaviour["weeks_since_first"] <= 26)).all()


def behaviour_of(**values):
    usual = {
        "weeks_since_first": 100.0,
        "weeks_since_last": 2.0,
        "purchase_days": 8,
        "spend": 9000.0,
        "days_two_years": 16,
        "season_share": 0.2,
    }
    return pd.DataFrame([usual | values])


RULES = (
    Rule(segment="new", when=(Condition(feature="weeks_since_first", at_most=26),)),
    Rule(
        segment="seasonal",
        when=(
            Condition(feature="season_share", at_least=0.5),
            Condition(feature="days_two_years", at_least=6),
        ),
    ),
    Rule(segment="sleeping", when=(Condition(feature="weeks_since_last", at_least=26),)),
    Rule(
        segment="core",
        when=(
            Condition(feature="purchase_days", at_least=19),
            Condition(feature="spend", at_least=7100),
        ),
    ),
    Rule(segment="growing"),
)


@pytest.mark.parametrize(
    ("values", "segment"),
    [
        ({}, "growing"),
        ({"weeks_since_first": 3.0}, "new"),
        ({"weeks_since_first": 3.0, "purchase_days": 30, "spend": 90_000.0}, "new"),
        ({"season_share": 0.7}, "seasonal"),
        ({"season_share": 0.7, "days_two_years": 5}, "growing"),
        ({"weeks_since_last": 30.0}, "sleeping"),
        ({"purchase_days": 30, "spend": 30_000.0}, "core"),
        ({"purchase_days": 30, "spend": 3_000.0}, "growing"),
    ],
)
def test_a_shop_assistant_would_sort_them_like_this(values, segment):
    assert sort_customers(behaviour_of(**values), RULES).iloc[0] == segment


def test_scores_become_what_it_takes_to_get_them():
    behaviour = pd.DataFrame(
        {
            "recency_days": np.arange(10),
            "purchase_days": np.arange(1, 11),
            "spend": np.arange(1, 11) * 100.0,
        }
    )
    rules = in_units(usual_rules(window_weeks=52, has_season=False), with_scores(behaviour))
    core = next(rule for rule in rules if rule.segment == "core")
    assert [(one.feature, one.at_least) for one in core.when] == [
        ("purchase_days", 9.0),
        ("spend", 700.0),
    ]


def test_a_rule_reads_like_a_sentence():
    words = in_words(RULES[2], Wording(window_weeks=52))
    assert words == "no purchase for 26 weeks or longer"
    assert in_words(RULES[-1], Wording(window_weeks=52)) == "everybody else"


def test_seasonal_is_not_offered_where_no_season_returns():
    names = [rule.segment for rule in usual_rules(window_weeks=52, has_season=False)]
    assert names == ["new", "sleeping", "core", "growing"]


@pytest.mark.parametrize(
    "rules",
    [
        (RULES[0], RULES[2]),
        (Rule(segment="a"), Rule(segment="b")),
        (RULES[0], RULES[0], Rule(segment="b")),
        (),
    ],
)
def test_rules_that_leave_somebody_out_or_name_a_segment_twice_are_refused(rules):
    with pytest.raises(ValueError, match=r"rule"):
        complete(rules)


def test_a_condition_without_a_limit_is_refused():
    with pytest.raises(ValueError, match="at_least or at_most"):
        Condition(feature="spend")
