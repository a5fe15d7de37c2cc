import errno
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from playbook import cli
from playbook.data import storage
from playbook.engagement import Engagement
from playbook.engagement.disk import exclusive
from playbook.run import importing

TEXT = "date,store,card,receipt,amount\n2025-01-02,1,a,1,5\n2025-01-02,1,a,2,much\n"


@pytest.fixture
def engagement(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    assert cli.main(["new", "shop"]) == 0
    (tmp_path / "tills.csv").write_text(TEXT, encoding="utf-8")
    return Engagement.open("shop")


def test_the_command_reports_and_the_record_knows(engagement, tmp_path, capsys):
    assert cli.main(["import", "shop", str(tmp_path / "tills.csv")]) == 0
    printed = capsys.readouterr().out
    assert "1 receipt, 1 store, 1 customer with a purchase; 2 Jan 2025" in printed
    assert "tills.csv, line 3: “much”" in printed
    event = engagement.record.last("data/receipts")
    assert event.type == "data.imported"
    assert (event.payload["rows_read"], event.payload["rows_set_aside"]) == (2, 1)


def test_the_report_can_be_had_as_json(engagement, tmp_path, capsys):
    capsys.readouterr()
    assert cli.main(["import", "shop", str(tmp_path / "tills.csv"), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["rows_read"] == report["rows_loaded"] + report["rows_set_aside"] == 2


def test_importing_again_writes_no_event_and_other_files_need_replace(engagement, tmp_path, capsys):
    command = ["import", "shop", str(tmp_path / "tills.csv")]
    assert cli.main(command) == 0
    assert cli.main(command) == 0
    assert "same files" in capsys.readouterr().out
    assert len(engagement.record.events("data/receipts")) == 1
    (tmp_path / "tills.csv").write_text(TEXT + "2025-01-03,1,a,3,6\n", encoding="utf-8")
    assert cli.main(command) == 2
    assert "--replace" in capsys.readouterr().err
    assert cli.main([*command, "--replace"]) == 0
    assert len(engagement.record.events("data/receipts")) == 2


def test_the_page_is_kept_in_the_engagement_and_written_where_somebody_asks(
    engagement, tmp_path, capsys
):
    page = tmp_path / "pages" / "report.html"
    command = ["import", "shop", str(tmp_path / "tills.csv"), "--report", str(page)]
    assert cli.main(command) == 0
    kept = engagement.folder / "reports" / "import-receipts.html"
    printed = capsys.readouterr().out
    assert str(kept) in printed
    assert str(page) in printed
    text = page.read_text(encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")
    assert "“much”" not in text
    assert "much" in text
    assert "tills.csv" in text
    assert not re.search(r"(src|href)=.?(https?:)?//|<script|@import|url\((?!#)(?!data:)", text)
    assert cli.main([*command[:3], "--json"]) == 0
    assert kept.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("place", [".", "tills.csv/page.html"])
def test_a_page_that_cannot_be_written_stops_the_import_before_it_starts(
    engagement, tmp_path, capsys, place
):
    command = ["import", "shop", str(tmp_path / "tills.csv"), "--report", str(tmp_path / place)]
    assert cli.main(command) == 2
    assert "Nothing was changed" in capsys.readouterr().err
    assert not list(engagement.data_folder.glob("receipts*"))


def test_a_disk_that_fills_up_under_the_page_leaves_the_table_in(
    engagement, tmp_path, capsys, monkeypatch
):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(importing, "_write", full)
    assert cli.main(["import", "shop", str(tmp_path / "tills.csv")]) == importing.NO_PAGE
    told = capsys.readouterr().err
    assert "The table is in" in told
    assert "disk is full" in told
    assert engagement.record.last("data/receipts") is not None


def test_an_import_that_leaves_most_rows_out_says_so_in_its_first_sentence(
    engagement, tmp_path, capsys
):
    (tmp_path / "tills.csv").write_text(TEXT + "2025-01-02,1,a,3,more\n", encoding="utf-8")
    assert cli.main(["import", "shop", str(tmp_path / "tills.csv")]) == 0
    printed = capsys.readouterr().out
    assert "Most rows of the files are not among them." in printed.partition("Rows read")[0]
    assert "Most rows are not in the table: 66.7" in printed


def test_sums_in_another_currency_than_the_engagements_must_be_mended(engagement, tmp_path, capsys):
    text = "date,store,card,receipt,amount\n2025-01-02,1,a,1,$5.00\n"
    (tmp_path / "tills.csv").write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["import", "shop", str(tmp_path / "tills.csv"), "--json"]) == 0
    (found,) = [
        w for w in json.loads(capsys.readouterr().out)["warnings"] if w["code"] == "currency"
    ]
    assert (found["weight"], found["found"], found["wanted"]) == ("error", "USD", "RUB")


def test_an_import_that_waits_for_another_says_so(engagement, tmp_path, capsys):
    held = exclusive(engagement.folder / "import.lock")
    held.__enter__()
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(cli.main, ["import", "shop", str(tmp_path / "tills.csv")])
        told = ""
        while "waits for its end" not in told and not waiting.done():
            told += capsys.readouterr().err
        held.__exit__(None, None, None)
        assert waiting.result() == 0
    assert "waits for its end" in told


def test_json_is_printed_also_when_the_import_stops(engagement, tmp_path, capsys):
    (tmp_path / "tills.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["import", "shop", str(tmp_path / "tills.csv"), "--json"]) == 2
    printed = capsys.readouterr()
    stopped = json.loads(printed.out)
    assert stopped["rows_loaded"] == 0
    assert stopped["errors"][0]["summary"] in printed.err
    assert not list(engagement.data_folder.glob("receipts*"))


def test_stopping_says_that_nothing_was_changed(engagement, tmp_path, capsys, monkeypatch):
    def stop(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "put", stop)
    assert cli.main(["import", "shop", str(tmp_path / "tills.csv")]) == 130
    assert capsys.readouterr().err.strip().splitlines()[-1] == "Stopped; nothing was changed."
    assert not list(engagement.data_folder.glob("receipts*"))


def test_stopping_after_the_table_is_in_notes_it_in_the_record(
    engagement, tmp_path, capsys, monkeypatch
):
    put = storage.put

    def stop_late(*arguments, **options):
        put(*arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "put", stop_late)
    assert cli.main(["import", "shop", str(tmp_path / "tills.csv")]) == 0
    assert len(engagement.record.events("data/receipts")) == 1


@pytest.mark.parametrize(
    "extra", [["nothing.csv"], ["--map", "amount"], ["--delimiter", "x"], ["--table", "weather"]]
)
def test_a_mistake_is_one_message_and_the_engagement_is_as_it_was(
    engagement, tmp_path, capsys, extra
):
    before = len(engagement.record.events())
    assert cli.main(["import", "shop", str(tmp_path / "tills.csv"), *extra]) == 2
    message = capsys.readouterr().err
    assert message.strip()
    assert "Traceback" not in message
    assert len(engagement.record.events()) == before
    assert not list(engagement.data_folder.glob("receipts*"))
