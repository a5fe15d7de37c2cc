"""Weekly board (2.3): is the pilot being carried out, and should we step in?

The board shows what was done and what must not get worse. It does not show the effect:
whoever looks at the outcome every week sees a difference where none is far more often
than promised, and changes the pilot because of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.pilot.charter import Charter
from playbook.pilot.guardrails import Guardrails, colour_words
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date, number, percent

DONE_GREEN = 0.70
DONE_RED = 0.50
READ_WEEKS = 4
WEAK_STORES_STOP = 0.5  # share of red stores from which the pilot is not carried out

Advice = Literal["continue", "fix", "stop"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Board(Result):
    """The pilot's stores in one week.

    Attributes:
        table: One row per store of the pilot: ``store_id``, ``arm``, ``block``,
            ``arrived_share`` (weeks with data since the start), ``done_share`` (last weeks;
            missing for control stores), ``guardrail`` (worst colour), ``n_issues`` open,
            ``state`` (``green``, ``amber``, ``red``), ``reason``.
        week: Weeks since the start.
        weeks: Length of the pilot.
        burn_in_weeks: Weeks that do not count.
        next_look: Week after which the outcome is read next.
        advice: ``continue``, ``fix`` or ``stop``, by rule.
        has_log: Whether anybody keeps a checklist.
    """

    table: pd.DataFrame
    week: int
    weeks: int
    burn_in_weeks: int
    next_look: int
    advice: str
    has_log: bool

    def in_state(self, state: str) -> list[str]:
        """Stores with a colour."""
        return [str(one) for one in self.table.loc[self.table["state"] == state, "store_id"]]

    @property
    def weak(self) -> list[str]:
        """Pilot stores that carry out less than half."""
        return [str(one) for one in self.table.loc[self.table["done_share"] < DONE_RED, "store_id"]]

    @property
    def headline(self) -> str:
        """What to do, and why."""
        n_red, n_amber = len(self.in_state("red")), len(self.in_state("amber"))
        match self.advice:
            case "continue":
                return _("Week {week} of {weeks}: the pilot is being carried out; go on.").format(
                    week=self.week, weeks=self.weeks
                )
            case "stop":
                return _(
                    "Week {week} of {weeks}, stores in red: {red}. This is not the pilot that was "
                    "agreed: stop it, mend it, start again."
                ).format(week=self.week, weeks=self.weeks, red=number(n_red))
            case _:
                return _(
                    "Week {week} of {weeks}: go on and step in; stores in red: {red}, in amber: "
                    "{amber}."
                ).format(week=self.week, weeks=self.weeks, red=number(n_red), amber=number(n_amber))

    @property
    def figures(self) -> list[Figure]:
        """Carried out, data arrived, next look."""
        treated = self.table.loc[self.table["arm"] == "treated"]
        return [
            Figure(
                _("Carried out"),
                percent(float(treated["done_share"].mean())),
                _("last {n} weeks").format(n=READ_WEEKS),
            ),
            Figure(
                _("Data arrived"),
                percent(float(self.table["arrived_share"].mean())),
                _("of store-weeks since the start"),
            ),
            Figure(
                _("Outcome is read after week"),
                number(self.next_look),
                _("not before"),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """The stores below one half, by name."""
        if not self.has_log:
            return [_("No checklist is kept: whether the pilot is carried out is not known.")]
        if not self.weak:
            return []
        words = ngettext(
            "{n} pilot store carries out less than half of the change: {stores}.",
            "{n} pilot stores carry out less than half of the change: {stores}.",
            len(self.weak),
        )
        return [words.format(n=number(len(self.weak)), stores=", ".join(self.weak))]

    @property
    def assumptions(self) -> list[str]:
        """The rule of the colours, and why no effect is shown."""
        return [
            _(
                "Red: less than {low} carried out, a week without data, or a guardrail in red. "
                "Amber: less than {high}, or a guardrail in amber. The colour follows the rule, "
                "not the mood."
            ).format(low=percent(DONE_RED), high=percent(DONE_GREEN)),
            _(
                "The effect is not shown here. Whoever looks every week finds a difference in "
                "up to 30 of 100 pilots where nothing was changed, instead of in 5."
            ),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per store, the worst first."""
        order = self.table["state"].map({"red": 0, "amber": 1, "green": 2})
        return self.table.assign(order=order).sort_values(
            ["order", "arm", "block"], ascending=[True, False, True], ignore_index=True
        )

    def columns(self) -> Mapping[str, Column]:
        """How stores are shown."""
        from playbook.pilot.zone_result import arms

        return {
            "store_id": Column(_("Store")),
            "arm": Column(_("Arm"), words=arms()),
            "block": Column(_("Pair")),
            "state": Column(_("Colour"), words=colour_words()),
            "reason": Column(_("Reason")),
            "done_share": Column(_("Carried out"), "share"),
            "arrived_share": Column(_("Data arrived"), "share"),
            "n_issues": Column(_("Open issues"), "count"),
        }


def board(
    charter: Charter,
    *,
    week: int,
    fidelity: pd.DataFrame,
    store_weeks: pd.DataFrame,
    issues: pd.DataFrame,
    guardrails: Guardrails,
) -> Board:
    """The board after ``week`` weeks of the pilot.

    Args:
        charter: The sealed charter.
        week: Weeks since the start, from 1.
        fidelity: ``store_id``, ``week``, ``done_share``.
        store_weeks: ``store_id``, ``week``: a row where data arrived.
        issues: The issue log: ``store_id`` (missing: all stores), ``opened``, ``closed``,
            ``severity``.
        guardrails: Read up to the same week.

    Raises:
        PlaybookError: The week is not one of the pilot's.
    """
    if not 1 <= week <= charter.weeks:
        raise PlaybookError(
            _("The pilot has weeks 1 to {last}; week {week} is asked for.").format(
                last=charter.weeks, week=week
            )
        )
    until = pd.Timestamp(charter.start) + pd.Timedelta(weeks=week)
    table = charter.assignment.assign(
        arrived_share=_arrived(charter, store_weeks, until=until),
        done_share=_done(charter, fidelity, until=until),
        guardrail=_worst(charter, guardrails),
        n_issues=_open_issues(charter, issues, until=until),
    )
    has_log = bool(np.isfinite(table["done_share"]).any())
    judged = [_judge(row, guardrails, has_log=has_log) for row in table.to_dict("records")]
    table = table.assign(
        state=[state for state, _reason in judged], reason=[reason for _state, reason in judged]
    )
    looks = [look for look in charter.looks_weeks if look >= week]
    return Board(
        table=table,
        week=week,
        weeks=charter.weeks,
        burn_in_weeks=charter.burn_in_weeks,
        next_look=min(looks, default=charter.weeks),
        advice=_advice(table),
        has_log=has_log,
    )


def step_in_question(shown: Board) -> dict[str, Any]:
    """The decision that page 07 asks for; what the rule advises stands first."""
    words = {
        "continue": _("Go on as it is"),
        "fix": _("Go on and step in"),
        "stop": _("Stop early"),
    }
    first = words.pop(shown.advice)
    return {
        "question": _("Do we step in this week?"),
        "options": [first, *words.values()],
    }


def _arrived(charter: Charter, store_weeks: pd.DataFrame, *, until: pd.Timestamp) -> np.ndarray:
    """Per store: share of the weeks since the start that have data."""
    week = pd.to_datetime(store_weeks["week"])
    since = store_weeks.loc[(week >= pd.Timestamp(charter.start)) & (week < until)]
    have = since.groupby(since["store_id"].astype(str))["week"].nunique()
    n = (until - pd.Timestamp(charter.start)).days // 7
    return have.reindex(charter.assignment["store_id"]).fillna(0).to_numpy(float) / n


def _done(charter: Charter, fidelity: pd.DataFrame, *, until: pd.Timestamp) -> np.ndarray:
    """Per pilot store: share carried out in the last weeks; missing for control stores."""
    week = pd.to_datetime(fidelity["week"])
    recent = fidelity.loc[(week < until) & (week >= until - pd.Timedelta(weeks=READ_WEEKS))]
    done = recent.groupby(recent["store_id"].astype(str))["done_share"].mean()
    known = done.reindex(charter.assignment["store_id"]).to_numpy(float)
    is_treated = (charter.assignment["arm"] == "treated").to_numpy()
    return np.where(is_treated, known, np.nan)


def _worst(charter: Charter, guardrails: Guardrails) -> list[str]:
    """Per store: the worst colour of its guardrails."""
    order = ["unknown", "green", "amber", "red"]
    worst = guardrails.stores.groupby("store_id")["state"].agg(lambda s: max(s, key=order.index))
    return [str(worst.get(store, "unknown")) for store in charter.assignment["store_id"]]


def _open_issues(charter: Charter, issues: pd.DataFrame, *, until: pd.Timestamp) -> np.ndarray:
    """Per store: issues of its own that are open at the end of the week."""
    is_open = (pd.to_datetime(issues["opened"]) < until) & ~(
        pd.to_datetime(issues["closed"]) < until
    )
    own = issues.loc[is_open & issues["store_id"].notna(), "store_id"].astype(str).value_counts()
    return own.reindex(charter.assignment["store_id"]).fillna(0).to_numpy(int)


def _judge(
    row: Mapping[Hashable, Any], guardrails: Guardrails, *, has_log: bool
) -> tuple[str, str]:
    """Colour and reason of one store."""
    arrived, done = float(row["arrived_share"]), float(row["done_share"])
    is_treated = row["arm"] == "treated"
    names = _guard_names(str(row["store_id"]), guardrails)
    checks = [
        (arrived < 1, "red", _("{share} of the weeks have data").format(share=percent(arrived))),
        (is_treated and has_log and np.isnan(done), "red", _("no checklist")),
        (
            is_treated and done < DONE_RED,
            "red",
            _("{share} carried out").format(share=percent(done)),
        ),
        (row["guardrail"] == "red", "red", names),
        (
            is_treated and DONE_RED <= done < DONE_GREEN,
            "amber",
            _("{share} carried out").format(share=percent(done)),
        ),
        (row["guardrail"] == "amber", "amber", names),
    ]
    fired = [(state, reason) for is_so, state, reason in checks if is_so]
    if not fired:
        return "green", ""
    state = "red" if any(one == "red" for one, _reason in fired) else "amber"
    return state, "; ".join(reason for _state, reason in fired)


def _guard_names(store: str, guardrails: Guardrails) -> str:
    """The guardrails of a store that are not in green, with their readings."""
    own = guardrails.stores.loc[
        (guardrails.stores["store_id"] == store) & guardrails.stores["state"].isin(["amber", "red"])
    ]
    rows = guardrails.table.set_index("id")
    return ", ".join(
        f"{rows.loc[one, 'name']}: "
        + (percent(value, 1) if bool(rows.loc[one, "is_relative"]) else number(value, 1))
        for one, value in zip(own["id"], own["value"], strict=True)
    )


def _advice(table: pd.DataFrame) -> Advice:
    treated = table.loc[table["arm"] == "treated"]
    if (treated["state"] == "red").mean() >= WEAK_STORES_STOP:
        return "stop"
    return "continue" if (table["state"] == "green").all() else "fix"


@dataclass(frozen=True, kw_only=True, eq=False)
class IssueLog(Result):
    """What went wrong and was changed, newest first.

    Attributes:
        table: ``issue_id``, ``opened``, ``store_id``, ``kind``, ``severity``, ``text``,
            ``owner``, ``closed``; only what was known on the day of the board.
        day: The day of the board.
    """

    table: pd.DataFrame
    day: pd.Timestamp

    @property
    def headline(self) -> str:
        """How many issues are open, how long the oldest has been."""
        is_open = self.table["closed"].isna()
        if not is_open.any():
            return _("No issue is open.")
        oldest = pd.to_datetime(self.table.loc[is_open, "opened"]).min()
        words = ngettext(
            "{n} issue is open; the oldest since {day}.",
            "{n} issues are open; the oldest since {day}.",
            int(is_open.sum()),
        )
        return words.format(n=number(int(is_open.sum())), day=date(oldest.date()))

    def to_frame(self) -> pd.DataFrame:
        """Open issues first, then the closed ones."""
        return self.table

    def columns(self) -> Mapping[str, Column]:
        """How issues are shown."""
        return {
            "opened": Column(_("Opened"), "date"),
            "store_id": Column(_("Store")),
            "severity": Column(_("Severity"), words=severity_words()),
            "text": Column(_("What happened"), "name"),
            "owner": Column(_("Owner"), "name"),
            "closed": Column(_("Closed"), "date"),
        }


def severity_words() -> dict[str, str]:
    """The words for severities."""
    return {"high": _("high"), "medium": _("medium"), "low": _("low")}


def no_issues() -> pd.DataFrame:
    """An empty issue log, where nobody kept one."""
    names = ["issue_id", "opened", "store_id", "kind", "severity", "text", "owner", "closed"]
    return pd.DataFrame({one: pd.Series(dtype=object) for one in names})


def issue_log(charter: Charter, issues: pd.DataFrame, *, week: int) -> IssueLog:
    """The issue log as it was known at the end of a week; open issues first."""
    until = pd.Timestamp(charter.start) + pd.Timedelta(weeks=week)
    opened, closed = pd.to_datetime(issues["opened"]), pd.to_datetime(issues["closed"])
    known = issues.assign(opened=opened, closed=closed.where(closed < until))
    known = known.loc[opened < until].assign(store_id=known["store_id"].fillna(_("all")))
    rank = known["severity"].map({"high": 0, "medium": 1, "low": 2})
    ordered = known.assign(is_closed=known["closed"].notna(), rank=rank).sort_values(
        ["is_closed", "rank", "opened"], ignore_index=True
    )
    return IssueLog(table=ordered.drop(columns=["is_closed", "rank"]), day=until)
