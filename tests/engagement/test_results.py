"""A result comes back as the very same class with the very same values."""

from __future__ import annotations

import datetime as dt
import errno
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import pandas as pdst
from kinds import Anything, Light, Part1, Plan, Rich, Target
from pandas.testing import assert_frame_equal, assert_index_equal, assert_series_equal

from playbook.engagement.coding import Encoder, decode
from playbook.engagement.results import Provenance, code_version
from playbook.errors import PlaybookError

STEP = Provenance(step="03_segmentation", reads={"document/goals": "absent"}, seed=7, lang="ru")


def there_and_back(value):
    encoder = Encoder()
    return decode(encoder.encode(value), encoder.files.__getitem__)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, dt.UTC])).map(lambda t: t.replace(fold=0)),
    st.times().map(lambda t: t.replace(fold=0)),
    st.timedeltas(),
    st.decimals(allow_nan=False),
    st.sampled_from(Light),
)
KEYS = st.one_of(st.text(), st.integers(), st.dates(), st.tuples(st.text(), st.integers()))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(KEYS, inner, max_size=4),
        st.frozensets(st.integers(), max_size=4),
    ),
    max_leaves=12,
)


@given(VALUES)
def test_any_value_comes_back_equal_and_of_its_type(value):
    back = there_and_back(value)
    assert back == value
    assert repr(back) == repr(value) or isinstance(value, frozenset | dict | list | tuple)


def test_values_that_json_does_not_know_keep_their_kind():
    for value in (float("inf"), pd.Timestamp("2026-03-01 09:00", tz="Europe/Berlin"), pd.NaT):
        back = there_and_back(value)
        assert type(back) is type(value)
        assert back is value or back == value
    assert np.isnan(there_and_back(float("nan")))
    assert there_and_back(np.float64(1.5)) == 1.5
    assert there_and_back({"$": "a key of ours"}) == {"$": "a key of ours"}


INDEXES = st.sampled_from(
    [
        lambda n: pd.RangeIndex(3, 3 + 2 * n, 2, name="row"),
        lambda n: pd.Index([f"s{i}" for i in range(n)], name="store_id"),
        lambda n: pd.date_range("2026-01-05", periods=n, freq="W-MON", name="week"),
        lambda n: pd.MultiIndex.from_arrays(
            [[f"s{i}" for i in range(n)], list(range(n))], names=["store_id", None]
        ),
        lambda n: pd.CategoricalIndex(["core"] * n, categories=["new", "core"], ordered=True),
        lambda n: pd.period_range("2026-01", periods=n, freq="M"),
        lambda n: pd.Index([dt.date(2026, 1, 1)] * n, dtype=object),
    ]
)
COLUMNS = [
    pdst.column("ж", dtype=float),
    pdst.column("n", dtype="int64"),
    pdst.column("small", dtype="int8"),
    pdst.column("b", dtype=bool),
    pdst.column("text", elements=st.text(max_size=5), dtype=object),
    pdst.column("week", dtype="datetime64[ns]"),
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(pdst.data_frames(COLUMNS, index=pdst.range_indexes(max_size=6)), INDEXES)
def test_a_frame_keeps_types_order_and_index(frame, index):
    frame.index = index(len(frame))
    back = there_and_back(frame)
    assert_frame_equal(back, frame, check_exact=True, check_freq=True)
    assert list(back.columns) == list(frame.columns)


def test_a_frame_keeps_the_types_of_pandas():
    frame = pd.DataFrame(
        {
            "whole": pd.array([2**60 + 1, None, 3], dtype="Int64"),
            "truth": pd.array([True, None, False], dtype="boolean"),
            "words": pd.array(["а", None, ""], dtype="str"),
            "string": pd.array(["а", None, ""], dtype="string"),
            "segment": pd.Categorical(["core", None, "new"], categories=["new", "core", "none"]),
            "days": pd.Categorical([3, 1, 3], categories=[3, 1], ordered=True),
            "span": pd.to_timedelta([1, None, 3], unit="h"),
            "local": pd.to_datetime(["2026-01-01"] * 3).tz_localize("Europe/Moscow"),
            "second": pd.array(["2026-01-01"] * 3, dtype="datetime64[s]"),
            "month": pd.period_range("2026-01", periods=3, freq="M"),
            "bins": pd.interval_range(0, 3),
            "money": pd.array([Decimal("1.10"), Decimal("2.20"), None], dtype=object),
            "mixed": pd.Series([1, "one", (1, 2)], dtype=object),
            "real": [0.1, float("nan"), float("inf")],
        }
    )
    back = there_and_back(frame)
    assert_frame_equal(back, frame, check_exact=True)
    assert back["money"].map(repr).tolist() == frame["money"].map(repr).tolist()


@pytest.mark.parametrize(
    "columns",
    [
        pd.RangeIndex(2),
        pd.Index([3, 1], name="rank"),
        pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", "y"]),
        pd.CategoricalIndex(["new", "core"], categories=["core", "new"]),
        pd.Index(["a", "a"]),
        pd.date_range("2026-01-05", periods=2, freq="W-MON"),
    ],
)
def test_a_frame_keeps_its_column_labels(columns):
    frame = pd.DataFrame([[1.0, 2.0]], columns=columns)
    assert_frame_equal(there_and_back(frame), frame, check_freq=True)


def test_an_empty_frame_keeps_its_columns():
    frame = pd.DataFrame({"store_id": pd.array([], dtype="str"), "n": pd.array([], dtype="int64")})
    assert_frame_equal(there_and_back(frame), frame)
    assert_frame_equal(there_and_back(pd.DataFrame(index=["a"])), pd.DataFrame(index=["a"]))


def test_series_and_indexes_come_back():
    series = pd.Series([1.5, 2.5], index=pd.Index(["core", "new"], name="segment"), name=("a", 1))
    assert_series_equal(there_and_back(series), series)
    index = pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["x", "y"])
    assert_index_equal(there_and_back(index), index)


@given(st.lists(st.floats(allow_nan=True), max_size=5), st.sampled_from(["f8", "f4", "i8", "b"]))
def test_an_array_keeps_type_and_shape(values, kind):
    with np.errstate(all="ignore"):
        array = np.nan_to_num(np.array(values)).astype(kind).reshape(1, -1)
    back = there_and_back(array)
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype


def rich(**changes):
    plan = Plan(title="Caring store", targets=(Target(name="r", value=1, until="2026-03-01"),))
    fields = {
        "table": pd.DataFrame({"store_id": ["s1"], "att": [0.019]}),
        "series": pd.Series([1, 2]),
        "draws": np.arange(6.0).reshape(2, 3),
        "shares": {"core": 0.18},
        "pair": (0.76, 3.05),
        "day": dt.date(2026, 4, 19),
        "price": Decimal("9.90"),
        "light": Light.GO,
        "plan": plan,
        "inner": Anything(value=[1, (2, 3)]),
        "parts": (Part1(label="a", frame=pd.DataFrame({"n": [1]})),),
    }
    return Rich(**(fields | changes))


def test_a_result_is_rebuilt_as_its_class(engagement):
    result = rich()
    key = engagement.results.store(result, STEP)
    found = engagement.results.latest(Rich)
    assert found is not None
    assert (found.hash, found.who, found.provenance) == (key, "Anna", STEP)
    back = found.result
    assert type(back) is Rich
    assert_frame_equal(back.table, result.table)
    assert_series_equal(back.series, result.series)
    np.testing.assert_array_equal(back.draws, result.draws)
    assert (back.shares, back.pair, back.day) == (result.shares, result.pair, result.day)
    assert (back.price, back.light, back.plan) == (result.price, result.light, result.plan)
    assert back.inner.value == [1, (2, 3)]
    assert_frame_equal(back.parts[0].frame, result.parts[0].frame)
    assert back.nothing is None


def test_the_same_result_has_the_same_hash_and_another_has_another(engagement):
    store = engagement.results.store
    first = store(rich(), STEP)
    assert store(rich(), STEP) == first
    assert store(rich(pair=(0.76, 3.06)), STEP) != first
    assert len(engagement.results.history(Rich)) == 3
    assert len(list(engagement.results.folder.iterdir())) == 2


def test_what_cannot_be_stored_is_named_with_its_field(engagement):
    with pytest.raises(TypeError, match=r"Rich\.inner: Anything\.value: function"):
        engagement.results.store(rich(inner=Anything(value=lambda: 1)), STEP)
    assert engagement.results.latest(Rich) is None


def test_a_full_disk_leaves_no_half_result(engagement, monkeypatch):
    engagement.results.store(rich(), STEP)

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("playbook.engagement.results.os.fsync", full)
    with pytest.raises(PlaybookError, match="disk is full"):
        engagement.results.store(rich(pair=(0.0, 0.0)), STEP)
    monkeypatch.undo()
    assert [p.name for p in engagement.results.folder.iterdir() if p.name.startswith(".")] == []
    assert engagement.results.latest(Rich).result.pair == (0.76, 3.05)


def test_a_result_of_an_older_class_asks_to_run_its_step_again(engagement, monkeypatch):
    engagement.results.store(rich(), STEP)
    monkeypatch.setitem(Rich.__annotations__, "pair", "list[float]")
    monkeypatch.setattr(Rich.__dataclass_fields__["pair"], "type", "list[float]")
    with pytest.raises(PlaybookError, match="Run step 03_segmentation again"):
        engagement.results.latest(Rich)


def test_a_result_whose_files_are_gone_asks_to_run_its_step_again(engagement):
    engagement.results.store(rich(), STEP)
    for file in engagement.results.folder.rglob("*.parquet"):
        file.unlink()
    with pytest.raises(PlaybookError, match="Run step 03_segmentation again"):
        engagement.results.latest(Rich)


def test_the_code_version_names_the_package_and_its_sources():
    version, _plus, digest = code_version().partition("+")
    assert version.count(".") == 2
    assert len(digest) == 12
