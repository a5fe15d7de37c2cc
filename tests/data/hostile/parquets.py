"""Parquet: folders of parts, ids as fractions, zones, decimals, dictionaries, nested columns."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hostile.case import SHOP, SHOP_DAYS, Case, Loads, Row, Stops
from hostile.writing import ENGLISH, files, in_folder, moment, shop, text

_MOMENTS = [moment(at) for at, *_rest in SHOP]
_STORES = [store for _at, store, *_rest in SHOP]
_CARDS = [who for *_rest, who, _amount in SHOP]
_AMOUNTS = [Decimal(amount) for *_rest, amount in SHOP]


def table(**changed: Any) -> pa.Table:
    """The shop with its own types, some columns changed."""
    columns = {
        "date": pa.array(_MOMENTS, pa.timestamp("us")),
        "store": pa.array(_STORES),
        "card": pa.array(_CARDS),
        "amount": pa.array(_AMOUNTS, pa.decimal128(12, 2)),
    }
    return pa.table(columns | changed)


def written(rows: pa.Table, **options: Any) -> bytes:
    """A Parquet file."""
    target = io.BytesIO()
    pq.write_table(rows, target, **options)
    return target.getvalue()


def _case(
    name: str, about: str, rows: pa.Table, outcome: Loads | Stops | None = None, **options: Any
) -> Case:
    return Case(
        name=f"parquet_{name}",
        about=about,
        make=text(written(rows, **options), name="export.parquet"),
        outcome=outcome or Loads(),
    )


def _cards(*cards: str | None) -> tuple[Row, ...]:
    return tuple((at, store, who, a) for (at, store, _w, a), who in zip(SHOP, cards, strict=True))


_ZONED = pa.array([m.replace(tzinfo=dt.UTC) for m in _MOMENTS], pa.timestamp("us", "Asia/Omsk"))
_FINE = pa.array([a + Decimal("0.0000000001") for a in _AMOUNTS], pa.decimal128(38, 10))
_FOLDER = {
    "part-00001.parquet": written(table().slice(2)),
    "part-00000.parquet": written(table().slice(0, 2)),
    "_SUCCESS": b"",
    ".part-00000.parquet.crc": b"crc\0",
    "_metadata": b"",
}

CASES = [
    _case("plain", "Its own types", table()),
    Case(
        name="parquet_folder",
        about="A folder of parts as Spark writes it",
        make=in_folder(_FOLDER, "sales.parquet"),
        outcome=Loads(),
    ),
    Case(
        name="parquet_folder_with_empty_part",
        about="One of the parts has no row",
        make=in_folder(_FOLDER | {"part-00002.parquet": written(table().slice(0, 0))}),
        outcome=Loads(),
    ),
    Case(
        name="parquet_parts_of_two_types",
        about="Amounts are decimals in one part and fractions in the other",
        make=in_folder(
            {
                "a.parquet": written(table().slice(0, 2)),
                "b.parquet": written(table(amount=pa.array([float(a) for a in _AMOUNTS])).slice(2)),
            }
        ),
        outcome=Loads(),
    ),
    Case(
        name="parquet_by_month",
        about="Parts in folders that bear the month",
        make=in_folder(
            {
                "month=2024-01/a.parquet": written(table().slice(0, 3)),
                "month=2024-02/a.parquet": written(table().slice(3)),
            }
        ),
        outcome=Loads(may_stop=True),
    ),
    Case(
        name="parquet_part_damaged",
        about="One of the parts is damaged: the others alone are not the table",
        make=in_folder({"a.parquet": written(table()), "b.parquet": written(table())[:200]}),
        outcome=Stops(names=("b.parquet",)),
    ),
    _case(
        "float_ids",
        "Cards as binary fractions, because some are missing",
        table(card=pa.array([4610000000012.0, None, 42.0, float("nan")])),
        Loads(rows=_cards("4610000000012", None, "42", None)),
    ),
    _case(
        "float_ids_too_large",
        "A card of eighteen digits as a binary fraction has lost the last ones",
        table(card=pa.array([461000000001234567.0, None, 42.0, 43.0])),
        Loads(rows=_cards("x", None, "42", "43")[1:], aside={"lost_digits": 1}),
    ),
    _case(
        "whole_ids",
        "Cards as whole numbers of eighteen digits are whole",
        table(card=pa.array([461000000001234567, None, 42, 0], pa.int64())),
        Loads(rows=_cards("461000000001234567", None, "42", None)),
    ),
    _case(
        "unsigned_ids",
        "Cards as whole numbers beyond the signed ones",
        table(card=pa.array([18446744073709551615, None, 42, 7], pa.uint64())),
        Loads(rows=_cards("18446744073709551615", None, "42", "7")),
    ),
    _case("zone", "Moments of a time zone", table(date=_ZONED), Loads(warnings=("utc_times",))),
    _case(
        "nanoseconds", "Moments in nanoseconds", table(date=pa.array(_MOMENTS, pa.timestamp("ns")))
    ),
    _case(
        "milliseconds",
        "Moments in milliseconds",
        table(date=pa.array(_MOMENTS, pa.timestamp("ms"))),
        version="1.0",
    ),
    _case("int96", "Moments as Hive writes them", table(), use_deprecated_int96_timestamps=True),
    _case(
        "days",
        "Days without a time",
        table(date=pa.array([m.date() for m in _MOMENTS])),
        Loads(rows=SHOP_DAYS),
    ),
    _case(
        "text_moments", "Moments as text", table(date=pa.array([m.isoformat() for m in _MOMENTS]))
    ),
    _case("wide_decimals", "Amounts with ten decimals", table(amount=_FINE)),
    _case(
        "negative_scale",
        "Amounts with four decimals",
        table(amount=pa.array(_AMOUNTS, pa.decimal128(18, 4))),
    ),
    _case(
        "doubles",
        "Amounts as binary fractions",
        table(amount=pa.array([float(a) for a in _AMOUNTS])),
    ),
    _case(
        "floats",
        "Amounts as short binary fractions",
        table(amount=pa.array([1234.5, 99.5, -500.0, 12345.5], pa.float32())),
        Loads(
            rows=tuple(
                (*row[:3], a)
                for row, a in zip(SHOP, ("1234.5", "99.5", "-500", "12345.5"), strict=True)
            )
        ),
    ),
    _case(
        "no_numbers",
        "Amounts that are no number, and infinite ones",
        table(amount=pa.array([1.5, float("nan"), float("inf"), None])),
        Loads(rows=((*SHOP[0][:3], "1.50"),), aside={"missing|unreadable|too_large": 3}),
    ),
    _case(
        "text_amounts",
        "Amounts as text with a comma",
        table(amount=pa.array([f"{a:.2f}".replace(".", ",") for a in _AMOUNTS])),
    ),
    _case(
        "dictionary",
        "Stores and cards as dictionaries",
        table(
            store=pa.array(_STORES).dictionary_encode(), card=pa.array(_CARDS).dictionary_encode()
        ),
    ),
    _case(
        "large_text",
        "Text with long offsets and as views",
        table(store=pa.array(_STORES, pa.large_string())),
    ),
    _case(
        "binary",
        "Text as bytes",
        table(store=pa.array([s.encode() for s in _STORES], pa.binary())),
        Loads(may_stop=True),
    ),
    _case(
        "nested_beside",
        "A nested column that nobody needs",
        table(items=pa.array([[{"sku": 1}], [], None, [{"sku": 2}]])),
    ),
    _case(
        "nested_amount",
        "The amount within a nested column",
        table(amount=pa.array([{"value": 1.5}] * 4)),
        Stops(names=("amount",)),
    ),
    _case("empty", "A table without a row", table().slice(0, 0), Stops(names=("no row|no rows",))),
    _case("row_groups", "Many small groups of rows", table(), row_group_size=1),
    Case(
        name="parquet_and_text",
        about="Half of the receipts in Parquet, half as text",
        make=files(
            {
                "a.parquet": written(table().slice(0, 2)),
                "b.csv": shop(ENGLISH, rows=SHOP[2:]),
            }
        ),
        outcome=Loads(),
    ),
    Case(
        name="parquet_cut",
        about="A file of which half was copied",
        make=text(written(table())[:300], name="export.parquet"),
        outcome=Stops(names=("export.parquet",)),
    ),
    Case(
        name="parquet_empty_file",
        about="Nothing under the name of Parquet",
        make=text(b"", name="export.parquet"),
        outcome=Stops(names=("empty",)),
    ),
]
