from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.stats.schedule import cycle, drawn, pert, schedule, widened

# A teaching text: lengths, and what each task waits for.
LENGTHS = dict(
    zip("ABCDEFGHIJKLMN", [2, 10, 13, 12, 12, 7, 10, 16, 6, 12, 5, 8, 5, 3], strict=True)
)
AFTER = {
    "A": "", "B": "A", "C": "A", "D": "A", "E": "B", "F": "B", "G": "D", "H": "D", "I": "F",
    "J": "CG", "K": "I", "L": "EK", "M": "H", "N": "JLM",
}  # fmt: skip

# The plan of the sample chain: optimistic, likely, pessimistic weeks.
PLAN = {
    "charter": ((1, 2, 4), []),
    "data": ((3, 5, 10), ["charter"]),
    "design": ((2, 3, 6), ["charter"]),
    "incentives": ((2, 4, 8), ["charter"]),
    "training": ((1, 2, 3), ["design", "incentives"]),
    "pilot": ((16, 16, 18), ["data", "training"]),
    "analysis": ((1, 2, 4), ["pilot"]),
}


def plan():
    estimates = np.array([weeks for weeks, _after in PLAN.values()], float).T
    return {task: after for task, (_weeks, after) in PLAN.items()}, estimates


def test_the_critical_path_of_the_teaching_text_is_found():
    network = {task: list(after) for task, after in AFTER.items()}
    found = schedule(network, np.array(list(LENGTHS.values()), float))
    assert found.finish.tolist() == [41]
    assert found.critical_path() == list("ABFIKLN")


def test_pert_of_the_sample_plan_is_27_weeks():
    network, estimates = plan()
    mean, _sd = pert(*estimates)
    assert schedule(network, mean).finish[0] == pytest.approx(27.0)


def test_the_simulated_plan_is_later_than_its_pert_path_says():
    network, estimates = plan()
    found = schedule(network, drawn(*estimates, n_draws=40_000, seed=3))
    critical = dict(zip(found.tasks, found.criticality, strict=True))
    assert found.finish.mean() == pytest.approx(27.5, abs=0.1)
    assert np.quantile(found.finish, 0.8) == pytest.approx(28.5, abs=0.1)
    assert (found.finish <= 27.0).mean() == pytest.approx(0.37, abs=0.015)
    assert critical["data"] == pytest.approx(0.28, abs=0.015)
    assert critical["pilot"] == 1.0


def test_drawn_durations_have_the_pert_mean_and_stay_inside_the_estimates():
    o, m, p = np.array([[5.0], [8.0], [14.0]])
    days = drawn(o, m, p, n_draws=40_000, seed=1)
    assert days.mean() == pytest.approx(8.5, abs=0.03)
    assert days.min() >= 5
    assert days.max() <= 14


def test_a_task_with_one_figure_always_takes_as_long():
    two = np.array([2.0])
    assert (drawn(two, two, two, n_draws=5, seed=1) == 2).all()


def test_a_wider_estimate_keeps_its_middle():
    low, middle, high = widened(*np.array([[4.0], [5.0], [9.0]]), factor=2)
    assert (low[0], middle[0], high[0]) == (3, 5, 13)


def test_a_widened_estimate_stays_above_zero():
    low, _middle, _high = widened(*np.array([[1.0], [2.0], [4.0]]), factor=5)
    assert 0 < low[0] < 1


def test_tasks_that_wait_for_each_other_are_named_in_order():
    found = cycle({"a": ["c"], "b": ["a"], "c": ["b"], "d": []})
    assert found[0] == found[-1]
    assert set(found) == {"a", "b", "c"}
    for earlier, later in pairwise(found):
        assert earlier in {"a": ["c"], "b": ["a"], "c": ["b"]}[later]


def test_a_circle_cannot_be_scheduled():
    with pytest.raises(ValueError, match="wait for each other"):
        schedule({"a": ["b"], "b": ["a"]}, np.ones(2))


@st.composite
def networks(draw):
    n = draw(st.integers(2, 8))
    network = {str(i): [str(j) for j in range(i) if draw(st.booleans())] for i in range(n)}
    lengths = draw(st.lists(st.floats(0, 20), min_size=n, max_size=n))
    return network, np.array(lengths)


@given(networks())
def test_a_plan_is_as_long_as_its_longest_chain(plan_):
    network, lengths = plan_

    def chain(task):
        return lengths[int(task)] + max(map(chain, network[task]), default=0.0)

    found = schedule(network, lengths)
    assert found.finish[0] == pytest.approx(max(map(chain, network)))
    assert found.slack.min() == pytest.approx(0, abs=1e-9)


@given(networks())
def test_using_up_the_slack_of_one_task_does_not_move_the_end(plan_):
    network, lengths = plan_
    before = schedule(network, lengths)
    for i in range(len(lengths)):
        slipped = lengths.copy()
        slipped[i] += max(before.slack[0, i], 0)
        assert schedule(network, slipped).finish[0] == pytest.approx(before.finish[0])
