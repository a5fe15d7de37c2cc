"""Dates and times in every order, in one column or in two, and as numbers of a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from hostile.case import SHOP, SHOP_DAYS, Case, Loads, Row, Stops
from hostile.writing import (
    ENGLISH,
    MONTHS,
    OF_MONTHS,
    RUSSIAN,
    cells,
    files,
    joined,
    moment,
    shop,
    text,
)

At = Callable[[dt.datetime], str]
Rows = tuple[Row, ...]


def _styled(
    name: str, about: str, at: At, rows: Rows = SHOP, *found: tuple[str, str], **options: object
) -> Case:
    """The shop with moments written in one style."""
    return Case(
        name=f"moment_{name}",
        about=about,
        make=text(shop(at=at)),
        outcome=Loads(rows=rows, findings=found),
        options=options,
    )


def _moments(
    name: str, about: str, moments: list[str], outcome: Loads | Stops, **options: object
) -> Case:
    """One receipt of a rouble and its place in kopecks for each moment."""
    lines = [[at, "Центр", f"K{i}", f"1,{i:02}"] for i, at in enumerate(moments)]
    return Case(
        name=name,
        about=about,
        make=text(joined([RUSSIAN, *lines])),
        outcome=outcome,
        options=options,
    )


def _rows(*moments: str | None) -> Rows:
    """The receipts of ``_moments``; None for one that is set aside."""
    return tuple(
        (f"{at} 00:00" if len(at) == 10 else at, "Центр", f"K{i}", f"1.{i:02}")
        for i, at in enumerate(moments)
        if at is not None
    )


def _serial(at: dt.datetime, base: dt.datetime = dt.datetime(1899, 12, 30)) -> str:  # noqa: DTZ001
    """The number of days since the base, as a spreadsheet keeps a moment."""
    days = Decimal(int((at - base).total_seconds())) / Decimal(86400)
    return f"{days:.10f}".rstrip("0").rstrip(".")


def _split(
    name: str,
    about: str,
    day: At,
    clock: At,
    heads: tuple[str, str] = ("Дата", "Время"),
    **found: object,
) -> Case:
    """The shop with the time of day in a column of its own."""
    lines = [
        [day(moment(at)), clock(moment(at)), *row[1:]]
        for (at, *_rest), row in zip(SHOP, cells(), strict=True)
    ]
    return Case(
        name=f"split_{name}",
        about=about,
        make=text(joined([[*heads, *RUSSIAN[1:]], *lines])),
        outcome=Loads(**found),  # type: ignore[arg-type]
    )


_ORDER = ("date_order", "dmy")

CASES = [
    _styled("dotted", "12.01.2024 09:05", lambda m: f"{m:%d.%m.%Y %H:%M}", SHOP, _ORDER),
    _styled("dotted_seconds", "12.01.2024 9:05:00", lambda m: f"{m:%d.%m.%Y} {m.hour}:{m:%M:%S}"),
    _styled("dotted_days", "12.01.2024", lambda m: f"{m:%d.%m.%Y}", SHOP_DAYS),
    _styled("short_year", "12.01.24 09:05", lambda m: f"{m:%d.%m.%y %H:%M}"),
    _styled(
        "bare_digits",
        "2.1.2024: no zeros in front",
        lambda m: f"{m.day}.{m.month}.{m.year} {m:%H:%M}",
    ),
    _styled("comma_between", "12.01.2024, 09:05", lambda m: f"{m:%d.%m.%Y, %H:%M}"),
    _styled(
        "no_break_space",
        "A no-break space between date and time",
        lambda m: f"{m:%d.%m.%Y}\xa0{m:%H:%M}",
    ),
    _styled(
        "two_spaces",
        "Two spaces between date and time, as 1C fills up the hour",
        lambda m: f"{m:%d.%m.%Y} {m.hour:>2}:{m:%M:%S}",
    ),
    _styled("of_the_year", "12.01.2024 г.", lambda m: f"{m:%d.%m.%Y} г.", SHOP_DAYS),
    _styled("iso", "2024-01-12 09:05", lambda m: f"{m:%Y-%m-%d %H:%M}"),
    _styled("iso_t", "2024-01-12T09:05:00", lambda m: f"{m:%Y-%m-%dT%H:%M:%S}"),
    _styled("iso_zulu", "2024-01-12T09:05:00.000Z", lambda m: f"{m:%Y-%m-%dT%H:%M:%S}.000Z"),
    _styled("iso_zone", "2024-01-12T09:05:00+03:00", lambda m: f"{m:%Y-%m-%dT%H:%M:%S}+03:00"),
    _styled("iso_zone_bare", "2024-01-12 09:05:00 +0300", lambda m: f"{m:%Y-%m-%d %H:%M:%S} +0300"),
    _styled(
        "iso_fraction", "2024-01-12 09:05:00.0000000", lambda m: f"{m:%Y-%m-%d %H:%M:%S}.0000000"
    ),
    _styled("compact", "20240112", lambda m: f"{m:%Y%m%d}", SHOP_DAYS),
    _styled("compact_time", "20240112090500", lambda m: f"{m:%Y%m%d%H%M%S}"),
    _styled("compact_t", "20240112T090500", lambda m: f"{m:%Y%m%dT%H%M%S}"),
    _styled("year_slashes", "2024/01/12 09:05", lambda m: f"{m:%Y/%m/%d %H:%M}"),
    _styled("year_dots", "2024.01.12 09:05", lambda m: f"{m:%Y.%m.%d %H:%M}"),
    _styled("british", "12/01/2024 09:05", lambda m: f"{m:%d/%m/%Y %H:%M}", SHOP, _ORDER),
    _styled(
        "american",
        "01/12/2024 09:05 AM",
        lambda m: f"{m:%m/%d/%Y %I:%M %p}",
        SHOP,
        ("date_order", "mdy"),
    ),
    _styled(
        "american_short",
        "1/12/24 9:05am",
        lambda m: f"{m.month}/{m.day}/{m:%y} {m:%I:%M}{'am' if m.hour < 12 else 'pm'}",
    ),
    _styled(
        "american_dots",
        "01.12.2024 with the month first",
        lambda m: f"{m:%m.%d.%Y %H:%M}",
        SHOP,
        ("date_order", "mdy"),
    ),
    _styled("dashes", "12-01-2024 09:05", lambda m: f"{m:%d-%m-%Y %H:%M}", SHOP, _ORDER),
    _styled(
        "russian_month",
        "12 янв 2024",
        lambda m: f"{m.day} {MONTHS[m.month - 1]} {m.year}",
        SHOP_DAYS,
    ),
    _styled(
        "russian_month_time",
        "12 янв. 2024, 09:05",
        lambda m: f"{m.day} {MONTHS[m.month - 1]}. {m.year}, {m:%H:%M}",
    ),
    _styled(
        "russian_month_of_year",
        "12 января 2024 г. 9:05:00",
        lambda m: f"{m.day} {OF_MONTHS[m.month - 1]} {m.year} г. {m.hour}:{m:%M:%S}",
    ),
    _styled("english_month", "12-Jan-24", lambda m: f"{m:%d-%b-%y}", SHOP_DAYS),
    _styled("english_month_first", "Jan 12, 2024 9:05 AM", lambda m: f"{m:%b %d, %Y %I:%M %p}"),
    _styled(
        "oracle",
        "12-JAN-24 09.05.00.000000 AM",
        lambda m: f"{m:%d-%b-%y %I.%M.%S}.000000 {m:%p}".upper(),
    ),
    _styled(
        "serial",
        "45303.3784722222: days as a spreadsheet counts",
        _serial,
        SHOP,
        ("serial_dates", "1900"),
    ),
    _styled(
        "serial_comma",
        "45303,3784722222 beside a decimal comma",
        lambda m: _serial(m).replace(".", ","),
        SHOP,
        ("serial_dates", "1900"),
    ),
    _styled(
        "serial_days",
        "45303",
        lambda m: _serial(m.replace(hour=0, minute=0)),
        SHOP_DAYS,
        ("serial_dates", "1900"),
    ),
    Case(
        name="moment_weekday",
        about="пятница, 12 января 2024 г.",
        make=text(shop(at=lambda m: f"пт, {m.day} {OF_MONTHS[m.month - 1]} {m.year} г.")),
        outcome=Loads(rows=SHOP_DAYS, may_stop=True),
    ),
    Case(
        name="moment_epoch",
        about="1705050300: seconds since 1970 are not days of a spreadsheet",
        make=text(shop(at=lambda m: str(int(m.replace(tzinfo=dt.UTC).timestamp())))),
        outcome=Loads(may_stop=True),
    ),
    _split(
        "time",
        "Date and time in two columns",
        lambda m: f"{m:%d.%m.%Y}",
        lambda m: f"{m:%H:%M}",
        findings=(("date_and_time", "Дата|Время|.*"),),
    ),
    _split(
        "time_of_receipt",
        "Date and time under longer headings",
        lambda m: f"{m:%d.%m.%Y}",
        lambda m: f"{m:%H:%M:%S}",
        ("Дата чека", "Время чека"),
    ),
    _split(
        "time_at_midnight",
        "The date has a midnight of its own",
        lambda m: f"{m:%d.%m.%Y} 0:00:00",
        lambda m: f"{m:%H:%M:%S}",
    ),
    _split("time_without_zeros", "9:5", lambda m: f"{m:%d.%m.%Y}", lambda m: f"{m.hour}:{m:%M}"),
    _split(
        "time_on_the_zero_day",
        "The time is of 30.12.1899, as Access writes it",
        lambda m: f"{m:%d.%m.%Y}",
        lambda m: f"30.12.1899 {m:%H:%M:%S}",
    ),
    _split(
        "time_as_fraction",
        "The time as a part of the day",
        lambda m: f"{m:%d.%m.%Y}",
        lambda m: f"{(m.hour * 60 + m.minute) / 1440:.10f}".replace(".", ","),
    ),
    _split(
        "time_of_digits",
        "The date 20240112 and the time 090500",
        lambda m: f"{m:%Y%m%d}",
        lambda m: f"{m:%H%M%S}",
    ),
    _split(
        "american_time",
        "The date in American order, the time with AM and PM",
        lambda m: f"{m:%m/%d/%Y}",
        lambda m: f"{m:%I:%M %p}",
        ("Date", "Time"),
    ),
    _split(
        "whole_moment_and_time",
        "A whole moment and its time once more",
        lambda m: f"{m:%d.%m.%Y %H:%M}",
        lambda m: f"{m:%H:%M}",
    ),
    _moments(
        "either_order",
        "01/02/2024 everywhere",
        ["01/02/2024", "03/04/2024", "05/06/2024 10:00"],
        Stops(names=("0[135]/0[246]/2024", "--date-order")),
    ),
    _moments(
        "either_order_dashes",
        "01-02-2024 everywhere",
        ["01-02-2024", "03-04-2024"],
        Stops(names=("0[13]-0[24]-2024", "--date-order")),
    ),
    _moments(
        "either_order_stated",
        "01/02/2024 everywhere, and somebody says that the month comes first",
        ["01/02/2024", "03/04/2024"],
        Loads(rows=_rows("2024-01-02", "2024-03-04"), findings=(("date_order", "mdy"),)),
        date_order="mdy",
    ),
    _moments(
        "both_orders",
        "13/01/2024 and 01/13/2024 in one column",
        ["13/01/2024", "01/14/2024", "02/03/2024"],
        Stops(names=("13/01/2024", "01/14/2024", "--date-order")),
    ),
    _moments(
        "same_numbers_only",
        "01/01/2024 and 02/02/2024: either order is the same",
        ["01/01/2024", "02/02/2024"],
        Loads(rows=_rows("2024-01-01", "2024-02-02"), may_stop=True),
    ),
    Case(
        name="each_file_its_order",
        about="One file of the import has the day first, the other the month",
        make=files(
            {
                "one.csv": shop(rows=SHOP[:2], at=lambda m: f"{m:%d/%m/%Y %H:%M}"),
                "two.csv": shop(rows=SHOP[2:], at=lambda m: f"{m:%m/%d/%Y %H:%M}"),
            }
        ),
        outcome=Loads(),
    ),
    Case(
        name="three_files_two_orders",
        about="Two files decide differently, the third decides nothing",
        make=files(
            {
                "one.csv": shop(rows=SHOP[1:2], at=lambda m: f"{m:%d/%m/%Y %H:%M}"),
                "two.csv": shop(rows=SHOP[2:3], at=lambda m: f"{m:%m/%d/%Y %H:%M}"),
                "three.csv": shop(rows=SHOP[:1], at=lambda m: f"{m:%d/%m/%Y %H:%M}"),
            }
        ),
        outcome=Stops(names=("three.csv", "12/01/2024", "--date-order")),
    ),
    _moments(
        "impossible_days",
        "Days that no calendar has, and days to come",
        [
            "13.01.2024",
            "31.02.2024",
            "00.00.0000",
            "32.01.2024",
            "29.02.2023",
            "12.01.2204",
            "30.12.1899",
            "вчера",
            "13.01.2024 25:00",
            "14.01.2024",
        ],
        Loads(
            rows=_rows("2024-01-13", *[None] * 8, "2024-01-14"),
            aside={"unreadable": 6, "future": 1, "old": 1},
            warnings=("future_dates", "impossible_dates"),
        ),
    ),
    _moments(
        "serial_and_written",
        "Days as written and days as numbers in one column",
        ["13.01.2024", "45305", "25.01.2024"],
        Loads(rows=_rows("2024-01-13", "2024-01-14", "2024-01-25"), may_stop=True),
    ),
    _moments(
        "empty_dates",
        "No date on some rows",
        ["13.01.2024", "", "  ", "14.01.2024"],
        Loads(rows=_rows("2024-01-13", None, None, "2024-01-14"), aside={"missing": 2}),
    ),
    _moments(
        "short_dots_either",
        "01.02.03 with dots: which number is the year, too, is open",
        ["01.02.03", "03.04.05", "05.06.07"],
        Stops(names=("--date-order",)),
    ),
    _moments(
        "short_dots_stated",
        "The same, and somebody says that the day comes first",
        ["01.02.23", "03.04.23", "05.06.23"],
        Loads(
            rows=_rows("2023-02-01", "2023-04-03", "2023-06-05"),
            findings=(("date_order", "dmy"),),
        ),
        date_order="dmy",
    ),
    _moments(
        "two_digit_years_either",
        "03/04/05 everywhere",
        ["03/04/05", "06/07/08"],
        Stops(names=("--date-order",)),
    ),
    Case(
        name="months_only",
        about="Months in place of days: no receipts",
        make=text(shop(ENGLISH, at=lambda m: f"{m:%m.%Y}")),
        outcome=Stops(names=("01\\.2024",)),
    ),
]
