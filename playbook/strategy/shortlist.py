"""The shortlist, and how firmly each initiative stands on it.

Rank stability: the room is drawn anew (bootstrap over ballots), its estimates are all
taken to be off together, and the methods are weighed anew; how often does an initiative
stay among the first k?
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import bars
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.ranks import ranks, top_seats
from playbook.strategy import ballots
from playbook.strategy.initiatives import Initiatives
from playbook.strategy.scoring import METHODS, group_scores, score
from playbook.text import gettext as _
from playbook.text import name, numbers

Floats = NDArray[np.float64]
N_DRAWS = 2000
FIRM = 0.80


@dataclass(frozen=True, kw_only=True, eq=False)
class Shortlist(Result):
    """The initiatives that go on, and how firmly.

    Attributes:
        kept: Their ids, the best first.
        table: One row per initiative in the order of the mean rank: ``initiative``,
            ``title``, ``mean_rank``, ``top_share`` (how often among the first k when
            everything is drawn anew), ``effort`` (median, person-months), ``gain``
            (money a year), ``is_kept``.
        off_share: How far off the estimates were taken to be, 0.3 is 30 %.
        n_draws: Number of draws.
    """

    kept: tuple[str, ...]
    table: pd.DataFrame
    off_share: float
    n_draws: int

    @property
    def headline(self) -> str:
        """What is kept, and whether another voting room would have kept the same."""
        kept = self.table[self.table["is_kept"]]
        titles = ", ".join(_("“{title}”").format(title=name(title)) for title in kept["title"])
        weakest = float(kept["top_share"].min())
        words = _("Keep {titles}: even the shakiest stays on the list in {n} of 100 redraws.")
        return words.format(titles=titles, n=numbers.number(100 * weakest))

    @property
    def figures(self) -> list[Figure]:
        """Effort and money of what is kept."""
        kept = self.table[self.table["is_kept"]]
        found = [
            Figure(_("Kept"), numbers.number(len(kept)), _("of {n}").format(n=len(self.table))),
            Figure(_("Effort"), numbers.number(float(kept["effort"].sum())), _("person-months")),
        ]
        if kept["gain"].notna().all():
            gain = numbers.money_short(float(kept["gain"].sum()), signed=True)
            found.append(Figure(_("Money a year"), gain, _("by the analyst's estimates")))
        return found

    @property
    def warnings(self) -> list[str]:
        """What is shaky, and what loses money."""
        kept = self.table[self.table["is_kept"]]
        shaky = kept.loc[kept["top_share"] < FIRM, "title"]
        losing = kept.loc[kept["gain"] < 0, "title"]
        told = []
        if len(shaky):
            words = _("Not firm: {titles}. Another room may well have chosen otherwise.")
            told.append(words.format(titles=", ".join(shaky)))
        if len(losing):
            words = _("Loses money by the analyst's estimates: {titles}.")
            told.append(words.format(titles=", ".join(losing)))
        return told

    @property
    def assumptions(self) -> list[str]:
        """What was drawn anew."""
        return [
            _("{n} rooms drawn from the ballots, each ballot as likely as any other.").format(
                n=numbers.number(self.n_draws)
            ),
            _("Estimates off by ±{share} in 9 of 10 draws; methods weighed anew each time.").format(
                share=numbers.percent(self.off_share)
            ),
            _("Initiatives are taken one by one: what one needs from another stands in the plan."),
        ]

    @property
    def formula(self) -> str:
        """How stability is counted."""
        return _("share of redraws in which the weighted mean rank is among the first k")

    def to_frame(self) -> pd.DataFrame:
        """One row per initiative."""
        words = {True: _("keep"), False: _("leave")}
        return self.table.assign(fate=[words[bool(kept)] for kept in self.table["is_kept"]])

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "title": Column(_("Initiative")),
            "fate": Column(_("Keep or leave")),
            "mean_rank": Column(_("Mean rank"), "number", 1),
            "top_share": Column(_("Stays on the list"), "share"),
            "effort": Column(_("Person-months"), "number", 0),
            "gain": Column(_("Money a year"), "money_short"),
        }

    def _closest(self) -> str:
        """Who is firmest, and who comes closest to the list without being on it."""
        order = self.table.sort_values("top_share", ascending=False)
        first = order.iloc[0]
        outside = order[~order["is_kept"]]
        if outside.empty:
            return self.headline
        words = _(
            "“{first}” stays in {n} of 100 redraws; of the others “{next}” comes closest, with {m}."
        )
        return words.format(
            first=first["title"],
            n=numbers.number(100 * first["top_share"]),
            next=outside.iloc[0]["title"],
            m=numbers.number(100 * outside.iloc[0]["top_share"]),
        )

    def plot(self) -> Chart:
        """How often each initiative stays among the first."""
        kept = self.table.loc[self.table["is_kept"], "title"]
        return bars(
            self.table,
            category="title",
            value="top_share",
            title=self._closest(),
            subtitle=_("Share of redraws in which it is among the first {k}").format(
                k=len(self.kept)
            ),
            unit="share",
            hues=dict.fromkeys(kept, theme.TREATED),
        )


def shortlist(
    document: Initiatives,
    *,
    keep: int = 3,
    off_share: float = 0.2,
    widening: float = 1.0,
    seed: int,
) -> Shortlist:
    """Keep the first ``keep`` initiatives and measure how firmly they stand there.

    Args:
        document: The initiatives and the ballots.
        keep: How many go on.
        off_share: How far off the room's estimates may be together, 0.3 is 30 %.
        widening: The room's widening factor; multiplies ``off_share``.
        seed: Same seed, same draws.

    Raises:
        PlaybookError: Nobody voted, or an initiative was estimated by nobody.
    """
    votes = ballots.votes_of(document)
    found = score(document).table
    wide = off_share * widening
    seats = _seats(votes, keep=keep, off_share=wide, seed=seed)
    share = dict(zip(votes.ids, seats.mean(axis=0).tolist(), strict=True))
    effort = dict(zip(votes.ids, np.nanmedian(votes.estimates["effort"], axis=0), strict=True))
    table = found[["initiative", "title", "mean_rank", "gain"]].assign(
        top_share=found["initiative"].map(share),
        effort=found["initiative"].map(effort),
        is_kept=np.arange(len(found)) < keep,
    )
    return Shortlist(
        kept=tuple(table.loc[table["is_kept"], "initiative"]),
        table=table,
        off_share=wide,
        n_draws=N_DRAWS,
    )


def _seats(votes: ballots.Votes, *, keep: int, off_share: float, seed: int) -> Floats:
    """Seats among the first ``keep``, ``(n_draws, n_initiatives)``."""
    rng = np.random.default_rng(seed)
    n_voters, n_items = votes.votes.shape
    picks = rng.integers(0, n_voters, size=(N_DRAWS, n_voters))
    spread = np.log1p(off_share) / 1.645  # 9 of 10 draws lie within the factor
    off = {
        field: np.exp(rng.normal(0, spread, (N_DRAWS, n_items)))
        for field in ("reach", "impact", "effort", "value", "urgency", "risk", "size")
    }
    found = group_scores(votes, picks, off)
    places = np.stack([ranks(found[method]) for method in METHODS], axis=-1)
    weights = rng.dirichlet(np.ones(len(METHODS)), size=N_DRAWS)
    return top_seats(-np.einsum("dim,dm->di", places, weights), k=keep)
