import pytest
import yaml

from playbook.run import places
from playbook.scaling.decision_rights import decision_rights
from playbook.scaling.organisation import Organisation, structure


def raw():
    text = (places.sample() / "inputs" / "organisation.yaml").read_text("utf-8")
    return yaml.safe_load(text)


@pytest.fixture(scope="module")
def sample():
    return Organisation.from_raw(raw(), version=1)


def test_21_posts_more_cost_the_34_million_of_the_business_case(sample):
    found = structure(sample)
    assert found.n_change == 21
    assert found.cost_change == pytest.approx(34_000_000)


def test_spans_are_reports_per_person(sample):
    posts = structure(sample).posts.set_index("id")
    assert posts.loc["area_manager", "span_next"] == pytest.approx(15)
    # 16 area managers and 12 for customer experience under 6 regional directors
    assert posts.loc["regional_director", "span_next"] == pytest.approx(28 / 6)
    assert posts.loc["retention_head", "span_next"] == pytest.approx(8)
    assert posts["span_next"].isna()["shop_director"]


def test_the_planted_wide_span_is_found(sample):
    assert structure(sample).span_check.rules() == {("wide_span", "HR director")}


def test_the_planted_orphan_double_and_stranger_rights_are_found(sample):
    assert decision_rights(sample).right_check.rules() == {
        ("two_decide", "Standard of service in the shop"),
        ("no_decide", "Stopping a mailing that brings nothing"),
        ("no_such_post", "Bonus rules of the shops"),
        ("many_agree", "Start of the next wave"),
    }
    assert decision_rights(sample).headline.startswith("4 of 6")


def test_a_post_that_goes_cannot_decide():
    changed = raw()
    for post in changed["posts"]:
        if post["id"] == "regional_director":
            post["n_next"] = 0
    found = decision_rights(Organisation.from_raw(changed, version=1)).right_check.rules()
    name = "Corrections in a shop that keeps less than half of the standard"
    assert ("no_such_post", name) in found


def test_a_post_in_an_unknown_unit_and_an_unknown_boss_are_both_named():
    changed = raw()
    changed["posts"][4]["unit"] = "moon"
    changed["posts"][5]["reports_to"] = "nobody"
    with pytest.raises(ValueError, match=r"moon.*nobody"):
        Organisation.from_raw(changed, version=1)
