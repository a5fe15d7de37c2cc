"""The shape that every notebook keeps: a question, parameters, short cells, a decision."""

import ast
import json
import re

import pytest

from playbook.run import places
from playbook.run.catalogue import METHOD, STEPS
from playbook.run.parameters import parameters_of
from playbook.text.notebooks import is_parameters, source_of

LONGEST = 6  # lines of a code cell, comments and blanks apart
NOTEBOOKS = {
    step.id: json.loads((places.notebooks() / step.notebook).read_text(encoding="utf-8"))
    for step in STEPS
}
EVERY = pytest.mark.parametrize("step", NOTEBOOKS)


def code(step: str) -> list[str]:
    cells = NOTEBOOKS[step]["cells"]
    return [source_of(c) for c in cells if c["cell_type"] == "code" and not is_parameters(c)]


def test_every_step_has_its_notebook_and_every_notebook_its_step():
    found = {
        path.relative_to(places.notebooks()).as_posix()
        for path in places.notebooks().rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    }
    assert found == {step.notebook for step in STEPS}


@EVERY
def test_the_title_is_a_question(step):
    first = NOTEBOOKS[step]["cells"][0]
    assert first["cell_type"] == "markdown"
    title = source_of(first).splitlines()[0]
    assert re.fullmatch(r"# .+\?", title)


@EVERY
def test_nothing_is_committed_that_a_run_leaves_behind(step):
    notebook = NOTEBOOKS[step]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


@EVERY
def test_parameters_are_annotated_literals_with_a_comment(step):
    cells = [cell for cell in NOTEBOOKS[step]["cells"] if is_parameters(cell)]
    assert len(cells) == 1
    parameters = parameters_of(NOTEBOOKS[step])
    statements = ast.parse(source_of(cells[0])).body
    assert len(parameters) == len(statements)
    assert list(parameters)[:2] == ["engagement", "lang"]
    assert parameters["engagement"].default == "sample"
    for parameter in parameters.values():
        assert parameter.words
        assert not parameter.problem_of(parameter.default)
        wanted = {"int": int, "float": float, "str": str, "bool": bool}
        if parameter.type_name in wanted:
            assert type(parameter.default) is wanted[parameter.type_name]


@EVERY
def test_cells_are_short_and_hold_no_functions_or_loops(step):
    for source in code(step):
        lines = [s for s in source.splitlines() if s.strip() and not s.startswith(("#", "from "))]
        assert len(lines) <= LONGEST, source
        nodes = list(ast.walk(ast.parse(source)))
        forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
        assert not any(isinstance(node, forbidden) for node in nodes), source


@pytest.mark.parametrize("step", [step.id for step in METHOD])
def test_every_step_says_how_to_read_it_asks_for_a_decision_and_hands_on(step):
    sources = code(step)
    markdown = "".join(
        source_of(cell) for cell in NOTEBOOKS[step]["cells"] if cell["cell_type"] == "markdown"
    )
    assert "<details><summary>How to read this</summary>" in markdown
    assert any("here.decision(" in source for source in sources)
    assert "here.hand_on(" in sources[-1]
