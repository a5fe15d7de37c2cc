"""What a company knows about winning and keeping customers, in a few figures."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from playbook.engagement.documents import Document, Part, Words
from playbook.stats.response import Response, through
from playbook.strategy.estimates import Share
from playbook.text import gettext as _
from playbook.text.numbers import money, number, percent

Money = Annotated[float, Field(ge=0)]
Inside = Annotated[float, Field(gt=0, lt=1)]


class Acquisition(Part):
    """The two answers about winning customers."""

    spend: float = Field(
        gt=0, description="money spent a year on winning customers, salaries included"
    )
    gained: float = Field(
        gt=0, description="customers gained a year with it, first purchases and won back"
    )
    ceiling: float = Field(gt=0, description="the most that any spend would gain a year")


class Keeping(Part):
    """The answers about keeping customers."""

    spend_per_customer: float = Field(
        gt=0,
        description="money a year per active customer for keeping them, without general discounts",
    )
    floor_share: Share = Field(description="annual retention if nothing were spent")
    ceiling_share: Share = Field(
        description="the highest annual retention that any spend would reach"
    )


class Newcomer(Part):
    """What a new customer is like."""

    margin: Money = Field(description="margin in the first year")
    retention_share: Inside = Field(description="annual retention afterwards")


class Economics(Document):
    """The economics of winning and keeping customers."""

    kind: ClassVar[str] = "economics"

    untouched: float = Field(ge=0, description="people in the catchment who have never bought")
    active: float = Field(gt=0, description="customers with a purchase within twelve months")
    lapsed: float = Field(ge=0, description="customers without one")
    harvest_share: Share = Field(
        description="share of the untouched who buy for the first time in a year"
    )
    winback_share: Share = Field(description="share of the lapsed who come back in a year")
    retention_share: Inside = Field(
        description="share of active customers who are active a year later"
    )
    retention_window: Words = Field(description="how that retention is counted")
    acquisition: Acquisition = Field(description="spend on winning customers and what it brings")
    keeping: Keeping = Field(description="spend on keeping customers and what it brings")
    margin: float = Field(gt=0, description="yearly contribution margin per active customer, money")
    discount_rate: float = Field(gt=0, lt=1, description="yearly discount rate")
    newcomer: Newcomer | None = Field(
        default=None, description="what a new customer is like; the average customer when left out"
    )
    kept_margin: float | None = Field(
        default=None,
        gt=0,
        description="yearly margin of a customer whom extra effort keeps; left out: average",
    )
    needed_active: float | None = Field(
        default=None,
        gt=0,
        description="active customers that the shops need to pay; left out: half of today's",
    )
    horizon_years: int = Field(default=6, ge=2, le=20, description="years looked ahead")

    @model_validator(mode="after")
    def _fits_together(self) -> Economics:
        """Name every pair of answers that contradict each other."""
        problems = [*_acquisition_problems(self), *_keeping_problems(self)]
        if self.needed_active and self.needed_active >= self.active:
            words = _("The shops need {needed} active customers, there are only {active}.")
            needed, active = number(self.needed_active), number(self.active)
            problems.append(words.format(needed=needed, active=active))
        if problems:
            raise ValueError(" ".join(problems))
        return self

    @property
    def winning_curve(self) -> Response:
        """Customers gained a year by yearly spend."""
        side = self.acquisition
        return through(spend=side.spend, outcome=side.gained, ceiling=side.ceiling)

    @property
    def keeping_curve(self) -> Response:
        """Annual retention by yearly spend per active customer."""
        side = self.keeping
        return through(
            spend=side.spend_per_customer,
            outcome=self.retention_share,
            ceiling=side.ceiling_share,
            floor=side.floor_share,
        )

    @property
    def gained_by_shares(self) -> float:
        """Customers gained next year by harvest and win-back."""
        return self.harvest_share * self.untouched + self.winback_share * self.lapsed

    def gap(self) -> str:
        """Where stated and computed gains differ by more than a tenth; empty when not."""
        stated, computed = self.acquisition.gained, self.gained_by_shares
        if abs(stated - computed) <= 0.1 * stated:
            return ""
        words = _(
            "{stated} customers are said to be gained a year, harvest and win-back make "
            "{computed}. Count those who came back once, not as new."
        )
        return words.format(stated=number(stated), computed=number(computed))


def _acquisition_problems(economics: Economics) -> list[str]:
    side = economics.acquisition
    if side.gained < side.ceiling:
        return []
    words = _("{gained} customers are gained a year, which is not below the ceiling of {ceiling}.")
    return [words.format(gained=number(side.gained), ceiling=number(side.ceiling))]


def _keeping_problems(economics: Economics) -> list[str]:
    side, today = economics.keeping, economics.retention_share
    if side.floor_share < today < side.ceiling_share:
        return []
    words = _(
        "Retention of {today} at {spend} per customer must lie between {floor} without spend and "
        "{ceiling} at most."
    )
    return [
        words.format(
            today=percent(today, 1),
            spend=money(side.spend_per_customer),
            floor=percent(side.floor_share, 1),
            ceiling=percent(side.ceiling_share, 1),
        )
    ]
