"""The same rows in DuckDB, Postgres and Spark give the same tables, to the last digit."""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import servers

from playbook.data import recipes
from playbook.data.source_columns import as_receipts, found_columns
from playbook.data.store_distances import store_distances
from playbook.data.tables import Tables
from playbook.data.warehouse import Warehouse, in_byte_order
from playbook.data.years import two_periods
from playbook.errors import PlaybookError

pytestmark = [
    pytest.mark.xdist_group("sources"),  # one Postgres and one Spark for the whole run
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
NAMES = [name for name, recipe in recipes.RECIPES.items() if recipe.needs == "receipts"]
SCHEMA = pa.schema(
    [
        ("receipt_id", pa.string()),
        ("at", pa.timestamp("us")),
        ("store_id", pa.string()),
        ("customer_id", pa.string()),
        ("amount", pa.decimal128(12, 2)),
    ]
)
SQL_TYPES = {"at": "timestamp", "amount": "numeric(12, 2)", "units": "double precision"}


def rows_of(*rows):
    """Rows of (customer, store, moment, amount) as receipts."""
    return [
        {
            "receipt_id": f"r{i}",
            "at": dt.datetime.fromisoformat(at),
            "store_id": store,
            "customer_id": customer,
            "amount": Decimal(amount),
        }
        for i, (customer, store, at, amount) in enumerate(rows)
    ]


# A Russian dictionary puts ё before Ё, b before B and blanks nowhere; bytes do not.
NASTY = rows_of(
    # two purchases at the very same time in two stores
    ("О'Нил", "Ё1", "2024-01-07T12:00:00", "10.10"),
    ("О'Нил", "ё1", "2024-01-07T12:00:00", "10.10"),
    # the last millisecond of a Sunday, the first of a Monday
    ('say "да" ', "B", "2024-01-07T23:59:59.999", "5"),
    ('say "да" ', "b", "2024-01-08T00:00:00", "5"),
    ('say "да"', "b", "2024-01-08T00:00:00", "7"),
    # a return before the first purchase; only returns; nothing and less than nothing
    ("early", "b", "2024-02-01T10:00:00", "-30"),
    ("early", "b", "2024-03-01T10:00:00", "100"),
    ("only returns", "b", "2024-03-02T10:00:00", "-1.01"),
    ("nothing", "b", "2024-03-03T10:00:00", "0"),
    # ends of years, a leap day, months without a visit
    ("z", "a b", "2024-02-29T23:59:59", "3"),
    ("Z", "a b", "2024-12-31T23:59:59.999999", "9999999999.99"),
    ("Z", "ab", "2025-01-01T00:00:00", "9999999999.99"),
    ("Z", "a-b", "2025-12-31T23:59:59", "-0.01"),
    # no card at all
    (None, "ab", "2024-01-07T23:59:59.999", "11"),
    (None, "ab", "2025-06-01T03:00:00", "-11"),
    (None, "silent", "2024-05-05T05:05:05", "-2"),
)


def made_up(n, seed):
    """Random receipts from the same few hard values, some of them very large."""
    chance = random.Random(seed)
    who = ["О'Нил", "О'Нил ", "ё", "Ё", "e", "E", "10", "9", "_", None, None]
    where = ["Ё1", "ё1", "a b", "ab", "AB", "a'b", 'a"b', "№ 7"]
    clocks = ["00:00:00", "23:59:59.999999", "13:00:00", "13:00:00.000001"]
    money = ["0.01", "-0.01", "0", "19.99", "1234.5", "9999999999.99", "-7"]
    days = [dt.date(2023, 12, 25) + dt.timedelta(day) for day in range(0, 760, 3)]
    return rows_of(
        *(
            (
                chance.choice(who),
                chance.choice(where),
                f"{chance.choice(days)}T{chance.choice(clocks)}",
                chance.choice(money),
            )
            for _row in range(n)
        )
    )


def needed(reason):
    """Skip, or fail where everything must be there."""
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"{reason}: these tests must run here")
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres():
    needed(servers.why_no_postgres())
    with servers.postgres() as port:
        yield f"postgresql://playbook@127.0.0.1:{port}/postgres"


@pytest.fixture(scope="session")
def spark():
    needed(servers.why_no_spark())
    os.environ["JAVA_TOOL_OPTIONS"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    yield "spark://local[2]"
    from pyspark.sql import SparkSession

    del os.environ["JAVA_TOOL_OPTIONS"]

    if session := SparkSession.getActiveSession():
        session.stop()


@pytest.fixture(autouse=True)
def _little_memory(monkeypatch):
    monkeypatch.setenv("PLAYBOOK_MEMORY", "600MB")
    monkeypatch.delenv("PLAYBOOK_SOURCE_PASSWORD", raising=False)
    yield
    monkeypatch.undo()
    time.tzset()


def in_postgres(address, rows, *, name, types=SQL_TYPES):
    """Write rows into a new table and return its address."""
    import psycopg

    columns = ", ".join(f'"{key}" {types.get(key, "text")}' for key in rows.column_names)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS "{name}"')
        cursor.execute(f'CREATE TABLE "{name}" ({columns})')
        with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
            for row in rows.to_pylist():
                copy.write_row(tuple(row.values()))
    return f"{address}?table={name}"


def in_parquet(rows, path):
    pq.write_table(rows, path)
    return path


def worked_out(address, folder, *, names=NAMES, zone=None):
    """Every reduction as the source works it out, as plain rows with their exact values."""
    warehouse = Warehouse(address, folder, folder / "cache")
    try:
        receipts, as_of = warehouse.receipts(), warehouse.look().last_day
        if zone:
            warehouse.connection._session.conf.set("spark.sql.session.timeZone", zone)
        found = {"look": [counted(warehouse)]}
        for name in names:
            recipe, target = recipes.RECIPES[name], folder / f"{name}.parquet"
            warehouse.bring(recipe.make(receipts, as_of), target, order=recipe.order)
            found[name] = pq.read_table(target).to_pylist()
        return found
    finally:
        if zone:
            warehouse.connection._session.conf.set("spark.sql.session.timeZone", "UTC")
        warehouse.close()


def counted(warehouse):
    look = warehouse.look()
    numbers = (look.n_rows, look.n_usable, look.n_anonymous, Decimal(look.total))
    return (*numbers, look.first, look.last)


def same(found, expected):
    """Equal in every value, and a message that shows the first row that is not."""
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        for got, wanted in zip(found[name], rows, strict=True):
            assert got == wanted, name


@pytest.mark.slow
@pytest.mark.parametrize("made", ["nasty", "many", "one"])
def test_three_engines_give_the_same_tables_to_the_last_digit(
    tmp_path, postgres, spark, made, monkeypatch
):
    rows = {"nasty": NASTY, "many": made_up(600, seed=7), "one": NASTY[:1]}[made]
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    if made == "many":  # pieces and weights: a sum of tenths depends on its order, ours does not
        weights = pa.array([n / 10 for n in range(len(rows))], pa.float64())
        table = table.append_column("units", weights)
    file = in_parquet(table, tmp_path / "receipts.parquet")
    expected = worked_out(f"duckdb://?path={file}", tmp_path)
    same(worked_out(in_postgres(postgres, table, name=made), tmp_path), expected)
    zone = servers.ZONE if made == "nasty" else None
    monkeypatch.setenv("TZ", "America/New_York")  # nor does this machine's own clock matter
    time.tzset()
    same(worked_out(f"{spark}?path={file}", tmp_path, zone=zone), expected)
    assert all(("units" in row) == (made == "many") for row in expected["store_weeks"])
    assert expected["look"][0][3] == sum(row["amount"] for row in rows)


def test_what_is_known_of_the_nasty_rows_comes_out(tmp_path):
    file = in_parquet(pa.Table.from_pylist(NASTY, schema=SCHEMA), tmp_path / "receipts.parquet")
    found = worked_out(f"duckdb://?path={file}", tmp_path)
    customers = {row["customer_id"]: row for row in found["customers"]}
    assert set(customers) == {"О'Нил", 'say "да" ', 'say "да"', "early", "z", "Z"}
    assert customers["О'Нил"]["last_store"] == "ё1"  # of two at the same time the greater bytes
    assert customers["О'Нил"]["purchase_days"] == 1
    assert customers["early"]["first_purchase"] == dt.date(2024, 3, 1)
    assert customers["early"]["revenue"] == 70
    assert customers["Z"]["revenue"] == Decimal("19999999999.97")
    weeks = {(row["store_id"], row["week"]): row for row in found["store_weeks"]}
    assert weeks["B", dt.date(2024, 1, 1)]["receipts"] == 1
    assert weeks["b", dt.date(2024, 1, 8)]["customers"] == 2
    assert weeks["silent", dt.date(2024, 4, 29)]["basket"] is None
    months = {(row["customer_id"], row["month"]): row for row in found["customer_months"]}
    assert months["only returns", dt.date(2024, 3, 1)] == {
        "customer_id": "only returns",
        "month": dt.date(2024, 3, 1),
        "visits": 0,
        "purchase_days": 0,
        "revenue": Decimal("-1.01"),
        "returns": Decimal("1.01"),
    }
    assert ("early", dt.date(2024, 2, 1)) in months
    assert ("early", dt.date(2024, 4, 1)) not in months


@pytest.mark.slow
def test_sums_past_a_million_millions_are_exact(tmp_path, postgres, spark):
    rows = rows_of(
        *[
            ("rich", "s", f"2024-01-01T{h:02}:00:{s:02}", "9999999999.99")
            for h in range(20)
            for s in range(20)
        ]
    )
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    file = in_parquet(table, tmp_path / "receipts.parquet")
    for address in (
        f"duckdb://?path={file}",
        in_postgres(postgres, table, name="rich"),
        f"{spark}?path={file}",
    ):
        found = worked_out(address, tmp_path, names=["customers", "customer_months"])
        assert found["customers"][0]["revenue"] == Decimal("3999999999996.00")
        assert found["customer_months"][0]["revenue"] == Decimal("3999999999996.00")


MOMENTS = st.builds(
    lambda day, clock: f"{dt.date(2024, 12, 1) + dt.timedelta(day)}T{clock}",
    st.integers(0, 80),
    st.sampled_from(["00:00:00", "12:00:00", "23:59:59.999999"]),
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["anna", "Anna", "ё", "Ё", None]),
        st.sampled_from(["b", "B", "a b", "ab"]),
        MOMENTS,
        st.sampled_from(["100", "12.5", "0.01", "0", "-30"]),
    ),
    min_size=1,
    max_size=25,
)


@pytest.mark.slow
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS)
def test_postgres_agrees_with_duckdb_on_whatever_rows(tmp_path, postgres, rows):
    table = pa.Table.from_pylist(rows_of(*rows), schema=SCHEMA)
    file = in_parquet(table, tmp_path / "receipts.parquet")
    (tmp_path / "cache" / "source.json").unlink(missing_ok=True)
    expected = worked_out(f"duckdb://?path={file}", tmp_path)
    address = in_postgres(postgres, table, name="random")
    (tmp_path / "cache" / "source.json").unlink()
    same(worked_out(address, tmp_path), expected)


@pytest.mark.slow
def test_an_empty_table_gives_empty_reductions_and_is_refused_as_a_source(
    tmp_path, postgres, spark
):
    table = SCHEMA.empty_table()
    file = in_parquet(table, tmp_path / "receipts.parquet")
    for address in (
        f"duckdb://?path={file}",
        in_postgres(postgres, table, name="empty"),
        f"{spark}?path={file}",
    ):
        with pytest.raises(PlaybookError, match="cannot be used as they are") as caught:
            Warehouse(address, tmp_path, tmp_path / "cache").look()
        assert caught.value.problems == ("Of 0 rows none can be used.",)
        warehouse = Warehouse(address, tmp_path, tmp_path / "cache")
        path = warehouse.address.stated.get("path")
        open_ = warehouse.connection
        raw = open_.read_parquet(path) if path else open_.table("empty")
        rows = as_receipts(raw, found_columns(raw, warehouse.address), warehouse.address)
        for name in NAMES:
            found = recipes.RECIPES[name].make(rows, dt.date(2024, 1, 1))
            assert found.count().execute() == (1 if name == "annual_retention" else 0), name
        warehouse.close()


@pytest.mark.slow
def test_moments_of_the_whole_world_become_the_time_of_the_stores(tmp_path, postgres, spark):
    utc = SCHEMA.set(1, pa.field("at", pa.timestamp("us", tz="UTC")))
    # 14:30 UTC of a Sunday is half past midnight of a Monday in Vladivostok
    rows = rows_of(
        ("anna", "s", "2024-01-07T14:30:00+00:00", "1"),
        ("anna", "s", "2024-01-07T13:30:00+00:00", "2"),
    )
    table = pa.Table.from_pylist(rows, schema=utc)
    file = in_parquet(table, tmp_path / "receipts.parquet")
    stored = in_postgres(postgres, table, name="zoned", types=SQL_TYPES | {"at": "timestamptz"})
    for address in (f"duckdb://?path={file}", stored, f"{spark}?path={file}"):
        with pytest.raises(PlaybookError) as caught:
            Warehouse(address, tmp_path, tmp_path / "cache").look()
        assert "zone=Europe/Moscow" in caught.value.problems[0]
        found = worked_out(f"{address}&zone={servers.ZONE}", tmp_path, names=["store_weeks"])
        weeks = [(row["week"], row["revenue"]) for row in found["store_weeks"]]
        assert weeks == [(dt.date(2024, 1, 1), 2), (dt.date(2024, 1, 8), 1)]
        assert found["look"][0][-1] == "2024-01-08T00:30:00"


@pytest.mark.slow
def test_two_periods_side_by_side_are_the_same_in_three_engines(tmp_path, postgres, spark):
    table = pa.Table.from_pylist(made_up(300, seed=3), schema=SCHEMA)
    file = in_parquet(table, tmp_path / "receipts.parquet")
    found = []
    for address in (
        f"duckdb://?path={file}",
        in_postgres(postgres, table, name="periods"),
        f"{spark}?path={file}",
    ):
        tables = Tables(tmp_path, warehouse=address)
        found.append(two_periods(tables.receipts(), until=tables.as_of()).to_dict("records"))
        tables.close()
    assert found[0] == found[1] == found[2]


STORES = pa.table(
    {
        "store_id": ["ё", "Ё", "b", "B", "far", "nowhere"],
        "latitude": [55.7558, 55.7512, 55.7558, 55.9, 59.9343, None],
        "longitude": [37.6173, 37.6184, 37.6173, 37.9, 30.3351, 30.0],
    }
)


@pytest.mark.slow
def test_distances_are_the_same_in_three_engines(tmp_path, postgres, spark):
    file = in_parquet(STORES, tmp_path / "stores.parquet")
    types = {"latitude": "double precision", "longitude": "double precision"}
    stored = in_postgres(postgres, STORES, name="stores", types=types)
    found = []
    for address in (f"duckdb://?path={file}", stored, f"{spark}?path={file}"):
        warehouse = Warehouse(address, tmp_path, tmp_path / "cache")
        path, here = warehouse.address.stated.get("path"), warehouse.connection
        stores = here.read_parquet(path) if path else in_byte_order(here.table("stores"), here)
        rows = store_distances(stores).order_by("store_id", "km", "other_store")
        warehouse.bring(rows, tmp_path / "km.parquet", order=("store_id", "km", "other_store"))
        found.append(pq.read_table(tmp_path / "km.parquet").to_pylist())
        warehouse.close()
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 12  # four stores of Moscow, each with the other three


@pytest.mark.slow
def test_an_engagement_works_from_postgres_and_no_receipt_comes_back(tmp_path, postgres):
    import pandas as pd

    table = pa.Table.from_pylist(made_up(200, seed=1), schema=SCHEMA)
    names = ["№ чека", "Дата и время", "Магазин", "Номер карты", "Сумма, руб."]
    types = {"Дата и время": "timestamp", "Сумма, руб.": "numeric"}
    address = in_postgres(postgres, table.rename_columns(names), name="чеки", types=types)
    tables = Tables(tmp_path, warehouse=address)
    weeks = tables.read("store_weeks")
    assert round(weeks["revenue"].sum(), 2) == float(
        sum(row["amount"] for row in table.to_pylist())
    )
    assert tables.names() == sorted([*NAMES, "receipts"])
    with pytest.raises(PlaybookError, match="stay in postgresql://"):
        tables.read("receipts")
    segments = pd.DataFrame({"customer_id": ["ё"], "segment": ["core"]})
    rates = tables.repeat_rates(window_weeks=4, segments=segments)
    assert set(rates["segment"]) == {"core", "none"}
    files = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(name.partition("-")[0] for name in files) == ["source.json", "store_weeks"]
    tables.close()


@pytest.mark.slow
def test_new_rows_count_after_a_new_look(tmp_path, postgres):
    import psycopg

    table = pa.Table.from_pylist(NASTY[:3], schema=SCHEMA)
    address = in_postgres(postgres, table, name="growing")
    tables = Tables(tmp_path, warehouse=address)
    before = tables.version("customers")
    assert len(tables.read("customers")) == 2
    with psycopg.connect(postgres) as connection:
        connection.execute("INSERT INTO growing VALUES ('n', '2024-02-01', 'b', 'new', 5)")
    assert tables.version("customers") == before
    assert len(tables.read("cohorts")) == 1  # worked out now, and still of the rows of the look
    tables.warehouse.renew(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert tables.version("customers") != before
    assert len(tables.read("customers")) == 3
    tables.close()


@pytest.mark.slow
def test_a_password_from_the_environment_opens_and_is_never_shown(tmp_path, postgres, monkeypatch):
    import psycopg

    address = in_postgres(postgres, pa.Table.from_pylist(NASTY, schema=SCHEMA), name="kept")
    with psycopg.connect(postgres) as connection:
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'hush-hush'")
        connection.execute("GRANT SELECT ON kept TO guarded")
    address = address.replace("playbook@", f"{servers.GUARDED}@")
    for secret in ("", "wrong-one"):
        monkeypatch.setenv("PLAYBOOK_SOURCE_PASSWORD", secret)
        with pytest.raises(PlaybookError, match="Postgres refused") as caught:
            Tables(tmp_path, warehouse=address).as_of()
        assert "wrong-one" not in str(caught.value)
    monkeypatch.setenv("PLAYBOOK_SOURCE_PASSWORD", "hush-hush")
    tables = Tables(tmp_path, warehouse=address)
    assert len(tables.read("customers")) == 6
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        tables.warehouse.connection.raw_sql("DELETE FROM kept")
    tables.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"hush-hush" in path.read_bytes() for path in files)


@pytest.mark.slow
def test_a_source_that_cannot_be_used_says_why_in_one_sentence(tmp_path, postgres):
    for address, words in (
        ("postgresql://playbook@127.0.0.1:1/postgres", "Nobody answers at 127.0.0.1:1: no server"),
        (f"{postgres}?table=nothing", "there is no table nothing"),
        (postgres.replace("/postgres", "/other"), 'database "other" does not exist'),
        (postgres.replace("playbook@", "nobody@"), 'role "nobody" does not exist'),
        ("spark://127.0.0.1:1?table=receipts", "Nobody answers at 127.0.0.1:1"),
    ):
        with pytest.raises(PlaybookError, match=words) as caught:
            Tables(tmp_path, warehouse=address).as_of()
        assert "\n" not in caught.value.summary


@pytest.mark.slow
def test_a_table_that_is_not_there_is_answered_with_those_that_are(tmp_path, postgres):
    import psycopg

    with psycopg.connect(postgres) as connection:
        connection.execute("CREATE SCHEMA sales")
        connection.execute("CREATE TABLE sales.lost (summa numeric(12, 2))")
    with pytest.raises(PlaybookError, match="there is no table lost") as caught:
        Tables(tmp_path, warehouse=f"{postgres}?table=lost").as_of()
    assert caught.value.problems[0].startswith("tables there: sales.lost, ")
    assert f"'{postgres}?table=sales.lost'" in caught.value.advice
    with pytest.raises(PlaybookError, match="columns") as caught:
        Tables(tmp_path, warehouse=f"{postgres}?table=sales.lost").as_of()
    assert f"'{postgres}?table=sales.lost&map=" in caught.value.advice
