"""Ids of customers, stores and receipts after spreadsheets and people have been at them."""

from __future__ import annotations

from hostile.case import SHOP, Case, Loads, Row, Stops
from hostile.writing import RUSSIAN, cells, joined, text

_NUMBERED = ("Дата", "Магазин", "Карта", "Чек", "Сумма")


def _case(
    name: str,
    about: str,
    stores: list[str],
    customers: list[str],
    outcome: Loads,
    **options: object,
) -> Case:
    lines = [
        [row[0], store, who, row[3]]
        for row, store, who in zip(cells(), stores, customers, strict=True)
    ]
    return Case(
        name=name,
        about=about,
        make=text(joined([RUSSIAN, *lines])),
        outcome=outcome,
        options=options,
    )


def _rows(stores: list[str], customers: list[str | None]) -> tuple[Row, ...]:
    """The receipts of the shop with other ids."""
    return tuple(
        (at, store, who, amount)
        for (at, _s, _c, amount), store, who in zip(SHOP, stores, customers, strict=True)
    )


_MANY = [f"{4610000012345678 + 7919 * i}"[:15] + "0" for i in range(40)]
_CUT = [
    (f"2024-01-{1 + i % 28:02} {10 + i % 9}:00", "Центр", who, "5.50")
    for i, who in enumerate(_MANY)
]
_FIGURES = ["1", "1", "2", "2"]

CASES = [
    _case(
        "zeros_in_front",
        "Zeros in front of stores and cards belong to them",
        ["001", "001", "0020", "0020"],
        ["00042", "", "42", "00042"],
        Loads(rows=_rows(["001", "001", "0020", "0020"], ["00042", None, "42", "00042"])),
    ),
    _case(
        "destroyed_ids",
        "A spreadsheet has turned cards into 4,61E+12",
        _FIGURES,
        ["K5", "", "4,61E+12", "K7"],
        Loads(
            rows=_rows(_FIGURES, ["K5", None, "x", "K7"])[::3]
            + _rows(_FIGURES, ["K5", None, "x", "K7"])[1:2],
            aside={"lost_digits": 1},
            warnings=("ids_lost",),
        ),
    ),
    _case(
        "most_ids_destroyed",
        "The same with a decimal point and without a plus, and most of the cards are gone",
        _FIGURES,
        ["4.61E+12", "", "4.6e12", "K7"],
        Stops(names=(r"4\.61E\+12|4\.6e12", "Карта|customer_id")),
    ),
    _case(
        "floats",
        "Cards as binary fractions: 1234.0",
        ["7.0", "7.0", "8.0", "8.0"],
        ["1234.0", "", "1234,0", "5.00"],
        Loads(rows=_rows(["7", "7", "8", "8"], ["1234", None, "1234", "5"])),
    ),
    _case(
        "letters_that_look_alike",
        "One store is written with a Latin M, the other with a Russian М: said, not merged",
        ["M1", "M1", "М1", "М1"],
        ["K1", "", "K2", "К1"],
        Loads(
            rows=_rows(["M1", "M1", "М1", "М1"], ["K1", None, "K2", "К1"]),
            warnings=("look_alike",),
        ),
    ),
    _case(
        "spaces_around",
        "Spaces around and no-break spaces behind ids",
        [" Центр", "Центр ", "Север\u00a0", "Север"],
        ["K1 ", "", "\tK2", "K1"],
        Loads(rows=_rows(["Центр", "Центр", "Север", "Север"], ["K1", None, "K2", "K1"])),
    ),
    _case(
        "text_signs",
        'Signs that keep a spreadsheet from counting: ="00042" and \'00042',
        _FIGURES,
        ['="00042"', "", "'00042", "00042"],
        Loads(rows=_rows(_FIGURES, ["00042", None, "00042", "00042"])),
    ),
    _case(
        "long_ids",
        "Cards of nineteen and of thirty digits",
        _FIGURES,
        ["9223372036854775807", "", "123456789012345678901234567891", "K"],
        Loads(
            rows=_rows(
                _FIGURES, ["9223372036854775807", None, "123456789012345678901234567891", "K"]
            )
        ),
    ),
    _case(
        "uuids",
        "Ids that look like a power of ten in the middle",
        _FIGURES,
        ["12e4567-e89b", "", "0e1b-77", "5E10X"],
        Loads(rows=_rows(_FIGURES, ["12e4567-e89b", None, "0e1b-77", "5E10X"])),
    ),
    _case(
        "no_store_on_some",
        "Receipts without a store cannot be given to one",
        ["Центр", "", " ", "Север"],
        ["K1", "", "K2", "K1"],
        Loads(
            rows=_rows(["Центр", "", "", "Север"], ["K1", None, "K2", "K1"])[::3],
            aside={"missing": 2},
        ),
    ),
    _case(
        "long_names_of_stores",
        "Names of stores with signs, quotes and a separator",
        ['ТЦ "Мега"; 2-й этаж', "Центр, д. 5", "N/A street", "0"],
        ["K1", "", "K2", "K1"],
        Loads(
            rows=_rows(
                ['ТЦ "Мега"; 2-й этаж', "Центр, д. 5", "N/A street", "0"], ["K1", None, "K2", "K1"]
            )
        ),
    ),
    Case(
        name="ids_cut_to_15_digits",
        about="Cards of sixteen digits that all end with a nought: a spreadsheet kept fifteen",
        make=text(joined([RUSSIAN, *cells(_CUT)])),
        outcome=Loads(rows=tuple(_CUT), warnings=("ids_rounded",), may_stop=True),
    ),
    Case(
        name="destroyed_receipt_numbers",
        about="Numbers of receipts as 1,2E+11: different receipts would become one",
        make=text(
            joined(
                [
                    _NUMBERED,
                    *[
                        [*r[:3], n, r[3]]
                        for r, n in zip(cells(), ("1,2E+11", "1,2E+11", "7", "8"), strict=True)
                    ],
                ]
            )
        ),
        outcome=Loads(rows=SHOP[2:], aside={"lost_digits": 2}),
    ),
    Case(
        name="one_number_for_all",
        about="A number of the shift where the receipt's should be: all would become one",
        make=text(joined([_NUMBERED, *[[*r[:3], "17", r[3]] for r in cells()]])),
        outcome=Loads(),
    ),
]
