"""Repeat counts by segment from the company's own receipts and rules, as of the pilot's start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from playbook.customers import gates, purchases, segments
from playbook.customers.rules import Rule
from playbook.display.disclosure import LEAST_CELL
from playbook.pilot.arms import Arms, arms_of
from playbook.pilot.charter import Charter

NO_SEGMENT = "none"


class Home(Protocol):
    """The tables of an engagement, as far as they are needed here."""

    @property
    def warehouse(self) -> object:
        """Where receipts live that stay elsewhere, or nothing."""

    def has(self, name: str) -> bool:
        """Whether there is a table."""

    def read(self, name: str) -> pd.DataFrame:
        """The rows of a table."""

    def repeat_rates(
        self, *, window_weeks: int, segments: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Repeat rates per store, segment and anchor."""


def counts(
    charter: Charter,
    tables: Home,
    *,
    ready: pd.DataFrame | None = None,
    rules: Sequence[Rule] = (),
    without: tuple[str, ...] = (),
) -> pd.DataFrame | None:
    """Customers of the KPI by store, segment and anchor; nothing where receipts do not allow it.

    Customers are sorted on the last day before the pilot, by the rules of page 03 and with
    nothing known later. Whoever bought for the first time during the pilot has no segment.

    Args:
        charter: The sealed charter.
        tables: The tables of the engagement.
        ready: The same counts where somebody has brought them.
        rules: The company's own rules; without any, the usual five.
        without: Stores left out with their pairs.
    """
    if ready is not None or tables.warehouse or not tables.has("receipts"):
        return ready
    sorted_then = at_start(tables.read("receipts"), start=charter.start, rules=rules)
    if sorted_then is None:
        return None
    found = tables.repeat_rates(window_weeks=charter.kpi.window_weeks, segments=sorted_then)
    found = found.loc[found["segment"] != NO_SEGMENT]
    is_enough = _is_enough(found, arms_of(charter, without=without), anchor=charter.anchor)
    return found.assign(window_weeks=charter.kpi.window_weeks) if is_enough else None


def at_start(
    receipts: pd.DataFrame, *, start: dt.date, rules: Sequence[Rule] = ()
) -> pd.DataFrame | None:
    """Segment of each customer on the day before a pilot: ``customer_id``, ``segment``.

    Args:
        receipts: ``customer_id``, ``at``, ``amount``.
        start: First day of the pilot.
        rules: As for ``counts``.
    """
    before = receipts.loc[receipts["at"] < pd.Timestamp(start)]
    if before.empty or not before["customer_id"].notna().any():
        return None
    bought = purchases.read(before)
    window = purchases.window_at(bought, as_of=(start - dt.timedelta(days=1)).isoformat())
    allowed = gates.check(bought, window=window)
    if not allowed.allows("segments"):
        return None
    customers = segments.sort(bought, window=window, gates=allowed, rules=rules)
    return pd.DataFrame(
        {
            "customer_id": bought.ids[customers.behaviour.index].astype(str),
            "segment": customers.segment.astype(str).to_numpy(),
        }
    )


def _is_enough(found: pd.DataFrame, arms: Arms, *, anchor: dt.date) -> bool:
    """Whether some segment has customers in every store of the pilot when it is read."""
    is_then = pd.to_datetime(found["week"]) == pd.Timestamp(anchor)
    is_told = found["store_id"].isin(arms.ids) & (found["n_base"] >= LEAST_CELL)
    n_stores = found.loc[is_then & is_told].groupby("segment")["store_id"].nunique()
    return bool((n_stores == len(arms.ids)).any())
