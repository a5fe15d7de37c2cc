"""The nodes of the KPI tree: names, parents, units."""

from __future__ import annotations

from playbook.strategy.kpis import Measure, written
from playbook.text import gettext as _
from playbook.text import numbers

DRIVERS = ("customers", "visits_per_customer", "basket", "anonymous_visits", "anonymous_basket")
PARENTS = {
    "contribution": "",
    "revenue": "contribution",
    "identified_revenue": "revenue",
    "customers": "identified_revenue",
    "visits_per_customer": "identified_revenue",
    "basket": "identified_revenue",
    "anonymous_revenue": "revenue",
    "anonymous_visits": "anonymous_revenue",
    "anonymous_basket": "anonymous_revenue",
}
MONEY = {"contribution", "revenue", "identified_revenue", "anonymous_revenue"}


def labels() -> dict[str, str]:
    """Names of the tree's nodes in the reader's language."""
    return {
        "contribution": _("Contribution"),
        "revenue": _("Revenue"),
        "identified_revenue": _("Sales with a card"),
        "anonymous_revenue": _("Sales without a card"),
        "customers": _("Active customers"),
        "visits_per_customer": _("Visits per customer"),
        "basket": _("Basket with a card"),
        "anonymous_visits": _("Visits without a card"),
        "anonymous_basket": _("Basket without a card"),
    }


def depths() -> dict[str, int]:
    """How far each node stands from the root."""
    found: dict[str, int] = {}
    for node, parent in PARENTS.items():
        found[node] = found[parent] + 1 if parent else 0
    return found


def node_value(node: str, value: float) -> str:
    """The value of a node as the reader writes it."""
    if node in MONEY:
        return numbers.money_short(value)
    unit: dict[str, Measure] = {"visits_per_customer": "number", "basket": "money"}
    return written(value, unit.get(node, "money" if node.endswith("basket") else "count"))
