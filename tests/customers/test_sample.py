"""What notebook 03 says about the sample chain that is shipped."""

import json

import pandas as pd
import pytest
import yaml

from playbook.customers import equity, gates, purchases, retention, segments
from playbook.customers.policy import SegmentPlan
from playbook.engagement.documents import read
from playbook.errors import PlaybookError
from playbook.run import places

SAMPLE = places.sample()


@pytest.fixture(scope="module")
def truth():
    return json.loads((SAMPLE / "truth.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def worth(truth):
    columns = ["customer_id", "at", "amount"]
    bought = purchases.read(pd.read_parquet(SAMPLE / "receipts.parquet", columns=columns))
    window = purchases.window_at(bought)
    allowed = gates.check(bought, window=window)
    today = segments.sort(bought, window=window, gates=allowed)
    again = retention.bought_again(today.earlier(), again=window, gates=allowed)
    described = segments.describe(
        today, margin_share=0.24, all_customers=truth["chain"]["customers"]
    )
    return equity.measured(described, again, discount=0.18, gates=allowed)


def test_the_sample_holds_one_customer_in_a_hundred(worth, truth):
    assert worth.segments["n_customers"].sum() == pytest.approx(truth["chain"]["customers"])


def test_retention_and_margin_are_those_of_the_whole_chain(worth, truth):
    planted = pd.DataFrame(truth["planted"]["segments"])
    margin = (planted["share"] * planted["margin"]).sum()
    assert worth.one_retention == pytest.approx(truth["realised"]["retention"], abs=0.012)
    assert worth.one_margin == pytest.approx(margin, rel=0.05)


def test_one_average_rate_gives_the_4_18_bn_of_the_story(worth):
    assert worth.one_rate == pytest.approx(4.18e9, rel=0.06)
    assert worth.total > 7e9


def test_the_order_of_value_is_the_planted_one(worth, truth):
    # one year of receipts hardly tells the new from the seasonal, so these two may change places
    planted = pd.DataFrame(truth["planted"]["segments"]).set_index("id")
    value = planted["margin"] * planted["retention"] / (1.18 - planted["retention"])
    found = worth.segments.sort_values("value", ascending=False)["segment"].tolist()
    order = value.sort_values(ascending=False).index.tolist()
    assert order == ["core", "growing", "seasonal", "new", "sleeping"]
    assert (found[:2], found[-1]) == (order[:2], order[-1])


def test_every_defect_of_the_practice_plan_is_named_at_once():
    path = SAMPLE / "inputs_with_defects" / "segments.yaml"
    with pytest.raises(PlaybookError) as refusal:
        read(SegmentPlan, yaml.safe_load(path.read_text("utf-8")))
    said = "\n".join(refusal.value.problems)
    assert len(refusal.value.problems) == 4
    for place in ("rules › 2", "rules › 3", "actions › 1", "actions › 2"):
        assert place in said
