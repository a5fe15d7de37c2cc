"""The organisation before and after: posts, spans, cost, and who may decide what.

Decision rights after Rogers & Blenko (RAPID): recommend, agree, perform, input, decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pandas as pd
from pydantic import Field, model_validator

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import bars
from playbook.display.findings import Finding, Findings, findings
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.text import gettext as _
from playbook.text.numbers import money_short, number

Part_ = Literal["recommend", "agree", "perform", "input", "decide"]
PARTS: tuple[Part_, ...] = ("recommend", "agree", "perform", "input", "decide")
WIDEST_SPAN = 15  # direct reports of one person; above it nobody is led any more


class Unit(Part):
    """A unit of the organisation."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name of the unit")
    name: Words = Field(min_length=1, description="its name")


class Post(Part):
    """A kind of post, with how many of it there are before and after."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name of the post")
    title: Words = Field(min_length=1, description="what people call it")
    unit: str = Field(description="id of its unit")
    reports_to: str = Field(
        default="", description="id of the post it reports to; empty at the top"
    )
    n_now: float = Field(ge=0, description="posts today")
    n_next: float = Field(ge=0, description="posts after the change")
    cost: float = Field(ge=0, description="money for one post and year, with all charges")


class DecisionRight(Part):
    """One decision and the posts that take part in it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name of the decision")
    name: Words = Field(min_length=1, description="what is decided")
    recommend: tuple[str, ...] = Field(default=(), description="who proposes")
    agree: tuple[str, ...] = Field(default=(), description="who must agree and may stop it")
    perform: tuple[str, ...] = Field(default=(), description="who carries it out")
    input: tuple[str, ...] = Field(default=(), description="who is asked")
    decide: tuple[str, ...] = Field(default=(), description="the one who decides")

    def people(self) -> Iterator[tuple[Part_, str]]:
        """Every part with every post that has it."""
        for part in PARTS:
            yield from ((part, post) for post in getattr(self, part))


class Organisation(Document):
    """Units, posts before and after the change, and decision rights after it."""

    kind: ClassVar[str] = "organisation"
    version: ClassVar[int] = 1

    units: tuple[Unit, ...] = Field(min_length=1, description="the units")
    posts: tuple[Post, ...] = Field(min_length=1, description="the posts")
    decisions: tuple[DecisionRight, ...] = Field(
        default=(), description="decisions that matter for customers"
    )

    @model_validator(mode="after")
    def _refer_to_what_exists(self) -> Organisation:
        units, posts = {unit.id for unit in self.units}, {post.id for post in self.posts}
        strangers = [
            *(
                _("post {post}: unit {unit} is not in the list").format(post=p.id, unit=p.unit)
                for p in self.posts
                if p.unit not in units
            ),
            *(
                _("post {post}: reports to {boss}, which is no post").format(
                    post=p.id, boss=p.reports_to
                )
                for p in self.posts
                if p.reports_to and p.reports_to not in posts
            ),
        ]
        if strangers:
            raise ValueError("; ".join(strangers))
        return self


@dataclass(frozen=True, kw_only=True, eq=False)
class Structure(Result):
    """Posts, spans and cost before and after.

    Attributes:
        posts: One row per kind of post: ``id``, ``title``, ``unit``, ``reports_to`` (title),
            ``n_now``, ``n_next``, ``change``, ``cost_change`` (money a year), ``span_now``,
            ``span_next`` (direct reports of one of them).
        span_check: Spans that are too wide.
    """

    posts: pd.DataFrame
    span_check: Findings

    @property
    def cost_change(self) -> float:
        """Money a year that the new structure costs more."""
        return float(self.posts["cost_change"].sum())

    @property
    def n_change(self) -> float:
        """Posts that are added, less those that go."""
        return float(self.posts["change"].sum())

    @property
    def headline(self) -> str:
        """Posts before and after, and the money between."""
        if self.n_change == 0 and self.cost_change == 0:
            return _("The structure stays as it is.")
        words = _("Posts: {now} today, {next} after the change; cost {cost} a year.")
        return words.format(
            now=number(float(self.posts["n_now"].sum())),
            next=number(float(self.posts["n_next"].sum())),
            cost=money_short(self.cost_change, signed=True),
        )

    @property
    def figures(self) -> list[Figure]:
        """Posts before and after, cost of the change."""
        return [
            Figure(_("Posts today"), number(float(self.posts["n_now"].sum()))),
            Figure(_("Posts after"), number(float(self.posts["n_next"].sum()))),
            Figure(_("Cost a year"), money_short(self.cost_change, signed=True)),
        ]

    @property
    def warnings(self) -> list[str]:
        """Spans that are too wide."""
        return [f"{item.where}: {item.problem}" for item in self.span_check.items]

    def to_frame(self) -> pd.DataFrame:
        """One row per kind of post."""
        return self.posts

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "title": Column(_("Post")),
            "unit": Column(_("Unit")),
            "reports_to": Column(_("Reports to")),
            "n_now": Column(_("Today"), "count"),
            "n_next": Column(_("After"), "count"),
            "span_now": Column(_("Leads today"), "number", 1),
            "span_next": Column(_("Leads after"), "number", 1),
            "cost_change": Column(_("Cost a year"), "money_short"),
        }

    @property
    def assumptions(self) -> list[str]:
        """What a span is."""
        return [
            _("Leads: posts that report to one person of this kind, on average."),
            _("More than {n} direct reports are called too many.").format(n=WIDEST_SPAN),
        ]

    def plot(self) -> Chart:
        """Draw what each changed post adds to the yearly cost."""
        changed = self.posts[self.posts["cost_change"] != 0].sort_values(
            "cost_change", ascending=False
        )
        words = _("{title}: {now}\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}{next}")
        labels = [
            words.format(title=r["title"], now=number(r["n_now"]), next=number(r["n_next"]))
            for r in changed.to_dict("records")
        ]
        return bars(
            changed.assign(label=labels),
            category="label",
            value="cost_change",
            title=self.headline,
            subtitle=_("Cost a year that is added, by post"),
            unit="money_short",
            hue=theme.TREATED,
        )


def structure(organisation: Organisation) -> Structure:
    """Compare the structure before and after."""
    titles = {post.id: post.title for post in organisation.posts}
    units = {unit.id: unit.name for unit in organisation.units}
    frame = pd.DataFrame([post.model_dump() for post in organisation.posts])
    spans = {f"span_{when}": _spans(frame, count=f"n_{when}") for when in ("now", "next")}
    frame = frame.assign(
        unit=frame["unit"].map(units),
        reports_to=frame["reports_to"].map(titles),
        change=frame["n_next"] - frame["n_now"],
        cost_change=(frame["n_next"] - frame["n_now"]) * frame["cost"],
        **spans,
    )
    columns = ["id", "title", "unit", "reports_to", "n_now", "n_next", "change", "cost_change"]
    return Structure(
        posts=frame[[*columns, "span_now", "span_next"]],
        span_check=findings(_("Structure"), n_checked=len(frame), items=_wide_spans(frame)),
    )


def _spans(frame: pd.DataFrame, *, count: str) -> pd.Series:
    """Direct reports of one person of each post; missing where nobody reports or is there."""
    led = frame.groupby("reports_to")[count].sum()
    people = frame[count].where(frame[count] > 0)
    spans = frame["id"].map(led) / people
    return spans.where(spans > 0)


def _wide_spans(frame: pd.DataFrame) -> Iterator[Finding]:
    for row in frame[frame["span_next"] > WIDEST_SPAN].to_dict("records"):
        problem = _("One person leads {n} others after the change; {most} is the most.")
        yield Finding(
            rule="wide_span",
            severity="warning",
            where=str(row["title"]),
            problem=problem.format(n=number(row["span_next"]), most=WIDEST_SPAN),
            advice=_("Add a level of leaders, or spread the posts over more of them."),
        )


def question() -> dict[str, Any]:
    """The decision of the page: its question and the choices."""
    return {
        "question": _("Is the organisation ready for the rollout?"),
        "options": (
            _("Yes: structure, rights and bonus hold as shown"),
            _("After the points to mend are mended"),
            _("No: the pilot's team goes on without a new structure"),
        ),
    }
