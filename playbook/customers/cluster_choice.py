"""Which number of groups another sample would repeat: all that were tried, by two methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import lines
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.number_of_groups import (
    DEEPEST_CROWD,
    PREDICTED,
    STABLE,
    Candidate,
    Choice,
    Method,
    choose,
)
from playbook.text import gettext as _
from playbook.text.numbers import number, percent

METHODS: tuple[Method, ...] = ("kmeans", "mixture")
# Customers close together count as one, so that a page answers in seconds at any size.
MOST_CELLS: Mapping[Method, int] = {"kmeans": 1500, "mixture": 700}


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates(Result):
    """The numbers of groups that were tried, and what speaks for each.

    Attributes:
        tried: One row per method and number of groups: ``method``, ``k``, ``found_again``
            (of the weakest group), ``prediction_strength``, ``border`` (fullest), ``verdict``.
        n_bootstraps: Samples behind ``found_again``.
    """

    tried: pd.DataFrame
    n_bootstraps: int

    @property
    def headline(self) -> str:
        """How many of the numbers stand."""
        standing = self.tried["verdict"] != "convention"
        n = int(self.tried.loc[standing, "k"].nunique())
        if not n:
            return _("Whatever the number of groups, another sample would be cut differently.")
        if not (self.tried["verdict"] == "natural").any():
            words = _(
                "{n} of the numbers tried would be repeated by another sample, but nowhere is "
                "there a gap between the groups."
            )
            return words.format(n=number(n))
        best = int(self.tried.loc[self.tried["verdict"] == "natural", "k"].max())
        return _("Up to {k} groups are found again and set apart.").format(k=number(best))

    def to_frame(self) -> pd.DataFrame:
        """One row per method and number of groups."""
        return self.tried.assign(
            method_words=self.tried["method"].map(method_names()),
            verdict_words=self.tried["verdict"].map(verdict_names()),
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "method_words": Column(_("Method")),
            "k": Column(_("Groups"), "count"),
            "found_again": Column(_("Weakest group found again"), "share"),
            "prediction_strength": Column(_("Half predicts half"), "share"),
            "border": Column(_("Crowd at the border"), "share"),
            "verdict_words": Column(_("Verdict")),
        }

    @property
    def assumptions(self) -> list[str]:
        """The three questions, and what has to be answered to each."""
        return [
            _(
                "Found again: overlap (Jaccard) with the same group in {n} samples drawn anew; "
                "below 60 % is unstable, above 75 % stable (Hennig)."
            ).format(n=number(self.n_bootstraps)),
            _(
                "Half predicts half: of two customers whom one half puts together, how often the "
                "other half does too, in the worst group; at least {limit} (Tibshirani and "
                "Walther)."
            ).format(limit=percent(PREDICTED)),
            _(
                "Crowd at the border: customers halfway to the next group for 100 at the emptier "
                "of the two centres. Natural groups have at most {limit}, beyond chance."
            ).format(limit=number(100 * DEEPEST_CROWD)),
            _(
                "k-means finds round groups, clouds (a mixture of normal distributions) also "
                "long ones."
            ),
        ]

    def plot(self) -> Chart:
        """Draw how surely the weakest group is found again, by number of groups and method."""
        wide = self.tried.pivot_table(index="k", columns="method", values="found_again")
        drawn = wide.reset_index().assign(limit=STABLE)
        return lines(
            drawn,
            x="k",
            y=[*self.tried["method"].unique(), "limit"],
            title=self.headline,
            subtitle=_("Overlap of the weakest group with itself when customers are drawn anew"),
            labels=method_names() | {"limit": _("stable from {n}").format(n=percent(STABLE))},
            hues={"kmeans": theme.TREATED, "mixture": theme.ACQUIRED, "limit": theme.QUIET},
            unit="share",
            x_label=_("number of groups"),
            dashed=("limit",),
        )


def method_names() -> dict[str, str]:
    """Names of the methods."""
    return {"kmeans": _("k-means"), "mixture": _("clouds")}


def verdict_names() -> dict[str, str]:
    """The three verdicts in a word or two."""
    return {
        "natural": _("natural"),
        "reproducible": _("reproducible convention"),
        "convention": _("a convention"),
    }


def all_tried(
    points: NDArray[np.float64], *, ks: Sequence[int], seed: int, n_bootstraps: int
) -> dict[Method, Choice]:
    """Try the numbers of groups by both methods; the halves are half as many as the samples."""
    return {
        method: choose(
            points,
            ks=ks,
            seed=seed,
            method=method,
            n_bootstraps=n_bootstraps,
            n_halves=max(4, min(20, n_bootstraps // 2)),
            most_cells=MOST_CELLS[method],
        )
        for method in METHODS
    }


def strongest(choices: Mapping[Method, Choice]) -> tuple[Method, Candidate] | None:
    """What stands by the best verdict of the two methods, by k-means where they are equal."""
    for verdict in ("natural", "reproducible"):
        for method, choice in choices.items():
            if choice.chosen is not None and choice.verdict == verdict:
                return method, choice.chosen
    return None


def candidates(choices: Mapping[Method, Choice], *, n_bootstraps: int) -> Candidates:
    """The table of everything that was tried."""
    rows = [
        {
            "method": method,
            "k": one.k,
            "found_again": float(one.jaccard.min()),
            "prediction_strength": one.prediction_strength,
            "border": float(one.crowd.max()),
            "verdict": one.verdict,
        }
        for method, choice in choices.items()
        for one in choice.candidates
    ]
    return Candidates(tried=pd.DataFrame(rows), n_bootstraps=n_bootstraps)
