"""Lifetime models: the time of a fit, beside a peer's on the same customers; ranges that hold.

Run: ``python benchmarks/lifetime.py [--customers 1000000] [--peer PYTHON] [--chains 200]``

``--peer`` names the Python of another environment with lifetimes 0.11.3 or pymc-marketing
(``--peer-customers`` of the same histories are fitted there); may be given twice. ``--chains``
counts how often nine-in-ten ranges of three years' money hold what really came.
Add ``--write docs/benchmarks.md`` to put the results between their marks.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the peers too

import numpy as np
import pandas as pd

from playbook.customers import lifetime
from playbook.customers import lifetime_forecast as forecasts
from playbook.customers.lifetime_worlds import World, draw
from playbook.stats import bg_nbd
from playbook.stats.histories import group

BEGIN, END = "<!-- lifetime: begin -->", "<!-- lifetime: end -->"
THREE_YEARS = forecasts.Horizon(weeks=3 * forecasts.YEAR_WEEKS, discount=0.15)
PEER = """
import json, sys, time
import pandas as pd
d = pd.read_csv(sys.argv[1])
found = {}
try:
    import lifetimes
    found["name"] = "lifetimes " + lifetimes.__version__
    fitter = lifetimes.BetaGeoFitter()
    clock, cpu = time.perf_counter(), time.process_time()
    fitter.fit(d["frequency"], d["recency"], d["age"])
    p = fitter.params_
    found["parameters"] = [float(p[k]) for k in ("r", "alpha", "a", "b")]
except ImportError:
    import pymc_marketing
    from pymc_marketing.clv import BetaGeoModel
    found["name"] = "pymc-marketing " + pymc_marketing.__version__ + " (MAP)"
    d = d.rename(columns={"age": "T"}).assign(customer_id=range(len(d)))
    clock, cpu = time.perf_counter(), time.process_time()
    model = BetaGeoModel(data=d)
    try:
        model.fit(method="map", progressbar=False)
    except TypeError:
        model.fit(fit_method="map", progressbar=False)
    post = model.idata.posterior if hasattr(model, "idata") else model.fit_result
    found["parameters"] = [float(post[k].mean()) for k in ("r", "alpha", "a", "b")]
found["seconds"] = time.perf_counter() - clock
found["cpu"] = time.process_time() - cpu
print("RESULT" + json.dumps(found))
"""


def customers(n: int) -> pd.DataFrame:
    """Histories of ``n`` customers, in days: ``frequency``, ``recency``, ``age``."""
    parts = []
    for seed in range(-(-n // 100_000)):
        size = min(100_000, n - 100_000 * seed)
        past = draw(World(future_weeks=0), n=size, seed=seed).past
        found = lifetime.buyers(past, end=past.last_day + 1)
        rows = {"frequency": found.frequency, "recency": found.recency_days, "age": found.age_days}
        parts.append(pd.DataFrame(rows))
    return pd.concat(parts, ignore_index=True)


def own(frame: pd.DataFrame) -> dict[str, float | list[float]]:
    """Group and fit, in seconds and in seconds of the processor; the best of three."""
    runs = []
    for _ in range(3):
        clock, cpu = time.perf_counter(), time.process_time()
        histories = group(frame["frequency"], frame["recency"], frame["age"], unit=7)
        model = bg_nbd.fit(histories)
        runs.append((time.perf_counter() - clock, time.process_time() - cpu))
    seconds, cpu = (min(values) for values in zip(*runs, strict=True))
    return {
        "seconds": seconds,
        "cpu": cpu,
        "parameters": list(model.parameters),
        "histories": len(histories.n),
    }


def peer(python: str, frame: pd.DataFrame) -> dict[str, float | list[float] | str]:
    """The peer's fit of the same histories, in weeks, in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "histories.csv"
        frame.assign(recency=frame["recency"] / 7, age=frame["age"] / 7).to_csv(path, index=False)
        run = [python, "-W", "ignore", "-c", PEER, str(path)]
        out = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    line = next(line for line in out.splitlines() if line.startswith("RESULT"))
    return json.loads(line.removeprefix("RESULT"))


def coverage(n: int) -> tuple[float, list[float]]:
    """Share of ``n`` chains of 600 to 1,500 customers whose money lies within the range."""
    totals, groups_hit = [], []
    for seed in range(n):
        drawn = draw(World(), n=600 + (37 * seed) % 900, seed=1000 + seed)
        found = lifetime.buyers(drawn.past, end=drawn.past.last_day + 1)
        models = lifetime.fit(found)
        groups = np.digitize(found.frequency, [1, 5])
        cells = forecasts.cells(models, groups, 3)
        ahead = forecasts.forecast(models, cells, horizon=THREE_YEARS, seed=seed, in_money=True)
        came = drawn.money_to_come(weeks=THREE_YEARS.weeks, discount=0.15)[found.customer]
        low, high = ahead.total_interval()
        totals.append(low <= came.sum() <= high)
        lows, highs = ahead.interval()
        each = np.bincount(groups, weights=came, minlength=3)
        groups_hit.append((lows <= each) & (each <= highs))
    return float(np.mean(totals)), np.mean(groups_hit, axis=0).tolist()


def written(path: Path, lines: list[str]) -> None:
    """Put the lines between the marks of a file; added at its end where there are none."""
    old = path.read_text("utf-8") if path.exists() else "# Benchmarks\n"
    block = "\n".join([BEGIN, *lines, END])
    if BEGIN in old:
        before, rest = old.split(BEGIN)
        text = before + block + rest.split(END)[1]
    else:
        text = old.rstrip("\n") + "\n\n## Lifetime models\n\n" + block + "\n"
    path.write_text(text, "utf-8")


def row(name: str, n: int, found: dict, own_each: float) -> str:
    """One line of the table."""
    each = found["cpu"] / n * 1e6
    values = ", ".join(f"{value:.3f}" for value in found["parameters"])
    ratio = f"{each / own_each:.0f} x"
    return (
        f"| {name} | {n:,} | {found['seconds']:.2f} s | {found['cpu']:.2f} s | "
        f"{each:.2f} | {ratio} | {values} |"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--peer-customers", type=int, default=1_000_000)
    parser.add_argument("--chains", type=int, default=0)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    frame = customers(given.customers)
    found = own(frame)
    each = float(found["cpu"]) / len(frame) * 1e6
    lines = [
        "| BG/NBD fitted by | customers | time | processor | microseconds a customer | to ours "
        "| r, alpha (weeks), a, b |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        row("playbook, grouping included", len(frame), found, each),
    ]
    part = frame.sample(min(given.peer_customers, len(frame)), random_state=1)
    if given.peer and len(part) < len(frame):
        found = own(part)
        each = float(found["cpu"]) / len(part) * 1e6
        lines.append(row("playbook, the peers' customers", len(part), found, each))
    for python in given.peer:
        other = peer(python, part)
        lines.append(row(str(other["name"]), len(part), other, each))
    if given.chains:
        total, groups = coverage(given.chains)
        parts = ", ".join(f"{share:.1%}" for share in groups)
        lines += [
            "",
            f"Nine-in-ten ranges of three years' discounted money, {given.chains} chains of 600 to "
            f"1,500 customers: {total:.1%} hold what came; by groups of customers {parts}.",
        ]
    print("\n".join(lines))
    if given.write:
        written(given.write, lines)


if __name__ == "__main__":
    main()
