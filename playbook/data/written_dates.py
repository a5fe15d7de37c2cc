"""Dates and times as people and tills write them, in SQL: to one form with the year first."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

Order = Literal["dmy", "mdy"]

_WEEKDAYS = (
    "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс"
    "|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?"
    "|sun(?:day)?"
)
MONTHS: dict[str, int] = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12, "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5,
    "июн": 6, "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
MONTH_NAME = (
    "january|february|march|april|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|may|jun|jul|aug|sept|sep|oct|nov|dec"
    "|январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]"
    "|октябр[ья]|ноябр[ья]|декабр[ья]|янв|фев|февр|мар|апр|июн|июл|авг|сент|сен|окт|нояб|ноя|дек"
)
_YEAR_WORD = r"(?: ?[гГ](?:\.|ода|од)?)?"
_TIME = r"(?:[T ,]+(.+))?"
_PRINTED = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_CLOCKS = (
    "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p", "%I.%M.%S.%f %p", "%I.%M.%S %p", "%I.%M %p",
    "%I:%M:%S.%f %p", "%H.%M", "%H.%M.%S", "%H.%M.%S.%f", "%H-%M-%S",
)  # fmt: skip
_ZONE = r"(?: ?(?:Z|UTC|GMT|MSK|МСК)| ?(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)(?: ?\(.*\))?"
SERIAL = r"\d{5}(?:[.,]\d+)?"
CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"


def iso(raw: str, order: Order, *, has_words: bool, is_period: bool = False) -> str:
    """A date with the year first; the clock of another zone stays as it is written.

    Args:
        raw: The cell, as SQL.
        order: Which of two numbers in front of a year is the day.
        has_words: Whether there are weekdays or months by their names.
        is_period: Whether a month without a day is its first day.
    """
    raw = _with_plain_spaces(raw)
    text = _without_words(raw) if has_words else raw
    text = _replaced(text, rf"(:\d{{2}}(?:[.,]\d+)?){_ZONE}$", r"\1")
    text = _replaced(text, r"^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2}):?(\d{2})?)?$",
                     r"\1-\2-\3 \4:\5:\6")  # fmt: skip
    text = _replaced(text, r"^(\d{4})[./](\d{1,2})[./](\d{1,2})", r"\1-\2-\3")
    parts = r"\2-\1" if order == "dmy" else r"\1-\2"
    year = rf"{_YEAR_WORD}{_TIME}$"
    text = _replaced(text, rf"^(\d{{1,2}})[./-](\d{{1,2}})[./-](\d{{4}}){year}", rf"\3-{parts} \4")
    for century, years in (("19", r"[7-9]\d"), ("20", r"\d\d")):
        short = rf"^(\d{{1,2}})[./-](\d{{1,2}})[./-]({years}){year}"
        text = _replaced(text, short, rf"{century}\3-{parts} \4")
    if is_period:
        text = _replaced(text, r"^(\d{4})[-./](\d{1,2})$", r"\1-\2-01")
        text = _replaced(text, rf"^(\d{{1,2}})[-./](\d{{4}}){_YEAR_WORD}$", r"\2-\1-01")
        text = _replaced(text, r"^(20\d{2})(\d{2})$", r"\1-\2-01")
    # what is left of a clock that is not there, and a comma before a fraction
    text = _replaced(text, r"[ :]+$", "")
    return _replaced(text, r"(:\d{2}),(\d+)$", r"\1.\2")


def _with_plain_spaces(raw: str) -> str:
    """A cell whose spaces of print (no-break, narrow, thin) are spaces."""
    return f"translate({raw}, '{_PRINTED}', '{' ' * len(_PRINTED)}')"


def _without_words(raw: str) -> str:
    """Weekdays taken away, months made numbers; the time of day stays."""
    text = _replaced(f"lower({raw})", rf"^(?:{_WEEKDAYS})\.?,? +", "")
    month = f"regexp_extract({text}, '(?:{MONTH_NAME})')"
    cases = " ".join(f"WHEN '{name}' THEN '{place:02d}'" for name, place in MONTHS.items())
    number = f"CASE left({month}, 3) {cases} END"
    # a name is written as m01, so that it is known whatever it stands beside
    text = f"CASE WHEN {month} = '' THEN {text} ELSE regexp_replace({text}, " \
           f"'(?:{MONTH_NAME})\\.?', 'm' || {number}) END"  # fmt: skip
    ending = rf"{_YEAR_WORD}{_TIME}$"
    for pattern, form in (
        (r"^(\d{1,2})(?:st|nd|rd|th)?[ ./-]*m(\d\d)[ .,/-]*(\d{4})", r"\3-\2-\1 \4"),
        (r"^(\d{1,2})(?:st|nd|rd|th)?[ ./-]*m(\d\d)[ .,/-]*(\d{2})", r"20\3-\2-\1 \4"),
        (r"^m(\d\d)[ .-]*(\d{1,2})(?:st|nd|rd|th)?[ .,-]+(\d{4})", r"\3-\1-\2 \4"),
        (r"^(\d{4})[ ./-]*m(\d\d)[ ./-]*(\d{1,2})", r"\1-\2-\3 \4"),
        (r"^m(\d\d)[ .,/-]*(\d{4})", r"\2-\1"),
        (r"^m(\d\d)[ .,/-]*(\d{2})", r"20\2-\1"),
    ):
        text = _replaced(text, pattern + ending, form)
    # morning and afternoon, and zones, are known in capitals
    return f"upper({text})"


def _replaced(text: str, pattern: str, form: str) -> str:
    return f"regexp_replace({text}, '{pattern}', '{form}')"


def timestamp(text: str) -> str:
    """ISO text as a moment; morning and afternoon may be said in English."""
    formats = ", ".join(f"'%Y-%m-%d {clock}'" for clock in _CLOCKS)
    clock = f"regexp_replace({text}, '([AaPp])\\.[Mm]\\.$', '\\1M')"
    both = f"coalesce(TRY_CAST({text} AS TIMESTAMP), try_strptime({clock}, [{formats}]))"
    return f"CASE WHEN regexp_matches({text}, '^\\d{{4}}-') THEN {both} END"


def of_serial(raw: str, *, is_1904: bool) -> str:
    """The moment that a spreadsheet's day number stands for, to the second."""
    base = "1904-01-01" if is_1904 else "1899-12-30"
    days = f"TRY_CAST(replace({raw}, ',', '.') AS DOUBLE)"
    return f"TIMESTAMP '{base}' + to_seconds(round({days} * 86400))"


def of_epoch(raw: str, *, has_milliseconds: bool) -> str:
    """The moment that seconds since 1970 stand for, in UTC."""
    factor = 1_000 if has_milliseconds else 1_000_000
    return f"make_timestamp(TRY_CAST({raw} AS BIGINT) * {factor})"


def time_of_day(raw: str) -> str:
    """A time of day as an interval from midnight; a spreadsheet's part of a day too."""
    raw = _with_plain_spaces(raw)
    clock = f"regexp_replace({raw}, '^(\\d{{1,2}})[.](\\d{{2}})(?:[.](\\d{{2}}))?$', '\\1:\\2:\\3')"
    clock = f"regexp_replace(regexp_replace({clock}, ':$', ''), '^.*[T ](\\d{{1,2}}:.*)$', '\\1')"
    clock = f"regexp_replace({clock}, '^(\\d{{2}})(\\d{{2}})(\\d{{2}})$', '\\1:\\2:\\3')"
    days = f"TRY_CAST(replace({raw}, ',', '.') AS DOUBLE)"
    formats = "'%I:%M:%S %p', '%I:%M %p', '%I:%M:%S%p', '%I:%M%p', '%H:%M:%S', '%H:%M'"
    noted = f"CAST(try_strptime({clock}, [{formats}]) AS TIME)"
    # a cast to a time lets any words behind it pass
    bare = f"CASE WHEN regexp_full_match({clock}, '[\\d:.,]+') THEN TRY_CAST({clock} AS TIME) END"
    parsed = f"to_microseconds(epoch_us(coalesce({noted}, {bare})))"
    part = f"to_seconds(round(({days} - floor({days})) * 86400))"
    is_part = f"regexp_full_match({raw}, '0?,\\d+|0?[.]\\d{{3,}}|0|0[.]0*')"
    return f"CASE WHEN {is_part} THEN {part} ELSE {parsed} END"


def without_weekday(cell: str) -> str:
    """A date without the day of the week in front.

    Example:
        >>> without_weekday("Пн, 12.01.2024")
        '12.01.2024'
    """
    return re.sub(rf"^(?:{_WEEKDAYS})\.?,? +", "", cell.casefold())


def day_of_serial(cell: str) -> dt.date:
    """The day of a spreadsheet's number, with the base of 1900."""
    return dt.date(1899, 12, 30) + dt.timedelta(days=int(float(cell.replace(",", "."))))
