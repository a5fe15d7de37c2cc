import pandas as pd
import pytest

from playbook.customers import gates, purchases, segments
from playbook.data.sample import Chain, customers, receipts


@pytest.fixture(scope="session")
def chain():
    return Chain(seed=11, customers=8000)


@pytest.fixture(scope="session")
def planted(chain):
    """Planted segment by customer id."""
    return pd.concat(customers(chain)).set_index("customer_id")["segment"]


@pytest.fixture(scope="session")
def bought(chain):
    """The chain's receipts, by customer and day."""
    return purchases.read(receipts(chain))


@pytest.fixture(scope="session")
def window(bought):
    return purchases.window_at(bought)


@pytest.fixture(scope="session")
def allowed(bought, window):
    return gates.check(bought, window=window)


@pytest.fixture(scope="session")
def today(bought, window, allowed):
    """The chain's customers in segments at the last day."""
    return segments.sort(bought, window=window, gates=allowed)


@pytest.fixture(scope="session")
def a_year_ago(today):
    return today.earlier()
