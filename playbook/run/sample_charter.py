"""Rewrites the sample chain's charter: its draft, with the stores that the draw gives.

``python -m playbook.run.sample_charter`` after ``make sample`` or a change of the draft.
The charter is sealed when the sample's engagement is made.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

from playbook.pilot.charter import Charter, CharterDraft
from playbook.pilot.design import draw, needed, reach
from playbook.pilot.envelope import propose
from playbook.pilot.panel import rates
from playbook.run import places
from playbook.strategy.value_model import ValueModel


def propose_charter(folder: Path) -> Charter:
    """The charter that the sample's draft, tables and business case give.

    Args:
        folder: The sample's folder: tables, and ``inputs``.
    """
    draft = CharterDraft.model_validate(_yaml(folder / "inputs" / "charter_draft.yaml"))
    model = ValueModel.model_validate(_yaml(folder / "inputs" / "value_model.yaml"))
    stores = pd.read_parquet(folder / "stores.parquet")
    counts = pd.read_parquet(folder / "repeat_rates.parquet")
    history = rates(counts, window_weeks=draft.kpi.window_weeks)
    found = reach(draft, stores, history, needed=needed(draft, model))
    return propose(draft, draw(draft, stores, history), found)


def write(folder: Path) -> Charter:
    """Write ``charter.yaml``: the draft as it stands, then the stores and what they detect."""
    charter = propose_charter(folder)
    draft = (folder / "inputs" / "charter_draft.yaml").read_text(encoding="utf-8").rstrip()
    stores = [
        f"  - {{store_id: {store.store_id}, arm: {store.arm}, block: {store.block}}}"
        for store in charter.stores
    ]
    lines = [
        draft,
        "stores:",
        *stores,
        f"mde: {charter.mde}",
        f"break_even: {charter.break_even}",
        f"break_even_adjusted: {charter.break_even_adjusted}",
        "",
    ]
    path = folder / "inputs" / "charter.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return charter


def _yaml(path: Path) -> object:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    write(places.sample())
