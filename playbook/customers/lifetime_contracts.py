"""Customers with a contract: who renews, how long they stay, what one average rate hides.

Where customers cancel, leaving is seen. The shifted beta-geometric model takes a chance to
cancel for each customer; those who cancel easily go first, so retention rises with age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from playbook.customers.gates import Untold
from playbook.display.chart import Chart
from playbook.display.charts.lifetime import survival
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.stats.likelihood import maximise
from playbook.stats.shifted_beta_geometric import ShiftedBetaGeometric, log_likelihood
from playbook.text import gettext as _
from playbook.text.numbers import between, number, percent

Floats = NDArray[np.float64]

LEAST_PERIODS = 4  # renewals seen, the last one held back
LEAST_CUSTOMERS = 200
LARGEST_ERROR = 0.05  # of the share still there at the renewal held back
PERIODS = 10
N_DRAWS = 400
STARTS = ((1.0, 3.0), (0.5, 0.5))


@dataclass(frozen=True, kw_only=True, eq=False)
class Contracts(Result):
    """Survival of contracts and what it is worth.

    Attributes:
        curve: One row per renewal: ``renewal`` (0 is the start), ``n_seen`` (customers whose
            fate is known), ``actual`` (share still there; missing beyond what was seen),
            ``expected``, ``low``, ``high`` (nine in ten, parameters), ``one_rate``.
        forecast: Share still there at the last renewal seen, forecast without it.
        actual: The share that was.
        first_rate: Retention at the first renewal.
        late_rate: Retention at the last renewal seen, by the model.
        margins: Discounted margins to come of a new customer, in margins of one period.
        margins_low: Lower bound, nine in ten.
        margins_high: Upper bound.
        margins_one_rate: The same by one average rate.
        margins_of_old: The same of a customer who is there after the last renewal seen.
        n_renewals: How many renewals were seen.
        discount: Discount rate of a period.
    """

    curve: pd.DataFrame
    forecast: float
    actual: float
    first_rate: float
    late_rate: float
    margins: float
    margins_low: float
    margins_high: float
    margins_one_rate: float
    margins_of_old: float
    n_renewals: int
    discount: float

    @property
    def headline(self) -> str:
        """What a new contract brings, by both ways."""
        words = _(
            "A new contract brings {new} more margins, one that was renewed {n} times {old}; one "
            "average rate says {one} for both."
        )
        return words.format(
            new=number(self.margins, 1),
            n=self.n_renewals,
            old=number(self.margins_of_old, 1),
            one=number(self.margins_one_rate, 1),
        )

    @property
    def figures(self) -> list[Figure]:
        """Margins by model, by one rate, the check."""
        span = between(number(self.margins_low, 1), number(self.margins_high, 1))
        was = _("{share} were").format(share=percent(self.actual, 1))
        return [
            Figure(_("Margins to come, new"), number(self.margins, 1), span),
            Figure(_("Margins to come, old"), number(self.margins_of_old, 1)),
            Figure(_("By one average rate"), number(self.margins_one_rate, 1)),
            Figure(_("Still there, forecast"), percent(self.forecast, 1), was),
        ]

    @property
    def assumptions(self) -> list[str]:
        """What is taken for granted."""
        return [
            _(
                "Each customer cancels at a renewal with a chance of her own that does not change. "
                "Retention rises from {first} at the first renewal to {late} because those who "
                "cancel easily have gone."
            ).format(first=percent(self.first_rate), late=percent(self.late_rate)),
            _("The last renewal was held back: its share was forecast without it."),
            _("Every period counts one margin, discounted at {rate}; {n} periods.").format(
                rate=percent(self.discount), n=len(self.curve) - 1
            ),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per renewal."""
        return self.curve

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "renewal": Column(_("Renewal"), "count"),
            "n_seen": Column(_("Customers seen"), "count"),
            "actual": Column(_("Still there"), "share", 1),
            "expected": Column(_("by the model"), "share", 1),
            "low": Column(_("from"), "share", 1),
            "high": Column(_("to"), "share", 1),
            "one_rate": Column(_("by one average rate"), "share", 1),
        }

    def plot(self) -> Chart:
        """Draw who is still there, by the model and by one rate."""
        words = _("Retention rises from {first} to {late}: one average rate misses those who stay")
        return survival(
            self.curve,
            x="renewal",
            actual="actual",
            expected="expected",
            low="low",
            high="high",
            one="one_rate",
            title=words.format(first=percent(self.first_rate), late=percent(self.late_rate)),
            subtitle=_("Share of a cohort still there after each renewal"),
            x_label=_("renewal"),
        )


def contracts(
    cohorts: pd.DataFrame, *, discount: float, seed: int, periods: int = PERIODS
) -> Contracts | Untold:
    """Fit survival to cohorts of contracts, or say why not.

    Args:
        cohorts: ``cohort``, ``renewal`` (0 is the start), ``n_customers`` still there; every
            cohort without gaps from 0 on, and no longer than it was seen.
        discount: Discount rate of one period between renewals.
        seed: Same seed, same draws.
        periods: How many renewals the curve goes on for.

    Raises:
        PlaybookError: Counts that rise, or renewals that are missing; all are named.
    """
    runs = _runs(cohorts)
    most = max(len(run) for run in runs) - 1
    n = sum(run[0] for run in runs)
    lacks = _lacks(most, n)
    if lacks:
        return Untold(_("How long contracts last cannot be told."), " ".join(lacks))
    seen = _seen(runs, most)
    early = _fit([run[:most] for run in runs if len(run) > 1])
    forecast = float(early.survival(most)[-1])
    actual = _share(runs, most)
    if abs(forecast - actual) > LARGEST_ERROR:
        words = _(
            "The share still there at the last renewal was forecast at {forecast} and is {actual}: "
            "contracts do not end as the model says."
        )
        reason = words.format(forecast=percent(forecast, 1), actual=percent(actual, 1))
        return Untold(_("How long contracts last cannot be told."), reason)
    model = _fit(runs)
    if not model.maximum.is_sure:
        return Untold(
            _("How long contracts last cannot be told."),
            _("All customers seem alike: the counts do not show who cancels easily."),
        )
    draws = model.maximum.draws(N_DRAWS, seed=seed)
    curves = np.array([_curve(alpha, beta, periods) for alpha, beta in draws])
    low, high = np.quantile(curves, [0.05, 0.95], axis=0)
    weights = (1 + discount) ** -np.arange(1.0, periods + 1)
    expected, rate = model.survival(periods), _one_rate(runs)
    kept = rate ** np.arange(periods + 1)
    margins_low, margins_high = np.quantile(curves[:, 1:] @ weights, [0.05, 0.95])
    shares = [_share(runs, k) if k <= most else np.nan for k in range(periods + 1)]
    curve = pd.DataFrame(
        {
            "renewal": np.arange(periods + 1),
            "n_seen": [float(seen[k]) if k <= most else np.nan for k in range(periods + 1)],
            "actual": shares,
            "expected": expected,
            "low": low,
            "high": high,
            "one_rate": kept,
        }
    )
    late = model.survival(most + periods)
    return Contracts(
        curve=curve,
        forecast=forecast,
        actual=actual,
        first_rate=float(late[1]),
        late_rate=float(late[most] / late[most - 1]),
        margins=float(expected[1:] @ weights),
        margins_low=float(margins_low),
        margins_high=float(margins_high),
        margins_one_rate=float(kept[1:] @ weights),
        margins_of_old=float(late[most + 1 :] / late[most] @ weights),
        n_renewals=most,
        discount=discount,
    )


def _runs(cohorts: pd.DataFrame) -> list[Floats]:
    """Customers still there by renewal, per cohort; checked."""
    problems, runs = [], []
    for key, rows in cohorts.sort_values("renewal").groupby("cohort"):
        run = rows["n_customers"].to_numpy(float)
        if rows["renewal"].tolist() != list(range(len(rows))):
            problems.append(_("Cohort {key}: renewals are missing or doubled.").format(key=key))
        elif (np.diff(run) > 0).any():
            problems.append(
                _("Cohort {key}: more customers than a renewal before.").format(key=key)
            )
        else:
            runs.append(run)
    if problems or not runs:
        raise PlaybookError(
            _("The cohorts of contracts cannot be read."),
            problems=problems,
            advice=_(
                "Give each cohort from renewal 0 on, without gaps, and never more than before."
            ),
        )
    return runs


def _lacks(most: int, n: float) -> list[str]:
    lacks = []
    if most < LEAST_PERIODS:
        words = _("Needed: at least {n} renewals. Found: {found}.")
        lacks.append(words.format(n=LEAST_PERIODS, found=number(most)))
    if n < LEAST_CUSTOMERS:
        words = _("Needed: at least {n} customers with a contract. Found: {found}.")
        lacks.append(words.format(n=LEAST_CUSTOMERS, found=number(n)))
    return lacks


def _seen(runs: list[Floats], most: int) -> Floats:
    """Customers whose fate at each renewal is known."""
    return np.array([sum(run[0] for run in runs if len(run) > k) for k in range(most + 1)])


def _share(runs: list[Floats], renewal: int) -> float:
    """Share still there after a renewal, renewal by renewal, whoever was seen at each."""
    share = 1.0
    for k in range(1, renewal + 1):
        pairs = [(run[k - 1], run[k]) for run in runs if len(run) > k]
        before, after = (sum(side) for side in zip(*pairs, strict=True))
        share *= after / before if before else 0.0
    return float(share)


def _one_rate(runs: list[Floats]) -> float:
    """Renewals over chances to renew, of all ages."""
    return float(sum(run[1:].sum() for run in runs) / sum(run[:-1].sum() for run in runs))


def _fit(runs: list[Floats]) -> ShiftedBetaGeometric:
    """One model for all cohorts, each seen for as long as it was."""

    def together(parameters: Floats) -> tuple[float, Floats]:
        value, gradient = 0.0, np.zeros(2)
        for run in runs:
            one, by = log_likelihood(-np.diff(run), float(run[-1]), parameters)
            value, gradient = value + one, gradient + by
        return value, gradient

    found = maximise(together, STARTS)
    alpha, beta = (float(value) for value in found.parameters)
    return ShiftedBetaGeometric(alpha=alpha, beta=beta, maximum=found)


def _curve(alpha: float, beta: float, periods: int) -> Floats:
    """Share still there after each renewal."""
    steps = np.arange(1, periods + 1)
    kept = (beta + steps - 1) / (alpha + beta + steps - 1)
    return np.concatenate([[1.0], np.cumprod(kept)])
