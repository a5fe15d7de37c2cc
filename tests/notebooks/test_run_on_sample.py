"""The whole chain of notebooks on the sample, in Russian, as ``make run`` does it."""

import json
import re

import pytest

from playbook.engagement import Engagement
from playbook.run.catalogue import STEPS
from playbook.run.runner import Run

pytestmark = [pytest.mark.notebook, pytest.mark.slow, pytest.mark.xdist_group("sample")]


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYBOOK_HOME", str(tmp_path_factory.mktemp("home")))
        job = Run(engagement=Engagement.open("sample"), steps=STEPS, lang="ru")
        job.go()
        yield job


def page(job: Run, step: str) -> str:
    return (job.folder / f"{step.replace('/', '_')}.html").read_text(encoding="utf-8")


def test_every_notebook_runs(job):
    failures = {step: done.failure for step, done in job.done.items() if done.failure}
    assert failures == {}
    assert {done.state for done in job.done.values()} == {"finished"}


@pytest.mark.parametrize("step", [step.id for step in STEPS])
def test_a_page_speaks_russian_and_shows_no_code(job, step):
    text = re.sub(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", " ", page(job, step), flags=re.DOTALL)
    assert "here." not in text
    assert "Traceback" not in text
    named = re.sub(r"\S*[/_]\S*", " ", text)  # ids of inputs in the folded provenance
    words = re.findall(r"[^\W\d_]{3,}", named)
    russian = [word for word in words if re.match("[а-яё]", word.lower())]
    assert len(russian) > 0.9 * len(words)


def test_a_page_loads_nothing_from_anywhere(job):
    for step in STEPS:
        assert not re.search(r'(?:src|href)\s*=\s*["\'](?:https?:)?//', page(job, step.id))


def test_the_verdict_of_the_story_reaches_the_dashboard(job):
    assert "ДОРАБОТАТЬ" in page(job, "08_results_analysis")
    assert "ДОРАБОТАТЬ" in page(job, "dashboards/executive")


def test_results_tell_what_they_were_computed_from(job):
    events = {event.stream: event.payload for event in job.engagement.results.all()}
    verdict = events["result/playbook.pilot.verdict:Verdict"]
    assert verdict["step"] == "08_results_analysis"
    assert {"document/value_model", "seal/charter", "table/repeat_rates"} <= set(verdict["reads"])
    assert verdict["code"].startswith("0.1.0+")


def test_the_manifest_lists_every_notebook(job):
    manifest = json.loads((job.folder / "manifest.json").read_text(encoding="utf-8"))
    assert [one["step"] for one in manifest["notebooks"]] == [step.id for step in STEPS]
