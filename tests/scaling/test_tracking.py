import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.scaling.readiness import RegionSurvey, Survey, readiness
from playbook.scaling.tracking import Trigger, Triggers, track
from playbook.scaling.training import Module, Training, check
from playbook.scaling.wave_effect import WaveEffect, measure
from playbook.stats.control import individuals, run_lengths

REGIONS = ("north", "south", "west")
PER_REGION = 24
START = pd.Timestamp("2026-04-20")
STARTS = {1: START, 2: START + pd.Timedelta(weeks=8)}
TRIGGERS = Triggers(
    triggers=tuple(
        Trigger(signal=signal, back_to=stage, what_then=f"then {stage}", owner="owner")
        for signal, stage in (("below_centre", 2), ("below_break_even", 1), ("not_ready", 3))
    )
)


def chain(effects: dict[str, float], *, seed: int, weeks: int = 20):
    """Stores with a level each, a season that all share, and the effect from week 3 of a wave."""
    rng = np.random.default_rng(seed)
    stores = pd.DataFrame(
        {
            "store_id": [f"S{n:03d}" for n in range(len(REGIONS) * PER_REGION)],
            "region": np.repeat(REGIONS, PER_REGION),
            "wave": np.tile([1, 2, 3, 4], len(REGIONS) * PER_REGION // 4),
        }
    )
    level = rng.normal(0.71, 0.024, len(stores))
    effect = stores["region"].map(effects).to_numpy()
    start = stores["wave"].map(STARTS)

    def rows(first: int, last: int, *, with_effect: bool) -> pd.DataFrame:
        week = np.repeat(
            pd.DatetimeIndex([START + pd.Timedelta(weeks=n) for n in range(first, last)]),
            len(stores),
        )
        n_weeks = last - first
        season = 0.02 * np.sin(np.arange(first, last) / 8).repeat(len(stores))
        begun = pd.Series(np.tile(start, n_weeks))
        is_on = (week >= begun + pd.Timedelta(weeks=3)).to_numpy() & with_effect
        noise = rng.normal(0, 0.006, n_weeks * len(stores))
        rate = np.tile(level, n_weeks) + season + noise + np.tile(effect, n_weeks) * is_on
        return pd.DataFrame(
            {
                "store_id": np.tile(stores["store_id"], n_weeks),
                "wave": np.tile(stores["wave"], n_weeks),
                "week": week,
                "wave_start": begun,
                "n_base": 100_000,
                "n_repeat": np.round(rate * 100_000),
            }
        )

    return (
        rows(0, weeks, with_effect=True),
        rows(-39, 0, with_effect=False),
        stores[["store_id", "region"]],
    )


def measured(effects: dict[str, float], *, seed: int, **options):
    readings, before, stores = chain(effects, seed=seed, **options)
    return measure(readings, before, stores, pilot_effect=0.0184, burn_in_weeks=3)


EVEN = dict.fromkeys(REGIONS, 0.0184)
FADING = EVEN | {"south": 0.012}
NOTHING = dict.fromkeys(REGIONS, 0.0)


def test_a_planted_effect_is_inside_the_interval_as_often_as_stated():
    covered = [
        low <= 0.0184 <= high
        for low, high in (
            (total["low"], total["high"])
            for total in (measured(EVEN, seed=seed).total for seed in range(300))
        )
    ]
    # 95 of 100; 300 draws leave about 2.5 points of noise around it
    assert np.mean(covered) == pytest.approx(0.95, abs=0.035)


def test_where_nothing_is_planted_the_interval_excludes_zero_as_rarely_as_stated():
    missed = [
        not total["low"] <= 0 <= total["high"]
        for total in (measured(NOTHING, seed=seed).total for seed in range(300))
    ]
    assert np.mean(missed) == pytest.approx(0.05, abs=0.035)


def test_the_region_whose_effect_fades_is_sent_back_and_the_others_go_on():
    waves = measured(FADING, seed=5)
    assert waves.weakest["region"] == "south"
    assert waves.weakest["voltage"] == pytest.approx(0.012 / 0.0184, abs=0.1)
    found = track(waves, triggers=TRIGGERS, pilot_sd=0.0048, break_even=0.01)
    assert found.fired[["signal", "where", "back_to"]].to_numpy().tolist() == [
        ["below_centre", "south", 2]
    ]
    assert found.held == ("south",)


def test_the_weakest_region_is_named_only_where_chance_does_not_do_as_much():
    named = [measured(EVEN, seed=seed).is_told_apart for seed in range(100)]
    assert np.mean(named) <= 0.15  # 5 of 100, with the noise of the standard errors
    fading, even = measured(FADING, seed=5), nine_weeks([0.0, 0.001, 0.0], high=0.03)
    assert "least in south" in fading.headline.lower()
    assert "no more than chance" in even.headline
    assert not any("Weakest" in figure.label for figure in even.figures)


def test_a_pilot_without_effect_has_no_share_to_be_kept():
    readings, before, stores = chain(NOTHING, seed=1)
    waves = measure(readings, before, stores, pilot_effect=-0.002, burn_in_weeks=3)
    assert waves.table["voltage"].isna().all()


def test_a_reading_that_looks_into_the_rollout_is_no_past():
    readings, before, stores = chain(EVEN, seed=1)
    # readings of the last 11 Mondays see customers of the rollout: spoiling them changes nothing
    seen = before["week"] > START - pd.Timedelta(weeks=12)
    spoilt = before.assign(n_repeat=before["n_repeat"].where(~seen, 0))
    known = {"pilot_effect": 0.0184, "burn_in_weeks": 3}
    a, b = (measure(readings, one, stores, **known) for one in (before, spoilt))
    assert a.total == b.total


def test_no_signal_without_a_cause_in_most_draws():
    calls = sum(
        not track(
            measured(EVEN, seed=s), triggers=TRIGGERS, pilot_sd=0.0048, break_even=0.01
        ).fired.empty
        for s in range(60)
    )
    # three regions, an interval below the line in 2.5 of 100: at most 7.5 of 100 draws
    assert calls <= 9


def nine_weeks(gaps: list[float], *, high: float) -> WaveEffect:
    """One region whose weekly effects lie these many points from a pilot of 2 points."""
    weeks = pd.date_range("2026-07-06", periods=len(gaps), freq="7D")
    effects = [0.02 + gap for gap in gaps]
    mean = float(np.mean(effects))
    row = {"n_started": 10, "n_waiting": 10, "effect": mean, "se": 0.002, "low": 2 * mean - high}
    rows = [{"region": where, **row, "high": high} for where in ("all", "north")]
    return WaveEffect(
        table=pd.DataFrame(rows).assign(voltage=mean / 0.02),
        weekly=pd.DataFrame({"region": "north", "week": weeks, "effect": effects}),
        pilot_effect=0.02,
        weeks=len(gaps),
        until=weeks[-1],
        left_out=(),
    )


def fired(waves: WaveEffect) -> list[str]:
    found = track(waves, triggers=TRIGGERS, pilot_sd=0.005, break_even=0.0)
    return found.fired["where"].tolist()


def test_nine_weeks_below_are_no_signal_while_the_interval_reaches_the_line():
    just_below = [-0.001, -0.002] * 4 + [-0.001]
    assert fired(nine_weeks(just_below, high=0.0201)) == []
    assert fired(nine_weeks(just_below, high=0.0199)) == ["north"]


def test_a_single_week_outside_the_limits_is_no_run_and_sends_nobody_back():
    steady_then_down = [0.001, 0.001, 0.001, -0.001, -0.001, -0.001, -0.001, -0.030]
    assert fired(nine_weeks(steady_then_down, high=0.019)) == []


def test_nine_weeks_above_the_pilot_are_no_signal():
    waves = nine_weeks([0.004, 0.005] * 4 + [0.004], high=0.03)
    found = track(waves, triggers=TRIGGERS, pilot_sd=0.005, break_even=0.0)
    assert not found.charts["is_signal"].any()
    assert "no signal" in found.plot().title


def test_a_chance_run_is_common_and_a_signal_rare_where_stores_keep_their_luck():
    # stores differ for good (SD 1 point), weeks hardly: what overlapping windows look like
    rng = np.random.default_rng(4)
    runs, signals = 0, 0
    for _draw in range(400):
        own, week = rng.normal(0, 0.01, (20, 1)), rng.normal(0, 0.002, (20, 9))
        kept = 0.02 * (np.arange(20) < 10)[:, None] + own + week
        weekly = kept[:10].mean(axis=0) - kept[10:].mean(axis=0)
        on, off = kept[:10].mean(axis=1), kept[10:].mean(axis=1)
        se = np.sqrt(on.var(ddof=1) / 10 + off.var(ddof=1) / 10)
        high = float(weekly.mean() + 2.101 * se)  # t with 18 degrees of freedom
        runs += bool((weekly < 0.02).all())
        signals += fired(nine_weeks((weekly - 0.02).tolist(), high=high)) != []
    assert runs > 0.3 * 400
    assert signals / 400 == pytest.approx(0.025, abs=0.02)


def test_an_effect_below_break_even_stops_everything():
    found = track(measured(NOTHING, seed=2), triggers=TRIGGERS, pilot_sd=0.0048, break_even=0.015)
    assert found.held == found.regions
    assert 1 in set(found.fired["back_to"])


def test_the_belief_after_the_waves_lies_between_pilot_and_waves():
    waves = measured(FADING, seed=5)
    found = track(waves, triggers=TRIGGERS, pilot_sd=0.0048, break_even=0.01)
    low, high = sorted((waves.total["effect"], 0.0184))
    assert low <= found.mean <= high
    assert found.sd < min(0.0048, waves.total["se"] * 1.0001)


def test_a_wave_that_has_just_begun_is_not_read():
    known = {"pilot_effect": 0.0184, "burn_in_weeks": 3}
    with pytest.raises(PlaybookError, match="running longer"):
        measure(*chain(EVEN, seed=1, weeks=3), **known)
    # wave 2 begins in week 8 and counts from week 11 on: until then wave 1 is told alone, and
    # the stores of wave 2 are neither started nor waiting
    readings, before, stores = chain(EVEN, seed=1, weeks=11)
    alone = measure(readings, before, stores, **known)
    assert alone.weeks == 8
    assert alone.table.loc[0, ["n_started", "n_waiting"]].tolist() == [18, 36]
    assert alone.total["effect"] == pytest.approx(0.0184, abs=0.006)
    both = measure(*chain(EVEN, seed=1, weeks=12), **known)
    assert (both.weeks, int(both.table.loc[0, "n_started"])) == (1, 36)


def test_without_waiting_stores_nothing_is_claimed():
    readings, before, stores = chain(EVEN, seed=1)
    all_started = readings.assign(wave_start=START)
    with pytest.raises(PlaybookError, match="waiting"):
        measure(all_started, before, stores, pilot_effect=0.0184, burn_in_weeks=3)


def test_paint_viscosity_has_the_limits_of_the_text_book():
    # Montgomery, aircraft primer paint: centre 33.52, limits 32.24 and 34.80
    batches = (
        "33.75 33.05 34.00 33.81 33.46 34.02 33.68 33.27 33.49 33.20 33.62 33.00 33.54 33.12 33.84"
    )
    chart = individuals(np.array([float(value) for value in batches.split()]))
    assert (round(chart.centre, 2), round(chart.low, 2), round(chart.high, 2)) == (
        33.52,
        32.24,
        34.8,
    )
    assert not chart.is_outside.any()


def test_nine_on_one_side_are_a_signal_and_eight_are_not():
    values = np.array([1.0] * 8 + [-1.0])
    assert not individuals(values, centre=0.0).is_in_run.any()
    assert individuals(np.array([1.0] * 9), centre=0.0).is_in_run.tolist() == [False] * 8 + [True]
    lengths, sides = run_lengths(values, centre=0.0)
    assert (lengths[-1], sides[-1]) == (1, -1)


def survey(**changes) -> RegionSurvey:
    fields = {"region": "south", "n": 100, "awareness": 4, "desire": 4, "knowledge": 4}
    return RegionSurvey(**(fields | {"ability": 4, "reinforcement": 4} | changes))


def test_the_first_element_at_three_or_below_is_the_barrier():
    low_twice = survey(ability=2.8, reinforcement=2.0)
    found = readiness(Survey(regions=(low_twice, survey(region="north"))))
    assert found.table["barrier"].tolist() == ["ability", ""]
    exactly = readiness(Survey(regions=(survey(desire=3.0),)))
    assert exactly.table["barrier"].tolist() == ["desire"]


def test_a_region_with_four_answers_is_not_shown():
    found = readiness(Survey(regions=(survey(n=4, ability=1.0),)))
    assert found.table["ability"].isna().all()
    assert found.held.empty


def test_a_region_that_is_not_ready_goes_back_to_stage_three():
    ready = readiness(Survey(regions=(survey(region="west", ability=2.8),)))
    found = track(
        measured(EVEN, seed=3), triggers=TRIGGERS, pilot_sd=0.0048, break_even=0.01, readiness=ready
    )
    assert ["not_ready", "west", 3] in found.fired[
        ["signal", "where", "back_to"]
    ].to_numpy().tolist()


def test_training_measured_by_attendance_alone_is_found():
    module = Module(title="m", role="r", people_per_store=1, hours=2)
    assert check(Training(modules=(module,))).rules() == {
        ("no_behaviour", "m"),
        ("no_results", "m"),
    }
