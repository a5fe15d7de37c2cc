"""Rows that are none, rows that are there twice, returns and cancelled receipts."""

from __future__ import annotations

from decimal import Decimal

from hostile.case import SHOP, Case, Loads, Row, Stops
from hostile.writing import RUSSIAN, cells, comma, files, in_folder, joined, shop, text

_SUM = "13 180,13"
_CENTRE, _NORTH = "1 334,46", "11 845,67"
_NUMBERED = ("Дата", "Магазин", "Карта", "Чек", "Сумма")


def _case(
    name: str, about: str, content: str, outcome: Loads | Stops | None = None, **options: object
) -> Case:
    return Case(
        name=name, about=about, make=text(content), outcome=outcome or Loads(), options=options
    )


def _numbered(rows: tuple[Row, ...] = SHOP, first: int = 1) -> list[list[str]]:
    """The receipts with numbers of their own."""
    return [[*row[:3], str(first + i), row[3]] for i, row in enumerate(cells(rows))]


def _with(column: str, values: list[str], *, is_positive: bool = False) -> str:
    """The shop with a further column."""
    number = (lambda a: comma(abs(a))) if is_positive else comma
    lines = [[*row, value] for row, value in zip(cells(number=number), values, strict=True)]
    return joined([[*RUSSIAN, column], *lines])


_AGREES = Loads(aside={"total": 1}, totals=(("13180.13", "13180.13"),))
_TWICE = joined([_NUMBERED, *_numbered(), *_numbered()])
_MARCH = tuple((at.replace("-02-28", "-03-01"), *rest) for at, *rest in SHOP[3:])
_KEPT = tuple(row for row in SHOP if not row[3].startswith("-"))
_WILD = (
    *(
        (f"2024-{1 + i // 28:02}-{1 + i % 28:02} 10:00", "Центр", f"K{i % 9}", "100.50")
        for i in range(84)
    ),
    *((f"2024-03-14 11:{i:02}", "Центр", None, "99.50") for i in range(20)),
    ("2024-03-15 11:00", "Центр", "K1", "90000.00"),
    ("2024-04-25 11:00", "Север", "K1", "100.00"),
)

CASES = [
    _case("grand_total", "A total at the end", shop() + f"Итого;;;{_SUM}\n", _AGREES),
    _case("grand_total_english", "A total in English", shop() + f"Grand total;;;{_SUM}\n", _AGREES),
    _case(
        "grand_total_bare",
        "A total as one field of text",
        shop() + f"Итого: {_SUM}\n",
        Loads(aside={"total|note|ragged": 1}),
    ),
    _case(
        "grand_total_capital", "ВСЕГО ПО ОТЧЁТУ:", shop() + f"ВСЕГО ПО ОТЧЁТУ:;;;{_SUM}\n", _AGREES
    ),
    _case(
        "grand_total_in_store",
        "The word stands in the column of stores",
        shop() + f";Итого;;{_SUM}\n",
        _AGREES,
    ),
    _case(
        "grand_total_dated",
        "The total bears the date of the report: it must not become a receipt",
        shop() + f"29.02.2024;Итого;;{_SUM}\n",
        _AGREES,
    ),
    _case(
        "grand_total_dated_long",
        "The same, in longer words",
        shop() + f"29.02.2024;Итого за период;;{_SUM}\n",
        _AGREES,
    ),
    _case(
        "grand_total_first",
        "The total stands right under the heading, as some reports of 1C have it",
        shop().replace("\n", f"\nИтого;;;{_SUM}\n", 1),
        _AGREES,
    ),
    _case(
        "grand_total_wrong",
        "The file states another total than its rows have",
        shop() + "Итого;;;14 000,00\n",
        Loads(aside={"total": 1}, totals=(("14000.00", "13180.13"),), warnings=("stated_total",)),
    ),
    _case(
        "grand_total_of_lost_rows",
        "The total agrees with all rows, and one of them could not be read",
        shop().replace("1 234,56", "12З4,56") + f"Итого;;;{_SUM}\n",
        Loads(
            rows=SHOP[1:],
            aside={"total": 1, "unreadable": 1},
            totals=(("13180.13", "11945.57"),),
            warnings=("stated_total",),
        ),
    ),
    _case(
        "grand_total_without_word",
        "A sum under the column of amounts and no word beside it",
        shop() + f";;;{_SUM}\n",
        Loads(aside={"total|missing|note": 1}),
    ),
    _case(
        "subtotals",
        "Subtotals of each store and a grand total",
        shop(rows=SHOP[:2])
        + f"Итого Центр;;;{_CENTRE}\n"
        + joined(cells(SHOP[2:]))
        + f"Итого Север;;;{_NORTH}\nВсего;;;{_SUM}\n",
        Loads(aside={"total": 3}, totals=(("13180.13", "13180.13"),)),
    ),
    _case(
        "subtotals_wrong",
        "One of the subtotals does not agree",
        shop(rows=SHOP[:2])
        + "Итого по магазину Центр;;;1 400,00\n"
        + joined(cells(SHOP[2:]))
        + f"Итого по магазину Север;;;{_NORTH}\nВсего;;;{_SUM}\n",
        Loads(aside={"total": 3}, totals=(("1400.00", "1334.46"),), warnings=("stated_total",)),
    ),
    _case(
        "subtotals_in_store_column",
        "Subtotals with a date and the word behind the store's name",
        shop(rows=SHOP[:2])
        + f"25.01.2024;Центр итог;;{_CENTRE}\n"
        + joined(cells(SHOP[2:]))
        + f"28.02.2024;Север итог;;{_NORTH}\n29.02.2024;Общий итог;;{_SUM}\n",
        Loads(aside={"total": 3}),
    ),
    _case(
        "a_store_called_total",
        "A filling station of the brand Total is no total",
        shop(rows=tuple((a, "Total", *r) for a, _s, *r in SHOP)),
        Loads(rows=tuple((a, "Total", *r) for a, _s, *r in SHOP)),
    ),
    _case(
        "a_store_called_itog",
        "A shop called «Итоги года» is no total",
        shop(rows=(*SHOP[:3], (SHOP[3][0], "Итоги года", *SHOP[3][2:]))),
        Loads(rows=(*SHOP[:3], (SHOP[3][0], "Итоги года", *SHOP[3][2:]))),
    ),
    _case(
        "signatures",
        "Footnotes and signatures under the table",
        shop()
        + "* суммы с учётом скидок;;;\n\nГлавный бухгалтер ______________ Иванова;;;\n"
        + "Отчёт сформирован 29.02.2024 в 10:15;;;\n",
        Loads(aside={"note": 3}),
    ),
    _case(
        "signatures_ragged",
        "The same without separators behind them",
        shop() + "* суммы с учётом скидок\nГлавный бухгалтер: ____ Иванова\n",
        Loads(aside={"note|ragged": 2}),
    ),
    _case(
        "grouped_by_store",
        "The store as a line of its own above its receipts",
        "Дата;Карта;Сумма\nЦентр;;\n"
        + joined([r[:1] + r[2:] for r in cells(SHOP[:2])])
        + "Север;;\n"
        + joined([r[:1] + r[2:] for r in cells(SHOP[2:])]),
        Loads(aside={"group|note|missing|store": 2}, may_stop=True),
    ),
    _case(
        "store_written_once",
        "The store stands only on the first of its receipts: nobody has said for how many",
        joined(
            [RUSSIAN, *[[r[0], r[1] if i % 2 == 0 else "", *r[2:]] for i, r in enumerate(cells())]]
        ),
        Loads(rows=(SHOP[0], SHOP[2]), aside={"missing": 2}, may_stop=True),
    ),
    _case(
        "item_lines",
        "Several lines of items to a receipt",
        joined(
            [
                [*_NUMBERED, "Товар"],
                *[
                    [*row[:4], amount, item]
                    for row in _numbered()
                    for amount, item in (("1,50", "Хлеб"), ("2,25", "Соль"))
                ],
            ]
        ),
        Loads(rows=tuple((a, s, c, "3.75") for a, s, c, _m in SHOP), read=8),
    ),
    _case(
        "item_lines_of_equal_items",
        "Two equal items on a receipt are two items",
        joined(
            [
                _NUMBERED,
                *[
                    [*row[:4], amount]
                    for row in _numbered()
                    for amount in ("1,50", "1,50", "2,25", "7,00")
                ],
            ]
        ),
        Loads(rows=tuple((a, s, c, "12.25") for a, s, c, _m in SHOP), read=16),
    ),
    _case(
        "receipt_amount_on_every_line",
        "The receipt's total is repeated on each of its lines beside the line's own amount",
        joined(
            [
                [*_NUMBERED[:4], "Товар", "Сумма по позиции", "Сумма чека"],
                *[
                    [*row[:4], item, amount, "3,75"]
                    for row in _numbered()
                    for amount, item in (("1,50", "Хлеб"), ("2,25", "Соль"))
                ],
            ]
        ),
        Loads(rows=tuple((a, s, c, "3.75") for a, s, c, _m in SHOP), read=8, may_stop=True),
    ),
    _case(
        "copied_block",
        "All receipts stand in the file twice",
        _TWICE,
        Loads(aside={"duplicate": 4}, warnings=("duplicates",)),
    ),
    _case(
        "copied_block_without_numbers",
        "The same without numbers of receipts: kept, and said",
        shop() + joined(cells()),
        Loads(rows=(*SHOP, *SHOP), warnings=("identical_rows",)),
    ),
    Case(
        name="overlapping_months",
        about="Two monthly exports that share two receipts",
        make=files(
            {
                "january.csv": joined([_NUMBERED, *_numbered(SHOP[:3])]),
                "february.csv": joined([_NUMBERED, *_numbered((*SHOP[1:], *_MARCH), 2)]),
            }
        ),
        outcome=Loads(rows=(*SHOP, *_MARCH), aside={"duplicate": 2}, warnings=("duplicates",)),
    ),
    Case(
        name="overlapping_months_without_numbers",
        about="The same without numbers: rows alike to the minute in two files are one",
        make=files(
            {
                "january.csv": shop(rows=SHOP[:3]),
                "february.csv": shop(rows=(*SHOP[1:], *_MARCH)),
            }
        ),
        outcome=Loads(rows=(*SHOP, *_MARCH), aside={"duplicate": 2}, warnings=("duplicates",)),
    ),
    Case(
        name="one_file_under_two_names",
        about="The same bytes under two names",
        make=files({"sales.csv": shop(), "sales (1).csv": shop()}),
        outcome=Stops(names=("sales.csv", r"sales \(1\).csv")),
    ),
    Case(
        name="one_export_in_two_encodings",
        about="The same receipts in two encodings and orders: every second one is a copy",
        make=files(
            {
                "new.csv": joined([_NUMBERED, *_numbered()]),
                "old.csv": joined([_NUMBERED, *_numbered()[::-1]]).encode("cp1251"),
            }
        ),
        outcome=Loads(aside={"duplicate": 4}, warnings=("duplicates",)),
    ),
    Case(
        name="folder_of_months",
        about="A folder of months with hidden files and marks of a finished job",
        make=in_folder(
            {
                "2024-01.csv": shop(rows=SHOP[:3]),
                "2024-02.csv": shop(rows=SHOP[3:]),
                ".DS_Store": b"\0\0\0\1Bud1",
                "._2024-01.csv": b"\0\5\26\7",
                "~$2024.xlsx": b"owner",
                "_SUCCESS": b"",
                ".2024-01.csv.crc": b"crc\0",
            }
        ),
        outcome=Loads(),
    ),
    Case(
        name="folder_of_nothing",
        about="A folder without a table",
        make=in_folder({".hidden": b"x"}),
        outcome=Stops(names=("export",)),
    ),
    Case(
        name="folder_with_a_stranger",
        about="A folder of receipts with a list of stores among them",
        make=in_folder({"1.csv": shop(), "stores.csv": "Магазин;Регион\nЦентр;Юг\n"}),
        outcome=Stops(names=("stores.csv",)),
    ),
    _case("returns", "Returns as negative amounts", shop(), Loads(warnings=("returns",))),
    *(
        _case(
            f"returns_by_word_{i}",
            f"Returns as positive amounts with «{back}» in a column of kinds",
            _with(column, [sale, sale, back, sale], is_positive=True),
            Loads(may_stop=True),
        )
        for i, (column, sale, back) in enumerate(
            (
                ("Тип операции", "Продажа", "Возврат"),
                ("Вид документа", "Чек", "Чек на возврат"),
                ("Признак расчета", "Приход", "Возврат прихода"),
                ("Transaction type", "Sale", "Refund"),
            )
        )
    ),
    _case(
        "returns_by_word_and_sign",
        "Returns are negative already, and the word says it once more",
        _with("Тип операции", ["Продажа", "Продажа", "Возврат", "Продажа"]),
        Loads(may_stop=True),
    ),
    *(
        _case(
            f"cancelled_{i}",
            f"A cancelled receipt with «{gone}» in a column of states",
            _with(column, [fine, fine, gone, fine], is_positive=True),
            Loads(rows=_KEPT, aside={"cancelled": 1}, may_stop=True),
        )
        for i, (column, fine, gone) in enumerate(
            (
                ("Статус", "Закрыт", "Аннулирован"),
                ("Статус чека", "Пробит", "Отменен"),
                ("Status", "completed", "voided"),
            )
        )
    ),
    _case(
        "storno",
        "A receipt and its cancellation under one number: nothing is left of it",
        joined(
            [
                _NUMBERED,
                *_numbered(),
                ["28.02.2024 10:00", "Север", "K7", "9", "700,00"],
                ["28.02.2024 10:00", "Север", "K7", "9", "-700,00"],
            ]
        ),
        Loads(rows=(*SHOP, ("2024-02-28 10:00", "Север", "K7", "0")), read=6),
    ),
    _case(
        "numbers_begin_anew",
        "Numbers of receipts begin anew in every store each morning",
        joined(
            [
                _NUMBERED,
                *[
                    [f"{day}.01.2024 10:0{n}", store, f"K{n}", str(n), "5,50"]
                    for day in (13, 14, 15)
                    for store in ("Центр", "Север")
                    for n in (1, 2, 3)
                ],
            ]
        ),
        Loads(
            rows=tuple(
                (f"2024-01-{day} 10:0{n}", store, f"K{n}", "5.50")
                for day in (13, 14, 15)
                for store in ("Центр", "Север")
                for n in (1, 2, 3)
            )
        ),
    ),
    _case(
        "a_wild_day",
        "A day with ten times the usual amount, an absurd sum, a gap, a store of few weeks",
        shop(rows=_WILD),
        Loads(
            rows=_WILD, warnings=("busy_days", "absurd_amounts", "gap", "short_stores", "anonymous")
        ),
    ),
    _case(
        "anonymous",
        "Many ways to say that nobody showed a card",
        shop(
            rows=tuple(
                (f"2024-01-{13 + i} 10:00", "Центр", who, "5.50")
                for i, who in enumerate(
                    ("0", "-", "нет карты", "000000", "NULL", "#Н/Д", "n/a", "б/к")
                )
            )
        ),
        Loads(
            rows=tuple((f"2024-01-{13 + i} 10:00", "Центр", None, "5.50") for i in range(8)),
            warnings=("anonymous",),
        ),
    ),
]
assert sum(Decimal(amount) for *_rest, amount in SHOP) == Decimal("13180.13")
