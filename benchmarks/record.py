"""Twenty writers at one record: how long anybody waits, beside SQLite's own way of waiting.

Usage: python benchmarks/record.py [PROCESSES] [EVENTS]
"""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT_SECONDS = 2.0
PEER = """
CREATE TABLE events (seq INTEGER PRIMARY KEY, stream TEXT, stream_seq INTEGER, payload TEXT)
"""


def write_with_record(path: Path, name: str) -> None:
    """Append one event of the playbook's record after the other."""
    from playbook.engagement.record import Record

    record = Record(path)
    _each(lambda i: record.append(f"vote/{name}", "cast", {"i": i}, who=name))


def write_with_sqlite(path: Path, name: str) -> None:
    """The peer: the same table and pragmas, waiting by SQLite's busy timeout alone."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    connection.execute("PRAGMA synchronous=FULL")

    def append(i: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        (top,) = connection.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()
        row = (top + 1, f"vote/{name}", i, f'{{"i":{i}}}')
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?)", row)
        connection.execute("COMMIT")

    _each(append)


def _each(append) -> None:  # noqa: ANN001
    print("ready", flush=True)
    for i in range(int(sys.stdin.readline())):
        begun = time.perf_counter()
        append(i)
        print(time.perf_counter() - begun)


def measure(kind: str, path: Path, processes: int, events: int) -> list[float]:
    """Start all writers, let them go at once, and return every wait in seconds."""
    command = [sys.executable, __file__, "--write", kind, str(path)]
    writers = [
        subprocess.Popen(
            [*command, f"w{n}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for n in range(processes)
    ]
    for writer in writers:
        writer.stdout.readline()
    for writer in writers:
        writer.stdin.write(f"{events}\n")
        writer.stdin.flush()
    return [float(line) for writer in writers for line in writer.communicate()[0].split()]


def report(label: str, waits: list[float], seconds: float, kept: int) -> None:
    """One line: how many events are there, how fast, how long one write took."""
    waits = sorted(waits)
    print(
        f"{label:26} {kept:6} events kept  {kept / seconds:7.0f}/s"
        f"  median {statistics.median(waits) * 1000:7.1f} ms"
        f"  99 % {waits[int(len(waits) * 0.99)] * 1000:7.1f} ms"
        f"  worst {waits[-1]:6.2f} s"
    )


def main(processes: int, events: int) -> None:
    """Measure both and print them side by side."""
    from playbook.engagement.record import Record

    with tempfile.TemporaryDirectory() as folder:
        ours, peer = Path(folder) / "record.sqlite", Path(folder) / "peer.sqlite"
        Record.create(ours)
        connection = sqlite3.connect(peer)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(PEER)
        for label, kind, path in (
            ("record (lock, events)", "record", ours),
            ("peer (SQLite, no lock)", "sqlite", peer),
        ):
            begun = time.perf_counter()
            waits = measure(kind, path, processes, events)
            seconds = time.perf_counter() - begun
            (kept,) = sqlite3.connect(path).execute("SELECT COUNT(*) FROM events").fetchone()
            report(label, waits, seconds, kept)
    print(f"limit: {processes * events} events kept, worst {LIMIT_SECONDS} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        writers = {"record": write_with_record, "sqlite": write_with_sqlite}
        writers[sys.argv[2]](Path(sys.argv[3]), sys.argv[4])
    else:
        main(*(int(word) for word in sys.argv[1:3] or (20, 200)))
