"""How long the search for a pilot's design takes, beside the same search one pilot at a time.

Run: ``python benchmarks/power.py [--stores 200] [--sets 50]``

The question: 16 sizes, placebo pilots at 20 starts of 104 weeks of history, each read by
ANCOVA and tested against 512 redraws of its coins. The peer fits and tests the same pilots
in a plain loop; a few of them are timed and the rest is extrapolated.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import time

import numpy as np
import pandas as pd

from playbook.pilot.estimator import Timing
from playbook.pilot.placebo import Rules, twins
from playbook.pilot.power import power
from playbook.stats.placebo import sign_group

START = dt.date(2025, 12, 29)
TIMING = Timing(start=START, burn_in_weeks=3, n_weeks=12, window_weeks=0)
SIZES = (4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32)
TIMED = 20


def chain(n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stores in six regions and three formats, and 104 weeks of their KPI."""
    rng = np.random.default_rng(1)
    weeks = pd.date_range("2024-01-01", periods=104, freq="7D")
    stores = pd.DataFrame(
        {
            "store_id": [f"s{i:04d}" for i in range(n)],
            "region": np.arange(n) % 6,
            "format": rng.choice(["small", "standard", "large"], n),
        }
    ).astype({"region": str})
    grid = 0.7 + rng.normal(0, 0.02, (n, 1)) + rng.normal(0, 0.01, (n, len(weeks)))
    history = pd.DataFrame(
        {
            "store_id": np.repeat(stores["store_id"], len(weeks)),
            "week": np.tile(weeks, n),
            "repeat_rate": grid.ravel(),
        }
    )
    return stores, history


def one_at_a_time(outcome: np.ndarray, past: np.ndarray, arms: np.ndarray) -> float:
    """Fit one placebo pilot and test it against every redraw, in plain loops."""
    effects = []
    for arm in arms:
        design = np.column_stack([arm, np.ones(len(arm)), past])
        effects.append(np.linalg.lstsq(design, outcome, rcond=None)[0][0])
    return float(np.mean(np.abs(effects) >= abs(effects[0]) - 1e-12))


def main() -> None:
    """Time both and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stores", type=int, default=200)
    parser.add_argument("--sets", type=int, default=50)
    asked = parser.parse_args()
    stores, history = chain(asked.stores)

    begin = time.perf_counter()
    found = power(stores, history, size=12, timing=TIMING, seed=7, sizes=SIZES, n_sets=asked.sets)
    ours = time.perf_counter() - begin
    n_pilots = int(found.curve["n_placebo"].sum())

    twin = twins(stores, history, timing=TIMING, rules=Rules())[0]
    rows = twin.pairs[:12].ravel()
    arms = sign_group(12, seed=7)
    begin = time.perf_counter()
    for _pilot in range(TIMED):
        one_at_a_time(twin.outcome[rows], twin.covariates[rows], arms)
    peer = (time.perf_counter() - begin) / TIMED * n_pilots

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{asked.stores} stores, {found.n_starts} starts, {len(SIZES)} sizes, two estimators")
    print(f"{n_pilots:,} placebo pilots, 512 redraws each")
    print(f"all at once      {ours:10.2f} s   peak memory {peak:.0f} MB")
    print(f"one at a time    {peer:10.0f} s   extrapolated from {TIMED} pilots")
    print(f"ratio            {peer / ours:10.0f}")


if __name__ == "__main__":
    main()
