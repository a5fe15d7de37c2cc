"""What a metric does when nobody moves it, measured on the company's own tables.

A target is worth having when it is larger than this noise, and within reach when some
region already stands there. Computable metrics: ``repeat_rate``, ``basket``,
``identified_share``.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from playbook.display.disclosure import LEAST_CELL
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.proportions import change_noise
from playbook.strategy.kpis import Kpis, written
from playbook.text import gettext as _
from playbook.text import name, ngettext, numbers

WEEKS_OF_YEAR = 52
BOARD_WEEKS = 12


@dataclass(frozen=True, kw_only=True, eq=False)
class Yardsticks(Result):
    """How far each computable metric moves by itself, and where the best region stands.

    Attributes:
        table: One row per metric: ``metric``, ``reading`` (whole company, mean of the last
            year), ``noise`` (a yearly change of one reading up to this size comes by
            itself in 95 of 100 years), ``n_comparisons`` behind it, ``yearly_change``
            (last reading against the same week a year earlier), ``best_region``,
            ``best_reading`` (mean of the last year), ``date`` of the last reading.
        kpis: The dictionary, for names and units.
    """

    table: pd.DataFrame
    kpis: Kpis

    def of(self, metric: str) -> Mapping[str, object] | None:
        """The row of a metric, or nothing when the tables cannot tell it."""
        rows = self.table[self.table["metric"] == metric].to_dict("records")
        return {str(key): value for key, value in rows[0].items()} if rows else None

    @property
    def headline(self) -> str:
        """How many metrics the company's own tables can judge."""
        n = int(self.table["noise"].notna().sum())
        words = ngettext(
            "Your own history tells for {n} KPI how far it moves when nobody moves it.",
            "Your own history tells for {n} KPIs how far they move when nobody moves them.",
            n,
        )
        return words.format(n=numbers.number(n))

    @property
    def assumptions(self) -> list[str]:
        """How the noise was measured."""
        return [
            _("Noise is the spread of changes against the same weeks a year before, less trend."),
            _("Neighbouring weeks are alike, so the spread rests on fewer independent readings."),
        ]

    @property
    def formula(self) -> str:
        """How the noise is computed."""
        return _(
            "noise = 1.96 × standard deviation of the changes against the same week a year ago"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per metric, with values already written in the metric's unit."""
        cards = self.kpis.by_id()
        units = [cards[m].unit if m in cards else "number" for m in self.table["metric"]]
        rows = list(zip(self.table.to_dict("records"), units, strict=True))
        return pd.DataFrame(
            {
                "metric": cards[row["metric"]].name if row["metric"] in cards else row["metric"],
                "reading": written(row["reading"], unit),
                "yearly_change": _change(row["yearly_change"], unit),
                "noise": _change(row["noise"], unit).lstrip("+"),
                "n_comparisons": row["n_comparisons"],
                "best": f"{name(row['best_region'])}, {written(row['best_reading'], unit)}"
                if row["best_region"]
                else None,
                "date": row["date"],
            }
            for row, unit in rows
        )

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "metric": Column(_("KPI")),
            "reading": Column(_("Mean of a year"), "written"),
            "yearly_change": Column(_("Change in a year"), "written"),
            "noise": Column(_("Moves by itself up to"), "written"),
            "n_comparisons": Column(_("Comparisons"), "count"),
            "best": Column(_("Best region")),
            "date": Column(_("Last reading"), "date"),
        }


def _change(value: float, unit: str) -> str:
    """A difference of two readings."""
    if unit == "share":
        return numbers.points(value)
    return written(value, unit, signed=True)  # type: ignore[arg-type]


def measure(
    repeat_rates: pd.DataFrame,
    *,
    store_weeks: pd.DataFrame,
    stores: pd.DataFrame | None = None,
    kpis: Kpis,
    until: dt.date,
    window_weeks: int = BOARD_WEEKS,
) -> Yardsticks:
    """Measure noise, last year's move and the best region of every computable metric.

    Args:
        repeat_rates: ``store_id``, ``week`` (anchor), ``window_weeks``, ``n_base``, ``n_repeat``.
        store_weeks: ``store_id``, ``week``, ``revenue``, ``receipts``, ``basket``,
            ``identified_share``.
        stores: ``store_id``, ``region``; without regions no best one is named.
        kpis: The dictionary, for names and units.
        until: Last day of data that may be read.
        window_weeks: Window of the repeat rate.
    """
    region = _regions(stores)
    rates = repeat_rates[repeat_rates["window_weeks"] == window_weeks]
    ends = pd.to_datetime(rates["week"]) + pd.Timedelta(weeks=window_weeks)
    rates = rates[ends <= pd.Timestamp(until) + pd.Timedelta(days=1)]
    weeks = store_weeks[
        pd.to_datetime(store_weeks["week"]) + pd.Timedelta(days=6) <= pd.Timestamp(until)
    ]
    weeks = weeks.assign(
        identified=weeks["revenue"].astype(float) * weeks["identified_share"].astype(float)
    )
    smooth = window_weeks
    found = [
        _yardstick("repeat_rate", rates, region, top="n_repeat", bottom="n_base", smooth=1),
        _yardstick("basket", weeks, region, top="revenue", bottom="receipts", smooth=smooth),
        _yardstick(
            "identified_share", weeks, region, top="identified", bottom="revenue", smooth=smooth
        ),
    ]
    return Yardsticks(table=pd.DataFrame([row for row in found if row]), kpis=kpis)


def _regions(stores: pd.DataFrame | None) -> dict[str, str]:
    """Store to region, where regions are known."""
    if stores is None or "region" not in stores:
        return {}
    known = stores.dropna(subset=["region"])
    return dict(zip(known["store_id"].astype(str), known["region"].astype(str), strict=True))


def _yardstick(
    metric: str,
    frame: pd.DataFrame,
    region: Mapping[str, str],
    *,
    top: str,
    bottom: str,
    smooth: int,
) -> dict[str, object]:
    """One metric: the ratio of two sums, by week for the company and for every region."""
    if frame.empty:
        return {}
    sums = (
        frame.assign(
            region=frame["store_id"].map(lambda store: region.get(str(store), "")),
            week=pd.to_datetime(frame["week"]),
            top=frame[top].astype(float),
            bottom=frame[bottom].astype(float),
        )
        .groupby(["week", "region"])[["top", "bottom"]]
        .sum()
    )
    whole = _ratio(sums.groupby("week").sum(), smooth)
    known = whole.dropna()
    noise, n = change_noise(whole.to_numpy(), season=WEEKS_OF_YEAR)
    year_ago = whole.get(known.index[-1] - pd.Timedelta(weeks=WEEKS_OF_YEAR), math.nan)
    year = sums[sums.index.get_level_values("week") > known.index[-1] - pd.Timedelta(weeks=52)]
    regions = year.groupby("region").sum()
    large = year.groupby("region")["bottom"].median() >= LEAST_CELL  # a week's customers
    readings = (regions["top"] / regions["bottom"])[large].drop("", errors="ignore").dropna()
    return {
        "metric": metric,
        "reading": float(regions["top"].sum() / regions["bottom"].sum()),
        "noise": noise,
        "n_comparisons": n,
        "yearly_change": float(known.iloc[-1] - year_ago),
        "best_region": str(readings.idxmax()) if len(readings) else "",
        "best_reading": float(readings.max()) if len(readings) else math.nan,
        "date": known.index[-1].date(),
    }


def _ratio(sums: pd.DataFrame, smooth: int) -> pd.Series:
    """The ratio over ``smooth`` weeks; ``nan`` in weeks that have none, so that years line up."""
    calendar = pd.date_range(sums.index.min(), sums.index.max(), freq="7D")
    rolled = sums.reindex(calendar).rolling(smooth).sum()
    ratio: pd.Series = rolled["top"] / rolled["bottom"]
    return ratio
