"""Frames to Parquet and back, exactly: types, order of columns, index and its names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from typing import Any, cast

import numpy as np
import pandas as pd

Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]


def pack(frame: pd.DataFrame, encode: Encode) -> tuple[bytes, dict[str, Any]]:
    """Return a frame as Parquet, and what Parquet does not tell about it.

    Args:
        frame: Any frame; cells of type ``object`` must be values that ``encode`` takes.
        encode: Turns a label or a cell into JSON.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    levels, index = _pack_index(frame.index, encode)
    columns = [*levels, *(frame.iloc[:, i] for i in range(frame.shape[1]))]
    packed = [_pack_column(column, encode) for column in columns]
    table = pa.table({f"c{i}": array for i, (array, _) in enumerate(packed)})
    target = io.BytesIO()
    pq.write_table(table, target, compression="zstd", store_schema=True)
    facts = {
        "rows": len(frame),
        "index": index,
        "labels": _pack_labels(frame.columns, encode),
        "columns": [facts for _, facts in packed],
    }
    return target.getvalue(), facts


def unpack(content: bytes, facts: dict[str, Any], decode: Decode) -> pd.DataFrame:
    """Return the frame that was packed."""
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    columns = [
        _unpack_column(table.column(i), about, decode) for i, about in enumerate(facts["columns"])
    ]
    depth = len(facts["index"]["names"]) if facts["index"]["kind"] != "range" else 0
    index = _unpack_index(facts["index"], columns[:depth], decode)
    frame = pd.DataFrame(dict(enumerate(columns[depth:])), index=pd.RangeIndex(facts["rows"]))
    frame.index = index
    frame.columns = _unpack_labels(facts["labels"], decode)
    return frame


def _pack_index(index: pd.Index, encode: Encode) -> tuple[list[pd.Series], dict[str, Any]]:
    """The levels of an index as columns, and its kind and names."""
    names = [encode(name) for name in index.names]
    if isinstance(index, pd.RangeIndex):
        span = [index.start, index.stop, index.step]
        return [], {"kind": "range", "span": span, "names": names}
    if isinstance(index, pd.MultiIndex):
        levels = [pd.Series(index.get_level_values(i)) for i in range(index.nlevels)]
        return levels, {"kind": "multi", "names": names}
    freq = index.freqstr if isinstance(index, pd.DatetimeIndex | pd.TimedeltaIndex) else None
    return [pd.Series(index)], {"kind": "plain", "names": names, "freq": freq}


def _unpack_index(facts: dict[str, Any], levels: list[Any], decode: Decode) -> pd.Index:
    names = [decode(name) for name in facts["names"]]
    if facts["kind"] == "range":
        start, stop, step = facts["span"]
        return pd.RangeIndex(start, stop, step, name=names[0])
    if facts["kind"] == "multi":
        return pd.MultiIndex.from_arrays(levels, names=names)
    index = pd.Index(levels[0], name=names[0])
    return _with_freq(index, facts["freq"]) if facts.get("freq") else index


def _with_freq(index: Any, freq: str) -> pd.Index:  # noqa: ANN401 - an index of moments
    index.freq = freq
    return cast(pd.Index, index)


def _pack_labels(labels: pd.Index, encode: Encode) -> dict[str, Any]:
    """The column labels as JSON: there are few of them."""
    levels, facts = _pack_index(labels, encode)
    return facts | {
        "levels": [[encode(value) for value in level.tolist()] for level in levels],
        "types": [_about(level.dtype, encode) for level in levels],
    }


def _unpack_labels(facts: dict[str, Any], decode: Decode) -> pd.Index:
    levels = [
        _of_values([decode(value) for value in values], about, decode)
        for values, about in zip(facts["levels"], facts["types"], strict=True)
    ]
    return _unpack_index(facts, levels, decode)


def _of_values(values: list[Any], about: dict[str, Any], decode: Decode) -> Any:  # noqa: ANN401
    """An array of a known type from Python values."""
    if about["kind"] == "category":
        return pd.Categorical(values, dtype=_category(about, decode))
    return pd.array(values, dtype=about["dtype"]) if about["kind"] != "object" else _objects(values)


def _objects(values: Iterable[Any]) -> pd.Series:
    return pd.Series(list(values), dtype=object)


def _about(dtype: Any, encode: Encode) -> dict[str, Any]:  # noqa: ANN401 - numpy's or pandas' types
    """How a column is stored: as it is, as JSON per cell, as codes of categories."""
    if isinstance(dtype, pd.CategoricalDtype):
        known = dtype.categories
        return {
            "kind": "category",
            "ordered": bool(dtype.ordered),
            "categories": [encode(value) for value in known.tolist()],
            "of": _about(known.dtype, encode),
        }
    if isinstance(dtype, pd.ArrowDtype):
        return {"kind": "arrow", "dtype": str(dtype)}
    is_object = isinstance(dtype, np.dtype) and dtype.kind == "O"
    return {"kind": "object" if is_object else "plain", "dtype": str(dtype)}


def _category(about: dict[str, Any], decode: Decode) -> pd.CategoricalDtype:
    values = [decode(value) for value in about["categories"]]
    categories = pd.Index(_of_values(values, about["of"], decode))
    return pd.CategoricalDtype(categories, ordered=about["ordered"])


def _pack_column(column: pd.Series, encode: Encode) -> tuple[Any, dict[str, Any]]:
    import pyarrow as pa

    about = _about(column.dtype, encode)
    match about["kind"]:
        case "object":
            cells = [json.dumps(encode(value), ensure_ascii=False) for value in column]
            return pa.array(cells, type=pa.large_string()), about
        case "category":
            return pa.array(column.cat.codes.to_numpy()), about
        case _:
            return pa.array(column, from_pandas=_has_own_missing(column.dtype)), about


def _has_own_missing(dtype: Any) -> bool:  # noqa: ANN401 - numpy's or pandas' types
    """Whether missing is something other than the number NaN, which stays a number."""
    return getattr(dtype, "kind", "") not in "fc" or not hasattr(dtype, "char")


def _unpack_column(column: Any, about: dict[str, Any], decode: Decode) -> Any:  # noqa: ANN401
    match about["kind"]:
        case "object":
            return _objects(decode(json.loads(cell)) for cell in column.to_pylist())
        case "category":
            codes = column.to_pandas().to_numpy()
            return pd.Series(pd.Categorical.from_codes(codes, dtype=_category(about, decode)))
        case "arrow":
            return column.to_pandas(types_mapper=pd.ArrowDtype)
        case _:
            return _typed(column, about["dtype"])


def _typed(column: Any, name: str) -> pd.Series:  # noqa: ANN401 - pyarrow has no types
    dtype = pd.api.types.pandas_dtype(name)
    from_arrow = getattr(dtype, "__from_arrow__", None)
    series = pd.Series(from_arrow(column)) if from_arrow else column.to_pandas()
    return series if series.dtype == dtype else series.astype(dtype)
