"""The roadmap: tasks with three estimates each, what waits for what, and the promised date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playbook.engagement.documents import Document, Part, Words

Floats = NDArray[np.float64]


class Task(Part):
    """One piece of work, in weeks."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name")
    title: Words = Field(min_length=1, description="what people call it")
    optimistic: float = Field(gt=0, description="weeks if everything goes well")
    likely: float = Field(gt=0, description="weeks as a rule")
    pessimistic: float = Field(gt=0, description="weeks if much goes wrong")
    after: tuple[str, ...] = Field(default=(), description="ids of the tasks it waits for")
    owner: Words = Field(default="", description="the one role that answers for it")
    serves: tuple[str, ...] = Field(
        default=(), description="initiatives that need it; empty: every plan needs it"
    )
    is_fixed: bool = Field(
        default=False, description="whether its length is set by design and not estimated"
    )


class Roadmap(Document):
    """The plan to the decision: what is done, in which order, by whom."""

    kind: ClassVar[str] = "roadmap"
    version: ClassVar[int] = 1

    start: dt.date = Field(description="first day of the plan")
    promised_weeks: float = Field(gt=0, description="weeks after which the end is promised")
    last: tuple[str, ...] = Field(
        default=(), description="ids of the tasks that end the plan; nothing waits for them"
    )
    tasks: tuple[Task, ...] = Field(min_length=1)

    def network(self) -> dict[str, tuple[str, ...]]:
        """Task to the tasks it waits for."""
        return {task.id: task.after for task in self.tasks}

    def estimates(self) -> tuple[Floats, Floats, Floats]:
        """Optimistic, likely and pessimistic weeks, in the order of the tasks."""
        found = np.array([(t.optimistic, t.likely, t.pessimistic) for t in self.tasks], float)
        return found[:, 0], found[:, 1], found[:, 2]


def for_initiatives(roadmap: Roadmap, kept: Collection[str]) -> Roadmap:
    """The plan without tasks that serve only initiatives that are not kept.

    A task that waited for one of them waits for what that one waited for.

    Args:
        roadmap: The whole plan, without a circle.
        kept: Ids of the initiatives that go on.
    """
    gone = {task.id for task in roadmap.tasks if task.serves and not set(task.serves) & set(kept)}
    after = roadmap.network()

    def waits_for(task: str) -> list[str]:
        found: dict[str, None] = {}
        for earlier in after[task]:
            for real in waits_for(earlier) if earlier in gone else [earlier]:
                found[real] = None
        return list(found)

    tasks = tuple(
        task.model_copy(update={"after": tuple(waits_for(task.id))})
        for task in roadmap.tasks
        if task.id not in gone
    )
    return roadmap.model_copy(update={"tasks": tasks})
