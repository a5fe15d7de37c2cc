"""The files of data/sample: small Parquet tables, a hundredth of the receipts, a till's CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pandas as pd

from playbook.data import engine

ONE_IN = 100  # customers, and receipts without a card, of which one is in the sample
_REMAINDER = 37
TILL_FROM, TILL_TO = "2025-11-10", "2025-11-24"
TILL_HEADINGS = ("Номер чека", "Дата и время", "Магазин", "Карта", "Сумма")


def chain_folder(work: Path) -> Path:
    """The folder that holds the whole chain's tables."""
    return work / "chain"


def receipts_folder(work: Path) -> Path:
    """The folder of the whole chain's receipts, in parts."""
    return chain_folder(work) / "receipts"


def save(frame: pd.DataFrame, path: Path) -> None:
    """Write a small table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd", compression_level=19)


def save_json(content: dict[str, Any], path: Path) -> None:
    """Write a mapping as readable JSON."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def every_receipt(work: Path) -> str:
    """The whole chain's receipts, as SQL reads them."""
    return f"read_parquet('{receipts_folder(work)}/*.parquet')"


def in_sample(segments: pd.DataFrame) -> pd.Series[bool]:
    """Which customers are in the sample: every hundredth, in the order they were drawn."""
    return pd.Series(segments.index % ONE_IN == _REMAINDER, index=segments.index)


def write_receipts(work: Path, segments: pd.DataFrame, target: Path) -> None:
    """Write all receipts of the sampled customers and a like share of those without a card.

    Args:
        work: Where the whole chain lies.
        segments: What is planted about each customer; the sampled are written beside.
        target: The folder to write to.
    """
    import pyarrow.parquet as pq

    chosen = segments[in_sample(segments)]
    with engine.duck(work) as connection:
        connection.register("chosen", chosen[["customer_id"]])
        rows = connection.sql(
            f"""
            SELECT receipt_id, "at", store_id, customer_id, amount
            FROM {every_receipt(work)}
            WHERE customer_id IN (SELECT customer_id FROM chosen)
               OR (customer_id IS NULL AND CAST(receipt_id AS BIGINT) % {ONE_IN} = {_REMAINDER})
            ORDER BY receipt_id
            """
        ).to_arrow_table()
    pq.write_table(
        rows,
        target / "receipts.parquet",
        compression="zstd",
        compression_level=19,
        use_dictionary=["store_id", "customer_id"],
        column_encoding={"receipt_id": "DELTA_BYTE_ARRAY", "at": "DELTA_BINARY_PACKED"},
        coerce_timestamps="ms",
        store_schema=False,
    )
    bought = set(rows["customer_id"].unique().to_pylist())
    seen = chosen[chosen["customer_id"].isin(bought)].sort_values("customer_id")
    save(seen, target / "truth_customers.parquet")


def write_till_file(work: Path, stores: pd.DataFrame, target: Path) -> None:
    """Write two weeks of one middle-sized store as a Russian till would export them."""
    small = stores[stores["format"] == "small"].sort_values(["size_m2", "store_id"])
    store = small["store_id"].iloc[len(small) // 2]
    with engine.duck(work) as connection:
        rows = connection.execute(
            f"""
            SELECT receipt_id, strftime("at", '%d.%m.%Y %H:%M'), store_id,
                   coalesce(customer_id, ''), replace(CAST(amount AS VARCHAR), '.', ',')
            FROM {every_receipt(work)}
            WHERE store_id = ? AND "at" >= CAST(? AS TIMESTAMP) AND "at" < CAST(? AS TIMESTAMP)
            ORDER BY "at", receipt_id
            """,
            [store, TILL_FROM, TILL_TO],
        ).fetchall()
    with (target / "receipts_till.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(TILL_HEADINGS)
        writer.writerows(rows)
