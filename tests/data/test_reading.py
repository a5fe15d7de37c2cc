import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.data import headings, tills
from playbook.data.header_rows import is_data
from playbook.data.records import Dialect, cut
from playbook.data.schema import TABLES
from playbook.data.spelling import surprise
from playbook.data.stated import Stated
from playbook.errors import PlaybookError

RUSSIAN = ("Дата", "Магазин", "Номер карты", "Сумма")
ROWS = [
    ("12.01.2024", "Центральный", "42", "1234,50"),
    ("13.01.2024", "Север", "", "99,90"),
    ("14.01.2024", "Южный рынок", "77", "-5,00"),
]
TEXT = "\n".join(";".join(row) for row in (RUSSIAN, *ROWS)) + "\n"
ENGLISH = "date,store,card,amount\n"


def fits(heading):
    return headings.fits(heading, TABLES["receipts"], {})


@pytest.fixture
def read(tmp_path):
    """Write a file, read it, return its sheet."""

    def run(content, *, write="utf-8", **stated):
        path = tmp_path / "export.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(write))
        (sheet,) = tills.read(path, tmp_path / "work", stated=Stated(**stated), fits=fits)
        return sheet

    return run


def rows_of(sheet):
    table = pq.read_table(sheet.parquet, columns=[source.name for source in sheet.columns])
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def headings_of(sheet):
    return tuple(source.heading for source in sheet.columns)


def found(sheet, subject):
    return next(each for each in sheet.findings if each.subject == subject)


# encodings


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp866", "koi8-r",
     "mac-cyrillic", "iso8859-5"],
)  # fmt: skip
@pytest.mark.parametrize("text", [TEXT, TEXT.upper()], ids=["usual", "capitals"])
def test_russian_is_read_in_every_encoding(read, encoding, text):
    sheet = read(text, write=encoding)
    assert rows_of(sheet)[2][1] == ("Южный рынок" if text == TEXT else "ЮЖНЫЙ РЫНОК")
    assert found(sheet, "encoding").certainty == "certain"


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
def test_a_letter_before_thousands_of_numbers_does_not_outvote_the_words(read, encoding):
    rows = "".join(f"12.01.2024;Центр;Ч{i};{i},00\n" for i in range(3000))
    sheet = read("Дата;Магазин;Карта;Сумма\n" + rows, write=encoding)
    assert rows_of(sheet)[2999][1:3] == ("Центр", "Ч2999")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8"])
@pytest.mark.parametrize("word", ["Café à côté", "München", "Große Straße", "Málaga", "Århus"])
def test_western_letters_are_read(read, encoding, word):
    sheet = read(f"{ENGLISH}2024-01-02,{word},1,5\n", write=encoding)
    assert rows_of(sheet)[0][1] == word


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_euro_sign_alone_is_a_euro_sign(read, encoding):
    sheet = read("date;store;card;amount\n2024-01-02;a;1;5,00 €\n", write=encoding)
    assert rows_of(sheet)[0][3] == "5,00 €"


def test_no_break_spaces_in_numbers_are_no_letters(read):
    text = "date;store;card;amount\n2024-01-02;a;1;1\xa0234,00\n"
    assert rows_of(read(text, write="cp1251"))[0][3] == "1\xa0234,00"


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
def test_a_heading_alone_tells_the_encoding(read, encoding):
    sheet = read("Дата;Магазин;Карта;Сумма\n12.01.2024;1;2;3\n", write=encoding)
    assert headings_of(sheet) == ("Дата", "Магазин", "Карта", "Сумма")


def test_one_letter_that_may_be_two_is_a_question_with_both_readings(read):
    text = ENGLISH + "2024-01-02,Ё,1,5\n"
    with pytest.raises(PlaybookError, match=r"encoding of .* is not certain") as caught:
        read(text, write="cp1251")
    assert any("“Ё”" in problem for problem in caught.value.problems)
    assert "--encoding" in caught.value.advice
    assert rows_of(read(text, write="cp1251", encoding="cp1251"))[0][1] == "Ё"


def test_letters_in_a_column_that_nobody_wants_are_no_question(read):
    text = "date,store,card,amount,remark\n2024-01-02,a,1,5,é\n"
    assert rows_of(read(text, write="latin-1"))[0][:4] == ("2024-01-02", "a", "1", "5")


def test_a_few_broken_bytes_cost_their_rows_and_no_letters(read):
    raw = [f"12.01.2024;Центральный рынок;{i};5,00".encode() for i in range(50)]
    raw[10] = b"12.01.2024;\xd0;10;5,00"
    sheet = read(";".join(RUSSIAN).encode() + b"\n" + b"\n".join(raw) + b"\n")
    assert sheet.n_rows == 49
    assert [(row.line, row.reason) for row in sheet.ragged] == [(12, "broken_bytes")]
    assert {row[1] for row in rows_of(sheet)} == {"Центральный рынок"}
    assert sheet.line(10) == 13


def test_a_file_in_two_encodings_is_refused_with_the_line(read):
    with pytest.raises(PlaybookError, match=r"two encodings.*line 5"):
        read(TEXT.encode() + TEXT.encode("cp1251"))


def test_a_stated_encoding_is_obeyed_or_refused(read):
    assert rows_of(read(TEXT, write="koi8-r", encoding="KOI8-R"))[0][1] == "Центральный"
    with pytest.raises(PlaybookError, match=r"not in the encoding utf-8: line 1"):
        read(TEXT, write="cp1251", encoding="utf-8")
    with pytest.raises(PlaybookError, match="no encoding that is known"):
        read(TEXT, encoding="nonsense")


def test_binary_and_noughts_are_no_text(read):
    for raw in (bytes(range(256)) * 20, b"date,store\n1,\0\0\0\0\0\0\0,2\n"):
        with pytest.raises(PlaybookError, match="not a table"):
            read(raw)


def test_the_right_letters_surprise_least():
    for word in ("Магазин", "касса", "Екатеринбург", "ОСТАТОК"):
        raw = word.encode("cp1251")
        others = [surprise(raw.decode(name)) for name in ("koi8-r", "cp866", "latin-1")]
        assert surprise(word) < min(others)


# delimiters, quotes, lines


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "^", "~", "\x1f", "§"])
def test_any_sign_may_part_the_columns(read, sign):
    rows = [RUSSIAN, *((*row[:3], row[3].replace(",", ".")) for row in ROWS)]
    sheet = read("\n".join(sign.join(row) for row in rows) + "\n")
    assert rows_of(sheet)[0] == ("12.01.2024", "Центральный", "42", "1234.50")
    assert sheet.delimiter == sign


def test_excels_own_line_about_the_delimiter_is_obeyed(read):
    sheet = read("sep=;\n" + TEXT)
    assert (sheet.header_line, sheet.line(0), sheet.n_rows) == (2, 3, 3)
    assert found(sheet, "delimiter").evidence == "sep=;"


def test_decimal_commas_in_quotes_part_nothing(read):
    sheet = read(ENGLISH + '2024-01-02,a,1,"1234,50"\n2024-01-02,b,2,"5,00"\n')
    assert [row[3] for row in rows_of(sheet)] == ["1234,50", "5,00"]


def test_decimal_commas_without_quotes_are_recognised(read):
    text = ENGLISH + "2024-01-02,a,1,1234,50\n2024-01-03,b,2,5,05\n"
    with pytest.raises(PlaybookError, match="comma parts the columns and is the decimal sign"):
        read(text)


def test_kopecks_in_the_column_behind_the_money_are_recognised(read):
    text = "date,store,card,amount,note\n2024-01-02,a,1,1234,50\n2024-01-03,b,2,5,05\n"
    with pytest.raises(PlaybookError, match="decimal sign too") as caught:
        read(text)
    assert "1234,50" in caught.value.problems[0]
    assert read(text, delimiter=",").n_rows == 2


def test_single_quotes_and_backslashes_are_understood(read):
    single = read("'date','store','card','amount'\n'2024-01-02','a,b','1','5'\n")
    assert rows_of(single) == [("2024-01-02", "a,b", "1", "5")]
    text = 'date,store,card,amount\n2024-01-02,"the \\"A\\", b",1,5\n'
    assert rows_of(read(text))[0][1] == 'the "A", b'


def test_quotes_within_a_field_are_letters(read):
    text = TEXT.replace("Север", 'ООО "Ромашка"').replace("Центральный", 'Диван 32"')
    assert [row[1] for row in rows_of(read(text))][:2] == ['Диван 32"', 'ООО "Ромашка"']


def test_a_field_of_several_lines_keeps_the_lines_of_the_others_true(read):
    text = ENGLISH.replace("amount", "amount,remark") + (
        '2024-01-02,a,1,5,"one\ntwo, ""three"""\n\n2024-01-03,b,2,6,\n2024-01-04,c\n'
        "2024-01-05,d,3,7,\n"
    )
    sheet = read(text)
    assert [row[4] for row in rows_of(sheet)] == ['one\ntwo, "three"', "", ""]
    assert [sheet.line(row) for row in range(3)] == [2, 5, 7]
    assert [row.line for row in sheet.ragged] == [6]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_lines_end_in_every_way(read, end):
    sheet = read(TEXT.replace("\n", end))
    assert [row[3] for row in rows_of(sheet)] == ["1234,50", "99,90", "-5,00"]
    assert sheet.line(2) == 4


def test_a_delimiter_at_the_end_of_every_line_makes_no_column(read):
    for text in (TEXT.replace("\n", ";\n"), TEXT.replace("\n", ";\n").replace("Сумма;", "Сумма")):
        sheet = read(text)
        assert headings_of(sheet) == RUSSIAN
        assert sheet.n_rows == 3


def test_empty_cells_that_a_spreadsheet_dropped_are_empty(read):
    text = "date,store,amount,card\n2024-01-02,a,5,1\n2024-01-03,b,6,\n2024-01-04,c,7\n"
    sheet = read(text)
    assert rows_of(sheet)[2] == ("2024-01-04", "c", "7", "")
    assert not sheet.ragged


def test_a_row_that_lacks_a_cell_in_the_middle_is_not_filled_up(read):
    rows = "".join(f"2024-01-02,a,{i},5.00,2\n" for i in range(20))
    sheet = read("date,store,card,amount,units\n" + rows + "2024-01-03,b,6.00,2\n")
    assert sheet.n_rows == 20
    assert [(row.line, row.n_fields) for row in sheet.ragged] == [(22, 4)]


def test_columns_of_fixed_width_are_refused_in_words(read):
    rows = [RUSSIAN, *ROWS]
    text = "\n".join("".join(f"{cell:<16}" for cell in row) for row in rows) + "\n"
    with pytest.raises(PlaybookError, match="by their place in the line"):
        read(text)


def test_a_delimiter_that_is_not_there_is_refused(read):
    with pytest.raises(PlaybookError, match=r"sign \| is not in"):
        read(TEXT, delimiter="|")
    with pytest.raises(PlaybookError, match="no sign between columns"):
        read(TEXT, delimiter="abc")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from('ab";\n'), max_size=6), min_size=1, max_size=5))
def test_fields_that_are_quoted_come_back(fields):
    line = ";".join('"' + field.replace('"', '""') + '"' for field in fields)
    assert cut(line, Dialect(delimiter=";")) == (fields, False)


# headings


def test_lines_above_the_heading_are_no_rows(read):
    sheet = read("Отчёт по продажам;;;\nПериод: январь;;;\n;;;\n" + TEXT)
    assert (sheet.header_line, sheet.line(0), sheet.n_rows) == (4, 5, 3)
    assert sheet.above == ((1, "Отчёт по продажам"), (2, "Период: январь"))
    assert found(sheet, "header_row").value == "4"


def test_a_heading_of_two_lines_is_read_as_one(read):
    text = "Чек;;Клиент;Сумма\nДата;Магазин;Номер карты;\n" + TEXT.split("\n", 1)[1]
    sheet = read(text)
    assert headings_of(sheet) == RUSSIAN
    assert sheet.line(0) == 3


def test_a_file_without_a_heading_calls_columns_by_their_place(read):
    sheet = read(TEXT.split("\n", 1)[1])
    assert headings_of(sheet) == ("column 1", "column 2", "column 3", "column 4")
    assert (sheet.n_rows, sheet.line(0), sheet.header_line) == (3, 1, 0)
    assert read(TEXT, header_row=0).n_rows == 4


def test_a_stated_heading_overrules(read):
    text = "Дата;Магазин;Карта;Сумма\n" + TEXT
    sheet = read(text, header_row=2)
    assert sheet.n_rows == 3
    assert headings_of(sheet) == RUSSIAN
    with pytest.raises(PlaybookError, match="no heading at line 9"):
        read(TEXT, header_row=9)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("12.01.2024", True), ("1 234,50 ₽", True), ("-5", True), ("Сумма", False), ("1С", False)],
)
def test_data_are_told_from_names(cell, expected):
    assert is_data(cell) is expected
