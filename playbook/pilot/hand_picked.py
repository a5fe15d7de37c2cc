"""Hand-picked stores: the gain or loss that their choice alone brings.

Stores chosen for a good or a bad time go back towards the mean by themselves. How far is
read off the company's own history: of the distance from the mean in one stretch of weeks,
how much is left in the next stretch?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.pilot.charter import CharterDraft
from playbook.pilot.panel import panel
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import percent, points

NOTICEABLE = 0.001  # a tenth of a point


@dataclass(frozen=True, kw_only=True, eq=False)
class HandPicked(Result):
    """What a list of stores brings by itself, without any change.

    Attributes:
        stores: One row per store of the list: ``store_id``, ``level`` of the KPI in the
            last weeks, ``gap`` to the mean of all stores.
        gap: Mean distance of the list from all stores, a share.
        kept: Part of such a distance that is left in the next stretch of weeks.
        drift: Change to be expected by itself: what is not kept, with its sign.
        weeks: Length of a stretch.
        is_example: Whether nobody picked: the list holds the weakest stores.
    """

    stores: pd.DataFrame
    gap: float
    kept: float
    drift: float
    weeks: int
    is_example: bool

    @property
    def headline(self) -> str:
        """What the list brings by itself."""
        if self.is_example:
            words = ngettext(
                "Had somebody picked the {n} weakest store, {drift} would come by itself and be "
                "taken for an effect.",
                "Had somebody picked the {n} weakest stores, {drift} would come by itself and be "
                "taken for an effect.",
                len(self.stores),
            )
            return words.format(n=len(self.stores), drift=points(self.drift, 2))
        if abs(self.drift) < NOTICEABLE:
            return _(
                "This list stands where all stores stand: its choice brings nothing by itself."
            )
        words = (
            _(
                "These stores had a weak time: {drift} is to be expected by itself, and would be "
                "taken for an effect."
            )
            if self.drift > 0
            else _(
                "These stores had a good time: {drift} is to be expected by itself, and would "
                "hide an effect."
            )
        )
        return words.format(drift=points(self.drift, 2))

    @property
    def figures(self) -> list[Figure]:
        """Distance now, and what is left of it later."""
        return [
            Figure(_("Distance from all stores"), points(self.gap, 2), ""),
            Figure(
                _("Left of it later"),
                percent(self.kept),
                _("in the next {n} weeks").format(n=self.weeks),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """Draw instead."""
        if abs(self.drift) < NOTICEABLE:
            return []
        return [_("Let a draw decide: then both arms go back towards the mean alike.")]

    def to_frame(self) -> pd.DataFrame:
        """One row per store."""
        return self.stores

    def columns(self) -> Mapping[str, Column]:
        """How stores are shown."""
        return {
            "store_id": Column(_("Store")),
            "level": Column(_("KPI before"), "share", 1),
            "gap": Column(_("Against all stores"), "points", 1),
        }


def hand_picked(
    draft: CharterDraft,
    history: pd.DataFrame,
    *,
    stores: Sequence[str] = (),
    value: str = "repeat_rate",
) -> HandPicked:
    """Judge a list of stores that somebody picked.

    Args:
        draft: Start and window of the planned pilot.
        history: ``store_id``, ``week``, ``value``.
        stores: The list; the weakest, as many as the pilot takes, when empty.
        value: Column of the KPI.

    Raises:
        PlaybookError: A store is not in the history, or the history is too short for two
            stretches of weeks.
    """
    window = draft.kpi.window_weeks
    known = panel(history, value=value).before(draft.start, window_weeks=window)
    unknown = sorted(set(stores) - set(known.stores))
    if unknown:
        words = ngettext(
            "{n} store of the list has no history.",
            "{n} stores of the list have no history.",
            len(unknown),
        )
        raise PlaybookError(words.format(n=len(unknown)), problems=unknown)
    if len(known.weeks) < 2 * window:
        raise PlaybookError(
            _("The history is too short to see how stores go back towards the mean."),
            advice=_("Import the receipts of at least another half year."),
        )
    now, kept = known.grid[:, -1], _kept(known.grid, window)
    gaps = now - np.nanmean(now)
    listed = sorted(stores) or known.stores[np.argsort(gaps)[: draft.zone.size]]
    rows = np.searchsorted(known.stores, np.asarray(listed))
    gap = float(np.nanmean(gaps[rows]))
    return HandPicked(
        stores=pd.DataFrame(
            {"store_id": known.stores[rows], "level": now[rows], "gap": gaps[rows]}
        ).sort_values("gap", ignore_index=True),
        gap=gap,
        kept=kept,
        drift=-(1 - kept) * gap,
        weeks=window,
        is_example=not stores,
    )


def _kept(grid: np.ndarray, window: int) -> float:
    """Slope of the next stretch on the one before, over stores, mean over pairs of stretches."""
    slopes = []
    for later in range(grid.shape[1] - 1, window - 1, -window):
        before, after = grid[:, later - window], grid[:, later]
        whole = np.isfinite(before) & np.isfinite(after)
        x, y = before[whole] - before[whole].mean(), after[whole] - after[whole].mean()
        slopes.append(float((x * y).sum() / (x**2).sum()))
    return float(np.clip(np.mean(slopes), 0.0, 1.0))
