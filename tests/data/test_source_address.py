import pytest

from playbook.data.source_address import parse
from playbook.errors import PlaybookError


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://anna:secret@host:5432/db",
        "postgres://anna:sec@ret/x@host/db?table=receipts",
        "postgresql://host/db?password=secret",
        "snowflake://anna@account/db?private_key=secret",
        "trino://host/db?access_token=secret",
    ],
)
def test_a_password_is_refused_and_not_shown(address):
    with pytest.raises(PlaybookError) as caught:
        parse(address)
    assert "secret" not in str(caught.value)
    assert "PLAYBOOK_SOURCE_PASSWORD" in caught.value.advice


def test_an_address_is_taken_apart():
    found = parse(
        "postgresql://anna@db.shop.ru:5433/sales?table=dwh.чеки&map=amount:Сумма&zone=UTC"
    )
    assert (found.engine, found.user, found.server, found.port) == (
        "postgresql",
        "anna",
        "db.shop.ru",
        5433,
    )
    assert (found.path, found.table, found.zone) == ("/sales", "dwh.чеки", "UTC")
    assert found.columns == {"amount": "Сумма"}


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("spark://local", "local"),
        ("spark://local[2]?path=/a", "local[2]"),
        ("spark://m:7077", "m:7077"),
    ],
)
def test_masters_of_spark_are_hosts(address, host):
    assert parse(address).host == host


@pytest.mark.parametrize(
    "address", ["duckdb://shop.db?table=receipts", "spark://local?path=a.parquet"]
)
def test_a_file_needs_its_whole_path(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlaybookError) as caught:
        parse(address)
    assert str(tmp_path) in caught.value.problems[0]


def test_every_mistake_of_an_address_is_named_at_once():
    with pytest.raises(PlaybookError) as caught:
        parse("postgresql://host/db?tabel=x&zone=Mars/Olympus&money=guess&table=a&path=/b")
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize("address", ["receipts", "mysql://host/db", "http://host", ""])
def test_what_is_no_source_is_refused_with_the_known_ones(address):
    with pytest.raises(PlaybookError, match="no address of a source") as caught:
        parse(address)
    assert "spark" in caught.value.problems[0]
