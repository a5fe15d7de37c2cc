"""Parquet files as sheets: they stay where they are unless a folder's name holds a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from playbook.data.sheets import Form, Sheet, Source
from playbook.errors import PlaybookError
from playbook.text import gettext as _

NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


def read(
    path: Path, target: Callable[[], Path], *, name: str, folders: Mapping[str, str], keep: bool
) -> Sheet:
    """A Parquet file as a sheet.

    Args:
        path: The file.
        target: Gives a new Parquet file to write, where the rows have to be written again.
        name: The file as it is shown.
        folders: Columns that the folders around the file hold: ``month=2024-01``.
        keep: Whether the file will be there for as long as its rows are needed.

    Raises:
        PlaybookError: The file is damaged or encrypted.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        fields = list(file.schema_arrow)
    except (pa.ArrowException, OSError):
        raise PlaybookError(
            _("{file} is a damaged Parquet file.").format(file=name), advice=_("Export it again.")
        ) from None
    texts = {field.name for field in fields if _is_bytes(field.type)}
    added = {key: value for key, value in folders.items() if key not in file.schema_arrow.names}
    sources = tuple(
        Source(heading=field.name, name=field.name, form=form)
        for field in fields
        if (form := _form(field.type)) is not None
    )
    n_rows = file.metadata.num_rows
    sheet = Sheet(parquet=path, columns=sources, n_rows=n_rows, name=name, first_line=1)
    sheet = replace(sheet, header_line=0)
    if not texts and not added and keep:
        return sheet
    try:
        return _written(file, sheet, target(), texts=texts, added=added)
    except (pa.ArrowException, OSError) as error:
        if getattr(error, "errno", None):
            raise
        raise PlaybookError(
            _("{file} is a damaged Parquet file.").format(file=name), advice=_("Export it again.")
        ) from None


def _written(
    file: Any,  # noqa: ANN401 - pyarrow has no types
    sheet: Sheet,
    target: Path,
    *,
    texts: set[str],
    added: Mapping[str, str],
) -> Sheet:
    """The rows again, with the columns of the folders, and bytes as the text that they are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = [
        field.with_type(pa.string()) if field.name in texts else field
        for field in file.schema_arrow
    ]
    schema = pa.schema([*kinds, *((key, pa.string()) for key in added)])
    with pq.ParquetWriter(target, schema, compression="snappy") as writer:
        for batch in file.iter_batches():
            columns = [
                column.cast(pa.string()) if name in texts else column
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            ]
            more = [_constant(value, batch.num_rows) for value in added.values()]
            writer.write_batch(pa.record_batch([*columns, *more], schema=schema))
    sources = tuple(Source(heading=key, name=key) for key in added)
    return replace(sheet, parquet=target, columns=(*sheet.columns, *sources))


def _constant(value: str, n: int) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    text = None if value == NO_VALUE else value
    return pa.array([text] * n, pa.string())


def folder_columns(path: Path, root: Path) -> dict[str, str]:
    """What the folders between a root and a file say of its rows.

    Example:
        >>> folder_columns(Path("/data/month=2024-01/part.parquet"), Path("/data"))
        {'month': '2024-01'}
    """
    parts = path.relative_to(root).parts[:-1]
    pairs = [part.partition("=") for part in parts if "=" in part]
    return {key: unquote(value) for key, _sign, value in pairs if key}


def _is_bytes(kind: Any) -> bool:  # noqa: ANN401 - pyarrow has no types
    from pyarrow import types

    if types.is_dictionary(kind):
        return _is_bytes(kind.value_type)
    return bool(types.is_binary(kind) or types.is_large_binary(kind))


def _form(kind: Any) -> Form | None:  # noqa: ANN401 - pyarrow has no types
    """What a column of Parquet holds, or nothing where it cannot be used."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return _form(kind.value_type)
    if types.is_timestamp(kind):
        return "moment" if kind.tz is None else "zoned"
    tests: tuple[tuple[Form, Any], ...] = (
        ("text", lambda k: types.is_string(k) or types.is_large_string(k) or _is_bytes(k)),
        ("flag", types.is_boolean),
        ("double", types.is_floating),
        ("number", lambda k: types.is_integer(k) or types.is_decimal(k)),
        ("date", types.is_date),
    )
    return next((form for form, holds in tests if holds(kind)), None)
