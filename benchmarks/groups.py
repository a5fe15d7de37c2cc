"""How often groups are claimed where there are none, found where there are; and how fast.

Usage: python benchmarks/groups.py [--method kmeans|mixture] [--draws 100]
       [--customers 200000] [--skip-shares] [--skip-speed]

Each draw is 500 customers. The sample's customers are those of the shipped chain, their
three columns shuffled one by one; ``one population`` has one gamma spread of rates, as the
models of lifetime have it, so it shows whether the scales themselves make groups.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers import gates, purchases, segments
from playbook.customers.cluster_choice import all_tried
from playbook.customers.cluster_features import points, scales
from playbook.run import places
from playbook.stats.number_of_groups import Method, choose

Floats = NDArray[np.float64]
METHODS: tuple[Method, ...] = ("kmeans", "mixture")
N = 500
# Clouds take longer; whether groups are set apart does not hang on the number of bootstraps.
EFFORT = {
    "kmeans": {"ks": range(2, 7), "n_bootstraps": 10, "n_halves": 5},
    "mixture": {"ks": range(2, 6), "n_bootstraps": 5, "n_halves": 3},
}


def main() -> None:
    """Print the shares, then the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", choices=METHODS, action="append")
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--skip-shares", action="store_true")
    parser.add_argument("--skip-speed", action="store_true")
    asked = parser.parse_args()
    if not asked.skip_shares:
        print("| data | method | claimed natural | right |")
        print("| --- | --- | --- | --- |")
        for words, draw, planted in _draws():
            for method in asked.method or METHODS:
                shares(words, draw, planted, method=method, draws=asked.draws)
    if not asked.skip_speed:
        print("\n| customers | how | k | bootstraps | wall, s | processor, s |")
        print("| --- | --- | --- | --- | --- | --- |")
        crowd = _one_population(np.random.default_rng(1), asked.customers)
        speed("k-means, 8,000 cells", crowd, lambda: choose(crowd, seed=1, n_bootstraps=100))
        tried = {"ks": range(2, 11), "seed": 1, "n_bootstraps": 100}
        speed("both methods, as page 03", crowd, lambda: all_tried(crowd, **tried))


def shares(
    words: str,
    draw: Callable[[np.random.Generator], Floats],
    planted: int,
    *,
    method: Method,
    draws: int,
) -> None:
    """One row: in how many draws natural groups were claimed, and the planted number found."""
    natural = right = 0
    for seed in range(draws):
        found = choose(
            draw(np.random.default_rng(seed)), seed=seed, method=method, **EFFORT[method]
        )  # fmt: skip
        is_natural = found.verdict == "natural"
        natural += is_natural
        right += (found.chosen.k == planted) if is_natural and found.chosen else planted == 0
    print(f"| {words} | {method} | {natural} of {draws} | {right} of {draws} |", flush=True)


def speed(how: str, crowd: Floats, work: Callable[[], object]) -> None:
    """One row: seconds to choose k from 2 to 10 with 100 bootstraps."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"| {len(crowd):,} | {how} | 2 to 10 | 100 | {wall:.1f} | {processor:.1f} |")


def _draws() -> list[tuple[str, Callable[[np.random.Generator], Floats], int]]:
    sample = _sample()
    return [
        ("one blob", lambda rng: _scaled(rng.normal(size=(N, 3)) @ rng.normal(size=(3, 3))), 0),
        ("uniform", lambda rng: _scaled(rng.uniform(size=(N, 3))), 0),
        ("shuffled columns of the sample", lambda rng: _shuffled(rng, sample), 0),
        ("one population", lambda rng: _one_population(rng, N), 0),
        ("three groups", _three, 3),
    ]


def _scaled(raw: Floats) -> Floats:
    return np.asarray((raw - raw.mean(axis=0)) / raw.std(axis=0))


def _three(rng: np.random.Generator) -> Floats:
    centres = np.array([[0.0, 0, 0], [6, 0, 0], [0, 6, 0]])
    return _scaled(centres[rng.choice(3, N, p=[0.5, 0.3, 0.2])] + rng.normal(size=(N, 3)))


def _shuffled(rng: np.random.Generator, sample: pd.DataFrame) -> Floats:
    """Customers of the sample, each column in an order of its own."""
    drawn = {name: rng.choice(sample[name].to_numpy(), N, replace=False) for name in sample}
    return _points(pd.DataFrame(drawn))


def _one_population(rng: np.random.Generator, n: int) -> Floats:
    """Visits of one kind of people within a year: gamma rates, exponential leaving."""
    rate, stay = rng.gamma(1.0, 8.0, 2 * n), rng.exponential(1.5, 2 * n)
    active = np.minimum(stay, 1.0)
    visits = rng.poisson(rate * active)
    last = active * rng.random(2 * n) ** (1 / np.maximum(visits, 1))
    basket = 800 * rng.lognormal(0, 0.35, 2 * n) * rng.lognormal(0, 0.3, 2 * n)
    frame = pd.DataFrame(
        {
            "recency_days": np.floor(364 * (1 - last)),
            "purchase_days": visits,
            "spend": visits * basket,
        }
    )
    return _points(frame[visits > 0].head(n))


def _points(behaviour: pd.DataFrame) -> Floats:
    return points(behaviour, scales(behaviour, seed=1), seed=1)


def _sample() -> pd.DataFrame:
    columns = ["customer_id", "at", "amount"]
    bought = purchases.read(pd.read_parquet(places.sample() / "receipts.parquet", columns=columns))
    window = purchases.window_at(bought)
    allowed = gates.check(bought, window=window)
    behaviour = segments.sort(bought, window=window, gates=allowed).behaviour
    return behaviour[["recency_days", "purchase_days", "spend"]]


if __name__ == "__main__":
    main()
