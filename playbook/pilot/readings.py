"""The same question asked in other ways: other estimators, without a region or a pair, placebo."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.pilot.arms import Arms, can_tell, refuse_gaps
from playbook.pilot.estimator import Estimator, Timing, covariates, has_last_year, outcome
from playbook.pilot.panel import Panel
from playbook.stats.randomisation import Randomised, basis, compare, redraws
from playbook.text import gettext as _

LEVEL = 0.95


@dataclass(frozen=True, kw_only=True, eq=False)
class Data:
    """What every reading needs.

    Attributes:
        kpi: The KPI of all stores.
        timing: When it is read.
        arms: The stores compared.
        seed: For redraws that cannot be enumerated.
        n_draws: How many of them.
    """

    kpi: Panel
    timing: Timing
    arms: Arms
    seed: int
    n_draws: int

    def read(
        self, how: Estimator, arms: Arms | None = None, timing: Timing | None = None
    ) -> tuple[Randomised, tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """One reading, with KPI before, after, and after adjustment per store."""
        chosen, when = arms or self.arms, timing or self.timing
        after = outcome(self.kpi, when)[self._rows(chosen)]
        past = covariates(self.kpi, when, with_last_year=has_last_year(self.kpi, when))
        past = past[self._rows(chosen)]
        refuse_gaps(chosen, after, what=_("the outcome"))
        refuse_gaps(chosen, past, what=_("the weeks before the start"))
        used = past if how == "ancova" else None
        draws = redraws(chosen.blocks, chosen.treated, seed=self.seed, n_draws=self.n_draws)
        found = compare(after, chosen.blocks, draws, covariates=used, level=LEVEL)
        return found, (past[:, 0], after, adjusted(after, chosen, used, found.att))

    def _rows(self, arms: Arms) -> np.ndarray:
        return np.searchsorted(self.kpi.stores, arms.ids)


def adjusted(after: np.ndarray, arms: Arms, past: np.ndarray | None, att: float) -> np.ndarray:
    """The outcome with the part that the past explains taken out, on its own level."""
    if past is None:
        return after
    own = after - att * arms.treated
    q = basis(arms.blocks, arms.treated, past)
    level = basis(arms.blocks, arms.treated)
    explained = q @ (q.T @ own) - level @ (level.T @ own)
    return np.asarray(after - explained)


def readings(
    data: Data, sealed: Estimator, found: Randomised, *, stores: pd.DataFrame | None
) -> pd.DataFrame:
    """The sealed reading, then the others; those that cannot be made are left out."""
    other: Estimator = "difference" if sealed == "ancova" else "ancova"
    rows = [("sealed", "", found), (other, "", data.read(other)[0])]
    rows += _without_regions(data, sealed, stores)
    rows += _without_extremes(data, sealed)
    earlier = data.timing.moved(-data.timing.total_weeks)
    with suppress(PlaybookError):  # the history may be too short for it
        rows.append(("placebo", "", data.read(sealed, timing=earlier)[0]))
    return pd.DataFrame(
        [(key, detail, r.att, r.ci_low, r.ci_high, r.p_value) for key, detail, r in rows],
        columns=["key", "detail", "att", "ci_low", "ci_high", "p_value"],
    )


def _without_regions(
    data: Data, sealed: Estimator, stores: pd.DataFrame | None
) -> list[tuple[str, str, Randomised]]:
    if stores is None or "region" not in stores.columns:
        return []
    known = stores.assign(store_id=stores["store_id"].astype(str)).set_index("store_id")["region"]
    region = data.arms.stores["store_id"].map(known).astype(str)
    found = []
    for one in sorted(region.unique()):
        rest = data.arms.without(data.arms.stores.loc[region == one, "block"].unique().tolist())
        if can_tell(rest):
            found.append(("without_region", one, data.read(sealed, rest)[0]))
    return found


def _without_extremes(data: Data, sealed: Estimator) -> list[tuple[str, str, Randomised]]:
    """The readings without the pair that speaks most for the change, and most against it."""
    blocks = np.unique(data.arms.blocks)
    if not all(can_tell(data.arms.without([one])) for one in blocks):
        return []
    left = [data.read(sealed, data.arms.without([one]))[0] for one in blocks]
    atts = np.array([one.att for one in left])
    return [
        ("without_best", "", left[int(atts.argmin())]),
        ("without_worst", "", left[int(atts.argmax())]),
    ]
