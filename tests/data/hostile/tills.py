"""Exports as till systems and accounting programs of Russia and elsewhere write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from hostile.case import SHOP, Case, Loads, Stops
from hostile.workbooks import book
from hostile.writing import NARROW, cells, comma, joined, moment, point, text

_SUM = "13 180,13"


def _lines(line: Callable[..., Sequence[str]]) -> list[Sequence[str]]:
    """A line for each receipt: its place, moment, store, customer, amount."""
    return [
        line(i, moment(at), store, who or "", row[3])
        for i, ((at, store, who, _a), row) in enumerate(zip(SHOP, cells(), strict=True), start=1)
    ]


def _text(
    name: str,
    about: str,
    heading: Sequence[str],
    line: Callable[..., Sequence[str]],
    *,
    above: str = "",
    below: str = "",
    encoding: str = "utf-8",
    delimiter: str = ";",
    outcome: Loads | Stops | None = None,
    **options: object,
) -> Case:
    content = above + joined([heading, *_lines(line)], delimiter, "\r\n") + below
    return Case(
        name=f"till_{name}",
        about=about,
        make=text(content, encoding=encoding, name="export.csv"),
        outcome=outcome or Loads(),
        options=options,
    )


def _number(amount: str) -> Decimal:
    """1 234,56 as a number."""
    return Decimal(amount.replace(" ", "").replace(",", "."))


def _us(amount: str) -> str:
    """-500,00 as ($500.00)."""
    value = amount.replace(" ", "").replace(",", ".")
    return f"(${value.removeprefix('-')})" if value.startswith("-") else f"${float(value):,.2f}"


_1C: list[list[Any]] = [
    ["Отчёт о розничных продажах"],
    [],
    ["Параметры:", None, "Период: 01.01.2024 - 29.02.2024"],
    [None, None, "Единица измерения суммы: руб."],
    ["Отбор:", None, "Склад В списке «Центр; Север»"],
    [],
    ["Чек ККМ", "Дата", "Магазин", "Дисконтная карта", "Сумма, руб."],
    *[
        [f"ПЛВ0-00012{i}", f"{moment(at):%d.%m.%Y} {moment(at).hour}:{at[-2:]}:00", s, c, float(a)]
        for i, (at, s, c, a) in enumerate(SHOP)
    ],
    ["Итого", None, None, None, 13180.13],
    [],
    ["Ответственный:", None, "Иванова М. П."],
]

CASES = [
    Case(
        name="till_1c_report",
        about="A report of 1C: parameters above, a total and a signature below",
        make=text(book(("TDSheet", _1C)), name="Отчёт.xlsx"),
        outcome=Loads(
            aside={"total": 1, "note|missing": 1},
            totals=(("13180.13", "13180.13"),),
            findings=(("header_row", "7"),),
        ),
    ),
    _text(
        "1c_text",
        "A list of 1C saved as text: cp1251, tabs, no-break spaces in the amounts",
        ["Дата", "Номер", "Магазин", "Дисконтная карта", "Сумма документа"],
        lambda i, m, s, c, a: [f"{m:%d.%m.%Y %H:%M:%S}", f"ПЛ-{i}", s, c, a.replace(" ", "\xa0")],
        encoding="cp1251",
        delimiter="\t",
    ),
    _text(
        "r_keeper",
        "R-Keeper: the restaurant, the time of closing, the sum paid",
        ["Ресторан", "Дата закрытия", "№ чека", "Код карты", "Сумма оплаты"],
        lambda i, m, s, c, a: [s, f"{m:%d.%m.%Y %H:%M:%S}", str(i), c, a],
        encoding="cp1251",
    ),
    _text(
        "iiko",
        "iiko: the enterprise, a business day beside the time of closing, a discounted sum",
        [
            "Торговое предприятие",
            "Время закрытия",
            "Номер чека",
            "Номер карты",
            "Сумма со скидкой, р.",
        ],
        lambda i, m, s, c, a: [s, f"{m:%d.%m.%Y %H:%M:%S}", str(i), c, a],
        above="OLAP-отчёт по продажам\nПериод: 01.01.2024 - 29.02.2024\n\n",
        below=f"Итого;;;;{_SUM}\n",
        outcome=Loads(aside={"total": 1}, totals=(("13180.13", "13180.13"),)),
    ),
    _text(
        "frontol",
        "Frontol: date and time apart, cp866, the end-of-file sign of DOS",
        ["Дата", "Время", "Код магазина", "Касса", "Смена", "Чек", "Карта", "Сумма"],
        lambda i, m, s, c, a: [f"{m:%d.%m.%Y}", f"{m:%H:%M:%S}", s, "1", "12", str(i), c, a],
        encoding="cp866",
        below="\x1a",
    ),
    _text(
        "atol",
        "Атол: fiscal data beside the receipt, KOI8-R",
        ["Дата/время", "Торговая точка", "ФН", "ФД", "ФПД", "Номер чека", "Карта клиента", "Итого"],
        lambda i, m, s, c, a: [
            f"{m:%d.%m.%y %H:%M}",
            s,
            "9960440300000001",
            str(7000 + i),
            "123456789",
            str(i),
            c,
            a,
        ],
        encoding="koi8-r",
    ),
    _text(
        "evotor",
        "Эвотор: kinds of documents, no sign on a return",
        ["Дата и время", "Магазин", "Касса", "Номер чека", "Тип документа", "Карта", "Сумма"],
        lambda i, m, s, c, a: [
            f"{m:%d.%m.%Y %H:%M}",
            s,
            "Касса 1",
            str(i),
            "Возврат" if "-" in a else "Продажа",
            c,
            a.removeprefix("-"),
        ],
        outcome=Loads(may_stop=True),
    ),
    _text(
        "sap",
        "SAP of a German chain: German headings, 1.234,56-, dates with dots, Latin-1",
        ["Belegdatum", "Uhrzeit", "Filiale", "Kundenkarte", "Bruttobetrag"],
        lambda i, m, s, c, a: [
            f"{m:%d.%m.%Y}",
            f"{m:%H:%M:%S}",
            {"Центр": "Köln", "Север": "Lübeck"}[s],
            c,
            comma(abs(_number(a)), ".") + ("-" if "-" in a else ""),
        ],
        encoding="latin-1",
        map=["at=Belegdatum", "store_id=Filiale", "customer_id=Kundenkarte", "amount=Bruttobetrag"],
        outcome=Loads(
            rows=tuple((at, {"Центр": "Köln", "Север": "Lübeck"}[s], c, a) for at, s, c, a in SHOP),
        ),
    ),
    _text(
        "navision",
        "Navision of an American chain: 01/12/24, 9:05:00 AM, $1,234.56 and brackets",
        [
            "Posting Date",
            "Posting Time",
            "Store No.",
            "Member Card No.",
            "Receipt No.",
            "Net Amount",
        ],
        lambda i, m, s, c, a: [f"{m:%m/%d/%y}", f"{m:%I:%M:%S %p}", s, c, f"0000{i}", _us(a)],
        delimiter=",",
        outcome=Loads(findings=(("date_order", "mdy"), ("decimal", "point"))),
    ),
    _text(
        "american_pos",
        "An American till: 01/12/2024 09:05 AM and $1,234.56",
        ["Date/Time", "Location", "Customer ID", "Transaction ID", "Total"],
        lambda i, m, s, c, a: [f"{m:%m/%d/%Y %I:%M %p}", s, c, f"TX{i}", _us(a)],
        delimiter=",",
        encoding="utf-8-sig",
    ),
    _text(
        "swiss_pos",
        "A Swiss till: 1'234.56 and dots in the dates",
        ["Date", "Store", "Card", "Receipt", "Amount CHF"],
        lambda i, m, s, c, a: [f"{m:%d.%m.%Y %H:%M}", s, c, str(i), point(_number(a), "'")],
    ),
    _text(
        "french_pos",
        "A French till: 1 234,56 € with narrow spaces, 12/01/2024 09h05",
        ["Date", "Magasin", "Carte", "Ticket", "Montant TTC"],
        lambda i, m, s, c, a: [
            f"{m:%d/%m/%Y %Hh%M}",
            s,
            c,
            str(i),
            comma(_number(a), NARROW) + "\xa0€",
        ],
        map=["store_id=Magasin", "customer_id=Carte", "amount=Montant TTC"],
        outcome=Loads(may_stop=True),
    ),
    _text(
        "british_pos",
        "A British till: 12/01/2024 and £1,234.56",
        ["Sale date", "Branch", "Loyalty card no", "Receipt no", "Total (£)"],
        lambda i, m, s, c, a: [f"{m:%d/%m/%Y %H:%M}", s, c, str(i), "£" + point(_number(a), ",")],
        delimiter=",",
    ),
    _text(
        "web_shop",
        "A web shop: 2024-01-12 09:05:00 +0300 and plain numbers",
        ["Order ID", "Created at", "Shop", "Client ID", "Order total"],
        lambda i, m, s, c, a: [
            f"#{1000 + i}",
            f"{m:%Y-%m-%d %H:%M:%S} +0300",
            s,
            c,
            point(_number(a)),
        ],
        delimiter=",",
    ),
    Case(
        name="till_frontol_transactions",
        about="The transaction file of Frontol: kinds of lines and no heading",
        make=text(
            "#\r\n1\r\n42\r\n1;12.01.2024;09:05:00;11;1;17;5;4600000000012;;89,90;1;89,90;1\r\n2;12.01.2024;09:05:10;55;1;17;5;;;;;89,90;1\r\n"
        ),
        outcome=Stops(names=("export.csv|amount",)),
    ),
]
