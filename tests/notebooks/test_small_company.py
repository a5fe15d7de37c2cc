"""Pages of a company so small that its customers could be told apart: nobody is shown."""

import random
import re
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from playbook import cli
from playbook.display.disclosure import LEAST_CELL
from playbook.engagement import Engagement
from playbook.run.catalogue import STEPS
from playbook.run.runner import Run

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

PAGES = ("01_why_retention", "02_goals", "03_segmentation", "06_pilot_definition",
         "09_organisation")  # fmt: skip
COUNTS = re.compile(r"^(n_customers|n_base|n_again|n_kept|n_active|n_may|n_repeat|customers)$")
MARK = "zq-person-"
LAST = date(2025, 12, 28)


def receipts(n_customers: int, seed: int) -> str:
    """Two years of purchases: some customers weekly, some now and then, some long gone."""
    rng = random.Random(seed)
    lines = ["receipt_id,at,store_id,customer_id,amount"]
    for person in range(n_customers):
        every = (7, 14, 30, 90)[person % 4]
        day, until = LAST - timedelta(days=727 - person % 60), LAST
        if person % 10 == 9:
            until = LAST - timedelta(days=400)
        while day <= until:
            store = f"S{person % 3}"
            amount = f"{rng.uniform(5, 90):.2f}"
            lines.append(
                f"{len(lines)},{day} 12:{person % 60:02}:00,{store},{MARK}{person:04},{amount}"
            )
            day += timedelta(days=rng.randrange(1, 2 * every))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module", params=[12, 260], ids=["12 customers", "260 customers"])
def job(request, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYBOOK_HOME", str(home))
        patch.setenv("PLAYBOOK_SALT_DIR", str(home / "salts"))
        (home / "tills.csv").write_text(receipts(request.param, seed=5), encoding="utf-8")
        assert cli.main(["new", "small", "--lang", "en"]) == 0
        assert cli.main(["import", "small", str(home / "tills.csv")]) == 0
        steps = [step for step in STEPS if step.id in PAGES]
        job = Run(engagement=Engagement.open("small"), steps=steps, lang="en")
        job.go()
        yield job


def files(job: Run) -> list[Path]:
    """Every file that a run leaves: executed copies, pages, results, the record."""
    engagement = job.engagement.folder
    places = (job.folder, engagement / "results", engagement / "runs")
    found = {path for place in places for path in place.rglob("*") if path.is_file()}
    return sorted(found | set(engagement.glob("record.sqlite*")))


def test_pages_were_made(job):
    assert any(done.state == "finished" for done in job.done.values())


def test_no_customer_is_in_any_file_that_a_run_leaves(job):
    assert files(job)
    for path in files(job):
        assert MARK.encode() not in path.read_bytes(), path.name
        if path.suffix == ".parquet":
            texts = pd.read_parquet(path).astype(str)
            assert not texts.apply(lambda column: column.str.contains(MARK)).any().any(), path.name


def counted(text: str) -> list[tuple[str, str]]:
    """Heading and cell of every column of customers in the tables of a page."""
    found = []
    for table in re.findall(r"<table>.*?</table>", text, flags=re.DOTALL):
        rows = re.findall(r"<tr>(.*?)</tr>", table, flags=re.DOTALL)
        head = re.findall(r"<th[^>]*>(.*?)</th>", rows[0], flags=re.DOTALL)
        for row in rows[1:]:
            cells = re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.DOTALL)
            found += [pair for pair in zip(head, cells, strict=True) if "ustomers" in pair[0]]
    return found


def test_no_table_of_a_page_counts_fewer_than_ten_customers(job):
    cells = [
        (path.name, *cell)
        for path in job.folder.rglob("*.html")
        for cell in counted(path.read_text(encoding="utf-8"))
    ]
    small = [cell for cell in cells if re.fullmatch(r"[-−]?[1-9]", cell[2].strip())]
    assert small == []
    if job.done["03_segmentation"].state == "finished":
        assert cells


def test_no_stored_result_counts_fewer_than_ten_customers(job):
    for event in job.engagement.results.all():
        result = job.engagement.results.opened(event).result
        for name, value in vars(result).items():
            if not isinstance(value, pd.DataFrame):
                continue
            assert "customer_id" not in value.columns, (event.stream, name)
            for column in value.columns:
                if COUNTS.match(str(column)):
                    counts = pd.to_numeric(value[column], errors="coerce").abs()
                    assert not counts.between(1, LEAST_CELL - 1).any(), (event.stream, column)
