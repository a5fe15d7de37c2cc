"""How many customers of each segment may be written to, by the company's own list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.customers.segments import SortedCustomers
from playbook.display.disclosure import hidden_note, without_small_cells
from playbook.display.html import Html
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import percent


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach(Result):
    """Who may be written to.

    Attributes:
        segments: One row per segment: ``segment`` (id), ``n_customers``, ``n_may`` (of those
            whose answer is known), ``may_share``, ``unknown_share``.
    """

    segments: pd.DataFrame

    @property
    def headline(self) -> str:
        """The share of all customers."""
        known = self.segments.dropna(subset=["n_may"])
        share = known["n_may"].sum() / known["n_customers"].sum()
        return _("{share} of customers may be written to; an offer reaches nobody else.").format(
            share=percent(share)
        )

    @property
    def assumptions(self) -> list[str]:
        """Who is not in the list, and small groups."""
        return [
            _("A customer who is not in the list, or whose answer is missing, is not written to."),
            *hidden_note(self.segments, count="n_customers"),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per segment, with its name."""
        return self.segments.assign(name=[name(key) for key in self.segments["segment"]])

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("Segment")),
            "n_customers": Column(_("Customers"), "count"),
            "n_may": Column(_("May be written to"), "count"),
            "may_share": Column(_("Share"), "share"),
            "unknown_share": Column(_("Answer not known"), "share"),
        }


def reach(customers: SortedCustomers, customer_list: pd.DataFrame | None) -> Reach | Html:
    """Count who may be written to in each segment; nothing where the company has no list.

    Args:
        customers: Customers, each in a segment.
        customer_list: ``customer_id``, ``may_contact``.
    """
    if customer_list is None or not customer_list["may_contact"].notna().any():
        return Html("")
    ids = customers.purchases.ids[customers.behaviour.index]
    answers = customer_list.set_index(customer_list["customer_id"].astype(str))["may_contact"]
    answer = answers.reindex(ids.astype(str))
    frame = pd.DataFrame(
        {
            "segment": customers.segment.astype(str).to_numpy(),
            "may": (answer == True).to_numpy(float),  # noqa: E712 - missing answers are no
            "unknown": answer.isna().to_numpy(float),
        }
    )
    found = frame.groupby("segment", as_index=False).agg(
        n_customers=("may", "size"),
        n_may=("may", "sum"),
        may_share=("may", "mean"),
        unknown_share=("unknown", "mean"),
    )
    order = {segment: place for place, segment in enumerate(customers.names)}
    found = found.sort_values("segment", key=lambda ids: ids.map(order), ignore_index=True)
    return Reach(segments=_without_small(found.assign(n_may=found["n_may"].astype(np.int64))))


def _without_small(frame: pd.DataFrame) -> pd.DataFrame:
    """Neither small segments, nor few who may or may not be written to."""
    shown = without_small_cells(
        frame, count="n_customers", figures=("n_may", "may_share", "unknown_share")
    )
    return without_small_cells(shown, count="n_may", figures=("may_share",))
