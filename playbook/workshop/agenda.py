"""The agenda of a leadership session: what happens when, who is there, what is cut when late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import pandas as pd
from pydantic import Field

from playbook.display import html
from playbook.display.findings import Finding, Findings, findings
from playbook.display.html import Figure
from playbook.display.live import Live, Slider
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

Function = Literal["leadership", "operations", "marketing", "data", "hr", "finance", "stores"]
NEEDED: tuple[Function, ...] = (
    "leadership", "operations", "marketing", "data", "hr", "finance", "stores",
)  # fmt: skip


class Seat(Part):
    """One person at the table, by role."""

    role: Words = Field(min_length=1, description="the role, not the name")
    function: Function = Field(description="the part of the company this person speaks for")


class Block(Part):
    """One block of the session."""

    title: Words = Field(min_length=1, description="what happens")
    minutes: int = Field(gt=0, description="planned length")
    notebook: str = Field(default="", description="number of the notebook that is open, such as 02")
    exercise: Words = Field(default="", description="what the room does")
    output: Words = Field(default="", description="what is there when the block ends")
    shortest: int | None = Field(
        default=None, ge=0, description="minutes to which it may shrink; empty: never cut"
    )


class Agenda(Document):
    """A session: its blocks, its seats, its start."""

    kind: ClassVar[str] = "agenda"
    version: ClassVar[int] = 1

    date: dt.date = Field(description="day of the session")
    start: dt.time = Field(description="first minute, as 10:00")
    minutes: int = Field(default=120, gt=0, description="length of the session")
    blocks: tuple[Block, ...] = Field(min_length=1)
    seats: tuple[Seat, ...] = ()


def function_words() -> dict[Function, str]:
    """Names of the functions in the reader's language."""
    return {
        "leadership": _("leadership"),
        "operations": _("operations"),
        "marketing": _("marketing"),
        "data": _("IT and data"),
        "hr": _("HR"),
        "finance": _("finance"),
        "stores": _("stores"),
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class Session(Result):
    """The session as it will run.

    Attributes:
        blocks: One row per block: ``start`` and ``end`` (minutes from the start of the
            session), ``title``, ``notebook``, ``exercise``, ``output``, ``minutes``,
            ``cut`` (minutes taken from it).
        date: Day of the session.
        start: First minute of the session.
        missing: Functions that nobody speaks for.
        n_seats: People at the table.
        overrun: Minutes by which the session is too long even with everything cut.
    """

    blocks: pd.DataFrame
    date: dt.date
    start: dt.time
    missing: tuple[Function, ...]
    n_seats: int
    overrun: int

    def clock(self, minutes: float) -> str:
        """A minute of the session on the clock."""
        begin = dt.datetime.combine(self.date, self.start)
        return f"{begin + dt.timedelta(minutes=float(minutes)):%H:%M}"

    @property
    def headline(self) -> str:
        """How long it takes and who is missing."""
        end = float(self.blocks["end"].max())
        told = _("From {start} to {end} on {date}, {n} blocks.").format(
            start=self.clock(0),
            end=self.clock(end),
            date=numbers.date(self.date),
            n=numbers.number(len(self.blocks)),
        )
        if not self.missing:
            return f"{told} " + _("Every function is at the table.")
        words = _("Nobody speaks for {names}.")
        names = function_words()
        return f"{told} " + words.format(names=", ".join(names[key] for key in self.missing))

    @property
    def figures(self) -> list[Figure]:
        """Seats and functions."""
        covered = len(NEEDED) - len(self.missing)
        return [
            Figure(_("People at the table"), numbers.number(self.n_seats)),
            Figure(
                _("Functions covered"),
                _("{n} of {all}").format(n=covered, all=len(NEEDED)),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """What must be done about missing functions and missing time."""
        told = []
        if self.missing:
            told.append(_("Invite the missing function or name who will speak for it and tell it."))
        if self.overrun > 0:
            words = ngettext(
                "Even with every cut the session is {n} minute too long.",
                "Even with every cut the session is {n} minutes too long.",
                self.overrun,
            )
            told.append(words.format(n=numbers.number(self.overrun)))
        return told

    def to_frame(self) -> pd.DataFrame:
        """One row per block with its time on the clock."""
        clock = [self.clock(start) for start in self.blocks["start"]]
        texts = {
            key: self.blocks[key].replace("", None) for key in ("notebook", "exercise", "output")
        }
        return self.blocks.assign(clock=clock, **texts)

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "clock": Column(_("Time")),
            "minutes": Column(_("Minutes"), "count"),
            "title": Column(_("Block")),
            "notebook": Column(_("Notebook")),
            "exercise": Column(_("What the room does")),
            "output": Column(_("What is there afterwards")),
        }


def session(agenda: Agenda, *, minutes_late: int = 0) -> Session:
    """The session on the clock, shortened by the cut list when it runs late.

    Blocks shrink from the end of the agenda to its beginning, each down to its shortest
    length; blocks without one are never cut.

    Args:
        agenda: The agenda.
        minutes_late: Minutes that are lost.
    """
    planned = [block.minutes for block in agenda.blocks]
    too_long = max(0, sum(planned) + minutes_late - agenda.minutes)
    cuts = [0] * len(planned)
    for i in reversed(range(len(planned))):
        shortest = agenda.blocks[i].shortest
        if shortest is not None:
            cuts[i] = min(max(0, planned[i] - shortest), too_long)
            too_long -= cuts[i]
    lengths = pd.Series(planned) - pd.Series(cuts)
    ends = lengths.cumsum() + minutes_late
    frame = pd.DataFrame(
        {
            "start": ends - lengths,
            "end": ends,
            "title": [block.title for block in agenda.blocks],
            "notebook": [block.notebook for block in agenda.blocks],
            "exercise": [block.exercise for block in agenda.blocks],
            "output": [block.output for block in agenda.blocks],
            "minutes": lengths,
            "cut": cuts,
        }
    )
    covered = {seat.function for seat in agenda.seats}
    return Session(
        blocks=frame[frame["minutes"] > 0].reset_index(drop=True),
        date=agenda.date,
        start=agenda.start,
        missing=tuple(function for function in NEEDED if function not in covered),
        n_seats=len(agenda.seats),
        overrun=too_long,
    )


def check(agenda: Agenda) -> Findings:
    """Check the length of the session and what it leaves behind."""
    return findings(_("Agenda"), n_checked=len(agenda.blocks), items=list(_check(agenda)))


def _check(agenda: Agenda) -> Iterator[Finding]:
    total = sum(block.minutes for block in agenda.blocks)
    if total != agenda.minutes:
        yield Finding(
            rule="length",
            severity="error" if total > agenda.minutes else "hint",
            where=_("The whole session"),
            problem=_("The blocks take {total} minutes, the session has {minutes}.").format(
                total=numbers.number(total), minutes=numbers.number(agenda.minutes)
            ),
            advice=_("Shorten a block or lengthen the session."),
        )
    if not agenda.blocks[-1].output:
        yield Finding(
            rule="no_close",
            severity="warning",
            where=agenda.blocks[-1].title,
            problem=_("The last block leaves nothing behind."),
            advice=_("End with decisions, owners and dates on paper."),
        )


def late_live(agenda: Agenda) -> Live:
    """The agenda with a slider: what is cut when the session runs late."""

    def answer(*, late: float) -> str:
        run = session(agenda, minutes_late=round(late))
        cut = run.blocks[run.blocks["cut"] > 0]
        n = round(late)
        if late == 0:
            told = _("In time: nothing is cut.")
        elif cut.empty:
            told = ngettext(
                "{n} minute late: nothing can be cut.", "{n} minutes late: nothing can be cut.", n
            )
        else:
            parts = [
                _("“{title}” to {n} minutes").format(title=row["title"], n=int(row["minutes"]))
                for row in cut.to_dict("records")
            ]
            words = ngettext(
                "{n} minute late: shorten {parts}.", "{n} minutes late: shorten {parts}.", n
            )
            told = words.replace("{parts}", ", ".join(parts))
        told = told.format(n=numbers.number(late))
        return html.headline(told) + html.bullets(run.warnings[len(run.missing) > 0 :], "warn")

    return Live(answer, {"late": Slider(_("Minutes late"), 10, 0, 40, 5, "count")})
