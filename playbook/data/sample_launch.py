"""How the sample chain's pilot is carried out: fidelity, queues, the issue log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from playbook.data.sample_pilot import PilotPlan
from playbook.data.sample_streams import stream
from playbook.data.sample_truth import FIDELITY

Floats = npt.NDArray[np.float64]

CHECKS_PER_WEEK = 60  # lines ticked on a store's weekly checklist
QUEUE_LIMIT_MINUTES = 4.0  # the guardrail
_WEAK = (0.42, 0.47)  # the two stores below one half
_FIRST_WEEKS = (0.55, 0.75, 0.92)  # of its later level, while a store learns
_QUEUE_MINUTES, _LONG_QUEUE_MINUTES = 2.9, 4.5


@dataclass(frozen=True, kw_only=True)
class Launch:
    """Which treated stores stand out, and how well each does the standard.

    Attributes:
        fidelity: Planted share of the standard done per treated store, mean 0.78.
        weak: The two stores below one half.
        queues: The three small stores whose queues are too long.
        split: The store that splits card receipts.
    """

    fidelity: dict[str, float]
    weak: tuple[str, ...]
    queues: tuple[str, ...]
    split: str


def launch(treated: tuple[str, ...], *, stores: pd.DataFrame, seed: int) -> Launch:
    """Draw who stands out among the treated stores.

    Args:
        treated: Store ids.
        stores: Store master; the queues are long in the smallest treated stores.
        seed: Of the chain.
    """
    rng = stream(seed, "launch")
    by_size = stores[stores["store_id"].isin(treated)].sort_values(["size_m2", "store_id"])
    queues = tuple(by_size["store_id"].head(3))
    others = [str(store) for store in rng.permutation(sorted(set(treated) - set(queues)))]
    weak, split = tuple(others[:2]), others[2]
    rest = [store for store in treated if store not in weak]
    level = np.clip(rng.normal(0, 0.05, len(rest)), -0.09, 0.09)
    wanted = (FIDELITY * len(treated) - sum(_WEAK)) / len(rest)
    fidelity = dict(zip(weak, _WEAK, strict=True))
    fidelity |= dict(zip(rest, (wanted + level - level.mean()).round(3).tolist(), strict=True))
    return Launch(fidelity=fidelity, weak=weak, queues=queues, split=split)


def fidelity_log(plan: PilotPlan, launched: Launch, *, seed: int) -> pd.DataFrame:
    """The weekly log of the treated stores.

    Returns:
        ``store_id``, ``week`` (Monday), ``done_share`` (0 to 1), ``queue_minutes``.
    """
    rng = stream(seed, "fidelity log")
    weeks = [plan.start + timedelta(weeks=week) for week in range(plan.weeks)]
    ramp = np.array([*_FIRST_WEEKS, *[1.0] * plan.weeks])[: plan.weeks]
    logs = []
    for store in plan.treated:
        chance = np.clip(launched.fidelity[store] * ramp + rng.normal(0, 0.02, len(ramp)), 0, 0.99)
        mean = _LONG_QUEUE_MINUTES if store in launched.queues else _QUEUE_MINUTES
        minutes = mean * np.exp(rng.normal(0, 0.07, len(ramp)))
        done = rng.binomial(CHECKS_PER_WEEK, chance) / CHECKS_PER_WEEK
        logs.append(
            pd.DataFrame(
                {
                    "store_id": store,
                    "week": pd.to_datetime(weeks),
                    "done_share": done.round(3),
                    "queue_minutes": minutes.round(1),
                }
            )
        )
    return pd.concat(logs, ignore_index=True)


# Week of the pilot (0 is the first), store, kind, severity, owner's role, weeks until closed.
_ISSUES = (
    (0, "rest", "training", "medium", "Area manager", 2,
     "Two of nine cashiers were on leave during the training and start without it."),
    (0, "all", "data", "high", "CRM analyst", 1,
     "The list of customers for the welcome messages lacked cards issued on 27 and 28 December."),
    (1, "weak0", "fidelity", "high", "Area manager", 0,
     "The store has no director since December; the checklist is not filled in on weekends."),
    (2, "queue0", "queue", "medium", "Store director", 0,
     "With two tills and the new greeting the queue grows past four minutes in the evening."),
    (2, "rest", "process", "low", "Service desk", 1,
     "The card with the complaint number is not at hand at till 3."),
    (3, "split", "data", "low", "Store director", 2,
     "The bonus for returning customers is counted per receipt, the tills say."),
    (4, "queue1", "queue", "medium", "Store director", 0,
     "One till is broken; the queue is measured at the other one only."),
    (4, "all", "mailing", "medium", "CRM analyst", 2,
     "The mailing to all card holders went out three days late."),
    (5, "weak1", "fidelity", "high", "Area manager", 0,
     "The deputy thinks that the pilot is over after the training week."),
    (6, "rest", "complaints", "medium", "Service desk", 1,
     "Four complaints were answered after more than 24 hours: the shift on Sunday has no owner."),
    (7, "queue2", "queue", "medium", "Area manager", 0,
     "The third small store asks for one more person between five and seven in the evening."),
    (8, "all", "mailing", "low", "Marketing", 3,
     "Regular customers complain that they get the same coupon for the third time."),
    (9, "split", "audit", "high", "Internal audit", 0,
     "Many small receipts on one card within minutes; the store is asked for an explanation."),
    (11, "rest", "process", "low", "Store director", 1,
     "The welcome leaflet ran out and was reprinted locally with an old phone number."),
    (13, "all", "data", "low", "CRM analyst", 1,
     "A till update moved the clock of one store by an hour for a day; corrected."),
)  # fmt: skip


def issue_log(plan: PilotPlan, launched: Launch) -> pd.DataFrame:
    """The pilot's issue log; texts and roles are sentences of the sample.

    Returns:
        ``issue_id``, ``opened``, ``store_id`` (``None``: all stores), ``kind``,
        ``severity``, ``text``, ``owner``, ``closed`` (``None``: still open).
    """
    rest = [s for s in plan.treated if s not in (*launched.weak, *launched.queues, launched.split)]
    named = {
        "split": launched.split,
        **{f"weak{number}": store for number, store in enumerate(launched.weak)},
        **{f"queue{number}": store for number, store in enumerate(launched.queues)},
    }
    rows = []
    for number, (week, where, kind, severity, owner, weeks, text) in enumerate(_ISSUES, start=1):
        opened = plan.start + timedelta(weeks=week, days=number % 5)
        store = rest[number % len(rest)] if where == "rest" else named.get(where)
        closed = opened + timedelta(weeks=weeks, days=2) if weeks else None
        rows.append((f"i{number:02d}", opened, store, kind, severity, text, owner, closed))
    names = ["issue_id", "opened", "store_id", "kind", "severity", "text", "owner", "closed"]
    log = pd.DataFrame(rows, columns=names)
    days = {name: pd.to_datetime(log[name]) for name in ("opened", "closed")}
    return log.assign(**days)


def last_day(plan: PilotPlan) -> date:
    """The last day with receipts."""
    return plan.end - timedelta(days=1)
