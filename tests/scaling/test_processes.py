import pytest
import yaml

from playbook.run import places
from playbook.scaling.processes import Processes, ProcessStep, inventory


@pytest.fixture(scope="module")
def sample():
    text = (places.sample() / "inputs" / "processes.yaml").read_text("utf-8")
    return inventory(Processes.from_raw(yaml.safe_load(text), version=1))


def step(**fields):
    usual = {
        "id": "till",
        "name": "Pay",
        "owner": "Shop director",
        "kpi": "Queue",
        "standard": "4 minutes",
        "volume": 1000,
        "failing_share": 0.1,
        "cost_of_failure": 50,
    }
    return ProcessStep(**(usual | fields))


def test_a_thousand_visits_of_which_a_tenth_fails_at_50_lose_5000():
    assert step().loss == pytest.approx(5000)


def test_a_loss_needs_all_three_numbers():
    assert step(volume=None).loss is None
    assert step(failing_share=0.0).loss == 0


def test_steps_are_ranked_by_money_and_unknown_losses_come_last():
    found = inventory(
        Processes(
            steps=(
                step(id="a", volume=None),
                step(id="b", cost_of_failure=5),
                step(id="c", cost_of_failure=500),
            )
        )
    )
    assert found.steps["id"].tolist() == ["c", "b", "a"]
    assert found.total == pytest.approx(50_500)


def test_the_planted_gaps_of_the_sample_are_found(sample):
    assert sample.step_check.rules() == {
        ("no_owner", "Answer a complaint"),
        ("no_kpi", "Take goods back"),
        ("no_standard", "Advise a customer who asks"),
        ("no_loss", "Ask how the visit was"),
    }


def test_what_costs_most_in_the_sample_has_no_owner(sample):
    first = sample.steps.iloc[0]
    assert first["id"] == "complaint"
    assert first["loss"] == pytest.approx(96_000 * 0.34 * 1900)
    assert not first["owner"]
    assert "Answer a complaint" in sample.headline


def test_a_list_without_any_loss_says_so():
    found = inventory(Processes(steps=(step(volume=None),)))
    assert "No step says" in found.headline
    assert found._repr_html_()
