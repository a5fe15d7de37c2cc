"""How fast a messy export is read, beside DuckDB's own reader on the same rows in clean UTF-8.

    python benchmarks/reading.py --mb 1000 --write docs/benchmarks.md

Makes one table of receipts twice: as a clean file (UTF-8, commas, ISO dates, decimal points) and
as a till's (Windows-1251, semicolons, names in quotes, no-break spaces in thousands, decimal
commas, dates with the day first, title rows above, a total below). Each measurement has a process
of its own. The ratio is that of the seconds for a row: DuckDB's to typed Parquet, ours to parsed
rows in Parquet, the stage of the import before receipts are told apart.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import page

GOAL = 1 / 3
BYTES_PER_ROW = 70  # of the messy file
LIMIT = "2GB"
TODAY = dt.date(2026, 1, 1)
ROWS = """
SELECT TIMESTAMP '2024-01-01' + INTERVAL 1 SECOND * CAST(floor(random() * 728 * 86400) AS BIGINT)
        AS "at",
    'Магазин ' || CAST(CAST(floor(random() * 300) AS INT) AS VARCHAR) AS store,
    CASE WHEN random() < 0.2 THEN NULL
        ELSE CAST(4600000000 + CAST(floor(random() * {customers}) AS BIGINT) AS VARCHAR) END
        AS card,
    'Ч' || CAST(i AS VARCHAR) AS receipt,
    CAST((CASE WHEN random() < 0.01 THEN -1 ELSE 1 END) * (50 + 4000 * random() * random())
        AS DECIMAL(12, 2)) AS amount
FROM range({rows}) t(i)
"""
CLEAN = """
COPY (SELECT strftime("at", '%Y-%m-%d %H:%M:%S') AS "date", store, card, receipt, amount
      FROM read_parquet('{rows}')) TO '{path}' (HEADER, DELIMITER ',')
"""
NUMBER = r"""
regexp_replace(
    replace(CAST(amount AS VARCHAR), '.', ','), '(\d)(\d{3}),', '\1' || chr(160) || '\2,'
)
"""
MESSY = """
COPY (SELECT concat_ws(';', strftime("at", '%d.%m.%Y %H:%M:%S'), '"' || store || '"',
        coalesce(card, ''), receipt, {number}) AS line FROM read_parquet('{rows}'))
TO '{path}' (HEADER false, DELIMITER '\x01', QUOTE '')
"""
TITLE = "Отчёт о продажах;;;;\r\nПериод: 01.01.2024 - 28.12.2025;;;;\r\n;;;;\r\n"
HEADING = '"Дата и время";Магазин;"Номер карты";"Номер чека";"Сумма, руб."\r\n'
TYPES = (
    "{'date': 'TIMESTAMP', 'store': 'VARCHAR', 'card': 'VARCHAR', 'receipt': 'VARCHAR',"
    " 'amount': 'DECIMAL(12, 2)'}"
)


Work = Callable[[Path, Path], dict[str, tuple[float, float]]]
PEER = "DuckDB, clean file to typed Parquet"
PARSED = "playbook, messy file to parsed rows"


class Clock:
    """Seconds by the clock and of processors since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def since(self) -> tuple[float, float]:
        """Seconds by the clock, seconds of processors."""
        return time.perf_counter() - self._wall, time.process_time() - self._cpu


def make(folder: Path, mb: int) -> tuple[Path, Path, int]:
    """Write both files; returns them and the number of rows."""
    import duckdb

    n = mb * 10**6 // BYTES_PER_ROW
    rows, clean, lines, messy = (
        folder / name for name in ("rows.parquet", "clean.csv", "lines.txt", "messy.csv")
    )
    connection = duckdb.connect(config={"memory_limit": LIMIT, "temp_directory": str(folder)})
    made = ROWS.format(rows=n, customers=max(1, n // 10))
    connection.execute("SELECT setseed(0.5)")
    connection.execute(f"COPY ({made}) TO '{rows}' (FORMAT parquet)")
    connection.execute(CLEAN.format(rows=rows, path=clean))
    connection.execute(MESSY.format(rows=rows, path=lines, number=NUMBER))
    query = f"SELECT sum(amount) FROM read_parquet('{rows}')"
    (total,) = connection.execute(query).fetchone() or (0,)
    connection.close()
    with lines.open(encoding="utf-8") as source, messy.open("wb") as target:
        target.write((TITLE + HEADING).encode("cp1251"))
        while text := source.read(1 << 24):
            target.write(text.replace("\n", "\r\n").encode("cp1251"))
        target.write(f"Итого;;;;{total}\r\n".replace(".", ",").encode("cp1251"))
    rows.unlink()
    lines.unlink()
    return clean, messy, n


def with_duckdb(clean: Path, folder: Path) -> dict[str, tuple[float, float]]:
    """DuckDB reads the clean file to typed Parquet."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": LIMIT, "temp_directory": str(folder)})
    begun = Clock()
    connection.execute(
        f"COPY (SELECT * FROM read_csv('{clean}', header = true, delim = ',', columns = {TYPES})) "
        f"TO '{folder / 'duckdb.parquet'}' (FORMAT parquet)"
    )
    return {PEER: begun.since()}


def with_playbook(messy: Path, folder: Path) -> dict[str, tuple[float, float]]:
    """The playbook imports the messy file; the clock is read between the stages."""
    from playbook.data import importing, loading, tills
    from playbook.data.request import Options

    os.environ["PLAYBOOK_MEMORY"] = LIMIT
    stages: dict[str, tuple[float, float]] = {}
    begun = Clock()

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            result = call(*args, **kwargs)
            stages[name] = begun.since()
            return result

        return run

    importing.tills.read = timed("playbook, messy file to rows of text", tills.read)
    importing.loading.parse = timed(PARSED, loading.parse)
    report = importing.import_files(folder / "data", [messy], Options(), today=TODAY)
    stages["playbook, the whole import"] = begun.since()
    print(f"{report.rows_read:,} rows read, {report.rows_loaded:,} loaded")
    return stages


def apart(work: Work, path: Path) -> dict[str, Any]:
    """Run a measurement in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool, tempfile.TemporaryDirectory() as folder:
        return pool.apply(_measured, (work, path, Path(folder)))


def _measured(work: Work, path: Path, folder: Path) -> dict[str, Any]:
    stages = work(path, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"stages": stages, "peak": peak}


def main() -> None:
    """Measure, print, and write the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        clean, messy, n = make(Path(name), asked.mb)
        sizes = {path: path.stat().st_size / 1e6 for path in (clean, messy)}
        peer, ours = apart(with_duckdb, clean), apart(with_playbook, messy)
    rows = []
    for path, found in ((clean, peer), (messy, ours)):
        last = list(found["stages"])[-1]
        for label, (seconds, cpu) in found["stages"].items():
            speed = sizes[path] / seconds
            peak = f"{found['peak']:,.0f}" if label == last else ""
            rows.append([label, f"{seconds:.1f}", f"{speed:,.0f}", f"{cpu:.1f}", peak])
    ratio, of_cpu = (peer["stages"][PEER][i] / ours["stages"][PARSED][i] for i in (0, 1))
    lines = [
        "## A messy export beside DuckDB's reader on the same rows in a clean file",
        "",
        f"`python benchmarks/reading.py --mb {asked.mb}`: {n:,} rows, {sizes[messy]:,.0f} MB messy,"
        f" {sizes[clean]:,.0f} MB clean. {page.machine('duckdb', 'pyarrow')}.",
        "",
        *page.table(["", "seconds", "MB/s", "cpu s", "peak MB"], rows),
        "",
        f"Parsed rows at {ratio:.2f} of DuckDB's speed ({of_cpu:.2f} by seconds of processors);"
        f" the goal is {GOAL:.2f}.",
    ]
    print("\n".join(lines))
    if asked.write:
        page.put(asked.write, "reading", lines)


if __name__ == "__main__":
    main()
