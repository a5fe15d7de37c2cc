"""Whatever an import refuses, its words show nobody who is in the file."""

import datetime as dt
import json
import zipfile

import pytest

from playbook.data import no_people
from playbook.data.importing import import_files
from playbook.data.request import Options
from playbook.data.stated import Stated
from playbook.errors import PlaybookError

TODAY = dt.date(2025, 6, 30)
NAMES = ["Иванов Иван Иванович", "Петрова Анна Сергеевна", "Smith John", "Кузнецов Олег"]
PHONES = ["+7 (912) 345-67-89", "89161234567", "+79261112233", "79051234567"]
MAILS = ["ivan@mail.ru", "anna.p@yandex.ru", "john@example.com", "oleg99@mail.ru"]
CARDS = ["4111111111111111", "5555 5555 5555 4444", "4012888888881881", "4000056655665556"]
RAW = [*NAMES, *PHONES, *MAILS, *CARDS]
HEAD = ["ФИО", "Телефон", "Почта", "Карта", "Дата", "Магазин", "Сумма"]
ROWS = [
    [
        *(column[i % 4] for column in (NAMES, PHONES, MAILS, CARDS)),
        f"{day:02}.02.2024",
        "М1",
        "10,50",
    ]
    for i, day in enumerate(range(1, 29))
]


def text(rows, sign=";"):
    return "\n".join(sign.join(row) for row in rows) + "\n"


def fixed(rows):
    return "\n".join("".join(cell.ljust(30) for cell in row) for row in rows) + "\n"


FULL = text([HEAD, *ROWS])
ONE = text([["ФИО и телефон"], *([f"{row[0]} {row[1]}"] for row in ROWS)])
BARE = text(ROWS)
LONGER = text([HEAD, *([*row, "а", "б"] for row in ROWS)])
COMMAS = text([HEAD, *ROWS], ",")
OPEN = FULL.replace("Иванов", '"Иванов')
EITHER = text(
    [
        ["Карта", "Дата", "Магазин", "Сумма"],
        *([r[0], f"0{1 + i % 9}.02.2024", *r[5:]] for i, r in enumerate(ROWS)),
    ]
)
NO_DAYS = text([HEAD, *([*row[:4], row[0], *row[5:]] for row in ROWS)])
NO_SUMS = text([HEAD, *([*row[:6], row[1]] for row in ROWS)])
DAYS = ("at=Дата", "customer_id=Карта", "store_id=Магазин", "amount=Сумма")

REFUSED = {
    "no heading at the line": (FULL, {"stated": Stated(header_row=999)}),
    "a row as heading": (FULL, {"stated": Stated(header_row=3)}),
    "no heading": (FULL, {"stated": Stated(header_row=0)}),
    "the sign is not there": (FULL, {"stated": Stated(delimiter="|")}),
    "the sign is not there, no heading": (BARE, {"stated": Stated(delimiter="|")}),
    "another sign": (FULL, {"stated": Stated(delimiter=" ")}),
    "no heading in the file": (BARE, {}),
    "one column": (ONE, {}),
    "one column of names": (text([["ФИО"], *([row[0]] for row in ROWS)]), {}),
    "columns by their place": (fixed([HEAD, *ROWS]), {}),
    "columns by their place, no heading": (fixed(ROWS), {}),
    "rows longer than the heading": (LONGER, {}),
    "commas everywhere": (COMMAS, {}),
    "open quotes": (OPEN, {"stated": Stated(header_row=999)}),
    "either order of dates, and names": (EITHER, {}),
    "names for days": (NO_DAYS, {}),
    "names stated as days": (NO_DAYS, {"columns": DAYS}),
    "phones for sums": (NO_SUMS, {}),
    "phones stated as sums": (NO_SUMS, {"columns": DAYS}),
    "a heading that is not there": (FULL, {"columns": ("at=Когда",)}),
    "one column for several": (FULL, {"columns": ("at=ФИО", "amount=Телефон")}),
    "personal data": (FULL, {"columns": ("customer_id=Телефон",)}),
    "hashed sums": (FULL, {"hash_columns": ("Сумма", "ФИО")}),
    "another encoding": (FULL, {"stated": Stated(encoding="utf-16")}),
    "cards as stores": (FULL, {"columns": (*DAYS[:2], "store_id=ФИО", DAYS[3])}),
    "a table of contacts": (FULL, {"table": "contacts"}),
}


def refusal(folder, path, **options):
    with pytest.raises(PlaybookError) as told:
        import_files(folder, [path], Options(**options), today=TODAY)
    error = told.value
    return "\n".join([str(error), *error.args, error.summary, *error.problems, error.advice])


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_shows_nobody(case, tmp_path):
    content, options = REFUSED[case]
    path = tmp_path / "people.csv"
    path.write_text(content, encoding="utf-8")
    said = refusal(tmp_path / "data", path, **options)
    assert [one for one in RAW if one in said] == []
    assert not any(word in said for word in ("Иванов", "Сергеевна", "Smith", "@mail"))
    assert "people.csv" in said or "--map" in said or "customer_id" in said or "line 999" in said


def test_two_encodings_show_nobody(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(FULL.encode("cp1251") + FULL.encode())
    said = refusal(tmp_path / "data", path)
    assert [one for one in RAW if one in said] == []


def test_a_workbook_and_an_archive_show_nobody(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in [HEAD, *ROWS]:
        book.active.append(row)
    book.save(tmp_path / "people.xlsx")
    with zipfile.ZipFile(tmp_path / "people.zip", "w") as archive:
        archive.writestr("people.csv", FULL)
    for name in ("people.xlsx", "people.zip"):
        for line in (3, 999):
            said = refusal(tmp_path / "data", tmp_path / name, stated=Stated(header_row=line))
            assert [one for one in RAW if one in said] == []


def test_a_heading_is_shown_and_a_row_is_not():
    assert no_people.line("Дата;Магазин;Сумма") == "Дата;Магазин;Сумма"
    assert no_people.headings(["Дата", "01.2024", "02.2024"]) == ["Дата", "01.2024", "02.2024"]
    shown = no_people.headings(["1000004", "Сумма", "Анна", "2700001200190"])
    assert shown == ["••••••", "Сумма", "••••••", "27••••••90"]


def test_names_of_files_and_our_own_numbers_are_shown():
    known = {"Анна Петрова 20240101120000.csv"}
    text = "Анна Петрова 20240101120000.csv: 1\u00a0000\u00a0004 rows, “Анна Петрова”"
    assert no_people.without_people(text, known) == text.replace("“Анна Петрова”", "“Ан••••••ва”")


def test_the_json_of_a_refusal_shows_nobody(tmp_path, monkeypatch, capsys):
    from playbook import cli

    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path))
    path = tmp_path / "people.csv"
    path.write_text(FULL, encoding="utf-8")
    cli.main(["new", "firm"])
    capsys.readouterr()
    assert cli.main(["import", "firm", str(path), "--header-row", "999", "--json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["errors"]
    assert [one for one in RAW if one in out + err] == []
