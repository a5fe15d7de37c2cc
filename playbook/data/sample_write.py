"""Receipts of the sample chain as Arrow tables and Parquet parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from playbook.data.sample_people import Block, card_numbers
from playbook.data.sample_stores import Stores
from playbook.data.sample_visits import Receipts

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

AMOUNT = pa.decimal128(12, 2)
SCHEMA = pa.schema(
    {
        "receipt_id": pa.string(),
        "at": pa.timestamp("us"),
        "store_id": pa.dictionary(pa.int32(), pa.string()),
        "customer_id": pa.dictionary(pa.int32(), pa.string()),
        "amount": AMOUNT,
    }
)
# A receipt id has 14 digits: 1 for a card or 2 without, 1 in the history or 2 in the pilot's
# weeks, four for the block and eight that count in order of time.
PILOT_IDS = 10**12
_CARD_IDS, _ANONYMOUS_IDS = 11 * 10**12, 21 * 10**12
_BLOCK_IDS = 10**8
_BLOCKS_PER_FILE = 8


def arrow(
    receipts: Receipts, block: Block | None, stores: Stores, *, part: int, first_id: int = 0
) -> Any:  # noqa: ANN401 - pyarrow has no types
    """The receipts of one block of customers (or, with no block, without a card) as a table."""
    ids = (_ANONYMOUS_IDS if block is None else _CARD_IDS) + first_id + part * _BLOCK_IDS
    numbers = pa.array(ids + np.arange(len(receipts)))
    cards = [] if block is None else card_numbers(block.number).astype(str).tolist()
    has_no_card = receipts.person < 0
    columns = [
        pc.cast(numbers, pa.string()),
        pa.array(receipts.at * 1_000_000, type=pa.timestamp("us")),
        _dictionary(receipts.store, stores.master["store_id"].tolist()),
        _dictionary(receipts.person, cards, mask=has_no_card),
        decimals(receipts.kopecks),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _dictionary(rows: Ints, names: Sequence[str], *, mask: Flags | None = None) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Rows of a list of names as a dictionary array."""
    indices = pa.array(rows.astype(np.int32), mask=mask)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, type=pa.string()))


def decimals(kopecks: Ints) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Kopecks as exact decimals with two digits."""
    words = np.empty((len(kopecks), 2), dtype=np.int64)  # low and high half, little endian
    words[:, 0] = kopecks
    words[:, 1] = kopecks >> 63
    return pa.Array.from_buffers(AMOUNT, len(kopecks), [None, pa.py_buffer(words)])


def frame(tables: list[Any]) -> pd.DataFrame:
    """Several tables as one frame with plain text columns, by time and id."""
    plain = [table.cast(_plain_schema()) for table in tables]
    whole = pa.concat_tables(plain).sort_by([("at", "ascending"), ("receipt_id", "ascending")])
    found: pd.DataFrame = whole.to_pandas()
    return found


def _plain_schema() -> Any:  # noqa: ANN401 - pyarrow has no types
    """The schema with text instead of dictionaries."""
    text = pa.string()
    return pa.schema([f.with_type(text) if pa.types.is_dictionary(f.type) else f for f in SCHEMA])


class Parts:
    """Writes receipts into Parquet files of some blocks each, a row group per block.

    Args:
        folder: Made if missing.
        stores: The stores.
        era: First word of the file names: ``history_card_000.parquet``.
        first_id: Added to receipt ids: ``PILOT_IDS`` for the pilot's weeks.
    """

    def __init__(self, folder: Path, stores: Stores, *, era: str, first_id: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.n_rows = 0
        self._era = era
        self._stores = stores
        self._first_id = first_id
        self._writer: Any = None
        self._name = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def add(self, receipts: Receipts, block: Block | None, *, part: int) -> None:
        """Write the receipts of one block of customers, or of a group of stores without cards."""
        kind = "anonymous" if block is None else "card"
        self._open(f"{self._era}_{kind}_{part // _BLOCKS_PER_FILE:03d}")
        table = arrow(receipts, block, self._stores, part=part, first_id=self._first_id)
        self._writer.write_table(table)
        self.n_rows += len(receipts)

    def _open(self, name: str) -> None:
        """Go on in the file of a name, or start it."""
        if name == self._name:
            return
        self._close()
        self._name = name
        self._writer = pq.ParquetWriter(
            self.folder / f"{name}.parquet", SCHEMA, compression="zstd", store_schema=False
        )

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
