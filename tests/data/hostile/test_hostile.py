"""Every hostile export, and what a good loader does with it."""

import datetime as dt
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from hostile import CASES
from hostile.case import Case, Loads
from playbook import cli
from playbook.data import storage
from playbook.data.importing import import_files
from playbook.data.pseudonyms import Secret
from playbook.data.request import Options
from playbook.data.stated import Stated
from playbook.errors import PlaybookError

TODAY = dt.date(2025, 6, 30)
SECRET = Secret(bytes(range(32)))
KEYS = {
    "rows_read", "rows_loaded", "rows_set_aside", "amount_total", "customers", "stores",
    "date_min", "date_max", "findings", "warnings", "errors",
}  # fmt: skip
BY_COMMAND = (
    "encoding_cp866",
    "heading_on_line_7",
    "grand_total_wrong",
    "impossible_days",
    "either_order",
    "either_comma_stated_thousands",
    "both_orders",
    "book_stated_sheet",
    "stated_heading",
    "stated_encoding",
    "stated_delimiter",
    "german_headings",
    "packed_climbs_out",
    "parquet_folder",
    "other_stock",
    "empty_file",
    "other_pdf",
    "two_sums",
    "phones",
    "phones_hashed",
    "pseudonyms",
)
SIGNS = {"comma": ",", "point": "."}


def names(case):
    return case.name


def options(case):
    """What somebody states, as the import takes it."""
    given = dict(case.options)
    stated = Stated(
        encoding=given.pop("encoding", None),
        delimiter=given.pop("delimiter", None),
        header_row=given.pop("header_row", None),
        sheet=given.pop("sheet", None),
        decimals=SIGNS.get(given.pop("decimal", None)),
        order=given.pop("date_order", None),
    )
    columns = tuple(given.pop("map", ()))
    if "hash" in given:
        given["hash_columns"] = tuple(given.pop("hash"))
    return Options(table=case.table, columns=columns, stated=stated, **given)


def imported(folder, files, case):
    """The report or the error of an import."""
    try:
        return import_files(folder, files, options(case), today=TODAY, secret=SECRET), None
    except PlaybookError as error:
        return None, error


def flags(case):
    """What somebody states, as the command takes it."""
    words = []
    for name, value in case.options.items():
        flag = f"--{name.replace('_', '-')}"
        for each in value if isinstance(value, list) else [value]:
            words += [flag] if each is True else [flag, str(each)]
    return words


def table_of(folder):
    """The receipts of a data folder as the cases write them, in order."""
    stored = storage.find(folder, "receipts")
    rows = pq.read_table(stored.files[0], columns=["at", "store_id", "customer_id", "amount"])
    return sorted(
        ((str(at), store, who or "", amount) for at, store, who, amount in
         zip(*(column.to_pylist() for column in rows.columns), strict=True)),
    )  # fmt: skip


def wanted_of(outcome):
    """The receipts of an outcome in the same form."""
    return sorted(
        (
            str(dt.datetime.fromisoformat(at)),
            store,
            who or "",
            Decimal(amount).quantize(Decimal("0.01")),
        )
        for at, store, who, amount in outcome.rows
    )


def encoding(value):
    """Names of one encoding are one name."""
    import codecs

    name = codecs.lookup(value).name.removesuffix("-sig")
    return {"cp1252": "iso8859-1"}.get(name, re.sub(r"^(utf-16).*", r"\1", name))


def has_finding(findings, subject, value):
    if subject == "encoding":
        return any(
            f["subject"] == subject and encoding(f["value"]) == encoding(value) for f in findings
        )
    exact = subject in {"column", "delimiter"} and value not in {"tab|\t"}
    pattern = re.escape(value) if exact else value
    return any(f["subject"] == subject and re.fullmatch(pattern, f["value"]) for f in findings)


def check_rows(raw, outcome):
    """Every row is accounted for, by reason."""
    assert raw["rows_read"] == raw["rows_loaded"] + raw["rows_set_aside"]
    aside = {}
    for found in raw["set_aside"]:
        aside[found["reason"]] = aside.get(found["reason"], 0) + found["n"]
    for wanted, n in outcome.aside.items():
        got = sum(aside.pop(reason, 0) for reason in wanted.split("|"))
        assert got == n, f"{got} rows set aside as {wanted}, not {n}; others: {aside}"
    assert not aside
    assert raw["rows_read"] == outcome.rows_read


def check_report(raw, outcome):
    """The report has the keys of every report, and says what must be said."""
    assert raw.keys() >= KEYS
    assert raw["errors"] == []
    for subject, value in outcome.findings:
        assert has_finding(raw["findings"], subject, value), (subject, value, raw["findings"])
    codes = {warning["code"] for warning in raw["warnings"]}
    assert set(outcome.warnings) <= codes, (outcome.warnings, codes)
    text = json.dumps(raw, ensure_ascii=False)
    assert not [value for value in outcome.hides if value in text]
    shown = [file["name"] for file in raw["files"]]
    assert all(any(name in file for file in shown) for name in outcome.names_files), shown


def check_totals(report, outcome):
    """Totals that the file states are known, and what the rows make."""
    known = {
        (Decimal(total.stated), None if total.found is None else Decimal(total.found))
        for total in report.stated_totals
    }
    for stated, found in outcome.totals:
        assert (Decimal(stated), None if found is None else Decimal(found)) in known, known


def check_receipts(folder, outcome):
    """The table is the one that is wanted, to the kopeck."""
    got, wanted = table_of(folder), wanted_of(outcome)
    if outcome.names_ids:
        assert got == wanted
    else:
        assert [(a, s, m) for a, s, _c, m in got] == [(a, s, m) for a, s, _c, m in wanted]
        assert len({c for *_r, c, _m in got}) == len({c for *_r, c, _m in wanted})


def check_figures(raw, outcome):
    """The figures of the report are those of the table that is wanted."""
    wanted = wanted_of(outcome)
    assert Decimal(str(raw["amount_total"])) == outcome.total.quantize(Decimal("0.01"))
    buyers = {who for *_rest, who, amount in wanted if who and amount > 0}
    assert raw["customers"] == len(buyers)
    assert raw["stores"] == len({store for _at, store, *_rest in wanted})
    assert raw["date_min"][:10] == wanted[0][0][:10]
    assert raw["date_max"][:10] == wanted[-1][0][:10]


def check_error(text, outcome):
    """The error names what it must."""
    if isinstance(outcome, Loads):
        assert outcome.may_stop, text
        assert not [value for value in outcome.hides if value in text], text
        return
    missing = [name for name in outcome.names if not re.search(name, text)]
    assert not missing, f"{missing} in: {text}"
    assert not [value for value in outcome.hides if value in text], text


@pytest.mark.parametrize("case", CASES, ids=names)
def test_a_hostile_export_loads_to_the_kopeck_or_stops_with_a_reason(case: Case, tmp_path):
    files = case.make(tmp_path)
    folder = tmp_path / "data"
    report, error = imported(folder, files, case)
    if error:
        check_error(str(error), case.outcome)
        assert not list(folder.rglob("*"))
        return
    raw = report.as_json()
    assert isinstance(case.outcome, Loads), f"loaded: {raw}"
    if case.table == "receipts":
        check_receipts(folder, case.outcome)
    check_rows(raw, case.outcome)
    check_report(raw, case.outcome)
    if case.table == "receipts":
        check_figures(raw, case.outcome)
        check_totals(report, case.outcome)
    assert sorted(path.suffix for path in folder.iterdir() if path.is_file()) == [
        ".json",
        ".parquet",
    ]


@pytest.mark.parametrize("case", [case for case in CASES if case.name in BY_COMMAND], ids=names)
def test_the_command_says_the_same_with_its_exit_code_and_json(
    case: Case, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    assert cli.main(["new", "shop"]) == 0
    capsys.readouterr()
    files = [str(path) for path in case.make(tmp_path)]
    code = cli.main(["import", "shop", *files, "--table", case.table, "--json", *flags(case)])
    printed = capsys.readouterr()
    raw = json.loads(printed.out)
    assert raw.keys() >= KEYS
    if code == 2:
        assert raw["errors"]
        assert raw["rows_loaded"] == 0
        check_error(json.dumps(raw["errors"], ensure_ascii=False) + printed.err, case.outcome)
        assert not list((tmp_path / "home").glob("*/shop/data/receipts*"))
        return
    assert code in ({0, 3} if raw["rows_set_aside"] else {0})  # 3: most rows are not in
    assert isinstance(case.outcome, Loads), raw
    check_rows(raw, case.outcome)
    check_report(raw, case.outcome)


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own():
    assert len(CASES) >= 75
    assert len({case.name for case in CASES}) == len(CASES)
    assert {*BY_COMMAND} - {case.name for case in CASES} == set()
