"""Numbers, money and dates as the reader writes them.

Frames carry raw numbers; these functions are the only place where they are
rounded. Currency is the engagement's, set once with ``use_currency``.
"""

from __future__ import annotations

import datetime as dt
import math

from playbook.text.catalogue import gettext as _
from playbook.text.catalogue import language

MISSING = "—"
SYMBOLS = {"RUB": "₽", "EUR": "€", "USD": "$", "GBP": "£", "KZT": "₸", "BYN": "Br", "CNY": "¥"}
NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

_state = {"currency": "RUB"}


def use_currency(code: str) -> None:
    """Show money in the currency with this ISO 4217 code from here on."""
    _state["currency"] = code


def currency_symbol() -> str:
    """The sign of the currency in force, or its code where it has none."""
    return SYMBOLS.get(_state["currency"], _state["currency"])


def number(value: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """A number with the reader's separators.

    Example:
        >>> number(1234567.891, 1)
        '1,234,567.9'
    """
    if value is None or not math.isfinite(value):
        return MISSING
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = str(format_decimal(abs(round(value, digits)), format=pattern, locale=language()))
    return _sign(value, digits, signed=signed) + text


def _sign(value: float, digits: int, *, signed: bool) -> str:
    """The sign of a value as it is shown, so that -0.04 with one digit is not '−0.0'."""
    shown = round(value, digits)
    if shown < 0:
        return MINUS
    return "+" if signed and shown > 0 else ""


def percent(share: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """A share (0.62) as a percentage (62 %).

    Example:
        >>> percent(0.6251, 1).replace(NO_BREAK, " ")
        '62.5 %'
    """
    if share is None or not math.isfinite(share):
        return MISSING
    return f"{number(share * 100, digits, signed=signed)}{NO_BREAK}%"


def points(difference: float | None, digits: int = 1, *, signed: bool = True) -> str:
    """A difference of shares (0.019) in percentage points (+1.9 pp)."""
    if difference is None or not math.isfinite(difference):
        return MISSING
    unit = _("pp")  # outside the f-string: messages inside one are not collected
    return f"{number(difference * 100, digits, signed=signed)}{NO_BREAK}{unit}"


def money(value: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """An amount in full, with the currency sign where the reader expects it.

    Example:
        >>> money(2489.4)
        '₽2,489'
    """
    if value is None or not math.isfinite(value):
        return MISSING
    return _with_currency(number(abs(value), digits), _sign(value, digits, signed=signed))


def money_short(value: float | None, *, signed: bool = False) -> str:
    """An amount to three figures, in thousands, millions or billions.

    Example:
        >>> money_short(1_234_000_000).replace(NO_BREAK, " ")
        '₽1.2 bn'
    """
    if value is None or not math.isfinite(value):
        return MISSING
    scaled, unit = _scale(abs(value))
    digits = 1 if unit and round(scaled, 1) < 10 else 0
    text = number(scaled, digits) + (NO_BREAK + unit if unit else "")
    return _with_currency(text, _sign(value, 0, signed=signed) if round(scaled, digits) else "")


def number_short(value: float | None) -> str:
    """A count to three figures, in thousands, millions or billions."""
    if value is None or not math.isfinite(value):
        return MISSING
    scaled, unit = _scale(abs(value))
    digits = 2 if unit and round(scaled, 2) < 10 else 0
    return (MINUS if value < 0 else "") + number(scaled, digits) + (NO_BREAK + unit if unit else "")


def _scale(value: float) -> tuple[float, str]:
    """A positive value in its unit, and the unit's word."""
    for factor, unit in ((1e9, _("bn")), (1e6, _("m")), (1e4, _("k"))):
        # 999,999,999 is one billion once it is rounded
        if value >= factor * 0.9995:
            return value / (1e3 if factor == 1e4 else factor), unit
    return value, ""


def _with_currency(text: str, sign: str) -> str:
    symbol = currency_symbol()
    if language() == "ru":
        return f"{sign}{text}{NO_BREAK}{symbol}"
    gap = NO_BREAK if len(symbol) > 2 else ""
    return f"{sign}{symbol}{gap}{text}"


def between(low: str, high: str) -> str:
    """A range of two values that are already written."""
    return _("{low} to {high}").format(low=low, high=high)


def date(value: dt.date | str | None) -> str:
    """A day, long enough not to be misread.

    Example:
        >>> date(dt.date(2026, 3, 1))
        '1 Mar 2026'
    """
    if value is None:
        return MISSING
    from babel.dates import format_date

    day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return str(format_date(day, "d MMM y", locale=language()))


def month(value: dt.date) -> str:
    """A month for the axis of a chart.

    Example:
        >>> month(dt.date(2026, 3, 1))
        'Mar 2026'
    """
    from babel.dates import format_date

    return str(format_date(value, "LLL y", locale=language()))


def moment(at: str) -> str:
    """A stored moment (ISO, with its offset) on the reader's clock, to the minute."""
    local = dt.datetime.fromisoformat(at).astimezone()
    return f"{date(local.date())}, {local:%H:%M}"


def day_and_month(value: dt.date) -> str:
    """A day without its year, for the axis of a chart.

    Example:
        >>> day_and_month(dt.date(2026, 3, 1))
        '1 Mar'
    """
    from babel.dates import format_date

    return str(format_date(value, "d MMM", locale=language()))
