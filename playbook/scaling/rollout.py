"""The rollout as people plan it: waves, pace, trainers, hold-out."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from pydantic import Field, model_validator

from playbook.engagement.documents import Document, Part, Words
from playbook.text import gettext as _


class QuietWeeks(Part):
    """Weeks in which no wave may start and nobody is trained."""

    first: dt.date = Field(description="first day of the quiet time")
    last: dt.date = Field(description="last day of the quiet time")
    reason: Words = Field(description="why, such as the weeks before New Year")


class Rollout(Document):
    """How the change goes from the pilot to the whole company."""

    kind: ClassVar[str] = "rollout"

    start: dt.date = Field(description="Monday on which wave 1 starts")
    wave_sizes: tuple[int, ...] = Field(
        min_length=1, description="stores per wave, in the order of the waves"
    )
    weeks_between_waves: int = Field(ge=1, le=52, description="weeks from one wave to the next")
    burn_in_weeks: int = Field(
        default=3, ge=0, le=26, description="first weeks of a wave that do not count"
    )
    n_holdout: int = Field(
        ge=0, description="stores of the last wave that stay untreated to the end, to measure"
    )
    trainers: int = Field(ge=0, description="people who train")
    sessions_per_week: int = Field(ge=1, description="training sessions per trainer and week")
    seats: int = Field(ge=1, description="seats per session")
    staff_per_store: float = Field(gt=0, description="people to train per store")
    quiet: tuple[QuietWeeks, ...] = Field(default=(), description="weeks in which nothing starts")
    seed: int = Field(default=7, ge=0, description="seed of the draw, published before it")
    owner: Words = Field(description="role that answers for the rollout")

    @model_validator(mode="after")
    def _fits(self) -> Rollout:
        problems = []
        if any(size < 1 for size in self.wave_sizes):
            problems.append(_("every wave needs at least one store"))
        if self.start.weekday():
            problems.append(_("the start must be a Monday"))
        if self.n_holdout >= self.wave_sizes[-1]:
            problems.append(_("the hold-out must be smaller than the last wave"))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def seats_per_week(self) -> int:
        """People who can be trained in a week."""
        return self.trainers * self.sessions_per_week * self.seats

    def wave_start(self, wave: int) -> dt.date:
        """Monday on which a wave (1, 2, …) starts."""
        return self.start + dt.timedelta(weeks=(wave - 1) * self.weeks_between_waves)
