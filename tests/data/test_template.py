"""A template that is filled in comes back as it was filled in."""

import datetime as dt

import openpyxl
import pytest

from playbook.data import template
from playbook.data.headings import match
from playbook.data.importing import import_files
from playbook.data.request import Options
from playbook.data.schema import IMPORTED
from playbook.data.sheets import Source
from playbook.data.tables import Tables
from playbook.errors import PlaybookError
from playbook.text import in_language

LANGUAGES = pytest.mark.parametrize("lang", ["en", "ru"])
ANSWER = ["a1", "2026-03-14", "s1", "42", "9"]


@LANGUAGES
def test_an_import_knows_every_heading_of_every_template(lang):
    with in_language(lang):
        for table in IMPORTED:
            headings = template.headings(table)
            found = match([Source(heading=h, name=h) for h in headings], table, {}).found
            assert {n: s.heading for n, s in found.items()} == dict(
                zip(table.columns, headings, strict=True)
            )


@LANGUAGES
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_template_that_is_filled_in_is_imported_as_it_is(tmp_path, lang, ending):
    path = tmp_path / f"survey.{ending}"
    with in_language(lang):
        template.write(template.table_of("survey"), path)
    if ending == "csv":
        text = path.read_text("utf-8-sig") + ";".join(ANSWER) + "\n"
        path.write_text(text, "utf-8-sig")
    else:
        book = openpyxl.load_workbook(path)
        book.active.append(ANSWER)
        book.save(path)
    options = Options(table="survey")
    report = import_files(tmp_path / "data", [path], options, today=dt.date(2026, 4, 30))
    row = Tables(tmp_path / "data").read("survey").iloc[0]
    assert (report.rows_read, report.rows_loaded) == (1, 1)
    assert (row["answer_id"], row["customer_id"], row["score"]) == ("a1", "42", 9)


def test_the_first_line_explains_and_a_note_stands_at_every_heading(tmp_path):
    table = template.table_of("costs")
    template.write(table, tmp_path / "costs.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "costs.xlsx").active
    assert sheet["A1"].value == (
        "One line of the costs of one month; lines of one kind add up. "
        "May stay empty: store_id, item."
    )
    assert [cell.value for cell in sheet[2]] == list(table.columns)
    notes = [cell.comment.text for cell in sheet[2]]
    assert "acquisition, retention, other" in notes[1]
    assert "needed" in notes[4]


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    path = tmp_path / "costs.csv"
    path.write_text("mine", "utf-8")
    with pytest.raises(PlaybookError, match="there already"):
        template.write(template.table_of("costs"), path)
    assert path.read_text("utf-8") == "mine"


def test_a_table_that_nobody_brings_has_no_template():
    with pytest.raises(PlaybookError, match="cohorts") as caught:
        template.table_of("cohorts")
    assert "contacts" in caught.value.advice


@LANGUAGES
def test_the_example_of_every_column_is_one_that_an_import_takes(tmp_path, lang):
    for table in IMPORTED:
        path = tmp_path / f"{table.name}.csv"
        with in_language(lang):
            template.write(table, path)
            cells = [template.example(column) for column in table]
        with path.open("a", encoding="utf-8") as file:
            file.write(";".join(cells) + "\n")
        options = Options(table=table.name)
        report = import_files(tmp_path / lang, [path], options, today=dt.date(2026, 6, 30))
        assert (report.rows_read, report.rows_loaded) == (1, 1)


def test_examples_are_written_as_the_reader_writes():
    costs = {column.name: column for column in template.table_of("costs")}
    stores = {column.name: column for column in template.table_of("stores")}
    with in_language("ru"):
        assert template.example(stores["opened"]) == "06.01.2019"
        assert template.example(stores["x_km"]) == "-129,8"
        assert template.example(costs["cost_kind"]) == "привлечение"
    with in_language("en"):
        assert template.example(stores["opened"]) == "2019-01-06"
        assert template.example(costs["cost_kind"]) == "acquisition"


def test_a_word_that_is_not_allowed_is_answered_with_those_that_are(tmp_path):
    path = tmp_path / "costs.csv"
    path.write_text("month;cost_kind;cost\n2024-01-13;marketing plans;100\n", "utf-8")
    with pytest.raises(PlaybookError) as told:
        import_files(tmp_path, [path], Options(table="costs"), today=dt.date(2026, 6, 30))
    assert "allowed: acquisition, retention, other" in told.value.problems[0]
