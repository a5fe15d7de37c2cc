"""Seconds and memory of each reduction beside a plain scan of the same columns.

    python benchmarks/reductions.py --rows 10000000

Makes receipts with DuckDB: one customer per ten receipts, 1,000 stores, two years, 2 % without
a customer, 1 % returns. Each measurement has a process of its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path

AS_OF = dt.date(2025, 12, 28)
NAMES = ("scan", "customers", "store_weeks", "repeat_rates", "cohorts", "annual_retention")
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


def make(path: Path, rows: int) -> None:
    """Write receipts."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.5)")
    connection.execute(MAKE.format(path=path, rows=rows, customers=max(rows // 10, 1)))


def scan(folder: Path, receipts: Path, target: Path) -> None:
    """Read the same columns and do nothing with them."""
    from playbook.data import engine, parquet

    with engine.connected(folder) as connection:
        t = parquet.expression(connection, [receipts])
        rows = t.aggregate(
            a=t.customer_id.max(), b=t["at"].max(), c=t.store_id.max(), d=t.amount.sum()
        )
        parquet.write(connection, rows, target)


def measure(name: str, path: Path) -> tuple[float, float, float, int]:
    """Seconds, seconds of processors, peak memory in MB and rows of one reduction."""
    import ibis  # noqa: F401 - its import is not what is measured

    from playbook.data import parquet, recipes

    warnings.simplefilter("ignore")
    out = path.with_name(f"{name}.out.parquet")
    started, busy = time.perf_counter(), time.process_time()
    if name == "scan":
        scan(path.parent, path, out)
    else:
        recipes.write(path.parent, name, [path], out, as_of=AS_OF)
    seconds, cpu = time.perf_counter() - started, time.process_time() - busy
    n = parquet.n_rows([out])
    out.unlink()
    return seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, n


def main() -> int:
    """Make the receipts, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", choices=NAMES[1:], action="append")
    parser.add_argument("--folder", type=Path, help="keep the receipts here and use them again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"receipts-{options.rows}.parquet"
        if not path.exists():
            make(path, options.rows)
        show(path, options.rows, options.only or NAMES[1:])
    return 0


def show(path: Path, rows: int, names: tuple[str, ...]) -> None:
    """Print a line for each reduction."""
    spawn = multiprocessing.get_context("spawn")
    scan = 0.0
    print(f"{rows:,} receipts, {path.stat().st_size / 1e6:,.0f} MB of Parquet")
    print(f"{'':18}{'seconds':>9}{'cpu s':>9}{'cpu x scan':>12}{'peak MB':>9}{'rows':>13}")
    for name in ("scan", *names):
        with spawn.Pool(1) as pool:
            seconds, cpu, peak, n = pool.apply(measure, (name, path))
        scan = scan or cpu
        print(f"{name:18}{seconds:9.2f}{cpu:9.2f}{cpu / scan:12.1f}{peak:9.0f}{n:13,}")
        sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
