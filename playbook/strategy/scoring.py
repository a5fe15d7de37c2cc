"""Four ways to put initiatives in order, side by side, beside reach alone and money alone."""

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
from playbook.stats.pairwise import MOST_INCONSISTENT, weigh
from playbook.stats.ranks import ranks
from playbook.strategy import ballots
from playbook.strategy.ballots import Votes
from playbook.strategy.initiatives import CRITERIA, Initiatives, criterion_words
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

Floats = NDArray[np.float64]
METHODS = ("rice", "wsjf", "ahp", "votes")


def method_words() -> dict[str, str]:
    """Short names of the methods in the reader's language."""
    return {
        "rice": _("RICE"),
        "wsjf": _("WSJF"),
        "ahp": _("AHP"),
        "votes": _("Votes"),
        "reach": _("Reach only"),
        "gain": _("Money a year"),
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores(Result):
    """The initiatives by every method.

    Attributes:
        table: One row per initiative, the best on average first: ``initiative``, ``title``,
            scores ``rice``, ``wsjf``, ``ahp`` (0-1), ``votes`` (sum), ``reach`` (median,
            customers a year), ``gain`` (money a year, may be missing), a ``rank_…`` for
            each of them, and ``mean_rank`` over the four methods.
        weights: Weight of each criterion in the AHP, summing to 1.
        consistency_ratio: Of the room's joined comparisons; up to 0.10 is usual.
        n_voters: Ballots counted.
        refused: Voters whose comparisons contradict each other; left out of the weights.
    """

    table: pd.DataFrame
    weights: dict[str, float]
    consistency_ratio: float
    n_voters: int
    refused: tuple[str, ...]

    @property
    def headline(self) -> str:
        """Who leads, and whether reach alone would have chosen otherwise."""
        first = self.table.iloc[0]
        loudest = self.table.loc[self.table["rank_reach"] == 1].iloc[0]
        told = _("“{title}” leads over all methods.").format(title=first["title"])
        if loudest["initiative"] == first["initiative"] or not loudest["gain"] < 0:
            return told
        words = _("“{title}” touches most people and loses {money} a year.")
        lost = numbers.money_short(abs(float(loudest["gain"])))
        return f"{told} " + words.format(title=loudest["title"], money=lost)

    @property
    def figures(self) -> list[Figure]:
        """How many voted, and what counts most."""
        criterion = max(self.weights, key=self.weights.__getitem__)
        return [
            Figure(_("Ballots"), numbers.number(self.n_voters)),
            Figure(
                _("Counts most"),
                criterion_words()[criterion],  # type: ignore[index]
                numbers.percent(self.weights[criterion]),
            ),
            Figure(
                _("Inconsistency of the room"),
                numbers.number(self.consistency_ratio, 2),
                _("up to {most} is usual").format(most=numbers.number(MOST_INCONSISTENT, 2)),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """Ballots whose comparisons could not be used."""
        if not self.refused:
            return []
        words = ngettext(
            "The comparisons of {n} ballot contradict each other and are left out of the weights.",
            "The comparisons of {n} ballots contradict each other and are left out of the weights.",
            len(self.refused),
        )
        return [words.format(n=numbers.number(len(self.refused)))]

    @property
    def assumptions(self) -> list[str]:
        """How each method counts."""
        return [
            _("RICE: reach × impact × confidence ÷ effort; the middle of the voters' own scores."),
            _("WSJF: worth, urgency and risk taken away, divided by the size of the job."),
            _("AHP: criteria weighed by pairwise comparisons, joined by their geometric mean."),
            _("Votes: n votes for one initiative cost n² credits, so strong wishes cost more."),
            _("Money a year: customers kept or won × worth of one − cost, by the analyst."),
        ]

    @property
    def formula(self) -> str:
        """How the order is made."""
        return _("order = mean of the ranks by RICE, WSJF, AHP and votes")

    def to_frame(self) -> pd.DataFrame:
        """One row per initiative with the scores themselves."""
        return self.table

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        words = method_words()
        return {
            "title": Column(_("Initiative")),
            "mean_rank": Column(_("Mean rank"), "number", 1),
            "rice": Column(words["rice"], "count"),
            "wsjf": Column(words["wsjf"], "number", 1),
            "ahp": Column(words["ahp"], "number", 2),
            "votes": Column(words["votes"], "count"),
            "reach": Column(_("Reach, a year"), "count"),
            "gain": Column(words["gain"], "money_short"),
        }

    def _loudest(self) -> str:
        """Who would win on reach alone, and where it stands over all methods."""
        loudest = self.table.loc[self.table["rank_reach"] == 1].iloc[0]
        place = self.table["initiative"].tolist().index(loudest["initiative"]) + 1
        words = _("By reach alone “{title}” would come first; over all methods it is number {n}.")
        return words.format(title=loudest["title"], n=place)

    def plot(self) -> Chart:
        """Ranks by every method."""
        words = method_words()
        shown = [*METHODS, "reach", "gain"]
        if self.table["gain"].isna().all():
            shown.remove("gain")
        return heat(
            self.table,
            category="title",
            columns={f"rank_{method}": words[method] for method in shown},
            title=self._loudest(),
            subtitle=_("Rank by method, 1 and dark is best"),
            unit="number",
            low_is_strong=True,
        )


def score(document: Initiatives) -> Scores:
    """Score the initiatives by all methods.

    Raises:
        PlaybookError: Nobody voted, or an initiative was estimated by nobody.
    """
    votes = ballots.votes_of(document)
    everyone = np.arange(len(votes.votes))[None, :]
    found = {key: rows[0] for key, rows in group_scores(votes, everyone).items()}
    gains = [initiative.gain for initiative in document.initiatives]
    table = pd.DataFrame(
        {
            "initiative": votes.ids,
            "title": [initiative.title for initiative in document.initiatives],
            **found,
            "reach": np.nanmedian(votes.estimates["reach"], axis=0),
            "gain": [np.nan if gain is None else gain for gain in gains],
        }
    )
    for key in (*METHODS, "reach", "gain"):
        table[f"rank_{key}"] = table[key].rank(ascending=False, method="min")
    table["mean_rank"] = np.mean([ranks(found[key]) for key in METHODS], axis=0)
    logs = _drawn_logs(votes, everyone)
    weights = _row_weights(logs)[0]
    return Scores(
        table=table.sort_values(["mean_rank", "rank_rice"]).reset_index(drop=True),
        weights=dict(zip(CRITERIA, weights.tolist(), strict=True)),
        n_voters=len(votes.votes),
        consistency_ratio=weigh(np.exp(logs[0])).consistency_ratio,
        refused=votes.refused,
    )


def group_scores(
    votes: Votes, picks: NDArray[np.int64], off: Mapping[str, Floats] | None = None
) -> dict[str, Floats]:
    """The group's score of every initiative by every method, for many draws of voters at once.

    Args:
        votes: The ballots.
        picks: ``(n_draws, n)`` voters that count in each draw.
        off: Factor on the group's estimates per field, ``(n_draws, n_initiatives)``;
            1 where left out.

    Returns:
        Method to ``(n_draws, n_initiatives)``; an initiative without a score gets 0.
    """
    size = (len(picks), len(votes.ids))
    factor = {field: np.ones(size) for field in ballots.FIELDS} | dict(off or {})
    given = {field: votes.estimates[field][picks] for field in ballots.FIELDS}
    own_rice = ballots.rice(**{f: given[f] for f in ("reach", "impact", "confidence", "effort")})
    own_wsjf = ballots.wsjf(**{f: given[f] for f in ("value", "urgency", "risk", "size")})
    middle = {f: _middle(given[f]) * factor[f] for f in ("value", "urgency", "risk", "size")}
    weights = _row_weights(_drawn_logs(votes, picks))
    return {
        "rice": _middle(own_rice)
        * (factor["reach"] * factor["impact"] * factor["confidence"] / factor["effort"]),
        "wsjf": _middle(own_wsjf) * (factor["value"] / factor["size"]),
        "ahp": np.einsum("dic,dc->di", ballots.criteria(**middle), weights),
        "votes": votes.votes[picks].sum(axis=1),
    }


def _middle(values: Floats) -> Floats:
    """Median over the voters of every draw; 0 where none of them estimated."""
    missing = np.asarray(np.isnan(values)).all(axis=1, keepdims=True)
    middle: Floats = np.nanmedian(np.where(missing, 0.0, values), axis=1)
    return middle


def _drawn_logs(votes: Votes, picks: NDArray[np.int64]) -> Floats:
    """Mean of the logs of the usable comparisons in each draw; all equal where there are none."""
    logs: Floats = np.log(votes.matrices)[picks]
    is_used = np.isfinite(logs)
    mean: Floats = np.where(is_used, logs, 0.0).sum(axis=1) / np.maximum(is_used.sum(axis=1), 1)
    return mean


def _row_weights(logs: Floats) -> Floats:
    """Weights by the geometric mean of the rows, for a stack of matrices of logs.

    For nearly consistent judgements the same as the eigenvector (Crawford & Williams).
    """
    raw = np.exp(logs.mean(axis=2))
    weights: Floats = raw / raw.sum(axis=1, keepdims=True)
    return weights
