"""Parquet files with a damaged page: found only when the rows are read, told in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playbook.data.parquet import quoted
from playbook.errors import PlaybookError
from playbook.text import gettext as _

MARK = b"PAR1"


@contextmanager
def explained(files: Sequence[Path]) -> Iterator[None]:
    """Turn what DuckDB says about a damaged page into the name of the file.

    The files are read again only after an error, so a good import costs nothing.

    Args:
        files: What was given to the import: files, and folders of files.

    Raises:
        PlaybookError: Names every Parquet file that cannot be read to its end.
    """
    import duckdb

    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.InterruptException):
        raise
    except duckdb.Error as error:
        damaged = [path for path in _all(files) if _is_damaged(path)]
        if not damaged:
            raise
        words = [_("{file} is a damaged Parquet file.").format(file=path.name) for path in damaged]
        raise PlaybookError(words[0], problems=words[1:], advice=_("Export it again.")) from error


def _all(files: Sequence[Path]) -> Iterator[Path]:
    """The Parquet files among those given and in the folders among them."""
    for path in files:
        inner = sorted(path.rglob("*")) if path.is_dir() else [path]
        for each in inner:
            if each.is_file() and _begins(each):
                yield each


def _begins(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(MARK)) == MARK


def _is_damaged(path: Path) -> bool:
    """Whether DuckDB stops at one of its rows."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        try:
            rows = connection.execute(f"SELECT * FROM read_parquet({quoted(path)})")
            while rows.fetchmany(10_000):
                pass
        except duckdb.Error:
            return True
    return False
