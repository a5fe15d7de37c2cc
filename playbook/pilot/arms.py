"""The stores of a pilot with what they did: checked against the charter before they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.pilot.charter import Charter
from playbook.stats.randomisation import n_possible
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

LARGEST_P = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class Arms:
    """The stores that are compared, in the order of their blocks.

    Attributes:
        stores: One row per store: ``store_id``, ``arm``, ``block``.
    """

    stores: pd.DataFrame

    @property
    def ids(self) -> np.ndarray:
        """Store ids."""
        return self.stores["store_id"].to_numpy(str)

    @property
    def treated(self) -> np.ndarray:
        """1 for treated, 0 for control."""
        return (self.stores["arm"] == "treated").to_numpy(int)

    @property
    def blocks(self) -> np.ndarray:
        """Block of every store."""
        return self.stores["block"].to_numpy(str)

    def without(self, blocks: Sequence[str]) -> Arms:
        """The same without these blocks."""
        keep = ~self.stores["block"].isin(list(blocks))
        return Arms(stores=self.stores.loc[keep].reset_index(drop=True))


def arms_of(charter: Charter, *, without: Sequence[str] = ()) -> Arms:
    """The stores of the charter; stores left out take their whole pair with them.

    Args:
        charter: The sealed one.
        without: Stores that closed or refused.

    Raises:
        PlaybookError: A store left out is not in the charter, or too few stores remain for
            any difference to mean something.
    """
    stores = charter.assignment.sort_values(
        ["block", "arm", "store_id"], ascending=[True, False, True]
    )
    unknown = sorted(set(without) - set(stores["store_id"]))
    if unknown:
        raise PlaybookError(
            _("Stores are to be left out that are not in the charter."), problems=unknown
        )
    gone = stores["store_id"].isin(list(without))
    if charter.zone.mechanism == "pairs":
        gone = stores["block"].isin(stores.loc[gone, "block"])
    kept = stores.loc[~gone]
    both = kept.groupby("block")["arm"].transform("nunique") == 2
    arms = Arms(stores=kept.loc[both].reset_index(drop=True))
    _refuse_too_few(arms, charter)
    return arms


def listed(text: str) -> tuple[str, ...]:
    """Store ids written with commas between.

    Example:
        >>> listed(" S1, S2 ,")
        ('S1', 'S2')
    """
    return tuple(part.strip() for part in text.split(",") if part.strip())


def can_tell(arms: Arms) -> bool:
    """Whether any difference, however large, could be told from chance."""
    return _smallest_p(arms) <= LARGEST_P


def _smallest_p(arms: Arms) -> float:
    """The smallest share of draws that the test can give."""
    return min(2 / _n_draws(arms), 1.0)


def _n_draws(arms: Arms) -> int:
    """How many ways the draw could have fallen."""
    return n_possible(arms.blocks, arms.treated) if len(arms.stores) else 1


def _refuse_too_few(arms: Arms, charter: Charter) -> None:
    """Refuse a pilot in which no difference, however large, could be told from chance."""
    if can_tell(arms):
        return
    smallest = _smallest_p(arms)
    words = ngettext(
        "With {n} store this pilot cannot tell anything from chance: its draw had {possible} "
        "outcomes, so that even the largest difference would be seen in {share} of 100 pilots "
        "where nothing was changed.",
        "With {n} stores this pilot cannot tell anything from chance: its draw had {possible} "
        "outcomes, so that even the largest difference would be seen in {share} of 100 pilots "
        "where nothing was changed.",
        len(arms.stores),
    )
    raise PlaybookError(
        words.format(
            n=len(arms.stores), possible=number(_n_draws(arms)), share=number(smallest * 100, 0)
        ),
        advice=(
            _("Take at least six pairs.")
            if charter.zone.mechanism == "pairs"
            else _("Take more stores in every stratum.")
        ),
    )


def check_delivery(charter: Charter, fidelity: pd.DataFrame) -> None:
    """Refuse arms that were swapped: the log of the change must name pilot stores only.

    Args:
        charter: The sealed one.
        fidelity: One row per store and week in which the change was carried out.

    Raises:
        PlaybookError: Control stores carried out the change, or pilot stores never did.
    """
    done = fidelity.loc[fidelity["done_share"] > 0, "store_id"].astype(str).unique()
    arms = charter.assignment.set_index("store_id")["arm"]
    swapped = [store for store in sorted(done) if arms.get(store) == "control"]
    idle = [store for store, arm in arms.items() if arm == "treated" and store not in set(done)]
    if not swapped:
        return
    raise PlaybookError(
        _("Stores changed their arm: the log of the change does not fit the sealed charter."),
        problems=[
            *(
                _("{store} is a control store and carried out the change.").format(store=store)
                for store in swapped
            ),
            *(
                _("{store} is a pilot store and never did.").format(store=store)
                for store in map(str, idle)
            ),
        ],
        advice=_(
            "If a file has mixed up the arms, correct it. If stores really swapped, they are "
            "counted as drawn: the draw decides, not what was done."
        ),
    )


def refuse_gaps(arms: Arms, values: np.ndarray, *, what: str) -> None:
    """Refuse stores without a value.

    Args:
        arms: The stores.
        values: One row per store.
        what: Which value, in words.

    Raises:
        PlaybookError: Names the stores.
    """
    gaps = ~np.isfinite(values.reshape(len(values), -1)).all(axis=1)
    if not gaps.any():
        return
    words = ngettext(
        "{n} pilot or control store has no value for {what}.",
        "{n} pilot or control stores have no value for {what}.",
        int(gaps.sum()),
    )
    raise PlaybookError(
        words.format(n=int(gaps.sum()), what=what),
        problems=[
            _("{store} ({block})").format(store=store, block=block)
            for store, block in zip(arms.ids[gaps], arms.blocks[gaps], strict=True)
        ],
        advice=_(
            "Import the missing receipts. If a store closed, leave it out by name: its pair "
            "leaves with it, and the result says so."
        ),
    )
