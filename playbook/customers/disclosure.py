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


def hidden_note(frame: pd.DataFrame, *, count: str) -> list[str]:
    """The sentence that says that something was hidden, or nothing."""
    if not frame[count].isna().any():
        return []
    return [_("Groups of fewer than {n} customers are not shown.").format(n=LEAST_CELL)]
