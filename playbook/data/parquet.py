"""Parquet files in and out, with the types that frames should have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data.storage import Stored, content_hash

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    from ibis.backends.duckdb import Backend

MONEY_TYPE = "DECIMAL(18, 2)"  # sums; a single receipt has 12 digits


def names(folder: Path | None) -> list[str]:
    """Tables that lie ready in a folder, as ``name.parquet`` or as parts in ``name/``."""
    if folder is None or not folder.is_dir():
        return []
    files = {path.stem for path in folder.glob("*.parquet")}
    return sorted(files | {path.parent.name for path in folder.glob("*/*.parquet")})


def find(folder: Path | None, name: str) -> Stored | None:
    """A table that lies ready in a folder, or nothing."""
    if folder is None:
        return None
    whole = folder / f"{name}.parquet"
    files = (whole,) if whole.exists() else tuple(sorted((folder / name).glob("*.parquet")))
    if not files:
        return None
    version = "-".join(_fingerprint(path, path.stat().st_mtime_ns) for path in files)
    return Stored(files=files, version=version, facts={})


@lru_cache(maxsize=256)
def _fingerprint(path: Path, _changed: int) -> str:
    return content_hash(path)


def frame(files: Sequence[Path]) -> pd.DataFrame:
    """The rows of one table as a frame; the parts follow one another."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = [pq.read_table(path, partitioning=None) for path in files]
    return to_frame(parts[0] if len(parts) == 1 else pa.concat_tables(map(_plain, parts)))


def to_frame(table: Any) -> pd.DataFrame:  # noqa: ANN401 - pyarrow has no types
    """An Arrow table as a frame: dates datetime64, ids text, money float64."""
    found: pd.DataFrame = _plain(table).to_pandas()
    return found


def _plain(table: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """The table without decimals, dictionaries and bare dates."""
    import pyarrow as pa

    def plain(kind: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        if pa.types.is_decimal(kind):
            return pa.float64()
        if pa.types.is_dictionary(kind):
            return plain(kind.value_type)
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            return pa.timestamp("us")
        return kind

    fields = [field.with_type(plain(field.type)).with_metadata(None) for field in table.schema]
    return table.cast(pa.schema(fields), safe=False)


def expression(connection: Backend, files: Sequence[Path]) -> ir.Table:
    """Parquet files as one Ibis table; text stored as a dictionary reads as text."""
    return connection.read_parquet([str(path) for path in files])


def write(connection: Backend, rows: ir.Table, path: Path, *, compression: str = "zstd") -> None:
    """Write an Ibis expression; the rows need not fit into memory.

    DuckDB sums whole numbers to 128 bits, which Parquet does not have: types are said again.
    """
    columns = ", ".join(_typed(name, kind) for name, kind in rows.schema().items())
    query = f"SELECT {columns} FROM ({connection.compile(rows)})"
    options = f"FORMAT parquet, COMPRESSION {compression}"
    connection.con.execute(f"COPY ({query}) TO {quoted(path)} ({options})")


def _typed(name: str, kind: Any) -> str:  # noqa: ANN401 - Ibis has no common type of types
    wanted = "BIGINT" if kind.is_integer() else MONEY_TYPE if kind.is_decimal() else ""
    return f'CAST("{name}" AS {wanted}) AS "{name}"' if wanted else f'"{name}"'


def quoted(value: str | Path) -> str:
    """A text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def columns(files: Sequence[Path]) -> list[str]:
    """Names of the columns of the first of several Parquet files."""
    import pyarrow.parquet as pq

    return [str(name) for name in pq.read_schema(files[0]).names]


def n_rows(files: Sequence[Path]) -> int:
    """The number of rows in Parquet files."""
    import pyarrow.parquet as pq

    return sum(pq.ParquetFile(path).metadata.num_rows for path in files)


def last_day(files: Sequence[Path]) -> dt.date:
    """The day of the last receipt in Parquet files, from their statistics where they have any."""
    return max(_last_day(path) for path in files)


def _last_day(path: Path) -> dt.date:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    place = file.schema_arrow.get_field_index("at")
    groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    statistics = [group.column(place).statistics for group in groups]
    if statistics and all(found is not None and found.has_min_max for found in statistics):
        latest: dt.datetime = max(found.max for found in statistics)
    else:
        latest = pc.max(file.read(["at"])["at"]).as_py()
    return latest.date()
