"""The list for the company's CRM: each customer and the segment, nothing else."""

from __future__ import annotations

import pandas as pd

from playbook.customers.segments import SortedCustomers

# What a spreadsheet takes for the beginning of a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def segment_list(customers: SortedCustomers) -> pd.DataFrame:
    """One row per customer of the window: ``customer_id``, ``segment``, in the order of ids.

    It holds ids, so it is written to a file that somebody asked for and never shown.
    """
    segment = customers.segment
    ids = customers.purchases.ids[segment.index.to_numpy()]
    rows = pd.DataFrame({"customer_id": ids.astype(str), "segment": segment.astype(str).to_numpy()})
    return rows.sort_values("customer_id", ignore_index=True)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs: what begins like a formula gets an apostrophe in front.

    Example:
        >>> harmless("=1+1"), harmless("2922759655967"), harmless("-5")
        ("'=1+1", '2922759655967', "'-5")
    """
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
