"""The receipts of a source: only what is worked out from them comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.data import engine, parquet, source_look, source_tables
from playbook.data.source_address import Address, parse
from playbook.data.source_columns import MONEY, as_receipts, found_columns
from playbook.data.source_look import Look
from playbook.data.source_people import refuse_people, some_ids
from playbook.data.sources import explained, open_source
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

BATCH = 50_000  # rows in memory on their way from the source to the disk


class Warehouse:
    """The receipts of a source.

    Args:
        text: Its address.
        folder: Data folder of the engagement.
        cache: Folder of what was worked out.
    """

    def __init__(self, text: str, folder: Path, cache: Path) -> None:
        self.address: Address = parse(text)
        self.folder = folder
        self.cache = cache
        self._connection: Any = None

    def look(self) -> Look:
        """The look in force; the first one is taken now."""
        kept = Look.kept(self.cache, self.address.text)
        return kept or self.renew(dt.datetime.now(dt.UTC))

    def renew(self, now: dt.datetime) -> Look:
        """Look again and keep what was found.

        Reads the days, stores, customers and money of all rows once; where rows have a number of
        the receipt, a second query counts how often they repeat.

        Args:
            now: The present moment; rows of later days than the day after are left out.

        Raises:
            PlaybookError: The source cannot be reached or read, its columns do not fit, ids of
                customers are personal data, rows are items without being stated so, money is
                not exact, or no row counts.
        """
        tomorrow = now.astimezone(dt.UTC).date() + dt.timedelta(days=1)  # in some zone it is today
        with explained(self.address):
            columns, rows = self._rows()
            ids = [row["customer_id"] for row in self._all(some_ids(rows))]
        refuse_people(ids, columns.get("customer_id", ""), address=self.address.text)
        with explained(self.address):
            found = self._one(source_look.counted(rows, tomorrow))
            n_repeated = 0
            if "receipt_id" in columns and not self.address.holds_items:
                usable = source_look.usable(rows, tomorrow)
                n_repeated = int(self._one(source_look.repeated(usable))["n"])
        look = source_look.look_of(
            found, address=self.address.text, columns=columns, n_repeated=n_repeated, now=now
        )
        _refuse_unless_sound(look, self.address)
        look.keep(self.cache)
        return look

    def receipts(self) -> ir.Table:
        """The receipts where they are, as an expression: those of the look in force."""
        import ibis

        look = self.look()
        with explained(self.address):
            _columns, rows = self._rows()
        last = look.last_day or dt.date.min
        rows = source_look.usable(rows, last)
        seen = rows.filter(rows["at"] <= ibis.timestamp(look.last)) if look.last else rows
        return _summed(seen) if self.address.holds_items else seen

    def bring(self, rows: ir.Table, target: Path, *, order: Sequence[str]) -> None:
        """Have an expression worked out by the source and write its rows to a Parquet file.

        The rows come in batches, are put in order here, and need not fit into memory.
        """
        with engine.connected(self.folder) as here, engine.spill_folder(self.folder) as work:
            self._write(rows, work / "found.parquet")
            brought = parquet.expression(here, [work / "found.parquet"])
            parquet.write(here, brought.order_by(order), target)

    def lend(self, frame: pd.DataFrame) -> ir.Table:
        """A small table of ours beside the receipts, as long as the connection is open."""
        import ibis

        if self.address.engine != "postgresql":
            return ibis.memtable(frame)
        name = ibis.util.gen_name("playbook")
        self.connection.raw_sql("SET default_transaction_read_only = off")
        try:  # a table that only this connection sees
            return self.connection.create_table(name, frame, temp=True)
        finally:
            self.connection.raw_sql("SET default_transaction_read_only = on")

    def _write(self, rows: ir.Table, target: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        plain = _plain(rows)
        schema = pa.schema([(name, kind.to_pyarrow()) for name, kind in plain.schema().items()])
        with explained(self.address), pq.ParquetWriter(target, schema) as writer:
            for batch in self._batches(plain):
                writer.write_table(batch.cast(schema))

    def close(self) -> None:
        """Let go of the connection; Spark stays up for others of this process."""
        connection, self._connection = self._connection, None
        if connection is not None and self.address.engine != "spark":
            connection.disconnect()

    @property
    def connection(self) -> Any:  # noqa: ANN401 - Ibis has no common type
        """The connection, opened when it is first needed."""
        if self._connection is None:
            self._connection = open_source(self.address, self.folder)
        return self._connection

    def _rows(self) -> tuple[dict[str, str], ir.Table]:
        """Which columns are ours, and every row with our names and types."""
        raw = self._raw()
        columns = found_columns(raw, self.address)
        rows = as_receipts(raw, columns, self.address)
        is_postgres = self.address.engine == "postgresql"
        return columns, in_byte_order(rows, self.connection) if is_postgres else rows

    def _raw(self) -> ir.Table:
        path = self.address.stated.get("path")
        database, _dot, name = self.address.table.rpartition(".")
        with source_tables.explained(self.address, self.connection):
            raw = (
                self.connection.read_parquet(path)
                if path
                else self.connection.table(name, database=database or None)
            )
        return _with_zones(raw, self.connection) if self.address.engine == "spark" else raw

    def _one(self, rows: ir.Table) -> dict[str, Any]:
        row: dict[str, Any]
        (row,) = self._all(rows)
        return row

    def _all(self, rows: ir.Table) -> Iterator[dict[str, Any]]:
        return (row for batch in self._batches(rows) for row in batch.to_pylist())

    def _batches(self, rows: ir.Table) -> Iterator[Any]:
        """The rows of an expression as Arrow tables, some rows at a time; money stays exact."""
        import pyarrow as pa

        if self.address.engine == "spark":
            schema = rows.schema().to_pyarrow()
            for batch in _spark_batches(self.connection, rows):
                yield pa.Table.from_pylist(batch, schema=schema)
            return
        for batch in self.connection.to_pyarrow_batches(rows, chunk_size=BATCH):
            yield pa.Table.from_batches([batch])


def _spark_batches(connection: Any, rows: ir.Table) -> Iterator[list[dict[str, Any]]]:  # noqa: ANN401
    """Rows of Spark, partition by partition, not all of them at once in one process."""
    names = rows.columns
    found = connection.raw_sql(connection.compile(rows))
    # a moment of Spark is one of the whole world, which Python would show in its clock's zone
    plain = {
        name: "date" if kind.is_date() else "timestamp_ntz"
        for name, kind in rows.schema().items()
        if kind.is_date() or kind.is_timestamp()
    }
    for name, kind in plain.items():
        found = found.withColumn(name, found[name].cast(kind))
    batch = []
    for row in found.toLocalIterator(prefetchPartitions=True):
        batch.append(dict(zip(names, row, strict=True)))
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _with_zones(raw: ir.Table, connection: Any) -> ir.Table:  # noqa: ANN401 - Ibis
    """The table with Spark's moments of the whole world told apart from those of a place."""
    from pyspark.sql.types import TimestampType

    schema = connection.raw_sql(connection.compile(raw)).schema
    moments = [field.name for field in schema if isinstance(field.dataType, TimestampType)]
    return raw.cast(dict.fromkeys(moments, "timestamp('UTC')"))


def in_byte_order(rows: ir.Table, connection: Any) -> ir.Table:  # noqa: ANN401 - Ibis
    """Texts that compare by their bytes as everywhere else, not by the database's dictionary."""
    columns = ", ".join(
        f'CAST("{name}" AS TEXT) COLLATE "C" AS "{name}"' if kind.is_string() else f'"{name}"'
        for name, kind in rows.schema().items()
    )
    query = f"SELECT {columns} FROM ({connection.compile(rows)}) AS receipts"
    return connection.sql(query, schema=rows.schema())


def _summed(rows: ir.Table) -> ir.Table:
    """Items added up to receipts: a receipt has a number, a store and a day."""
    day = rows["at"].date()
    optional = {
        name: rows[name].sum().cast(rows[name].type())
        for name in ("units", "margin")
        if name in rows.columns
    }
    return (
        rows.group_by(receipt_id=rows.receipt_id, store_id=rows.store_id, day=day)
        .aggregate(
            at=rows["at"].min(),
            customer_id=rows.customer_id.max(),
            amount=rows.amount.sum().cast(MONEY),
            **optional,
        )
        .drop("day")
    )


def _plain(rows: ir.Table) -> ir.Table:
    """The rows in the types of our files."""
    wanted = {
        name: "int64" if kind.is_integer() else MONEY
        for name, kind in rows.schema().items()
        if kind.is_integer() or kind.is_decimal()
    }
    return rows.cast(wanted)


def _refuse_unless_sound(look: Look, address: Address) -> None:
    """Refuse receipts that would give wrong figures without a word."""
    problems = []
    if not look.n_usable:
        problems.append(
            ngettext(
                "Of {n} row none can be used.", "Of {n} rows none can be used.", look.n_rows
            ).format(n=number(look.n_rows))
        )
        problems += [f"{number(n)}: {words}" for n, words in look.left_out_words]
    if look.n_uneven and not address.rounds_money:
        words = ngettext(
            "{n} row has money with more than two decimals: state &money=round, or name a column"
            " that is exact.",
            "{n} rows have money with more than two decimals: state &money=round, or name a column"
            " that is exact.",
            look.n_uneven,
        )
        problems.append(words.format(n=number(look.n_uneven)))
    if look.n_repeated:
        words = ngettext(
            "{n} row repeats the receipt, store and day of another: state &lines=items if rows are"
            " items, or name a view without copies.",
            "{n} rows repeat the receipt, store and day of another: state &lines=items if rows are"
            " items, or name a view without copies.",
            look.n_repeated,
        )
        problems.append(words.format(n=number(look.n_repeated)))
    if problems:
        raise PlaybookError(
            _("The receipts of the source cannot be used as they are."),
            problems=problems,
            advice=_("docs/sources.md shows a view for each of these cases."),
        )
