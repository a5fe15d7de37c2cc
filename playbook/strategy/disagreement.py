"""Who disagrees with whom, and about what: the camps in the room, without naming anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.display.chart import Chart
from playbook.display.charts.plans import heat
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.stats.ranks import camps, concordance, ranks
from playbook.strategy import ballots
from playbook.strategy.initiatives import FEWEST_VOTERS, Initiatives
from playbook.text import gettext as _
from playbook.text import numbers

Floats = NDArray[np.float64]
CLEAR = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class Disagreement(Result):
    """The two camps that explain the disagreement best.

    Attributes:
        table: One row per initiative, the most disputed first: ``initiative``,
            ``title``, ``larger`` and ``smaller`` (mean rank in each camp), ``gap``.
        sizes: Members of the larger and the smaller camp.
        concordance: Kendall's W of all ballots, 0 none to 1 full agreement.
        explained_share: Share of the disagreement that lies between the camps.
        chance_share: How often a room without camps would seem to have such camps.
    """

    table: pd.DataFrame
    sizes: tuple[int, int]
    concordance: float
    explained_share: float
    chance_share: float

    @property
    def has_camps(self) -> bool:
        """Whether the camps are clearer than chance would make them."""
        return self.chance_share <= CLEAR

    @property
    def headline(self) -> str:
        """Camps or no camps."""
        if not self.has_camps:
            return _("The room has no camps: people differ one by one, not as groups.")
        words = _("The room has two camps, of {larger} and of {smaller}.")
        return words.format(larger=self.sizes[0], smaller=self.sizes[1])

    @property
    def dispute(self) -> str:
        """The most disputed initiative, with its rank in each camp."""
        row = self.table.iloc[0]
        words = _(
            "They part most over “{title}”: rank {one} in the camp of {larger}, {other} in the "
            "camp of {smaller}."
        )
        return words.format(
            larger=self.sizes[0],
            smaller=self.sizes[1],
            title=row["title"],
            one=numbers.number(float(row["larger"]), 1),
            other=numbers.number(float(row["smaller"]), 1),
        )

    @property
    def figures(self) -> list[Figure]:
        """Agreement of the whole room, and how much of the rest the camps explain."""
        return [
            Figure(
                _("Agreement of the room"),
                numbers.percent(self.concordance),
                _("0 % none, 100 % the same order"),
            ),
            Figure(
                _("Disagreement between the camps"),
                numbers.percent(self.explained_share),
                self._chance(),
            ),
        ]

    def _chance(self) -> str:
        """How often a room without camps would show such camps."""
        if self.chance_share < 0.01:
            return _("in fewer than 1 of 100 rooms without camps it would look as clear")
        words = _("in {n} of 100 rooms without camps it would look as clear")
        return words.format(n=numbers.number(100 * self.chance_share))

    @property
    def assumptions(self) -> list[str]:
        """How a person's order is made, and what is not shown."""
        return [
            _("Each ballot's order is the mean of its ranks by RICE, WSJF and votes."),
            _("Single ballots are never shown; a camp has at least two."),
        ]

    @property
    def formula(self) -> str:
        """How the camps are found."""
        return _(
            "camps: the split with the largest share of squared rank differences between groups"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per initiative."""
        return self.table

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "title": Column(_("Initiative")),
            "larger": Column(self._camp(0), "number", 1),
            "smaller": Column(self._camp(1), "number", 1),
            "gap": Column(_("Apart by"), "number", 1),
        }

    def _camp(self, number: int) -> str:
        words = _("Mean rank, camp of {n}")
        return words.format(n=self.sizes[number])

    def plot(self) -> Chart:
        """Mean rank of every initiative in each camp."""
        return heat(
            self.table,
            category="title",
            columns={
                "larger": _("Camp of {n}").format(n=self.sizes[0]),
                "smaller": _("Camp of {n}").format(n=self.sizes[1]),
            },
            title=self.dispute if self.has_camps else self.headline,
            subtitle=_("Mean rank in each camp, 1 and dark is best; the most disputed on top"),
            digits=1,
            low_is_strong=True,
        )


def disagreement(document: Initiatives, *, seed: int) -> Disagreement:
    """Find the camps among the ballots.

    Args:
        document: The initiatives and the ballots.
        seed: Seed of the comparison with chance.

    Raises:
        PlaybookError: Fewer than five ballots: nothing about them is shown.
    """
    if len(document.ballots) < FEWEST_VOTERS:
        raise PlaybookError(
            _("Who disagrees with whom is shown from {n} ballots on; there are {found}.").format(
                n=FEWEST_VOTERS, found=len(document.ballots)
            ),
            advice=_("With fewer people an anonymous ballot would not be anonymous."),
        )
    votes = ballots.votes_of(document)
    places = _places(votes)
    found = camps(-places, seed=seed)
    side = np.array(found.camp)
    has_two = bool(side.any())
    larger = places[side == 0].mean(axis=0)
    smaller = places[side == 1].mean(axis=0) if has_two else larger
    table = pd.DataFrame(
        {
            "initiative": votes.ids,
            "title": [initiative.title for initiative in document.initiatives],
            "larger": larger,
            "smaller": smaller,
            "gap": np.abs(larger - smaller),
        }
    )
    return Disagreement(
        table=table.sort_values("gap", ascending=False).reset_index(drop=True),
        sizes=(int((side == 0).sum()), int((side == 1).sum())),
        concordance=concordance(-places),
        explained_share=found.explained_share,
        chance_share=found.chance_share,
    )


def _places(votes: ballots.Votes) -> Floats:
    """Each voter's mean rank of every initiative over RICE, WSJF and votes."""
    known = votes.estimates
    rice = ballots.rice(**{f: known[f] for f in ("reach", "impact", "confidence", "effort")})
    wsjf = ballots.wsjf(**{f: known[f] for f in ("value", "urgency", "risk", "size")})
    scores = [np.nan_to_num(scores, nan=0.0) for scores in (rice, wsjf)] + [votes.votes]
    mean: Floats = np.mean([ranks(found) for found in scores], axis=0)
    return mean
