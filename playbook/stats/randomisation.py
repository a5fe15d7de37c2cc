"""Randomisation inference: what chance alone does when the draw is repeated.

A pilot assigns units to arms by a draw within blocks (a coin per pair is a block of
two). The test repeats that draw and asks how often a difference as large as the one
seen arises when nothing was changed. No normal distribution is assumed, and units need
not be independent across time.

Source: Fisher 1935; Rosenbaum 2002, Observational Studies, ch. 2; Lin 2013, "Agnostic
notes on regression adjustments to experimental data".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

EXACT_UP_TO = 2**14
ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Redraws:
    """Draws of the mechanism, the real one first.

    Attributes:
        arms: One row per draw, one column per unit; 1 is treated, 0 control.
        is_exact: Whether every possible draw is there, once.
        n_possible: How many different draws the mechanism has.
    """

    arms: np.ndarray
    is_exact: bool
    n_possible: int


@dataclass(frozen=True, kw_only=True)
class Randomised:
    """An effect with what chance alone could have done.

    Attributes:
        att: Mean effect on the treated, in the outcome's unit.
        se: Its standard error: spread of the redraws once the effect is taken out, with
            the degrees of freedom that the adjustment uses.
        ci_low: Smallest effect that the test does not reject.
        ci_high: Largest effect that the test does not reject.
        p_value: Share of draws with a difference at least as large when nothing was changed.
        n_extreme: Draws at least as extreme as the real one, itself included.
        n_draws: Draws looked at.
        is_exact: Whether these are all draws that were possible.
    """

    att: float
    se: float
    ci_low: float
    ci_high: float
    p_value: float
    n_extreme: int
    n_draws: int
    is_exact: bool


def n_possible(blocks: np.ndarray, treated: np.ndarray) -> int:
    """How many different assignments the draw within blocks can give.

    Example:
        >>> n_possible(np.repeat([1, 2, 3], 2), np.tile([1, 0], 3))
        8
    """
    labels, index = np.unique(blocks, return_inverse=True)
    sizes = np.bincount(index, minlength=len(labels))
    chosen = np.bincount(index, weights=np.asarray(treated, float), minlength=len(labels))
    return math.prod(math.comb(int(n), int(k)) for n, k in zip(sizes, chosen, strict=True))


def redraws(
    blocks: np.ndarray,
    treated: np.ndarray,
    *,
    seed: int,
    n_draws: int = 10_000,
    exact_up_to: int = EXACT_UP_TO,
) -> Redraws:
    """Repeat the draw: every possible one where there are few, else at random.

    Args:
        blocks: Block of every unit.
        treated: 1 for treated, 0 for control; the real draw.
        seed: For the draws at random.
        n_draws: How many, the real one included.
        exact_up_to: Up to this many possible draws all are enumerated.
    """
    real = np.asarray(treated, dtype=np.int8)
    possible = n_possible(blocks, real)
    if possible <= exact_up_to:
        every = _every(np.asarray(blocks), real)
        is_real = (every == real).all(axis=1)
        arms = np.vstack([every[is_real], every[~is_real]])
        return Redraws(arms=arms, is_exact=True, n_possible=possible)
    rng = np.random.default_rng(seed)
    drawn = _at_random(np.asarray(blocks), real, n=n_draws - 1, rng=rng)
    return Redraws(arms=np.vstack([real[None, :], drawn]), is_exact=False, n_possible=possible)


def _every(blocks: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """All assignments, block by block."""
    arms = np.zeros((1, len(treated)), dtype=np.int8)
    for block in np.unique(blocks):
        rows = np.flatnonzero(blocks == block)
        choices = list(combinations(rows, int(treated[rows].sum())))
        grown = np.repeat(arms, len(choices), axis=0)
        for i, choice in enumerate(choices):
            grown[i :: len(choices), list(choice)] = 1
        arms = grown
    return arms


def _at_random(
    blocks: np.ndarray, treated: np.ndarray, *, n: int, rng: np.random.Generator
) -> np.ndarray:
    """Assignments at random: within a block, the units with the smallest marks are treated."""
    arms = np.zeros((n, len(treated)), dtype=np.int8)
    for block in np.unique(blocks):
        rows = np.flatnonzero(blocks == block)
        order = rng.random((n, len(rows))).argsort(axis=1).argsort(axis=1)
        arms[:, rows] = order < treated[rows].sum()
    return arms


def basis(
    blocks: np.ndarray, treated: np.ndarray, covariates: np.ndarray | None = None
) -> np.ndarray:
    """An orthonormal basis of what is adjusted for.

    A constant and the covariates; the blocks too where they treat different shares of
    their units, since the arms then differ by the mix of blocks.

    Args:
        blocks: Block of every unit.
        treated: 1 for treated, 0 for control.
        covariates: Units by covariates, known before the start; ``None`` for none.
    """
    n = len(treated)
    if _is_uneven(blocks, treated):
        labels, index = np.unique(blocks, return_inverse=True)
        parts = [np.eye(len(labels))[index]]
    else:
        parts = [np.ones((n, 1))]
    if covariates is not None and covariates.size:
        centred = covariates - covariates.mean(axis=0)
        spread = centred.std(axis=0)
        parts.append(centred[:, spread > 0] / spread[spread > 0])
    q, s, _rest = np.linalg.svd(np.hstack(parts), full_matrices=False)
    orthonormal: np.ndarray = q[:, s > 1e-8 * s[0]]
    return orthonormal


def _is_uneven(blocks: np.ndarray, treated: np.ndarray) -> bool:
    """Whether blocks treat different shares of their units."""
    _labels, index = np.unique(blocks, return_inverse=True)
    share = np.bincount(index, weights=np.asarray(treated, float)) / np.bincount(index)
    return bool(np.ptp(share) > ROUNDING)


def compare(
    outcome: np.ndarray,
    blocks: np.ndarray,
    draws: Redraws,
    *,
    covariates: np.ndarray | None = None,
    level: float = 0.95,
) -> Randomised:
    """Test that nothing happened and invert the test for an interval (ANCOVA when adjusted).

    The effect is the coefficient of the arm in a linear model with the covariates. The
    statistic of a draw is the covariance of its arms with the outcome after adjustment,
    over the length of the adjusted arms; it never lets a redraw outweigh the real draw,
    so the effects that are not rejected form one interval around the estimate.

    Args:
        outcome: One value per unit.
        blocks: Block of every unit.
        draws: From ``redraws``; its first row is the real draw.
        covariates: Units by covariates, known before the start.
        level: Of the interval.

    Example:
        >>> gains = np.array([1.0, 2.0, 3.0, 1.5, 2.5, 0.5])
        >>> outcome, pair = np.ravel(np.column_stack([gains, 0 * gains])), np.repeat(range(6), 2)
        >>> seen = compare(outcome, pair, redraws(pair, np.tile([1, 0], 6), seed=1))
        >>> round(seen.att, 3), seen.n_extreme, seen.n_draws
        (1.75, 2, 64)
    """
    real = draws.arms[0].astype(float)
    q = basis(blocks, real, covariates)
    seen, reach = scores(np.asarray(outcome, float), draws.arms.astype(float), q)
    low, high = rejected_beyond(seen, reach, alpha=1 - level)
    n_extreme = int((np.abs(seen) >= np.abs(seen[0]) * (1 - ROUNDING) - ROUNDING * reach[0]).sum())
    att = float(seen[0] / reach[0])
    fixed = len(np.unique(blocks)) if _is_uneven(blocks, real) else 0
    return Randomised(
        att=att,
        se=_spread(seen - att * reach, fixed, q.shape[1], len(real)) / float(reach[0]),
        ci_low=float(low),
        ci_high=float(high),
        p_value=n_extreme / len(seen),
        n_extreme=n_extreme,
        n_draws=len(seen),
        is_exact=draws.is_exact,
    )


def _spread(noise: np.ndarray, fixed: int, fitted: int, n: int) -> float:
    """Standard deviation of the redraws without the effect, corrected for what was fitted."""
    free = max(n - fitted - 1, 1)
    return float(np.sqrt(np.mean(noise**2) * (n - fixed) / free))


def scores(outcome: np.ndarray, arms: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per draw: covariance with the outcome, and with the real arms, over its length.

    Args:
        outcome: One value per unit.
        arms: Draws by units, the real one first.
        q: Orthonormal basis of what is adjusted for.
    """
    left = outcome - q @ (q.T @ outcome)
    real = arms[0] - q @ (q.T @ arms[0])
    length = np.sqrt(np.maximum((arms**2).sum(axis=1) - ((arms @ q) ** 2).sum(axis=1), 0.0))
    # a draw that the covariates explain fully says nothing: it counts as extreme
    is_empty = length < 1e-8
    length[is_empty] = np.inf
    seen, reach = arms @ left / length, arms @ real / length
    seen[is_empty], reach[is_empty] = seen[0], reach[0]
    return seen, reach


def rejected_beyond(
    seen: np.ndarray, reach: np.ndarray, *, alpha: float
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the effects that the test does not reject at ``alpha``.

    A draw outweighs an effect ``e`` where ``|seen - e reach|`` is at least that of the
    real draw; for each draw this holds between the two roots, which enclose the estimate.

    Args:
        seen: Scores, draws on the last axis, the real one first.
        reach: The same with the real arms in place of the outcome.
        alpha: Share of draws.
    """
    first_seen, first_reach = seen[..., :1], reach[..., :1]
    with np.errstate(divide="ignore", invalid="ignore"):
        one = (first_seen + seen) / (first_reach + reach)
        two = (first_seen - seen) / (first_reach - reach)
    slack = ROUNDING * first_reach
    is_open = (first_reach - np.abs(reach)) <= slack
    upper = np.where(is_open, np.inf, np.maximum(one, two))
    lower = np.where(is_open, -np.inf, np.minimum(one, two))
    n = seen.shape[-1]
    k = min(int(np.floor(alpha * n + 1e-9)), n - 1)  # k draws beyond: still rejected
    high = np.partition(upper, n - 1 - k, axis=-1)[..., n - 1 - k]
    low = np.partition(lower, k, axis=-1)[..., k]
    return low, high
