"""Files beside the tables: letters in archives, sheets that are not there, the same files again."""

import datetime as dt
import shutil
import zipfile

import pytest

from playbook.data.importing import import_files
from playbook.data.request import Options
from playbook.data.stated import Stated
from playbook.errors import PlaybookError

TODAY = dt.date(2025, 6, 30)
HEAD = "Дата;Магазин;Карта;Чек;Сумма\n"
LETTER = "Здравствуйте! Выгрузка чеков за январь.\nС уважением, отдел продаж\n"


def month(n):
    return HEAD + "".join(f"{day:02}.0{n}.2024;М1;К{day};{day};10,50\n" for day in range(1, 29))


@pytest.fixture
def load(tmp_path):
    def run(*paths, **options):
        return import_files(tmp_path / "data", list(paths), Options(**options), today=TODAY)

    return run


def packed(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return path


def test_a_letter_beside_the_tables_is_left_out_and_named(load, tmp_path):
    path = packed(
        tmp_path / "mix.zip",
        readme_txt=LETTER,
        jan_csv=month(1),
        feb_txt=month(2),
        scan_pdf=b"%PDF-1.7 1234",
    )
    report = load(path)
    assert (report.rows_read, report.rows_loaded) == (56, 56)
    left_out = [one.value for one in report.findings if one.subject == "left_out"]
    assert left_out == ["mix.zip/readme.txt", "mix.zip/scan.pdf"]


def test_a_table_beside_others_is_never_left_out(load, tmp_path):
    path = packed(tmp_path / "mix.zip", jan_csv=month(1), feb_csv="Имя;Город\nАнна;Тверь\n")
    with pytest.raises(PlaybookError, match=r"feb\.csv"):
        load(path)
    path = packed(tmp_path / "two.zip", jan_csv=month(1), feb_txt=month(2).replace("Сумма", "Ы"))
    with pytest.raises(PlaybookError, match=r"feb\.txt"):
        load(path)


def test_an_archive_without_tables_is_refused_by_the_names_in_it(load, tmp_path):
    path = packed(tmp_path / "mix.zip", a_txt="Привет\n", b_txt="Пока\n", c_pdf=b"%PDF-1.7 1234")
    with pytest.raises(PlaybookError) as told:
        load(path)
    said = str(told.value)
    assert all(f"mix.zip/{name}" in said for name in ("a.txt", "b.txt", "c.pdf"))
    assert "sheet0" not in said
    assert ".part" not in said


def test_an_unpacked_file_is_called_by_its_own_name(load, tmp_path):
    path = packed(tmp_path / "one.zip", jan_csv=month(1))
    for stated in (Stated(delimiter="|"), Stated(encoding="utf-16"), Stated(header_row=90)):
        with pytest.raises(PlaybookError) as told:
            load(path, stated=stated)
        assert ".part" not in str(told.value)
        assert "one.zip/jan.csv" in str(told.value) or "line 90" in str(told.value)


def test_a_sheet_of_a_file_without_sheets_is_refused(load, tmp_path):
    path = tmp_path / "jan.csv"
    path.write_text(month(1), encoding="utf-8")
    with pytest.raises(PlaybookError, match="--sheet 3") as told:
        load(path, stated=Stated(sheet="3"))
    assert "jan.csv" in str(told.value)
    assert not (tmp_path / "data" / "receipts.json").exists()


def test_the_same_files_are_the_same_wherever_they_are(load, tmp_path):
    folder = tmp_path / "months"
    folder.mkdir()
    for n in (1, 2, 3):
        (folder / f"{n}.csv").write_text(month(n), encoding="utf-8")
    load(*sorted(folder.iterdir()))
    assert load(folder).is_again
    moved = shutil.copytree(folder, tmp_path / "elsewhere")
    (moved / "1.csv").rename(moved / "9.csv")
    assert load(moved).is_again


def test_a_file_that_is_also_in_a_folder_is_refused(load, tmp_path):
    folder = tmp_path / "months"
    folder.mkdir()
    for n in (1, 2):
        (folder / f"{n}.csv").write_text(month(n), encoding="utf-8")
    with pytest.raises(PlaybookError, match="the same"):
        load(folder, folder / "1.csv")


def test_folders_that_say_something_of_their_rows_are_told_apart(load, tmp_path):
    import pandas as pd

    rows = pd.DataFrame(
        {
            "at": pd.to_datetime(["2024-01-01", "2024-01-02"]),
            "customer_id": ["a", "b"],
            "amount": [1.5, 2.5],
        }
    )
    for root, stores in (("one", ("m1", "m2")), ("two", ("m3", "m4"))):
        for store in stores:
            place = tmp_path / root / f"store_id={store}"
            place.mkdir(parents=True)
            rows.to_parquet(place / "part.parquet")
    assert load(tmp_path / "one").rows_loaded == 4
    with pytest.raises(PlaybookError):
        load(tmp_path / "two")
