"""Dose: does it not work, or was it not done?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from playbook.display.chart import Chart
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.pilot.charter import Charter
from playbook.pilot.effect import Effect
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number, percent, points

WEAK = 0.50  # below it a store did not carry the change out
DONE = 0.70  # below it a missing effect may be missing work


@dataclass(frozen=True, kw_only=True, eq=False)
class Dose(Result):
    """How much of the change was carried out, and what it did where it was.

    Attributes:
        stores: One row per pilot store: ``store_id``, ``done_share`` after the burn-in,
            ``att`` (its difference to its control stores, adjusted), sorted by dose.
        mean_done: Mean of ``done_share``.
        att: Effect on all pilot stores, as drawn.
        full: Effect where all of the change is carried out, if effect follows dose.
        full_low: Lower bound.
        full_high: Upper bound.
        slope: Effect per full dose over the stores (least squares), rough.
        verdict: ``works``, ``harms``, ``not_done``, ``does_not_work``, ``open``, or ``unknown``
            where nobody kept a log.
    """

    stores: pd.DataFrame
    mean_done: float
    att: float
    full: float
    full_low: float
    full_high: float
    slope: float
    verdict: str

    @property
    def weak(self) -> list[str]:
        """Stores that did less than half."""
        return self.stores.loc[self.stores["done_share"] < WEAK, "store_id"].tolist()

    @property
    def headline(self) -> str:
        """Not done, or not working?"""
        share = percent(self.mean_done)
        match self.verdict:
            case "unknown":
                return _("Nobody kept a log of what was carried out.")
            case "works":
                return _("{share} of the change was carried out, and it works.").format(share=share)
            case "harms":
                return _(
                    "{share} of the change was carried out, and the KPI fell: it does harm."
                ).format(share=share)
            case "not_done":
                return _(
                    "Only {share} of the change was carried out: not done rather than not working."
                ).format(share=share)
            case "does_not_work":
                return _(
                    "{share} of the change was carried out, and nothing came of it: it does not "
                    "work like this."
                ).format(share=share)
            case _:
                return _(
                    "{share} of the change was carried out; whether it works stays open."
                ).format(share=share)

    @property
    def figures(self) -> list[Figure]:
        """Carried out, effect, effect if all were done."""
        return [
            Figure(_("Carried out"), percent(self.mean_done), _("after the burn-in")),
            Figure(_("Effect as it was done"), points(self.att, 2), ""),
            Figure(
                _("Effect if all were done"),
                points(self.full, 2),
                _("{low} to {high}, if effect follows work").format(
                    low=points(self.full_low), high=points(self.full_high)
                ),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """The stores that did less than half."""
        if not self.weak:
            return []
        words = ngettext(
            "{n} pilot store did less than half: {stores}. It counts all the same: who decides "
            "after the draw which stores count decides the result.",
            "{n} pilot stores did less than half: {stores}. They count all the same: who decides "
            "after the draw which stores count decides the result.",
            len(self.weak),
        )
        return [words.format(n=number(len(self.weak)), stores=", ".join(self.weak))]

    @property
    def assumptions(self) -> list[str]:
        """What the last figure takes for granted."""
        return [
            _(
                "The effect if all were done is the effect divided by the share carried out: it "
                "takes for granted that the change works only through what was done, in proportion."
            ),
            _(
                "Stores chose by themselves how much they did, so comparing them with each other "
                "is weaker evidence than the draw."
            ),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per pilot store."""
        return self.stores

    def columns(self) -> Mapping[str, Column]:
        """How stores are shown."""
        return {
            "store_id": Column(_("Pilot store")),
            "done_share": Column(_("Carried out"), "share"),
            "att": Column(_("Against its control"), "points", 1),
        }

    def plot(self) -> Chart:
        """Dose against difference, store by store."""
        from playbook.display.charts.pilot import dose_scatter

        return dose_scatter(
            self.stores,
            x="done_share",
            y="att",
            label="store_id",
            weak=WEAK,
            mean=(self.mean_done, self.att),
            title=self.headline,
            subtitle=_("Pilot stores: share carried out, and difference to the control stores"),
        )


def dose(charter: Charter, effect: Effect, fidelity: pd.DataFrame) -> Dose:
    """Hold what was done against what came of it.

    Args:
        charter: The sealed charter.
        effect: From ``effect.measure``.
        fidelity: ``store_id``, ``week``, ``done_share`` (0 to 1).

    Raises:
        PlaybookError: A pilot store has no log of what it did, while others have one.
    """
    done = done_shares(charter, fidelity)
    adjusted = effect.stores
    control = adjusted.loc[adjusted["arm"] == "control"].groupby("block")["adjusted"].mean()
    treated = adjusted.loc[adjusted["arm"] == "treated"]
    table = pd.DataFrame(
        {
            "store_id": treated["store_id"].to_numpy(str),
            "att": treated["adjusted"].to_numpy(float)
            - control.reindex(treated["block"]).to_numpy(float),
        }
    )
    table = table.assign(done_share=table["store_id"].map(done))
    missing = table.loc[table["done_share"].isna(), "store_id"].tolist()
    if missing and done:
        raise PlaybookError(
            _("Pilot stores have no log of what was carried out."),
            problems=missing,
            advice=_("Import the checklists of these stores."),
        )
    mean = float(table["done_share"].mean())
    part = mean or float("nan")  # where nothing was done nothing can be said about all of it
    return Dose(
        stores=table.sort_values("done_share", ignore_index=True),
        mean_done=mean,
        att=effect.att,
        full=effect.att / part,
        full_low=effect.ci_low / part,
        full_high=effect.ci_high / part,
        slope=_slope(table["done_share"].to_numpy(float), table["att"].to_numpy(float)),
        verdict=_verdict(effect, mean, needed=charter.break_even) if done else "unknown",
    )


def no_log() -> pd.DataFrame:
    """An empty log, for a pilot in which nobody kept one."""
    return pd.DataFrame({"store_id": [], "week": [], "done_share": [], "queue_minutes": []})


def done_shares(charter: Charter, fidelity: pd.DataFrame) -> dict[str, float]:
    """Mean share carried out per store, from the end of the burn-in to the end."""
    week = pd.to_datetime(fidelity["week"])
    counts = (week >= pd.Timestamp(charter.anchor)) & (week < pd.Timestamp(charter.end))
    chosen = fidelity.loc[counts]
    means = chosen.groupby(chosen["store_id"].astype(str))["done_share"].mean()
    return {str(store): float(share) for store, share in means.items()}


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    spread = float(((x - x.mean()) ** 2).sum())
    return float(((x - x.mean()) * (y - y.mean())).sum() / spread) if spread else float("nan")


def _verdict(
    effect: Effect, done: float, *, needed: float | None
) -> Literal["works", "harms", "not_done", "does_not_work", "open"]:
    if effect.ci_low > 0:
        return "works"
    if effect.ci_high < 0:
        return "harms"
    if done < DONE:
        return "not_done"
    return "does_not_work" if effect.ci_high < (needed or 0.0) else "open"
