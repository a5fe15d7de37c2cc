"""The company: the few facts about it that several chapters need."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from playbook.engagement.documents import Document, Words
from playbook.text import gettext as _
from playbook.text.addresses import has_secret


class Company(Document):
    """Who the company is, its language, its currency and its rates."""

    kind: ClassVar[str] = "company"

    name: Words = Field(min_length=1, description="name of the company, as people say it")
    lang: Literal["", "en", "ru"] = Field(
        default="", description="language of its pages: en or ru; empty follows the reader"
    )
    currency: str = Field(
        default="RUB", description="currency of all money, three letters (ISO 4217)"
    )
    discount_rate: float = Field(
        default=0.15, ge=0, le=1, description="yearly discount rate, 0.18 is 18 %"
    )
    margin_share: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="contribution margin as a share of revenue, 0.24 is 24 %",
        examples=[0.24],
    )
    staff_per_store: float | None = Field(
        default=None, gt=0, description="people who work in one store", examples=[14]
    )
    fiscal_year_starts: int = Field(
        default=1, ge=1, le=12, description="month in which the business year begins, 1-12"
    )
    source: str = Field(
        default="",
        description=(
            "where the receipts live if not in imported files, without a password:"
            " postgresql://user@host:5432/db?table=receipts"
        ),
    )
    notes: Words = Field(default="", description="what else a reader of the figures must know")

    @field_validator("currency")
    @classmethod
    def _is_code(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Z]{3}", value):
            raise ValueError(
                _("a currency is three letters such as RUB, found “{value}”").format(value=value)
            )
        return value

    @field_validator("source")
    @classmethod
    def _has_no_secret(cls, value: str) -> str:
        if has_secret(value):
            raise ValueError(
                _("a password does not belong here; put it into PLAYBOOK_SOURCE_PASSWORD")
            )
        return value.strip()
