"""Lots: which pairs enter, which store of a pair changes, who is drawn in a stratum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

Pair = tuple[int, int]


def draw_pairs(
    found: list[Pair], able: pd.DataFrame, *, n_pairs: int, rng: np.random.Generator
) -> list[Pair]:
    """Draw pairs; each region gives in proportion to the pairs it has."""
    region = able["region"].astype(str).to_numpy()[[a for a, _b in found]]
    names, have = np.unique(region, return_counts=True)
    drawn: list[Pair] = []
    for one, n in zip(names, shares(have, total=n_pairs), strict=True):
        rows = np.flatnonzero(region == one)
        drawn += [found[i] for i in sorted(rng.choice(rows, size=n, replace=False))]
    return drawn


def shares(have: np.ndarray, *, total: int) -> np.ndarray:
    """Split ``total`` in proportion to ``have``, in whole numbers (largest remainders).

    Example:
        >>> shares(np.array([20, 10]), total=4).tolist()
        [3, 1]
    """
    exact = have * total / have.sum()
    n: np.ndarray = np.floor(exact).astype(int)
    order = np.argsort(-(exact - n), kind="stable")
    n[order[: total - n.sum()]] += 1
    return n


def toss(drawn: list[Pair], able: pd.DataFrame, *, rng: np.random.Generator) -> pd.DataFrame:
    """A coin per pair; pairs are numbered from P01."""
    heads = rng.integers(0, 2, size=len(drawn))
    rows = np.array(drawn).ravel()
    arm = np.where(np.column_stack([heads == 0, heads == 1]).ravel(), "treated", "control")
    block = np.repeat([f"P{i + 1:02d}" for i in range(len(drawn))], 2)
    return able.iloc[rows].assign(block=block, arm=arm).reset_index(drop=True)


def draw_strata(
    able: pd.DataFrame,
    *,
    strata: Sequence[str],
    n_treated: int,
    n_control: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw both arms in every stratum in proportion to its stores.

    A stratum that would get stores of one arm only says nothing about the change; its
    places are given to the larger strata by the rule of largest remainders.
    """
    label = able[list(strata)].astype(str).agg("/".join, axis=1).to_numpy()
    names, have = np.unique(label, return_counts=True)
    treated = shares(have, total=n_treated)
    control = np.minimum(shares(have, total=n_control), have - treated)
    picked: list[pd.DataFrame] = []
    for one, n_first, n_second in zip(names, treated, control, strict=True):
        rows = rng.permutation(np.flatnonzero(label == one))[: n_first + n_second]
        arm = np.repeat(["treated", "control"], [n_first, n_second])
        picked.append(able.iloc[rows].assign(block=one, arm=arm))
    return pd.concat(picked, ignore_index=True).sort_values(["block", "arm", "store_id"])
