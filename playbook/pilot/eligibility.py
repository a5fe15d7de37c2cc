"""Eligibility: which stores can take part, and why the others cannot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.pilot.panel import Panel
from playbook.text import gettext as _
from playbook.text import name, ngettext


def eligible(
    stores: pd.DataFrame,
    before: Panel,
    *,
    start: dt.date,
    regions: Sequence[str] = (),
    min_age_weeks: int = 52,
    never: Sequence[str] = (),
) -> pd.DataFrame:
    """Say for every store whether it can take part.

    Args:
        stores: One row per store: ``store_id``; ``region``, ``format``, ``opened`` where known,
            and ``closed`` (from ``store_list.with_closures``).
        before: The KPI in the weeks used for the choice, all before the pilot.
        start: First day of the pilot.
        regions: Regions to choose from; all when empty.
        min_age_weeks: Stores opened later than this before ``start`` are left out; the
            rule does not apply to a store whose opening is not known.
        never: Stores that must stay out, whatever the reason.

    Returns:
        ``stores`` with ``reason`` (empty for those that can take part), sorted by id.

    Raises:
        PlaybookError: A region is not in the table, or a store is there twice.
    """
    table = _checked(stores, regions=regions)
    reason = pd.Series("", index=table.index)
    for is_out, words in (
        (table["store_id"].isin(never), _("left out by the charter")),
        (~table["region"].isin(regions) & bool(regions), _("outside the chosen regions")),
        (_younger(table, start, min_age_weeks), _("opened too recently")),
        (_closed(table, "before"), _("closed in the weeks that are looked at")),
        (_closed(table, "during"), _("closed during the pilot")),
        (~table["store_id"].isin(before.stores), _("no history")),
        (~_is_complete(table, before), _("weeks without data")),
    ):
        reason = reason.mask((reason == "") & is_out, words)
    return table.assign(reason=reason)


def _checked(stores: pd.DataFrame, *, regions: Sequence[str]) -> pd.DataFrame:
    table = stores.assign(store_id=stores["store_id"].astype(str)).sort_values("store_id")
    for column in ("region", "format"):
        if column not in table.columns:
            table = table.assign(**{column: ""})
        table = table.assign(**{column: table[column].fillna("")})
    problems = []
    repeated = table.loc[table["store_id"].duplicated(), "store_id"].unique()
    if len(repeated):
        words = ngettext(
            "{n} store is listed more than once: {examples}.",
            "{n} stores are listed more than once: {examples}.",
            len(repeated),
        )
        problems.append(words.format(n=len(repeated), examples=", ".join(repeated[:5])))
    known = set(table["region"])
    problems += [
        _("There is no region “{region}”.").format(region=name(region))
        for region in regions
        if region not in known
    ]
    if problems:
        raise PlaybookError(
            _("The list of stores does not fit the question."),
            problems=problems,
            advice=_("Known regions: {regions}.").format(
                regions=", ".join(name(str(region)) for region in sorted(known)) or "—"
            ),
        )
    return table.reset_index(drop=True)


def _younger(table: pd.DataFrame, start: dt.date, min_age_weeks: int) -> pd.Series:
    """Whether a store opened later than allowed; unknown openings are not young."""
    if "opened" not in table.columns:
        return pd.Series(data=False, index=table.index)
    latest = pd.Timestamp(start) - pd.Timedelta(weeks=min_age_weeks)
    return pd.to_datetime(table["opened"]) > latest


def _closed(table: pd.DataFrame, when: str) -> pd.Series:
    """Whether the store calendar says so; without one nobody is known to be closed."""
    return table.get("closed", pd.Series("", index=table.index)) == when


def _is_complete(table: pd.DataFrame, before: Panel) -> pd.Series:
    complete = before.stores[before.is_complete()]
    return table["store_id"].isin(np.asarray(complete))
