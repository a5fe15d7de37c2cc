"""How long a run takes: cold, unchanged, and beside plain papermill one after another.

    python benchmarks/run.py [--skip-peer]

Runs the sample chain in a temporary home. The limit for the start of the command is the
start of Python itself, measured in the same run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def seconds(command: list[str], **environment: str) -> float:
    """Wall seconds of one command, its output thrown away."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | environment)
    return time.perf_counter() - begun


def median(command: list[str], times: int = 7, **environment: str) -> float:
    """Median wall seconds of several runs, after one that does not count."""
    seconds(command, **environment)
    return statistics.median(seconds(command, **environment) for _ in range(times))


def line(what: str, took: float, peer: float, peer_name: str, limit: float) -> None:
    """One row: the time, the peer's, the ratio, and the limit to keep."""
    measured = f"{what:<34}{took:>8.2f} s   limit {limit:>5.1f} s"
    print(f"{measured}   {peer_name} {peer:>7.2f} s   ratio {took / peer:.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skip-peer", action="store_true", help="leave plain papermill out")
    skip_peer = parser.parse_args().skip_peer
    python = sys.executable
    bare = median([python, "-c", "pass"])
    line("import playbook", median([python, "-c", "import playbook"]), bare, "python", 0.2)
    line("playbook --help", median([python, "-m", "playbook", "--help"]), bare, "python", 0.5)
    with tempfile.TemporaryDirectory() as home:
        command = [python, "-m", "playbook", "run", "sample"]
        cold = seconds(command, PLAYBOOK_HOME=home)
        peer = cold if skip_peer else plain(python, home)
        line("run, all notebooks, cold", cold, peer, "papermill", 60.0)
        line("run, nothing changed", seconds(command, PLAYBOOK_HOME=home), cold, "cold", 5.0)


def plain(python: str, home: str) -> float:
    """The same notebooks by the papermill command, one after another, in order."""
    root = Path(__file__).parents[1] / "notebooks"
    notebooks = [*sorted(root.glob("*.ipynb")), root / "dashboards" / "executive.ipynb"]
    target = str(Path(home) / "plain.ipynb")
    return sum(
        seconds(
            [python, "-m", "papermill", str(notebook), target, "--no-progress-bar"],
            PLAYBOOK_HOME=home,
        )
        for notebook in notebooks
    )


if __name__ == "__main__":
    main()
