"""Amounts as they are written from Vladivostok to New York."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from hostile.case import SHOP, Case, Loads, Stops
from hostile.writing import (
    ENGLISH,
    NARROW,
    NBSP,
    RUSSIAN,
    cells,
    comma,
    files,
    iso,
    joined,
    point,
    shop,
    text,
)

Number = Callable[[Decimal], str]


def _styled(name: str, about: str, number: Number, decimal: str, thousands: str = "") -> Case:
    found = (("decimal", decimal), *([("thousands", thousands)] if thousands else []))
    return Case(
        name=f"amount_{name}",
        about=about,
        make=text(shop(number=number)),
        outcome=Loads(findings=found),
    )


def _amounts(
    name: str, about: str, amounts: list[str], outcome: Loads | Stops, **options: object
) -> Case:
    """One receipt for each amount, on the days of January from the thirteenth on."""
    lines = [[f"{13 + i}.01.2024", "Центр", f"K{i}", amount] for i, amount in enumerate(amounts)]
    return Case(
        name=name,
        about=about,
        make=text(joined([RUSSIAN, *lines])),
        outcome=outcome,
        options=options,
    )


def _rows(*amounts: str | None) -> tuple[tuple[str, str, str, str], ...]:
    """The receipts of ``_amounts``; None for one that is set aside."""
    return tuple(
        (f"2024-01-{13 + i} 00:00", "Центр", f"K{i}", amount)
        for i, amount in enumerate(amounts)
        if amount is not None
    )


def _behind(amount: Decimal, thousands: str = " ") -> str:
    """The minus behind: 500,00-."""
    return comma(abs(amount), thousands) + ("-" if amount < 0 else "")


def _bracketed(amount: Decimal) -> str:
    sign = "$" + point(abs(amount), ",")
    return f"({sign})" if amount < 0 else sign


def _kopecks(amount: Decimal) -> str:
    roubles, kopecks = divmod(int(abs(amount) * 100), 100)
    return f"{'-' if amount < 0 else ''}{roubles} руб. {kopecks:02} коп."


CASES = [
    _styled("space", "1 234,56", comma, "comma", "space"),
    _styled("no_break_space", "A no-break space", lambda a: comma(a, NBSP), "comma", "space"),
    _styled(
        "french",
        "A narrow no-break space and a euro sign",
        lambda a: comma(a, NARROW) + f"{NBSP}€",
        "comma",
        "space",
    ),
    _styled("thin_space", "A thin space", lambda a: comma(a, "\N{THIN SPACE}"), "comma", "space"),
    _styled("german", "1.234,56", lambda a: comma(a, "."), "comma", "point"),
    _styled("swiss", "1'234.56", lambda a: point(a, "'"), "point", "apostrophe"),
    _styled(
        "swiss_typographic",
        "1’234.56 with a proper apostrophe and the currency in front",
        lambda a: "CHF " + point(a, "’"),
        "point",
        "apostrophe",
    ),
    _styled("american", "$1,234.56 and ($500.00)", _bracketed, "point", "comma"),
    _styled(
        "american_minus",
        "-$500.00",
        lambda a: f"{'-' if a < 0 else ''}${point(abs(a), ',')}",
        "point",
        "comma",
    ),
    _styled("british", "£1,234.56", lambda a: "£" + point(a, ","), "point", "comma"),
    _styled("plain_point", "1234.56", point, "point"),
    _styled("plain_comma", "1234,56", lambda a: comma(a, ""), "comma"),
    _styled("trailing_minus", "500,00- as SAP writes it", _behind, "comma"),
    _styled("german_trailing_minus", "1.234,56 and 500,00-", lambda a: _behind(a, "."), "comma"),
    _styled("true_minus", "A true minus sign", lambda a: comma(a).replace("-", "−"), "comma"),
    _styled("spaced_minus", "- 500,00", lambda a: comma(a).replace("-", "- "), "comma"),
    _styled("red_brackets", "(500,00)", lambda a: f"({comma(-a)})" if a < 0 else comma(a), "comma"),
    _styled("roubles", "1 234,56 руб.", lambda a: comma(a) + " руб.", "comma", "space"),
    _styled("tenge", "1 234,56 ₸", lambda a: comma(a) + " ₸", "comma", "space"),
    _styled("belarus", "1 234,56 BYN", lambda a: comma(a) + " BYN", "comma", "space"),
    _styled("rouble_letter", "1 234,56р.", lambda a: comma(a) + "р.", "comma"),
    _styled("rouble_sign", "1 234,56 ₽", lambda a: comma(a) + f"{NBSP}₽", "comma"),
    _styled("currency_code", "RUB 1,234.56", lambda a: "RUB " + point(a, ","), "point", "comma"),
    _styled(
        "spreadsheet_text",
        "'1234,56 with the sign that makes it text",
        lambda a: "'" + comma(a, ""),
        "comma",
    ),
    _styled("plus", "+1234,56", lambda a: f"{'+' if a > 0 else ''}{comma(a, '')}", "comma"),
    Case(
        name="amount_kopecks_in_words",
        about="1234 руб. 56 коп.",
        make=text(shop(number=_kopecks)),
        outcome=Loads(may_stop=True),
    ),
    Case(
        name="amount_with_a_dash",
        about="1234-56 and =500-00, as old forms write kopecks: never a difference",
        make=text(shop(rows=SHOP[:2], number=lambda a: point(a).replace(".", "-"))),
        outcome=Loads(rows=SHOP[:2], may_stop=True),
    ),
    _amounts(
        "either_point",
        "1.234 everywhere: a thousand or one and a bit",
        ["1.234", "5.678", "12.345"],
        Stops(names=(r"1\.234|5\.678|12\.345", "--decimal")),
    ),
    _amounts(
        "either_comma",
        "1,234 everywhere",
        ["1,234", "5,678", "12,345", "7"],
        Stops(names=("1,234|5,678|12,345", "--decimal")),
    ),
    _amounts(
        "either_comma_stated_thousands",
        "1,234 everywhere, and somebody says that the point is decimal",
        ["1,234", "5,678", "7"],
        Loads(rows=_rows("1234", "5678", "7"), findings=(("decimal", "point"),)),
        decimal="point",
    ),
    _amounts(
        "both_signs",
        "1.234,56 and 1,234.56 in one column",
        ["1.234,56", "1,234.56"],
        Stops(names=("--decimal", r"1\.234,56", r"1,234\.56")),
    ),
    _amounts(
        "both_signs_plain",
        "12,50 and 12.50 in one column",
        ["12,50", "13.50", "1 000,00"],
        Stops(names=("--decimal", "1[23],5|1 000,00", r"13\.50")),
    ),
    _amounts(
        "thousands_misplaced",
        "A grouping that is none: 12,34.56 and 1,2345.60",
        ["1,234.50", "12,34.56", "1,2345.60"],
        Loads(rows=_rows("1234.50"), aside={"unreadable": 2}, may_stop=True),
    ),
    _amounts(
        "not_amounts",
        "What spreadsheets and programs write in place of a number",
        ["12,50", "NaN", "#ДЕЛ/0!", "#N/A", "####", "inf", "н/д", "—", "0x1F", "1_000", "12,5,0"],
        Loads(
            rows=_rows("12.50"),
            aside={"unreadable|missing": 10},
        ),
    ),
    _amounts(
        "powers_of_ten",
        "1e3 and 1,5E+03: a spreadsheet wrote them so",
        ["12,50", "1e3", "1,5E+03"],
        Loads(rows=_rows("12.50"), aside={"unreadable|lost_digits": 2}, may_stop=True),
    ),
    _amounts(
        "powers_set_aside",
        "An amount of which the spreadsheet kept three digits",
        ["12,50", "1,23E+06"],
        Loads(rows=_rows("12.50"), aside={"unreadable|lost_digits": 1}, may_stop=True),
    ),
    _amounts(
        "too_large",
        "Codes of products in the column of amounts",
        ["12,50", "4600000000012", "99999999999,99"],
        Loads(rows=_rows("12.50"), aside={"too_large": 2}),
    ),
    _amounts(
        "noise_of_doubles",
        "Amounts with the noise of binary fractions",
        ["12.340000000000002", "0.30000000000000004", "99.989999999999995"],
        Loads(rows=_rows("12.34", "0.30", "99.99")),
    ),
    _amounts(
        "half_a_kopeck",
        "Amounts of three decimals are no rounding by chance: half a kopeck up",
        ["0.335", "10.005", "1.25", "1234.5"],
        Loads(rows=_rows("0.34", "10.01", "1.25", "1234.50"), may_stop=True),
    ),
    Case(
        name="many_tenths_of_a_kopeck",
        about="A hundred item lines of 0.104 are 10.40, not 10.00",
        make=text(
            joined(
                [
                    ["date", "store", "card", "receipt", "item", "amount"],
                    *[["2024-01-13", "1", "K", "7", str(i), "0.104"] for i in range(100)],
                    ["2024-01-14", "1", "K", "8", "1", "12.50"],
                ],
                ",",
            )
        ),
        outcome=Loads(
            rows=(
                ("2024-01-13 00:00", "1", "K", "10.40"),
                ("2024-01-14 00:00", "1", "K", "12.50"),
            ),
            read=101,
        ),
    ),
    Case(
        name="three_files_two_decimals",
        about="Two files decide differently, the third decides nothing",
        make=files(
            {
                "one.csv": shop(rows=SHOP[:1], number=lambda a: comma(a, "")),
                "two.csv": shop(rows=SHOP[1:2], number=point),
                "three.csv": shop(rows=SHOP[2:], number=lambda a: "1.234"),
            }
        ),
        outcome=Stops(names=("three", r"1\.234", "--decimal")),
    ),
    Case(
        name="with_and_without_tax",
        about="Two sums, with tax and without it: money is without",
        make=text(
            joined(
                [
                    [*RUSSIAN[:3], "Сумма с НДС", "Сумма без НДС"],
                    *[[*r[:3], "99,00", r[3]] for r in cells()],
                ]
            )
        ),
        outcome=Loads(may_stop=True),
    ),
    Case(
        name="two_currencies",
        about="Roubles and euros in one column: their sum is no money",
        make=text(
            joined(
                [
                    RUSSIAN,
                    *[
                        [*r[:3], f"{r[3]} {'€' if i % 2 else 'руб.'}"]
                        for i, r in enumerate(cells())
                    ],
                ]
            )
        ),
        outcome=Stops(names=("€|EUR|currenc",)),
    ),
    Case(
        name="currency_column",
        about="A column of currencies with two of them: their sum is no money",
        make=text(
            joined(
                [
                    [*RUSSIAN, "Валюта"],
                    *[[*r, "EUR" if i % 2 else "RUB"] for i, r in enumerate(cells())],
                ]
            )
        ),
        outcome=Stops(names=("EUR", "RUB")),
    ),
    Case(
        name="zeros",
        about="Receipts of nothing: neither visits nor returns",
        make=text(shop(ENGLISH, rows=(*SHOP, ("2024-02-28 10:00", "Север", "K7", "0")), at=iso)),
        outcome=Loads(
            rows=(*SHOP, ("2024-02-28 10:00", "Север", "K7", "0")), warnings=("zero_amounts",)
        ),
    ),
]
