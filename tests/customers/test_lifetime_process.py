"""Equity where the model is wrong: customers of the sample's process pause and come back."""

import numpy as np
import pandas as pd
import pytest

from playbook.customers import gates, lifetime_hold_out, lifetime_worth, purchases, segments
from playbook.customers.gates import Untold
from playbook.customers.lifetime_forecast import YEAR_WEEKS
from playbook.data.sample_process import WIN_BACK, in_touch_at_start
from playbook.data.sample_truth import GAINED_TO_LOST, RETURN_AFTER_PAUSE, SEGMENTS

PAST, FUTURE = 104, 157  # weeks
IN_TOUCH, PAUSING, GONE, NOT_YET = range(4)


def visits(segment, n_active, rng):
    """Customer and week of every visit of one planted segment, without season or stores."""
    start = in_touch_at_start(segment) * n_active
    counts = [start, start * segment.pause / RETURN_AFTER_PAUSE]
    counts.append(start * GAINED_TO_LOST * segment.drop * (PAST + FUTURE))
    state = np.repeat([IN_TOUCH, PAUSING, NOT_YET], np.array(counts, int))
    arrival = np.where(state == NOT_YET, rng.integers(0, PAST + FUTURE, len(state)), -1)
    rate = rng.gamma(segment.shape, segment.rate / segment.shape / 52, len(state))
    found = []
    for week in range(PAST + FUTURE):
        state[arrival == week] = IN_TOUCH
        made = np.where(state == IN_TOUCH, rng.poisson(rate), 0)
        who = np.repeat(np.arange(len(state)), made)
        found.append((who, np.full(len(who), week)))
        chance = rng.random(len(state))
        there, rests, gone = (state == kind for kind in (IN_TOUCH, PAUSING, GONE))
        state[(rests & (chance < RETURN_AFTER_PAUSE)) | (gone & (chance < WIN_BACK))] = IN_TOUCH
        state[there & (chance < segment.drop + segment.pause)] = PAUSING
        state[there & (chance < segment.drop)] = GONE
    return (np.concatenate(parts) for parts in zip(*found, strict=True))


def receipts(*, n_active, seed):
    rng = np.random.default_rng(seed)
    frames = []
    for segment in SEGMENTS:
        who, week = visits(segment, n_active, rng)
        day = 7 * week + rng.integers(0, 7, len(week))
        amount = segment.basket * rng.gamma(3, 1 / 3, len(week))
        names = segment.id + pd.Series(who).astype(str)
        frames.append(pd.DataFrame({"customer_id": names, "day": day, "amount": amount}))
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(at=pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["day"], unit="D"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 4])
def test_ranges_hold_three_years_of_customers_who_pause_and_return(seed):
    frame = receipts(n_active=6000, seed=seed)
    bought = purchases.read(frame[frame["day"] < 7 * PAST])
    window = purchases.window_at(bought)
    allowed = gates.check(bought, window=window)
    today = segments.sort(bought, window=window, gates=allowed)
    ahead = lifetime_worth.measured(
        today,
        segments.describe(today, margin_share=0.24),
        worth=Untold("", ""),
        check=lifetime_hold_out.hold_out(today, seed=seed),
        discount=0.18,
        seed=seed,
    )
    later = frame[(frame["day"] >= 7 * PAST) & (frame["day"] < 7 * PAST + 3 * 7 * YEAR_WEEKS)]
    number = bought.ids.get_indexer(later["customer_id"])
    years = (later["day"].to_numpy() - 7 * PAST + 0.5) / 7 / YEAR_WEEKS
    brought = later["amount"].to_numpy() * 0.24 * 1.18**-years
    known = number >= 0
    each = np.bincount(number[known], brought[known], minlength=bought.n_customers)
    each = pd.Series(each[today.behaviour.index], today.behaviour.index)
    actual = each.groupby(today.segment, observed=False).sum()
    assert ahead.low < actual.sum() < ahead.high
    told = ahead.segments.dropna(subset=["equity"]).set_index("segment")
    assert {"core", "growing"} <= set(told.index)
    assert (told["low"] < actual.reindex(told.index)).all()
    assert (told["high"] > actual.reindex(told.index)).all()
