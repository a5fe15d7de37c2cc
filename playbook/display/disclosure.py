"""No figure about fewer than ten people leaves a table, not even by subtraction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from playbook.text import gettext as _

LEAST_CELL = 10


def hidden(counts: ArrayLike) -> NDArray[np.bool_]:
    """Which counts stay untold.

    Counts of 1 to 9 are hidden. Where a row or a column would then have a single hidden
    count, which its total gives away, the next smallest goes with it.

    Args:
        counts: Customers per group, or per row and column.

    Example:
        >>> hidden([120, 4, 0, 60]).tolist()
        [False, True, False, True]
    """
    table = np.atleast_2d(np.asarray(counts, dtype=float))
    mask = (table > 0) & (table < LEAST_CELL)
    while True:
        more = _give_company(table, mask)
        if np.array(counts).ndim == 2:
            more |= _give_company(table.T, mask.T).T
        if not (more & ~mask).any():
            return mask.reshape(np.shape(counts))
        mask |= more


def _give_company(table: NDArray[np.float64], mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The smallest open count beside each lonely hidden one, row by row."""
    more = np.zeros_like(mask)
    for row in np.flatnonzero(mask.sum(axis=1) == 1):
        open_ = np.flatnonzero(~mask[row] & (table[row] > 0))
        if len(open_):
            more[row, open_[np.argmin(table[row, open_])]] = True
    return more


def without_small_cells(
    frame: pd.DataFrame, *, count: str, figures: Sequence[str] = ()
) -> pd.DataFrame:
    """Blank counts that must stay untold and the figures that rest on them.

    Args:
        frame: One row per group; the groups make up a total that is known.
        count: Column of the number of customers; 0 stays, since nobody is described by it.
        figures: Columns that rest on these customers.
    """
    mask = hidden(frame[count])
    if not mask.any():
        return frame
    return frame.assign(
        **{column: frame[column].astype(float).mask(mask) for column in (count, *figures)}
    )


def told(count: float) -> float:
    """A count that stands alone; not a number where it is 1 to 9.

    Example:
        >>> told(10), told(0), told(9)
        (10.0, 0.0, nan)
    """
    return float("nan") if 0 < count < LEAST_CELL else float(count)


def are_few(whole: float, part: float) -> bool:
    """Whether a group, a part of it or the rest of it are 1 to 9 people.

    Example:
        >>> are_few(100, 40), are_few(100, 95), are_few(100, 100)
        (False, True, False)
    """
    return any(0 < n < LEAST_CELL for n in (whole, part, whole - part))


def shares(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Shares of groups of people, not a number where the group has fewer than ten.

    Args:
        part: Those of each group who did something.
        whole: All of each group.

    Example:
        >>> shares([5, 5, 0], [10, 9, 0]).tolist()
        [0.5, nan, nan]
    """
    top, bottom = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    found = np.full(bottom.shape, np.nan)
    np.divide(top, bottom, out=found, where=bottom >= LEAST_CELL)
    return found


def hidden_note(frame: pd.DataFrame, *, count: str) -> list[str]:
    """The sentence that says that something was hidden, or nothing."""
    if not frame[count].isna().any():
        return []
    return [_("Groups of fewer than {n} customers are not shown.").format(n=LEAST_CELL)]
