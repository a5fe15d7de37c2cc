"""The same receipts through DuckDB, Postgres and Spark: rows, a checksum and seconds of each.

    python benchmarks/sources.py --receipts export.csv

The file goes through the importer, then into each engine; every reduction is worked out there
and comes back as Parquet. The checksum is over every value of every row, money in hundredths
and shares to the last bit. Postgres is started for the occasion unless an address is given.
Exit code 1 when two engines differ.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from playbook.data import recipes, storage
from playbook.data.importing import import_files
from playbook.data.request import Options
from playbook.data.warehouse import Warehouse

TESTS = Path(__file__).parents[1] / "tests" / "data"
# the beginning of an Arrow type and what Postgres calls it
TYPES = {"timestamp": "timestamp", "decimal": "numeric", "double": "double precision"}


def main() -> int:
    """Load, work out everywhere, print side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--receipts", type=Path, required=True, help="a till export")
    parser.add_argument("--map", action="append", default=[], help="COLUMN=HEADING, as at import")
    parser.add_argument("--postgres", help="a server to use: postgresql://user@host:5432/db")
    parser.add_argument("--spark", default="spark://local[2]", help="spark://host:7077 or local")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        report = import_files(
            folder,
            [options.receipts],
            Options(columns=tuple(options.map)),
            today=dt.datetime.now(dt.UTC).date(),
        )
        print(f"{report.rows_loaded:,} receipts of {options.receipts.name}")
        file = storage.find(folder, "receipts").files[0]
        server = options.postgres or stack.enter_context(started())
        found = {}
        for address in (
            f"duckdb://?path={file}",
            in_postgres(server, file),
            f"{options.spark}?path={file}",
        ):
            engine = address.partition(":")[0]
            found[engine] = {row[0]: row[1:] for row in measured(address, folder / engine)}
        return show(found)


@contextmanager
def started() -> Iterator[str]:
    """A Postgres of our own, for as long as the block lasts."""
    sys.path.insert(0, str(TESTS))
    import servers

    with servers.postgres() as port:
        yield f"postgresql://playbook@127.0.0.1:{port}/postgres"


def in_postgres(address: str, file: Path) -> str:
    """Copy the receipts into a table and return its address."""
    import psycopg

    rows = pq.ParquetFile(file)
    columns = ", ".join(f'"{field.name}" {sql_type(field)}' for field in rows.schema_arrow)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS playbook_benchmark")
        cursor.execute(f"CREATE TABLE playbook_benchmark ({columns})")
        with cursor.copy("COPY playbook_benchmark FROM STDIN") as copy:
            for batch in rows.iter_batches():
                for row in batch.to_pylist():
                    copy.write_row(tuple(row.values()))
    return f"{address}?table=playbook_benchmark"


def sql_type(field: pa.Field) -> str:
    """What Postgres calls the type of a column."""
    kind = str(field.type)
    return next((sql for start, sql in TYPES.items() if kind.startswith(start)), "text")


def measured(address: str, folder: Path) -> Iterator[tuple[str, int, str, float]]:
    """Name, rows, checksum and seconds of every reduction."""
    folder.mkdir()
    with closing(Warehouse(address, folder, folder / "cache")) as warehouse:
        begun = time.perf_counter()
        look = warehouse.look()
        facts = repr((look.n_rows, look.n_anonymous, look.total, look.first, look.last))
        yield "look", look.n_rows, checksum([facts]), time.perf_counter() - begun
        for name, recipe in recipes.RECIPES.items():
            if recipe.needs != "receipts":
                continue
            begun, target = time.perf_counter(), folder / f"{name}.parquet"
            rows = recipe.make(warehouse.receipts(), look.last_day)
            warehouse.bring(rows, target, order=recipe.order)
            seconds = time.perf_counter() - begun
            table = pq.read_table(target)
            yield name, table.num_rows, checksum(map(repr, table.to_pylist())), seconds


def checksum(lines: Iterator[str] | list[str]) -> str:
    """Twelve digits that change with any value of any row, or their order."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()[:12]


def show(found: dict[str, dict[str, tuple[int, str, float]]]) -> int:
    """Print a line for each reduction and engine; 1 when two differ."""
    differ = 0
    print(f"{'':18}{'engine':12}{'rows':>10}  {'checksum':14}{'seconds':>8}")
    for name in next(iter(found.values())):
        lines = {engine: rows[name] for engine, rows in found.items()}
        is_equal = len({line[:2] for line in lines.values()}) == 1
        differ += not is_equal
        for engine, (n, sums, seconds) in lines.items():
            print(f"{name:18}{engine:12}{n:10,}  {sums:14}{seconds:8.2f}")
        print(f"{'':18}{'equal' if is_equal else 'NOT EQUAL'}")
    return int(differ > 0)


if __name__ == "__main__":
    raise SystemExit(main())
