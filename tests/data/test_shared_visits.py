"""Visits are brought together once, in parts that fit into memory, and kept for all reductions."""

import datetime as dt
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import brute

from playbook.data import engine as memory
from playbook.data import parquet, recipes, shared_visits, visits
from playbook.data.tables import Tables
from playbook.errors import PlaybookError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
NAMES = [name for name, recipe in recipes.RECIPES.items() if recipe.needs == "receipts"]
MAKE = """
COPY (
    SELECT
        CAST(i AS VARCHAR) AS receipt_id,
        TIMESTAMP '2024-01-01' + INTERVAL 1 MINUTE * CAST(hash(i) % (400 * 1440) AS BIGINT) AS at,
        's' || hash(i + 1) % 7 AS store_id,
        CASE WHEN i % {anonymous} = 0 THEN NULL
            WHEN i % 3 = 0 AND {is_shared} THEN 'card of the till'
            ELSE 'c' || hash(i + 2) % ({rows} // 10) END AS customer_id,
        CAST((hash(i + 3) % 100000 - 5000.0) / 100 AS DECIMAL(12, 2)) AS amount
    FROM range(1, {rows} + 1) t(i)
) TO '{path}' (FORMAT parquet)
"""


def receipts(folder, rows=3000, *, is_shared=False, anonymous=9):
    """Write made-up receipts as a ready table."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "receipts.parquet"
    text = MAKE.format(rows=rows, path=path, is_shared=is_shared, anonymous=anonymous)
    duckdb.connect().execute(text)
    return path


def in_parts(n_parts, rows, monkeypatch):
    monkeypatch.setattr(shared_visits, "RECEIPTS_AT_ONCE", -(-rows // n_parts))


def everything(folder, path):
    """All reductions, one after another."""
    with_day = dt.date(2025, 2, 3)
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name in NAMES:
        recipes.write(folder, name, [path], folder / f"{name}.parquet", as_of=with_day)
        found[name] = parquet.frame([folder / f"{name}.parquet"])
    return found


def kept(folder):
    return sorted(path.name for path in folder.glob("visits-*/part*"))


@pytest.mark.parametrize("is_shared", [False, True])
def test_parts_do_not_change_a_single_figure(tmp_path, monkeypatch, is_shared):
    path = receipts(tmp_path / "ready", is_shared=is_shared)
    whole = everything(tmp_path / "whole", path)
    assert len(kept(tmp_path / "whole")) == 1
    for n_parts in (3, 7):
        in_parts(n_parts, 3000, monkeypatch)
        folder = tmp_path / str(n_parts)
        for name, frame in everything(folder, path).items():
            pd.testing.assert_frame_equal(frame, whole[name])
        assert len(kept(folder)) == n_parts


def test_a_card_that_everybody_uses_takes_the_place_of_its_days_only(tmp_path, monkeypatch):
    # a third of the receipts: far more than what a part may have
    path = receipts(tmp_path / "ready", is_shared=True)
    in_parts(10, 3000, monkeypatch)
    target = tmp_path / "annual_retention.parquet"
    recipes.write(tmp_path, target.stem, [path], target, as_of=dt.date(2025, 2, 3))
    files = list(tmp_path.glob("visits-*/part*"))
    found = duckdb.connect().execute(
        "SELECT count(*), sum(n_receipts) FROM read_parquet(?)"
        " WHERE customer_id = 'card of the till'",
        [[str(file) for file in files]],
    )
    n_rows, n_receipts = found.fetchone()
    # not every third one: of 1 to 3000 those that are multiples of 3 and not of 9
    assert n_receipts == 1000 - 333
    assert n_rows < n_receipts


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["anna", "boris", None]),
        st.sampled_from(["s1", "s2"]),
        st.builds(
            lambda day, clock: f"{dt.date(2024, 1, 1) + dt.timedelta(day)}T{clock}",
            st.integers(0, 20),
            st.sampled_from(["00:00:00", "12:00:00", "23:59:59"]),
        ),
        st.sampled_from([100.0, 0.01, 0.0, -30.0]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_days_say_the_same_as_receipts(engine, rows):
    import ibis

    frame = brute.receipts_frame(rows)
    table = ibis.memtable(frame).cast({"amount": "decimal(12, 2)", "at": "timestamp(6)"})
    as_of = dt.date(2024, 1, 15)
    for name in NAMES:
        recipe = recipes.RECIPES[name]
        alone, summed = (
            recipe.whole(recipe.each(visits.visits(some), as_of), table, as_of)
            for some in (table, visits.days(table))
        )
        a, b = (parquet.to_frame(x.order_by(recipe.order).to_pyarrow()) for x in (alone, summed))
        pd.testing.assert_frame_equal(a, b)


def test_nobody_has_a_card(tmp_path, monkeypatch):
    path = receipts(tmp_path / "ready", rows=50, anonymous=1)
    for n_parts in (1, 3):
        in_parts(n_parts, 50, monkeypatch)
        found = everything(tmp_path / str(n_parts), path)
        assert [len(found[name]) for name in ("customers", "repeat_rates", "cohorts")] == [0, 0, 0]
        assert found["store_weeks"]["customers"].sum() == 0
        assert found["annual_retention"]["n_base"].tolist() == [0]


def test_visits_are_kept_for_the_next_reduction_and_go_with_their_receipts(tmp_path):
    source = tmp_path / "ready"
    receipts(source)
    tables = Tables(tmp_path / "data", source)
    tables.read("cohorts")
    (first,) = tables.folder.glob("cache/visits-*")
    made = first.stat().st_mtime_ns
    tables.read("customers")
    tables.repeat_rates(window_weeks=3)
    assert [path.stat().st_mtime_ns for path in tables.folder.glob("cache/visits-*")] == [made]
    receipts(source, rows=2000)
    found = tables.read("store_weeks")
    (second,) = tables.folder.glob("cache/visits-*")
    assert second != first
    assert (
        found["receipts"].sum() == (parquet.frame([source / "receipts.parquet"]).amount > 0).sum()
    )


def test_the_share_that_is_done_only_grows(tmp_path, monkeypatch):
    path = receipts(tmp_path / "ready")
    in_parts(4, 3000, monkeypatch)
    told = []
    target = tmp_path / "customers.parquet"
    recipes.write(
        tmp_path, "customers", [path], target, as_of=dt.date(2025, 1, 1), told=told.append
    )
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert len(told) >= 2 + 4 + 4


def test_memory_is_told_in_bytes(monkeypatch):
    for text, expected in (("2GB", 2e9), ("1.5 gib", 1.5 * 2**30), ("800MB", 8e8), ("64KB", 64e3)):
        monkeypatch.setenv("PLAYBOOK_MEMORY", text)
        assert memory.memory_bytes() == expected


def test_too_little_memory_is_one_sentence(tmp_path, monkeypatch):
    receipts(tmp_path / "ready", rows=20_000)
    monkeypatch.setenv("PLAYBOOK_MEMORY", "1MB")
    tables = Tables(tmp_path / "data", tmp_path / "ready")
    with pytest.raises(PlaybookError, match="1MB of memory are not enough for this") as caught:
        tables.read("customers")
    assert "PLAYBOOK_MEMORY" in caught.value.advice
    assert left(tables.folder) == set()
    monkeypatch.setenv("PLAYBOOK_MEMORY", "200MB")
    assert len(tables.read("customers")) == 2000


READ = """
import sys
from pathlib import Path
from playbook.data import shared_visits
from playbook.data.tables import Tables
shared_visits.RECEIPTS_AT_ONCE = 60_000
tables = Tables(Path(sys.argv[1]), Path(sys.argv[2]))
tables.told = lambda _name: lambda share: print(share, flush=True)
try:
    tables.read("customers")
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def buyers(path):
    """How many customers have a purchase."""
    query = "SELECT count(DISTINCT customer_id) FROM read_parquet(?) WHERE amount > 0"
    return duckdb.connect().execute(query, [str(path)]).fetchone()[0]


def left(folder):
    """What lies in the data folder besides finished files."""
    files = {path.relative_to(folder).parts for path in folder.rglob("*")}
    finished = {parts for parts in files if parts[0] == "cache" and len(parts) == 1}
    finished |= {parts for parts in files if len(parts) > 1 and not parts[1].startswith(".")}
    return {"/".join(parts) for parts in files - finished if parts[0] in {"spill", "cache"}}


def begun(folder, source):
    """A process that works a reduction out and has come a part of the way."""
    process = subprocess.Popen(
        [sys.executable, "-c", READ, str(folder), str(source)], stdout=subprocess.PIPE, text=True
    )
    while float(process.stdout.readline()) < 0.25:
        pass
    return process


@pytest.mark.slow
def test_ctrl_c_ends_it_and_leaves_everything_as_it_was(tmp_path):
    receipts(tmp_path / "ready", rows=600_000)
    folder = tmp_path / "data"
    process = begun(folder, tmp_path / "ready")
    process.send_signal(signal.SIGINT)
    out, _nothing = process.communicate(timeout=60)
    assert out.splitlines()[-1] == "stopped"
    assert left(folder) == set()
    assert list(folder.glob("cache/*")) == []


@pytest.mark.slow
def test_a_killed_process_leaves_no_half_table_and_nothing_after_the_next_start(tmp_path):
    expected = buyers(receipts(tmp_path / "ready", rows=600_000))
    folder = tmp_path / "data"
    for pause in (0.0, 0.2, 0.5, 1.0):
        process = begun(folder, tmp_path / "ready")
        time.sleep(pause)
        process.kill()
        process.communicate()
        for path in folder.glob("cache/customers-*.parquet"):
            assert parquet.n_rows([path]) == expected
        for whole in folder.glob("cache/visits-*"):
            assert len(list(whole.iterdir())) == 11  # ten parts and the stores
        for path in folder.glob("cache/[!.]*"):
            if path.is_file():
                path.unlink()
    assert len(Tables(folder, tmp_path / "ready").read("customers")) == expected
    assert left(folder) == set()
