"""Numbers as people and tills write them: thousands, currency, minus, and what cannot be read."""

from __future__ import annotations

import re
from typing import Literal

Decimals = Literal[".", ","]

# Spaces, apostrophes and minus signs of all kinds, each made the one that is parsed.
_FROM = (
    "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}\N{EN SPACE}"
    "\N{EM SPACE}\N{HAIR SPACE}\t"
    "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}`"
    "\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}"
)
_TO = " " * 8 + "'" * 4 + "-" * 4
_NORMAL = str.maketrans(_FROM, _TO)
_SIGNS = {
    "RUB": r"₽|руб(?:лей|ля|ль)?\.?|р\.?|rub|rur",
    "EUR": r"€|eur(?:o)?|евро",
    "USD": r"\$|usd|долл(?:аров|ара|ар)?\.?",
    "GBP": r"£|gbp",
    "CHF": r"chf|fr\.",
    "PLN": r"zł|zl|pln",
    "KZT": r"₸|тг\.?|тенге|kzt",
    "KGS": r"сом|kgs",
    "UZS": r"so'm|сум|uzs",
    "BYN": r"br|byn|бел\. ?руб\.?",
    "UAH": r"₴|грн\.?|uah",
    "CZK": r"kč|czk",
    "AMD": r"֏|amd|драм",
    "GEL": r"₾|gel|лари",
    "TRY": r"₺|try|tl",
    "INR": r"₹|inr|rs\.?",
    "CNY": r"¥|cny|rmb|юан(?:ей|ь)",
}
_CURRENCY = "|".join(_SIGNS.values())
_KEPT = r"""^(?:="?|')([^"]*)"?$"""
SCIENTIFIC = r"[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d+"


def bare(text: str) -> str:
    """A number without currency and percent; its spaces, apostrophes and minus plain ones.

    Example:
        >>> bare("\N{MINUS SIGN}1\N{THIN SPACE}234,50 ₽"), bare("$-12.50"), bare("12-50")
        ('-1 234,50', '-12.50', '12-50')
    """
    plain = re.sub(_KEPT, r"\1", text).translate(_NORMAL).strip()
    for pattern in _around(f"{_CURRENCY}|%"):
        plain = re.sub(pattern, r"\1", plain, count=1, flags=re.IGNORECASE)
    return plain


def currency(text: str) -> str:
    """The currency that a number is written with, empty where there is none.

    Example:
        >>> currency("12,50 руб."), currency("12.50")
        ('RUB', '')
    """
    plain = text.translate(_NORMAL).strip()
    for code, signs in _SIGNS.items():
        if any(re.search(pattern, plain, flags=re.IGNORECASE) for pattern in _around(signs)):
            return code
    return ""


def _around(signs: str) -> tuple[str, str]:
    """Patterns for a sign in front of a number and for one behind it; the minus stays."""
    return rf"^([-+(]? ?)(?:{signs}) ?", rf" ?(?:{signs})( ?[-)]?)$"


def _body(decimals: Decimals) -> str:
    """The digits of a number: groups of three, never anything in between."""
    point, other = re.escape(decimals), re.escape("," if decimals == "." else ".")
    groups = [rf"[1-9]\d{{0,2}}(?:{sign}\d{{3}})+" for sign in (" ", "'", other)]
    whole = "|".join([r"\d+", *groups])
    return rf"(?:(?:{whole})(?:{point}\d+)?|{point}\d+)"


def shape(decimals: Decimals) -> str:
    """A pattern for every number that can be read with this decimal sign, made bare."""
    body = _body(decimals)
    return rf"[-+]? ?{body}|{body} ?-|\( ?{body} ?\)"


def bare_sql(raw: str, *, is_share: bool) -> str:
    """``bare`` as SQL."""
    # ="12,50" and '12,50 are what people write so that a spreadsheet lets it be
    kept = f"regexp_replace({raw}, {_text(_KEPT)}, '\\1')"
    plain = f"trim(translate({kept}, {_text(_FROM)}, {_text(_TO)}))"
    for pattern in _around(f"{_CURRENCY}|%" if is_share else _CURRENCY):
        plain = f"regexp_replace({plain}, {_text('(?i)' + pattern)}, '\\1')"
    return plain


def written_sql(bare_text: str, decimals: Decimals) -> str:
    """A bare number with a decimal point and nothing else; null where it is no number."""
    other = "," if decimals == "." else "."
    digits = f"translate({bare_text}, {_text(decimals + other + ' ()+-' + chr(39))}, '.')"
    minus = f"contains({bare_text}, '-') OR starts_with({bare_text}, '(')"
    signed = f"CASE WHEN {minus} THEN '-' || {digits} ELSE {digits} END"
    return f"CASE WHEN regexp_full_match({bare_text}, {_text(shape(decimals))}) THEN {signed} END"


def fast_sql(x: str, decimals: Decimals, group: str, kind: str) -> str:
    """A number of digits with a decimal sign and one sign between thousands, nothing else.

    Args:
        x: The cell, as SQL.
        decimals: The decimal sign.
        group: The sign between thousands, empty where there is none.
        kind: The type of the value.
    """
    whole = rf"[1-9]\d{{0,2}}(?:{re.escape(group)}\d{{3}})+|\d+" if group else r"\d+"
    shape = rf"-?(?:{whole})(?:{re.escape(decimals)}\d+)?"
    digits = f"replace({x}, {_text(group)}, '')" if group else x
    point = digits if decimals == "." else f"replace({digits}, ',', '.')"
    return f"CASE WHEN regexp_full_match({x}, {_text(shape)}) THEN TRY_CAST({point} AS {kind}) END"


def plain_sql(raw: str, decimals: Decimals) -> str:
    """A number that has nothing but digits, a minus in front and a decimal sign."""
    return raw if decimals == "." else f"replace({raw}, ',', '.')"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
