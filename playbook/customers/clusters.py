"""Would the data have cut the customers like this? k-means beside the named segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers.segments import SortedCustomers
from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import bars
from playbook.display.disclosure import hidden_note, without_small_cells
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.stats.groups import STABLE, Verdict, agreement, find_groups
from playbook.text import gettext as _
from playbook.text import name, ngettext
from playbook.text.numbers import number, percent

LEAST_PER_GROUP = 40


@dataclass(frozen=True, kw_only=True, eq=False)
class Clusters(Result):
    """Groups that the data suggest, and whether they are more than a convention.

    Attributes:
        groups: One row per group, the largest first: ``group`` (from 1), ``n_customers``,
            ``customers_share``, medians ``recency_days``, ``purchase_days``, ``spend``,
            ``found_again`` (mean Jaccard over the bootstraps), ``border`` (customers in the
            middle of the way to a neighbour for one at the centre), ``segment`` (the named
            segment that most of them are in), ``segment_share``.
        verdict: ``natural``, ``reproducible`` or ``convention``.
        agreement: Adjusted Rand index with the named segments: 1 the same, 0 chance.
        n_bootstraps: Samples behind ``found_again``.
    """

    groups: pd.DataFrame
    verdict: Verdict
    agreement: float
    n_bootstraps: int

    @property
    def headline(self) -> str:
        """Whether the groups are there, in one sentence."""
        k = len(self.groups)
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
        return words.format(k=number(k))

    @property
    def figures(self) -> list[Figure]:
        """Stability of the weakest group and agreement with the named segments."""
        weakest = float(self.groups["found_again"].min())
        return [
            Figure(
                _("Weakest group found again"),
                percent(weakest),
                _("stable from {limit}").format(limit=percent(STABLE)),
            ),
            Figure(
                _("Agreement with the named segments"),
                number(self.agreement, 2),
                _("1 is the same, 0 is chance"),
            ),
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
        return [
            _(
                "k-means on recency, frequency and money, each on a logarithmic scale and with "
                "equal weight. Medians are shown."
            ),
            _(
                "Found again: overlap (Jaccard) with the same group in {n} samples drawn anew; "
                "below 60 % is unstable, above 75 % stable (Hennig)."
            ).format(n=number(self.n_bootstraps)),
            _(
                "Crowd at the border: customers halfway to the next group, where those at the "
                "group's own centre are 100 %. Natural groups have at most half."
            ),
            *hidden_note(self.groups, count="n_customers"),
        ]

    def plot(self) -> Chart:
        """Draw how surely each group is found again."""
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


def compare(customers: SortedCustomers, *, k: int, seed: int, n_bootstraps: int = 30) -> Clusters:
    """Find ``k`` groups in recency, frequency and money, and judge them.

    Args:
        customers: Customers with their named segments.
        k: Number of groups.
        seed: Same seed, same groups.
        n_bootstraps: Samples behind the stability.

    Raises:
        PlaybookError: Too few customers for so many groups.
    """
    n = len(customers.behaviour)
    if n < k * LEAST_PER_GROUP:
        raise PlaybookError(
            _("{k} groups need at least {wanted} customers; there are {n}.").format(
                k=number(k), wanted=number(k * LEAST_PER_GROUP), n=number(n)
            ),
            advice=_("Ask for fewer groups (k)."),
        )
    found = find_groups(
        points(customers.behaviour, seed=seed), k=k, seed=seed, n_bootstraps=n_bootstraps
    )
    return Clusters(
        groups=_groups(customers, found.labels).assign(
            found_again=found.jaccard, border=found.valley
        ),
        verdict=found.verdict,
        agreement=agreement(found.labels, customers.segment.cat.codes.to_numpy(np.int64)),
        n_bootstraps=n_bootstraps,
    )


def points(behaviour: pd.DataFrame, *, seed: int) -> NDArray[np.float64]:
    """Recency, frequency and money on logarithmic scales with mean 0 and spread 1.

    Purchase days are whole numbers: a customer with 1 is spread over 0.5 to 1.5, so that the
    gap between 1 and 2 is not taken for a gap between kinds of people.
    """
    rng = np.random.default_rng(seed)
    jitter = rng.uniform(-0.5, 0.5, (len(behaviour), 2))
    recency = behaviour["recency_days"].to_numpy(float) + 1 + jitter[:, 0]
    days = behaviour["purchase_days"].to_numpy(float) + jitter[:, 1]
    spend = np.maximum(behaviour["spend"].to_numpy(float), 0.0)
    small = max(float(np.median(spend)) / 20, 1e-9)
    raw = np.column_stack([np.log(recency), np.log(days), np.log(spend + small)])
    spread = raw.std(axis=0)
    found: NDArray[np.float64] = (raw - raw.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return found


def _groups(customers: SortedCustomers, labels: NDArray[np.int64]) -> pd.DataFrame:
    """Size, medians and main segment per group."""
    grouped = customers.behaviour.groupby(labels)
    frame = grouped.agg(
        n_customers=("spend", "size"),
        recency_days=("recency_days", "median"),
        purchase_days=("purchase_days", "median"),
        spend=("spend", "median"),
    )
    shares = pd.crosstab(labels, customers.segment.to_numpy(), normalize="index")
    frame = frame.assign(
        group=np.arange(1, len(frame) + 1),
        customers_share=frame["n_customers"] / len(labels),
        segment=shares.idxmax(axis=1).astype(str),
        segment_share=shares.max(axis=1),
    )
    figures = ("recency_days", "purchase_days", "spend", "customers_share", "segment_share")
    return without_small_cells(frame.reset_index(drop=True), count="n_customers", figures=figures)
