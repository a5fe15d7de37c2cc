import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from playbook.data import engine, shared_visits, storage
from playbook.data.importing import import_files
from playbook.data.request import Options
from playbook.data.schema import check
from playbook.data.tables import Tables
from playbook.errors import PlaybookError

TODAY = dt.date(2025, 6, 30)
HEADING = "date,store,card,receipt,amount\n"


def till_file(path, *, days, price=10):
    """One customer buys once a day in one store."""
    rows = [
        f"{dt.date(2024, 1, 1) + dt.timedelta(day)},s1,anna,r{day},{price}\n" for day in range(days)
    ]
    path.write_text(HEADING + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def tables(tmp_path):
    import_files(
        tmp_path / "data", [till_file(tmp_path / "a.csv", days=400)], Options(), today=TODAY
    )
    return Tables(tmp_path / "data")


def test_an_engagement_without_data_says_what_to_do(tmp_path):
    empty = Tables(tmp_path / "data")
    assert empty.names() == []
    assert not empty.has("customers")
    for ask in (lambda: empty.read("customers"), empty.as_of, empty.receipts):
        with pytest.raises(PlaybookError, match="no receipts yet") as caught:
            ask()
        assert "playbook import" in caught.value.advice
    with pytest.raises(PlaybookError, match="no table “stores”") as caught:
        empty.read("stores")
    assert "--table stores" in caught.value.advice
    with pytest.raises(PlaybookError, match="There is no table “weather”"):
        empty.read("weather")


def test_reductions_are_what_the_dictionary_says(tables):
    for name in tables.names():
        check(tables.read(name), name)
    assert tables.as_of() == dt.date(2025, 2, 3)
    assert tables.read("customers")["purchase_days"].tolist() == [400]


def test_repeat_rates_come_for_both_windows(tables):
    found = tables.read("repeat_rates")
    assert set(found["window_weeks"]) == {4, 12}
    assert (found["n_repeat"] == found["n_base"]).all()


def test_repeat_rates_per_segment_can_be_asked_for(tables):
    segments = pd.DataFrame({"customer_id": ["anna"], "segment": ["core"]})
    found = tables.repeat_rates(window_weeks=12, segments=segments)
    assert set(found["segment"]) == {"core"}
    assert tables.repeat_rates(window_weeks=12).drop(columns=[]).shape[0] == len(found)


def test_a_reduction_is_computed_once_for_each_version(tables, tmp_path):
    first = tables.version("store_weeks")
    tables.read("store_weeks")
    cached = next((tables.folder / "cache").glob("store_weeks-*"))
    written = cached.stat().st_mtime_ns
    assert Tables(tables.folder).read("store_weeks")["revenue"].sum() == 4000
    assert cached.stat().st_mtime_ns == written
    other = till_file(tmp_path / "b.csv", days=300, price=20)
    import_files(tables.folder, [other], Options(replace=True), today=TODAY)
    assert tables.version("store_weeks") != first
    assert tables.read("store_weeks")["revenue"].sum() == 6000
    assert not cached.exists()


def test_the_same_rows_have_the_same_version(tables, tmp_path):
    before = tables.version("receipts")
    import_files(tables.folder, [tmp_path / "a.csv"], Options(replace=True), today=TODAY)
    assert tables.version("receipts") == before


def test_ready_tables_win_until_there_are_receipts_of_ones_own(tables, tmp_path):
    source = tmp_path / "ready"
    source.mkdir()
    tables.read("receipts").to_parquet(source / "receipts.parquet")
    ready = tables.read("store_weeks").assign(revenue=1.0)
    ready.to_parquet(source / "store_weeks.parquet")
    sample = Tables(tmp_path / "sample", source)
    assert sample.read("store_weeks")["revenue"].unique().tolist() == [1.0]
    assert sample.read("customers")["purchase_days"].tolist() == [400]
    assert sample.as_of() == dt.date(2025, 2, 3)
    assert Tables(tables.folder, source).read("store_weeks")["revenue"].sum() == 4000
    assert sorted(path.name for path in source.iterdir()) == [
        "receipts.parquet",
        "store_weeks.parquet",
    ]


def test_receipts_in_parts_are_one_table(tables, tmp_path):
    source = tmp_path / "ready"
    (source / "receipts").mkdir(parents=True)
    rows = tables.read("receipts")
    rows.head(100).to_parquet(source / "receipts" / "a.parquet")
    rows.tail(300).to_parquet(source / "receipts" / "b.parquet")
    parts = Tables(tmp_path / "other", source)
    assert len(parts.read("receipts")) == 400
    assert parts.read("customers")["purchase_days"].tolist() == [400]
    assert parts.as_of() == dt.date(2025, 2, 3)


def test_customers_worked_out_in_parts_are_the_same(tables, monkeypatch):
    whole = tables.read("customers")
    next((tables.folder / "cache").glob("customers-*")).unlink()
    monkeypatch.setattr(shared_visits, "RECEIPTS_AT_ONCE", 100)
    assert tables.read("customers").equals(whole)


def test_several_readers_at_once_get_the_same(tables):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _i: Tables(tables.folder).read("customers"), range(4)))
    assert all(frame.equals(found[0]) for frame in found)


def test_what_killed_processes_left_is_swept_away(tables):
    process = subprocess.Popen(["true"])
    process.wait()
    stale = tables.folder / "spill" / f"{process.pid}-left"
    stale.mkdir(parents=True)
    (stale / "block").write_bytes(b"x")
    tables.read("cohorts")
    assert not stale.exists()
    assert not (tables.folder / "spill").exists()


def test_memory_can_be_set_and_is_checked(tables, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_MEMORY", "much")
    with pytest.raises(PlaybookError, match="no amount of memory"):
        tables.read("cohorts")
    monkeypatch.setenv("PLAYBOOK_MEMORY", "300MB")
    assert engine.memory_limit() == "300MB"
    assert len(tables.read("cohorts")) > 0


IMPORT = """
import datetime as dt, sys
from pathlib import Path
from playbook.data.importing import import_files
from playbook.data.request import Options
print("ready", flush=True)
import_files(Path(sys.argv[1]), [Path(sys.argv[2])], Options(replace=True),
             today=dt.date(2025, 6, 30))
print("done", flush=True)
"""


@pytest.mark.slow
def test_an_import_that_is_killed_leaves_the_old_table_or_the_new(tables, tmp_path):
    new = till_file(tmp_path / "new.csv", days=500, price=3)
    chance = random.Random(7)
    command = [sys.executable, "-c", IMPORT, str(tables.folder), str(new)]
    seen = set()
    for _attempt in range(8):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        rows = Tables(tables.folder).read("receipts")
        assert (len(rows), rows["amount"].sum()) in {(400, 4000.0), (500, 1500.0)}
        seen.add(len(rows))
    import_files(tables.folder, [new], Options(replace=True), today=TODAY)
    assert len(Tables(tables.folder).read("receipts")) == 500
    left = {path.name.partition("-")[0] for path in tables.folder.iterdir()}
    assert left <= {"receipts", "receipts.json", "cache"}


def test_a_draft_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError, match="broken"), storage.replacing(tmp_path / "x.json"):
        raise RuntimeError("broken")
    assert os.listdir(tmp_path) == []
