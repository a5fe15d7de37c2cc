"""Files that are something else than receipts, and files that are no table."""

from __future__ import annotations

import io
import json
import sqlite3

from hostile.case import Case, Loads, Stops
from hostile.workbooks import book
from hostile.writing import RUSSIAN, cells, joined, shop, text

_WIDE = [
    ["Магазин", "янв 2024", "фев 2024", "мар 2024"],
    ["Центр", "1 234,56", "99,90", "5,00"],
    ["Север", "-500,00", "12 345,67", "7,00"],
]
_DAYS = [
    ["Магазин", "Карта", *(f"{day:02}.01.2024" for day in range(1, 29))],
    *[[store, f"K{i}", *("10,50" for _ in range(28))] for i, store in enumerate("АБВ")],
]
_STOCK = [
    ["Артикул", "Номенклатура", "Склад", "Остаток", "Цена", "Дата инвентаризации"],
    ["00042", "Хлеб", "Центр", "12", "45,50", "12.01.2024"],
    ["00043", "Соль", "Север", "7", "12,00", "13.01.2024"],
]
_STAFF = [["ФИО", "Оклад", "Дата приёма"], ["Иванова М. П.", "50 000,00", "13.01.2020"]]


def _sqlite() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE receipts (at, store, card, amount)")
    raw = connection.serialize()
    connection.close()
    return raw


def _table(name: str, about: str, lines: list[list[str]], *names: str) -> Case:
    return Case(
        name=f"other_{name}", about=about, make=text(joined(lines)), outcome=Stops(names=names)
    )


def _file(name: str, about: str, content: str | bytes, file: str) -> Case:
    return Case(
        name=f"other_{name}",
        about=about,
        make=text(content, name=file),
        outcome=Stops(names=(file.replace(".", r"\."),)),
    )


_JSON = [dict(zip(RUSSIAN, row, strict=True)) for row in cells()]

CASES = [
    _table(
        "wide", "Stores down, months across: sums of many receipts", _WIDE, "amount", "янв 2024"
    ),
    _table("days", "Customers down, days across", _DAYS, "amount", r"01\.01\.2024"),
    _table(
        "stock",
        "A list of stock: dates, prices and stores, and no receipt",
        _STOCK,
        "amount",
        "Остаток",
    ),
    _table("staff", "A list of staff", _STAFF, "store_id", "Оклад"),
    Case(
        name="other_pivot",
        about="A workbook with a pivot table and nothing else",
        make=text(
            book(("Свод", [["Сумма по полю Сумма", "Месяц"], ["Магазин", "янв"], ["Центр", 5.5]])),
            name="export.xlsx",
        ),
        outcome=Stops(names=("amount|columns",)),
    ),
    Case(
        name="other_as_receipts",
        about="A list of stores, imported as receipts",
        make=text("Магазин;Регион;Площадь\nЦентр;Юг;120\n"),
        outcome=Stops(names=("amount", "Регион", "Площадь")),
    ),
    Case(
        name="other_receipts_as_stores",
        about="Receipts, imported as stores: a store counts once",
        make=text(shop()),
        table="stores",
        outcome=Loads(rows=(), aside={"duplicate": 2}, read=4, may_stop=True),
    ),
    _file("json", "Receipts as JSON", json.dumps(_JSON, ensure_ascii=False), "export.json"),
    _file(
        "json_lines",
        "Receipts as lines of JSON",
        "\n".join(json.dumps(row, ensure_ascii=False) for row in _JSON),
        "export.jsonl",
    ),
    _file(
        "xml",
        "Receipts as XML",
        "<?xml version='1.0'?><чеки>"
        + "".join(f"<чек дата='{r[0]}' сумма='{r[3]}'/>\n" for r in cells())
        + "</чеки>",
        "export.xml",
    ),
    _file(
        "pdf",
        "A report as PDF",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "export.pdf",
    ),
    _file("picture", "A screenshot", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "export.png"),
    _file("database", "A database of SQLite", _sqlite(), "export.db"),
    _file(
        "sql",
        "A dump of a database",
        "INSERT INTO receipts VALUES ('2024-01-12', 1, 'K1', 5.5);\n" * 5,
        "dump.sql",
    ),
    _file(
        "letter",
        "A letter",
        "Уважаемые коллеги!\nВысылаем отчёт, магазин «Центр», сумма 5,00.\nС уважением, Иванова\n",
        "letter.txt",
    ),
    _file(
        "noise",
        "Bytes by chance",
        io.BytesIO(bytes((i * 7919 + i // 256) % 256 for i in range(5000))).read(),
        "export.csv",
    ),
    _file("long_line", "Five megabytes without an end of line", b"a" * 5_000_000, "export.csv"),
    _file("noughts", "A megabyte of NUL bytes", bytes(1 << 20), "export.csv"),
    Case(
        name="other_table_unknown",
        about="A table that the playbook does not have",
        make=text(shop()),
        table="weather",
        outcome=Stops(names=("weather", "receipts")),
    ),
    Case(
        name="other_missing",
        about="A file that is not there",
        make=lambda folder: [folder / "none.csv"],
        outcome=Stops(names=("none.csv",)),
    ),
    Case(
        name="other_good_and_bad",
        about="One good file and one that is no table: nothing is loaded",
        make=lambda folder: [*text(shop())(folder), *text(b"%PDF-1.7 \xff", name="b.pdf")(folder)],
        outcome=Stops(names=(r"b\.pdf",)),
    ),
    Case(
        name="other_table_stores",
        about="A list of stores with decimal commas and dates, as stores",
        make=text("Отчёт\n\nМагазин;Регион;Площадь, м2;Дата открытия\nЦентр;Юг;120,5;13.01.2019\n"),
        table="stores",
        outcome=Loads(rows=(), read=1),
    ),
]
