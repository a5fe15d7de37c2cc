"""In which columns of Parquet files there is a value, from their statistics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


def columns(files: Sequence[Path]) -> frozenset[str]:
    """Columns with at least one value in one of the files; nothing but the footers is read."""
    return frozenset(name for path in files for name in _of_file(path))


def _of_file(path: Path) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    metadata = file.metadata
    empty = {field.name for field in file.schema_arrow if pa.types.is_null(field.type)}
    for place in range(metadata.num_columns):
        chunks = [metadata.row_group(i).column(place) for i in range(metadata.num_row_groups)]
        if chunks and chunks[0].path_in_schema not in empty and any(map(_has_value, chunks)):
            yield chunks[0].path_in_schema


def _has_value(chunk: Any) -> bool:  # noqa: ANN401 - pyarrow has no types
    """Whether a part of a column has a value; one that does not tell is taken to have."""
    found = chunk.statistics
    if found is None or not found.has_null_count:
        return bool(chunk.num_values)
    return bool(found.null_count < chunk.num_values)
