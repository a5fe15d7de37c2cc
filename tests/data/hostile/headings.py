"""Headings that are not where they should be, or not written as they should be."""

from __future__ import annotations

from hostile.case import SHOP, Case, Loads, Stops
from hostile.writing import NBSP, RUSSIAN, cells, joined, shop, text

_TITLES = [
    "Отчёт о розничных продажах",
    "Период: 01.01.2024 - 29.02.2024",
    "Организация: Полевица",
    "Показатели: сумма",
    "",
    "Отбор: Вид операции Равно «Продажа»",
]
_FOUND = Loads(findings=(("column", "amount=Сумма"), ("column", "store_id=Магазин")))


def _case(
    name: str, about: str, content: str, outcome: Loads | Stops | None = None, **options: object
) -> Case:
    return Case(
        name=name, about=about, make=text(content), outcome=outcome or Loads(), options=options
    )


def _headed(name: str, about: str, heading: list[str], **options: object) -> Case:
    """The shop under other headings."""
    return _case(name, about, shop(heading), **options)


CASES = [
    _case(
        "heading_on_line_7",
        "Six lines of title before the heading",
        "\n".join(_TITLES) + "\n" + shop(),
        Loads(findings=(("header_row", "7"), ("column", "amount=Сумма"))),
    ),
    _case(
        "heading_on_line_7_padded",
        "The same, each line filled up with separators",
        "".join(f"{line};;;\n" for line in _TITLES) + shop(),
        Loads(findings=(("header_row", "7"),)),
    ),
    _case(
        "heading_after_pairs",
        "Pairs of name and value before the heading, one with a date and a sum",
        "Дата;29.02.2024\nМагазин;все\nСумма;13 180,13\n\n" + shop(),
        Loads(findings=(("header_row", "5"),)),
    ),
    _case(
        "heading_on_line_60",
        "A long list of the filters of the report before the heading",
        "".join(f"Отбор {i}: магазин {i}\n" for i in range(59)) + shop(),
        Loads(findings=(("header_row", "60"),), may_stop=True),
    ),
    _case(
        "stated_heading",
        "Two lines that could be the heading, and somebody says which",
        "Дата;Магазин;Карта;Сумма без скидки\n" + shop(),
        Loads(findings=(("header_row", "2"),)),
        header_row=2,
    ),
    _case(
        "stated_heading_beyond_the_end",
        "Somebody states a line that the file does not have",
        shop(),
        Stops(names=("--header-row|header", "99")),
        header_row=99,
    ),
    _case(
        "groups_above",
        "A line of groups of columns above the heading",
        ";Продажа;;Деньги\n" + shop(),
    ),
    _case(
        "heading_of_two_lines",
        "Headings over two lines, each a part of the name",
        "Дата;Код;Номер;Сумма\nпродажи;магазина;карты;чека, руб.\n" + joined(cells()),
        Loads(may_stop=True),
    ),
    _case(
        "row_of_numbers_under_it",
        "A line that numbers the columns under the heading",
        shop().replace("\n", "\n1;2;3;4\n", 1),
        Loads(aside={"unreadable|note|heading_again|missing": 1}),
    ),
    _case(
        "row_of_units_under_it",
        "A line of units under the heading",
        shop().replace("\n", "\nдд.мм.гггг;код;номер;руб.\n", 1),
        Loads(aside={"unreadable|note|heading_again|missing": 1}),
    ),
    _case(
        "heading_on_every_page",
        "The heading and a page number on every page",
        shop(rows=SHOP[:2]) + "Стр. 1 из 2;;;\n" + shop(rows=SHOP[2:]) + "Стр. 2 из 2;;;\n",
        Loads(aside={"heading_again": 1, "note": 2}),
    ),
    _case(
        "title_on_every_page",
        "Title and heading on every page",
        "\n".join(_TITLES[:3])
        + "\n"
        + shop(rows=SHOP[:2])
        + "\n".join(_TITLES[:3])
        + "\n"
        + shop(rows=SHOP[2:]),
        Loads(aside={"heading_again": 1, "note|ragged": 3}),
    ),
    _case(
        "no_heading",
        "Rows from the first line on: none of them may be taken for a heading",
        joined(cells()),
        Stops(names=("amount", "store_id|--map|--header-row")),
    ),
    _headed("capitals", "A heading in capitals", [h.upper() for h in RUSSIAN]),
    _headed(
        "no_break_spaces",
        "No-break spaces in and around the headings",
        [
            f"{NBSP}Дата{NBSP}и{NBSP}время",
            f"Код{NBSP}магазина ",
            "Номер  карты",
            f"Сумма{NBSP}чека",
        ],
    ),
    _headed(
        "line_breaks",
        "Line breaks within the headings",
        ["Дата\nчека", "Код\r\nмагазина", "Номер\nкарты", "Сумма\nчека,\nруб."],
    ),
    _headed(
        "units", "Units in the headings", ["Дата, время", "Магазин (код)", "Карта №", "Сумма, руб."]
    ),
    _headed(
        "units_in_brackets",
        "Units in brackets",
        ["Дата продажи", "Магазин", "Карта лояльности", "Сумма продажи (руб.)"],
    ),
    _headed(
        "technical_names",
        "Names of a database",
        ["SALE_DATETIME", "STORE_ID", "LOYALTY_CARD_ID", "TOTAL_AMOUNT"],
    ),
    _headed(
        "camels", "Names of a program", ["ReceiptDate", "StoreId", "CustomerId", "ReceiptTotal"]
    ),
    _headed(
        "yo_and_ye",
        "The letter ё written in one heading",
        ["Дата чека", "Торговая точка", "Клиент", "Сумма расчёта"],
        map=["amount=Сумма расчета"],
    ),
    _case(
        "two_sums",
        "Two columns could be the amount: what was paid is the one with the discount taken off",
        joined([[*RUSSIAN[:3], "Сумма", "Сумма со скидкой"], *[[*r, "1,00"] for r in cells()]]),
        Loads(
            rows=tuple((*row[:3], "1.00") for row in SHOP),
            findings=(("column", "amount=Сумма со скидкой"),),
            may_stop=True,
        ),
    ),
    _case(
        "two_sums_decided",
        "The same, and somebody says which",
        joined(
            [
                [*RUSSIAN[:3], "Сумма", "Сумма со скидкой"],
                *[["", *r[1:3], "1,00", r[3]] for r in cells()],
            ]
        ).replace("\n;", "\n12.01.2024;"),
        Loads(
            rows=tuple(("2024-01-12 00:00", *row[1:]) for row in SHOP),
            findings=(("column", "amount=Сумма со скидкой"),),
        ),
        map=["amount=Сумма со скидкой"],
    ),
    _case(
        "twice_the_same_heading",
        "Two columns of one name, and the amounts differ",
        joined([[*RUSSIAN, "Сумма"], *[[*r, "1,00"] for r in cells()]]),
        Stops(names=("Сумма", "--map")),
    ),
    _case(
        "sums_of_another_kind",
        "Sums of tax, discount and bonus beside the amount",
        joined(
            [
                [*RUSSIAN, "Сумма НДС", "Сумма скидки", "Сумма бонусов", "Кол-во"],
                *[[*r, "20,00", "5,00", "3,00", "2"] for r in cells()],
            ]
        ),
        _FOUND,
    ),
    _case(
        "price_and_quantity",
        "A price and a quantity and no amount: their product, or a question",
        joined([[*RUSSIAN[:3], "Цена", "Количество"], *[[*r, "2"] for r in cells(SHOP[:2])]]),
        Loads(
            rows=(("2024-01-12 09:05", "Центр", "K1001", "2469.12"), (*SHOP[1][:3], "199.80")),
            may_stop=True,
        ),
    ),
    _case(
        "no_store",
        "A file of one store without its column",
        joined([["Дата", "Карта", "Сумма"], *[[a, c, d] for a, _b, c, d in cells()]]),
        Stops(names=("store_id", "Дата, Карта, Сумма|Карта")),
    ),
    _case(
        "empty_headings",
        "Columns without a heading between the others",
        joined(
            [
                ["", "Дата", "", "Магазин", "Карта", "Сумма", ""],
                *[["", a, "x", b, c, d, ""] for a, b, c, d in cells()],
            ]
        ),
    ),
    _case(
        "wrong_map",
        "Somebody maps the amount to a heading that is not there",
        shop(),
        Stops(names=("Выручка нетто", "Сумма")),
        map=["amount=Выручка нетто"],
    ),
    _case(
        "german_headings",
        "Headings in German, and somebody says which is which",
        shop(["Belegdatum", "Filiale", "Kundennummer", "Betrag"]),
        map=["at=Belegdatum", "store_id=Filiale", "customer_id=Kundennummer", "amount=Betrag"],
    ),
    _case(
        "german_headings_unknown",
        "The same, and nobody says so",
        shop(["Belegdatum", "Werk", "Kdnr", "Wert in HW"]),
        Stops(names=("Belegdatum", "Wert in HW", "amount", "--map")),
    ),
]
