"""What is paid for: bonus plans by role, their measures, and KPIs that come and go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import pandas as pd
from pydantic import Field, model_validator

from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.documents import Document, Part, Words
from playbook.errors import PlaybookError
from playbook.stats.payouts import Curve
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number, percent

Behaviour = Literal["keeping", "winning", "sales", "service", "cost"]


class BonusCurve(Part):
    """Pay by attainment, both as shares of their target: 1.0 is 100 %."""

    threshold: float = Field(
        default=0.85, gt=0, description="attainment from which a bonus is paid"
    )
    target: float = Field(default=1.0, gt=0, description="attainment that pays the target bonus")
    excellence: float = Field(
        default=1.15, gt=0, description="attainment from which pay grows no more"
    )
    pay_at_threshold: float = Field(
        default=0.5, ge=0, le=1, description="pay at the threshold, as a share of the target bonus"
    )
    pay_at_excellence: float = Field(
        default=1.6, ge=1, description="highest pay, as a share of the target bonus"
    )

    @model_validator(mode="after")
    def _rises(self) -> BonusCurve:
        if not self.threshold < self.target < self.excellence:
            raise ValueError(_("threshold, target and excellence must rise in this order"))
        return self

    def curve(self, *, threshold: float | None = None) -> Curve:
        """The curve for computing, perhaps with another threshold."""
        fields = self.model_dump() | ({} if threshold is None else {"threshold": threshold})
        return Curve(**fields)


class Measure(Part):
    """One measure of a bonus plan."""

    kpi: str = Field(description="id of the KPI, from the list of KPIs below")
    weight: float = Field(gt=0, le=1, description="its part of the bonus, 0.3 is 30 %")
    influence: Literal["own", "shared", "none"] = Field(
        default="own", description="whether the person moves it: own, shared with others, none"
    )
    mean: float = Field(default=1.0, gt=0, description="attainment to expect, 1.0 is on target")
    sd: float = Field(gt=0, description="spread of attainment between people or shops")
    noise_sd: float | None = Field(
        default=None, ge=0, description="the part of that spread that is chance"
    )

    @model_validator(mode="after")
    def _noise_fits(self) -> Measure:
        if self.noise_sd is not None and self.noise_sd > self.sd:
            raise ValueError(_("noise_sd cannot be larger than sd"))
        return self

    @property
    def luck(self) -> float | None:
        """Share of the differences that is chance, where it is known."""
        return None if self.noise_sd is None else (self.noise_sd / self.sd) ** 2


class BonusPlan(Part):
    """The bonus of one role."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name of the plan")
    role: Words = Field(min_length=1, description="who gets it")
    people: float = Field(gt=0, description="how many people")
    target_bonus: float = Field(gt=0, description="money per person and year at 100 %")
    curve: BonusCurve = Field(default=BonusCurve(), description="pay by attainment")
    measures: tuple[Measure, ...] = Field(min_length=1, description="what it is paid for")

    @property
    def budget(self) -> float:
        """Money a year if everybody gets the target bonus."""
        return self.people * self.target_bonus


class KpiFate(Part):
    """A KPI that stays, changes or goes."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name used by measures")
    name: Words = Field(min_length=1, description="the name people use")
    fate: Literal["keep", "change", "new", "retire"] = Field(description="what becomes of it")
    by: dt.date | None = Field(default=None, description="day from which this holds")
    owner: Words = Field(default="", description="the one role that answers for it")
    rewards: Behaviour = Field(
        description="what it rewards: keeping customers, winning them, sales, service, cost"
    )


class Incentives(Document):
    """Bonus plans today and as proposed, and the KPIs behind them."""

    kind: ClassVar[str] = "incentives"
    version: ClassVar[int] = 1

    kpis: tuple[KpiFate, ...] = Field(min_length=1, description="KPIs and what becomes of them")
    today: tuple[BonusPlan, ...] = Field(default=(), description="the plans in force")
    proposed: tuple[BonusPlan, ...] = Field(min_length=1, description="the plans to come")

    @model_validator(mode="after")
    def _measures_have_a_kpi(self) -> Incentives:
        known = {kpi.id for kpi in self.kpis}
        strange = [
            _("plan {plan}: KPI {kpi} is not in the list").format(plan=plan.id, kpi=measure.kpi)
            for plan in (*self.today, *self.proposed)
            for measure in plan.measures
            if measure.kpi not in known
        ]
        if strange:
            raise ValueError("; ".join(strange))
        return self

    def plan(self, key: str = "") -> BonusPlan:
        """The proposed plan with an id, or the first.

        Raises:
            PlaybookError: There is none with this id; all are named.
        """
        if not key:
            return self.proposed[0]
        found = next((plan for plan in self.proposed if plan.id == key), None)
        if found is None:
            raise PlaybookError(
                _("There is no proposed bonus plan “{plan}”.").format(plan=key),
                problems=[f"{plan.id}  {plan.role}" for plan in self.proposed],
                advice=_("Choose one of these."),
            )
        return found

    def kpi(self, key: str) -> KpiFate:
        """The KPI with an id."""
        return next(kpi for kpi in self.kpis if kpi.id == key)


@dataclass(frozen=True, kw_only=True, eq=False)
class KpiRenewal(Result):
    """The KPIs that stay, change, come and go, and whether a bonus hangs on them.

    Attributes:
        kpis: One row per KPI: ``name``, ``fate``, ``by``, ``owner``, ``rewards``,
            ``weight_now`` and ``weight_next`` (share of all bonus money paid for it).
    """

    kpis: pd.DataFrame

    @property
    def headline(self) -> str:
        """How much of the bonus is paid for keeping customers, before and after."""
        keeping = self.kpis[self.kpis["rewards"] == "keeping"]
        return _("Customers who come back: {now} of bonus money today, {next} as proposed.").format(
            now=percent(float(keeping["weight_now"].sum())),
            next=percent(float(keeping["weight_next"].sum())),
        )

    @property
    def warnings(self) -> list[str]:
        """Living KPIs without an owner."""
        living = self.kpis[self.kpis["fate"] != "retire"]
        names = living.loc[living["owner"] == "", "name"].tolist()
        if not names:
            return []
        words = ngettext(
            "{n} KPI has no owner: {names}.", "{n} KPIs have no owner: {names}.", len(names)
        )
        return [words.format(n=number(len(names)), names=", ".join(names))]

    def to_frame(self) -> pd.DataFrame:
        """One row per KPI, in words."""
        return self.kpis.assign(
            fate=self.kpis["fate"].map(_fates()),
            rewards=self.kpis["rewards"].map(behaviours()),
            owner=self.kpis["owner"].replace("", None),
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "name": Column(_("KPI")),
            "rewards": Column(_("What it rewards")),
            "fate": Column(_("What becomes of it")),
            "by": Column(_("Holds from"), "date"),
            "owner": Column(_("Owner")),
            "weight_now": Column(_("Of bonus money today"), "share", 1),
            "weight_next": Column(_("as proposed"), "share", 1),
        }


def _fates() -> dict[str, str]:
    return {
        "keep": _("stays"),
        "change": _("changes"),
        "new": _("comes"),
        "retire": _("goes"),
    }


def behaviours() -> dict[str, str]:
    """What a KPI may reward, as people say it."""
    return {
        "keeping": _("keeping customers"),
        "winning": _("winning customers"),
        "sales": _("sales"),
        "service": _("service"),
        "cost": _("low cost"),
    }


def kpi_renewal(incentives: Incentives) -> KpiRenewal:
    """Lay out the KPIs with the bonus money that hangs on each."""
    rows = [
        {
            "name": kpi.name,
            "fate": kpi.fate,
            "by": kpi.by,
            "owner": kpi.owner,
            "rewards": kpi.rewards,
            "weight_now": _money_share(incentives.today, kpi.id),
            "weight_next": _money_share(incentives.proposed, kpi.id),
        }
        for kpi in incentives.kpis
    ]
    return KpiRenewal(kpis=pd.DataFrame(rows))


def _money_share(plans: tuple[BonusPlan, ...], key: str) -> float:
    """Share of the target bonus money of some plans that is paid for one KPI."""
    total = sum(plan.budget for plan in plans)
    paid = sum(
        plan.budget * measure.weight
        for plan in plans
        for measure in plan.measures
        if measure.kpi == key
    )
    return paid / total if total else 0.0
