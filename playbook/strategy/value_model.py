"""What people believe about the value of the change, and what usually makes it too good.

The numbers become yearly cash in ``value_flow``.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from playbook.engagement.documents import Document, Part, Words
from playbook.errors import PlaybookError
from playbook.strategy.estimates import Belief, Estimate, Share
from playbook.text import gettext as _
from playbook.text.numbers import percent, points

UNCERTAIN = (
    "annual_map",
    "scale_up",
    "kept_margin",
    "basket_gain",
    "one_off_factor",
    "running_factor",
)


class CostLine(Part):
    """One line of the costs."""

    name: Words = Field(description="what is paid for")
    amount: float = Field(
        ge=0, description="money, in full units; per year where the line is running"
    )
    is_spent: bool = Field(
        default=False, description="whether it is paid already, whatever is decided now"
    )


class PilotPlan(Part):
    """What a pilot costs and how sharply it measures."""

    pairs: int = Field(
        ge=2, le=500, description="pairs of one treated and one control store that are planned"
    )
    pair_sd: float = Field(
        gt=0,
        description="spread (SD) between pairs of the difference in the outcome, a share",
    )
    fixed_cost: float = Field(ge=0, description="money for a pilot of any size")
    cost_per_pair: float = Field(ge=0, description="money for each pair")
    delay_weeks: int = Field(
        ge=0, le=260, description="weeks by which the rollout starts later because of the pilot"
    )

    def cost(self, pairs: int | None = None) -> float:
        """Money for a pilot of ``pairs``; of the planned size when not given."""
        return self.fixed_cost + self.cost_per_pair * (self.pairs if pairs is None else pairs)


class SegmentValue(Part):
    """What one segment may gain."""

    segment: str = Field(description="id of the segment")
    customers_share: Share = Field(description="its share of the customers")
    margin: float = Field(gt=0, description="yearly margin of one of its customers")
    retention_share: Share = Field(description="its annual retention")
    effect: float = Field(description="expected effect on its repeat purchase, a share")


class Change(Part):
    """A correction to the programme, such as a mailing that stops."""

    id: str = Field(description="short name for tables and code")
    name: Words = Field(description="what changes")
    effect_factor: float = Field(
        default=1.0,
        gt=0,
        description="what the effect is multiplied with (fidelity 78 to 88 %: 1.128)",
    )
    effect_shift: float = Field(
        default=0.0, description="what is then added to the effect, a share"
    )
    running_change: float = Field(
        default=0.0, description="money per year added to the running costs; negative saves"
    )
    one_off: float = Field(default=0.0, description="money added once")


class ValueModel(Document):
    """What the change is expected to bring and cost."""

    kind: ClassVar[str] = "value_model"

    base_customers: int = Field(gt=0, description="active customers that the programme reaches")
    retention_share: Share = Field(description="their annual retention today")
    effect: Belief = Field(
        description="belief about the effect on the pilot's outcome, a share (0.015 is 1.5 points)"
    )
    effect_weeks: int = Field(default=12, gt=0, description="window of that outcome")
    annual_map: Estimate = Field(
        description="points of annual retention for one point of the short outcome"
    )
    scale_up: Estimate = Field(description="share of the effect that survives outside the pilot")
    kept_margin: Estimate = Field(
        description="yearly margin of a customer whom the programme keeps"
    )
    basket_gain: Estimate = Field(description="relative growth of the basket of reached customers")
    touched_revenue: float = Field(ge=0, description="their yearly revenue")
    margin_share: Share = Field(description="contribution margin of that revenue")
    ramp: list[Share] = Field(
        min_length=2,
        max_length=15,
        description="share of the full effect reached in years 1, 2 and so on",
    )
    one_off: list[CostLine] = Field(description="costs before the start")
    running: list[CostLine] = Field(description="costs per year at full scale")
    running_ramp: list[Share] = Field(
        description="share of the running costs paid in years 1, 2 and so on"
    )
    one_off_factor: Estimate = Field(
        description="by how much one-off costs may differ from their lines"
    )
    running_factor: Estimate = Field(
        description="by how much running costs may differ from their lines"
    )
    discount_rate: float = Field(gt=0, lt=1, description="yearly discount rate")
    pilot: PilotPlan = Field(description="the pilot that could come first")
    segments: list[SegmentValue] = Field(
        default_factory=list, description="where the effect is expected; may be left out"
    )
    base_rate_share: Share | None = Field(
        default=None, description="share of comparable projects that did not break even"
    )
    base_rate_source: Words = Field(default="", description="where that share comes from")

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


def widened(model: ValueModel, *, factor: float) -> ValueModel:
    """The model with every range further apart, for a room whose ranges were too narrow.

    Shares stay at or above nothing; the effect's standard deviation grows by the factor.
    """
    ranges = {key: getattr(model, key).widened(factor) for key in UNCERTAIN}
    for key in ("scale_up", "basket_gain", "one_off_factor", "running_factor"):
        estimate = ranges[key]
        ranges[key] = estimate.model_copy(update={"low": max(0.0, estimate.low)})
    effect = model.effect.model_copy(update={"sd": model.effect.sd * factor})
    return model.model_copy(update={**ranges, "effect": effect})


def tuned(model: ValueModel, *, pairs: int = 0, widening: float = 1.0) -> ValueModel:
    """The model with another size of the pilot and wider ranges.

    Args:
        model: The value model.
        pairs: Pairs of the pilot; 0 keeps the planned size.
        widening: Factor on every range; 1 keeps them.

    Raises:
        PlaybookError: A single pair cannot be compared with anything.
    """
    size = pairs or model.pilot.pairs
    if size < 2:
        raise PlaybookError(_("A pilot needs at least two pairs of stores."))
    pilot = model.pilot.model_copy(update={"pairs": size})
    return widened(model, factor=widening).model_copy(update={"pilot": pilot})


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
