"""Effect by segment: small numbers pulled towards the common effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.disclosure import LEAST_CELL
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.pilot.arms import Arms, arms_of, refuse_gaps
from playbook.pilot.charter import Charter
from playbook.stats.randomisation import Randomised, Redraws, compare, redraws
from playbook.stats.shrinkage import alike, pool
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import number, percent, points

LARGEST_CHANCE = 0.05  # up to this share of pilots a difference of segments is told
Z95 = 1.959964


@dataclass(frozen=True, kw_only=True, eq=False)
class SegmentEffects(Result):
    """The effect in every segment, raw and pulled towards the common effect.

    Attributes:
        table: One row per segment: ``segment``, ``share`` of the customers of the KPI,
            ``raw`` and ``raw_se`` (measured in the segment alone), ``att``, ``ci_low``,
            ``ci_high`` (after pooling, 95 %), ``kept`` (weight of its own measurement),
            ``n_customers``.
        centre: Mean of the true effects over segments.
        spread: Standard deviation between the true effects.
        weighted: Sum of effects times shares: the overall effect told by segments.
        left_out: Segments too small in some store to be told.
    """

    table: pd.DataFrame
    centre: float
    spread: float
    weighted: float
    left_out: tuple[str, ...]

    @property
    def headline(self) -> str:
        """Where it works best and where least."""
        if self.table.empty:
            return _("Customers were not counted by segment: for whom it works is not known.")
        if self.by_chance > LARGEST_CHANCE:
            return _(
                "The segments differ by no more than chance makes them differ: read them as one, "
                "{effect}."
            ).format(effect=points(self.centre))
        best, least = self.table.iloc[0], self.table.iloc[-1]
        words = (
            _("It works most for “{best}” ({most}) and least for “{worst}” ({least}).")
            if best["att"] > 0
            else _("It works for no segment: {most} for “{best}”, {least} for “{worst}”.")
        )
        return words.format(
            best=name(str(best["segment"])),
            most=points(float(best["att"])),
            worst=name(str(least["segment"])),
            least=points(float(least["att"])),
        )

    @property
    def by_chance(self) -> float:
        """How often segments that are all alike would be measured this far apart, 0-1."""
        return alike(self.table["raw"].to_numpy(float), self.table["raw_se"].to_numpy(float))

    @property
    def warnings(self) -> list[str]:
        """Segments left out."""
        if not self.left_out:
            return []
        words = _("Too few customers in some store to be told: {segments}.")
        return [words.format(segments=", ".join(map(name, self.left_out)))]

    @property
    def assumptions(self) -> list[str]:
        """What pooling does."""
        if self.table.empty:
            return []
        kept = ", ".join(
            f"{name(segment)} {percent(share)}"
            for segment, share in zip(self.table["segment"], self.table["kept"], strict=True)
        )
        return [
            _(
                "Each segment alone is measured roughly, so each is pulled towards the common "
                "effect as far as its noise demands; kept of its own measurement: {kept}."
            ).format(kept=kept),
            _(
                "Segments that are all alike would be measured this far apart in {n} of 100 "
                "pilots; a best and a worst segment are named up to {most}."
            ).format(
                n=number(max(self.by_chance * 100, 0.1), 1), most=number(LARGEST_CHANCE * 100)
            ),
            _("Segments of customers as they were before the start."),
            _("Weighted by customers the segments give {effect}.").format(
                effect=points(self.weighted, 2)
            ),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per segment."""
        return self.table

    def columns(self) -> Mapping[str, Column]:
        """How segments are shown."""
        return {
            "segment": Column(_("Segment"), "name"),
            "share": Column(_("Share of customers"), "share"),
            "att": Column(_("Effect"), "points", 1),
            "ci_low": Column(_("from"), "points", 1),
            "ci_high": Column(_("to"), "points", 1),
            "raw": Column(_("Measured alone"), "points", 1),
            "n_customers": Column(_("Customers"), "count"),
        }

    def plot(self) -> Chart:
        """Every segment with its interval, the common effect marked."""
        from playbook.display.charts.estimates import intervals

        if self.table.empty:
            return Chart(self.headline, "", lambda ax: ax.set_axis_off(), height=0.3)
        labelled = self.table.assign(label=[name(one) for one in self.table["segment"]])
        return intervals(
            labelled,
            category="label",
            value="att",
            low="ci_low",
            high="ci_high",
            title=self.headline,
            subtitle=_("Effect by segment in percentage points after pooling, with 95 % intervals"),
            hue=theme.TREATED,
        )


def where_known(
    charter: Charter, repeat_segments: pd.DataFrame | None, *, without: tuple[str, ...] = ()
) -> SegmentEffects:
    """The effects by segment, or an empty result where nobody has counted by segment."""
    if repeat_segments is not None:
        return by_segment(charter, repeat_segments, without=without)
    names = ["segment", "n_customers", "raw", "raw_se", "share", "att", "ci_low", "ci_high", "kept"]
    return SegmentEffects(
        table=pd.DataFrame({one: [] for one in names}),
        centre=float("nan"),
        spread=float("nan"),
        weighted=float("nan"),
        left_out=(),
    )


def by_segment(
    charter: Charter,
    repeat_segments: pd.DataFrame,
    *,
    without: tuple[str, ...] = (),
    seed: int = 1,
    n_draws: int = 4_000,
) -> SegmentEffects:
    """Measure the effect in every segment and pool the measurements.

    Args:
        charter: The sealed charter.
        repeat_segments: ``store_id``, ``segment``, ``week``, ``window_weeks``, ``n_base``,
            ``n_repeat`` at the pilot's anchor and at one anchor before the start.
        without: Stores left out with their pairs.
        seed: For redraws that cannot be enumerated.
        n_draws: How many of them.

    Raises:
        PlaybookError: The counts at the pilot's anchor are missing.
    """
    arms = arms_of(charter, without=without)
    after, before = _at_anchors(charter, repeat_segments)
    draws = redraws(arms.blocks, arms.treated, seed=seed, n_draws=n_draws)
    rows, left_out = [], []
    for segment in sorted(after["segment"].unique()):
        cells = _cells(after, before, arms, segment)
        if (cells["n_base"].fillna(0) < LEAST_CELL).any():
            left_out.append(str(segment))
            continue
        found = _measure(cells, arms, draws)
        rows.append((segment, cells["n_base"].sum(), found.att, found.se))
    if not rows:
        raise PlaybookError(
            _("No segment has at least {n} customers in every store.").format(n=number(LEAST_CELL)),
            advice=_("Use fewer segments, or leave small stores out."),
        )
    return _pooled(
        pd.DataFrame(rows, columns=["segment", "n_customers", "raw", "raw_se"]), left_out
    )


def _at_anchors(
    charter: Charter, repeat_segments: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows at the pilot's anchor, and at the latest one known before the start."""
    window = charter.kpi.window_weeks
    chosen = repeat_segments.loc[repeat_segments["window_weeks"] == window]
    chosen = chosen.assign(
        store_id=chosen["store_id"].astype(str), week=pd.to_datetime(chosen["week"])
    )
    after = chosen.loc[chosen["week"] == pd.Timestamp(charter.anchor)]
    if after.empty:
        raise PlaybookError(
            _("There are no counts by segment for the weeks of the pilot."),
            advice=_("Run page 03 for the segments, then this page again."),
        )
    last = pd.Timestamp(charter.start) - pd.Timedelta(weeks=window)
    known = chosen.loc[chosen["week"] <= last]
    before = known.loc[known["week"] == known["week"].max()]
    return after, before


def _cells(after: pd.DataFrame, before: pd.DataFrame, arms: Arms, segment: str) -> pd.DataFrame:
    """Per store of the pilot: customers and rate after, rate before."""
    now = after.loc[after["segment"] == segment].set_index("store_id").reindex(arms.ids)
    then = before.loc[before["segment"] == segment].set_index("store_id").reindex(arms.ids)
    return pd.DataFrame(
        {
            "n_base": now["n_base"],
            "after": now["n_repeat"] / now["n_base"],
            "before": then["n_repeat"] / then["n_base"],
        }
    )


def _measure(cells: pd.DataFrame, arms: Arms, draws: Redraws) -> Randomised:
    after = cells["after"].to_numpy(float)
    refuse_gaps(arms, after, what=_("the outcome"))
    past = cells[["before"]].to_numpy(float)
    adjusts = bool(np.isfinite(past).all())
    return compare(after, arms.blocks, draws, covariates=past if adjusts else None)


def _pooled(rows: pd.DataFrame, left_out: list[str]) -> SegmentEffects:
    share = rows["n_customers"] / rows["n_customers"].sum()
    pooled = pool(rows["raw"].to_numpy(float), rows["raw_se"].to_numpy(float))
    table = rows.assign(
        share=share,
        att=pooled.mean,
        ci_low=pooled.mean - Z95 * pooled.sd,
        ci_high=pooled.mean + Z95 * pooled.sd,
        kept=pooled.weight,
    )
    return SegmentEffects(
        table=table.sort_values("att", ascending=False, ignore_index=True),
        centre=pooled.centre,
        spread=pooled.spread,
        weighted=float((pooled.mean * share).sum()),
        left_out=tuple(left_out),
    )
