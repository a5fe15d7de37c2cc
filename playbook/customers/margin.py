"""What of the money of customers is margin: by receipt, by month, or as the company states it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers.purchases import Purchases, Window
from playbook.text import gettext as _
from playbook.text.numbers import percent

Origin = Literal["receipts", "months", "stated", ""]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Margin:
    """The margin of a window.

    Attributes:
        share: Margin as a share of revenue; none where nobody knows it.
        origin: Where it is from: the receipts, the table of months, what is stated, nowhere.
        known_share: Share of the revenue of the window whose margin is known.
        by_customer: Money per customer number, where receipts tell it.
    """

    share: float | None
    origin: Origin
    known_share: float = 1.0
    by_customer: Floats | None = None

    @property
    def words(self) -> str:
        """Where the margin is from, in a sentence; empty where it is stated or not known."""
        shares = {"share": percent(self.share, 1), "known": percent(self.known_share)}
        if self.origin == "receipts":
            words = _(
                "Margin is counted receipt by receipt: {share} of revenue, known for {known} of it."
            )
        elif self.origin == "months":
            words = _(
                "Margin is that of the months (table “margins”): {share} of revenue, known for "
                "{known} of it and the same share for every segment."
            )
        else:
            return ""
        return words.format(**shares)


def found(
    receipts: pd.DataFrame,
    purchases: Purchases,
    *,
    window: Window,
    margins: pd.DataFrame | None = None,
    stated: float | None = None,
) -> Margin:
    """The margin of a window, from the best source that there is.

    Args:
        receipts: ``at``, ``store_id``, ``customer_id``, ``amount``, and ``margin`` if known.
        purchases: The same receipts by customer.
        window: Which days count.
        margins: ``month`` and ``margin_share`` or ``cost_of_goods``, ``store_id`` where a row
            is about one store.
        stated: The share that the company states.
    """
    day = receipts["at"].to_numpy("datetime64[D]").astype(np.int64)
    inside = receipts.loc[(day >= window.start) & (day < window.end)]
    if "margin" in receipts and inside["margin"].notna().any():
        return _by_receipt(inside, purchases)
    if margins is not None:
        by_month = _by_month(receipts, inside, margins)
        if by_month is not None:
            return by_month
    return Margin(share=stated, origin="" if stated is None else "stated")


def _by_receipt(inside: pd.DataFrame, purchases: Purchases) -> Margin:
    """Margin by customer; a receipt without one has the share of the others."""
    amount, margin = inside["amount"].to_numpy(float), inside["margin"].to_numpy(float)
    known = np.isfinite(margin)
    share = float(margin[known].sum() / amount[known].sum())
    place = purchases.ids.get_indexer(pd.Index(inside["customer_id"]))
    earned = np.where(known, margin, amount * share)
    mine = place >= 0
    total = np.bincount(place[mine], earned[mine], minlength=purchases.n_customers)
    return Margin(
        share=share,
        origin="receipts",
        known_share=float(amount[known].sum() / amount.sum()),
        by_customer=total.astype(np.float64),
    )


def _by_month(receipts: pd.DataFrame, inside: pd.DataFrame, margins: pd.DataFrame) -> Margin | None:
    """The share of the months, weighted by the revenue of the window; none where none fits."""
    shares = _shares(margins, _revenue(receipts))
    weights = _revenue(inside)
    stores = shares.loc[shares["store_id"] != "", ["month", "store_id", "share"]]
    whole = shares.loc[shares["store_id"] == "", ["month", "share"]]
    both = weights.merge(stores, on=["month", "store_id"], how="left").merge(
        whole, on="month", how="left", suffixes=("", "_of_all")
    )
    share = both["share"].fillna(both["share_of_all"])
    known = share.notna()
    revenue = both.loc[known, "amount"].sum()
    if not revenue:
        return None
    return Margin(
        share=float((share * both["amount"])[known].sum() / revenue),
        origin="months",
        known_share=float(revenue / both["amount"].sum()),
    )


def _revenue(receipts: pd.DataFrame) -> pd.DataFrame:
    """Revenue by month and store: ``month``, ``store_id``, ``amount``."""
    month = receipts["at"].dt.to_period("M").dt.to_timestamp()
    frame = pd.DataFrame(
        {
            "month": month,
            "store_id": receipts["store_id"].astype(str),
            "amount": receipts["amount"].astype(float),
        }
    )
    return frame.groupby(["month", "store_id"])["amount"].sum().reset_index()


def _shares(margins: pd.DataFrame, revenue: pd.DataFrame) -> pd.DataFrame:
    """Margin share by month and store (empty for the whole company): as given, else by costs."""
    table = margins.assign(
        month=pd.to_datetime(margins["month"]),
        store_id=margins.get("store_id", pd.Series("", margins.index)).fillna("").astype(str),
        share=margins.get("margin_share", pd.Series(np.nan, margins.index)).astype(float),
        goods=margins.get("cost_of_goods", pd.Series(np.nan, margins.index)).astype(float),
    )
    company = revenue.groupby("month", as_index=False)["amount"].sum().assign(store_id="")
    sold = pd.concat([revenue, company])
    table = table.merge(sold, on=["month", "store_id"], how="left")
    counted = 1 - table["goods"] / table["amount"].where(table["amount"] > 0)
    return table.assign(share=table["share"].fillna(counted)).dropna(subset=["share"])
