"""Every reduction can be written for the engines that we cannot start here."""

import datetime as dt

import ibis
import pytest

from playbook.data import recipes
from playbook.data.source_address import UNTESTED

RECEIPTS = {
    "receipt_id": "string",
    "at": "timestamp",
    "store_id": "string",
    "customer_id": "string",
    "amount": "decimal(18, 2)",
}
STORES = {"store_id": "string", "latitude": "float64", "longitude": "float64"}


@pytest.mark.parametrize("dialect", UNTESTED)
@pytest.mark.parametrize("name", recipes.RECIPES)
def test_a_reduction_compiles_for(name, dialect):
    recipe = recipes.RECIPES[name]
    schema = {"receipts": RECEIPTS, "stores": STORES}[recipe.needs]
    rows = recipe.make(ibis.table(schema, name=recipe.needs), dt.date(2024, 12, 31))
    assert "SELECT" in ibis.to_sql(rows, dialect=dialect)
