"""Initiatives and what the room thinks of them: estimates, votes, comparisons, all anonymous."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from playbook.engagement.documents import Document, Part, Words
from playbook.text import gettext as _

Criterion = Literal["value", "urgency", "risk", "ease"]
CRITERIA: tuple[Criterion, ...] = ("value", "urgency", "risk", "ease")
IMPACTS = (0.25, 0.5, 1.0, 2.0, 3.0)
FEWEST_VOTERS = 5


class Initiative(Part):
    """Something the company could do, with the money its analyst counts on."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name, such as i1")
    title: Words = Field(min_length=1, description="what people call it")
    what: Words = Field(default="", description="what will be done, in one sentence")
    customers: float | None = Field(default=None, ge=0, description="customers kept or won a year")
    worth: float | None = Field(default=None, description="contribution of one of them, money")
    cost: float | None = Field(default=None, ge=0, description="what it costs a year, money")

    @property
    def gain(self) -> float | None:
        """Money that is left a year: customers × worth − cost; nothing when not counted."""
        if self.customers is None or self.worth is None or self.cost is None:
            return None
        return self.customers * self.worth - self.cost


class Estimate(Part):
    """What one voter thinks of one initiative."""

    initiative: str = Field(min_length=1, description="id of the initiative")
    reach: float = Field(ge=0, description="customers it touches a year")
    impact: float = Field(ge=0, description="3, 2, 1, 0.5 or 0.25")
    confidence: float = Field(ge=0, description="1, 0.8 or 0.5")
    effort: float = Field(ge=0, description="person-months")
    value: float = Field(ge=0, description="worth to the company, 1 to 20")
    urgency: float = Field(ge=0, description="what waiting costs, 1 to 20")
    risk: float = Field(ge=0, description="risk it takes away or chance it opens, 1 to 20")
    size: float = Field(ge=0, description="size of the job, 1 to 20")


class Comparison(Part):
    """How much more one criterion counts than another, by one voter."""

    more: Criterion = Field(description="the criterion that counts more")
    less: Criterion = Field(description="the criterion that counts less")
    times: float = Field(gt=0, description="how many times more, 1 to 9")


class Ballot(Part):
    """Everything one anonymous voter handed in."""

    voter: str = Field(pattern=r"^[a-z0-9_]+$", description="a number, never a name")
    estimates: tuple[Estimate, ...] = ()
    votes: dict[str, int] = Field(
        default_factory=dict, description="initiative to votes; n votes cost n² credits"
    )
    comparisons: tuple[Comparison, ...] = ()

    @property
    def credits(self) -> int:
        """Credits spent: the sum of the squares of the votes."""
        return sum(n * n for n in self.votes.values())


class Initiatives(Document):
    """The long list of initiatives and the ballots of the room."""

    kind: ClassVar[str] = "initiatives"
    version: ClassVar[int] = 1

    initiatives: tuple[Initiative, ...] = Field(min_length=2)
    credits: int = Field(default=100, gt=0, description="credits each voter may spend")
    ballots: tuple[Ballot, ...] = ()

    def by_id(self) -> dict[str, Initiative]:
        """The initiatives by their id."""
        return {initiative.id: initiative for initiative in self.initiatives}


def criterion_words() -> dict[Criterion, str]:
    """Names of the criteria in the reader's language."""
    return {
        "value": _("worth"),
        "urgency": _("urgency"),
        "risk": _("risk taken away"),
        "ease": _("ease"),
    }


def question() -> dict[str, Any]:
    """What the room decides on this page."""
    return {
        "question": _("Which initiatives go into the pilot, and which date do we promise?"),
        "options": (
            _("The shortlist, with the date that holds in four cases of five"),
            _("The shortlist, but with another date"),
            _("Another shortlist"),
        ),
    }
