"""The visits of an engagement, worked out once and kept as files for all reductions.

Bringing the receipts of each customer together is most of the work of every reduction, so it is
done once for each version of the receipts: the visits (see ``visits``) lie beside the reductions
in parts, a customer's all in one part, and each part fits into memory. They take about as much
of the disk as the receipts. Stores are numbers there, in the order of their ids.
"""

from __future__ import annotations

import hashlib
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from playbook.data import engine, parquet, storage, visits

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

Told = Callable[[float], None]
NAME = "visits"
# A receipt takes about a hundred bytes while it is brought together with the others of its
# customer; a part takes at most half of the memory.
BYTES_PER_RECEIPT = 200
RECEIPTS_AT_ONCE = 10_000_000
PASSING = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION uncompressed"  # read once, soon
KEPT = "FORMAT parquet, COMPRESSION snappy"
STORES = "stores.parquet"


def silent(_share: float) -> None:
    """Tell nobody."""


def counted_from(
    connection: Backend,
    receipts: Sequence[Path],
    kept: Path,
    work: Path,
    each: Callable[[ir.Table], ir.Table],
    *,
    told: Told = silent,
) -> ir.Table:
    """What ``each`` counts from the visits of some customers, for all customers.

    Args:
        connection: Where it is worked out.
        receipts: Parquet files of the receipts.
        kept: Folder of what is kept; visits that are there are used.
        work: Folder of files that are needed as long as the connection.
        each: From visits to rows; ``store_id`` and ``last_store`` are numbers in both.
        told: Called with the share that is done, 0 to 1.

    Returns:
        The rows of all customers, with the ids of stores.
    """
    connection.raw_sql("SET preserve_insertion_order = false")  # rows have no order here
    folder = kept / f"{NAME}-{_version(receipts)}"
    if not folder.is_dir():
        with _made(folder) as draft:
            _bring_together(connection, receipts, draft, work, told)
    try:
        return _counted(connection, folder, work, each, told)
    except OSError as error:
        if folder.is_dir():
            raise
        raise FileNotFoundError(folder) from error  # there are newer receipts


def _counted(
    connection: Backend,
    folder: Path,
    work: Path,
    each: Callable[[ir.Table], ir.Table],
    told: Told,
) -> ir.Table:
    files = sorted(folder.glob("part*.parquet"))
    stores = parquet.expression(connection, [folder / STORES])
    if len(files) == 1:
        return _with_ids(each(parquet.expression(connection, files)), stores)
    found = [work / f"counted-{file.name}" for file in files]
    for i, (file, target) in enumerate(zip(files, found, strict=True)):
        some = each(parquet.expression(connection, [file]))
        parquet.write(connection, some, target, compression="snappy")
        told(0.6 + 0.3 * (i + 1) / len(files))
    return _with_ids(parquet.expression(connection, found), stores)


def _with_ids(found: ir.Table, stores: ir.Table) -> ir.Table:
    """Rows with the ids of stores instead of their numbers."""
    for column in {"store_id", "last_store"} & set(found.columns):
        names = stores.select(**{column: stores.store, f"{column}_text": stores.store_id})
        joined = found.inner_join(names, column)
        found = joined.mutate(**{column: joined[f"{column}_text"]}).drop(f"{column}_text")
    return found


def _bring_together(
    connection: Backend, receipts: Sequence[Path], draft: Path, work: Path, told: Told
) -> None:
    """Write the visits, part by part."""
    rows = parquet.expression(connection, receipts)
    _write(connection, _numbered(rows), draft / STORES, KEPT)
    stores = parquet.expression(connection, [draft / STORES])
    known = rows.filter(rows.customer_id.notnull()).inner_join(stores, "store_id")
    known = known.select("customer_id", "at", "amount", store_id=known.store)
    n_parts = _n_parts(parquet.n_rows(receipts))
    if n_parts == 1:
        _write(connection, visits.visits(known), draft / "part.parquet", KEPT)
        told(0.6)
        return
    for part, files in enumerate(_dealt(connection, known, work / "dealt", n_parts)):
        some = parquet.expression(connection, files)
        if parquet.n_rows(files) > 2 * RECEIPTS_AT_ONCE:  # of one customer, most likely
            some = visits.days(some)
        _write(connection, visits.visits(some), draft / f"part{part:04}.parquet", KEPT)
        for file in files:
            file.unlink()
        told(0.2 + 0.4 * (part + 1) / n_parts)
    if not list(draft.glob("part*")):  # nobody has a card
        _write(connection, visits.visits(known), draft / "part.parquet", KEPT)


def _numbered(receipts: ir.Table) -> ir.Table:
    """Stores by their number in the order of their ids."""
    import ibis

    stores = receipts.select("store_id").distinct()
    number = ibis.row_number().over(order_by=stores.store_id)
    return stores.mutate(store=number.cast("int32"))


def _n_parts(n_receipts: int) -> int:
    at_once = min(RECEIPTS_AT_ONCE, engine.memory_bytes() // BYTES_PER_RECEIPT)
    return max(1, math.ceil(n_receipts / max(at_once, 1)))


def _dealt(
    connection: Backend, known: ir.Table, folder: Path, n_parts: int
) -> Iterator[list[Path]]:
    """Deal the receipts to parts by their customers, and hand out the files of each part."""
    part = (known.customer_id.hash() % n_parts).abs()
    options = f"{PASSING}, PARTITION_BY (part)"
    _write(connection, known.mutate(part=part), folder, options)
    for place in sorted(folder.glob("part=*")):
        yield sorted(place.glob("*.parquet"))


def _write(connection: Backend, rows: ir.Table, target: Path, options: str) -> None:
    """Write rows of ours: types as they are."""
    query = connection.compile(rows)
    connection.con.execute(f"COPY ({query}) TO {parquet.quoted(target)} ({options})")


@contextmanager
def _made(folder: Path) -> Iterator[Path]:
    """A folder that is there as a whole or not at all; those of older receipts go."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    storage.sweep(folder.parent, f".{NAME}-")
    draft = Path(tempfile.mkdtemp(prefix=f".{NAME}-{os.getpid()}-", dir=folder.parent))
    try:
        yield draft
        for file in draft.iterdir():
            with file.open("rb+") as stream:
                os.fsync(stream.fileno())
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():  # else somebody else has made the same
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for old in folder.parent.glob(f"{NAME}-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)


def _version(receipts: Sequence[Path]) -> str:
    """Changes with the receipts' files and with what visits are."""
    files = [
        f"{path.name} {(found := path.stat()).st_size} {found.st_mtime_ns}" for path in receipts
    ]
    text = "\n".join([*files, _code()])
    return hashlib.sha256(text.encode()).hexdigest()[: storage.VERSION_LENGTH]


@cache
def _code() -> str:
    sources = (Path(__file__), Path(visits.__file__ or ""))
    return "".join(path.read_text(encoding="utf-8") for path in sources)
