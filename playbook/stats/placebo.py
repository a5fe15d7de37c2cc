"""Placebo pilots: the real test on many draws where nothing was changed, all at once.

Every placebo pilot has the same mechanism (a coin per pair, or a draw per stratum of
fixed size), its own units, outcomes and covariates. Its interval is that of
``stats.randomisation``; since a constant effect shifts the interval by itself, one
interval per placebo pilot tells the power at every effect.
"""

from __future__ import annotations

import numpy as np

from playbook.stats.randomisation import rejected_beyond

GROUP_ORDER = 9  # 2**9 sign flips


def sign_group(n_pairs: int, *, seed: int, order: int = GROUP_ORDER) -> np.ndarray:
    """Arms of a random group of coin tosses in pairs, the real draw first.

    Closed under composition, so a test against it holds its level exactly (with all
    tosses when there are few pairs). Units alternate: treated, control, treated, ...

    Returns:
        Draws by units, 1 for treated; the first row is 1, 0, 1, 0, ...
    """
    if n_pairs <= order:
        generators = np.eye(n_pairs, dtype=bool)
    else:
        generators = _independent(n_pairs, order, rng=np.random.default_rng(seed))
    flips = np.zeros((1, n_pairs), dtype=bool)
    for generator in generators:
        flips = np.vstack([flips, flips ^ generator])
    arms = np.empty((len(flips), 2 * n_pairs))
    arms[:, 0::2], arms[:, 1::2] = ~flips, flips
    return arms


def _independent(n: int, order: int, *, rng: np.random.Generator) -> np.ndarray:
    """``order`` linearly independent sets of pairs: a triangle in random columns."""
    generators = rng.random((order, n)) < 0.5
    lead = rng.permutation(n)[:order]
    generators[:, lead] = np.tril(generators[:, lead], -1) | np.eye(order, dtype=bool)
    return generators


def intervals(
    outcome: np.ndarray,
    covariates: np.ndarray,
    arms: np.ndarray,
    *,
    fixed: np.ndarray | None = None,
    level: float = 0.95,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimate and interval of every placebo pilot.

    Args:
        outcome: Pilots by units.
        covariates: Pilots by units by covariates; the last axis may be empty.
        arms: Draws by units, the real one first, the same for all pilots.
        fixed: Units by columns adjusted for in every pilot beside the constant (blocks).
        level: Of the intervals.

    Returns:
        Effect, lower and upper bound, one value per pilot each.
    """
    q = _bases(covariates, fixed)
    left = outcome - np.einsum("sij,sj->si", q, np.einsum("sij,si->sj", q, outcome))
    mixed = np.einsum("ri,sij->srj", arms, q, optimize=True)
    squares = (arms**2).sum(axis=1) - np.einsum("srj,srj->sr", mixed, mixed)
    length = np.sqrt(np.maximum(squares, 1e-12))
    seen = (left @ arms.T) / length
    reach = (arms @ arms[0] - np.einsum("srj,sj->sr", mixed, mixed[:, 0])) / length
    low, high = rejected_beyond(seen, reach, alpha=1 - level)
    return seen[:, 0] / reach[:, 0], low, high


def _bases(covariates: np.ndarray, fixed: np.ndarray | None) -> np.ndarray:
    """Orthonormal bases of a constant and the covariates, pilot by pilot."""
    n_pilots, n_units, _k = covariates.shape
    centred = covariates - covariates.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    scaled = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    always = np.ones((n_units, 1)) if fixed is None else fixed
    stacked = np.broadcast_to(always, (n_pilots, *always.shape))
    q, r = np.linalg.qr(np.concatenate([stacked, scaled], axis=2))
    # columns that say nothing new are dropped
    fresh = np.abs(np.diagonal(r, axis1=1, axis2=2)) > 1e-8
    bases: np.ndarray = q * fresh[:, None, :]
    return bases


def power_at(low: np.ndarray, high: np.ndarray, effects: np.ndarray) -> np.ndarray:
    """Share of placebo pilots that find a true effect, on its own side of zero.

    Args:
        low: Lower bounds of the placebo pilots.
        high: Upper bounds.
        effects: True effects; negative ones are found below zero.
    """
    above = (low[:, None] + effects > 0).mean(axis=0)
    below = (high[:, None] + effects < 0).mean(axis=0)
    found: np.ndarray = np.where(effects < 0, below, above)
    return found


def detectable(low: np.ndarray, *, power: float = 0.80) -> float:
    """Smallest positive effect that ``power`` of the placebo pilots find; may be infinite.

    Example:
        >>> detectable(np.array([-1.0, -2.0, -3.0, -4.0, -5.0]), power=0.8)
        4.0
    """
    k = int(np.ceil(power * len(low) - 1e-9)) - 1
    return float(np.sort(-low)[k])


def false_alarms(low: np.ndarray, high: np.ndarray) -> float:
    """Share of placebo pilots whose interval leaves out zero though nothing was changed."""
    return float(((low > 0) | (high < 0)).mean())
