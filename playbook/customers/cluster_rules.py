"""A short rule for each group, and how often it is right about customers it has not seen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.display.disclosure import LEAST_CELL
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.text import gettext as _
from playbook.text.numbers import money, number, percent

Ints = NDArray[np.int64]
FEATURES = ("recency_days", "purchase_days", "spend")
DEPTH = 3
FAITHFUL = 0.80  # share of unseen customers in the right group below which no rule is told
LEARNED = 0.7  # share of customers from whom the rules are learned
ENDLESS = math.inf
Box = dict[str, tuple[float, float]]


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupRules(Result):
    """Rules that put a customer into a group by at most three questions.

    Attributes:
        boxes: One row per rule: ``group`` (from 1) and for each feature ``…_above`` (the value
            is larger, minus infinity for none) and ``…_most`` (not larger, infinity for none).
        groups: One row per group: ``group``, ``recall`` (share of its unseen customers whom
            the rules put there).
        fidelity: Share of unseen customers whom the rules put into the right group.
        by_chance: The same when everybody is put into the largest group.
        n_unseen: Customers behind these shares.
    """

    boxes: pd.DataFrame
    groups: pd.DataFrame
    fidelity: float
    by_chance: float
    n_unseen: int

    @property
    def is_faithful(self) -> bool:
        """Whether the rules are right often enough to be told."""
        return self.fidelity >= FAITHFUL

    @property
    def headline(self) -> str:
        """How far one gets with three questions."""
        if self.groups.empty:
            return _("There are no groups to tell apart.")
        if self.is_faithful:
            words = _("Three questions put {n} of 100 customers into the right group.")
            return words.format(n=number(100 * self.fidelity))
        words = _(
            "No short rule tells the groups apart: the best one is right about {n} of 100 "
            "customers, {limit} are needed."
        )
        return words.format(n=number(100 * self.fidelity), limit=number(100 * FAITHFUL))

    @property
    def figures(self) -> list[Figure]:
        """Fidelity beside what chance would give."""
        if self.groups.empty:
            return []
        return [
            Figure(
                _("In the right group"),
                percent(self.fidelity),
                _("{n} customers the rules were not learned from").format(n=number(self.n_unseen)),
            ),
            Figure(_("If all were put into the largest"), percent(self.by_chance)),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per group with its rules in words; none where no rule is good enough."""
        if self.groups.empty or not self.is_faithful:
            return self.groups.head(0).assign(rule="")
        return self.groups.assign(rule=[self._rule(n) for n in self.groups["group"]])

    def _rule(self, group: int) -> str:
        own = self.boxes[self.boxes["group"] == group].to_dict("records")
        if not own:
            return _("no rule of its own")
        return _(" — or: ").join(_in_words(row) for row in own)

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "group": Column(_("Group"), "count"),
            "rule": Column(_("Who belongs to it")),
            "recall": Column(_("Of the group, caught by the rule"), "share"),
        }

    @property
    def assumptions(self) -> list[str]:
        """How rules were learned and rounded."""
        return [
            _(
                "A tree with at most {n} questions one after another, learned from {share} of the "
                "customers. Limits are rounded to weeks, months and handy sums, and the shares "
                "are those of the rounded rules."
            ).format(n=number(DEPTH), share=percent(LEARNED)),
            _("Rules that are right about fewer than {n} of 100 customers are not shown.").format(
                n=number(100 * FAITHFUL)
            ),
        ]


def no_rules() -> GroupRules:
    """What is said where there are no groups."""
    return GroupRules(
        boxes=pd.DataFrame({"group": []}),
        groups=pd.DataFrame({"group": [], "recall": []}),
        fidelity=math.nan,
        by_chance=math.nan,
        n_unseen=0,
    )


def learn(behaviour: pd.DataFrame, labels: Ints, *, seed: int) -> GroupRules:
    """Learn rules from some customers and try them on the others.

    Args:
        behaviour: ``recency_days``, ``purchase_days``, ``spend``, one row per customer.
        labels: Group of each customer, from 0.
        seed: Same seed, same rules.
    """
    from sklearn.tree import DecisionTreeClassifier

    mixed = np.random.default_rng(seed).permutation(len(labels))
    taught, unseen = np.split(mixed, [round(LEARNED * len(labels))])
    values = behaviour[list(FEATURES)].to_numpy(float)
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=max(LEAST_CELL, len(taught) // 200), random_state=seed
    )
    tree.fit(values[taught], labels[taught])
    boxes = list(_boxes(tree.tree_, tree.classes_))
    told, true = _apply(boxes, values[unseen]), labels[unseen]
    k = int(labels.max()) + 1
    size = np.bincount(true, minlength=k)
    right = np.bincount(true[told == true], minlength=k)
    recall = np.where(size >= LEAST_CELL, right / np.maximum(size, 1), np.nan)
    return GroupRules(
        boxes=_as_frame(boxes),
        groups=pd.DataFrame({"group": np.arange(1, k + 1), "recall": recall}),
        fidelity=float((told == true).mean()),
        by_chance=float(size.max() / size.sum()),
        n_unseen=len(unseen),
    )


def _boxes(tree: Any, classes: Ints) -> Iterator[tuple[int, Box]]:  # noqa: ANN401 - sklearn's Tree
    """The leaves as limits per feature, siblings that say the same joined."""

    def verdicts(node: int) -> set[int]:
        if tree.children_left[node] < 0:
            return {int(classes[np.argmax(tree.value[node, 0])])}
        return verdicts(tree.children_left[node]) | verdicts(tree.children_right[node])

    def walk(node: int, box: Box) -> Iterator[tuple[int, Box]]:
        found = verdicts(node)
        if len(found) == 1:
            yield found.pop(), box
            return
        feature = FEATURES[tree.feature[node]]
        limit = handy(float(tree.threshold[node]), feature)
        above, most = box[feature]
        yield from walk(tree.children_left[node], box | {feature: (above, min(most, limit))})
        yield from walk(tree.children_right[node], box | {feature: (max(above, limit), most)})

    everything = dict.fromkeys(FEATURES, (-ENDLESS, ENDLESS))
    return (item for item in walk(0, everything) if all(a < b for a, b in item[1].values()))


def handy(limit: float, feature: str) -> float:
    """A limit as people keep it in mind: whole days, weeks, months, round sums of money.

    Example:
        >>> handy(45.5, "recency_days"), handy(137.5, "recency_days"), handy(6.5, "purchase_days")
        (42.0, 150.0, 6.0)
        >>> handy(1827.3, "spend"), handy(4825.0, "spend"), handy(9779.0, "spend")
        (1800.0, 5000.0, 10000.0)
    """
    if feature == "recency_days":
        step = 1.0 if limit < 7 else 7.0 if limit < 70 else 30.0
    elif limit < 20:
        return float(math.floor(limit))
    else:
        power = 10.0 ** math.floor(math.log10(limit))
        lead = limit / power
        step = power * (0.1 if lead < 2 else 0.5 if lead < 5 else 1.0)
    return float(math.floor(limit) if step == 1 else round(limit / step) * step)


def _apply(boxes: list[tuple[int, Box]], values: NDArray[np.float64]) -> Ints:
    """Group of each customer by the rules; -1 where none fits."""
    told: Ints = np.full(len(values), -1, np.int64)
    for group, box in boxes:
        fits = np.ones(len(values), np.bool_)
        for column, (above, most) in zip(values.T, box.values(), strict=True):
            fits &= (column > above) & (column <= most)
        told[fits] = group
    return told


def _as_frame(boxes: list[tuple[int, Box]]) -> pd.DataFrame:
    rows = []
    for group, box in boxes:
        row: dict[str, float] = {"group": group + 1}
        for feature, (above, most) in box.items():
            row |= {f"{feature}_above": above, f"{feature}_most": most}
        rows.append(row)
    return pd.DataFrame(rows).sort_values("group", kind="stable", ignore_index=True)


def _in_words(row: Mapping[Any, Any]) -> str:
    """One rule as a shop assistant reads it."""
    found = []
    for feature, words in _words().items():
        above, most = float(row[f"{feature}_above"]), float(row[f"{feature}_most"])
        kind = (above > -ENDLESS, most < ENDLESS)
        if any(kind):
            write = money if feature == "spend" else number
            least = above if feature == "spend" else above + 1
            found.append(words[kind].format(low=write(least), high=write(most)))
    return "; ".join(found) or _("everybody")


def _words() -> dict[str, dict[tuple[bool, bool], str]]:
    """Words for a lower limit, an upper limit, and both."""
    low, high, both = (True, False), (False, True), (True, True)
    return {
        "recency_days": {
            low: _("last purchase {low} or more days ago"),
            high: _("last purchase at most {high} days ago"),
            both: _("last purchase {low} to {high} days ago"),
        },
        "purchase_days": {
            low: _("days with a purchase: {low} or more"),
            high: _("days with a purchase: at most {high}"),
            both: _("days with a purchase: {low} to {high}"),
        },
        "spend": {
            low: _("spent more than {low}"),
            high: _("spent at most {high}"),
            both: _("spent {low} to {high}"),
        },
    }
