"""What was acknowledged is there, whole and in order, whatever happens to the writers."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from playbook.engagement.record import ConflictError, NewEvent, Record, canonical
from playbook.errors import PlaybookError
from playbook.text import in_language

WRITER = """
import sys, time
from pathlib import Path
from playbook.engagement.record import Record
path, name, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
record = Record(path)
print("ready", flush=True)
sys.stdin.readline()
for i in range(n):
    begun = time.perf_counter()
    event = record.append(f"vote/{name}", "cast", {"i": i}, who=name)
    print(event.seq, i, time.perf_counter() - begun, flush=True)
"""


def writer(record, name, n):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(record.path), name, str(n)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def let_go(writers):
    for process in writers:
        process.stdout.readline()
    for process in writers:
        process.stdin.write("\n")
        process.stdin.flush()


def acknowledged(process):
    lines = process.stdout.read().splitlines()
    return [line.split() for line in lines if len(line.split()) == 3]


def test_events_are_numbered_in_the_record_and_in_their_stream(record):
    record.append("document/goals", "saved", {"n": 1})
    record.append("vote/03", "cast", {"n": 2}, who="Boris")
    last = record.append("document/goals", "saved", {"ж": [1.5, None]})
    assert (last.seq, last.stream_seq, last.who) == (3, 2, "Anna")
    assert last.at.endswith("+00:00")
    assert [event.payload for event in record.events("document/goals")] == [
        {"n": 1},
        {"ж": [1.5, None]},
    ]
    assert [event.who for event in record.events(after=1)] == ["Boris", "Anna"]
    assert record.last("document/goals") == last
    assert [event.seq for event in record.latest("")] == [3, 2]
    assert record.last("document/none") is None


def test_two_editors_of_one_document_find_out(record):
    first = record.append("document/goals", "saved", {"n": 1}, who="Boris", expected=0)
    with pytest.raises(ConflictError, match="Boris saved “goals”") as caught:
        record.append("document/goals", "saved", {"n": 2}, expected=0)
    assert caught.value.latest == first
    assert "save once more" in caught.value.advice
    record.append("document/goals", "saved", {"n": 2}, expected=1)
    with in_language("ru"), pytest.raises(ConflictError):
        record.append("document/goals", "saved", {"n": 3}, expected=1)
    assert [event.payload["n"] for event in record.events()] == [1, 2]


def test_several_events_are_written_together_or_not_at_all(record):
    record.append("document/goals", "saved", {}, expected=0)
    with pytest.raises(ConflictError):
        record.append_all(
            [NewEvent("document/kpis", "saved", {}), NewEvent("document/goals", "saved", {}, 0)]
        )
    with pytest.raises(TypeError):
        record.append_all([NewEvent("a", "b", 1), NewEvent("a", "b", object())])
    assert len(record.events()) == 1


def test_a_payload_has_one_spelling():
    assert canonical({"b": 1, "a": ["ж", 1.0, None]}) == '{"a":["ж",1.0,null],"b":1}'
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})


def test_threads_of_one_process_take_turns(record):
    def write(name):
        for i in range(20):
            record.append(f"vote/{name}", "cast", {"i": i})
        record.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in record.events()] == list(range(1, 81))


def test_a_reader_that_stays_does_not_hold_up_a_writer(record):
    record.append("a", "b", 1)
    reader = sqlite3.connect(record.path)
    reader.execute("BEGIN")
    assert reader.execute("SELECT COUNT(*) FROM events").fetchone() == (1,)
    record.append("a", "b", 2)
    assert reader.execute("SELECT COUNT(*) FROM events").fetchone() == (1,)
    reader.close()
    assert len(record.events()) == 2


@pytest.mark.slow
def test_twenty_processes_write_two_hundred_events_each(record):
    writers = [writer(record, f"w{n}", 200) for n in range(20)]
    let_go(writers)
    waits = [float(line[2]) for process in writers for line in acknowledged(process)]
    for process in writers:
        assert process.wait() == 0
    events = record.events()
    assert [event.seq for event in events] == list(range(1, 4001))
    for n in range(20):
        assert [e.payload["i"] for e in events if e.stream == f"vote/w{n}"] == list(range(200))
    sys.stdout.write(f"worst wait for one write: {max(waits):.3f} s\n")
    assert len(waits) == 4000
    assert max(waits) < 2  # nobody in a room waits longer


@pytest.mark.slow
def test_what_was_acknowledged_survives_writers_that_are_killed(record):
    chance = random.Random(7)
    told = {}
    for round_ in range(4):
        writers = [writer(record, f"r{round_}w{n}", 10_000) for n in range(5)]
        let_go(writers)
        for process in chance.sample(writers, len(writers)):
            time.sleep(chance.uniform(0.02, 0.3))
            os.kill(process.pid, signal.SIGKILL)
        for process in writers:
            for seq, i, _wait in acknowledged(process):
                told[int(seq)] = int(i)
            process.wait()
    kept = {event.seq: event.payload["i"] for event in Record(record.path).events()}
    assert len(told) > 20
    assert {seq: kept.get(seq) for seq in told} == told
    assert sorted(kept) == list(range(1, len(kept) + 1))
    connection = sqlite3.connect(record.path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    record.append("after", "all", 1)


def test_a_full_disk_is_one_message_and_the_record_is_whole(record):
    record.append("a", "b", 1)
    connection = record._connection()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(PlaybookError, match="disk is full") as caught:
        record.append("a", "b", "x" * 100_000)
    assert "Free some space" in caught.value.advice
    record.close()
    assert [event.payload for event in record.events()] == [1]
    record.append("a", "b", 2)
    assert len(record.events()) == 2


ON_A_SMALL_DISK = """
import sys
from pathlib import Path
from playbook.engagement import Engagement
from playbook.engagement.exchange import export
from playbook.errors import PlaybookError
shop = Engagement.create("shop")
told = 0
try:
    while True:
        told = shop.record.append("a", "b", "x" * 3000).seq
except PlaybookError as error:
    print(error)
shop.record.close()
print(told == len(shop.record.events()) == shop.record.verified())
for attempt in (lambda: export(shop.record, shop.folder / "out"), lambda: Engagement.create("b")):
    try:
        attempt()
        print("fits")
    except PlaybookError as error:
        print(error)
(shop.folder.parent.parent / "ballast").unlink()
print(shop.record.append("a", "b", 1).seq == told + 1)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="makes a small disk by unshare")
def test_on_a_disk_that_is_really_full_every_acknowledged_event_is_there(tmp_path):
    script = (
        f"mount -t tmpfs -o size=1m tmpfs {tmp_path} && head -c 200000 /dev/zero > "
        f'{tmp_path}/ballast && exec {sys.executable} -c "$0"'
    )
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, ON_A_SMALL_DISK],
        capture_output=True,
        text=True,
        env={**os.environ, "PLAYBOOK_LANG": "en", "PLAYBOOK_HOME": str(tmp_path)},
    )
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("no small disk can be made here")
    lines = done.stdout.splitlines()
    assert lines.count("True") == 2, done.stderr
    full = "The disk is full: this was not saved. Everything saved before is whole."
    assert lines.count(full) == 3
    assert "fits" not in lines


AS_NOBODY = """
import os, sys
from pathlib import Path
from playbook.engagement.record import Record
from playbook.errors import PlaybookError
record = Record(Path(sys.argv[1]))
if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
print(len(record.events()))
try:
    record.append("a", "b", 2)
except PlaybookError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights")
def test_in_a_folder_that_cannot_be_written_one_can_read_and_is_told(record):
    record.append("a", "b", 1)
    record.close()
    for lock in record.path.parent.glob("record.[lt]*"):
        lock.unlink()
    folder = record.path.parent
    folder.chmod(0o555)
    for parent in folder.parents:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o005)
    try:
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(record.path)],
            capture_output=True,
            text=True,
            env={**os.environ, "PLAYBOOK_LANG": "en"},
        )
    finally:
        folder.chmod(0o755)
    assert done.stdout.splitlines()[0] == "1", done.stderr
    assert f"Nothing can be written in the folder {folder}." in done.stdout
    assert [event.payload for event in record.events()] == [1]


def test_a_file_that_is_no_record_is_told(tmp_path):
    path = tmp_path / "record.sqlite"
    for content in (b"this is a letter, not a record " * 100, b""):
        path.write_bytes(content)
        with pytest.raises(PlaybookError, match="is damaged or is not a record"):
            Record(path).events()


def test_a_record_is_not_made_by_looking_for_it(tmp_path):
    with pytest.raises(PlaybookError, match=r"The record in .* is gone"):
        Record(tmp_path / "record.sqlite").events()
    assert not (tmp_path / "record.sqlite").exists()


def test_a_record_with_a_missing_event_does_not_pass_for_whole(record):
    for i in range(3):
        record.append("a", "b", i)
    assert record.verified() == 3
    sqlite3.connect(record.path, isolation_level=None).execute("DELETE FROM events WHERE seq = 2")
    with pytest.raises(PlaybookError, match="is damaged"):
        record.verified()
