"""Workbooks: titles, merged cells, several sheets, hidden ones, formulas, two calendars."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel

from hostile.case import SHOP, Case, Loads, Maker, Row, Stops
from hostile.writing import RUSSIAN, cells, moment, shop, text

Lines = Sequence[Sequence[Any]]
Change = Callable[[Any], None]


def typed(rows: Sequence[Row] = SHOP) -> list[list[Any]]:
    """Moments and numbers of the workbook's own kind."""
    return [[moment(at), store, who, float(amount)] for at, store, who, amount in rows]


def book(*sheets: tuple[str, Lines], change: Change = lambda _book: None) -> bytes:
    """A workbook of some sheets, changed by hand afterwards."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, lines in sheets:
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    change(made)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _case(
    name: str,
    about: str,
    content: bytes,
    outcome: Loads | Stops | None = None,
    *,
    file: str = "export.xlsx",
    **options: object,
) -> Case:
    return Case(
        name=f"book_{name}",
        about=about,
        make=text(content, name=file),
        outcome=outcome or Loads(),
        options=options,
    )


_TITLES: Lines = [["Отчёт о продажах"], ["Период: январь - февраль 2024"], [], ["Полевица"], []]
_TABLE: Lines = [RUSSIAN, *typed()]
_JANUARY: Lines = [RUSSIAN, *typed(SHOP[:3])]
_FEBRUARY: Lines = [RUSSIAN, *typed(SHOP[3:])]
_PIVOT: Lines = [
    ["Сумма по полю Сумма", "Месяц"],
    ["Магазин", "янв", "фев", "Общий итог"],
    ["Центр", 1334.46, None, 1334.46],
    ["Север", -500, 12345.67, 11845.67],
    ["Общий итог", 834.46, 12345.67, 13180.13],
]


def _merged(made: Any) -> None:
    """Title over the width, a heading over two lines, a store over two rows."""
    sheet = made.worksheets[0]
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Продажи магазинов"
    sheet.merge_cells("A1:D1")


def _merge_stores(made: Any) -> None:
    sheet = made.worksheets[0]
    for cells_ in ("B2:B3", "B4:B5"):
        sheet.merge_cells(cells_)


def _merge_headings(made: Any) -> None:
    """Each heading fills two rows."""
    sheet = made.worksheets[0]
    sheet.insert_rows(2)
    for letter in "ABCD":
        sheet.merge_cells(f"{letter}1:{letter}2")


def _hide(*titles: str, state: str = "hidden") -> Change:
    def change(made: Any) -> None:
        for title in titles:
            made[title].sheet_state = state

    return change


def _from_1904(made: Any) -> None:
    made.epoch = CALENDAR_MAC_1904


def _style_far_below(made: Any) -> None:
    sheet = made.worksheets[0]
    for row in range(10, 3000):
        sheet.cell(row, 9).font = openpyxl.styles.Font(bold=True)
    sheet.auto_filter.ref = "A1:D5"
    sheet.row_dimensions[3].hidden = True


def _to_the_side(made: Any) -> None:
    sheet = made.worksheets[0]
    sheet.insert_rows(1, 4)
    sheet.insert_cols(1, 2)


def _serials(base: dt.datetime) -> Lines:
    return [RUSSIAN, *[[to_excel(line[0], base), *line[1:]] for line in typed()]]


def _html(rows: Lines) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    return f"<html><meta charset=utf-8><body><table border=1>{lines}</table></body></html>"


def _damaged(made: bytes) -> bytes:
    """The workbook without the part that says which sheets there are."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name != "xl/workbook.xml":
                new.writestr(name, old.read(name))
    return target.getvalue()


def _one_of_another(name: str, sheets: bytes) -> Maker:
    """A maker of one workbook and a text file of the same table."""

    def make(folder: Path) -> list[Path]:
        (folder / name).write_bytes(sheets)
        (folder / "rest.csv").write_text(shop(rows=SHOP[2:]), encoding="utf-8")
        return [folder / name, folder / "rest.csv"]

    return make


_ZEROS = [[*typed()[0][:2], "00042", 5.5], [*typed()[1][:2], 42, 5.5]]

CASES = [
    _case("plain", "A workbook as it should be", book(("Лист1", _TABLE))),
    _case(
        "titles",
        "Title rows above the heading",
        book(("Лист1", [*_TITLES, *_TABLE])),
        Loads(findings=(("header_row", "6"),)),
    ),
    _case(
        "merged_title", "A merged title above the table", book(("Лист1", _TABLE), change=_merged)
    ),
    _case(
        "merged_stores",
        "Stores merged over their receipts: the workbook says for which",
        book(
            (
                "Лист1",
                [
                    RUSSIAN,
                    *[[r[0], r[1] if i % 2 == 0 else None, *r[2:]] for i, r in enumerate(typed())],
                ],
            ),
            change=_merge_stores,
        ),
    ),
    _case(
        "merged_headings",
        "Headings merged over two rows",
        book(("Лист1", _TABLE), change=_merge_headings),
    ),
    _case(
        "to_the_side",
        "The table begins in the fifth row of the third column",
        book(("Лист1", _TABLE), change=_to_the_side),
    ),
    _case(
        "styled_below",
        "Thousands of empty rows with a style, a filter, a hidden row",
        book(("Лист1", _TABLE), change=_style_far_below),
    ),
    _case(
        "months",
        "A sheet for each month",
        book(("Январь", _JANUARY), ("Февраль", _FEBRUARY)),
        Loads(findings=(("sheet", ".*Январь.*"), ("sheet", ".*Февраль.*"))),
    ),
    _case(
        "months_and_pivot",
        "A sheet for each month and one that sums them up",
        book(("Свод", _PIVOT), ("Январь", _JANUARY), ("Февраль", _FEBRUARY)),
    ),
    _case(
        "pivot_beside",
        "The data and a pivot table of them",
        book(("Свод", _PIVOT), ("Данные", _TABLE)),
        Loads(findings=(("sheet", ".*Данные.*"),)),
    ),
    _case(
        "rest_without_heading",
        "The rows go on in a second sheet without a heading: they must not be lost",
        book(("Лист1", _JANUARY), ("Лист2", typed(SHOP[3:]))),
        Loads(may_stop=True),
    ),
    _case(
        "hidden_copy",
        "A hidden sheet with an older copy of the data",
        book(("Данные", _TABLE), ("Копия", _JANUARY), change=_hide("Копия")),
        Loads(findings=(("sheet", ".*Данные.*"),)),
    ),
    _case(
        "very_hidden_copy",
        "The same, hidden so that Excel does not offer to show it",
        book(("Копия", _JANUARY), ("Данные", _TABLE), change=_hide("Копия", state="veryHidden")),
    ),
    _case(
        "visible_copy",
        "Two sheets with the same rows: they count once",
        book(("Данные", _TABLE), ("Копия", _TABLE)),
        Loads(aside={"duplicate": 4}, warnings=("duplicates",), may_stop=True),
    ),
    _case(
        "stated_sheet",
        "Two sheets of the same table, and somebody says which",
        book(("Январь", _JANUARY), ("Февраль", _FEBRUARY)),
        Loads(rows=SHOP[3:], findings=(("sheet", ".*Февраль.*"),)),
        sheet="Февраль",
    ),
    _case(
        "stated_place",
        "The same, and somebody says its place",
        book(("Январь", _JANUARY), ("Февраль", _FEBRUARY)),
        Loads(rows=SHOP[:3]),
        sheet="1",
    ),
    _case(
        "stated_sheet_missing",
        "Somebody names a sheet that is not there",
        book(("Январь", _JANUARY), ("Февраль", _FEBRUARY)),
        Stops(names=("Март", "Январь", "Февраль")),
        sheet="Март",
    ),
    _case(
        "stores_beside",
        "A list of stores in a second sheet",
        book(("Чеки", _TABLE), ("Магазины", [["Магазин", "Регион"], ["Центр", "Юг"]])),
    ),
    _case(
        "formulas_without_values",
        "Formulas that nobody has counted: not a sum of nothing",
        book(("Лист1", [RUSSIAN, *[[*r[:3], f"={r[3]}*1"] for r in typed()]])),
        Stops(names=("formula",)),
    ),
    _case(
        "total_by_formula",
        "A total row",
        book(("Лист1", [*_TABLE, ["Итого", None, None, 13180.13]])),
        Loads(aside={"total": 1}, totals=(("13180.13", "13180.13"),)),
    ),
    _case(
        "wrong_total",
        "A total row that does not agree",
        book(("Лист1", [*_TABLE, ["Итого", None, None, 12680.13]])),
        Loads(aside={"total": 1}, totals=(("12680.13", "13180.13"),), warnings=("stated_total",)),
    ),
    _case(
        "numbers_as_text",
        "Some dates and amounts are text, some are not",
        book(
            (
                "Лист1",
                [
                    RUSSIAN,
                    *[
                        a if i % 2 else b
                        for i, (a, b) in enumerate(zip(typed(), cells(), strict=True))
                    ],
                ],
            )
        ),
    ),
    _case(
        "errors",
        "Cells with errors of formulas",
        book(
            (
                "Лист1",
                [
                    *_TABLE,
                    [moment("2024-02-01 10:00"), "Центр", None, "#DIV/0!"],
                    [moment("2024-02-01 10:00"), "#N/A", None, 5],
                ],
            )
        ),
        Loads(aside={"unreadable|missing": 2}),
    ),
    _case(
        "serial_numbers",
        "Dates that have lost their format: 45303.378",
        book(("Лист1", _serials(dt.datetime(1899, 12, 30)))),  # noqa: DTZ001
        Loads(findings=(("serial_dates", "1900"),)),
    ),
    _case(
        "calendar_1904",
        "A workbook whose days are counted from 1904",
        book(("Лист1", _TABLE), change=_from_1904),
    ),
    _case(
        "serial_numbers_1904",
        "The same, and the dates have lost their format",
        book(("Лист1", _serials(CALENDAR_MAC_1904)), change=_from_1904),
        Loads(findings=(("serial_dates", "1904"),)),
    ),
    _case(
        "time_apart",
        "Date and time in two columns of the workbook's own kind",
        book(
            (
                "Лист1",
                [
                    ["Дата", "Время", *RUSSIAN[1:]],
                    *[[r[0].date(), r[0].time(), *r[1:]] for r in typed()],
                ],
            )
        ),
        Loads(findings=(("date_and_time", ".*"),)),
    ),
    _case(
        "cards_as_numbers",
        "Cards as numbers: sixteen digits are lost, thirteen are whole",
        book(
            (
                "Лист1",
                [
                    RUSSIAN,
                    *[
                        [*r[:2], who, r[3]]
                        for r, who in zip(
                            typed(), (4610000000012, None, 4610000000012345, 77), strict=True
                        )
                    ],
                ],
            )
        ),
        Loads(
            rows=(
                (*SHOP[0][:2], "4610000000012", SHOP[0][3]),
                SHOP[1],
                (*SHOP[3][:2], "77", SHOP[3][3]),
            ),
            aside={"lost_digits": 1},
        ),
    ),
    _case(
        "noise",
        "Amounts with the noise of binary fractions",
        book(("Лист1", [RUSSIAN, *[[*r[:3], r[3] + 1e-11] for r in typed()]])),
    ),
    _case(
        "two_tables_side_by_side",
        "Two tables side by side with the same headings",
        book(
            (
                "Лист1",
                [
                    [*RUSSIAN, None, *RUSSIAN],
                    *[
                        [*a, None, *b]
                        for a, b in zip(typed(SHOP[:2]), typed(SHOP[2:]), strict=True)
                    ],
                ],
            )
        ),
        Stops(names=("--map|amount|Сумма",)),
    ),
    _case(
        "empty", "A workbook without a cell", book(("Лист1", [])), Stops(names=("no rows|empty",))
    ),
    _case("heading_alone", "A heading and no row", book(("Лист1", [RUSSIAN])), Stops()),
    _case(
        "one_row",
        "A heading and one row",
        book(("Лист1", [RUSSIAN, typed()[2]])),
        Loads(rows=SHOP[2:3]),
    ),
    _case(
        "named_xls", "A workbook named as an old one", book(("Лист1", _TABLE)), file="export.xls"
    ),
    _case(
        "named_csv", "A workbook named as a text file", book(("Лист1", _TABLE)), file="export.csv"
    ),
    _case(
        "html_named_xls",
        "A web page that calls itself a workbook",
        _html([RUSSIAN, *cells()]).encode(),
        Loads(may_stop=True),
        file="export.xls",
    ),
    _case(
        "text_named_xlsx",
        "A text file that calls itself a workbook",
        shop().encode("cp1251"),
        file="export.xlsx",
    ),
    _case(
        "old_format",
        "A workbook of 1997, or one with a password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
        Stops(names=("XLSX",)),
        file="export.xls",
    ),
    _case(
        "damaged",
        "A workbook that lacks a part",
        _damaged(book(("Лист1", _TABLE))),
        Stops(names=("export.xlsx",)),
    ),
    _case(
        "cut",
        "A workbook of which half was copied",
        book(("Лист1", _TABLE))[:2500],
        Stops(names=("export.xlsx",)),
    ),
    Case(
        name="book_and_text",
        about="Half of the receipts in a workbook, half in a text file",
        make=_one_of_another("first.xlsx", book(("Лист1", [RUSSIAN, *typed(SHOP[:2])]))),
        outcome=Loads(),
    ),
    _case(
        "zeros_in_front",
        "A card as text with zeros in front beside one as a number",
        book(("Лист1", [RUSSIAN, *_ZEROS])),
        Loads(
            rows=((*SHOP[0][:2], "00042", "5.50"), (*SHOP[1][:2], "42", "5.50")),
        ),
    ),
]
assert Decimal("1334.46") + Decimal("11845.67") == sum(Decimal(amount) for *_r, amount in SHOP)
