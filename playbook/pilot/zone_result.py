"""The drawn zone: the stores of both arms, how alike they are, and what to beware of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display.chart import Chart
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.text import gettext as _
from playbook.text import name, ngettext
from playbook.text.numbers import number

SPILL_OVER_KM = 2.0
FAR_APART = 0.25  # a standardised difference that a reader should look at
FEW_STORES = 12


def arms() -> dict[str, str]:
    """The words for the two arms."""
    return {"treated": _("pilot store"), "control": _("control store")}


@dataclass(frozen=True, kw_only=True, eq=False)
class Zone(Result):
    """Which stores are treated, which are control, and how alike the two arms are.

    Attributes:
        assignment: One row per pilot store: ``store_id``, ``region``, ``format``,
            ``block`` (its pair or stratum), ``arm``, ``level`` and ``trend`` of the KPI
            before the pilot (trend per week), ``nearest_km`` (to the nearest store of
            the other arm; missing without coordinates).
        mechanism: ``pairs``: a coin per pair; ``strata``: a draw per stratum.
        seed: The draw can be repeated with it.
        pre_weeks: Weeks of history behind ``level`` and ``trend``.
        unit: What the KPI is: a share, a number or money.
        balance: One row per trait: ``trait``, ``treated``, ``control`` (means),
            ``difference`` in standard deviations.
        likeness: Correlation of the KPI within pairs; missing for strata.
        is_likeness_fresh: Whether ``likeness`` comes from weeks not used for matching.
        left_out: One row per store that could not take part: ``store_id``, ``reason``.
        n_eligible: Stores that could take part.
        places: Stores with coordinates: ``store_id``, ``x_km``, ``y_km``, ``arm`` (empty
            outside the pilot), ``block``.
    """

    assignment: pd.DataFrame
    mechanism: str
    seed: int
    pre_weeks: int
    unit: str
    balance: pd.DataFrame
    likeness: float
    is_likeness_fresh: bool
    left_out: pd.DataFrame
    n_eligible: int
    places: pd.DataFrame

    @property
    def n_treated(self) -> int:
        """Stores that change."""
        return int((self.assignment["arm"] == "treated").sum())

    @property
    def n_control(self) -> int:
        """Stores that stay as they are."""
        return len(self.assignment) - self.n_treated

    @property
    def regions(self) -> list[str]:
        """Regions with pilot stores."""
        return sorted(self.assignment["region"].astype(str).unique())

    @property
    def headline(self) -> str:
        """The draw in one sentence."""
        if self.mechanism == "pairs":
            words = ngettext(
                "{n} pair of like stores; a coin decides which of the two changes.",
                "{n} pairs of like stores; in each, a coin decides which of the two changes.",
                self.n_treated,
            )
            return words.format(n=self.n_treated)
        words = _("Drawn by lot: pilot stores {treated}, control stores {control}.")
        return words.format(treated=self.n_treated, control=self.n_control)

    @property
    def figures(self) -> list[Figure]:
        """Stores, regions, likeness and balance."""
        worst = self.balance["difference"].abs().max()
        shown = [
            Figure(_("Pilot stores"), number(self.n_treated), ", ".join(map(name, self.regions))),
            Figure(_("Control stores"), number(self.n_control), ""),
            Figure(
                _("Largest difference of the arms"),
                number(float(worst), 2),
                _("standard deviations, before the start"),
            ),
        ]
        if np.isfinite(self.likeness):
            note = _("in weeks not used for pairing") if self.is_likeness_fresh else ""
            shown.append(Figure(_("Likeness within pairs"), number(self.likeness, 2), note))
        return shown

    @property
    def warnings(self) -> list[str]:
        """One region, few stores, arms that differ, neighbours in different arms."""
        return [*self._too_few(), *self._uneven(), *self._neighbours()]

    def _too_few(self) -> list[str]:
        found = []
        if len(self.regions) == 1:
            found.append(
                _(
                    "All stores lie in one region: what is found holds for {region}. Whether "
                    "other regions would answer alike can never be concluded from this pilot."
                ).format(region=name(self.regions[0]) or _("this chain"))
            )
        if len(self.assignment) < FEW_STORES:
            found.append(
                ngettext(
                    "With {n} store in all, one unusual store can decide the result.",
                    "With {n} stores in all, one unusual store can decide the result.",
                    len(self.assignment),
                ).format(n=len(self.assignment))
            )
        return found

    def _uneven(self) -> list[str]:
        apart = self.balance.loc[self.balance["difference"].abs() > FAR_APART]
        words = _(
            "Before the start the arms differ in {trait} by {difference} standard deviations; "
            "the analysis adjusts for the KPI before the pilot."
        )
        gaps = zip(apart["trait"].astype(str), apart["difference"].abs(), strict=True)
        return [
            words.format(trait=trait_words().get(trait, trait), difference=number(gap, 2))
            for trait, gap in gaps
        ]

    def _neighbours(self) -> list[str]:
        near = self.assignment.loc[
            (self.assignment["nearest_km"] < SPILL_OVER_KM) & (self.assignment["arm"] == "treated")
        ]
        if near.empty:
            return []
        words = ngettext(
            "{n} pilot store lies within {km} km of a control store: customers may carry the "
            "change over ({stores}).",
            "{n} pilot stores lie within {km} km of a control store: customers may carry the "
            "change over ({stores}).",
            len(near),
        )
        return [
            words.format(
                n=len(near), km=number(SPILL_OVER_KM), stores=", ".join(near["store_id"].head(5))
            )
        ]

    @property
    def assumptions(self) -> list[str]:
        """How the draw was made."""
        left = self.left_out["reason"].value_counts()
        lines = [
            ngettext(
                "{n} store could take part; left out: {reasons}.",
                "{n} stores could take part; left out: {reasons}.",
                self.n_eligible,
            ).format(
                n=self.n_eligible,
                reasons="; ".join(f"{reason} {count}" for reason, count in left.items()) or "—",
            ),
            ngettext(
                "Level and trend of the KPI over the {n} week before the pilot.",
                "Level and trend of the KPI over the {n} weeks before the pilot.",
                self.pre_weeks,
            ).format(n=self.pre_weeks),
            _("Seed {seed}: whoever repeats the draw gets the same stores.").format(seed=self.seed),
        ]
        if self.mechanism == "pairs":
            lines.insert(
                1,
                _(
                    "Pairs are formed within region and format; which of the possible pairs enter "
                    "is drawn too, so that pilot stores look like the stores of the rollout."
                ),
            )
        return lines

    def to_frame(self) -> pd.DataFrame:
        """One row per pilot store, blocks together."""
        return self.assignment

    def columns(self) -> Mapping[str, Column]:
        """How the stores are shown."""
        level = (
            Column(_("KPI before"), "share" if self.unit == "share" else "number", 1)
            if self.unit != "money"
            else Column(_("KPI before"), "money_short")
        )
        return {
            "block": Column(_("Pair") if self.mechanism == "pairs" else _("Stratum")),
            "store_id": Column(_("Store")),
            "region": Column(_("Region"), "name"),
            "format": Column(_("Format"), "name"),
            "arm": Column(_("Arm"), words=arms()),
            "level": level,
            "nearest_km": Column(_("Nearest store of the other arm, km"), "number", 1),
        }

    def plot(self) -> Chart:
        """The map of the stores by arm, or the balance where no coordinates are known."""
        from playbook.display.charts.pilot import store_map

        if self.places.empty:
            return self.plot_balance()
        words = _("Pilot and control stores lie side by side in {regions}")
        return store_map(
            self.places,
            title=words.format(regions=", ".join(map(name, self.regions))),
            subtitle=_("Stores by their coordinates, km; a line joins the two stores of a pair"),
            join=self.mechanism == "pairs",
        )

    def plot_balance(self) -> Chart:
        """How far apart the arms were before the start, trait by trait."""
        from playbook.display.charts.pilot import balance_dots

        worst = float(self.balance["difference"].abs().max())
        title = (
            _("Before the start the two arms are alike")
            if worst <= FAR_APART
            else _("Before the start the two arms differ by up to {n} standard deviations").format(
                n=number(worst, 2)
            )
        )
        labelled = self.balance.assign(
            trait=[trait_words().get(trait, trait) for trait in self.balance["trait"]]
        )
        return balance_dots(
            labelled,
            title=title,
            subtitle=_("Pilot minus control, in standard deviations between stores"),
            far=FAR_APART,
        )


def trait_words() -> dict[str, str]:
    """The words for the traits of the balance table."""
    return {
        "level": _("level of the KPI"),
        "trend": _("trend of the KPI"),
        "size_m2": _("floor space"),
        "age_weeks": _("age of the store"),
    }
