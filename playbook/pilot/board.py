"""Weekly board (2.3): is the pilot being carried out, and should we step in?

The board shows what was done and what must not get worse. It does not show the effect:
whoever looks at the outcome every week sees a difference where none is far more often
than promised, and changes the pilot because of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.pilot.board_rules import (
    DONE_GREEN,
    DONE_RED,
    READ_WEEKS,
    advice,
    arrived,
    done,
    judge,
    open_issues,
    worst,
)
from playbook.pilot.charter import Charter
from playbook.pilot.guardrails import Guardrails, colour_words
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number, percent


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
        arrived_share=arrived(charter, store_weeks, until=until),
        done_share=done(charter, fidelity, until=until),
        guardrail=worst(charter, guardrails),
        n_issues=open_issues(charter, issues, until=until),
    )
    has_log = bool(np.isfinite(table["done_share"]).any())
    judged = [judge(row, guardrails, has_log=has_log) for row in table.to_dict("records")]
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
        advice=advice(table),
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
