"""All stores into waves, by lot within regions, so that the rollout goes on measuring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from playbook.display.chart import Chart
from playbook.display.charts.waves import wave_calendar
from playbook.display.disclosure import LEAST_CELL
from playbook.display.html import Figure
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.pilot.charter import Charter
from playbook.scaling.rollout import Rollout
from playbook.text import gettext as _
from playbook.text import name, ngettext, numbers

PILOT_WAVE = 0  # stores that the pilot treated already


@dataclass(frozen=True, kw_only=True, eq=False)
class WavePlan(Result):
    """Which store starts with which wave, and whether the training keeps pace.

    Attributes:
        assignment: One row per store: ``store_id``, ``region``, ``wave`` (0: treated in
            the pilot), ``is_holdout``.
        waves: One row per wave: ``wave``, ``start`` (date), ``n_stores``, ``n_people``,
            ``training_weeks``, ``training_from`` (date), ``has_room`` (training fits
            between two waves), ``is_quiet`` (the start lies in a quiet time).
        balance: One row per wave: ``wave``, ``repeat_rate`` before the rollout,
            ``difference`` from the mean of all waves in standard deviations of stores.
        seed: Seed of the draw.
        weeks_between_waves: Weeks from one wave to the next.
        trainers: People who train.
        trainers_needed: The smallest number of trainers with which every wave has room.
    """

    assignment: pd.DataFrame
    waves: pd.DataFrame
    balance: pd.DataFrame
    seed: int
    weeks_between_waves: int
    trainers: int
    trainers_needed: int

    @property
    def is_feasible(self) -> bool:
        """Whether every wave has its training done in time and starts outside quiet weeks."""
        return bool(self.waves["has_room"].all() and not self.waves["is_quiet"].any())

    @property
    def fingerprint(self) -> str:
        """A short hash of the assignment, to be published with the seed."""
        rows = self.assignment[["store_id", "wave", "is_holdout"]].sort_values("store_id")
        return sha256(rows.to_csv(index=False).encode()).hexdigest()[:12]

    @property
    def headline(self) -> str:
        """Whether the plan holds, in one sentence."""
        if not self.is_feasible:
            return _("The plan does not hold: {reason}").format(reason=self.warnings[0])
        n = int(self.waves["n_stores"].sum())
        last = self.waves["start"].max()
        return ngettext(
            "{stores} stores in {n} wave, the last one from {date}; the training keeps pace.",
            "{stores} stores in {n} waves, the last one from {date}; the training keeps pace.",
            len(self.waves),
        ).format(stores=numbers.number(n), n=len(self.waves), date=numbers.date(last.date()))

    @property
    def figures(self) -> list[Figure]:
        """Stores, people, the tightest wave, the hold-out."""
        tightest = self.waves.sort_values("training_weeks").iloc[-1]
        weeks = _training_words(float(tightest["training_weeks"]))
        return [
            Figure(_("Stores to start"), numbers.number(int(self.waves["n_stores"].sum()))),
            Figure(_("People to train"), numbers.number(int(self.waves["n_people"].sum()))),
            Figure(
                _("Longest training"),
                weeks,
                _("wave {wave}; {n} weeks are there").format(
                    wave=tightest["wave"], n=self.weeks_between_waves
                ),
            ),
            Figure(
                _("Hold-out to the end"),
                numbers.number(int(self.assignment["is_holdout"].sum())),
                _("stores that go on telling what the change brings"),
            ),
        ]

    @property
    def warnings(self) -> list[str]:
        """What does not fit, one sentence per wave, with what would make it fit."""
        return [*self._late(), *self._quiet()]

    def _late(self) -> list[str]:
        lines = []
        for row in self.waves[~self.waves["has_room"]].to_dict("records"):
            most = _stores_that_fit(row, self.weeks_between_waves)
            fewer = ngettext("{n} store", "{n} stores", most).format(n=numbers.number(most))
            trainers = ngettext("{n} trainer", "{n} trainers", self.trainers_needed).format(
                n=numbers.number(self.trainers_needed)
            )
            lines.append(
                _(
                    "wave {wave} needs {needed} of training, {there} weeks are there: take"
                    " {trainers}, or at most {stores}."
                ).format(
                    wave=row["wave"],
                    needed=_training_words(row["training_weeks"]),
                    there=self.weeks_between_waves,
                    trainers=trainers,
                    stores=fewer,
                )
            )
        return lines

    def _quiet(self) -> list[str]:
        return [
            _("wave {wave} would start on {date}, in a quiet time: move the start.").format(
                wave=row["wave"], date=numbers.date(row["start"].date())
            )
            for row in self.waves[self.waves["is_quiet"]].to_dict("records")
        ]

    @property
    def assumptions(self) -> list[str]:
        """How the lot was drawn and what the training counts."""
        return [
            _("Stores are drawn by lot within each region with seed {seed}; plan {hash}.").format(
                seed=self.seed, hash=self.fingerprint
            ),
            _("The pilot's control stores start with wave 1, its treated stores go on."),
            _("Everybody in a store is trained before its wave starts, after the wave before it."),
        ]

    @property
    def formula(self) -> str:
        """How the weeks of training are computed."""
        return _("weeks of training = stores × people per store ÷ (trainers × sessions × seats)")

    def to_frame(self) -> pd.DataFrame:
        """One row per wave, with its balance."""
        return self.waves.merge(self.balance, on="wave", how="left")

    def columns(self) -> dict[str, Column]:
        """How the waves are shown."""
        return {
            "wave": Column(_("Wave"), "count"),
            "start": Column(_("Start"), "date"),
            "n_stores": Column(_("Stores"), "count"),
            "n_people": Column(_("People to train"), "count"),
            "training_weeks": Column(_("Weeks of training"), "number", 1),
            "training_from": Column(_("Training from"), "date"),
            "repeat_rate": Column(_("Repeat rate before"), "share", 1),
            "difference": Column(_("Difference, in SD of stores"), "number", 2),
        }

    def regions(self) -> pd.DataFrame:
        """One row per region, one column per wave: stores that start."""
        rows = self.assignment[~self.assignment["is_holdout"]]
        table = pd.crosstab(rows["region"].map(name), rows["wave"]).reset_index()
        return table.rename(columns={wave: str(wave) for wave in table.columns})

    def plot(self) -> Chart:
        """The calendar of the waves with the weeks of training before each."""
        title = (
            _("Every wave is trained before it starts")
            if self.waves["has_room"].all()
            else _("The training of some waves is not done when they start")
        )
        return wave_calendar(
            self.waves,
            title=title,
            subtitle=_("Weeks of training before each wave's start, and stores per wave"),
        )


def plan(
    stores: pd.DataFrame,
    *,
    rollout: Rollout,
    treated: Sequence[str] = (),
    control: Sequence[str] = (),
    repeat_rate: pd.Series[float] | None = None,
) -> WavePlan:
    """Draw the waves and check the pace.

    Args:
        stores: One row per store: ``store_id``, ``region``.
        rollout: Sizes, pace, trainers, seed.
        treated: Stores that the pilot treated: wave 0.
        control: The pilot's control stores: wave 1.
        repeat_rate: Repeat rate before the rollout by ``store_id``, for the balance.

    Raises:
        PlaybookError: The waves do not add up to the stores that are left, or the
            pilot's control stores do not fit into wave 1.
    """
    _refuse(stores, rollout=rollout, treated=treated, control=control)
    assignment = draw(
        stores,
        sizes=rollout.wave_sizes,
        n_holdout=rollout.n_holdout,
        treated=treated,
        control=control,
        seed=rollout.seed,
    )
    waves = _calendar(assignment, rollout)
    return WavePlan(
        assignment=assignment,
        waves=waves,
        balance=_balance(assignment, repeat_rate),
        seed=rollout.seed,
        weeks_between_waves=rollout.weeks_between_waves,
        trainers=rollout.trainers,
        trainers_needed=_trainers_needed(waves, rollout),
    )


def draw(
    stores: pd.DataFrame,
    *,
    sizes: Sequence[int],
    n_holdout: int,
    treated: Sequence[str],
    control: Sequence[str],
    seed: int,
) -> pd.DataFrame:
    """Draw the waves by lot, every region spread over all of them.

    Returns:
        ``store_id``, ``region``, ``wave``, ``is_holdout``, in the order of ``stores``.
    """
    rng = np.random.default_rng(seed)
    table = stores[["store_id", "region"]].reset_index(drop=True)
    place = pd.Series(rng.random(len(table)))
    # the rank within the region spreads each region evenly over the waves
    place = place.groupby(table["region"]).rank(pct=True) + rng.random(len(table)) * 1e-6
    place[table["store_id"].isin(control)] = -1.0
    place[table["store_id"].isin(treated)] = -2.0
    order = np.argsort(place.to_numpy(), kind="stable")
    wave = np.empty(len(table), dtype=np.int64)
    wave[order] = np.repeat(np.arange(len(sizes) + 1), [len(treated), *sizes])
    is_holdout = np.zeros(len(table), dtype=bool)
    is_holdout[order[len(table) - n_holdout :]] = True
    return table.assign(wave=wave, is_holdout=is_holdout)


def _refuse(
    stores: pd.DataFrame, *, rollout: Rollout, treated: Sequence[str], control: Sequence[str]
) -> None:
    left = len(stores) - len(treated)
    planned = sum(rollout.wave_sizes)
    problems = []
    if planned != left:
        problems.append(
            _("the waves hold {planned} stores, {left} are left to start").format(
                planned=planned, left=left
            )
        )
    if len(control) > rollout.wave_sizes[0]:
        problems.append(
            _("wave 1 holds {size} stores, the pilot's {n} control stores start with it").format(
                size=rollout.wave_sizes[0], n=len(control)
            )
        )
    unknown = sorted({*treated, *control} - set(stores["store_id"]))
    if unknown:
        problems.append(_("not in the store list: {stores}").format(stores=", ".join(unknown)))
    if problems:
        raise PlaybookError(
            _("The waves do not fit the stores."),
            problems=problems,
            advice=_("Change wave_sizes in the input “rollout”."),
        )


def _calendar(assignment: pd.DataFrame, rollout: Rollout) -> pd.DataFrame:
    """One row per wave with the people to train and the weeks that takes."""
    starting = assignment[(assignment["wave"] != PILOT_WAVE)]
    sizes = starting.groupby("wave").size()
    rows = []
    for wave, n_stores in sizes.items():
        start = rollout.wave_start(int(wave))  # type: ignore[call-overload]
        people = round(n_stores * rollout.staff_per_store)
        weeks = people / rollout.seats_per_week if rollout.seats_per_week else float("inf")
        shown = min(weeks, 520.0)
        rows.append(
            {
                "wave": int(wave),  # type: ignore[call-overload]
                "start": pd.Timestamp(start),
                "n_stores": int(n_stores),
                "n_people": people,
                "training_weeks": weeks,
                "training_from": pd.Timestamp(start - dt.timedelta(days=np.ceil(shown * 7))),
                "has_room": weeks <= rollout.weeks_between_waves,
                "is_quiet": any(quiet.first <= start <= quiet.last for quiet in rollout.quiet),
            }
        )
    return pd.DataFrame(rows)


def _balance(assignment: pd.DataFrame, repeat_rate: pd.Series[float] | None) -> pd.DataFrame:
    """How like the waves were before the rollout."""
    if repeat_rate is None:
        return pd.DataFrame({"wave": pd.Series(dtype=np.int64)})
    rates = assignment.assign(rate=assignment["store_id"].map(repeat_rate))
    rates = rates[rates["wave"] != PILOT_WAVE]
    means = rates.groupby("wave")["rate"].mean()
    scaled = (means - rates["rate"].mean()) / rates["rate"].std()
    return pd.DataFrame({"repeat_rate": means, "difference": scaled}).reset_index()


def _trainers_needed(waves: pd.DataFrame, rollout: Rollout) -> int:
    per_trainer = rollout.sessions_per_week * rollout.seats * rollout.weeks_between_waves
    return int(np.ceil(waves["n_people"].max() / per_trainer))


def _stores_that_fit(row: Mapping[Hashable, Any], weeks: int) -> int:
    """The most stores whose people can be trained in the weeks that are there."""
    if not np.isfinite(row["training_weeks"]):
        return 0
    return int(row["n_stores"] * weeks / row["training_weeks"])


def _training_words(weeks: float) -> str:
    if not np.isfinite(weeks):
        return _("endless weeks")
    return _("{n} weeks").format(n=numbers.number(weeks, 1))


def arms(charter: Charter | None) -> dict[str, Sequence[str]]:
    """The pilot's stores by arm, as ``plan`` takes them; empty without a pilot."""
    if charter is None:
        return {"treated": (), "control": ()}
    stores = charter.assignment.groupby("arm")["store_id"].apply(tuple)
    return {"treated": stores.get("treated", ()), "control": stores.get("control", ())}


def readings_before(repeat_rates: pd.DataFrame, *, window_weeks: int = 12) -> pd.DataFrame:
    """The readings of the main KPI: ``store_id``, ``week``, ``n_base``, ``n_repeat``."""
    rows = repeat_rates[repeat_rates["window_weeks"] == window_weeks]
    return rows[["store_id", "week", "n_base", "n_repeat"]]


def rates_before(repeat_rates: pd.DataFrame, *, start: dt.date) -> pd.Series[float]:
    """Mean repeat rate per store over the last 26 anchors known before the rollout.

    An anchor looks 12 weeks ahead: one less than 12 weeks before the start sees the rollout.
    """
    rows = readings_before(repeat_rates)
    rows = rows[rows["week"] <= pd.Timestamp(start) - pd.Timedelta(weeks=12)]
    rows = rows[rows["week"] > rows["week"].max() - pd.Timedelta(weeks=26)]
    rows = rows[rows["n_base"] >= LEAST_CELL]
    by_store = rows.groupby("store_id")[["n_repeat", "n_base"]].sum()
    rates: pd.Series[float] = by_store["n_repeat"] / by_store["n_base"]
    return rates
