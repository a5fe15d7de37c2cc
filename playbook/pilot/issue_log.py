"""Issue log (2.3): what went wrong, what was changed, who sees to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.pilot.charter import Charter
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import date, number


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
