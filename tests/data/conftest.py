import ibis
import pytest


@pytest.fixture(scope="session")
def engine():
    return ibis.duckdb.connect()
