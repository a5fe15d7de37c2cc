"""Seconds and memory of the reductions beside a plain scan of the same columns, and beside peers.

    python benchmarks/reductions.py --rows 10000000 --write docs/benchmarks.md

Makes receipts with DuckDB: one customer per ten receipts, 1,000 stores, two years, 2 % without
a customer, 1 % returns. Each measurement has a process of its own and begins with nothing but
the receipts; "together" is one process that works out all four, one after another. Peers are
pandas and polars (streaming engine; where it is installed): the same rows, compared value by
value, money to the kopeck. ``--peers`` chooses them; pandas needs all receipts in memory.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import multiprocessing
import resource
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import page

AS_OF = dt.date(2025, 12, 28)
FOUR = ("customers", "store_weeks", "cohorts", "repeat_rates")
MORE = ("annual_retention", "customer_months")
TOGETHER = "the four together"
PEERS = ("pandas", "polars")
HEADING = ["", "seconds", "cpu s", "scans", "scans of cpu", "peak MB", "rows", *PEERS]
KEYS = {
    "customers": ["customer_id"],
    "store_weeks": ["store_id", "week"],
    "cohorts": ["cohort", "month"],
    "repeat_rates": ["window_weeks", "store_id", "week"],
}
MAKE = """
COPY (
    SELECT
        CAST(i AS VARCHAR) AS receipt_id,
        TIMESTAMP '2024-01-01' + INTERVAL 1 SECOND * CAST(floor(random() * 728 * 86400) AS BIGINT)
            AS at,
        'S' || CAST(1 + (CASE WHEN random() < 0.8 THEN c * 7919 % 1000
            ELSE random() * 999 END)::INT AS VARCHAR) AS store_id,
        CASE WHEN random() < 0.02 THEN NULL ELSE CAST(4610000000 + c AS VARCHAR) END
            AS customer_id,
        CAST((CASE WHEN random() < 0.01 THEN -1 ELSE 1 END) * (50 + 1500 * random() * random())
            AS DECIMAL(12, 2)) AS amount
    FROM (SELECT i, CAST(floor(random() * {customers}) AS BIGINT) AS c FROM range({rows}) t(i))
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one measurement took.

    Attributes:
        seconds: By the clock.
        cpu: Seconds of processors.
        peak: Largest memory of the process, MB.
        n: Rows of the result.
    """

    seconds: float
    cpu: float
    peak: float = 0.0
    n: int = 0


def make(path: Path, rows: int) -> None:
    """Write receipts."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.5)")
    connection.execute(MAKE.format(path=path, rows=rows, customers=max(rows // 10, 1)))


def timed(work: Callable[[], object]) -> Cost:
    """Do it and say what it took."""
    started, busy = time.perf_counter(), time.process_time()
    work()
    seconds, cpu = time.perf_counter() - started, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(seconds=seconds, cpu=cpu, peak=peak)


def scan(receipts: Path) -> Cost:
    """Read the columns that the reductions need and do nothing with them, the median of five."""
    from playbook.data import engine, parquet

    with engine.connected(receipts.parent) as connection:
        t = parquet.expression(connection, [receipts])
        query = connection.compile(
            t.aggregate(
                a=t.customer_id.max(), b=t["at"].max(), c=t.store_id.max(), d=t.amount.sum()
            )
        )
        costs = [timed(lambda: connection.con.execute(query).fetchall()) for _time in range(5)]
    middle = statistics.median
    return replace(
        costs[-1], seconds=middle(c.seconds for c in costs), cpu=middle(c.cpu for c in costs), n=1
    )


def ours(names: Sequence[str], receipts: Path, out: Path) -> list[Cost]:
    """Work reductions out, one after another, from nothing but the receipts."""
    import ibis

    from playbook.data import parquet, recipes

    warnings.simplefilter("ignore")
    connection = ibis.duckdb.connect()  # imports are not what is measured, here and of the peers
    connection.to_pyarrow(ibis.memtable({"a": [1]}).a.sum())
    connection.disconnect()

    def work(name: str) -> Cost:
        target = out / f"{name}.parquet"
        cost = timed(lambda: recipes.write(out, name, [receipts], target, as_of=AS_OF))
        return replace(cost, n=parquet.n_rows([target]))

    return [work(name) for name in names]


def pandas(names: Sequence[str], receipts: Path, out: Path) -> list[Cost]:
    """The same with pandas; the receipts are read once."""
    import peers_pandas as peer

    def work() -> None:
        rows = peer.read(receipts)
        for name in names:
            found = getattr(peer, name)(rows, AS_OF)
            found.to_parquet(out / f"{name}.parquet", index=False)

    return [timed(work)]


def polars(names: Sequence[str], receipts: Path, out: Path) -> list[Cost]:
    """The same with polars, which may share work between the reductions as it sees fit."""
    import peers_polars as peer
    import polars as pl

    def work() -> None:
        rows = peer.read(receipts)
        found = {name: getattr(peer, name)(rows, AS_OF) for name in names}
        sinks = [
            table.sink_parquet(out / f"{name}.parquet", lazy=True) for name, table in found.items()
        ]
        pl.collect_all(sinks, engine="streaming")

    return [timed(work)]


def differences(name: str, ours: Path, theirs: Path) -> list[str]:
    """What is not equal, column by column; money to the kopeck."""
    import numpy as np

    from playbook.data import parquet

    a, b = (
        parquet.frame([folder / f"{name}.parquet"]).sort_values(KEYS[name], ignore_index=True)
        for folder in (ours, theirs)
    )
    if len(a) != len(b):
        return [f"{name}: {len(a)} rows here, {len(b)} there"]
    found = []
    for column in a.columns:
        x, y = a[column], b[column]
        is_float = x.dtype.kind == "f"
        y = y.astype(x.dtype)
        same = np.isclose(x, y, rtol=1e-9, atol=0.004, equal_nan=True) if is_float else x == y
        if not same.all():
            found.append(f"{name}.{column}: {(~same).sum()} of {len(a)} rows differ")
    return found


def alone(function: Callable[..., Any], *given: Any) -> Any:  # noqa: ANN401 - whatever it returns
    """Call a function in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, given)


@dataclass
class Bench:
    """The receipts, where results go, and what has been measured.

    Attributes:
        receipts: The file.
        folder: Where results go.
        peers: Which peers take part.
        limit: The plain scan.
        rows: Rows of the printed table.
        unequal: What came out differently.
    """

    receipts: Path
    folder: Path
    peers: Sequence[str]
    limit: Cost
    rows: list[list[str]]
    unequal: list[str]

    def measure(self, label: str, names: Sequence[str]) -> None:
        """Measure reductions alone or together, ours and the peers', and compare."""
        here, costs = self._work(ours, names)
        if len(names) > 1:
            for name, cost in zip(names, costs, strict=True):
                self.say(f"- {name}", cost, {})
        whole = Cost(
            seconds=sum(cost.seconds for cost in costs),
            cpu=sum(cost.cpu for cost in costs),
            peak=max(cost.peak for cost in costs),
            n=sum(cost.n for cost in costs),
        )
        theirs = {}
        for peer in self.peers:
            there, (theirs[peer],) = self._work(globals()[peer], names)
            for name in names:
                self.unequal += [f"{peer}: {x}" for x in alone(differences, name, here, there)]
            shutil.rmtree(there)
        self.say(label, whole, theirs)
        shutil.rmtree(here)

    def more(self) -> None:
        """What else comes from the same visits, after the four."""
        here, costs = self._work(ours, (*FOUR, *MORE))
        for name, cost in zip(MORE, costs[len(FOUR) :], strict=True):
            self.say(f"then {name}", cost, {})
        kept = sum(path.stat().st_size for path in here.glob("visits-*/*"))
        print(f"visits kept for all of them: {kept / 1e6:,.0f} MB")
        shutil.rmtree(here)

    def say(self, label: str, cost: Cost, theirs: dict[str, Cost]) -> None:
        """Print a row and keep it."""
        peers = [beside(cost, theirs[peer]) if peer in theirs else "" for peer in PEERS]
        row = [
            label,
            f"{cost.seconds:.2f}",
            f"{cost.cpu:.2f}",
            f"{cost.seconds / self.limit.seconds:.1f}",
            f"{cost.cpu / self.limit.cpu:.1f}",
            f"{cost.peak:,.0f}",
            f"{cost.n:,}",
            *peers,
        ]
        self.rows.append(row)
        show(row)

    def _work(
        self, function: Callable[..., list[Cost]], names: Sequence[str]
    ) -> tuple[Path, list[Cost]]:
        out = Path(tempfile.mkdtemp(prefix=f"{function.__name__}-", dir=self.folder))
        return out, alone(function, names, self.receipts, out)


def beside(cost: Cost, peer: Cost) -> str:
    """What a peer took: seconds, how many times ours; the same of processors; memory."""
    by_clock = f"{peer.seconds:.1f} s ({peer.seconds / cost.seconds:.1f})"
    return f"{by_clock}, cpu {peer.cpu:.1f} s ({peer.cpu / cost.cpu:.1f}), {peer.peak:,.0f} MB"


def show(row: Sequence[str]) -> None:
    """Print a row of the table."""
    first, *rest = row
    print(f"{first:20}" + "".join(f"{cell:>13}" for cell in rest[:6]), *rest[6:], sep="   ")
    sys.stdout.flush()


def main() -> int:
    """Make the receipts, measure, print; 1 when a peer came to something else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", choices=FOUR, action="append", help="these, and not together")
    parser.add_argument("--folder", type=Path, help="keep the receipts here and use them again")
    parser.add_argument("--peers", default=None, help="pandas,polars; all up to 20 million rows")
    parser.add_argument("--write", type=Path, help="put the table into this page")
    options = parser.parse_args()
    wanted = PEERS if options.rows <= 20_000_000 else ()
    if options.peers is not None:
        wanted = tuple(filter(None, options.peers.split(",")))
    peers = [peer for peer in wanted if importlib.util.find_spec(peer)]
    for missing in set(wanted) - set(peers):
        print(f"{missing} is not installed and takes no part")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"receipts-{options.rows}.parquet"
        if not path.exists():
            make(path, options.rows)
        bench = measured(path, Path(temporary), peers, options.only)
    for words in bench.unequal:
        print(f"NOT EQUAL  {words}")
    if peers and not bench.unequal:
        print(f"equal: {', '.join(peers)} come to the same rows, money to the kopeck")
    if options.write:
        page.put(options.write, f"reductions {options.rows}", described(bench, options.rows))
    return 1 if bench.unequal else 0


def measured(
    receipts: Path, folder: Path, peers: Sequence[str], only: Sequence[str] | None
) -> Bench:
    """Measure everything."""
    print(f"{receipts.name}: {receipts.stat().st_size / 1e6:,.0f} MB of Parquet")
    show(HEADING)
    limit = alone(scan, receipts)
    bench = Bench(receipts=receipts, folder=folder, peers=peers, limit=limit, rows=[], unequal=[])
    bench.say("plain scan", limit, {})
    for name in only or FOUR:
        bench.measure(name, (name,))
    if not only:
        bench.measure(TOGETHER, FOUR)
        bench.more()
    return bench


def described(bench: Bench, rows: int) -> list[str]:
    """The section of the page."""
    command = f"python benchmarks/reductions.py --rows {rows} --write docs/benchmarks.md"
    return [
        f"### {rows:,} receipts of {rows // 10:,} customers",
        "",
        f"`{command}`",
        "",
        page.machine("duckdb", "ibis-framework", "pandas", "polars") + ".",
        "",
        *page.table(HEADING, bench.rows),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
