"""How sure are we of what we know: a quiz that measures by how much the room is too sure.

Each participant gives, for every question, a range that should hold the truth in nine
cases of ten. How often it does tells by how much all ranges of this room should be
widened. Untrained people reach about 55 % (Hubbard); with few answers the room's own
figure is drawn towards that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.basics import bars
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.stats.proportions import effective_size, widening
from playbook.text import gettext as _
from playbook.text import ngettext, numbers
from playbook.workshop.quiz import CalibrationQuiz, hits_of, refuse_wrong

Floats = NDArray[np.float64]
LEVEL = 0.90
UNTRAINED = 0.55
UNTRAINED_WEIGHT = 10.0
FEWEST = 5
N_DRAWS = 4000
_WIDE = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Calibration(Result):
    """By how much the ranges of this room should be widened.

    Attributes:
        n_participants: People who answered.
        n_answers: Ranges given.
        n_hits: Ranges that hold the truth; 0 where nothing is shown.
        factor: Factor for the width of every range of this room, at least 1.
        factor_low: Undercut in 1 of 20 cases.
        factor_high: Exceeded in 1 of 20 cases.
        table: One row per question: ``question``, ``label``, ``truth``, ``n_answers``, ``n_hits``,
            ``hit_share``; empty below five participants.
    """

    n_participants: int
    n_answers: int
    n_hits: int
    factor: float
    factor_low: float
    factor_high: float
    table: pd.DataFrame

    @property
    def is_shown(self) -> bool:
        """Whether enough people answered for anything about them to be shown."""
        return self.n_participants >= FEWEST

    @property
    def hit_share(self) -> float:
        """Share of ranges that hold the truth; ``nan`` where nothing is shown."""
        return self.n_hits / self.n_answers if self.is_shown and self.n_answers else float("nan")

    @property
    def headline(self) -> str:
        """How often the room was right, and the factor that follows."""
        factor = numbers.number(self.factor, 1)
        if not self.is_shown:
            words = ngettext(
                "Only {n} person answered: the factor {factor} is that of untrained people.",
                "Only {n} people answered: the factor {factor} is that of untrained people.",
                self.n_participants,
            )
            return words.format(n=numbers.number(self.n_participants), factor=factor)
        if self.hit_share >= LEVEL:
            return _("Our ranges hold the truth as often as we say: they can stay as they are.")
        words = _(
            "Of {n} ranges that should hold the truth in 9 cases of 10, {hits} did: "
            "make ours {factor} times as wide."
        )
        return words.format(
            n=numbers.number(self.n_answers), hits=numbers.number(self.n_hits), factor=factor
        )

    @property
    def figures(self) -> list[Figure]:
        """Hit rate and factor, each with what it rests on."""
        spread = numbers.between(
            numbers.number(self.factor_low, 1), numbers.number(self.factor_high, 1)
        )
        factor = Figure(_("Widening factor"), numbers.number(self.factor, 1), spread)
        if not self.is_shown:
            return [factor]
        meant = _("{share} were meant to").format(share=numbers.percent(LEVEL))
        return [
            Figure(_("Ranges that held the truth"), numbers.percent(self.hit_share), meant),
            factor,
            Figure(
                _("People and answers"),
                f"{numbers.number(self.n_participants)} / {numbers.number(self.n_answers)}",
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """Few answers leave the factor open."""
        if not self.is_shown:
            words = _("Below {n} participants nothing about their answers is shown.")
            return [words.format(n=numbers.number(FEWEST))]
        if self.factor_high - self.factor_low <= _WIDE:
            return []
        return [
            _("So few answers leave the factor open; read it as “about double”, not as a figure.")
            if 1.5 <= self.factor <= 2.5
            else _("So few answers leave the factor open; read it as a direction, not as a figure.")
        ]

    @property
    def assumptions(self) -> list[str]:
        """How the factor is made."""
        return [
            _("Answers to one question resemble each other, so {n} answers count as fewer.").format(
                n=numbers.number(self.n_answers)
            ),
            _(
                "The room starts where untrained people stand: {share} of their ranges hold the "
                "truth; that counts like {n} answers."
            ).format(share=numbers.percent(UNTRAINED), n=numbers.number(UNTRAINED_WEIGHT)),
            _("Ranges are never narrowed, even if the room is more modest than it says."),
        ]

    @property
    def formula(self) -> str:
        """How the factor is computed."""
        return _("factor = z(90 %) ÷ z(hit rate), z the half-width of a normal range")

    def to_frame(self) -> pd.DataFrame:
        """One row per question; nothing below five participants."""
        return self.table

    def columns(self) -> Mapping[str, Column]:
        """Labels of the table."""
        return {
            "question": Column(_("Question")),
            "truth": Column(_("The truth"), "written"),
            "n_answers": Column(_("Answers"), "count"),
            "n_hits": Column(_("Held the truth"), "count"),
            "hit_share": Column(_("Share"), "share"),
        }

    def _easiest(self) -> str:
        """How far even the easiest question stayed below what was meant."""
        if not self.is_shown or float(self.table["hit_share"].max()) >= LEVEL:
            return self.headline
        best = self.table.iloc[int(self.table["hit_share"].to_numpy().argmax())]
        words = _("Even the easiest question, “{label}”, reached {share} where {meant} was meant.")
        return words.format(
            label=best["label"],
            share=numbers.percent(float(best["hit_share"])),
            meant=numbers.percent(LEVEL),
        )

    def plot(self) -> Chart:
        """How often the ranges held the truth; below five people only what others reach."""
        meant, others = _("what was meant"), _("untrained people elsewhere")
        marks = pd.DataFrame({"label": [meant, others], "hit_share": [LEVEL, UNTRAINED]})
        shown = marks
        subtitle = _("Share of ranges that hold the truth")
        if self.is_shown:
            own = self.table[["label", "hit_share"]].sort_values("hit_share", ascending=False)
            shown = pd.concat([marks, own])
            subtitle = _("Share of {n} people whose range held the truth, by question").format(
                n=numbers.number(self.n_participants)
            )
        return bars(
            shown,
            category="label",
            value="hit_share",
            title=self._easiest(),
            subtitle=subtitle,
            unit="share",
            hues={meant: theme.QUIET, others: theme.QUIET},
            hue=theme.TREATED,
        )


def factor_of(room: Calibration | None) -> float:
    """The room's widening factor; 1 where there was no quiz."""
    return room.factor if room else 1.0


def question() -> dict[str, Any]:
    """What the room decides on this page."""
    return {
        "question": _("Do we widen our own estimates by the factor of this room?"),
        "options": (
            _("Yes: every range of ours is widened by it"),
            _("No: we stand by our ranges"),
            _("Once more, after half an hour of practice"),
        ),
    }


def calibrate(quiz: CalibrationQuiz, *, seed: int) -> Calibration:
    """Score the quiz and turn the hit rate into a widening factor.

    Args:
        quiz: Questions and answers.
        seed: Seed of the draws behind the factor's spread.

    Raises:
        PlaybookError: Ranges with the low end above the high one, or for unknown questions.
    """
    refuse_wrong(quiz)
    hits = hits_of(quiz)
    n_people, n = len(quiz.answers), int(np.isfinite(hits).sum())
    is_shown = n_people >= FEWEST
    factors = _factors(hits if is_shown else hits[:0], seed=seed)
    low, middle, high = np.quantile(factors, [0.05, 0.5, 0.95])
    return Calibration(
        n_participants=n_people,
        n_answers=n,
        n_hits=int(np.nansum(hits)) if is_shown else 0,
        factor=float(middle),
        factor_low=float(low),
        factor_high=float(high),
        table=_by_question(quiz, hits) if is_shown else pd.DataFrame(),
    )


def _factors(hits: Floats, *, seed: int) -> Floats:
    """Draws of the factor: a beta distribution that starts at what untrained people reach."""
    n = effective_size(hits) if np.isfinite(hits).any() else 0.0
    share = float(np.nanmean(hits)) if n else 0.0
    rng = np.random.default_rng(seed)
    shares = rng.beta(
        UNTRAINED * UNTRAINED_WEIGHT + share * n,
        (1 - UNTRAINED) * UNTRAINED_WEIGHT + (1 - share) * n,
        size=N_DRAWS,
    )
    return widening(shares, level=LEVEL)


def _by_question(quiz: CalibrationQuiz, hits: Floats) -> pd.DataFrame:
    counts = np.isfinite(hits).sum(axis=0)
    right = np.nansum(hits, axis=0).astype(int)
    return pd.DataFrame(
        {
            "question": [question.text for question in quiz.questions],
            "label": [question.label for question in quiz.questions],
            "truth": [question.shown_truth for question in quiz.questions],
            "n_answers": counts,
            "n_hits": right,
            "hit_share": right / np.maximum(counts, 1),
        }
    )
