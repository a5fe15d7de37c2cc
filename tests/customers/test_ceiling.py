"""How much of the planted segments anybody could see in the receipts of the sample chain.

The planted kinds of customers overlap: many core customers come as rarely as growing ones.
Somebody who knows all planted rates is right about 55 of 100 customers; rules and groups,
which do not know them, are measured against that and not against 100.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma

from playbook.customers import gates, purchases, segments
from playbook.customers.cluster_features import points, scales
from playbook.data.sample import Chain, customers, receipts
from playbook.data.sample_calendar import basket_seasons, visit_seasons
from playbook.data.sample_people import BASKET_SPREAD, population_mix
from playbook.data.sample_process import season_row, transition
from playbook.data.sample_truth import SEGMENTS, START, WEEKS
from playbook.data.sample_visits import RECEIPT_SPREAD
from playbook.stats.number_of_groups import regroup
from playbook.stats.rand_index import agreement

NAMES = [segment.id for segment in SEGMENTS]
RATES = np.exp(np.linspace(np.log(0.02), np.log(6.0), 56))


def posterior(receipts):
    """Chance of each segment per customer, given all receipts and the planted rates.

    Visits by week come from the three states of ``sample_process`` (in touch, pausing, gone)
    with a gamma spread of rates, money per receipt from a lognormal. Differences between
    stores are left out.

    Args:
        receipts: ``customer_id``, ``at``, ``amount`` of customers with a card.

    Returns:
        Ids of the customers; ``(customers, segments)``, rows sum to 1.
    """
    bought = receipts[(receipts["amount"] > 0) & receipts["customer_id"].notna()]
    codes, ids = bought["customer_id"].factorize()
    week = (bought["at"].to_numpy("datetime64[D]") - np.datetime64(START)).astype(int) // 7
    visits = np.zeros((len(ids), WEEKS))
    np.add.at(visits, (codes, week), 1)
    logs = np.log(bought["amount"].to_numpy(float)) - np.log(basket_seasons(WEEKS))[week]
    n = np.bincount(codes, minlength=len(ids))
    mean = np.bincount(codes, logs, minlength=len(ids)) / n
    found = np.column_stack(
        [_visits(visits, row) + _money(mean, n, segment) for row, segment in enumerate(SEGMENTS)]
    )
    chances = np.exp(found - found.max(axis=1, keepdims=True))
    return ids, chances / chances.sum(axis=1, keepdims=True)


def _money(mean, n, segment):
    variance = BASKET_SPREAD**2 + RECEIPT_SPREAD**2 / n
    middle = np.log(segment.basket) - (BASKET_SPREAD**2 + RECEIPT_SPREAD**2) / 2
    return -0.5 * (np.log(variance) + (mean - middle) ** 2 / variance)


def _visits(visits, row):
    """Log of the chance of these visits and of being in the segment."""
    segment, mix = SEGMENTS[row], population_mix()
    own = mix.segment == row
    start = [mix.share[own & (mix.origin == origin)].sum() for origin in (0, 1)]
    arrivals = np.zeros(WEEKS)
    later = own & (mix.origin >= 2)
    np.add.at(arrivals, mix.arrival[later], mix.share[later])
    weights = gamma.pdf(RATES, segment.shape, scale=1 / segment.shape) * RATES
    weights /= weights.sum()
    weekly = visit_seasons(WEEKS)[season_row(segment)] * segment.rate / 52
    move = transition(segment.drop, segment.pause)
    state = [np.outer(np.ones(len(visits)), weights * mass) for mass in (*start, 0.0)]
    unseen = np.ones(len(visits))
    scale = np.zeros(len(visits))
    for week in range(WEEKS):
        count = visits[:, week]
        state[0] = state[0] + np.outer(unseen * arrivals[week] * np.exp(-scale), weights)
        rate = weekly[week] * RATES
        state[0] = state[0] * np.exp(np.outer(count, np.log(rate)) - rate)
        none = (count == 0)[:, None]
        state[1], state[2] = state[1] * none, state[2] * none
        state = [sum(state[a] * move[a, b] for a in range(3)) for b in range(3)]
        unseen = unseen * (count == 0)
        total = sum(part.sum(axis=1) for part in state)
        late = unseen * arrivals[week + 1 :].sum() * np.exp(-scale)
        size = np.maximum(total + late, 1e-300)
        state = [part / size[:, None] for part in state]
        scale = scale + np.log(size)
    return scale + np.log(np.maximum(sum(part.sum(axis=1) for part in state), 1e-300))


@pytest.fixture(scope="module")
def told():
    """Sorted customers, their planted segment as a number, and what can be known of it."""
    chain = Chain(seed=12, customers=1500)
    rows = receipts(chain)
    bought = purchases.read(rows)
    window = purchases.window_at(bought)
    today = segments.sort(bought, window=window, gates=gates.check(bought, window=window))
    ids = bought.ids[today.behaviour.index]
    planted = pd.concat(customers(chain)).set_index("customer_id")["segment"].loc[ids]
    who, chances = posterior(rows)
    known = pd.DataFrame(chances, index=who).loc[ids].to_numpy()
    return today, pd.Categorical(planted, categories=NAMES).codes, known


def test_the_posterior_says_truly_how_sure_it_is(told):
    _today, planted, known = told
    right = known.argmax(axis=1) == planted
    assert right.mean() == pytest.approx(known.max(axis=1).mean(), abs=0.04)
    sure = known.max(axis=1) > 0.75
    assert right[sure].mean() == pytest.approx(known.max(axis=1)[sure].mean(), abs=0.07)
    assert known.mean(axis=0) == pytest.approx(np.bincount(planted) / len(planted), abs=0.03)


def test_nobody_can_see_more_than_half_of_the_planted_segments(told):
    _today, planted, known = told
    best = known.argmax(axis=1)
    assert (best == planted).mean() == pytest.approx(0.55, abs=0.04)
    assert agreement(best, planted) == pytest.approx(0.20, abs=0.04)


def test_rules_and_groups_see_a_third_of_what_can_be_seen(told):
    today, planted, known = told
    ceiling = agreement(known.argmax(axis=1), planted)
    named = agreement(today.segment.cat.codes.to_numpy(), planted)
    own = points(today.behaviour, scales(today.behaviour, seed=1), seed=1)
    cut = regroup(own, np.ones(len(own), bool), k=5, seed=1)
    for found in (named, agreement(cut, planted)):
        assert ceiling / 4 < found < ceiling
