"""Regular tracking: control charts per region, and the signals that send us back.

A trigger is agreed beforehand: a signal, the evidence, a named owner, and the step of
the method to go back to. A trigger that has fired wants a decision with a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import pandas as pd
from pydantic import Field

from playbook.display.chart import Chart
from playbook.display.charts.limits import control_chart
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.errors import PlaybookError
from playbook.pilot.charter import Charter
from playbook.scaling.readiness import Readiness, element_words
from playbook.scaling.wave_effect import WaveEffect
from playbook.stats.control import RUN, Control, individuals
from playbook.stats.information import posterior
from playbook.text import gettext as _
from playbook.text import name, ngettext, numbers

Signal = Literal["below_centre", "below_break_even", "not_ready"]


class Trigger(Part):
    """A signal that was agreed beforehand, and where it sends us."""

    signal: Signal = Field(description="below_centre, below_break_even or not_ready")
    back_to: Literal[1, 2, 3] = Field(description="stage of the method to go back to")
    what_then: Words = Field(description="what is done there, in one sentence")
    owner: Words = Field(description="role that decides")


class Triggers(Document):
    """The trigger table."""

    kind: ClassVar[str] = "triggers"

    triggers: tuple[Trigger, ...] = Field(min_length=1, description="one entry per signal")


def signal_words() -> dict[str, str]:
    """The signals in the reader's language."""
    return {
        "below_centre": _("{n} weeks in a row below the pilot's effect").format(n=RUN),
        "below_break_even": _("the whole interval lies below break-even"),
        "not_ready": _("a region's people are held back"),
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class Tracking(Result):
    """What the signals say, and what happens with the next wave.

    Attributes:
        fired: One row per signal that fired: ``signal``, ``where`` (a region or ``all``),
            ``evidence``, ``back_to`` (stage 1, 2 or 3), ``what_then``, ``owner``.
        charts: One row per region: ``region``, ``centre``, ``low``, ``high``, ``longest``
            (run on one side, weeks), ``side`` (-1 below), ``is_signal`` (a run of ``RUN``
            below the centre while the region's interval lies below it too).
        weekly: One row per region and week: ``region``, ``week``, ``effect``.
        mean: Effect as it is believed now, pilot and waves together, a share.
        sd: Its standard deviation.
        pilot_mean: What was believed after the pilot.
        regions: Every region that is measured.
    """

    fired: pd.DataFrame
    charts: pd.DataFrame
    weekly: pd.DataFrame
    mean: float
    sd: float
    pilot_mean: float
    regions: tuple[str, ...]

    @property
    def held(self) -> tuple[str, ...]:
        """The regions in which the next wave is held."""
        where = set(self.fired["where"]) if len(self.fired) else set()
        return self.regions if "all" in where else tuple(r for r in self.regions if r in where)

    @property
    def headline(self) -> str:
        """Which region goes back to which step, in one sentence."""
        if self.fired.empty:
            return _("No signal: stay the course.")
        if len(self.held) == len(self.regions):
            return _("The rollout is held everywhere: {what}").format(
                what=self.fired["what_then"].iloc[0]
            )
        stages = self.fired.groupby("where")["back_to"].min()
        parts = [
            _("{region} goes back to stage {stage}").format(region=name(str(r)), stage=stages[r])
            for r in self.held
        ]
        return _("{what}; the other regions go on.").format(what=", ".join(parts))

    @property
    def figures(self) -> list[Figure]:
        """Signals, regions held, the effect as believed now."""
        n = len(self.fired)
        return [
            Figure(_("Signals"), numbers.number(n)),
            Figure(
                _("Next wave"),
                _("goes on in {n} of {all} regions").format(
                    n=len(self.regions) - len(self.held), all=len(self.regions)
                ),
            ),
            Figure(
                _("Effect as believed now"),
                numbers.points(self.mean, 2),
                _("after the pilot {points}").format(points=numbers.points(self.pilot_mean, 2)),
            ),
        ]

    @property
    def assumptions(self) -> list[str]:
        """How often the chart calls without cause."""
        return [
            _(
                "A run of {n} weeks is no signal by itself: a region's stores carry their own luck "
                "into every reading. Its interval must lie below the pilot's effect too, which "
                "where nothing has changed happens in 2 to 3 of 100 regions."
            ).format(n=RUN),
            _("The pilot's effect is taken as the line; that it is uncertain itself is left out."),
            _("The trend rule is not used: it finds what is not there."),
            _("Readings whose windows overlap lie closer together than the limits suppose."),
            _("The belief of the next cycle begins with this effect and its uncertainty."),
        ]

    @property
    def formula(self) -> str:
        """How the belief is updated."""
        return _(
            "effect now = (pilot ÷ pilot variance + waves ÷ waves' variance) ÷ sum of both weights"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per signal that fired, in the reader's language."""
        if self.fired.empty:
            return self.fired
        words = signal_words()
        return self.fired.assign(
            signal=self.fired["signal"].map(words),
            where=self.fired["where"].map(lambda w: _("everywhere") if w == "all" else name(w)),
        )

    def columns(self) -> dict[str, Column]:
        """How the signals are shown."""
        return {
            "where": Column(_("Where")),
            "signal": Column(_("Signal")),
            "evidence": Column(_("What we see")),
            "back_to": Column(_("Back to stage"), "count"),
            "what_then": Column(_("What then")),
            "owner": Column(_("Who decides")),
        }

    def plot(self) -> Chart:
        """The chart of a region with a signal, or of the longest run below."""
        order = self.charts.sort_values(
            ["is_signal", "side", "longest"], ascending=[False, True, False]
        )
        return self.chart_of(str(order["region"].iloc[0]))

    def chart_of(self, region: str) -> Chart:
        """The control chart of one region.

        Raises:
            PlaybookError: The region is not measured.
        """
        if region not in self.regions:
            raise PlaybookError(
                _("“{region}” is not measured; there are: {regions}.").format(
                    region=region, regions=", ".join(self.regions)
                )
            )
        row = self.charts[self.charts["region"] == region].iloc[0]
        weeks = ngettext("{n} week", "{n} weeks", int(row["longest"])).format(n=row["longest"])
        words = (
            _("{region}: {weeks} in a row below the pilot's effect")
            if row["is_signal"]
            else _("{region}: no signal")
        )
        return control_chart(
            self.weekly[self.weekly["region"] == region],
            x="week",
            y="effect",
            centre=float(row["centre"]),
            low=float(row["low"]),
            high=float(row["high"]),
            is_signal=bool(row["is_signal"]),
            title=words.format(region=name(region), weeks=weeks),
            subtitle=_("Effect on the 12-week repeat rate by week; line: the pilot's effect"),
            centre_words=_("pilot"),
        )


def track(
    waves: WaveEffect,
    *,
    triggers: Triggers,
    pilot_sd: float,
    break_even: float,
    readiness: Readiness | None = None,
) -> Tracking:
    """Look for the agreed signals, and update what is believed about the effect.

    Args:
        waves: Effect of the waves so far.
        triggers: The trigger table.
        pilot_sd: Standard deviation of the belief after the pilot, a share.
        break_even: Effect from which the programme pays, a share.
        readiness: The readiness survey, where there is one.
    """
    charts = {
        str(region): individuals(rows["effect"].to_numpy(), centre=waves.pilot_effect)
        for region, rows in waves.weekly.groupby("region")
    }
    high = waves.table.set_index("region")["high"]
    table = pd.DataFrame(
        [_chart_row(region, chart, high=float(high[region])) for region, chart in charts.items()]
    )
    fired = [
        row
        for trigger in triggers.triggers
        for row in _fire(trigger, waves, table, break_even, readiness)
    ]
    total = waves.total
    mean, sd = posterior(
        mean=waves.pilot_effect, sd=pilot_sd, observed=total["effect"], noise_sd=total["se"]
    )
    columns = ["signal", "where", "evidence", "back_to", "what_then", "owner"]
    return Tracking(
        fired=pd.DataFrame(fired, columns=columns),
        charts=table,
        weekly=waves.weekly,
        mean=mean,
        sd=sd,
        pilot_mean=waves.pilot_effect,
        regions=tuple(charts),
    )


def _chart_row(region: str, chart: Control, *, high: float) -> dict[str, object]:
    """One region's chart; a run alone may be the luck of its stores, which every week shares."""
    is_run_below = chart.side < 0 and chart.longest >= RUN
    return {
        "region": region,
        "centre": chart.centre,
        "low": chart.low,
        "high": chart.high,
        "longest": chart.longest,
        "side": chart.side,
        "is_signal": is_run_below and high < chart.centre,
    }


def _fire(
    trigger: Trigger,
    waves: WaveEffect,
    charts: pd.DataFrame,
    break_even: float,
    readiness: Readiness | None,
) -> Iterator[dict[str, object]]:
    """The rows of one trigger: where it fired and what is seen there."""
    found = {
        "below_centre": _below_centre(charts, waves),
        "below_break_even": _below_break_even(waves, break_even),
        "not_ready": _not_ready(readiness),
    }[trigger.signal]
    for where, evidence in found:
        yield {
            "signal": trigger.signal,
            "where": where,
            "evidence": evidence,
            "back_to": trigger.back_to,
            "what_then": trigger.what_then,
            "owner": trigger.owner,
        }


def _below_centre(charts: pd.DataFrame, waves: WaveEffect) -> Iterator[tuple[str, str]]:
    found = waves.table.set_index("region")
    for row in charts[charts["is_signal"]].to_dict("records"):
        yield (
            row["region"],
            _("{n} weeks in a row below {pilot}; effect {effect}, at most {high}").format(
                n=row["longest"],
                pilot=numbers.points(row["centre"]),
                effect=numbers.points(float(found["effect"][row["region"]])),
                high=numbers.points(float(found["high"][row["region"]])),
            ),
        )


def _below_break_even(waves: WaveEffect, break_even: float) -> Iterator[tuple[str, str]]:
    total = waves.total
    if total["high"] < break_even:
        yield (
            "all",
            _("effect at most {high}, break-even {break_even}").format(
                high=numbers.points(total["high"]), break_even=numbers.points(break_even)
            ),
        )


def _not_ready(readiness: Readiness | None) -> Iterator[tuple[str, str]]:
    if readiness is None:
        return
    words = element_words()
    for row in readiness.held.to_dict("records"):
        yield (
            row["region"],
            _("{element} at {value} of 5").format(
                element=words[row["barrier"]], value=numbers.number(row[row["barrier"]], 1)
            ),
        )


def break_even(charter: Charter) -> float:
    """The effect from which the programme pays: with the corrections where they are known."""
    return charter.break_even_adjusted or charter.break_even or 0.0
