"""What a leader may move on the dashboard: retention, what survives the rollout, cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, log10

from playbook.display import frequency, html
from playbook.display.html import Figure
from playbook.display.live import Live, Slider
from playbook.strategy.business_case import Outlook, forward
from playbook.strategy.estimates import Estimate
from playbook.strategy.value_flow import open_costs
from playbook.strategy.value_model import Change, ValueModel
from playbook.text import gettext as _
from playbook.text.numbers import money_short, percent

GAIN_STEP = 0.0005
WIDEST = 2.5  # the bar ends at this many spreads from the first answer


@dataclass(frozen=True, kw_only=True)
class Levers:
    """The value of the programme, from what was learned about its effect so far.

    Attributes:
        model: The value model.
        effect_mean: Expected effect on the pilot's outcome, a share, before ``changes``.
        effect_sd: Its standard deviation.
        changes: Corrections that are counted in.
    """

    model: ValueModel
    effect_mean: float
    effect_sd: float
    changes: tuple[Change, ...] = ()

    def live(self) -> Live:
        """Three sliders above the value that follows them."""
        gain, middle = self._gain(), self.model.scale_up.middle
        return Live(
            self.answer,
            {
                "gain": Slider(
                    _("Annual retention gained where the programme runs"),
                    gain,
                    _first_notch(gain, GAIN_STEP),
                    round(max(2.5 * gain, 0.03), 2),
                    GAIN_STEP,
                    unit="points",
                ),
                "scale_up": Slider(
                    _("Share of it that survives the rollout"),
                    middle,
                    0.3 + _first_notch(middle - 0.3, 0.01),
                    1.0,
                    0.01,
                    unit="share",
                ),
                "running": Slider(
                    _("Running costs a year"),
                    self._running(),
                    *self._running_range(),
                    unit="money_short",
                ),
            },
        )

    def answer(self, *, gain: float, scale_up: float, running: float) -> str:
        """Value, chance and retention for one position of the sliders, as markup."""
        outlook = self.outlook(gain=gain, scale_up=scale_up, running=running)
        after = self.model.retention_share + gain * scale_up
        shown = [
            Figure(_("Expected value"), money_short(outlook.mean), _("net present value")),
            Figure(_("Chance that it pays"), percent(outlook.p_gain), _("going forward")),
            Figure(
                _("Annual retention"),
                percent(after, 1),
                _("today {share}").format(share=percent(self.model.retention_share, 1)),
            ),
        ]
        bar = frequency.spread(
            outlook.p5,
            outlook.mean,
            outlook.p95,
            span=self._span,
            write=money_short,
            label=_("Value"),
        )
        chance = frequency.cases(outlook.p_gain, good=_("gain"), bad=_("loss"))
        return html.figures(shown) + bar + chance

    def outlook(self, *, gain: float, scale_up: float, running: float) -> Outlook:
        """The programme going forward.

        Args:
            gain: Points of annual retention gained where it runs, a share.
            scale_up: Share of it that survives the rollout.
            running: Running costs per year at full scale, money.
        """
        moved = Change(
            id="levers",
            name=_("as set here"),
            effect_shift=(gain - self._gain()) / self.model.annual_map.middle,
            running_change=running - self._running(),
        )
        return forward(
            self.model.model_copy(update={"scale_up": _moved(self.model.scale_up, scale_up)}),
            effect_mean=self.effect_mean,
            effect_sd=self.effect_sd,
            changes=(*self.changes, moved),
        )

    def _gain(self) -> float:
        """Points of annual retention that are expected where the programme runs."""
        effect = self.effect_mean
        for change in self.changes:
            effect = effect * change.effect_factor + change.effect_shift
        return effect * self.model.annual_map.middle

    def _running(self) -> float:
        """Running costs per year as they are planned."""
        return open_costs(self.model.running) + sum(c.running_change for c in self.changes)

    def _running_range(self) -> tuple[float, float, float]:
        """Half to one and a half of the plan, in a hundred moves."""
        planned = self._running() or 1.0
        return planned * 0.5, planned * 1.5, planned * 0.01

    @cached_property
    def _span(self) -> tuple[float, float]:
        """Ends of the bar, from the answer at the first position of the sliders."""
        first = self.outlook(
            gain=self._gain(), scale_up=self.model.scale_up.middle, running=self._running()
        )
        reach = WIDEST * (first.p95 - first.p5) / 2
        return _round(min(first.mean - reach, 0.0)), _round(max(first.mean + reach, 0.0))


def _first_notch(value: float, step: float) -> float:
    """The lowest place of a slider whose notches meet ``value``, so that it is not moved to one.

    Example:
        >>> round(_first_notch(0.0277, 0.005), 4)
        0.0027
    """
    return max(value % step, 0.0)


def _moved(estimate: Estimate, middle: float) -> Estimate:
    """The estimate around another middle, with the same spread relative to it, within 0-1."""
    factor = middle / estimate.middle
    high = min(max(estimate.high * factor, middle), 1.0)
    return estimate.model_copy(
        update={"low": estimate.low * factor, "middle": middle, "high": high}
    )


def _round(value: float) -> float:
    """An amount to one significant figure and a half, away from zero, for the end of a bar.

    Example:
        >>> _round(-381.0), _round(1_240.0)
        (-400.0, 1500.0)
    """
    if not value:
        return 0.0
    unit = 10.0 ** floor(log10(abs(value))) / 2
    sign = 1 if value > 0 else -1
    return sign * ceil(abs(value) / unit) * unit
