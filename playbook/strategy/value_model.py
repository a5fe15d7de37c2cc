"""What people believe about the value of the change, and what usually makes it too good.

The numbers become yearly cash in ``value_flow``.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from playbook.engagement.documents import Document, Part, Words
from playbook.strategy.estimates import Belief, Estimate, Share
from playbook.text import gettext as _
from playbook.text.numbers import percent, points


class CostLine(Part):
    """One line of the costs.

    Attributes:
        name: What is paid for.
        amount: Money, in full units; per year where the line is running.
        is_spent: Whether it is paid already, whatever is decided now.
    """

    name: Words
    amount: float = Field(ge=0)
    is_spent: bool = False


class PilotPlan(Part):
    """What a pilot costs and how sharply it measures.

    Attributes:
        pairs: Pairs of one treated and one control store that are planned.
        pair_sd: Standard deviation between pairs of the difference in the outcome,
            a share (0.0186 is 1.86 points).
        fixed_cost: Money for a pilot of any size.
        cost_per_pair: Money for each pair.
        delay_weeks: Weeks by which the rollout starts later because of the pilot.
    """

    pairs: int = Field(ge=2, le=500)
    pair_sd: float = Field(gt=0)
    fixed_cost: float = Field(ge=0)
    cost_per_pair: float = Field(ge=0)
    delay_weeks: int = Field(ge=0, le=260)

    def cost(self, pairs: int | None = None) -> float:
        """Money for a pilot of ``pairs``; of the planned size when not given."""
        return self.fixed_cost + self.cost_per_pair * (self.pairs if pairs is None else pairs)


class SegmentValue(Part):
    """What one segment may gain.

    Attributes:
        segment: Id of the segment.
        customers_share: Its share of the customers.
        margin: Yearly margin of one of its customers.
        retention_share: Its annual retention.
        effect: Expected effect on its repeat purchase, a share.
    """

    segment: str
    customers_share: Share
    margin: float = Field(gt=0)
    retention_share: Share
    effect: float


class Change(Part):
    """A correction to the programme, such as a mailing that stops.

    Attributes:
        id: Short name for tables and code.
        name: What changes.
        effect_factor: What the effect is multiplied with (fidelity 78 to 88 %: 1.128).
        effect_shift: What is then added to the effect, a share.
        running_change: Money per year added to the running costs; negative saves.
        one_off: Money added once.
    """

    id: str
    name: Words
    effect_factor: float = Field(default=1.0, gt=0)
    effect_shift: float = 0.0
    running_change: float = 0.0
    one_off: float = 0.0


class ValueModel(Document):
    """What the change is expected to bring and cost.

    Attributes:
        base_customers: Active customers that the programme reaches.
        retention_share: Their annual retention today.
        effect: Belief about the effect on the pilot's outcome, a share (0.015 is 1.5 points).
        effect_weeks: Window of that outcome.
        annual_map: Points of annual retention for one point of the short outcome.
        scale_up: Share of the effect that survives outside the pilot.
        kept_margin: Yearly margin of a customer whom the programme keeps.
        basket_gain: Relative growth of the basket of reached customers.
        touched_revenue: Their yearly revenue.
        margin_share: Contribution margin of that revenue.
        ramp: Share of the full effect reached in years 1, 2 and so on.
        one_off: Costs before the start.
        running: Costs per year at full scale.
        running_ramp: Share of the running costs paid in years 1, 2 and so on.
        one_off_factor: By how much one-off costs may differ from their lines.
        running_factor: By how much running costs may differ from their lines.
        discount_share: Yearly discount rate.
        pilot: The pilot that could come first.
        segments: Where the effect is expected; may be left out.
        base_rate_share: Share of comparable projects that did not break even.
        base_rate_source: Where that share comes from.
    """

    kind: ClassVar[str] = "value_model"

    base_customers: int = Field(gt=0)
    retention_share: Share
    effect: Belief
    effect_weeks: int = Field(default=12, gt=0)
    annual_map: Estimate
    scale_up: Estimate
    kept_margin: Estimate
    basket_gain: Estimate
    touched_revenue: float = Field(ge=0)
    margin_share: Share
    ramp: list[Share] = Field(min_length=2, max_length=15)
    one_off: list[CostLine]
    running: list[CostLine]
    running_ramp: list[Share]
    one_off_factor: Estimate
    running_factor: Estimate
    discount_share: float = Field(gt=0, lt=1)
    pilot: PilotPlan
    segments: list[SegmentValue] = Field(default_factory=list)
    base_rate_share: Share | None = None
    base_rate_source: Words = ""

    @model_validator(mode="after")
    def _fits_together(self) -> ValueModel:
        """Name every place where two fields contradict each other."""
        problems = [*_years_problems(self), *_line_problems(self), *_segment_problems(self)]
        if problems:
            raise ValueError(" ".join(problems))
        return self

    @property
    def years(self) -> int:
        """The horizon in years."""
        return len(self.ramp)

    @property
    def average_margin(self) -> float:
        """Yearly margin of the average customer reached."""
        return self.touched_revenue * self.margin_share / self.base_customers


def _years_problems(model: ValueModel) -> list[str]:
    if len(model.ramp) == len(model.running_ramp):
        return []
    words = _("The ramp of the effect has {a} years, the ramp of the running costs {b}.")
    return [words.format(a=len(model.ramp), b=len(model.running_ramp))]


def _line_problems(model: ValueModel) -> list[str]:
    names = [line.name.casefold() for line in (*model.one_off, *model.running)]
    twice = sorted({name for name in names if names.count(name) > 1})
    return [_("The cost line “{name}” is there twice.").format(name=name) for name in twice]


def _segment_problems(model: ValueModel) -> list[str]:
    """Shares that do not add up, effects that contradict the overall belief."""
    if not model.segments:
        return []
    found = []
    shares = sum(part.customers_share for part in model.segments)
    if abs(shares - 1) > 0.005:
        words = _("The segments hold {share} of the customers, not all.")
        found.append(words.format(share=percent(shares, 1)))
    effect = sum(part.customers_share * part.effect for part in model.segments)
    if abs(effect - model.effect.mean) > 0.0005:
        words = _("By segment the effect is {parts} on average, overall it is {whole}.")
        whole = points(model.effect.mean, 2)
        found.append(words.format(parts=points(effect, 2), whole=whole))
    return found


def traps(model: ValueModel) -> list[str]:
    """What usually makes a business case too good, where this one does it."""
    found = []
    revenue = model.touched_revenue / model.base_customers
    if revenue and model.kept_margin.middle >= 0.7 * revenue:
        words = _(
            "A kept customer is valued at {share} of the revenue: that is revenue, not margin."
        )
        found.append(words.format(share=percent(model.kept_margin.middle / revenue)))
    elif revenue and model.kept_margin.middle > model.average_margin * 1.001:
        found.append(
            _(
                "A kept customer is valued above the average customer. Those who need a "
                "programme to stay are usually below."
            )
        )
    if model.ramp[0] >= 0.9:
        found.append(
            _("The benefit starts in full in the first year. Processes and people take longer.")
        )
    if model.scale_up.middle >= 1:
        found.append(_("Nothing is lost between the pilot and the whole company."))
    spent = [line for line in (*model.one_off, *model.running) if line.is_spent]
    words = _("“{name}” is spent already and decides nothing: left out of what is decided now.")
    return found + [words.format(name=line.name) for line in spent]
