"""Ids of customers in a source: personal data among them stop the source from being used.

What is worked out by the source is kept per customer beside the results, so the ids must be
such that nobody is found by them. In a warehouse its own people make them so, with a view.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from playbook.data.pii import judge
from playbook.errors import PlaybookError
from playbook.text import gettext as _

if TYPE_CHECKING:
    import ibis.expr.types as ir

SAMPLE = 20_000  # rows that the source gives first


def some_ids(rows: ir.Table) -> ir.Table:
    """Different ids of customers in some rows of a table with our names."""
    known = rows.filter(rows.customer_id.notnull())
    return known.select("customer_id").limit(SAMPLE).distinct()


def refuse_people(ids: Sequence[str], heading: str, *, address: str) -> None:
    """Stop where ids of customers are phones, e-mail addresses, cards or names.

    Args:
        ids: Different ids.
        heading: Their column in the source.
        address: Of the source, as it may be shown.

    Raises:
        PlaybookError: Names the column and what it holds; no id is shown.
    """
    found = judge(ids, heading, any_cell=True)
    if not found:
        return
    words = _("{address}: “{heading}” (customer_id) holds {what}.")
    raise PlaybookError(
        _("Personal data are not taken from a source as they are."),
        problems=[words.format(address=address, heading=heading, what=one.words) for one in found],
        advice=_(
            "Ask for a view in which ids that say nothing take their place, the same for the "
            "same person, and name it as the source."
        ),
    )
