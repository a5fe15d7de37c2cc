from pathlib import Path

import pytest
import yaml

from playbook.engagement.documents import read
from playbook.errors import PlaybookError
from playbook.pilot.team import Team, check, grid

ROLES = [
    {"id": "lead", "name": "Pilot lead", "function": "operations", "fte_share": 0.5},
    {"id": "analyst", "name": "Analyst", "function": "data", "fte_share": 0.4},
]


def team(*tasks, roles=ROLES):
    return Team.model_validate({"purpose": "Find out", "roles": roles, "tasks": list(tasks)})


def task(id="charter", *, a=("lead",), r=("analyst",), c=(), **effort):
    return {
        "id": id, "name": id.title(), "accountable": a, "responsible": r, "consulted": c,
        "effort": effort,
    }  # fmt: skip


def rules(found):
    return {rule for rule, _where in found.rules()}


def test_a_task_with_two_accountable_is_found():
    found = check(team(task(a=("lead", "analyst"))))
    (item,) = found.of("error")
    assert item.where == "Charter"
    assert item.problem == "2 roles answer for the outcome: Pilot lead, Analyst."


def test_a_task_with_nobody_accountable_or_responsible_is_found():
    assert {"accountable", "no_responsible"} <= rules(check(team(task(a=(), r=()))))


def test_a_role_with_more_work_than_time_is_found():
    # 0.3 + 0.2 of full time against 0.4 set free
    found = check(team(task("one", analyst=0.3), task("two", analyst=0.2)))
    (item,) = found.of("error")
    assert (item.rule, item.where) == ("overload", "Analyst")
    assert "50" in item.problem
    assert "40" in item.problem


def test_exactly_the_time_set_free_is_no_overload():
    assert "overload" not in rules(check(team(task("one", analyst=0.3), task("two", analyst=0.1))))


def test_functions_nobody_speaks_for_are_named():
    missing = {item.where for item in check(team(task())).items if item.rule == "function"}
    assert missing == {"marketing", "people and training", "finance", "stores"}


def test_one_who_answers_for_everything_is_found():
    tasks = [task(f"t{i}") for i in range(4)]
    assert "one_for_all" in rules(check(team(*tasks)))


def test_unknown_roles_and_ids_used_twice_are_refused_together():
    raw = {"purpose": "p", "roles": [*ROLES, ROLES[0]], "tasks": [task(a=("boss",))]}
    with pytest.raises(PlaybookError) as refused:
        read(Team, raw)
    text = str(refused.value)
    assert "names the role “boss”" in text
    assert "“lead” is used twice" in text


def test_the_grid_shows_letters_and_load():
    shown = grid(team(task(analyst=0.2))).to_frame()
    assert shown.loc[0, "lead"] == "A"
    assert shown.loc[0, "analyst"] == "R"
    assert shown.loc[1, "analyst"].replace("\xa0", " ") == "20 % / 40 %"


def test_the_double_accountable_planted_in_the_sample_is_the_only_thing_to_mend():
    path = Path(__file__).parents[2] / "data" / "sample" / "inputs" / "team.yaml"
    sample = Team.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert [item.rule for item in check(sample).of("error")] == ["accountable"]
    assert grid(sample).n_to_mend == 1
