import pytest

from playbook.errors import PlaybookError
from playbook.run.parameters import Parameter, check, parameters_of

CELL = """engagement: str = "sample"  # the engagement to work on
k: int = 5  # number of groups [2..12]
share: float = 0.5  # share kept [0..1]
way: str = "pairs"  # how stores are drawn [pairs|strata]
quick: bool = False  # a shorter run
weeks: list[int] = [4, 8]  # weeks tried [1..52]"""


def notebook(source: str = CELL) -> dict:
    cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["parameters"]}}
    return {"cells": [cell]}


def checked(*given: str) -> dict:
    parameters = {"03_segmentation": parameters_of(notebook())}
    return check(
        given,
        parameters=parameters,
        find={"03": "03_segmentation", "03_segmentation": "03_segmentation"},
    )


def test_a_parameter_carries_type_default_words_and_limits():
    found = parameters_of(notebook())
    assert found["k"] == Parameter(
        name="k", type_name="int", default=5, words="number of groups", low=2, high=12
    )
    assert found["way"].choices == ("pairs", "strata")
    assert found["weeks"].default == [4, 8]


def test_a_notebook_without_such_a_cell_has_no_parameters():
    assert parameters_of({"cells": []}) == {}


def test_values_get_the_type_of_their_annotation():
    values = checked("03.k=7", "03.share=0,25", "03_segmentation.quick=true", "03.weeks=4,12")
    assert values == {"03_segmentation": {"k": 7, "share": 0.25, "quick": True, "weeks": [4, 12]}}


def test_every_mistake_is_named_in_one_error():
    given = ("03.k=many", "03.k=40", "03.kk=4", "99.k=1", "k=5", "03.way=luck", "03.weeks=4,60")
    with pytest.raises(PlaybookError) as caught:
        checked(*given, "03.share=nan")
    problems = caught.value.problems
    assert [problem.partition(":")[0] for problem in problems] == [*given, "03.share=nan"]
    assert "2 to 12" in problems[1]
    assert "did you mean k" in problems[2]
    assert "pairs, strata" in problems[5]
    assert "60" in problems[6]


@pytest.mark.parametrize("value", ["2", "12"])
def test_the_ends_of_a_range_are_inside(value: str):
    assert checked(f"03.k={value}") == {"03_segmentation": {"k": int(value)}}
