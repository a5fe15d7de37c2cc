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
    """The two answers about winning customers.

    Attributes:
        spend: Money spent a year on winning customers, salaries included.
        gained: Customers gained a year with it, first purchases and won back.
        ceiling: The most that any spend would gain a year.
    """

    spend: float = Field(gt=0)
    gained: float = Field(gt=0)
    ceiling: float = Field(gt=0)


class Keeping(Part):
    """The answers about keeping customers.

    Attributes:
        spend_per_customer: Money spent a year per active customer on keeping them;
            discounts that everybody gets do not belong here.
        floor_share: Annual retention if nothing were spent.
        ceiling_share: The highest annual retention that any spend would reach.
    """

    spend_per_customer: float = Field(gt=0)
    floor_share: Share
    ceiling_share: Share


class Newcomer(Part):
    """What a new customer is like.

    Attributes:
        margin: Margin in the first year.
        retention_share: Annual retention afterwards.
    """

    margin: Money
    retention_share: Inside


class Economics(Document):
    """The economics of winning and keeping customers.

    Attributes:
        untouched: People in the catchment who have never bought.
        active: Customers with a purchase within twelve months.
        lapsed: Customers without one.
        harvest_share: Share of the untouched who buy for the first time in a year.
        winback_share: Share of the lapsed who come back in a year.
        retention_share: Share of active customers who are active a year later.
        retention_window: How that retention is counted.
        acquisition: Spend on winning customers and what it brings.
        keeping: Spend on keeping customers and what it brings.
        margin: Yearly contribution margin per active customer, money.
        discount_share: Yearly discount rate.
        newcomer: What a new customer is like; the average customer when left out.
        kept_margin: Yearly margin of a customer whom extra effort keeps; the average
            when left out.
        needed_active: Active customers below which the shops no longer pay; half of
            today's when left out.
        horizon_years: Years looked ahead.
    """

    kind: ClassVar[str] = "economics"

    untouched: float = Field(ge=0)
    active: float = Field(gt=0)
    lapsed: float = Field(ge=0)
    harvest_share: Share
    winback_share: Share
    retention_share: Inside
    retention_window: Words
    acquisition: Acquisition
    keeping: Keeping
    margin: float = Field(gt=0)
    discount_share: float = Field(gt=0, lt=1)
    newcomer: Newcomer | None = None
    kept_margin: float | None = Field(default=None, gt=0)
    needed_active: float | None = Field(default=None, gt=0)
    horizon_years: int = Field(default=6, ge=2, le=20)

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
