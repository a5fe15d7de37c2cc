"""Would the window before have been cut like this? The same method one window earlier."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers.cluster_features import points, scales
from playbook.customers.segments import SortedCustomers
from playbook.display.disclosure import LEAST_CELL, without_small_cells
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.number_of_groups import Method, regroup
from playbook.stats.rand_index import agreement
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number, percent

Ints = NDArray[np.int64]
SAME, LIKE = 0.8, 0.6  # adjusted Rand index of nearly the same borders, of similar ones
MOVED = 0.25  # of the way from a centre to the next one


@dataclass(frozen=True, kw_only=True, eq=False)
class OverTime(Result):
    """The groups of this window beside those of the one before.

    Attributes:
        groups: One row per group of today: ``group``, medians of it now and then
            (``recency_days``, ``purchase_days``, ``spend`` and the same with ``_before``),
            ``moved`` (how far its centre went, as a share of the way to the next centre).
        borders: Adjusted Rand index of today's customers cut by the borders of then and by
            those of today: 1 the same, 0 chance. Not a number without a window before.
        customers: Adjusted Rand index of the groups then and now of the customers who bought
            in both windows; low where customers move, whatever the borders do.
        stayed_share: Share of these customers who are in the same group again.
        n_both: Customers who bought in both windows.
    """

    groups: pd.DataFrame
    borders: float
    customers: float
    stayed_share: float
    n_both: float

    @property
    def headline(self) -> str:
        """Whether the borders hold over time, and whether customers do."""
        if math.isnan(self.borders):
            return _("There is no window before to compare with.")
        if self.borders >= SAME:
            words = _("One window earlier the same method drew nearly the same borders.")
        elif self.borders >= LIKE:
            words = _("One window earlier the same method drew similar borders.")
        else:
            words = _("One window earlier the same method drew other borders.")
        return f"{words} {self._centres}"

    @property
    def _centres(self) -> str:
        """How many centres moved."""
        moved = int((self.groups["moved"] > MOVED).sum())
        if not moved:
            return _("No centre has moved.")
        words = ngettext("{n} of {k} centres has moved.", "{n} of {k} centres have moved.", moved)
        return words.format(n=number(moved), k=number(len(self.groups)))

    @property
    def figures(self) -> list[Figure]:
        """Agreement of the borders, and of the customers' groups."""
        if math.isnan(self.borders):
            return []
        scale = _("1 is the same, 0 is chance")
        return [
            Figure(_("Agreement of the borders"), number(self.borders, 2), scale),
            Figure(
                _("Customers in the same group again"),
                percent(self.stayed_share),
                _("of {n} who bought in both windows").format(n=number(self.n_both)),
            ),
            Figure(_("Agreement of their groups"), number(self.customers, 2), scale),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per group: what it was and what it is."""
        return self.groups

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "group": Column(_("Group"), "count"),
            "recency_days_before": Column(_("Bought, days ago: then"), "count"),
            "recency_days": Column(_("now"), "count"),
            "purchase_days_before": Column(_("Purchase days: then"), "count"),
            "purchase_days": Column(_("now"), "count"),
            "spend_before": Column(_("Spend: then"), "money"),
            "spend": Column(_("now"), "money"),
            "moved": Column(_("Moved, of the way to the next centre"), "share"),
        }

    @property
    def assumptions(self) -> list[str]:
        """How two windows are compared."""
        if math.isnan(self.borders):
            return []
        return [
            _(
                "The same number of groups and the same method on the customers of the window "
                "before, on today's scales. A centre has moved when it went more than {share} of "
                "the way to the next one."
            ).format(share=percent(MOVED)),
            _(
                "Borders may hold while customers cross them: the first figure is about borders, "
                "the other two are about customers."
            ),
        ]


def nothing_before() -> OverTime:
    """What is said without groups, or without enough customers in the window before."""
    return OverTime(
        groups=pd.DataFrame({"group": [], "moved": []}),
        borders=math.nan,
        customers=math.nan,
        stayed_share=math.nan,
        n_both=0,
    )


def over_time(
    customers: SortedCustomers,
    labels: Ints,
    *,
    method: Method,
    seed: int,
    least: int,
    most_cells: int,
) -> OverTime:
    """Group the customers of the window before and compare.

    Args:
        customers: Customers today.
        labels: Their groups, from 0.
        method: How groups were found.
        seed: Same seed, same groups.
        least: Customers of the window before for each group; with fewer nothing is compared.
        most_cells: As in ``number_of_groups.choose``.
    """
    k, now, then = int(labels.max()) + 1, customers.behaviour, customers.earlier().behaviour
    if len(then) < k * least:
        return nothing_before()
    on = scales(now, seed=seed)
    today, before = points(now, on, seed=seed), points(then, on, seed=seed)
    both = np.concatenate([before, today])
    counts = np.arange(len(both)) < len(before)
    found = regroup(both, counts, k=k, seed=seed, method=method, most_cells=most_cells)
    was, by_then = np.split(_renamed(found, found[len(before) :], labels, k), [len(before)])
    shared = now.index.intersection(then.index)
    first = pd.Series(was, then.index)[shared].to_numpy()
    second = pd.Series(labels, now.index)[shared].to_numpy()
    enough = len(shared) >= LEAST_CELL
    return OverTime(
        groups=_then_and_now(then, was, now, labels, _ways(before, was, today, labels, k)),
        borders=agreement(by_then, labels),
        customers=agreement(first, second) if enough else math.nan,
        stayed_share=float((first == second).mean()) if enough else math.nan,
        n_both=len(shared) if enough else math.nan,
    )


def _renamed(found: Ints, today: Ints, labels: Ints, k: int) -> Ints:
    """The groups of then, each under the name of the group of today it shares most with."""
    from scipy.optimize import linear_sum_assignment

    table = np.bincount(today * k + labels, minlength=k * k).reshape(k, k)
    _rows, names = linear_sum_assignment(-table)
    renamed: Ints = np.asarray(names, np.int64)[found]
    return renamed


def _ways(
    before: NDArray[np.float64], was: Ints, today: NDArray[np.float64], labels: Ints, k: int
) -> NDArray[np.float64]:
    """How far each centre went, as a share of the way to the next centre."""
    then, now = (
        np.array([
            part[own == group].mean(axis=0) if (own == group).any() else np.full(3, np.nan)
            for group in range(k)
        ])
        for part, own in ((before, was), (today, labels))
    )  # fmt: skip
    between = np.linalg.norm(now[:, None] - now[None], axis=2) + np.diag(np.full(k, np.inf))
    found: NDArray[np.float64] = np.linalg.norm(now - then, axis=1) / between.min(axis=1)
    return found


def _then_and_now(
    then: pd.DataFrame, was: Ints, now: pd.DataFrame, labels: Ints, moved: NDArray[np.float64]
) -> pd.DataFrame:
    """Medians of each group in both windows; small groups stay untold."""
    features = ["recency_days", "purchase_days", "spend"]
    parts = []
    for behaviour, own in ((now, labels), (then, was)):
        found = behaviour.groupby(own)[features].median()
        found["n"] = np.bincount(own, minlength=len(moved))[found.index]
        parts.append(without_small_cells(found, count="n", figures=features).drop(columns="n"))
    frame = parts[0].join(parts[1].add_suffix("_before")).reset_index(drop=True)
    return frame.assign(group=np.arange(1, len(frame) + 1), moved=moved)
