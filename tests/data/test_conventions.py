import datetime as dt

import pandas as pd
import pytest

from playbook.data.date_evidence import dates, formats
from playbook.data.importing import import_files
from playbook.data.profiles import Group
from playbook.data.request import Options
from playbook.data.stated import Stated
from playbook.data.tables import Tables
from playbook.errors import PlaybookError

TODAY = dt.date(2025, 6, 30)
HEADING = "Дата;Магазин;Карта;Чек;Сумма\n"


@pytest.fixture
def load(tmp_path):
    """Write files, import them, return the report and the receipts."""

    def run(*texts, **stated):
        files = []
        for place, text in enumerate(texts):
            files.append(tmp_path / f"f{place}.csv")
            files[-1].write_text(text, encoding="utf-8")
        options = Options(stated=Stated(**stated))
        report = import_files(tmp_path / "data", files, options, today=TODAY)
        return report, Tables(tmp_path / "data").read("receipts").sort_values("receipt_id")

    return run


def receipts(*pairs):
    rows = (f"{date};М1;K{i};{i};{amount}\n" for i, (date, amount) in enumerate(pairs))
    return HEADING + "".join(rows)


def findings(report, subject):
    return [(found.value, found.certainty) for found in report.findings if found.subject == subject]


def test_the_decimal_comma_is_a_finding_with_its_cell(load):
    report, _rows = load(receipts(("01.02.2025", "1 234,50"), ("02.02.2025", "7")))
    found = next(f for f in report.findings if f.subject == "decimal")
    assert (found.value, found.certainty) == ("comma", "certain")
    assert "1 234,50" in found.evidence
    assert "2" in found.evidence
    assert findings(report, "thousands") == [("space", "certain")]


def test_what_somebody_states_is_a_stated_finding(load):
    report, rows = load(receipts(("01/02/2025", "1,234")), decimals=".", order="mdy")
    assert findings(report, "decimal") == [("point", "stated")]
    assert findings(report, "date_order") == [("mdy", "stated")]
    assert rows["amount"].tolist() == [1234.0]
    assert rows["at"].tolist() == [pd.Timestamp("2025-01-02")]


def test_another_file_makes_a_reading_likely(load):
    first = receipts(("03/04/2025", "1,234"))
    second = HEADING + "25/04/2025;М1;K9;9;12,5\n"
    report, rows = load(first, second)
    likely = [f for f in report.findings if f.certainty == "likely" and f.file == "f0.csv"]
    assert {f.subject for f in likely} >= {"decimal", "date_order"}
    assert rows["amount"].tolist() == [1.23, 12.5]


def test_files_with_the_day_and_the_month_first_are_each_read_their_way(load):
    first = receipts(("25/01/2025", "1,5"))
    second = HEADING + "01/26/2025;М1;K9;9;12.5\n"
    report, rows = load(first, second)
    assert findings(report, "date_order") == [("dmy", "certain"), ("mdy", "certain")]
    assert findings(report, "decimal") == [("comma", "certain"), ("point", "certain")]
    assert rows["at"].dt.strftime("%d.%m").tolist() == ["25.01", "26.01"]


@pytest.mark.parametrize(
    ("pairs", "cells"),
    [
        ([("01.02.2025", "1,234"), ("01.02.2025", "5,678")], ["1,234"]),
        ([("01.02.2025", "12.50"), ("01.02.2025", "12,50")], ["12.50", "12,50"]),
        ([("01/02/2025", "1"), ("03/04/2025", "2")], ["01/02/2025"]),
        ([("01.02.25", "1"), ("03.04.25", "2")], ["01.02.25"]),
        ([("13/02/2025", "1"), ("03/14/2025", "2")], ["13/02/2025", "03/14/2025"]),
        ([("01.02.2025", "12.50"), ("01.02.2025", "12.345")], ["12.345", "12.50"]),
        ([("01.02.2025", "12,50 руб."), ("01.02.2025", "$12,50")], ["12,50 руб.", "$12,50"]),
    ],
)
def test_what_cannot_be_told_is_a_question_with_its_cells(load, pairs, cells):
    with pytest.raises(PlaybookError) as caught:
        load(receipts(*pairs))
    for cell in cells:
        assert cell in caught.value.problems[0]
    assert len(caught.value.problems) == 1


def test_the_noise_of_doubles_is_rounded_and_said(load):
    report, rows = load(receipts(("01.02.2025", "12.340000000000002"), ("01.02.2025", "7.50")))
    assert rows["amount"].tolist() == [12.34, 7.5]
    found = next(f for f in report.findings if f.subject == "decimal")
    assert "12.340000000000002" in found.evidence


def test_the_number_of_a_day_is_a_date_and_said_to_be(load):
    report, rows = load(receipts(("45658", "1"), ("45659,5", "2")))
    assert rows["at"].tolist() == [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-01-02 12:00")]
    assert findings(report, "serial_dates") == [("1900", "likely")]


def test_seconds_since_1970_are_utc_and_said_to_be(load):
    report, rows = load(receipts(("1735689600", "1")))
    assert rows["at"].tolist() == [pd.Timestamp("2025-01-01")]
    assert ("epoch_seconds", "certain") in findings(report, "date_and_time")


def test_dates_that_a_spreadsheet_has_half_swapped_stop_the_import(load):
    swapped = [(str(45658 + day), "1") for day in range(12)]
    text = [(f"{day}.02.2025", "1") for day in range(13, 25)]
    with pytest.raises(PlaybookError) as caught:
        load(receipts(*swapped, *text))
    assert "month first" in caught.value.problems[0]


def test_a_year_of_two_digits_that_stands_first_is_a_question(load):
    with pytest.raises(PlaybookError) as caught:
        load(receipts(*[(f"25-01-{day:02d}", "1") for day in range(1, 29)]))
    assert "year first" in caught.value.problems[0]


def test_two_values_of_a_column_of_currencies_stop_the_import(load):
    rows = "01.02.2025;М1;K1;1;5;RUB\n01.02.2025;М1;K1;2;5;USD\n"
    with pytest.raises(PlaybookError, match="different currencies") as caught:
        load(HEADING.replace("\n", ";Валюта\n") + rows)
    assert "RUB" in caught.value.problems[0]
    assert "USD" in caught.value.problems[0]


def test_the_word_of_a_total_says_nothing_of_how_dates_are_written():
    def group(cell):
        return Group(low=cell, high=cell, n=1, row=0, is_machine=False)

    alone = dates([group("25.01.2025 14:38:58")])
    with_total = dates([group("25.01.2025 14:38:58"), group("Итого")])
    assert formats(alone, "dmy") == ("%d.%m.%Y %H:%M:%S",)
    assert formats(with_total, "dmy") == formats(alone, "dmy")
    assert "words" not in with_total.traits
    assert with_total.has_hint
    assert "words" in dates([group("12 янв 2025")]).traits
