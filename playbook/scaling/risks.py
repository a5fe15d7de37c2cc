"""The risk register: what can go wrong, what it costs on average, what to set aside.

Terms follow ISO 31000: cause, event, consequence, owner, treatment, residual risk.
Risks are ranked by expected loss. The usual matrix of colours is shown only to say
where it ranks the wrong way round (Cox 2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from playbook.display.charts import bars
from playbook.display.findings import Finding, Findings
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.display.theme import LOST
from playbook.engagement.documents import Document, Part, Words
from playbook.stats import losses
from playbook.text import gettext as _
from playbook.text import ngettext, numbers

if TYPE_CHECKING:
    from playbook.display.chart import Chart

Treatment = Literal["avoid", "reduce_likelihood", "reduce_consequence", "share", "retain"]
N_YEARS = 100_000
RESERVE = 0.80  # share of years that the reserve is enough for


class Risk(Part):
    """One risk, as the people who wrote it state it."""

    id: str = Field(pattern=r"^[a-z0-9_]+$", description="short name, lower-case")
    cause: Words = Field(description="because of …")
    event: Words = Field(description="… it may happen that …")
    consequence: Words = Field(description="… which leads to …")
    owner: Words = Field(default="", description="role that answers for it")
    per_year: float = Field(ge=0, le=50, description="how often a year, 0.3 is three in ten years")
    loss_p10: float = Field(gt=0, description="loss that 9 of 10 events exceed, money")
    loss_p90: float = Field(gt=0, description="loss that 1 of 10 events exceeds, money")
    treatment: Treatment = Field(description="what is done about it")
    action: Words = Field(default="", description="the treatment in one sentence")
    cost: float = Field(default=0, ge=0, description="yearly cost of the treatment, money")
    residual_share: float = Field(
        default=1, ge=0, le=1, description="share of the frequency or loss that stays after it"
    )
    trigger: Words = Field(default="", description="the sign that it is happening")
    likelihood: int = Field(ge=1, le=5, description="place in the usual matrix, 1 to 5")
    impact: int = Field(ge=1, le=5, description="place in the usual matrix, 1 to 5")

    @model_validator(mode="after")
    def _ordered(self) -> Risk:
        if self.loss_p90 < self.loss_p10:
            raise ValueError(
                _("risk {id}: loss_p90 is below loss_p10; exchange them").format(id=self.id)
            )
        return self


class Risks(Document):
    """The register of the rollout's risks, collected in an anonymous pre-mortem."""

    kind: ClassVar[str] = "risks"

    risks: tuple[Risk, ...] = Field(min_length=1, description="the risks")


@dataclass(frozen=True, kw_only=True, eq=False)
class RiskReserve(Result):
    """What the risks cost in a year, before and after treatment.

    Attributes:
        table: One row per risk, the greatest expected loss first: ``id``, ``event``,
            ``owner``, ``expected`` and ``residual`` (money a year), ``cost`` (money a
            year), ``saved`` (expected less residual less cost), ``score`` (matrix).
        years: Total loss of drawn years after treatment, money.
        mean_before: Expected loss of a year without treatment, money.
        mean_after: The same with it.
        reserve: Money that is enough in 80 of 100 years after treatment.
        inversions: Pairs of ids that the matrix ranks the wrong way round.
        seed: Seed of the draws.
    """

    table: pd.DataFrame
    years: np.ndarray
    mean_before: float
    mean_after: float
    reserve: float
    inversions: tuple[tuple[str, str], ...]
    seed: int

    @property
    def headline(self) -> str:
        """What to expect and what to set aside, in one sentence."""
        return _(
            "Expect to lose {mean} a year to these risks; {reserve} is enough in 8 years of 10."
        ).format(
            mean=numbers.money_short(self.mean_after), reserve=numbers.money_short(self.reserve)
        )

    @property
    def figures(self) -> list[Figure]:
        """Expected loss before and after treatment, its cost, the reserve."""
        cost = float(self.table["cost"].sum())
        return [
            Figure(
                _("Expected loss untreated"), numbers.money_short(self.mean_before), _("a year")
            ),
            Figure(
                _("Expected loss treated"),
                numbers.money_short(self.mean_after),
                _("treatments cost {money} a year").format(money=numbers.money_short(cost)),
            ),
            Figure(_("Reserve"), numbers.money_short(self.reserve), _("enough in 8 years of 10")),
        ]

    @property
    def warnings(self) -> list[str]:
        """Where the matrix of colours misleads, and treatments that cost more than they save."""
        events = dict(zip(self.table["id"], self.table["event"], strict=True))
        lines = [
            _(
                "The colour matrix puts “{first}” above “{second}”, but it costs less on average:"
                " rank by expected loss."
            ).format(first=events[first], second=events[second])
            for first, second in self.inversions[:2]
        ]
        for row in self.table[self.table["saved"] < 0].to_dict("records"):
            lines.append(
                _("The treatment of “{event}” costs {money} a year more than it saves.").format(
                    event=row["event"], money=numbers.money_short(-row["saved"])
                )
            )
        return lines

    @property
    def assumptions(self) -> list[str]:
        """What the draws take for granted."""
        return [
            _("Events of one risk come independently of each other and of other risks."),
            _("{n} drawn years, seed {seed}.").format(
                n=numbers.number(len(self.years)), seed=self.seed
            ),
        ]

    @property
    def formula(self) -> str:
        """How the expected loss is computed."""
        return _("expected loss a year = events a year × mean loss of an event (lognormal)")

    def to_frame(self) -> pd.DataFrame:
        """One row per risk, the greatest expected loss first."""
        return self.table

    def columns(self) -> dict[str, Column]:
        """How the register is shown."""
        return {
            "event": Column(_("What may happen")),
            "owner": Column(_("Owner")),
            "expected": Column(_("Expected loss a year"), "money_short"),
            "action": Column(_("What we do")),
            "cost": Column(_("Its cost a year"), "money_short"),
            "residual": Column(_("Expected loss after it"), "money_short"),
            "trigger": Column(_("Sign that it is happening")),
        }

    def plot(self) -> Chart:
        """Expected loss per risk, the greatest first."""
        top = self.table.head(7)
        share = float(top["expected"].head(2).sum() / self.table["expected"].sum())
        first_two = set(top["event"].head(2))
        return bars(
            top,
            category="event",
            value="expected",
            unit="money_short",
            title=_("Two risks make up {share} of the expected loss").format(
                share=numbers.percent(share)
            ),
            subtitle=_("Expected loss a year before treatment"),
            hues=dict.fromkeys(first_two, LOST),
        )


def reserve(register: Risks, *, seed: int, n: int = N_YEARS) -> RiskReserve:
    """Rank the risks by expected loss and draw what to set aside.

    Args:
        register: The risks.
        seed: Same seed, same years.
        n: Years drawn.
    """
    risks = register.risks
    severity = losses.severity(
        np.array([risk.loss_p10 for risk in risks]), np.array([risk.loss_p90 for risk in risks])
    )
    before = np.array([risk.per_year for risk in risks])
    kept = np.array([risk.residual_share for risk in risks])
    expected = losses.expected(before, severity)
    # a smaller consequence scales the loss of an event, anything else how often it comes
    is_smaller = np.array([risk.treatment == "reduce_consequence" for risk in risks])
    after = np.where(is_smaller, before, before * kept)
    scaled = losses.Severity(
        mu=severity.mu + np.log(np.where(is_smaller, np.maximum(kept, 1e-9), 1.0)),
        sigma=severity.sigma,
    )
    years = losses.draw_years(after, scaled, n=n, seed=seed)
    table = _table(risks, expected, kept)
    return RiskReserve(
        table=table,
        years=years,
        mean_before=float(expected.sum()),
        mean_after=float((expected * kept).sum()),
        reserve=float(np.quantile(years, RESERVE)),
        inversions=_inversions(table),
        seed=seed,
    )


def _table(risks: tuple[Risk, ...], expected: np.ndarray, kept: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "id": [risk.id for risk in risks],
            "event": [risk.event for risk in risks],
            "owner": [risk.owner for risk in risks],
            "action": [risk.action for risk in risks],
            "trigger": [risk.trigger for risk in risks],
            "cost": [risk.cost for risk in risks],
            "score": [risk.likelihood * risk.impact for risk in risks],
            "expected": expected,
            "residual": expected * kept,
        }
    )
    table["saved"] = table["expected"] - table["residual"] - table["cost"]
    return table.sort_values("expected", ascending=False, ignore_index=True)


def _inversions(table: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Pairs where the matrix puts the smaller expected loss first, the worst pair first."""
    rows = table[["id", "score", "expected"]].to_dict("records")
    wrong = [
        (small["id"], large["id"], large["expected"] - small["expected"])
        for large, small in combinations(rows, 2)
        if small["score"] > large["score"]
    ]
    return tuple((small, large) for small, large, _gap in sorted(wrong, key=lambda pair: -pair[2]))


def check(register: Risks) -> Findings:
    """What is missing in the register: owners, treatments, signs; too many risks."""
    items = [finding for risk in register.risks for finding in _gaps(risk)]
    if len(register.risks) > 15:
        items.append(
            Finding(
                rule="too_many",
                severity="warning",
                where=_("register"),
                problem=ngettext(
                    "There is {n} risk.", "There are {n} risks.", len(register.risks)
                ).format(n=len(register.risks)),
                advice=_("Keep the fifteen that cost most; nobody acts on more."),
            )
        )
    return Findings(subject=_("Risk register"), n_checked=len(register.risks), items=tuple(items))


def _gaps(risk: Risk) -> list[Finding]:
    wanted = (
        ("no_owner", risk.owner, _("Nobody answers for it."), _("Name one role.")),
        (
            "no_action",
            risk.action or risk.treatment == "retain",
            _("It is to be treated, but how is not said."),
            _("Write the treatment in one sentence, or retain the risk."),
        ),
        (
            "no_trigger",
            risk.trigger,
            _("Nothing tells that it is happening."),
            _("Write the sign that everybody would notice."),
        ),
    )
    return [
        Finding(rule=rule, severity="error", where=risk.event, problem=problem, advice=advice)
        for rule, value, problem, advice in wanted
        if not value
    ]
