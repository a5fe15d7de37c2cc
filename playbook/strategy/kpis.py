"""KPI cards: one formula, one owner, one known way to cheat each, and a list to retire.

Fields after Parmenter and the practice of KPI templates (method 2.10); counter-metric,
known gaming and retire date are added to them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import pandas as pd
from pydantic import Field

from playbook.display.findings import Findings
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

Measure = Literal["share", "score", "money", "count", "minutes", "number"]
Direction = Literal["up", "down"]


class KpiCard(Part):
    """The definition of one KPI; what is not known yet stays empty, and the check says so."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name used by goals")
    name: Words = Field(min_length=1, description="the name people use")
    question: Words = Field(default="", description="the business question it answers")
    formula: Words = Field(default="", description="how it is computed, with its window")
    grain: Words = Field(default="", description="per what: shop and week, customer, month")
    source: Words = Field(default="", description="the system and table it comes from")
    includes: Words = Field(default="", description="what counts")
    excludes: Words = Field(default="", description="what does not count")
    gaps: Words = Field(default="", description="what happens with missing values")
    owner: Words = Field(default="", description="the one role that answers for it")
    cadence: Literal["", "weekly", "monthly", "quarterly", "yearly"] = ""
    direction: Direction = Field(description="which way is better")
    nature: Literal["leading", "lagging"] = "lagging"
    unit: Measure = Field(default="share", description="shares are written 0 to 1")
    green: float | None = Field(default=None, description="good from here on")
    red: float | None = Field(default=None, description="bad from here on")
    caveats: Words = Field(default="", description="what a reader must know")
    counter_metric: str = Field(default="", description="id of the KPI that would pay for cheating")
    gaming: Words = Field(default="", description="the known way to make it look better")
    status: Literal["live", "retire"] = "live"
    retire_date: dt.date | None = Field(default=None, description="last day of a retired KPI")


class Kpis(Document):
    """The KPI dictionary of a company."""

    kind: ClassVar[str] = "kpis"
    version: ClassVar[int] = 1

    cards: tuple[KpiCard, ...] = Field(min_length=1)

    def by_id(self) -> dict[str, KpiCard]:
        """The cards by their id; of two cards with one id the first."""
        return {card.id: card for card in reversed(self.cards)}


def written(value: float | None, unit: Measure, *, signed: bool = False) -> str:
    """A value of a KPI as the reader writes it."""
    match unit:
        case "share":
            return numbers.percent(value, 1, signed=signed)
        case "money":
            return numbers.money(value, signed=signed)
        case "count":
            return numbers.number_short(value)
        case "minutes":
            text = numbers.number(value, 1, signed=signed)
            return _("{n} min").format(n=text) if value is not None else text
        case "score":
            return numbers.number(value, 0, signed=signed)
        case _:
            return numbers.number(value, 2, signed=signed)


@dataclass(frozen=True, kw_only=True, eq=False)
class KpiDictionary(Result):
    """The KPIs in force and those to retire, ready for goals, boards and the cockpit.

    Attributes:
        kpis: The cards.
        n_to_mend: How many things the check wants mended.
    """

    kpis: Kpis
    n_to_mend: int

    @property
    def headline(self) -> str:
        """How many KPIs live and how many go."""
        live, retired = self._counts()
        kept = ngettext("{n} KPI stays in force", "{n} KPIs stay in force", live)
        gone = ngettext("{n} retires", "{n} retire", retired)
        return _("{kept}; {gone}.").format(
            kept=kept.format(n=numbers.number(live)), gone=gone.format(n=numbers.number(retired))
        )

    def _counts(self) -> tuple[int, int]:
        live = sum(card.status == "live" for card in self.kpis.cards)
        return live, len(self.kpis.cards) - live

    def to_frame(self) -> pd.DataFrame:
        """One row per card: name, question, formula, owner, cadence, nature, gaming, fate."""
        natures = {"leading": _("leading"), "lagging": _("lagging")}
        cadences = _cadences()
        return pd.DataFrame(
            {
                "name": card.name,
                "formula": card.formula or None,
                "owner": card.owner or None,
                "cadence": cadences[card.cadence] or None,
                "nature": natures[card.nature],
                "gaming": card.gaming or None,
                "fate": _fate(card),
            }
            for card in self.kpis.cards
        )

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "name": Column(_("KPI")),
            "formula": Column(_("Formula")),
            "owner": Column(_("Owner")),
            "cadence": Column(_("Read")),
            "nature": Column(_("Leads or lags")),
            "gaming": Column(_("Known way to cheat")),
            "fate": Column(_("Fate")),
        }


def _cadences() -> dict[str, str]:
    return {
        "": "",
        "weekly": _("weekly"),
        "monthly": _("monthly"),
        "quarterly": _("quarterly"),
        "yearly": _("yearly"),
    }


def _fate(card: KpiCard) -> str:
    if card.status == "live":
        return _("in force")
    if card.retire_date is None:
        return _("retires")
    return _("retires on {date}").format(date=numbers.date(card.retire_date))


def dictionary(kpis: Kpis, *, checked: Findings) -> KpiDictionary:
    """The KPI dictionary with the number of things its check wants mended."""
    return KpiDictionary(kpis=kpis, n_to_mend=len(checked.of("error")))
