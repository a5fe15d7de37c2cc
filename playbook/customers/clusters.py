"""Would the data have cut the customers like this? Groups that can be trusted, or none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers import cluster_choice, cluster_rules, cluster_windows
from playbook.customers.cluster_choice import METHODS, MOST_CELLS, Candidates, method_names
from playbook.customers.cluster_features import points, scales
from playbook.customers.cluster_rules import GroupRules
from playbook.customers.cluster_windows import OverTime
from playbook.customers.segments import SortedCustomers
from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import bars
from playbook.display.disclosure import hidden_note, without_small_cells
from playbook.display.html import Figure, Html, bullets, fold, headline
from playbook.display.result import Result
from playbook.display.tables import Column, table
from playbook.errors import PlaybookError
from playbook.stats.number_of_groups import STABLE, Candidate, Method, Verdict
from playbook.stats.rand_index import agreement
from playbook.text import gettext as _
from playbook.text import name, ngettext
from playbook.text.numbers import number, percent

LEAST_PER_GROUP = 40
FEWEST, MOST = 2, 10


@dataclass(frozen=True, kw_only=True, eq=False)
class Clusters(Result):
    """Groups that the data suggest, and whether they are more than a convention.

    Attributes:
        groups: One row per group, the largest first: ``group`` (from 1), ``n_customers``,
            ``customers_share``, medians ``recency_days``, ``purchase_days``, ``spend``,
            ``found_again`` (mean Jaccard over the bootstraps), ``border`` (customers in the
            middle of the way to a neighbour for one at the centre), ``segment`` (the named
            segment that most of them are in), ``segment_share``. Empty where no number of
            groups would be repeated by another sample.
        verdict: ``natural``, ``reproducible`` or ``convention``.
        method: ``kmeans`` or ``mixture``: how these groups were found.
        is_chosen: Whether the number of groups was chosen here; else it was asked for.
        agreement: Adjusted Rand index with the named segments: 1 the same, 0 chance.
        n_bootstraps: Samples behind ``found_again``.
        candidates: Everything that was tried.
        rules: A short rule for each group.
        over_time: The same method on the window before.
    """

    groups: pd.DataFrame
    verdict: Verdict
    method: Method
    is_chosen: bool
    agreement: float
    n_bootstraps: int
    candidates: Candidates
    rules: GroupRules
    over_time: OverTime

    @property
    def headline(self) -> str:
        """Whether the groups are there, in one sentence, and whether they were before."""
        k = len(self.groups)
        if not k:
            return _(
                "These customers are one crowd: whatever the number of groups, another sample "
                "would be cut differently."
            )
        match self.verdict:
            case "natural":
                words = ngettext(
                    "The customers fall into {k} natural group: hardly anybody lies between.",
                    "The customers fall into {k} natural groups: hardly anybody lies between.",
                    k,
                )
            case "reproducible":
                words = ngettext(
                    "{k} group is a convention that another sample would repeat: "
                    "the borders run through a crowd.",
                    "These {k} groups are a convention that another sample would repeat: "
                    "the borders run through a crowd.",
                    k,
                )
            case _:
                words = ngettext(
                    "{k} group is a convention: another sample of customers would be cut "
                    "differently.",
                    "These {k} groups are a convention: another sample of customers would be cut "
                    "differently.",
                    k,
                )
        return f"{words.format(k=number(k))} {self.over_time.headline}"

    @property
    def figures(self) -> list[Figure]:
        """Stability of the weakest group, agreement with the named segments and over time."""
        if self.groups.empty:
            return []
        scale = _("1 is the same, 0 is chance")
        weakest = float(self.groups["found_again"].min())
        return [
            Figure(
                _("Weakest group found again"),
                percent(weakest),
                _("stable from {limit}").format(limit=percent(STABLE)),
            ),
            Figure(_("Agreement with the window before"), number(self.over_time.borders, 2), scale),
            Figure(_("Agreement with the named segments"), number(self.agreement, 2), scale),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per group, with the name of its main segment."""
        return self.groups.assign(
            name=[_("group {n}").format(n=n) for n in self.groups["group"]],
            mostly=[
                _("{segment}, {share}").format(
                    segment=name(str(row["segment"])), share=percent(row["segment_share"])
                )
                for row in self.groups.to_dict("records")
            ],
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "group": Column(_("Group"), "count"),
            "n_customers": Column(_("Customers"), "count"),
            "recency_days": Column(_("Bought, days ago"), "count"),
            "purchase_days": Column(_("Purchase days"), "count"),
            "spend": Column(_("Spend"), "money"),
            "found_again": Column(_("Found again"), "share"),
            "border": Column(_("Crowd at the border"), "share"),
            "mostly": Column(_("Mostly")),
        }

    @property
    def assumptions(self) -> list[str]:
        """How groups were found and judged."""
        if self.groups.empty:
            return self.candidates.assumptions
        chosen = _("The number of groups is the largest that another sample would repeat.")
        asked = _("The number of groups was asked for, not chosen.")
        return [
            _(
                "Groups by {method} on recency, frequency and money, each on a logarithmic scale "
                "and with equal weight. Medians are shown."
            ).format(method=method_names()[self.method]),
            chosen if self.is_chosen else asked,
            *self.candidates.assumptions,
            *hidden_note(self.groups, count="n_customers"),
        ]

    def plot(self) -> Chart:
        """Draw how surely each group is found again; without groups, what was tried."""
        if self.groups.empty:
            return self.candidates.plot()
        frame = self.to_frame()
        stable = frame.loc[frame["found_again"] >= STABLE, "name"]
        return bars(
            frame,
            category="name",
            value="found_again",
            title=_("The weakest group is found again to {share}").format(
                share=percent(float(self.groups["found_again"].min()))
            ),
            subtitle=_("Overlap with itself when customers are drawn anew; stable from 75 %"),
            unit="share",
            hues=dict.fromkeys(stable, theme.KEPT),
        )

    def details(self) -> Html:
        """Everything that was tried, and the window before, folded."""
        parts = {
            _("All numbers of groups that were tried"): self.candidates,
            _("The same method one window earlier"): self.over_time,
        }
        return Html("".join(fold(title, _folded(part)) for title, part in parts.items()))


def _folded(part: Result) -> str:
    frame = part.to_frame()
    shown = table(frame, part.columns()) if len(frame) else ""
    return headline(part.headline) + shown + bullets(part.assumptions)


def compare(
    customers: SortedCustomers, *, k: int = 0, seed: int, n_bootstraps: int = 30
) -> Clusters:
    """Find groups in recency, frequency and money, and judge them.

    Args:
        customers: Customers with their named segments.
        k: Number of groups; 0 chooses the one from 2 to 10 that another sample would repeat.
        seed: Same seed, same groups.
        n_bootstraps: Samples behind the stability; halves for the prediction are half as many.

    Raises:
        PlaybookError: Too few customers for so many groups, or a single group.
    """
    ks = _numbers(k, len(customers.behaviour))
    found = points(customers.behaviour, scales(customers.behaviour, seed=seed), seed=seed)
    choices = cluster_choice.all_tried(found, ks=ks, seed=seed, n_bootstraps=n_bootstraps)
    stands = cluster_choice.strongest(choices)
    tried = cluster_choice.candidates(choices, n_bootstraps=n_bootstraps)
    if stands is None and k:
        stands = METHODS[0], choices[METHODS[0]].candidates[0]
    if stands is None:
        return _one_crowd(tried)
    method, candidate = stands
    return Clusters(
        groups=_groups(customers, candidate),
        verdict=candidate.verdict,
        method=method,
        is_chosen=not k,
        agreement=agreement(candidate.labels, customers.segment.cat.codes.to_numpy(np.int64)),
        n_bootstraps=n_bootstraps,
        candidates=tried,
        rules=cluster_rules.learn(customers.behaviour, candidate.labels, seed=seed),
        over_time=cluster_windows.over_time(
            customers,
            candidate.labels,
            method=method,
            seed=seed,
            least=LEAST_PER_GROUP,
            most_cells=MOST_CELLS[method],
        ),
    )


def _numbers(k: int, n: int) -> range:
    """The numbers of groups to try with ``n`` customers."""
    if k == 1:
        raise PlaybookError(
            _("One group is no grouping."),
            advice=_("Ask for 2 groups or more, or for 0: then the number is chosen."),
        )
    most = n // LEAST_PER_GROUP
    wanted = k or FEWEST
    if most < wanted:
        raise PlaybookError(
            _("{k} groups need at least {wanted} customers; there are {n}.").format(
                k=number(wanted), wanted=number(wanted * LEAST_PER_GROUP), n=number(n)
            ),
            advice=_("Ask for fewer groups (k)."),
        )
    return range(k, k + 1) if k else range(FEWEST, min(MOST, most) + 1)


def _one_crowd(tried: Candidates) -> Clusters:
    """What is said where no number of groups would be repeated."""
    return Clusters(
        groups=pd.DataFrame({"group": [], "segment": [], "segment_share": []}),
        verdict="convention",
        method=METHODS[0],
        is_chosen=True,
        agreement=math.nan,
        n_bootstraps=tried.n_bootstraps,
        candidates=tried,
        rules=cluster_rules.no_rules(),
        over_time=cluster_windows.nothing_before(),
    )


def _groups(customers: SortedCustomers, found: Candidate) -> pd.DataFrame:
    """Size, medians, stability and main segment per group."""
    labels: NDArray[np.int64] = found.labels
    frame = customers.behaviour.groupby(labels).agg(
        n_customers=("spend", "size"),
        recency_days=("recency_days", "median"),
        purchase_days=("purchase_days", "median"),
        spend=("spend", "median"),
    )
    shares = pd.crosstab(labels, customers.segment.to_numpy(), normalize="index")
    frame = frame.assign(
        group=frame.index + 1,
        customers_share=frame["n_customers"] / len(labels),
        found_again=found.jaccard[frame.index],
        border=found.crowd[frame.index],
        segment=shares.idxmax(axis=1).astype(str),
        segment_share=shares.max(axis=1),
    )
    figures = ("recency_days", "purchase_days", "spend", "customers_share", "segment_share")
    return without_small_cells(frame.reset_index(drop=True), count="n_customers", figures=figures)
