"""Guardrails: what must not get worse while the KPI gets better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.display.disclosure import LEAST_CELL
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.pilot.charter import Charter, PilotGuardrail
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number, percent

READ_WEEKS = 4
ORDER = ("green", "amber", "red")
BY_CONCERN = ("green", "unknown", "amber", "red")


def colour_words() -> dict[str, str]:
    """The words for the three colours."""
    return {"green": _("green"), "amber": _("amber"), "red": _("red"), "unknown": _("not known")}


@dataclass(frozen=True, kw_only=True, eq=False)
class Guardrails(Result):
    """The guardrails of the charter, store by store.

    Attributes:
        table: One row per guardrail: ``id``, ``name``, ``state`` (the worst store's),
            ``n_green``, ``n_amber``, ``n_red``, ``where`` (stores not in green),
            ``value`` (mean over pilot stores), ``limit``, ``is_relative``.
        stores: One row per guardrail and store: ``id``, ``store_id``, ``value``, ``state``.
    """

    table: pd.DataFrame
    stores: pd.DataFrame

    @property
    def state(self) -> str:
        """The worst state of all; ``unknown`` where nothing is bad and something not known."""
        states = self.table["state"].tolist()
        return max(states, key=BY_CONCERN.index, default="green")

    @property
    def headline(self) -> str:
        """What is not in green."""
        bad = self.table.loc[self.table["state"].isin(["amber", "red"])]
        unread = self.table.loc[self.table["state"] == "unknown", "name"]
        unknown = [
            _("“{name}” is not known: there are no readings.").format(name=n) for n in unread
        ]
        if bad.empty and not unknown:
            return _("All guardrails are in green.")
        told = [
            ngettext(
                "“{name}” is {colour} in {n} pilot store.",
                "“{name}” is {colour} in {n} pilot stores.",
                int(row["n_amber"] + row["n_red"]),
            ).format(
                name=row["name"],
                colour=colour_words()[str(row["state"])],
                n=number(int(row["n_amber"] + row["n_red"])),
            )
            for row in bad.to_dict("records")
        ]
        return " ".join([*told, *unknown])

    @property
    def assumptions(self) -> list[str]:
        """How they are read."""
        return [
            _("Mean of the last {n} weeks in every pilot store.").format(n=READ_WEEKS),
            _("A guardrail has the colour of its worst store; its limits are in the charter."),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per guardrail, values as they are read."""
        rows = self.table.to_dict("records")
        return self.table.assign(
            shown=[_written(row["value"], bool(row["is_relative"])) for row in rows],
            bound=[_written(row["limit"], bool(row["is_relative"])) for row in rows],
        )

    def columns(self) -> Mapping[str, Column]:
        """How guardrails are shown."""
        return {
            "name": Column(_("Guardrail")),
            "state": Column(_("Colour"), words=colour_words()),
            "shown": Column(_("Mean of the pilot stores")),
            "bound": Column(_("Limit")),
            "where": Column(_("Not in green")),
        }


def _written(value: float, is_relative: bool) -> str:  # noqa: FBT001 - a value and its kind
    return percent(value, 1) if is_relative else number(value, 1)


def read_week(
    charter: Charter, *, week: int, fidelity: pd.DataFrame, store_weeks: pd.DataFrame
) -> Guardrails:
    """Read every guardrail at the end of a week of the pilot, from 1."""
    until = pd.Timestamp(charter.start) + pd.Timedelta(weeks=week)
    return read(charter, fidelity=fidelity, store_weeks=store_weeks, until=until)


def read(
    charter: Charter,
    *,
    fidelity: pd.DataFrame,
    store_weeks: pd.DataFrame,
    until: pd.Timestamp,
) -> Guardrails:
    """Read every guardrail of the charter in every pilot store.

    Args:
        charter: The sealed charter.
        fidelity: ``store_id``, ``week``, ``queue_minutes``.
        store_weeks: The reduction: ``store_id``, ``week``, ``revenue``, ``customers``,
            ``basket``, ``identified_share``, of them what the guardrails use.
        until: First Monday that is not read any more.
    """
    treated = charter.assignment.query("arm == 'treated'")["store_id"].to_numpy(str)
    rows, cells = [], []
    for guard in charter.guardrails:
        source = fidelity if guard.metric == "queue_minutes" else store_weeks
        values = _values(charter, guard, source, treated, until=until)
        states = [guard.state(v) if np.isfinite(v) else "unknown" for v in values]
        rows.append(_summary(guard, treated, values, states))
        cells += [(guard.id, *cell) for cell in zip(treated, values, states, strict=True)]
    names = ["id", "name", "state", "n_green", "n_amber", "n_red", "where", "value", "limit"]
    return Guardrails(
        table=pd.DataFrame(rows, columns=[*names, "is_relative"]),
        stores=pd.DataFrame(cells, columns=["id", "store_id", "value", "state"]),
    )


def _values(
    charter: Charter,
    guard: PilotGuardrail,
    source: pd.DataFrame,
    treated: np.ndarray,
    *,
    until: pd.Timestamp,
) -> np.ndarray:
    """The reading per pilot store; relative ones against the weeks before the start.

    A relative reading is divided by that of the control stores, so that a season or a
    price wave that meets everybody is no alarm.
    """
    week = pd.to_datetime(source["week"])
    metric = source.assign(store_id=source["store_id"].astype(str), week=week)
    if guard.metric == "spend":
        money = metric["revenue"].astype(float)
        people = metric["customers"]
        metric = metric.assign(spend=money / people.where(people >= LEAST_CELL))
    recent = metric.loc[(week < until) & (week >= until - pd.Timedelta(weeks=READ_WEEKS))]
    now = recent.groupby("store_id")[guard.metric].mean()
    if guard.is_relative:
        start = pd.Timestamp(charter.start)
        past = metric.loc[(week < start) & (week >= start - pd.Timedelta(weeks=READ_WEEKS * 3))]
        now = now / past.groupby("store_id")[guard.metric].mean()
        control = charter.assignment.query("arm == 'control'")["store_id"]
        now = now / now.reindex(control).mean()
    return now.reindex(treated).to_numpy(float)


def _summary(
    guard: PilotGuardrail, stores: np.ndarray, values: np.ndarray, states: list[str]
) -> tuple[object, ...]:
    known = [state for state in states if state in ORDER]
    counts = [states.count(colour) for colour in ORDER]
    where = [str(s) for s, state in zip(stores, states, strict=True) if state in ("amber", "red")]
    mean = float(np.nanmean(values)) if len(known) else float("nan")
    worst = max(known, key=ORDER.index, default="unknown")
    shown = ", ".join(where) or "–"
    return (guard.id, guard.name, worst, *counts, shown, mean, guard.limit, guard.is_relative)
