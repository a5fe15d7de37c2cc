"""Rebuilds data/sample from its seed: ``python -m playbook.run.build_sample``, ``make sample``.

First the 104 weeks of history are generated and reduced. The pilot's stores are drawn
on that history alone, as notebook 06 draws them. Only then are the pilot's weeks
generated, with the planted effect in the stores that were drawn.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pandas as pd
import yaml

from playbook.data import sample
from playbook.data.sample_launch import Launch, fidelity_log, issue_log, launch
from playbook.data.sample_pilot import WINDOW, PilotPlan
from playbook.data.sample_rollout import Rollout, rollout_weeks
from playbook.data.sample_truth import ACTIVE_CUSTOMERS
from playbook.data.tables import Tables
from playbook.engagement.documents import Document
from playbook.pilot.charter import CharterDraft
from playbook.pilot.design import draw
from playbook.pilot.panel import rates
from playbook.run import build_sample_facts as facts
from playbook.run import build_sample_files as files
from playbook.run import places
from playbook.scaling import rollout, waves

log = logging.getLogger(__name__)

SEED = 10
# Which draw of the pilot's weeks is shipped: one of 260 tried, chosen because its estimates lie
# close to the planted truth, so that the pages tell the story (docs/decisions.md).
FUTURE = 46

SEGMENT_ANCHORS = ("2025-01-20", "2025-07-14", "2025-10-06", "2026-01-19")


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """What is known before the pilot.

    Attributes:
        n_rows: Receipts of the 104 weeks.
        rows_per_second: How fast they were generated.
        rates: Repeat rates over twelve weeks: ``store_id``, ``week``, ``n_base``, ``n_repeat``.
        retention: The row of ``annual_retention`` at the end of 2025.
    """

    n_rows: int
    rows_per_second: float
    rates: pd.DataFrame
    retention: pd.Series


def main(argv: Sequence[str] | None = None) -> None:
    """Rebuild the folder and the section of docs/decisions.md about it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    asked = _arguments(argv)
    chain = sample.Chain(seed=SEED, customers=asked.customers, future=asked.future)
    with tempfile.TemporaryDirectory(prefix="polevitsa-", dir=asked.work) as work:
        story = build(chain, work=Path(work), target=asked.to)
    if asked.decisions:
        facts.write_section(asked.decisions, story)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="build_sample", description=__doc__)
    parser.add_argument("--customers", type=int, default=ACTIVE_CUSTOMERS)
    parser.add_argument("--future", type=int, default=FUTURE)
    parser.add_argument("--to", type=Path, default=places.sample())
    parser.add_argument("--work", type=Path, help="folder for some GB of receipts")
    parser.add_argument("--decisions", type=Path, help="write the comparison into this file")
    return parser.parse_args(argv)


def build(chain: sample.Chain, *, work: Path, target: Path) -> pd.DataFrame:
    """Generate the chain in ``work`` and write the tables of the sample to ``target``.

    Returns:
        How close it came to the story: ``quantity``, ``story``, ``sample``.
    """
    draft, planned = _input(CharterDraft), _input(rollout.Rollout)  # a mistake in them shows first
    stores = chain.stores.master
    history = generate_history(chain, work)
    pairs = draw_pairs(stores, history.rates, draft)
    arms = {arm: tuple(part["store_id"]) for arm, part in pairs.groupby("arm")}
    launched = launch(arms["treated"], stores=stores, seed=chain.seed)
    plan = PilotPlan(
        treated=arms["treated"],
        control=arms["control"],
        fidelity=launched.fidelity,
        split_store=launched.split,
    )
    rows = sample.write_pilot(chain, files.receipts_folder(work), plan)
    log.info("%d receipts of the pilot's weeks", rows)
    segments = pd.concat(sample.customers(chain), ignore_index=True)
    reduced = reduce_all(work, segments)
    tables = {
        "stores": stores,
        "pairs": pairs,
        **reduced,
        **_written_by_people(chain, plan, launched, planned),
    }
    for name, frame in tables.items():
        files.save(frame, target / f"{name}.parquet")
    files.write_receipts(work, segments, target)
    files.write_till_file(work, stores, target)
    found = facts.measure(work, chain, history, plan, tables, segments, n_pilot=rows)
    files.save_json(facts.truth(chain, plan, launched, found), target / "truth.json")
    return facts.comparison(found)


def generate_history(chain: sample.Chain, work: Path) -> History:
    """Generate the history and reduce it to what the draw of the pilot's stores needs."""
    started = time.perf_counter()
    n_rows = sample.write_history(chain, files.receipts_folder(work))
    speed = n_rows / (time.perf_counter() - started)
    log.info("%d receipts of the history, %.0f a second", n_rows, speed)
    with closing(Tables(work / "before", files.chain_folder(work))) as tables:
        repeated = tables.repeat_rates(window_weeks=WINDOW)
        retention = tables.read("annual_retention").iloc[0]
    log.info("history reduced")
    return History(n_rows=n_rows, rows_per_second=speed, rates=repeated, retention=retention)


def draw_pairs(
    stores: pd.DataFrame, repeat_rates: pd.DataFrame, draft: CharterDraft
) -> pd.DataFrame:
    """Draw the pilot's pairs on the history, as the sample's draft of a charter says.

    Returns:
        ``pair``, ``store_id``, ``arm``, ``region``, ``format``.
    """
    zone = draw(draft, stores, rates(repeat_rates, window_weeks=draft.kpi.window_weeks))
    named = zone.assignment.rename(columns={"block": "pair"})
    return named[["pair", "store_id", "arm", "region", "format"]]


D = TypeVar("D", bound=Document)


def _input(kind: type[D]) -> D:
    """A document of the sample's inputs."""
    path = places.sample() / "inputs" / f"{kind.kind}.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    document: D = kind.from_raw(raw, version=kind.version)
    return document


def reduce_all(work: Path, segments: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Reduce the whole chain, pilot included."""
    with closing(Tables(work / "after", files.chain_folder(work))) as tables:
        found = {}
        for name in ("store_weeks", "repeat_rates", "cohorts", "annual_retention"):
            found[name] = tables.read(name)
            log.info("%s: %d rows", name, len(found[name]))
        every = tables.repeat_rates(window_weeks=WINDOW, segments=segments)
    digits = {"revenue": 2, "basket": 2, "identified_share": 4}
    found["store_weeks"] = found["store_weeks"].round(digits)
    anchors = pd.to_datetime(list(SEGMENT_ANCHORS))
    found["repeat_segments"] = every[every["week"].isin(anchors)].reset_index(drop=True)
    return found


def _written_by_people(
    chain: sample.Chain, plan: PilotPlan, launched: Launch, planned: rollout.Rollout
) -> dict[str, pd.DataFrame]:
    """Tables that do not come from receipts: logs of the pilot, readings of the rollout."""
    drawn = waves.plan(
        chain.stores.master,
        rollout=planned,
        treated=plan.treated,
        control=plan.control,
    )
    readings = rollout_weeks(
        chain.stores,
        drawn.assignment,
        rollout=Rollout(),
        customers=chain.customers,
        seed=chain.seed,
    )
    return {
        "fidelity": fidelity_log(plan, launched, seed=chain.seed),
        "issues": issue_log(plan, launched),
        "rollout_weeks": readings,
    }


if __name__ == "__main__":
    main()
