"""Whether people are ready: the first weak element holds the wave.

Source: ADKAR (Prosci): awareness, desire, knowledge, ability, reinforcement, in this
order; the first element at 3 or below is the barrier, and it is mended first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
from pydantic import Field

from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part
from playbook.text import gettext as _
from playbook.text import name, ngettext, numbers

ELEMENTS = ("awareness", "desire", "knowledge", "ability", "reinforcement")
BARRIER = 3.0
FEWEST = 5  # answers below which a region's means are not shown


def element_words() -> dict[str, str]:
    """The elements in the reader's language."""
    return {
        "awareness": _("Awareness"),
        "desire": _("Desire"),
        "knowledge": _("Knowledge"),
        "ability": _("Ability"),
        "reinforcement": _("Reinforcement"),
    }


class RegionSurvey(Part):
    """Mean answers of one region's staff, 1 to 5."""

    region: str = Field(description="region")
    n: int = Field(ge=0, description="number of anonymous answers")
    awareness: float = Field(ge=1, le=5, description="I know why this is needed")
    desire: float = Field(ge=1, le=5, description="I want to take part")
    knowledge: float = Field(ge=1, le=5, description="I know how to do it")
    ability: float = Field(ge=1, le=5, description="I can do it on an ordinary day")
    reinforcement: float = Field(ge=1, le=5, description="it is noticed when I do it")


class Survey(Document):
    """The anonymous readiness survey."""

    kind: ClassVar[str] = "readiness"

    regions: tuple[RegionSurvey, ...] = Field(min_length=1, description="one entry per region")


@dataclass(frozen=True, kw_only=True, eq=False)
class Readiness(Result):
    """Which region is held back by what.

    Attributes:
        table: One row per region: ``region``, ``n``, the five elements (1 to 5, missing
            where fewer than five people answered), ``barrier`` (an element, or empty).
    """

    table: pd.DataFrame

    @property
    def held(self) -> pd.DataFrame:
        """The regions with a barrier."""
        return self.table[self.table["barrier"] != ""]

    @property
    def headline(self) -> str:
        """Who is held back, in one sentence."""
        if self.held.empty:
            return _("No region is held back.")
        words = element_words()
        where = ", ".join(
            f"{name(row['region'])} ({words[row['barrier']].lower()})"
            for row in self.held.to_dict("records")
        )
        return ngettext(
            "{n} region is held back: {where}.",
            "{n} regions are held back: {where}.",
            len(self.held),
        ).format(n=len(self.held), where=where)

    @property
    def figures(self) -> list[Figure]:
        """The lowest barrier."""
        if self.held.empty:
            return []
        words = element_words()
        rows = [(row[row["barrier"]], row) for row in self.held.to_dict("records")]
        value, row = min(rows, key=lambda pair: pair[0])
        label = _("{region}: {element}").format(
            region=name(row["region"]), element=words[row["barrier"]]
        )
        return [Figure(label, numbers.number(value, 1), _("of 5; 3 or less holds a wave"))]

    @property
    def assumptions(self) -> list[str]:
        """How the barrier is found."""
        return [
            _("The first element at 3 or below is the barrier; those after it cannot be judged."),
            _("Regions with fewer than {n} answers are not shown.").format(n=FEWEST),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per region, names in the reader's language."""
        words = {"": "—", **element_words()}
        return self.table.assign(
            region=self.table["region"].map(name), barrier=self.table["barrier"].map(words)
        )

    def columns(self) -> dict[str, Column]:
        """How the survey is shown."""
        elements = {key: Column(label, "number", 1) for key, label in element_words().items()}
        return {
            "region": Column(_("Region")),
            "n": Column(_("Answers"), "count"),
            **elements,
            "barrier": Column(_("Barrier")),
        }


def readiness(survey: Survey) -> Readiness:
    """Find the barrier of every region."""
    return Readiness(table=pd.DataFrame([_row(region) for region in survey.regions]))


def _row(region: RegionSurvey) -> dict[str, object]:
    values = {element: getattr(region, element) for element in ELEMENTS}
    if region.n < FEWEST:
        hidden = dict.fromkeys(ELEMENTS, float("nan"))
        return {"region": region.region, "n": region.n, **hidden, "barrier": ""}
    barrier = next((element for element in ELEMENTS if values[element] <= BARRIER), "")
    return {"region": region.region, "n": region.n, **values, "barrier": barrier}
