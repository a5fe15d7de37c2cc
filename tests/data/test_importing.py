import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from playbook.data.importing import import_files
from playbook.data.request import Options
from playbook.data.stated import Stated
from playbook.data.tables import Tables
from playbook.errors import PlaybookError
from playbook.text import in_language

TODAY = dt.date(2025, 6, 30)
RUSSIAN = "Дата чека;Магазин;Номер карты;Номер чека;Сумма чека\n"
STATED = ("encoding", "delimiter", "header_row", "sheet", "decimals", "order")
ENGLISH = "date,store,card,receipt,amount\n"


@pytest.fixture
def import_text(tmp_path):
    """Write text as files, import them, return the report and the receipts."""

    def run(*texts, encoding="utf-8", names=None, **options):
        files = []
        for place, text in enumerate(texts):
            path = tmp_path / (names[place] if names else f"tills{place}.csv")
            path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
            files.append(path)
        folder = tmp_path / "data"
        asked = {name: options.pop(name) for name in STATED if name in options}
        wanted = Options(stated=Stated(**asked), **options)
        report = import_files(folder, files, wanted, today=TODAY)
        return report, Tables(folder).read(options.get("table", "receipts"))

    return run


def reasons(report):
    return {(found.column, found.reason): found.n for found in report.set_aside}


def test_a_russian_till_file_loads_with_its_commas_and_dotted_dates(import_text):
    text = RUSSIAN + "31.12.2024 9:05;М1;0042;7;1 234,50\n01.02.2025 23:59:59;М2;;8;-10,5\n"
    report, rows = import_text(text, encoding="cp1251")
    assert list(rows["store_id"]) == ["М1", "М2"]
    assert list(rows["at"]) == [
        pd.Timestamp("2024-12-31 09:05"),
        pd.Timestamp("2025-02-01 23:59:59"),
    ]
    assert list(rows["amount"]) == [1234.5, -10.5]
    assert rows["customer_id"].tolist()[0] == "0042"
    assert rows["customer_id"].isna().tolist() == [False, True]
    assert report.files[0].encoding == "cp1251"
    assert report.files[0].decimals == ","
    assert report.rows_read == report.rows_loaded == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found_out(import_text, encoding, delimiter):
    lines = ["Дата,Магазин,Клиент,Чек,Сумма", "2025-01-02 10:00,Центр,а1,1,10.5"]
    text = "\r\n".join(lines).replace(",", delimiter) + "\r\n"
    report, rows = import_text(text, encoding=encoding)
    assert list(rows["store_id"]) == ["Центр"]
    assert report.files[0].delimiter == delimiter


def test_decimal_comma_is_decided_by_the_whole_column(import_text):
    text = RUSSIAN + "02.01.2025;1;1;1;1.234\n02.01.2025;1;1;2;12,5\n02.01.2025;1;1;3;1.234,56\n"
    _report, rows = import_text(text)
    assert list(rows["amount"]) == [1234.0, 12.5, 1234.56]


def test_numbers_that_can_be_read_in_two_ways_are_refused_until_somebody_says(import_text):
    text = ENGLISH.replace(",", ";") + "2025-01-02;1;1;1;1.234\n2025-01-02;1;1;2;5.678\n"
    with pytest.raises(PlaybookError) as caught:
        import_text(text)
    assert "1.234" in caught.value.problems[0]
    assert "--decimal" in caught.value.advice
    assert list(import_text(text, decimals=".")[1]["amount"]) == [1.23, 5.68]
    assert list(import_text(text, decimals=",", replace=True)[1]["amount"]) == [1234.0, 5678.0]


def test_a_file_with_both_decimal_signs_is_refused_with_one_of_each(import_text):
    text = RUSSIAN + "02.01.2025;1;1;1;12.50\n02.01.2025;1;1;2;12,50\n"
    with pytest.raises(PlaybookError) as caught:
        import_text(text)
    assert "12.50" in caught.value.problems[0]
    assert "12,50" in caught.value.problems[0]
    report, rows = import_text(text, decimals=",")
    assert list(rows["amount"]) == [12.5]
    assert reasons(report) == {("amount", "unreadable"): 1}


@pytest.mark.parametrize(
    ("second", "expected"), [("13/02/2025", "2025-02-13"), ("02/13/2025", "2025-02-13")]
)
def test_one_cell_decides_whether_the_day_comes_first(import_text, second, expected):
    text = ENGLISH + f"03/04/2025,1,1,1,5\n{second},1,1,2,5\n"
    _report, rows = import_text(text)
    assert rows["at"].iloc[1] == pd.Timestamp(expected)
    assert rows["at"].iloc[0].month == (4 if second.startswith("13") else 3)


def test_dates_that_can_be_read_in_two_ways_are_refused_until_somebody_says(import_text):
    text = ENGLISH + "03/04/2025,1,1,1,5\n05/06/2025,1,1,2,5\n"
    with pytest.raises(PlaybookError, match="two ways") as caught:
        import_text(text)
    assert "--date-order" in caught.value.advice
    assert list(import_text(text, order="dmy")[1]["at"].dt.month) == [4, 6]
    assert list(import_text(text, order="mdy", replace=True)[1]["at"].dt.month) == [3, 5]


def test_another_file_of_the_import_decides_where_a_file_cannot(import_text):
    first = ENGLISH + "03/04/2025,1,1,1,5\n"
    second = ENGLISH + "04/25/2025,1,1,2,5\n"
    _report, rows = import_text(first, second)
    assert list(rows["at"].dt.month) == [3, 4]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-01-02", "2025-01-02 00:00:00"),
        ("2025-01-02T03:04:05", "2025-01-02 03:04:05"),
        ("2025-01-02T03:04:05.250Z", "2025-01-02 03:04:05.250"),
        ("2025-01-02 23:04:05+03:00", "2025-01-02 23:04:05"),
        ("20250102", "2025-01-02 00:00:00"),
        ("2025/01/02 3:04", "2025-01-02 03:04:00"),
        ("22.01.25 03:04", "2025-01-22 03:04:00"),
        ("2.1.2025 3:04", "2025-01-02 03:04:00"),
        ("02.01.2025 15.04", "2025-01-02 15:04:00"),
        ("2025-01-02 3:04 PM", "2025-01-02 15:04:00"),
    ],
)
def test_a_moment_is_read_as_it_is_written(import_text, written, moment):
    _report, rows = import_text(ENGLISH + f"{written},1,1,1,5\n")
    assert rows["at"].iloc[0] == pd.Timestamp(moment)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1 234.50", 1234.5),
        ("1\N{NO-BREAK SPACE}234.50", 1234.5),
        ("1\N{NARROW NO-BREAK SPACE}234.50 ₽", 1234.5),
        ("1'234.50", 1234.5),
        ('"1,234.50"', 1234.5),
        ("12.5 руб.", 12.5),
        ("−12.50", -12.5),
        ("(12.50)", -12.5),
        ("12.50-", -12.5),
        ("$12.5", 12.5),
        ("+.5", 0.5),
    ],
)
def test_an_amount_is_read_as_it_is_written(import_text, written, amount):
    _report, rows = import_text(ENGLISH + f"2025-01-02,1,1,1,{written}\n")
    assert rows["amount"].iloc[0] == amount


def test_rows_that_cannot_be_used_are_counted_with_reason_and_place(import_text):
    text = ENGLISH + "\n".join(
        [
            "2025-01-02,1,1,1,5",
            "2025-02-30,1,1,2,5",
            "",
            "2025-01-02,1,1,3,five",
            "2025-01-02,1,4.61E+12,4,5",
            "2025-01-02,,1,5,5",
            "2025-07-01,1,1,6,5",
            "1899-12-30,1,1,7,5",
            "2025-01-02,1,1,8",
            "2025-01-02,1,1,9,5,extra",
            "2025-01-02,1,1,10,",
            "2025-01-02,1,1,11,99999999999",
        ]
    )
    report, rows = import_text(text)
    assert reasons(report) == {
        ("at", "unreadable"): 1,
        ("amount", "unreadable"): 1,
        ("customer_id", "lost_digits"): 1,
        ("store_id", "missing"): 1,
        ("at", "future"): 1,
        ("at", "old"): 1,
        ("amount", "missing"): 1,
        ("amount", "too_large"): 1,
        ("", "ragged"): 2,
    }
    assert report.rows_read == 11
    assert report.rows_read == report.rows_loaded + report.rows_set_aside
    assert len(rows) == report.rows_loaded == 1
    places = {(f.column, f.reason): f.examples[0] for f in report.set_aside}
    assert places["at", "unreadable"].line == 3
    assert places["amount", "unreadable"].line == 5
    assert places["amount", "unreadable"].value == "five"
    assert places["customer_id", "lost_digits"].value == "4.61E+12"
    assert places["", "ragged"].line == 10


@settings(max_examples=15, deadline=None)
@given(
    kinds=st.lists(
        st.sampled_from(["good", "copy", "blank", "short", "date", "amount", "id"]), min_size=1
    )
)
def test_every_row_is_loaded_or_set_aside(tmp_path_factory, kinds):
    # most ids destroyed stop the import
    assume(kinds.count("id") <= 1 + kinds.count("good"))
    lines = {
        "good": "2025-01-02,1,c{i},{i},5",
        "copy": "2025-01-02,1,c,same,5",
        "blank": "",
        "short": "2025-01-02,1",
        "date": "yesterday,1,c,{i},5",
        "amount": "2025-01-02,1,c,{i},much",
        "id": "2025-01-02,1,1E+10,{i},5",
    }
    folder = tmp_path_factory.mktemp("rows")
    text = ENGLISH + "".join(lines[kind].format(i=i) + "\n" for i, kind in enumerate(kinds))
    (folder / "tills.csv").write_text(text + "2025-01-02,1,c,last,5\n", encoding="utf-8")
    report = import_files(folder / "data", [folder / "tills.csv"], Options(), today=TODAY)
    copies = kinds.count("copy")
    assert report.rows_read == len(kinds) - kinds.count("blank") + 1
    assert report.rows_read == report.rows_loaded + report.rows_set_aside
    assert report.rows_loaded == kinds.count("good") + min(copies, 1) + 1
    bad = [found for found in report.set_aside if found.reason in {"unreadable", "lost_digits"}]
    texts = text.splitlines()
    for found in bad:
        for example in found.examples:
            assert example.value in texts[example.line - 1]


def test_item_lines_are_added_up_to_receipts(import_text):
    text = ENGLISH + (
        "2025-01-02 10:00:00,1,anna,r1,5\n"
        "2025-01-02 10:00:01,1,,r1,5\n"  # the card was read for one line only
        "2025-01-02 10:00:00,1,anna,r1,2.5\n"
        "2025-01-02 11:00:00,1,boris,r2,-3\n"
    )
    report, rows = import_text(text)
    assert sorted(zip(rows["receipt_id"], rows["customer_id"], rows["amount"], strict=True)) == [
        ("r1", "anna", 12.5),
        ("r2", "boris", -3.0),
    ]
    assert report.n_item_lines == 2
    assert report.rows_loaded == 4
    assert any("item lines" in line for line in report.assumptions)


def test_two_equal_items_on_a_receipt_are_two_items(import_text):
    text = ENGLISH + (
        "2025-01-02,1,a,r1,5\n2025-01-02,1,a,r1,5\n2025-01-02,1,a,r1,7\n2025-01-02,1,a,r1,9\n"
        "2025-01-02,1,a,r2,5\n2025-01-02,1,a,r2,6\n"
    )
    report, rows = import_text(text)
    assert dict(zip(rows["receipt_id"], rows["amount"], strict=True)) == {"r1": 26.0, "r2": 11.0}
    assert report.n_identical == 1


def test_a_receipt_that_was_exported_twice_counts_once(import_text):
    text = ENGLISH + "2025-01-02,1,a,r1,5\n2025-01-02,1,a,r2,6\n2025-01-02,1,a,r1,5\n"
    report, rows = import_text(text)
    assert sorted(rows["amount"]) == [5.0, 6.0]
    assert reasons(report) == {("receipt_id", "duplicate"): 1}
    assert report.set_aside[0].examples[0].line == 4


def test_two_exports_that_overlap_count_the_common_rows_once(import_text):
    january = ENGLISH + "2025-01-30,1,a,r1,5\n2025-01-31,1,a,r2,5\n2025-01-31,1,a,r2,5\n"
    february = ENGLISH + "2025-01-31,1,a,r2,5\n2025-01-31,1,a,r2,5\n2025-02-01,1,a,r3,7\n"
    lines = "2025-01-31,1,a,r2,1\n2025-02-01,1,a,r3,2\n2025-02-01,1,a,r3,3\n"
    report, rows = import_text(january, february + lines)
    assert dict(zip(rows["receipt_id"], rows["amount"], strict=True)) == {
        "r1": 5.0,
        "r2": 11.0,
        "r3": 12.0,
    }
    assert reasons(report) == {("receipt_id", "duplicate"): 2}
    assert report.rows_read == report.rows_loaded + report.rows_set_aside == 9


def test_receipt_numbers_that_begin_anew_every_day_stay_apart(import_text):
    rows = [
        f"2025-01-{day:02d} 10:{till:02d}:00,s{store},c{till},{till},{day}"
        for day in (1, 2)
        for store in (1, 2)
        for till in (1, 2, 3)
    ]
    report, receipts = import_text(ENGLISH + "\n".join(rows) + "\n")
    assert len(receipts) == 12
    assert receipts["receipt_id"].is_unique
    assert receipts["amount"].sum() == 18
    assert report.n_renamed == 12


def test_rows_without_a_receipt_number_are_receipts_each(import_text):
    text = "date,store,card,amount\n2025-01-02,1,a,5\n2025-01-02,1,a,5\n"
    report, rows = import_text(text)
    assert len(rows) == 2
    assert rows["receipt_id"].is_unique
    assert report.n_numbered == 2


def test_returns_and_anonymous_receipts_are_kept_and_said(import_text):
    text = ENGLISH + (
        "2025-01-02,1,a,1,50\n2025-01-02,1,,2,60\n2025-01-03,1,0000,3,10\n2025-01-03,1,a,4,-20\n"
        "2025-01-05,1,нет карты,5,30\n"
    )
    report, rows = import_text(text)
    assert len(rows) == 5
    assert rows["customer_id"].isna().sum() == 3
    assert report.facts.n_anonymous == 3
    assert report.facts.n_returns == 1
    assert report.facts.returned == 20.0
    assert report.facts.revenue == 130.0
    gap = next(remark for remark in report.remarks if remark.code == "gap")
    assert (gap.numbers["n"], gap.numbers["first"]) == (1, "2025-01-04")
    words = " ".join(report.warnings)
    assert "return" in words
    assert "75.0" in words
    assert "4 Jan 2025" in words
    assert "without a time of day" in words


def test_leading_zeros_and_long_numbers_of_cards_survive(import_text):
    text = ENGLISH + (
        '2025-01-02,001,00460000000012345678,1,5\n2025-01-02,001,"=""00042""",2,5\n'
        "2025-01-02,001,123.0,3,5\n"
    )
    _report, rows = import_text(text)
    assert list(rows["customer_id"]) == ["00460000000012345678", "00042", "123"]
    assert set(rows["store_id"]) == {"001"}


def test_columns_are_known_by_many_names(import_text):
    heading = "№ чека;Дата и время;Код магазина;Номер_карты;Сумма, руб.;Кассир\n"
    report, rows = import_text(heading + "1;01.02.2025 10:00;7;42;5,5;Иванова\n")
    assert rows.loc[0, ["receipt_id", "store_id", "customer_id", "amount"]].tolist() == [
        "1",
        "7",
        "42",
        5.5,
    ]
    assert report.files[0].unused == ("Кассир",)


def test_missing_columns_are_named_together_with_what_is_there(import_text):
    with pytest.raises(PlaybookError) as caught:
        import_text("Дата;Магазн;Что-то\n01.02.2025;1;2\n")
    text = str(caught.value)
    assert "Магазн" in text
    for column in ("store_id", "customer_id", "amount"):
        assert f"{column} is missing" in text
    assert "Is it “Магазн”?" in text


def test_a_column_that_could_be_two_is_asked_about(import_text):
    text = "date,store,card,client,amount\n2025-01-02,1,a,b,5\n"
    with pytest.raises(PlaybookError, match="not all found") as caught:
        import_text(text)
    assert "card, client" in caught.value.problems[1]
    _report, rows = import_text(text, columns=("customer_id=client",))
    assert list(rows["customer_id"]) == ["b"]


def test_a_column_can_be_stated(import_text):
    text = "date,store,card,Сумма без скидки,Сумма\n2025-01-02,1,a,7,5\n"
    _report, rows = import_text(text, columns=("amount=Сумма без скидки",))
    assert list(rows["amount"]) == [7.0]


def test_a_stated_column_that_is_not_there_is_refused(import_text):
    with pytest.raises(PlaybookError) as caught:
        import_text(ENGLISH + "2025-01-02,1,a,1,5\n", columns=("amount=Total",))
    assert "amount is missing" in str(caught.value)
    with pytest.raises(PlaybookError) as caught:
        import_text(ENGLISH, columns=("sum=Total", "amount"))
    assert len(caught.value.problems) == 2


def test_a_wrong_column_leaves_no_row_and_says_so(import_text):
    text = ENGLISH + "2025-01-02,Main street,a,1,5\n"
    with pytest.raises(PlaybookError, match="None of the rows") as caught:
        import_text(text, columns=("amount=store", "store_id=receipt"))
    assert "Main street" in caught.value.problems[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (bytes(range(256)) * 20, "not a table"),
        (b"PAR1 nonsense PAR1", "damaged Parquet"),
        (b"PK\x03\x04 nonsense", "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old excel", "not a table"),
        (b"\x1f\x8b packed", "not a table"),
        (ENGLISH.encode(), "no row under it"),
        (b"just one line of words\n", "not certain"),
    ],
)
def test_a_file_without_a_table_is_one_clear_error(import_text, tmp_path, content, words):
    with pytest.raises(PlaybookError, match=words):
        import_text(content)
    assert not list((tmp_path / "data").rglob("*"))


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path):
    for path, words in ((tmp_path / "none.csv", "no file"), (tmp_path, "no file in")):
        with pytest.raises(PlaybookError, match=words):
            import_files(tmp_path / "data", [path], Options(), today=TODAY)


def test_the_problems_of_all_files_are_told_at_once(tmp_path):
    files = [tmp_path / "none.csv", tmp_path / "nothing.csv"]
    with pytest.raises(PlaybookError, match="Several of the files") as caught:
        import_files(tmp_path / "data", files, Options(), today=TODAY)
    assert len(caught.value.problems) == 2


def test_a_quote_that_nobody_closes_costs_its_own_row_only(import_text):
    rows = "".join(f"2025-01-02,1,a,{i},5\n" for i in range(60))
    text = ENGLISH + '2025-01-02,1,"a,x,5\n' + rows
    report, receipts = import_text(text)
    assert reasons(report) == {("", "open_quote"): 1}
    assert report.set_aside[0].examples[0].line == 2
    assert len(receipts) == 60


def test_two_quotes_do_not_hide_the_row_between_them(import_text):
    text = ENGLISH + '2025-01-02,1,"a,0,5\n2025-01-02,1,a,1,7\n2025-01-02,1,a",2,5\n'
    report, receipts = import_text(text)
    assert reasons(report) == {("", "open_quote"): 1}
    assert [example.line for example in report.set_aside[0].examples] == [2]
    assert list(receipts["amount"]) == [7.0, 5.0]


def test_a_remark_with_a_line_break_is_let_be(import_text):
    text = (
        'date,store,card,amount,remark\n2025-01-02,1,a,5,"one\ntwo; ""three"""\n2025-01-03,1,a,6,\n'
    )
    report, rows = import_text(text)
    assert list(rows["amount"]) == [5.0, 6.0]
    assert report.rows_set_aside == 0


def test_two_columns_of_one_name_are_asked_about(import_text):
    text = "date,store,card,amount,Sum,Sum\n2025-01-02,1,a,,7,8\n"
    with pytest.raises(PlaybookError, match="Sum, Sum \\(2\\)"):
        import_text(text.replace("amount", "net"))
    _report, rows = import_text(text.replace("amount", "net"), columns=("amount=Sum (2)",))
    assert list(rows["amount"]) == [8.0]


@settings(max_examples=10, deadline=None)
@given(
    amounts=st.lists(st.decimals("-9999999.99", "9999999.99", places=2), min_size=1, max_size=40),
    is_russian=st.booleans(),
)
def test_amounts_come_back_to_the_kopeck(tmp_path_factory, amounts, is_russian):
    written = [f"{amount:,.2f}" for amount in amounts]
    if is_russian:
        written = [text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",") for text in written]
    rows = "".join(f"2025-01-02;1;a;{i};{text}\n" for i, text in enumerate(written))
    folder = tmp_path_factory.mktemp("amounts")
    (folder / "tills.csv").write_text(ENGLISH.replace(",", ";") + rows, encoding="utf-8")
    import_files(folder / "data", [folder / "tills.csv"], Options(), today=TODAY)
    stored = pq.read_table(next((folder / "data").glob("receipts-*.parquet")))
    assert stored["amount"].to_pylist() == amounts


def test_a_workbook_loads_with_its_own_numbers_and_dates(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Дата", "Магазин", "Карта", "Чек", "Сумма"])
    sheet.append([dt.datetime(2025, 1, 2, 10, 30), 7, 4610000000012, 1, 1234.5])  # noqa: DTZ001
    sheet.append(["03.01.2025 11:00", "007", "00042", 2, "12,5"])
    sheet.append([None, None, None, None, None])
    sheet.append([dt.date(2025, 1, 4), 7, 4610000000012345, 3, 5])
    path = tmp_path / "tills.xlsx"
    book.save(path)
    report = import_files(tmp_path / "data", [path], Options(), today=TODAY)
    rows = Tables(tmp_path / "data").read("receipts").sort_values("receipt_id")
    assert list(rows["customer_id"]) == ["4610000000012", "00042"]
    assert list(rows["store_id"]) == ["7", "007"]
    assert list(rows["amount"]) == [1234.5, 12.5]
    assert list(rows["at"]) == [pd.Timestamp("2025-01-02 10:30"), pd.Timestamp("2025-01-03 11:00")]
    assert reasons(report) == {("customer_id", "lost_digits"): 1}
    assert report.set_aside[0].examples[0].line == 5


def test_the_sheet_with_the_table_is_found_among_others(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Notes"])
    book.active.append(["made by hand"])
    sheet = book.create_sheet("Data")
    sheet.append(["date", "store", "card", "amount"])
    sheet.append(["2025-01-02", "1", "a", 5])
    path = tmp_path / "tills.xlsx"
    book.save(path)
    assert import_files(tmp_path / "data", [path], Options(), today=TODAY).rows_loaded == 1


def test_a_parquet_file_loads_with_its_own_types(tmp_path):
    table = pa.table(
        {
            "basket_id": pa.array([1, 2, 3]),
            "household_id": pa.array([10.0, None, 1.5]),
            "store_id": pa.array(["a", "b", "a"]).dictionary_encode(),
            "ts": pa.array([dt.datetime(2025, 1, 2, 3, 4)] * 3, pa.timestamp("ns")),  # noqa: DTZ001
            "sales_value": pa.array([Decimal("1.10"), Decimal("2.20"), Decimal("3.30")]),
        }
    )
    pq.write_table(table, tmp_path / "baskets.parquet")
    report = import_files(tmp_path / "data", [tmp_path / "baskets.parquet"], Options(), today=TODAY)
    rows = Tables(tmp_path / "data").read("receipts").sort_values("receipt_id")
    assert list(rows["receipt_id"]) == ["1", "2"]
    assert rows["customer_id"].tolist()[0] == "10"
    assert list(rows["amount"]) == [1.1, 2.2]
    assert reasons(report) == {("customer_id", "lost_digits"): 1}
    stored = next((tmp_path / "data").glob("receipts-*.parquet"))
    assert pq.read_schema(stored).field("amount").type == pa.decimal128(12, 2)


def test_times_of_a_zone_are_utc_and_said_to_be(tmp_path):
    moment = pa.array([dt.datetime(2025, 1, 2, 3, tzinfo=dt.UTC)], pa.timestamp("us", "Asia/Omsk"))
    table = pa.table({"date": moment, "store": ["1"], "card": ["a"], "amount": [1.5]})
    pq.write_table(table, tmp_path / "zoned.parquet")
    report = import_files(tmp_path / "data", [tmp_path / "zoned.parquet"], Options(), today=TODAY)
    rows = Tables(tmp_path / "data").read("receipts")
    assert rows["at"].tolist() == [pd.Timestamp("2025-01-02 03:00")]
    assert any("UTC" in line for line in report.warnings)


def test_too_little_memory_is_one_sentence(import_text, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_MEMORY", "1MB")
    with pytest.raises(PlaybookError, match="1MB of memory are not enough"):
        import_text(ENGLISH + "".join(f"2025-01-02,1,{i},{i},5\n" for i in range(5000)))


def test_the_same_file_again_is_noticed_and_another_needs_replace(import_text, tmp_path):
    text = ENGLISH + "2025-01-02,1,a,1,5\n"
    first, _rows = import_text(text)
    again, _rows = import_text(text)
    assert not first.is_again
    assert again.is_again
    assert "same files" in again.headline
    other = ENGLISH + "2025-01-02,1,a,1,6\n"
    with pytest.raises(PlaybookError, match="there already"):
        import_text(other)
    assert Tables(tmp_path / "data").read("receipts")["amount"].tolist() == [5.0]
    _report, rows = import_text(other, replace=True)
    assert rows["amount"].tolist() == [6.0]
    assert len(list((tmp_path / "data").glob("receipts-*.parquet"))) == 1


def test_one_file_given_twice_is_refused(import_text):
    text = ENGLISH + "2025-01-02,1,a,1,5\n"
    with pytest.raises(PlaybookError, match="are the same"):
        import_text(text, text)


def test_stores_can_be_imported_too(import_text):
    text = (
        "Магазин;Регион;Площадь, м2;Дата открытия\n"
        "1;Север;120,5;01.02.2019\n2;Юг;;\n1;Юг;80;01.02.2020\n"
    )
    report, rows = import_text(text, table="stores")
    assert list(rows["store_id"]) == ["1", "2"]
    assert rows["size_m2"].tolist()[0] == 120.5
    assert rows["opened"].tolist()[0] == pd.Timestamp("2019-02-01")
    assert rows["format"].isna().all()
    assert reasons(report) == {("store_id", "duplicate"): 1}


def test_shares_yes_and_no_and_mondays_are_read(import_text):
    text = (
        "store_id,week,wave,is_holdout,n_base,n_repeat,wave_start\n"
        "1,2025-01-06,2,нет,100,62,2025-01-06\n"
    )
    _report, rows = import_text(text, table="rollout_weeks")
    assert rows.loc[0, ["wave", "is_holdout", "n_base"]].tolist() == [2, False, 100]
    text = (
        "store,week,fidelity,queue\n1,2025-01-06,62 %,3.5\n1,2025-01-07,0.5,3\n2,2025-01-06,62,1\n"
    )
    report, rows = import_text(text, table="fidelity")
    assert rows["done_share"].tolist() == [0.62]
    assert reasons(report) == {("done_share", "out_of_range"): 1, ("week", "out_of_range"): 1}


def test_a_table_that_is_computed_cannot_be_imported(import_text):
    with pytest.raises(PlaybookError, match="no table that can be imported"):
        import_text(ENGLISH, table="customers")


def test_the_report_survives_storage_and_speaks_the_readers_language(import_text):
    report, _rows = import_text(ENGLISH + "2025-01-02,1,a,1,5\nx,1,a,2,5\n")
    assert type(report).from_json(report.as_json()) == report or (
        type(report).from_json(report.as_json()).as_json() == report.as_json()
    )
    with in_language("ru"):
        assert report.headline
        assert "<table>" in report._repr_html_()


def test_nothing_is_left_beside_the_table(import_text, tmp_path):
    import_text(ENGLISH + "2025-01-02,1,a,1,5\n")
    names = sorted(path.name for path in (tmp_path / "data").iterdir())
    assert len(names) == 2
    assert names[1] == "receipts.json"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_not_touched(import_text, tmp_path):
    (tmp_path / "data").mkdir(mode=0o500)
    with pytest.raises(OSError, match="denied"):
        import_text(ENGLISH + "2025-01-02,1,a,1,5\n")


def test_where_the_file_lies_does_not_matter(tmp_path):
    folder = tmp_path / 'it\'s a "folder"'
    folder.mkdir()
    path = Path(folder / "tills; 1.csv")
    path.write_text(ENGLISH + "2025-01-02,1,a,1,5\n", encoding="utf-8")
    assert import_files(folder / "data", [path], Options(), today=TODAY).rows_loaded == 1
