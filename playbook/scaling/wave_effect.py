"""What the rollout brings, measured against the stores that have not started yet.

Every store is compared with itself before the rollout, and started stores with those of
the same region that still wait: season, region and the store's own level drop out. Stores
are the units, not customers. No store that has started ever serves as a comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from playbook.display.chart import Chart
from playbook.display.charts import intervals
from playbook.display.disclosure import LEAST_CELL, shares
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.display.theme import LOST
from playbook.errors import PlaybookError
from playbook.stats.shrinkage import alike
from playbook.text import gettext as _
from playbook.text import name, ngettext, numbers

PRE_WEEKS = 26
FEWEST = 3  # started, and waiting, stores below which a region is not measured
ALL = "all"
LEVEL = 0.95


@dataclass(frozen=True, kw_only=True, eq=False)
class WaveEffect(Result):
    """The effect of the waves so far, for the company and per region.

    Attributes:
        table: One row for all stores (``region`` is ``all``) and one per region:
            ``region``, ``n_started``, ``n_waiting``, ``effect``, ``se``, ``low``, ``high``
            (95 %), ``voltage`` (effect over the pilot's; missing where that is not above 0).
        weekly: One row per region and week: ``region``, ``week``, ``effect``.
        pilot_effect: The effect as it was believed after the pilot, a share.
        weeks: Number of weeks read.
        until: Last anchor that was read.
        left_out: Regions with too few stores to be measured.
    """

    table: pd.DataFrame
    weekly: pd.DataFrame
    pilot_effect: float
    weeks: int
    until: pd.Timestamp
    left_out: tuple[str, ...]

    @property
    def total(self) -> dict[str, float]:
        """The row of all stores."""
        row = self.table[self.table["region"] == ALL].iloc[0]
        return {key: float(row[key]) for key in ("effect", "se", "low", "high", "voltage")}

    @property
    def weakest(self) -> pd.Series:
        """The row of the region with the smallest effect."""
        return self.table[self.table["region"] != ALL].sort_values("effect").iloc[0]

    @property
    def by_chance(self) -> float:
        """How often regions that are all alike would be measured this far apart, 0-1."""
        rows = self.table[self.table["region"] != ALL]
        return alike(rows["effect"].to_numpy(float), rows["se"].to_numpy(float))

    @property
    def is_told_apart(self) -> bool:
        """Whether the regions differ by more than chance makes them differ."""
        return self.by_chance <= 1 - LEVEL

    @property
    def headline(self) -> str:
        """The effect against the pilot's, in one sentence."""
        total, weakest = self.total, self.weakest
        told = {
            "effect": numbers.points(total["effect"]),
            "pilot": numbers.points(self.pilot_effect),
            "region": name(str(weakest["region"])),
            "least": numbers.points(float(weakest["effect"])),
        }
        words = (
            _(
                "The waves bring {effect}, expected after the pilot was {pilot}; least in {region}"
                ", {least}."
            )
            if self.is_told_apart
            else _(
                "The waves bring {effect}, expected after the pilot was {pilot}; the regions "
                "differ by no more than chance makes them differ."
            )
        )
        return words.format(**told)

    @property
    def figures(self) -> list[Figure]:
        """Effect of all waves, of the weakest region, and how much is kept."""
        total, weakest = self.total, self.weakest
        found = [
            Figure(
                _("Effect of the waves"),
                numbers.points(total["effect"]),
                numbers.between(numbers.points(total["low"]), numbers.points(total["high"])),
            ),
            Figure(
                _("Of the pilot's effect"),
                numbers.percent(total["voltage"]),
                _("if that is taken as known exactly"),
            ),
            Figure(
                _("Weakest: {region}").format(region=name(str(weakest["region"]))),
                numbers.points(float(weakest["effect"])),
                numbers.between(
                    numbers.points(float(weakest["low"])), numbers.points(float(weakest["high"]))
                ),
            ),
        ]
        return found if self.is_told_apart else found[:-1]

    @property
    def warnings(self) -> list[str]:
        """Regions that cannot be measured."""
        if not self.left_out:
            return []
        where = ", ".join(name(region) for region in self.left_out)
        return [_("Too few started or waiting stores to measure: {regions}.").format(regions=where)]

    @property
    def assumptions(self) -> list[str]:
        """What the comparison takes for granted."""
        weeks = ngettext("{n} week", "{n} weeks", self.weeks).format(n=self.weeks)
        return [
            _(
                "Started stores are compared with waiting ones of the same region over {weeks}."
            ).format(weeks=weeks),
            _("Each store is compared with its own mean of {n} weeks before the rollout.").format(
                n=PRE_WEEKS
            ),
            _("Intervals hold 95 of 100 times if stores of a region would have moved alike."),
            _(
                "Regions that are all alike would be measured this far apart {n} of 100 times."
            ).format(n=numbers.number(max(self.by_chance * 100, 0.1), 1)),
        ]

    @property
    def formula(self) -> str:
        """How the effect is computed."""
        return _(
            "effect = mean change of started stores − mean change of waiting stores, per region,"
            " weighted by started stores"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for all stores and one per region, names in the reader's language."""
        return self.table.assign(region=self.table["region"].map(_region_name))

    def columns(self) -> dict[str, Column]:
        """How the effects are shown."""
        return {
            "region": Column(_("Region")),
            "n_started": Column(_("Started"), "count"),
            "n_waiting": Column(_("Waiting"), "count"),
            "effect": Column(_("Effect"), "points"),
            "low": Column(_("from"), "points"),
            "high": Column(_("to"), "points"),
            "voltage": Column(_("Of the pilot's effect"), "share"),
        }

    def plot(self) -> Chart:
        """Effects with their intervals, against the pilot's."""
        weakest = _region_name(str(self.weakest["region"]))
        return intervals(
            self.to_frame(),
            category="region",
            value="effect",
            low="low",
            high="high",
            title=self.headline,
            subtitle=_("12-week repeat rate, started against waiting stores, 95 % intervals"),
            hues={weakest: LOST} if self.is_told_apart else {},
            marks={_("pilot"): self.pilot_effect},
        )


def _region_name(region: str) -> str:
    return _("All waves") if region == ALL else name(region)


def measure(
    readings: pd.DataFrame,
    before: pd.DataFrame,
    stores: pd.DataFrame,
    *,
    pilot_effect: float,
    burn_in_weeks: int,
    window_weeks: int = 12,
) -> WaveEffect:
    """Measure the waves that have started against the stores that wait.

    Args:
        readings: One row per store and anchor of the rollout: ``store_id``, ``week``,
            ``wave``, ``wave_start`` (missing: not started), ``n_base``, ``n_repeat``.
        before: The same before the rollout: ``store_id``, ``week``, ``n_base``, ``n_repeat``.
        stores: ``store_id``, ``region``.
        pilot_effect: The effect as it is believed after the pilot, a share.
        burn_in_weeks: First weeks of a wave that do not count.
        window_weeks: Weeks that a reading looks ahead of its Monday; one that reaches into
            the rollout is no reading before it.

    Raises:
        PlaybookError: No wave has been running long enough, or none waits any more.
    """
    changes = _changes(readings, before, stores, window_weeks=window_weeks)
    counts_from = changes["wave_start"] + pd.Timedelta(weeks=burn_in_weeks)
    latest = counts_from[counts_from <= changes["week"].max()].max()
    is_told = counts_from.isna() | (counts_from <= latest)  # a wave that has just begun is neither
    read = changes[(changes["week"] >= latest) & (changes["wave"] > 0) & is_told].copy()
    if read.empty:
        raise PlaybookError(
            _("No wave has been running longer than its first {n} weeks yet.").format(
                n=burn_in_weeks
            ),
            advice=_("Read the waves later; until then watch fidelity."),
        )
    read["is_started"] = read["wave_start"].notna()
    regions = list(_per_region(read))
    left_out = tuple(sorted(set(read["region"]) - {row["region"] for row in regions}))
    if not regions:
        raise PlaybookError(
            _("No region has both {n} started and {n} waiting stores.").format(n=FEWEST),
            advice=_(
                "Keep a hold-out to the end: without it nobody can tell what the change brings."
            ),
        )
    table = pd.DataFrame([_all(regions), *regions])
    table["voltage"] = table["effect"] / pilot_effect if pilot_effect > 0 else np.nan
    return WaveEffect(
        table=table.drop(columns="df"),
        weekly=_weekly(read, [row["region"] for row in regions]),
        pilot_effect=pilot_effect,
        weeks=read["week"].nunique(),
        until=read["week"].max(),
        left_out=left_out,
    )


def _changes(
    readings: pd.DataFrame, before: pd.DataFrame, stores: pd.DataFrame, *, window_weeks: int
) -> pd.DataFrame:
    """Each reading less the store's own mean of the last weeks before the rollout."""
    last = readings["week"].min() - pd.Timedelta(weeks=window_weeks)
    past = before[before["week"] <= last]
    past = past[past["week"] > past["week"].max() - pd.Timedelta(weeks=PRE_WEEKS)]
    past = past.assign(rate=shares(past["n_repeat"], past["n_base"]))
    own = past.groupby("store_id")["rate"].mean()
    large = readings[readings["n_base"] >= LEAST_CELL]
    table = large.merge(stores[["store_id", "region"]], on="store_id")
    table["change"] = table["n_repeat"] / table["n_base"] - table["store_id"].map(own)
    return table.dropna(subset="change")


def _per_region(read: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The difference of mean changes in every region that has enough stores."""
    keys = ["region", "is_started", "store_id"]
    per_store = read.groupby(keys, as_index=False)["change"].mean()
    for region, rows in per_store.groupby("region"):
        on, off = (rows.loc[rows["is_started"] == is_on, "change"] for is_on in (True, False))
        if min(len(on), len(off)) < FEWEST:
            continue
        a, b = on.var() / len(on), off.var() / len(off)
        yield {
            "region": region,
            "n_started": len(on),
            "n_waiting": len(off),
            **_interval(
                float(on.mean() - off.mean()),
                float(np.sqrt(a + b)),
                float((a + b) ** 2 / (a**2 / (len(on) - 1) + b**2 / (len(off) - 1))),
            ),
        }


def _all(regions: list[dict[str, Any]]) -> dict[str, Any]:
    """The mean over regions, weighted by started stores (Welch–Satterthwaite)."""
    table = pd.DataFrame(regions)
    weight = table["n_started"] / table["n_started"].sum()
    parts = (weight * table["se"]) ** 2
    df = float(parts.sum() ** 2 / (parts**2 / table["df"]).sum())
    effect = float((weight * table["effect"]).sum())
    counts = {key: int(table[key].sum()) for key in ("n_started", "n_waiting")}
    return {"region": ALL, **counts, **_interval(effect, float(np.sqrt(parts.sum())), df)}


def _interval(effect: float, se: float, df: float) -> dict[str, float]:
    from scipy.stats import t

    reach = float(t.ppf((1 + LEVEL) / 2, df)) * se
    return {"effect": effect, "se": se, "df": df, "low": effect - reach, "high": effect + reach}


def _weekly(read: pd.DataFrame, regions: list[str]) -> pd.DataFrame:
    """The difference of every week, for the control chart."""
    means = read.pivot_table(
        index=["region", "week"], columns="is_started", values="change", aggfunc="mean"
    )
    gaps = (means[True] - means[False]).rename("effect").reset_index()
    return gaps[gaps["region"].isin(regions)].reset_index(drop=True)
