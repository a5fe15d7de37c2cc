"""Which customer belongs to which segment: rules as data that a shop assistant can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from playbook.customers.season import Season
from playbook.engagement.documents import Part
from playbook.stats.scores import score_edges
from playbook.text import gettext as _
from playbook.text.numbers import money, number, percent

Feature = Literal[
    "weeks_since_first",
    "weeks_since_last",
    "purchase_days",
    "spend",
    "season_share",
    "days_two_years",
    "f",
    "m",
]
SCORED = {"f": "purchase_days", "m": "spend"}


class Condition(Part):
    """One limit on how a customer behaves.

    Attributes:
        feature: What is looked at; ``f`` and ``m`` are scores 1 to 5 of purchase days and
            money, the others are in their own unit (weeks, days, money, a share 0-1).
        at_least: Smallest value, or none.
        at_most: Largest value, or none.
    """

    feature: Feature = Field(description="what is looked at")
    at_least: float | None = Field(default=None, description="smallest value")
    at_most: float | None = Field(default=None, description="largest value")

    @model_validator(mode="after")
    def _has_a_limit(self) -> Condition:
        if self.at_least is None and self.at_most is None:
            raise ValueError(_("a condition needs at_least or at_most"))
        if self.feature in SCORED and self.at_most is not None:
            raise ValueError(_("a condition on a score has only at_least"))
        return self


class Rule(Part):
    """Who belongs to a segment: all conditions hold, and no earlier rule did.

    Attributes:
        segment: Id of the segment.
        when: Conditions; none means everybody who is left.
    """

    segment: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="id of the segment")
    when: tuple[Condition, ...] = Field(default=(), description="all of these must hold")


def complete(rules: Sequence[Rule]) -> Sequence[Rule]:
    """Return rules that sort everybody into exactly one segment.

    Raises:
        ValueError: A segment occurs twice, or everybody who is left is not last.
    """
    names = [rule.segment for rule in rules]
    if len(set(names)) < len(names):
        raise ValueError(_("each segment has one rule"))
    if not rules or rules[-1].when or not all(rule.when for rule in rules[:-1]):
        raise ValueError(_("the last rule, and only the last, has no condition: everybody else"))
    return rules


def usual_rules(*, window_weeks: int, has_season: bool) -> tuple[Rule, ...]:
    """The five segments of the trade; the first rule that fits decides.

    Half a window without a purchase is asleep, half a window since the first one is new.

    Args:
        window_weeks: Length of the window in which customers are looked at.
        has_season: Whether a season returns; without it nobody is called seasonal.
    """
    half = float(window_weeks // 2)
    seasonal = Rule(
        segment="seasonal",
        when=(
            Condition(feature="season_share", at_least=0.5),
            Condition(feature="days_two_years", at_least=6),
        ),
    )
    core = (Condition(feature="f", at_least=5), Condition(feature="m", at_least=4))
    return (
        Rule(segment="new", when=(Condition(feature="weeks_since_first", at_most=half),)),
        *((seasonal,) if has_season else ()),
        Rule(segment="sleeping", when=(Condition(feature="weeks_since_last", at_least=half),)),
        Rule(segment="core", when=core),
        Rule(segment="growing"),
    )


def in_units(rules: Sequence[Rule], scored: pd.DataFrame) -> tuple[Rule, ...]:
    """Replace scores by what it takes to get them, so that the rules hold at any date.

    Args:
        rules: Rules, some of them on scores.
        scored: Customers with their scores, from ``behaviour.with_scores``.
    """
    edges = {
        letter: score_edges(scored[column].to_numpy(float), scored[letter].to_numpy(np.int64))
        for letter, column in SCORED.items()
    }
    return tuple(
        rule.model_copy(update={"when": tuple(_in_units(one, edges) for one in rule.when)})
        for rule in rules
    )


def _in_units(condition: Condition, edges: dict[str, dict[int, float]]) -> Condition:
    if condition.feature not in SCORED or condition.at_least is None:
        return condition
    known = edges[condition.feature]
    # nobody has the score where a heap of equal values lies on top: then the next below counts
    reached = [v for s, v in known.items() if s >= condition.at_least] or [max(known.values())]
    return Condition.model_validate(
        {"feature": SCORED[condition.feature], "at_least": min(reached)}
    )


def sort_customers(behaviour: pd.DataFrame, rules: Sequence[Rule]) -> pd.Series:
    """Give every customer the segment of the first rule that fits.

    Args:
        behaviour: One row per customer, from ``behaviour.measure``.
        rules: Complete rules in units, without scores.
    """
    places: NDArray[np.int64] = np.full(len(behaviour), len(rules) - 1, dtype=np.int64)
    for place, rule in reversed(list(enumerate(rules[:-1]))):
        places[_fits(behaviour, rule)] = place
    names = [rule.segment for rule in rules]
    return pd.Series(
        pd.Categorical.from_codes(places, categories=pd.Index(names)),
        behaviour.index,
        name="segment",
    )


def _fits(behaviour: pd.DataFrame, rule: Rule) -> NDArray[np.bool_]:
    fits = np.ones(len(behaviour), dtype=np.bool_)
    for condition in rule.when:
        values = behaviour[condition.feature].to_numpy(float)
        if condition.at_least is not None:
            fits &= values >= condition.at_least
        if condition.at_most is not None:
            fits &= values <= condition.at_most
    return fits


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What the words of a rule need to know.

    Attributes:
        window_weeks: Length of the window.
        season: The season that returns, or none.
    """

    window_weeks: int
    season: Season | None = None


def in_words(rule: Rule, wording: Wording) -> str:
    """A rule as a shop assistant reads it."""
    if not rule.when:
        return _("everybody else")
    return "; ".join(text for one in rule.when for text in _limits(one, wording))


def _limits(condition: Condition, wording: Wording) -> list[str]:
    """The one or two limits of a condition in words."""
    limits = {"least": condition.at_least, "most": condition.at_most}
    dates = wording.season.dates if wording.season else _("of the season")
    return [
        _limit_words()[condition.feature, side].format(
            n=number(value),
            amount=money(value),
            share=percent(value),
            weeks=number(wording.window_weeks),
            dates=dates,
        )
        for side, value in limits.items()
        if value is not None
    ]


def _limit_words() -> dict[tuple[str, str], str]:
    return {
        ("weeks_since_first", "most"): _("first purchase at most {n} weeks ago"),
        ("weeks_since_first", "least"): _("first purchase at least {n} weeks ago"),
        ("weeks_since_last", "most"): _("bought within the last {n} weeks"),
        ("weeks_since_last", "least"): _("no purchase for {n} weeks or longer"),
        ("purchase_days", "most"): _("days with a purchase in {weeks} weeks: at most {n}"),
        ("purchase_days", "least"): _("days with a purchase in {weeks} weeks: at least {n}"),
        ("spend", "most"): _("spent at most {amount} in {weeks} weeks"),
        ("spend", "least"): _("spent at least {amount} in {weeks} weeks"),
        ("season_share", "most"): _("at most {share} of purchases in the weeks {dates}"),
        ("season_share", "least"): _("at least {share} of purchases in the weeks {dates}"),
        ("days_two_years", "most"): _("days with a purchase in two years: at most {n}"),
        ("days_two_years", "least"): _("days with a purchase in two years: at least {n}"),
        ("f", "least"): _("score of frequency at least {n}"),
        ("m", "least"): _("score of money at least {n}"),
    }
