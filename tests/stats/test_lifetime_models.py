"""Published figures, gradients, planted truth, and nothing found where nothing was planted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from playbook.stats import bg_nbd, gamma_gamma, pareto_nbd, shifted_beta_geometric
from playbook.stats.histories import Histories, group

CDNOW = Path(__file__).parents[1] / "reference" / "cdnow_summary.parquet"


@pytest.fixture(scope="module")
def cdnow() -> pd.DataFrame:
    return pd.read_parquet(CDNOW)


@pytest.fixture(scope="module")
def histories(cdnow) -> Histories:
    return group(cdnow["x"], cdnow["t_x"], cdnow["T"])


def simulated(n, *, r, alpha, a, b, seed):
    """Customers of a BG/NBD world, day by day: frequency, recency and age in days."""
    rng = np.random.default_rng(seed)
    age = rng.integers(180, 728, n)
    rate = rng.gamma(r, 1 / alpha, n)
    leaves = rng.beta(a, b, n) if a else np.zeros(n)
    x, last, now = np.zeros(n, int), np.zeros(n), np.zeros(n)
    there = np.ones(n, bool)
    while there.any():
        now = np.where(there, now + rng.exponential(7 / rate), np.inf)
        buys = there & (now <= age)
        x[buys] += 1
        last[buys] = now[buys]
        there = buys & (rng.random(n) > leaves)
    return x, last, age


def by_differences(function, at):
    step = 1e-5 * np.maximum(np.abs(at), 1e-3)
    rows = np.diag(step)
    return [(function(at + d)[0] - function(at - d)[0]) / (2 * d.sum()) for d in rows]


def test_bg_nbd_reproduces_the_published_fit(histories):
    # Fader, Hardie & Lee 2005: .243 4.414 .793 2.426, -9582.4
    found = bg_nbd.fit(histories)
    assert found.parameters == pytest.approx((0.2426, 4.4135, 0.7929, 2.4258), rel=2e-4)
    assert found.log_likelihood == pytest.approx(-9582.4256, abs=1e-3)
    assert found.is_sure


def test_bg_nbd_expects_what_its_authors_print(histories):
    # "A note on implementing the BG/NBD in Excel": x=2, t_x=30.43, T=38.86 -> 1.226 in 39 weeks
    found = bg_nbd.fit(histories)
    one = group([2], [30.43], [38.86])
    assert bg_nbd.purchases_to_come(one, found, horizon=39.0) == pytest.approx([1.226], abs=5e-4)


def test_pareto_nbd_reproduces_the_published_fit(histories):
    # r .553, alpha 10.578, s .606, beta 11.669 (on a flat ridge: the likelihood decides)
    found = pareto_nbd.fit(histories)
    assert found.maximum.log_likelihood == pytest.approx(-9594.97, abs=0.01)
    assert found.parameters == pytest.approx((0.553, 10.578, 0.606, 11.669), rel=2e-3)


def test_gamma_gamma_reproduces_the_published_fit(cdnow):
    # Fader & Hardie 2013: 6.25 3.74 15.44
    repeat = cdnow[cdnow["x"] > 0]
    assert len(repeat) == 946
    found = gamma_gamma.fit(repeat["x"].to_numpy(), repeat["zbar"].to_numpy(float))
    assert (found.p, found.q, found.gamma) == pytest.approx((6.249, 3.745, 15.448), rel=2e-4)
    assert found.maximum.log_likelihood == pytest.approx(-4055.923, abs=1e-2)


def test_shifted_beta_geometric_reproduces_high_end():
    # Fader & Hardie 2007, "High End": alpha .668, beta 3.806, LL -1611.16
    there = np.array([1000.0, 869, 743, 653, 593, 551, 517, 491])
    found = shifted_beta_geometric.fit(-np.diff(there), 491.0)
    assert (found.alpha, found.beta) == pytest.approx((0.668, 3.806), abs=6e-4)
    assert found.maximum.log_likelihood == pytest.approx(-1611.16, abs=5e-3)
    later = 100 * found.survival(12)[8:]
    assert later == pytest.approx([46.0, 43.6, 41.4, 39.5, 37.8], abs=0.06)


@pytest.mark.parametrize("model", [bg_nbd, pareto_nbd])
@given(logs=st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4))
@settings(max_examples=25)
def test_gradients_are_those_of_the_likelihood(model, histories, logs):
    at = np.array([0.5, 8.0, 0.7, 3.0]) * np.exp(logs)
    found = model.log_likelihood(histories, at)[1]
    expected = by_differences(lambda p: model.log_likelihood(histories, p), at)
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-2)


def test_gradients_of_money_and_contracts(cdnow):
    repeat = cdnow[cdnow["x"] > 0]
    n, mean = repeat["x"].to_numpy(), repeat["zbar"].to_numpy(float)
    at = np.array([4.0, 3.0, 20.0])
    money = gamma_gamma.log_likelihood(n, mean, at)[1]
    assert money == pytest.approx(
        by_differences(lambda p: gamma_gamma.log_likelihood(n, mean, p), at), rel=1e-5
    )
    left = np.array([131.0, 126.0, 90.0])
    at = np.array([0.8, 3.0])
    contracts = shifted_beta_geometric.log_likelihood(left, 653.0, at)[1]
    assert contracts == pytest.approx(
        by_differences(lambda p: shifted_beta_geometric.log_likelihood(left, 653.0, p), at),
        rel=1e-5,
    )


@pytest.mark.parametrize(
    ("x", "t_x", "age"), [(0, 0.0, 52.0), (1, 3.0, 52.0), (60, 40.0, 104.0), (400, 100.0, 104.0)]
)
def test_the_chance_of_having_left_integrates_the_unseen_moment(x, t_x, age):
    r, alpha, s, beta = 0.6, 9.0, 0.7, 12.0

    def left_at(moment):
        logs = (r + x) * np.log((alpha + age) / (alpha + moment))
        return np.exp(logs) * s * (beta + age) ** s / (beta + moment) ** (s + 1)

    odds = quad(left_at, t_x, age, epsabs=0, epsrel=1e-11, limit=500)[0]
    model = pareto_nbd.ParetoNbd(r=r, alpha=alpha, s=s, beta=beta, maximum=None)
    found = pareto_nbd.chance_alive(group([x], [t_x], [age]), model)
    assert found == pytest.approx([1 / (1 + odds)], rel=2e-6)


def test_planted_parameters_are_recovered():
    truth = np.array([0.9, 12.0, 0.4, 3.0])
    x, last, age = simulated(60_000, r=0.9, alpha=12.0, a=0.4, b=3.0, seed=5)
    found = bg_nbd.fit(group(x, last, age, unit=7))
    off = np.abs(np.log(found.maximum.parameters / truth))
    assert (off < 3.5 * np.sqrt(np.diag(found.maximum.covariance))).all()
    assert found.is_sure


def test_intervals_of_the_parameters_hold():
    truth = np.log([0.9, 12.0, 0.4, 3.0])
    inside = []
    for seed in range(60):
        x, last, age = simulated(3_000, r=0.9, alpha=12.0, a=0.4, b=3.0, seed=seed)
        found = bg_nbd.fit(group(x, last, age, unit=7)).maximum
        sd = np.sqrt(np.diag(found.covariance))
        inside.append(np.abs(np.log(found.parameters) - truth) <= 1.645 * sd)
    share = np.mean(inside, axis=0)  # 90 % intervals; 60 draws: .90 +- 3 x .039
    assert ((share > 0.78) & (share <= 1.0)).all()


def test_no_drop_out_is_said_to_be_invisible():
    visible = 0
    for seed in range(40):
        x, last, age = simulated(2_000, r=0.9, alpha=12.0, a=0.0, b=1.0, seed=seed)
        visible += bg_nbd.fit(group(x, last, age, unit=7)).is_dropout_visible
    assert visible <= 2  # 1 in 100 by chance


def test_expected_purchases_are_those_that_come():
    # the same people seen for 18 months, and what they did in the half year after that
    rng = np.random.default_rng(11)
    n, seen, later = 60_000, 540, 182
    rate, leaves = rng.gamma(0.9, 1 / 12.0, n), rng.beta(0.4, 3.0, n)
    x, last, after, now = np.zeros(n, int), np.zeros(n), np.zeros(n, int), np.zeros(n)
    there = np.ones(n, bool)
    while there.any():
        now = np.where(there, now + rng.exponential(7 / rate), np.inf)
        early, late = there & (now <= seen), there & (now > seen) & (now <= seen + later)
        x[early] += 1
        last[early] = now[early]
        after[late] += 1
        there = (early | late) & (rng.random(n) > leaves)
    histories = group(x, last, np.full(n, seen), unit=7)
    model = bg_nbd.fit(histories)
    expected = bg_nbd.purchases_to_come(histories, model, horizon=later / 7)[histories.place]
    assert expected.sum() == pytest.approx(after.sum(), rel=0.02)
    for low, high in ((0, 0), (1, 2), (3, 6), (7, 1000)):
        some = (x >= low) & (x <= high)
        assert expected[some].mean() == pytest.approx(after[some].mean(), rel=0.06)
    newcomers = bg_nbd.purchases_of_newcomers(np.full(1, seen / 7), model)
    assert newcomers[0] == pytest.approx(x.mean(), rel=0.02)


@given(
    x=st.integers(0, 800),
    recency=st.floats(0, 1),
    age=st.floats(1, 300),
    horizon=st.floats(0.1, 300),
)
@settings(max_examples=150)
def test_expectations_stay_finite_and_below_the_rate_of_the_faithful(x, recency, age, horizon):
    one = group([x], [recency * age if x else 0.0], [age])
    bg = bg_nbd.BgNbd(
        r=0.5, alpha=6.0, a=0.8, b=2.5, log_likelihood=0.0, without_dropout=0.0, maximum=None
    )
    pareto = pareto_nbd.ParetoNbd(r=0.5, alpha=6.0, s=0.6, beta=11.0, maximum=None)
    most = (0.5 + x) / (6.0 + age) * horizon
    for model, module in ((bg, bg_nbd), (pareto, pareto_nbd)):
        found = module.purchases_to_come(one, model, horizon=horizon)
        assert np.isfinite(found).all()
        assert (found >= 0).all()
        assert (found <= most * (1 + 1e-9)).all()


def test_equal_histories_are_counted_once_and_say_the_same(cdnow, histories):
    raw = Histories(
        frequency=cdnow["x"].to_numpy(),
        recency=cdnow["t_x"].to_numpy(),
        age=cdnow["T"].to_numpy(),
        n=np.ones(len(cdnow)),
        place=np.arange(len(cdnow)),
    )
    at = np.array([0.5, 8.0, 0.7, 3.0])
    assert len(histories.n) < len(cdnow)
    assert histories.n.sum() == 2357
    for model in (bg_nbd, pareto_nbd):
        one, other = model.log_likelihood(raw, at), model.log_likelihood(histories, at)
        assert one[0] == pytest.approx(other[0], rel=1e-12)
        assert one[1] == pytest.approx(other[1], rel=1e-9)
    assert histories.frequency[histories.place] == pytest.approx(cdnow["x"].to_numpy())


def test_histories_that_cannot_be_are_refused():
    for x, t_x, age in (([-1], [0], [5]), ([1], [6], [5]), ([0], [2], [5])):
        with pytest.raises(ValueError, match="frequency"):
            group(x, t_x, age)


def test_a_value_of_few_purchases_is_pulled_to_the_mean(cdnow):
    repeat = cdnow[cdnow["x"] > 0]
    model = gamma_gamma.fit(repeat["x"].to_numpy(), repeat["zbar"].to_numpy(float))
    values = gamma_gamma.expected_value(np.array([0, 1, 100]), np.array([0.0, 100.0, 100.0]), model)
    assert values[0] == pytest.approx(model.mean)
    assert model.mean < values[1] < values[2] < 100.0
