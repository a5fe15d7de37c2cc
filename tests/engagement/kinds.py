"""Documents, parts and results that only the tests know."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, field_validator

from playbook.display.result import Result
from playbook.engagement.documents import Document, Part, Upcasters, Words


class Light(Enum):
    GO = "green"
    STOP = "red"


class Target(Part):
    name: Words = Field(min_length=1, description="what is to be reached")
    value: float = Field(gt=0, description="how much of it", examples=[0.645])
    until: dt.date = Field(description="the day by which it is reached")
    light: Literal["go", "stop"] = "go"
    stores: tuple[int, ...] = ()


class Plan(Document):
    """Has one of everything that an input may hold."""

    kind: ClassVar[str] = "test_plan"
    version: ClassVar[int] = 2
    upcasters: ClassVar[Upcasters] = {1: lambda raw: {**raw, "owner": raw.get("boss", "nobody")}}

    title: Words = Field(min_length=3, description="what the plan is called")
    owner: Words = "nobody"
    targets: tuple[Target, ...] = Field(default=(), description="what is to be reached, at most 9")
    shares: dict[str, float] = Field(default_factory=dict, description="share of each segment")
    price: Decimal | None = Field(default=None, description="price of one visit", examples=["9.90"])
    weeks: Annotated[int, Field(ge=4, le=52)] = Field(default=16, description="length in weeks")
    is_open: bool = False
    note: str | None = None

    @field_validator("note")
    @classmethod
    def _no_shouting(cls, note):
        if note and note.isupper():
            raise ValueError("a note is not shouted")
        return note


@dataclass(frozen=True, kw_only=True, eq=False)
class Part1:
    """A piece of a result."""

    label: str
    frame: pd.DataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class Anything(Result):
    """A result that holds whatever a test puts in."""

    value: Any

    @property
    def headline(self) -> str:
        return "anything"

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame()


@dataclass(frozen=True, kw_only=True, eq=False)
class Rich(Result):
    """A result with one field of each kind."""

    table: pd.DataFrame
    series: pd.Series
    draws: np.ndarray
    shares: dict[str, float]
    pair: tuple[float, float]
    day: dt.date
    price: Decimal
    light: Light
    plan: Plan
    inner: Anything
    parts: tuple[Part1, ...]
    nothing: float | None = None

    @property
    def headline(self) -> str:
        return "rich"

    def to_frame(self) -> pd.DataFrame:
        return self.table
