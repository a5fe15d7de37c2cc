"""Audit: is a receipt still a visit, or does somebody game the KPI?

Where staff are rewarded for returning customers, one purchase can be rung up as several
small ones. That shows as bursts: many receipts on one card within minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.data.tables import Tables
from playbook.display.disclosure import LEAST_CELL
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.pilot.charter import Charter
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

BURST_MINUTES = 10
BURST_SIZE = 3
TIMES_USUAL = 5.0
SMALLEST_SHARE = 0.01
LARGEST_PART = 0.6  # of a usual receipt: pieces are small
FEWEST_RECEIPTS = 100
COLUMNS = ["store_id", "n_receipts", "burst_share", "median_part", "is_suspicious"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Audit(Result):
    """Stores with more bursts of receipts than is usual.

    Attributes:
        table: One row per store: ``store_id``, ``n_receipts`` on cards, ``burst_share``
            (of them in bursts), ``median_part`` (median of a receipt in a burst over the
            store's median receipt), ``is_suspicious``; the highest share first. Figures of
            fewer than ten customers are missing.
        usual: Median share over all stores.
        is_elsewhere: Whether the receipts stay in a warehouse, so that nothing was looked at.
    """

    table: pd.DataFrame
    usual: float
    is_elsewhere: bool = False

    @property
    def suspicious(self) -> list[str]:
        """Stores to ask."""
        return [str(one) for one in self.table.loc[self.table["is_suspicious"], "store_id"]]

    @property
    def headline(self) -> str:
        """Which stores split receipts, as it looks."""
        if self.is_elsewhere:
            return _(
                "The receipts stay in the warehouse, one by one they are not looked at here:"
                " ask there for cards with many receipts within minutes."
            )
        if self.table.empty:
            return _("There are no receipts to look at.")
        if not self.suspicious:
            return _("No store rings up purchases in pieces.")
        words = ngettext(
            "{stores} rings up card purchases in pieces far more often than the others: ask before "
            "its numbers are used.",
            "{stores} ring up card purchases in pieces far more often than the others: ask before "
            "their numbers are used.",
            len(self.suspicious),
        )
        return words.format(stores=", ".join(self.suspicious))

    @property
    def assumptions(self) -> list[str]:
        """What counts as a burst."""
        return [
            _(
                "A burst is {n} or more receipts on one card in one store within {m} minutes."
            ).format(n=BURST_SIZE, m=BURST_MINUTES),
            _(
                "A store stands out with more than {k} times the usual share and at least 1 % of "
                "its card receipts in bursts, and pieces well below a usual receipt."
            ).format(k=number(TIMES_USUAL)),
            _("Figures of fewer than {n} customers are not shown.").format(n=LEAST_CELL),
            _("A repeat rate counts customers, not receipts: split receipts do not raise it."),
        ]

    def to_frame(self) -> pd.DataFrame:
        """The stores with the highest shares."""
        return self.table.head(8)

    def columns(self) -> Mapping[str, Column]:
        """How stores are shown."""
        return {
            "store_id": Column(_("Store")),
            "n_receipts": Column(_("Card receipts"), "count"),
            "burst_share": Column(_("In bursts"), "share", 1),
            "median_part": Column(_("Size against a usual receipt"), "share"),
            "is_suspicious": Column(_("Ask"), "yes_no"),
        }


def of_pilot(tables: Tables | None, charter: Charter, *, week: int) -> Audit:
    """Audit the card receipts of the pilot's stores since the start.

    Args:
        tables: Where the receipts lie; nothing where there are none.
        charter: The sealed charter.
        week: Weeks since the start.
    """
    if tables is None:
        return Audit(table=pd.DataFrame(columns=COLUMNS), usual=float("nan"))
    if tables.warehouse:
        nothing = pd.DataFrame(columns=COLUMNS)
        return Audit(table=nothing, usual=float("nan"), is_elsewhere=True)
    rows = tables.receipts()
    start = pd.Timestamp(charter.start)
    chosen = rows.filter(
        rows.customer_id.notnull()  # noqa: PD004 - an Ibis column
        & rows.store_id.isin([store.store_id for store in charter.stores])
        & (rows["at"] >= start.to_pydatetime())
        & (rows["at"] < (start + pd.Timedelta(weeks=week)).to_pydatetime())
    )
    return audit(chosen.select("at", "store_id", "customer_id", "amount").to_pandas())


def audit(receipts: pd.DataFrame) -> Audit:
    """Look for stores that ring up purchases in pieces.

    Args:
        receipts: Receipts of the weeks looked at: ``at``, ``store_id``, ``customer_id``,
            ``amount``; those without a card and returns are passed over.
    """
    cards = receipts.loc[receipts["customer_id"].notna()]
    cards = cards.assign(amount=cards["amount"].astype(float), at=pd.to_datetime(cards["at"]))
    cards = cards.loc[cards["amount"] > 0].sort_values(["store_id", "customer_id", "at"])
    cards = cards.assign(is_burst=_in_bursts(cards))
    table = cards.groupby("store_id").agg(
        n_receipts=("amount", "size"), burst_share=("is_burst", "mean"), usual=("amount", "median")
    )
    bursts = cards.loc[cards["is_burst"]].groupby("store_id")
    parts = bursts["amount"].median()
    table = table.assign(median_part=parts / table["usual"])
    usual = float(table["burst_share"].median()) if len(table) else float("nan")
    limit = max(TIMES_USUAL * usual, SMALLEST_SHARE)
    is_often = (table["burst_share"] > limit) & (table["n_receipts"] >= FEWEST_RECEIPTS)
    table = table.assign(is_suspicious=is_often & (table["median_part"] < LARGEST_PART))
    table = _without_few(table, cards, bursts["customer_id"].nunique())
    ordered = table.reset_index().sort_values("burst_share", ascending=False, ignore_index=True)
    return Audit(table=ordered[COLUMNS], usual=usual)


def _without_few(table: pd.DataFrame, cards: pd.DataFrame, in_bursts: pd.Series) -> pd.DataFrame:
    """The stores without figures that rest on fewer than ten customers."""
    people = cards.groupby("store_id")["customer_id"].nunique()
    few = people.reindex(table.index) < LEAST_CELL
    few_in_bursts = in_bursts.reindex(table.index, fill_value=0) < LEAST_CELL
    return table.assign(
        burst_share=table["burst_share"].mask(few),
        median_part=table["median_part"].mask(few | few_in_bursts),
    )


def _in_bursts(cards: pd.DataFrame) -> np.ndarray:
    """Whether a receipt belongs to a burst; the rows are in order of store, customer, time."""
    same = (cards["store_id"] == cards["store_id"].shift()) & (
        cards["customer_id"] == cards["customer_id"].shift()
    )
    near = same & (cards["at"].diff() <= pd.Timedelta(minutes=BURST_MINUTES))
    run = (~near).cumsum()
    sizes = run.map(run.value_counts())
    return (sizes >= BURST_SIZE).to_numpy(bool)
