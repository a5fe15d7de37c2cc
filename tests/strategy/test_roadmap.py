import datetime as dt
from itertools import pairwise

import pytest
import yaml

from playbook.errors import PlaybookError
from playbook.run import places
from playbook.strategy.initiatives import Initiatives
from playbook.strategy.plan_live import plan_live
from playbook.strategy.roadmap import Roadmap, Task, for_initiatives
from playbook.strategy.roadmap_checks import check
from playbook.strategy.timing import timing


def raw(folder, kind):
    return yaml.safe_load((places.sample() / folder / f"{kind}.yaml").read_text(encoding="utf-8"))


SAMPLE = Roadmap(**raw("inputs", "roadmap"))


def plan(*tasks, promised=10.0, last=("z",)):
    return Roadmap(start=dt.date(2026, 1, 5), promised_weeks=promised, last=last, tasks=tasks)


def task(id_, weeks=(1, 2, 3), after=(), **more):
    fields = dict(zip(("optimistic", "likely", "pessimistic"), weeks, strict=True))
    after = list(after)
    return Task(
        **(
            {"id": id_, "title": f"Task {id_}", "after": after, "owner": f"Role {id_}"}
            | fields
            | more
        )
    )


def rules(roadmap):
    return {item.rule for item in check(roadmap).items}


def test_the_plan_of_the_sample_comes_out_as_its_story_says():
    found = timing(SAMPLE, seed=3)
    share = found.tasks.set_index("task")["critical_share"]
    assert found.planned_weeks == pytest.approx(27.0)
    assert found.finish.mean() == pytest.approx(27.5, abs=0.1)
    assert found.safe_weeks == pytest.approx(28.5, abs=0.1)
    assert found.kept_share(27.0) == pytest.approx(0.37, abs=0.015)
    assert share["crm"] == pytest.approx(0.28, abs=0.015)
    assert not found.tasks.set_index("task").loc["crm", "is_critical"]
    assert share["application"] == 0


def test_the_orphan_planted_in_the_sample_is_found_and_nothing_else():
    assert check(SAMPLE).rules() == {("orphan", "New loyalty application")}


def test_a_certain_plan_is_kept_or_broken_for_sure():
    certain = [task("a", (2, 2, 2)), task("z", (3, 3, 3), ["a"])]
    found = timing(plan(*certain, promised=5), seed=1, n_draws=50)
    assert found.kept_share(5) == 1
    assert found.kept_share(4.9) == 0
    assert found.day(5) == dt.date(2026, 2, 9)


def test_the_rooms_wider_ranges_move_the_safe_date_back():
    found = timing(SAMPLE, widening=2.2, seed=3)
    assert found.safe_weeks == pytest.approx(28.5, abs=0.1)
    assert found.safe_weeks_wide > found.safe_weeks + 1
    assert any("as far off as the room" in line for line in found.warnings)


def test_two_paths_that_meet_end_later_than_either():
    both = [task("a", (1, 5, 9)), task("b", (1, 5, 9)), task("z", (1, 1, 1), ["a", "b"])]
    found = timing(plan(*both), seed=1)
    # the larger of two beta-PERT lengths of mean 5 and sd 1.51: 5 + 1.51 / sqrt(pi)
    assert found.planned_weeks == pytest.approx(6.0)
    assert found.finish.mean() == pytest.approx(6.0 + 1.51 / 3.14159**0.5, abs=0.03)


@pytest.mark.parametrize(
    ("tasks", "rule"),
    [
        ([task("a"), task("z", after=["a"])], None),
        ([task("a", after=["z"]), task("z", after=["a"])], "cycle"),
        ([task("a"), task("z")], "orphan"),
        ([task("a", after=["nothing"]), task("z", after=["a"])], "unknown_task"),
        ([task("a"), task("a"), task("z", after=["a"])], "id_twice"),
        ([task("a", (3, 2, 4)), task("z", after=["a"])], "out_of_order"),
        ([task("a", (2, 2, 4)), task("z", after=["a"])], "no_spread"),
        ([task("a", owner=""), task("z", after=["a"])], "no_owner"),
        ([*(task(i) for i in "abcde"), task("z", after=list("abcde"))], "one_quarter"),
        (
            [*(task(i, (9, 10, 12), owner="One") for i in "abc"), task("z", (5, 6, 7), "abc")],
            "load",
        ),
    ],
)  # fmt: skip
def test_a_planted_defect_is_found_alone(tasks, rule):
    assert rules(plan(*tasks)) == ({rule} if rule else set())


def test_a_length_that_is_set_by_design_needs_no_spread():
    assert rules(plan(task("a", (2, 2, 4), is_fixed=True), task("z", after=["a"]))) == set()


def test_a_circle_is_named_in_the_order_in_which_it_turns():
    circle = plan(task("a", after=["z"]), task("b", after=["a"]), task("z", after=["b"]))
    (found,) = check(circle).items
    turns = found.problem.partition(": ")[2].strip(".").split(" → ")
    assert turns[0] == turns[-1]
    assert ("Task a", "Task b") in pairwise(turns)
    assert ("Task b", "Task z") in pairwise(turns)


def test_no_date_is_computed_from_a_broken_plan_and_all_reasons_are_named():
    broken = Roadmap(**raw("inputs_with_defects", "roadmap"))
    with pytest.raises(PlaybookError, match="No dates") as caught:
        timing(broken, seed=1)
    assert len(caught.value.problems) == 2
    assert {"cycle", "out_of_order", "no_owner", "no_spread"} == rules(broken)


def test_tasks_of_initiatives_that_are_not_kept_fall_away():
    only_first = for_initiatives(SAMPLE, {"i1"})
    assert [t.id for t in only_first.tasks] == [
        "charter",
        "crm",
        "pilot",
        "analysis",
        "application",
    ]
    assert for_initiatives(SAMPLE, {"i1", "i2", "i4"}) == SAMPLE


def test_what_waited_for_a_task_that_fell_away_waits_for_its_predecessors():
    without = for_initiatives(SAMPLE, {"i5"})
    pilot = next(t for t in without.tasks if t.id == "pilot")
    assert set(pilot.after) == {"crm", "charter"}


def test_sliders_for_initiatives_and_week_answer_in_cases_of_a_hundred():
    initiatives = Initiatives(**raw("inputs", "initiatives"))
    live = plan_live(initiatives, SAMPLE, keep=3, seed=3)
    shown = live.markup().replace("\xa0", " ")
    assert "With 3 of 6 initiatives 27 weeks hold in 3" in shown
    assert "hold in 100 of 100 cases" in live.markup(weeks=33)
    assert "With 1 of 6 initiatives" in live.markup(kept=1)
