import json
import threading
from pathlib import Path

import pytest

from playbook.engagement import Engagement
from playbook.engagement.company import Company
from playbook.run import places
from playbook.run.catalogue import StepInfo
from playbook.run.runner import Run, Watcher

pytestmark = pytest.mark.notebook

READS = """
from playbook.run import reads
from playbook.engagement import Engagement
for name, version in reads.versions(Engagement.open(engagement), ["document/company"]).items():
    reads.note(name, version)
"""


def cell(source: str, *tags: str, kind: str = "code") -> dict:
    made = {
        "cell_type": kind,
        "source": source,
        "metadata": {"tags": list(tags)},
        "id": f"c{id(source)}",
    }
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def write(folder: Path, name: str, *sources: str) -> None:
    parameters = (
        'engagement: str = "x"  # whose\nlang: str = ""  # language\nk: int = 3  # a number'
    )
    cells = [
        cell(f"# Question of {name}", kind="markdown"),
        cell(parameters, "parameters"),
        *(cell(source) for source in sources),
    ]
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": spec},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


STEPS = (
    StepInfo("01_a", "01"),
    StepInfo("02_b", "02", ("01_a",)),
    StepInfo("03_c", "03", ("02_b",)),
    StepInfo("04_d", "04"),
)


@pytest.fixture
def engagement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engagement:
    monkeypatch.setenv("PLAYBOOK_HOME", str(tmp_path))
    folder = tmp_path / "books"
    folder.mkdir()
    monkeypatch.setattr(places, "notebooks", lambda: folder)
    for step in STEPS:
        write(folder, step.id, READS if step.id == "01_a" else "k * 2")
    return Engagement.create("acme", lang="en")


def states(run: Run) -> dict[str, str]:
    return {done.step: done.state for done in run.go()}


def run(engagement: Engagement, **options) -> Run:
    return Run(engagement=engagement, steps=STEPS, **options)


def test_every_notebook_runs_after_what_it_needs_and_leaves_a_copy_and_a_page(engagement):
    begun: list[str] = []
    job = run(engagement, parameters={"02_b": {"k": 21}}, watcher=Watcher(on_start=begun.append))
    assert states(job) == dict.fromkeys(("01_a", "02_b", "03_c", "04_d"), "finished")
    assert begun.index("01_a") < begun.index("02_b") < begun.index("03_c")
    executed = json.loads((job.folder / "02_b.ipynb").read_text(encoding="utf-8"))
    assert executed["cells"][-1]["outputs"][0]["data"]["text/plain"] == ["42"]
    page = (job.folder / "02_b.html").read_text(encoding="utf-8")
    assert "Question of 02_b" in page
    assert "k * 2" not in page
    assert ">42<" in page.replace("\n", "")
    manifest = json.loads((job.folder / "manifest.json").read_text(encoding="utf-8"))
    assert [one["state"] for one in manifest["notebooks"]] == ["finished"] * 4


def test_a_copy_tells_no_path_of_the_machine(engagement):
    job = run(engagement)
    job.go()
    for copy in job.folder.iterdir():
        assert str(engagement.folder) not in copy.read_text(encoding="utf-8")


def test_what_did_not_change_is_not_run_again(engagement):
    run(engagement).go()
    again = run(engagement)
    assert states(again) == dict.fromkeys(("01_a", "02_b", "03_c", "04_d"), "unchanged")
    assert not again.folder.exists()


def test_a_changed_parameter_input_or_notebook_runs_what_it_touches(engagement):
    run(engagement).go()
    changed = run(engagement, parameters={"04_d": {"k": 4}})
    found = states(changed)
    assert (found["04_d"], found["02_b"]) == ("finished", "unchanged")
    assert (changed.folder / "02_b.html").exists()
    engagement.documents.save(Company(name="Acme", discount_rate=0.2))
    after = states(run(engagement, parameters={"04_d": {"k": 4}}))
    assert after == {
        "01_a": "finished",
        "02_b": "unchanged",
        "03_c": "unchanged",
        "04_d": "unchanged",
    }
    write(places.notebooks(), "03_c", "k * 3")
    assert states(run(engagement))["03_c"] == "finished"


def test_another_language_is_another_copy(engagement):
    run(engagement).go()
    assert set(states(run(engagement, lang="ru")).values()) == {"finished"}


def test_a_failure_stops_what_needs_it_and_nothing_else(engagement):
    problem = "from playbook.errors import PlaybookError\nraise PlaybookError('No stores.')"
    write(places.notebooks(), "02_b", "1 + 1", problem, "3 + 3")
    job = run(engagement)
    done = {one.step: one for one in job.go()}
    assert [one.state for one in done.values()] == ["finished", "failed", "blocked", "finished"]
    failure = done["02_b"].failure
    assert (failure.cell, failure.message, failure.is_defect) == (4, "No stores.", False)
    assert done["03_c"].blocked_by == ("02_b",)
    half = json.loads((job.folder / "02_b.ipynb").read_text(encoding="utf-8"))["cells"]
    assert any("2" in str(one.get("outputs")) for one in half)
    write(places.notebooks(), "02_b", "1 + 1")
    assert states(run(engagement)) == {
        "01_a": "unchanged",
        "02_b": "finished",
        "03_c": "finished",
        "04_d": "unchanged",
    }


def test_a_defect_keeps_its_traceback(engagement):
    write(places.notebooks(), "04_d", "1 / 0")
    failure = {one.step: one for one in run(engagement).go()}["04_d"].failure
    assert failure.is_defect
    assert failure.message == "ZeroDivisionError: division by zero"
    assert "Traceback" in failure.traceback


def test_a_stopped_run_keeps_what_is_finished_and_the_next_goes_on(engagement):
    write(places.notebooks(), "02_b", "import time; time.sleep(600)")
    job = run(engagement, jobs=1)
    job.watcher.on_start = lambda step: (
        threading.Timer(2.0, job.kernels.stop).start() if step == "02_b" else None
    )
    with pytest.raises(KeyboardInterrupt):
        job.go()
    assert job.done["01_a"].state == "finished"
    assert job.done["03_c"].state == "stopped"
    manifest = json.loads((job.folder / "manifest.json").read_text(encoding="utf-8"))
    assert [one["state"] for one in manifest["notebooks"]].count("stopped") >= 2
    write(places.notebooks(), "02_b", "1")
    assert states(run(engagement))["01_a"] == "unchanged"
