"""Is there a problem here at all: the article's thesis, which a company's figures may refute.

"Growth by winning customers runs out, keep the ones you have" is true where the next
unit of money brings more in keeping than in winning. Where land is wide and cheap and
nearly everybody comes back, the same test says: win customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Literal

import pandas as pd

from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.strategy.economics import Economics
from playbook.strategy.market import land
from playbook.strategy.safety import safety_margin
from playbook.strategy.spending import spending
from playbook.text import gettext as _
from playbook.text.numbers import money, number, percent, points

Says = Literal["keep", "acquire", "both", "neither"]

# One side must bring back a quarter more than the other before money is moved for it.
CLEARLY = 1.25
LONG_LAND_YEARS = 10
LONG_SAFETY_MONTHS = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdict(Result):
    """Where the next money should go, and what speaks for and against it.

    Attributes:
        says: ``keep``: move money to keeping; ``acquire``: the thesis fails here; ``both``
            bring back more than they cost alike; ``neither`` does.
        win_back: What the last unit of money for winning brings back.
        keep_back: What the last unit of money for keeping brings back.
        years_left: Years until nine tenths of the untouched land are gone.
        base_change: Relative change of the active base over the horizon.
        horizon_years: That horizon.
        headroom: Points of retention between today and the ceiling, a share.
        safety_months: Months the base lasts without anybody new.
    """

    says: Says
    win_back: float
    keep_back: float
    years_left: float
    base_change: float
    horizon_years: int
    headroom: float
    safety_months: float

    @property
    def headline(self) -> str:
        """The verdict in words."""
        sentences = {
            "keep": _(
                "Yes, there is a problem. The next {one} brings back {keep} in keeping customers "
                "and {win} in winning them: move money to keeping."
            ),
            "acquire": _(
                "No: acquire. The next {one} brings back {win} in winning customers and {keep} in "
                "keeping them: the thesis does not hold here."
            ),
            "both": _(
                "Both pay. The next {one} brings back {win} in winning customers and {keep} in "
                "keeping them: spend more on either before moving anything."
            ),
            "neither": _(
                "Neither pays. The next {one} brings back {win} in winning customers and {keep} in "
                "keeping them: spend less before moving anything."
            ),
        }
        return sentences[self.says].format(
            one=money(1), keep=money(self.keep_back, 1), win=money(self.win_back, 1)
        )

    @property
    def figures(self) -> list[Figure]:
        """What the next money brings back on each side."""
        for_one = _("for the next {one}").format(one=money(1))
        return [
            Figure(_("Back from keeping"), money(self.keep_back, 1), for_one),
            Figure(_("Back from winning"), money(self.win_back, 1), for_one),
        ]

    @property
    def assumptions(self) -> list[str]:
        """What decides, and what is only context."""
        return [
            _("The verdict follows the money; the other rows say how urgent it is."),
            _("One side must bring back a quarter more than the other before money moves."),
        ]

    @property
    def formula(self) -> str:
        """How the verdict is reached."""
        return _("Back per unit of money = worth of the next customer / cost of the next customer.")

    def to_frame(self) -> pd.DataFrame:
        """One row per test: ``test``, ``found``, ``reading``."""
        return pd.DataFrame(
            [self._money(), self._land(), self._base(), self._headroom(), self._safety()],
            columns=["test", "found", "reading"],
        )

    def columns(self) -> dict[str, Column]:
        """The tests with their labels."""
        return {
            "test": Column(_("Question")),
            "found": Column(_("Found")),
            "reading": Column(_("Speaks for")),
        }

    def _money(self) -> tuple[str, str, str]:
        found = _("{keep} against {win}").format(
            keep=money(self.keep_back, 1), win=money(self.win_back, 1)
        )
        readings = {
            "keep": _("keeping"),
            "acquire": _("winning"),
            "both": _("both"),
            "neither": _("neither"),
        }
        test = _("What does the next money bring back, in keeping and in winning?")
        return test, found, readings[self.says]

    def _land(self) -> tuple[str, str, str]:
        years = _("{n} years").format(n=number(self.years_left, 1))
        found = years if isfinite(self.years_left) else _("never")
        wide = self.years_left >= LONG_LAND_YEARS
        return _("When are nine tenths of the land gone?"), found, _sides(winning=wide)

    def _base(self) -> tuple[str, str, str]:
        test = _("How does the active base change in {n} years?")
        found = percent(self.base_change, signed=True)
        grows = self.base_change >= 0
        return test.format(n=number(self.horizon_years)), found, _sides(winning=grows)

    def _headroom(self) -> tuple[str, str, str]:
        little = self.headroom < 0.03
        return (
            _("How far may retention still rise?"),
            points(self.headroom, signed=False),
            _sides(winning=little),
        )

    def _safety(self) -> tuple[str, str, str]:
        found = _("{n} months").format(n=number(self.safety_months, 1))
        safe = self.safety_months >= LONG_SAFETY_MONTHS
        test = _("How long does the base last if nobody new comes?")
        return test, found, _sides(winning=safe)


def _sides(*, winning: bool) -> str:
    return _("winning") if winning else _("keeping")


def judge(*, win_back: float, keep_back: float) -> Says:
    """Where the next unit of money should go.

    Example:
        >>> judge(win_back=0.8, keep_back=3.3)
        'keep'
        >>> judge(win_back=6.0, keep_back=0.4)
        'acquire'
    """
    if max(win_back, keep_back) < 1:
        return "neither"
    if keep_back >= CLEARLY * win_back:
        return "keep"
    return "acquire" if win_back >= CLEARLY * keep_back else "both"


def verdict(economics: Economics) -> Verdict:
    """Judge the thesis by the company's own figures."""
    market = land(economics, better_retention=economics.keeping.ceiling_share)
    money = spending(economics)
    safety = safety_margin(economics, better_retention=economics.keeping.ceiling_share)
    won, kept = money.winning.back, money.keeping.back
    return Verdict(
        says=judge(win_back=won, keep_back=kept),
        win_back=won,
        keep_back=kept,
        years_left=market.years_left,
        base_change=market.last["active"] / economics.active - 1,
        horizon_years=economics.horizon_years,
        headroom=economics.keeping.ceiling_share - economics.retention_share,
        safety_months=safety.months,
    )
