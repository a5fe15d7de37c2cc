"""One column of a table: kind, unit, meaning, allowed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from playbook.text import gettext as _
from playbook.text.numbers import number

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "moment", "date", "money", "count", "number", "share", "yes_no"]


def N_(message: str) -> str:
    """Mark a message that is translated when it is shown."""
    return message


KIND_NAMES: dict[Kind, str] = {
    "text": N_("text"),
    "moment": N_("date and time"),
    "date": N_("date"),
    "money": N_("money"),
    "count": N_("whole number"),
    "number": N_("number"),
    "share": N_("share, 0 to 1"),
    "yes_no": N_("yes or no"),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One quantity, under one name in every table.

    Attributes:
        name: Its name in every table.
        kind: What it holds.
        meaning: What it is, in one sentence; English, translated when shown.
        unit: Unit of its values; English, translated when shown; empty where there is none.
        example: One value, as a file may have it.
        low: Smallest allowed value.
        high: Largest allowed value.
        choices: The only allowed words, each with a pattern of how people write it.
        is_monday: Whether only Mondays are allowed.
        is_month: Whether a date stands for its month and is read as its first day.
        may_be_planned: Whether a date in the future is allowed.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    example: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    is_monday: bool = False
    is_month: bool = False
    may_be_planned: bool = False

    @property
    def kind_name(self) -> str:
        """The kind in the reader's language."""
        return _(KIND_NAMES[self.kind])

    @property
    def range_text(self) -> str:
        """The allowed values in words, empty where everything is allowed."""
        if self.choices:
            return ", ".join(_(word) for word, _pattern in self.choices)
        if self.is_monday:
            return _("Mondays")
        if self.is_month:
            return _("first day of a month")
        if self.low is None:
            return ""
        low = number(self.low)
        if self.high is None:
            return _("{low} or more").format(low=low)
        return _("{low} to {high}").format(low=low, high=number(self.high))

    def fits(self, values: pd.Series) -> bool:
        """Whether a column of a frame has the type of this kind."""
        from pandas.api import types

        match self.kind:
            case "text":
                return bool(types.is_string_dtype(values) or values.isna().all())
            case "moment" | "date":
                return bool(types.is_datetime64_dtype(values))
            case "yes_no":
                return bool(types.is_bool_dtype(values) or _is_yes_or_no(values))
            case "count":
                return bool(types.is_integer_dtype(values) or _is_whole(values))
            case _:
                return bool(types.is_numeric_dtype(values) and not types.is_bool_dtype(values))

    def allows(self, values: pd.Series) -> pd.Series:
        """Whether each value of the right type is allowed; missing ones may say either."""
        import pandas as pd

        if self.choices:
            return values.isin([word for word, _pattern in self.choices])
        if self.is_monday:
            return pd.Series(values.dt.day_of_week == 0)
        if self.is_month:
            return pd.Series(values.dt.day == 1)
        if self.low is None:
            return pd.Series(data=True, index=values.index)
        return values.between(self.low, self.high if self.high is not None else float("inf"))


def _is_whole(values: pd.Series) -> bool:
    """Whether numbers are whole, beside which values are missing."""
    from pandas.api import types

    if not (types.is_float_dtype(values) and values.isna().any()):
        return False
    known = values.dropna()
    return bool((known == known.round()).all())


def _is_yes_or_no(values: pd.Series) -> bool:
    """Whether there are only yes and no, beside which values are missing."""
    return values.dtype == object and all(isinstance(one, bool) for one in values.dropna())


MONEY = N_("company's currency, without VAT")


def column(
    name: str,
    kind: Kind,
    meaning: str,
    unit: str = "",
    *,
    example: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    may_be_planned: bool = False,
) -> Column:
    """A column with what its name and kind say by themselves.

    A count and a share are never below nought, ``week`` is a Monday, ``month`` and
    ``cohort`` are first days.
    """
    if kind in {"count", "share"}:
        low = 0.0 if low is None else low
    if kind == "share":
        high = 1.0
    return Column(
        name=name,
        kind=kind,
        meaning=meaning,
        unit=unit,
        example=example,
        low=low,
        high=high,
        choices=choices,
        is_monday=name == "week",
        is_month=name in {"month", "cohort"},
        may_be_planned=may_be_planned,
    )
