import datetime as dt
import gzip
import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from playbook.data import archives, headings, tills
from playbook.data.schema import TABLES
from playbook.data.stated import Stated
from playbook.errors import PlaybookError

HEADING = ["date", "store", "card", "amount"]
CSV = "date,store,card,amount\n2024-01-02,a,1,5\n"


def fits(heading):
    return headings.fits(heading, TABLES["receipts"], {})


@pytest.fixture
def read(tmp_path):
    """Write a file, read it, return its sheets; nothing but Parquet is left in the work folder."""

    def run(content, name, **stated):
        path = tmp_path / name
        if isinstance(content, openpyxl.Workbook):
            content.save(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        sheets = tills.read(path, tmp_path / "work", stated=Stated(**stated), fits=fits)
        assert {left.suffix for left in (tmp_path / "work").iterdir()} <= {".parquet"}
        return sheets

    return run


def rows_of(sheet):
    table = pq.read_table(sheet.parquet, columns=[source.name for source in sheet.columns])
    columns = [column.to_pylist() for column in table.columns]
    return [
        tuple(str(cell).removeprefix("\x01") for cell in row) for row in zip(*columns, strict=True)
    ]


def book_of(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def packed(pairs):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return buffer.getvalue()


# workbooks


def test_titles_empty_rows_and_empty_columns_around_a_table_are_no_part_of_it(read):
    book = book_of(Sheet=[["Report"], [], [None, *HEADING], [None, "2024-01-02", "a", "1", 5]])
    (sheet,) = read(book, "book.xlsx")
    assert sheet.name == "book.xlsx/Sheet"
    assert [source.heading for source in sheet.columns] == HEADING
    assert (sheet.header_line, sheet.line(0), sheet.above) == (3, 4, ((1, "Report"),))


def test_months_in_sheets_are_one_table(read):
    months = {
        month: [HEADING, [dt.date(2024, i, 2), "a", i, 5]]
        for i, month in enumerate(("Jan", "Feb"), start=1)
    }
    sheets = read(book_of(**months, Notes=[["made by hand"]]), "book.xlsx")
    assert [sheet.name for sheet in sheets] == ["book.xlsx/Jan", "book.xlsx/Feb"]
    finding = sheets[0].findings[0]
    assert (finding.subject, finding.value, finding.certainty) == ("sheet", "Jan, Feb", "likely")
    assert "Notes" in finding.evidence


def test_a_sheet_that_repeats_all_months_is_a_question(read):
    rows = [["2024-01-02", "a", "1", 5], ["2024-02-02", "b", "2", 6]]
    book = book_of(Jan=[HEADING, rows[0]], Feb=[HEADING, rows[1]], All=[HEADING, *rows])
    with pytest.raises(PlaybookError, match="sheet All seems to hold the rows of the others"):
        read(book, "book.xlsx")
    (sheet,) = read(book, "book.xlsx", sheet="All")
    assert sheet.n_rows == 2


def test_a_hidden_sheet_is_read_only_when_stated(read):
    book = book_of(Shown=[HEADING, ["2024-01-02", "a", 1, 5]], Kept=[HEADING, ["x", "b", 2, 6]])
    book["Kept"].sheet_state = "hidden"
    (sheet,) = read(book, "book.xlsx")
    assert sheet.name == "book.xlsx/Shown"
    assert "Kept" in sheet.findings[0].evidence
    (sheet,) = read(book, "book.xlsx", sheet="2")
    assert rows_of(sheet)[0][1] == "b"
    with pytest.raises(PlaybookError, match="no sheet “March”") as caught:
        read(book, "book.xlsx", sheet="March")
    assert "Shown, Kept" in caught.value.problems[0]


def test_merged_stores_are_filled_down_and_merged_sums_are_not(read):
    rows = [["2024-01-02", "a", 1, 5], ["2024-01-03", None, 2, None], ["2024-01-04", "b", 3, 7]]
    book = book_of(Sheet=[HEADING, *rows])
    book.active.merge_cells("B2:B3")
    book.active.merge_cells("D2:D3")
    (sheet,) = read(book, "book.xlsx")
    assert [(row[1], row[3]) for row in rows_of(sheet)] == [("a", "5"), ("a", ""), ("b", "7")]


def test_formulas_that_were_never_computed_stop_the_import(read):
    book = book_of(Sheet=[HEADING, ["2024-01-02", "a", 1, "=2+3"]])
    with pytest.raises(PlaybookError, match="1 formula has no value: D2"):
        read(book, "book.xlsx")


def test_what_a_spreadsheet_could_not_compute_is_empty(read):
    book = book_of(Sheet=[HEADING, ["2024-01-02", "a", "#N/A", 5], ["2024-01-03", "#REF!", 2, 6]])
    (sheet,) = read(book, "book.xlsx")
    assert [row[1:3] for row in rows_of(sheet)] == [("a", ""), ("", "2")]


def test_a_workbook_is_known_by_what_is_in_it(read):
    book = book_of(Sheet=[HEADING, ["2024-01-02", "a", 1, 5]])
    assert rows_of(read(book, "export.xlsx")[0]) == rows_of(read(book, "renamed.xlsx.bak.xlsx")[0])
    with pytest.raises(PlaybookError, match="cannot be read"):
        read(packed([("xl/workbook.xml", "<workbook")]), "damaged.xlsx")


def test_a_pivot_beside_the_table_is_let_be(read):
    rows = [
        [*HEADING, None, "store", "amount"],
        ["2024-01-02", "a", "1", 5, None, "a", 5],
        ["2024-01-03", "b", "2", 6, None, None, None],
    ]
    (sheet,) = read(book_of(Sheet=rows), "book.xlsx")
    assert fits([source.heading for source in sheet.columns])
    assert [row[:4] for row in rows_of(sheet)][1] == ("2024-01-03", "b", "2", "6")


def test_a_page_saved_as_a_workbook_is_read(read):
    page = """<html><head><meta charset="windows-1251"></head><body><table><tr><td>Меню</td></tr>
    </table><table><tr><td colspan=4>Отчёт</td></tr><tr><th>Дата<th>Магазин<th>Карта<th>Сумма</tr>
    <tr><td>12.01.2024</td><td rowspan="2">Центр&nbsp;1</td><td>1</td><td>5,00</td></tr>
    <tr><td>13.01.2024</td><td>2</td><td>6,00</td></tr></table></body></html>"""
    (sheet,) = read(page.encode("cp1251"), "export.xls")
    assert rows_of(sheet) == [
        ("12.01.2024", "Центр\xa01", "1", "5,00"),
        ("13.01.2024", "Центр\xa01", "2", "6,00"),
    ]
    assert sheet.above == ((1, "Отчёт"),)


def test_excel_2003_in_xml_is_read(read):
    names = "".join(f'<Cell><Data ss:Type="String">{name}</Data></Cell>' for name in HEADING)
    text = f"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
     xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Лист">
    <Table><Row ss:Index="3">{names}</Row><Row>
    <Cell><Data ss:Type="DateTime">2024-01-02T10:30:00.000</Data></Cell>
    <Cell><Data ss:Type="String">Центр</Data></Cell>
    <Cell ss:Index="4"><Data ss:Type="Number">1234.5</Data></Cell></Row></Table>
    </Worksheet></Workbook>"""
    (sheet,) = read(text, "export.xls")
    assert rows_of(sheet) == [("2024-01-02 10:30:00", "Центр", "", "1234.5")]
    assert (sheet.name, sheet.line(0)) == ("export.xls/Лист", 4)


def test_an_opendocument_table_is_read(read):
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("table", "office", "text")
    )
    names = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in HEADING
    )
    content = f"""<office:document-content {spaces}><table:table table:name="Sales">
    <table:table-row>{names}</table:table-row><table:table-row table:number-rows-repeated="2">
    <table:table-cell table:number-columns-repeated="4"/></table:table-row><table:table-row>
    <table:table-cell office:value-type="date" office:date-value="2024-01-02"/>
    <table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>
    <table:table-cell/><table:table-cell office:value-type="float" office:value="5.50"/>
    </table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell/>
    </table:table-row></table:table></office:document-content>"""
    (sheet,) = read(packed([("mimetype", "x"), ("content.xml", content)]), "export.ods")
    assert rows_of(sheet) == [("2024-01-02", "a", "", "5.5")]
    assert sheet.line(0) == 4


# archives


def test_members_of_an_archive_are_tables_each(read):
    content = packed(
        [
            ("2024/jan.csv", CSV),
            ("feb.csv.gz", gzip.compress(CSV.replace("01-02", "02-02").encode())),
            ("__MACOSX/._jan.csv", b"\0"),
            (".DS_Store", b"\0"),
        ]
    )
    sheets = read(content, "export.zip")
    assert [sheet.name for sheet in sheets] == ["export.zip/2024/jan.csv", "export.zip/feb.csv.gz"]
    assert [rows_of(sheet)[0][0] for sheet in sheets] == ["2024-01-02", "2024-02-02"]


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "a\\..\\..\\b"])
def test_a_member_that_climbs_out_is_refused_beside_good_ones(read, name):
    with pytest.raises(PlaybookError, match="not unpacked") as caught:
        read(packed([("good.csv", CSV), (name, CSV)]), "export.zip")
    assert name in caught.value.problems[0]


def test_a_link_and_a_password_are_refused(read):
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = 0o120777 << 16
    with pytest.raises(PlaybookError) as caught:
        read(packed([(link, "/etc/passwd")]), "export.zip")
    assert "link.csv" in caught.value.problems[0]
    raw = bytearray(packed([("secret.csv", CSV)]))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(PlaybookError) as caught:
        read(bytes(raw), "export.zip")
    assert "password" in caught.value.problems[0]


def test_a_bomb_is_refused_by_what_it_says_and_by_what_comes_out(read, monkeypatch):
    monkeypatch.setattr(archives, "FREE_BYTES", 10_000)
    with pytest.raises(PlaybookError, match="not unpacked"):
        read(packed([("bomb.csv", b"0" * 10_000_000)]), "export.zip")
    with pytest.raises(PlaybookError, match="not unpacked"):
        read(gzip.compress(b"0" * 100_000_000), "bomb.csv.gz")


def test_names_that_windows_wrote_in_russian_are_shown_right(read):
    raw = packed([("zzzzzz.csv", CSV)]).replace(b"zzzzzz", "Январь".encode("cp866"))
    assert read(raw, "export.zip")[0].name == "export.zip/Январь.csv"


def test_damaged_empty_and_deep_archives_are_refused(read):
    good = packed([("a.csv", CSV * 1000)])
    deep = packed([("b.zip", packed([("c.zip", packed([("a.csv", CSV)]))]))])
    for content, words in (
        (good[: len(good) // 2], "damaged"),
        (packed([]), "no file"),
        (gzip.compress(CSV.encode() * 500)[:-20], "damaged"),
        (deep, "archive in an archive"),
    ):
        with pytest.raises(PlaybookError, match=words):
            read(content, "export.zip")


# folders and Parquet


def test_a_folder_is_read_file_by_file_without_what_systems_leave(tmp_path):
    folder = tmp_path / "sales"
    (folder / "month=2024-01").mkdir(parents=True)
    (folder / "month=2024-02").mkdir()
    for month in ("2024-01", "2024-02"):
        table = pa.table({"store": ["a"], "card": ["1"], "amount": [5.0]})
        pq.write_table(table, folder / f"month={month}" / "part-0.parquet")
    (folder / "_SUCCESS").touch()
    (folder / "month=2024-01" / ".part-0.parquet.crc").write_bytes(b"crc")
    sheets = tills.read(folder, tmp_path / "work", stated=Stated(), fits=fits)
    assert [rows_of(sheet)[0][-1] for sheet in sheets] == ["2024-01", "2024-02"]
    assert sheets[0].columns[-1].heading == "month"
    assert sheets[0].name == "sales/month=2024-01/part-0.parquet"


def test_a_parquet_file_stays_where_it_is_and_bytes_of_text_are_text(tmp_path):
    pq.write_table(pa.table({"amount": [1.5]}), tmp_path / "plain.parquet")
    (sheet,) = tills.read(tmp_path / "plain.parquet", tmp_path / "w", stated=Stated(), fits=fits)
    assert sheet.parquet == tmp_path / "plain.parquet"
    pq.write_table(pa.table({"store": [b"\xd0\x90"]}), tmp_path / "bytes.parquet")
    (sheet,) = tills.read(tmp_path / "bytes.parquet", tmp_path / "w", stated=Stated(), fits=fits)
    assert rows_of(sheet) == [("А",)]


def test_all_bad_files_of_a_folder_are_named_at_once(tmp_path):
    folder = tmp_path / "sales"
    folder.mkdir()
    (folder / "a.parquet").write_bytes(b"PAR1 nonsense PAR1")
    (folder / "b.pdf").write_bytes(b"%PDF-1.4")
    (folder / "c.csv").write_text(CSV)
    with pytest.raises(PlaybookError, match="Several files of the folder") as caught:
        tills.read(folder, tmp_path / "work", stated=Stated(), fits=fits)
    assert "a.parquet" in str(caught.value)
    assert "b.pdf" in str(caught.value)
