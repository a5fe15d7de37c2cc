"""Whom the offers of the pilot's weeks reached: customers of control stores too?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display.disclosure import LEAST_CELL
from playbook.display.html import Html
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.pilot.charter import Charter
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import percent

NO_SPILL = 0.1  # an offer reached control stores if at least this part of the pilot's share


@dataclass(frozen=True, kw_only=True, eq=False)
class Offers(Result):
    """Share of customers whom each offer reached, in pilot and in control stores.

    Attributes:
        offers: One row per offer: ``offer``, ``treated_share`` and ``control_share`` of the
            customers of these stores, missing where fewer than ten were reached.
    """

    offers: pd.DataFrame

    @property
    def everywhere(self) -> pd.DataFrame:
        """Offers that reached customers of control stores."""
        control = self.offers["control_share"].fillna(0)
        return self.offers.loc[control > NO_SPILL * self.offers["treated_share"].fillna(0)]

    @property
    def headline(self) -> str:
        """Whether control stores were left as they were."""
        if self.everywhere.empty:
            return _("The offers of these weeks reached customers of pilot stores alone.")
        most = self.everywhere.sort_values("control_share").iloc[-1]
        words = _("“{offer}” also reached {share} of the customers of control stores.")
        return words.format(
            offer=name(str(most["offer"])), share=percent(float(most["control_share"]))
        )

    @property
    def warnings(self) -> list[str]:
        """What that does to the result."""
        if self.everywhere.empty:
            return []
        return [
            _(
                "An offer that everybody gets takes nothing from the comparison; one that belongs "
                "to the pilot and reached control stores makes its effect look smaller."
            )
        ]

    @property
    def assumptions(self) -> list[str]:
        """Who belongs to which store."""
        return [_("A customer belongs to the store of the last purchase.")]

    def to_frame(self) -> pd.DataFrame:
        """One row per offer."""
        return self.offers

    def columns(self) -> Mapping[str, Column]:
        """How offers are shown."""
        return {
            "offer": Column(_("Offer"), "name"),
            "treated_share": Column(_("Customers of pilot stores"), "share", 1),
            "control_share": Column(_("Customers of control stores"), "share", 1),
        }


def reached(
    charter: Charter,
    contacts: pd.DataFrame | None,
    read: Callable[[str], pd.DataFrame],
) -> Offers | Html:
    """Hold the contacts of the pilot's weeks against its stores; nothing without contacts.

    Args:
        charter: The sealed charter.
        contacts: ``customer_id``, ``offer``, ``contacted_at``, ``arm`` where it is known.
        read: Gives the table ``customers``, asked for only where there are contacts.
    """
    if contacts is None:
        return Html("")
    at = pd.to_datetime(contacts["contacted_at"])
    chosen = (at >= pd.Timestamp(charter.start)) & (at < pd.Timestamp(charter.end))
    if "arm" in contacts:
        chosen &= contacts["arm"].fillna("treated") != "control"
    if not chosen.any():
        return Html("")
    customers = read("customers")[["customer_id", "last_store"]]
    arm = charter.assignment.set_index("store_id")["arm"]
    homes = customers.assign(arm=customers["last_store"].map(arm)).dropna(subset=["arm"])
    pairs = contacts.loc[chosen, ["customer_id", "offer"]].drop_duplicates()
    met = pairs.merge(homes, on="customer_id")
    counts = pd.crosstab(met["offer"], met["arm"]).reindex(columns=["treated", "control"])
    counts = counts.fillna(0)
    if counts.empty:
        return Html("")
    told = counts.where((counts == 0) | (counts >= LEAST_CELL), np.nan)
    shares = told / homes.groupby("arm").size().reindex(["treated", "control"])
    table = shares.rename(columns=lambda one: f"{one}_share").reset_index()
    return Offers(offers=table.sort_values("treated_share", ascending=False, ignore_index=True))
