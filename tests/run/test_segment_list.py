"""The list for the CRM: ids and segments, whole, and no cell that a spreadsheet would run."""

import csv

import openpyxl
import pandas as pd
import pytest

from playbook.cli import main
from playbook.run.segment_list import write

ROWS = pd.DataFrame(
    {
        "customer_id": ["=HYPERLINK(1)", "+79161234567", "@a", "-5", "0042", "2922759655967"],
        "segment": ["core", "new", "core", "growing", "sleeping", "core"],
    }
)
SAFE = ["'=HYPERLINK(1)", "'+79161234567", "'@a", "'-5", "0042", "2922759655967"]


def read(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream))
    return [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_cell_is_a_formula_and_no_nought_is_lost(tmp_path, ending):
    path = tmp_path / f"list.{ending}"
    write(ROWS, path)
    rows = read(path)
    assert rows[0] == ["customer_id", "segment"]
    assert [row[0] for row in rows[1:]] == SAFE
    assert [row[1] for row in rows[1:]] == ROWS["segment"].tolist()
    if ending == "xlsx":
        cells = openpyxl.load_workbook(path).active["A2:A7"]
        assert {cell.data_type for (cell,) in cells} == {"s"}


@pytest.mark.slow
def test_every_customer_of_the_page_is_in_the_list_once(tmp_path, capsys):
    path = tmp_path / "crm.csv"
    assert main(["segments", "sample", str(path)]) == 0
    rows = read(path)[1:]
    ids = [row[0] for row in rows]
    assert len(set(ids)) == len(ids) > 10_000
    assert {row[1] for row in rows} == {"core", "growing", "new", "seasonal", "sleeping"}
    told = capsys.readouterr().out
    for segment, n in pd.Series([row[1] for row in rows]).value_counts().items():
        assert f"({segment}): {n:,}" in told


@pytest.mark.parametrize("name", ["list.txt", "there.csv", "no/where.csv"])
def test_a_file_that_cannot_be_is_refused_before_anything_is_read(tmp_path, capsys, name):
    (tmp_path / "there.csv").write_text("mine")
    assert main(["segments", "sample", str(tmp_path / name)]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert (tmp_path / "there.csv").read_text() == "mine"
