"""How long the whole business case takes, beside the same model in plain Python.

Run: ``python benchmarks/business_case.py``
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import yaml

from playbook.stats.cashflow import npv
from playbook.stats.draws import uniforms
from playbook.stats.information import posterior
from playbook.strategy.business_case import launch_now
from playbook.strategy.case_live import case_live, size_live
from playbook.strategy.testing_value import value_by_effect, value_of_testing
from playbook.strategy.value_flow import Inputs, cash, drawn_inputs
from playbook.strategy.value_model import ValueModel

INPUTS = Path(__file__).parents[1] / "data" / "sample" / "inputs" / "value_model.yaml"
INNER = 1_000
OUTER = 2_000


def best(work: Callable[[], object], *, repeats: int = 7) -> float:
    """Seconds of the fastest of several runs, the first one left out."""
    work()
    times = []
    for _repeat in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def plain(model: ValueModel, inputs: Inputs) -> list[float]:
    """The same value, one draw and one year at a time."""
    columns = [np.asarray(value).tolist() for value in vars(inputs).values()]
    one_off = sum(line.amount for line in model.one_off)
    running = sum(line.amount for line in model.running)
    touched = model.touched_revenue * model.margin_share
    values = []
    for effect, annual, scale, margin, basket, first, later in zip(*columns, strict=True):
        total, kept = -one_off * first, 0.0
        for year, (ramp, paid) in enumerate(
            zip(model.ramp, model.running_ramp, strict=True), start=1
        ):
            gain = effect * annual * scale * ramp
            kept = kept * (model.retention_share + gain) + model.base_customers * gain
            earned = kept * margin + basket * touched * ramp - running * later * paid
            total += earned / (1 + model.discount_rate) ** year
        values.append(total)
    return values


def nested(model: ValueModel) -> float:
    """Value of a pilot by brute force: simulated pilots, each with simulated futures."""
    noise = model.pilot.pair_sd / model.pilot.pairs**0.5
    truth = model.effect.at(uniforms("true effect", n=OUTER, seed=1))
    shown = truth + np.random.default_rng(2).normal(0.0, noise, OUTER)
    drawn = drawn_inputs(model, n=INNER, seed=3)
    z = (np.asarray(drawn.effect) - model.effect.mean) / model.effect.sd
    decided = []
    for seen in shown:
        mean, sd = posterior(
            mean=model.effect.mean, sd=model.effect.sd, observed=float(seen), noise_sd=noise
        )
        inputs = Inputs(**{**vars(drawn), "effect": mean + sd * z})
        worth = npv(cash(model, inputs).net, rate=model.discount_rate).mean()
        decided.append(max(0.0, float(worth)))
    return float(np.mean(decided)) - max(0.0, float(value_by_effect(model)(0.0)))


def main() -> None:
    """Print every figure beside its limit or its peer."""
    model = ValueModel.model_validate(yaml.safe_load(INPUTS.read_text(encoding="utf-8")))
    for n in (10_000, 100_000):
        inputs = drawn_inputs(model, n=n)
        fast, slow = (
            best(lambda n=n: launch_now(model, n=n)),
            best(lambda inputs=inputs: plain(model, inputs), repeats=1),
        )
        rate = model.discount_rate
        same = np.allclose(plain(model, inputs), npv(cash(model, inputs).net, rate=rate))
        limit = ", limit 15 ms" if n == 10_000 else ""
        print(f"{n:>7,} draws of the whole case: {fast * 1e3:6.1f} ms{limit}")
        print(
            f"        plain Python loop: {slow * 1e3:8.1f} ms, {slow / fast:.0f} times as long,"
            f" same values: {same}"
        )
    every = best(lambda: value_of_testing(model, sizes=range(2, 42)))
    force = best(lambda: nested(model), repeats=1)
    print(f"value of testing, 40 sizes: {every * 1e3:6.1f} ms")
    print(
        f"        nested simulation, 1 size, {OUTER} pilots x {INNER} futures: "
        f"{force * 1e3:.0f} ms, {force / every * 40:.0f} times as long per size"
    )
    print(
        f"        worth of {model.pilot.pairs} pairs: "
        f"{value_of_testing(model).plan['evsi'] / 1e6:.1f} m, nested {nested(model) / 1e6:.1f} m"
    )
    for name, live, moved in (
        ("case", case_live(model), {"effect": 0.02}),
        ("pilot size", size_live(model), {"pairs": 20}),
    ):
        answer = best(lambda live=live, moved=moved: live.markup(**moved))
        print(
            f"slider of the {name}, answer with both charts: {answer * 1e3:5.0f} ms, limit 150 ms"
        )


if __name__ == "__main__":
    main()
