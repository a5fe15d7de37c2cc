"""Verdict (2.4): is it worth it? The sealed rule on the going-forward value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from playbook.display.chart import Chart
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.engagement.decisions import Decided
from playbook.engagement.documents import in_readers_language
from playbook.pilot.charter import Charter, DecisionRule
from playbook.pilot.corrections import Review
from playbook.pilot.effect import Effect
from playbook.pilot.guardrails import Guardrails, colour_words
from playbook.stats.information import posterior
from playbook.strategy.base_case import base_case
from playbook.strategy.business_case import Outlook, forward
from playbook.strategy.value_model import Change, ValueModel
from playbook.text import LANGUAGES, in_language
from playbook.text import gettext as _
from playbook.text.numbers import money_short, number, percent, points

Choice = Literal["GO", "ADJUST", "STOP"]
CHOICES: tuple[Choice, ...] = ("GO", "ADJUST", "STOP")


def apply(rule: DecisionRule, *, p_gain: float, guardrails: str) -> Choice:
    """The sealed rule.

    Args:
        rule: From the sealed charter.
        p_gain: Chance that the programme pays, going forward.
        guardrails: ``green``, ``amber``, ``red`` or ``unknown``, the worst of all; what is
            not known is not green.

    Example:
        >>> rule = DecisionRule()
        >>> [apply(rule, p_gain=p, guardrails="green") for p in (0.72, 0.38, 0.2)]
        ['GO', 'ADJUST', 'STOP']
        >>> apply(rule, p_gain=0.72, guardrails="amber")
        'ADJUST'
    """
    if p_gain < rule.adjust_from:
        return "STOP"
    is_safe = guardrails == "green" or not rule.guardrails_decide
    return "GO" if p_gain >= rule.go_from and is_safe else "ADJUST"


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdict(Result):
    """What the sealed rule says, with the three readings of the same pilot.

    Attributes:
        choice: ``GO``, ``ADJUST`` or ``STOP`` by the sealed rule, as designed.
        choice_adjusted: The same once the corrections are made and guardrails are back;
            without a review nothing is corrected.
        p_gain: Chance that the programme pays from here on, as designed.
        p_gain_adjusted: The same with the corrections.
        effect: Effect as measured, a share.
        effect_se: Its standard error.
        mean: Effect as it is believed after the pilot, with what was believed before.
        sd: Its standard deviation.
        prior_mean: What was believed before.
        prior_sd: Its standard deviation.
        readings: One row per reading (``naive``, ``designed``, ``adjusted``): ``npv_whole``
            (base case, pilot included), ``npv`` (base case, going forward), ``mean``,
            ``p5``, ``p95``, ``p_gain`` (simulation, going forward; missing for ``naive``).
        guardrails: The worst colour.
        rule: The sealed rule.
        charter_hash: Fingerprint of the charter that holds it.
        overridden: What was decided instead, if anything else was.
        override: Who decided otherwise, why, and who disagreed; empty if nobody did.
    """

    choice: str
    choice_adjusted: str
    p_gain: float
    p_gain_adjusted: float
    effect: float
    effect_se: float
    mean: float
    sd: float
    prior_mean: float
    prior_sd: float
    readings: pd.DataFrame
    guardrails: str
    rule: DecisionRule
    charter_hash: str
    overridden: str = ""
    override: str = ""

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        return self._sentence().format(
            n=number(round(self.p_gain * 100)), m=number(round(self.p_gain_adjusted * 100))
        )

    def _sentence(self) -> str:
        match self.choice, self._is_effective():
            case "GO", _any:
                return _("GO: the programme pays in {n} of 100 cases from here on.")
            case "STOP", True:
                return _("STOP: it works and is not worth its money: it pays in {n} of 100 cases.")
            case "STOP", _any:
                return _("STOP: the programme pays in {n} of 100 cases from here on.")
            case _any, _either if self.p_gain >= self.rule.go_from:
                return _(
                    "ADJUST: the programme pays in {n} of 100 cases, and a guardrail is not in "
                    "green."
                )
            case _any, True:
                return _(
                    "ADJUST: it works, and as designed it pays in only {n} of 100 cases; with the "
                    "corrections in {m}."
                )
            case _other:
                return _(
                    "ADJUST: as designed it pays in {n} of 100 cases; with the corrections in {m}."
                )

    def _is_effective(self) -> bool:
        return self.effect > 2 * self.effect_se

    @property
    def figures(self) -> list[Figure]:
        """Verdict now and after the corrections, effect as believed."""
        return [
            Figure(
                _("As designed"),
                choice_words()[self.choice],
                _("pays in {share} of cases").format(share=percent(self.p_gain)),
            ),
            Figure(
                _("With the corrections"),
                choice_words()[self.choice_adjusted],
                _("pays in {share} of cases").format(share=percent(self.p_gain_adjusted)),
            ),
            Figure(
                _("Effect as now believed"),
                points(self.mean, 2),
                _("± {sd}; measured {raw}").format(
                    sd=points(self.sd, 2, signed=False), raw=points(self.effect, 2)
                ),
            ),
            Figure(_("Guardrails"), colour_words()[self.guardrails], ""),
        ]

    @property
    def warnings(self) -> list[str]:
        """An override, which stays visible."""
        if not self.override:
            return []
        words = _("The rule says {rule}; decided was {choice}: {why}")
        rule = choice_words()[self.choice]
        return [words.format(rule=rule, choice=self.overridden, why=self.override)]

    @property
    def assumptions(self) -> list[str]:
        """What the readings take for granted."""
        rule = _("Rule, sealed as {hash}: GO from {go}, ADJUST from {adjust}, else STOP.")
        return [
            rule.format(
                hash=self.charter_hash[:12],
                go=percent(self.rule.go_from),
                adjust=percent(self.rule.adjust_from),
            ),
            _(
                "Going forward the pilot is paid for: what it cost decides nothing any more, and "
                "is shown only in the column for the whole programme."
            ),
            _(
                "Measured effects that were looked for are on average too large; the belief of "
                "before ({mean} ± {sd}) pulls the measurement back by as much as its noise demands."
            ).format(mean=points(self.prior_mean, 2), sd=points(self.prior_sd, 2, signed=False)),
            _("With the corrections the guardrails are taken to be back in green."),
            _(
                "The naive reading takes the measured effect as it is, loses nothing on the way "
                "to the whole chain, and values a kept customer like an average one."
            ),
        ]

    @property
    def formula(self) -> str:
        """How the belief and the chance are computed."""
        return _(
            "effect as believed = weighted mean of the belief before and the measurement, weights "
            "1 / variance; chance = share of draws of the value model with a net present value "
            "above zero, from today on"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row per reading."""
        return self.readings

    def columns(self) -> Mapping[str, Column]:
        """How readings are shown."""
        return {
            "reading": Column(_("Reading"), words=reading_words()),
            "npv_whole": Column(_("Pilot included, base case"), "money_short"),
            "npv": Column(_("From now on, base case"), "money_short"),
            "mean": Column(_("From now on, expected"), "money_short"),
            "p_gain": Column(_("Pays in"), "share"),
        }

    def plot(self) -> Chart:
        """The three readings on one axis."""
        from playbook.display import theme
        from playbook.display.charts.verdict import readings

        hues = {"naive": theme.QUIET, "designed": theme.ACQUIRED, "adjusted": theme.KEPT}
        frame = self.readings.assign(
            label=[reading_words()[one] for one in self.readings["reading"]],
            hue=[hues[one] for one in self.readings["reading"]],
            at=self.readings["mean"].fillna(self.readings["npv"]),
        )
        return readings(
            frame,
            category="label",
            value="at",
            low="p5",
            high="p95",
            share="p_gain",
            hue="hue",
            title=self._finding(),
            subtitle=_(
                "Net present value from here on: expected, with 9 of 10 cases; the naive reading "
                "has no spread"
            ),
        )

    def _finding(self) -> str:
        rows = self.readings.set_index("reading")
        naive, honest = float(rows["npv"]["naive"]), float(rows["mean"]["designed"])
        if naive > 0 > honest:
            return _(
                "Read naively the pilot promises {naive}; read honestly it loses {loss}"
            ).format(naive=money_short(naive), loss=money_short(-honest))
        if naive < 0:
            return _("Read naively the programme loses {naive}; read honestly {honest}").format(
                naive=money_short(-naive), honest=money_short(honest)
            )
        return _("Read naively the pilot promises {naive}; read honestly {honest}").format(
            naive=money_short(naive), honest=money_short(honest)
        )


def verdict_question(found: Verdict) -> dict[str, Any]:
    """The decision that page 08 asks for."""
    words = _("The sealed rule says {rule}. What is decided? Another choice needs a reason.")
    return {
        "question": words.format(rule=choice_words()[found.choice]),
        "options": list(choice_words().values()),
    }


def choice_words() -> dict[str, str]:
    """The words for the three verdicts."""
    return {"GO": _("GO"), "ADJUST": _("ADJUST"), "STOP": _("STOP")}


def reading_words() -> dict[str, str]:
    """The words for the three readings."""
    return {
        "naive": _("naive"),
        "designed": _("honest, as designed"),
        "adjusted": _("with the corrections"),
    }


def verdict(
    charter: Charter,
    effect: Effect,
    model: ValueModel,
    *,
    guardrails: Guardrails,
    review: Review | None = None,
    charter_hash: str = "",
    decided: Decided | None = None,
) -> Verdict:
    """Put the measured effect through the value model and apply the sealed rule.

    Args:
        charter: The sealed charter.
        effect: From ``effect.measure``.
        model: The value model with what was believed before the pilot.
        guardrails: At the end of the pilot.
        review: The review after the pilot with its corrections.
        charter_hash: Fingerprint of the charter.
        decided: What people decided, if they did; another choice than the rule's is an
            override and is shown.
    """
    mean, sd = posterior(
        mean=model.effect.mean, sd=model.effect.sd, observed=effect.att, noise_sd=effect.se
    )
    changes = review.changes if review else ()
    designed = forward(model, effect_mean=mean, effect_sd=sd)
    adjusted = forward(model, effect_mean=mean, effect_sd=sd, changes=changes)
    choice = apply(charter.rule, p_gain=designed.p_gain, guardrails=guardrails.state)
    mended = "green" if review else guardrails.state
    overridden, override = _override(decided, choice)
    return Verdict(
        choice=choice,
        choice_adjusted=apply(charter.rule, p_gain=adjusted.p_gain, guardrails=mended),
        p_gain=designed.p_gain,
        p_gain_adjusted=adjusted.p_gain,
        effect=effect.att,
        effect_se=effect.se,
        mean=mean,
        sd=sd,
        prior_mean=model.effect.mean,
        prior_sd=model.effect.sd,
        readings=_readings(model, effect, mean, designed, adjusted, changes),
        guardrails=guardrails.state,
        rule=charter.rule,
        charter_hash=charter_hash,
        overridden=overridden,
        override=override,
    )


def _readings(
    model: ValueModel,
    effect: Effect,
    mean: float,
    designed: Outlook,
    adjusted: Outlook,
    changes: Sequence[Change],
) -> pd.DataFrame:
    """Naive, honest and adjusted, base case and simulation."""
    margin = model.average_margin
    naive = [
        base_case(model, effect=effect.att, scale_up=1.0, kept_margin=margin, with_pilot=whole).npv
        for whole in (True, False)
    ]
    rows = [("naive", *naive, np.nan, np.nan, np.nan, np.nan)]
    for key, outlook, made in (("designed", designed, ()), ("adjusted", adjusted, changes)):
        base = [
            base_case(model, effect=mean, changes=made, with_pilot=whole).npv
            for whole in (True, False)
        ]
        rows.append((key, *base, outlook.mean, outlook.p5, outlook.p95, outlook.p_gain))
    names = ["reading", "npv_whole", "npv", "mean", "p5", "p95", "p_gain"]
    return pd.DataFrame(rows, columns=names)


def _in_every_language(choice: Choice) -> set[str]:
    """A verdict as it may have been written down."""
    words = set()
    for code in LANGUAGES:
        with in_language(code):
            words.add(choice_words()[choice])
    return words


def _override(decided: Decided | None, choice: Choice) -> tuple[str, str]:
    """What was decided against the rule, with who and why."""
    if decided is None or decided.decision.choice in _in_every_language(choice):
        return "", ""
    made = in_readers_language(decided.decision)
    told = f"{made.who}, {made.reason}"
    if made.dissent:
        told += " " + _("Disagreed: {dissent}").format(dissent=made.dissent)
    return made.choice, told
