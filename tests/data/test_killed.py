"""An import that is killed or stopped leaves the old table or the new one, never between."""

import json
import os
import random
import signal
import subprocess
import sys

import pytest

from playbook.data import engine, storage
from playbook.data.tables import Tables

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork"),
]
N_ROWS = 6_000
HEADING = "date;store;card;receipt;amount\n"
# A process that has everything loaded and forks one child for each import: a kill then falls
# into the import itself and not into the loading of modules.
NURSERY = """
import json, os, sys, time
import duckdb, numpy, pandas, rich.console, rich.status
import pyarrow.compute, pyarrow.csv, pyarrow.parquet
from playbook import cli
from playbook.data import importing
from playbook.engagement import Engagement
for line in sys.stdin:
    words, said, after, kind = json.loads(line)
    child = os.fork()
    if child == 0:
        target = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(target, 1)
        os.dup2(target, 2)
        code = cli.main(words)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    began = time.monotonic()
    ended, status = 0, 0
    while after is not None and not ended and time.monotonic() - began < after:
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.001)
    if not ended:
        if after is not None:
            os.kill(child, kind)
        ended, status = os.waitpid(child, 0)
    print(json.dumps([os.waitstatus_to_exitcode(status), time.monotonic() - began]), flush=True)
"""


class Nursery:
    """Runs commands in children that can be signalled at a moment."""

    def __init__(self, folder):
        self.home = folder / "home"
        self.home.mkdir()
        self.said = folder / "said.txt"
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PLAYBOOK_HOME": str(self.home), "PLAYBOOK_LANG": "en"},
        )

    def run(self, *words, after=None, kind=signal.SIGKILL):
        """The exit code and the seconds of a command that is signalled after some seconds."""
        order = [words, str(self.said), after, kind]
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return tuple(json.loads(self.process.stdout.readline()))

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def written(path, amount):
    """A file of receipts that are all of one amount."""
    rows = (
        f"{1 + i % 28:02}.01.2024 10:00;{i % 40};K{i % 900};{i};{amount}\n" for i in range(N_ROWS)
    )
    path.write_text(HEADING + "".join(rows), encoding="cp1251")
    return str(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    return written(folder / "old.csv", "5,50"), written(folder / "new.csv", "7,25")


@pytest.fixture
def nursery(tmp_path):
    made = Nursery(tmp_path)
    assert made.run("new", "shop")[0] == 0, made.said.read_text()
    yield made
    made.end()


def data(nursery):
    return nursery.home / "engagements" / "shop" / "data"


def state(folder):
    """The amount that all receipts of the table have, none if there is no table."""
    if storage.find(folder, "receipts") is None:
        return None
    rows = Tables(folder).read("receipts")
    assert len(rows) == N_ROWS
    (amount,) = set(rows["amount"])
    return amount


def moments(seed, n, seconds):
    """Moments of an import, from its first to its last."""
    chance = random.Random(seed)
    return sorted(chance.uniform(0.0, seconds) for _ in range(n))


def check_next_start(folder):
    """The next start of the engine takes away what the dead have left."""
    with engine.duck(folder):
        pass
    assert not (folder / engine.SPILL).exists()


def check_nothing_beside(folder):
    """After a whole import there is a table, its note, and nothing else."""
    left = sorted(path.name for path in folder.rglob("*"))
    assert [name.partition("-")[0] for name in left] == ["receipts", "receipts.json"], left


def test_a_first_import_that_is_killed_leaves_no_table_or_a_whole_one(nursery, files, tmp_path):
    old, _new = files
    folder = data(nursery)
    code, seconds = nursery.run("import", "shop", old)
    assert (code, state(folder)) == (0, 5.5)
    for moment in moments(1, 10, seconds):
        for path in folder.iterdir():
            path.unlink()
        code, _seconds = nursery.run("import", "shop", old, after=moment)
        assert code in {0, -signal.SIGKILL}
        assert state(folder) in {None, 5.5}
        assert code != 0 or state(folder) == 5.5
        check_next_start(folder)
    assert nursery.run("import", "shop", old, "--replace")[0] == 0
    assert state(folder) == 5.5
    check_nothing_beside(folder)


def test_a_replacing_import_that_is_killed_leaves_the_old_table_or_the_new(nursery, files):
    old, new = files
    folder = data(nursery)
    assert nursery.run("import", "shop", old)[0] == 0
    code, seconds = nursery.run("import", "shop", new, "--replace")
    assert (code, state(folder)) == (0, 7.25)
    found = 7.25
    for place, moment in enumerate(moments(2, 10, seconds)):
        path, amount = (old, 5.5) if place % 2 == 0 else (new, 7.25)
        code, _seconds = nursery.run("import", "shop", path, "--replace", after=moment)
        assert code in {0, -signal.SIGKILL}
        assert state(folder) in {found, amount}
        assert code != 0 or state(folder) == amount
        found = state(folder)
        check_next_start(folder)
    assert nursery.run("import", "shop", new, "--replace")[0] == 0
    assert state(folder) == 7.25
    check_nothing_beside(folder)


def test_an_import_that_is_interrupted_says_so_in_one_line_and_changes_nothing(nursery, files):
    old, new = files
    folder = data(nursery)
    code, seconds = nursery.run("import", "shop", old)
    assert code == 0
    stopped = 0
    for moment in moments(3, 6, seconds):
        code, _seconds = nursery.run(
            "import", "shop", new, "--replace", after=moment, kind=signal.SIGINT
        )
        said = nursery.said.read_text(encoding="utf-8")
        if code == 0:  # it was done before the signal came
            assert nursery.run("import", "shop", old, "--replace")[0] == 0
            continue
        assert code == 130, said
        *progress, last = said.splitlines()
        assert not [line for line in progress if "Traceback" in line or "Error" in line]
        if last == "Stopped; the table is in, its page was not written.":
            assert state(folder) == 7.25
            assert nursery.run("import", "shop", old, "--replace")[0] == 0
            continue
        assert last in {"Stopped.", "Stopped; nothing was changed."}
        assert state(folder) == 5.5
        stopped += 1
    assert stopped
    assert nursery.run("import", "shop", new, "--replace")[0] == 0
    check_nothing_beside(folder)
