"""Networks of tasks: order, critical path, three-point estimates, simulated schedules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Network = Mapping[str, Sequence[str]]


def cycle(network: Network) -> tuple[str, ...]:
    """The tasks of a circle, in order and closed by the first again; empty when there is none.

    Args:
        network: Task to the tasks it waits for.

    Example:
        >>> cycle({"a": [], "b": ["a"]})
        ()
    """
    try:
        TopologicalSorter(network).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()


def ordered(network: Network) -> list[str]:
    """The tasks so that each stands after those it waits for; stable, so a run repeats.

    Raises:
        ValueError: The tasks wait for each other in a circle.
    """
    if circle := cycle(network):
        raise ValueError("tasks wait for each other: " + " -> ".join(circle))
    done: dict[str, None] = {}

    def visit(task: str) -> None:
        for earlier in network[task]:
            if earlier not in done:
                visit(earlier)
        done[task] = None

    for task in network:
        if task not in done:
            visit(task)
    return list(done)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When every task can and must happen; times from the start of the plan.

    All arrays are ``(n_draws, n_tasks)`` in the order of ``tasks``, except
    ``finish`` with one value per draw.

    Attributes:
        tasks: Names of the tasks.
        start: Earliest start.
        end: Earliest end.
        slack: By how much a task may slip without moving the end of the plan.
        finish: End of the plan.
    """

    tasks: tuple[str, ...]
    start: Floats
    end: Floats
    slack: Floats
    finish: Floats

    @property
    def criticality(self) -> Floats:
        """Share of draws in which each task lies on a critical path."""
        share: Floats = (self.slack < 1e-9).mean(axis=0)
        return share

    def critical_path(self) -> list[str]:
        """The critical tasks of the first draw, in the order of their start."""
        order = np.lexsort((self.end[0], self.start[0]))
        return [self.tasks[i] for i in order if self.slack[0, i] < 1e-9]


def schedule(network: Network, durations: Floats) -> Schedule:
    """Forward and backward pass over all draws at once (critical path method).

    Args:
        network: Task to the tasks it waits for; every task is a key.
        durations: ``(n_draws, n_tasks)`` or ``(n_tasks,)`` in the order of the keys.

    Raises:
        ValueError: The tasks wait for each other in a circle.
    """
    lengths = np.atleast_2d(np.asarray(durations, dtype=float)).T
    tasks = list(network)
    place = {task: i for i, task in enumerate(tasks)}
    order = ordered(network)
    start, end = np.zeros_like(lengths), np.zeros_like(lengths)
    for task in order:
        i = place[task]
        for earlier in network[task]:
            np.maximum(start[i], end[place[earlier]], out=start[i])
        end[i] = start[i] + lengths[i]
    finish = end.max(axis=0)
    latest_end = np.tile(finish, (len(tasks), 1))
    for task in reversed(order):
        i = place[task]
        for earlier in network[task]:
            j = place[earlier]
            np.minimum(latest_end[j], latest_end[i] - lengths[i], out=latest_end[j])
    slack = latest_end - end
    return Schedule(tasks=tuple(tasks), start=start.T, end=end.T, slack=slack.T, finish=finish)


def pert(optimistic: Floats, likely: Floats, pessimistic: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of three-point estimates, by the PERT formulas.

    Example:
        >>> mean, sd = pert(np.array([5.0]), np.array([8.0]), np.array([14.0]))
        >>> float(mean[0]), float(sd[0])
        (8.5, 1.5)
    """
    return (optimistic + 4 * likely + pessimistic) / 6, (pessimistic - optimistic) / 6


def widened(
    optimistic: Floats, likely: Floats, pessimistic: Floats, *, factor: float
) -> tuple[Floats, Floats, Floats]:
    """Three-point estimates with both sides stretched away from the middle by ``factor``.

    A duration does not go below a tenth of the most likely one.
    """
    low = np.maximum(likely - (likely - optimistic) * factor, np.minimum(optimistic, likely / 10))
    return low, likely, likely + (pessimistic - likely) * factor


def drawn(
    optimistic: Floats, likely: Floats, pessimistic: Floats, *, n_draws: int, seed: int
) -> Floats:
    """Durations from beta-PERT distributions, tasks independent of each other.

    Args:
        optimistic: Shortest duration per task.
        likely: Most likely duration, not below the shortest.
        pessimistic: Longest duration, not below the most likely.
        n_draws: Number of draws.
        seed: Same seed, same draws.

    Returns:
        ``(n_draws, n_tasks)``; a task whose three figures agree always takes as long.
    """
    spread = np.where(pessimistic > optimistic, pessimistic - optimistic, 1.0)
    a = 1 + 4 * (likely - optimistic) / spread
    b = 1 + 4 * (pessimistic - likely) / spread
    rng = np.random.default_rng(seed)
    shares = rng.beta(a, b, size=(n_draws, len(likely)))
    durations: Floats = optimistic + shares * (pessimistic - optimistic)
    return durations
