import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from playbook.stats.shrinkage import pool


def integrated(estimate, se, *, scale):
    """Means and standard deviations by plain numerical integration over the spread."""

    def parts(spread):
        variance = spread**2 + se**2
        total = (1 / variance).sum()
        centre = (estimate / variance).sum() / total
        fit = np.prod(norm.pdf(estimate, centre, np.sqrt(variance))) / np.sqrt(total)
        kept = spread**2 / variance
        mean = kept * estimate + (1 - kept) * centre
        own = kept * se**2 + (1 - kept) ** 2 / total
        return fit / (1 + (spread / scale) ** 2), mean, own

    def over(what):
        return quad(what, 0, np.inf, epsabs=0, epsrel=1e-9, limit=300)[0]

    mass = over(lambda s: parts(s)[0])
    places = range(len(estimate))
    first = np.array([over(lambda s, i=i: parts(s)[0] * parts(s)[1][i]) for i in places]) / mass
    second = [
        over(lambda s, i=i: parts(s)[0] * (parts(s)[2][i] + parts(s)[1][i] ** 2)) / mass
        for i in places
    ]
    return first, np.sqrt(np.array(second) - first**2)


def test_pooling_is_the_integral_over_every_spread():
    estimate, se = np.array([28.0, 8.0, -3.0, 7.0]), np.array([15.0, 10.0, 16.0, 11.0])
    typical = np.sqrt(1 / np.mean(1 / se**2))
    mean, sd = integrated(estimate, se, scale=2 * typical)
    found = pool(estimate, se)
    assert found.mean == pytest.approx(mean, rel=2e-3)
    assert found.sd == pytest.approx(sd, rel=2e-3)


def test_estimates_that_differ_by_noise_only_fall_together():
    estimate = np.array([1.0, 1.2, 0.9])
    found = pool(estimate, np.array([0.5, 0.5, 0.5]))
    assert found.centre == pytest.approx(estimate.mean())
    assert np.ptp(found.mean) < 0.5 * np.ptp(estimate)
    assert (found.sd < 0.5).all()


@pytest.mark.parametrize("spread", [0.3, 1.0, 3.0])
def test_intervals_hold_whatever_the_spread(spread):
    rng = np.random.default_rng(int(10 * spread))
    inside = []
    for _turn in range(1200):
        se = rng.uniform(0.5, 1.5, 5)
        truth = rng.normal(2.0, spread, 5)
        found = pool(rng.normal(truth, se), se)
        inside.append(np.abs(found.mean - truth) <= 1.645 * found.sd)
    assert 0.86 <= np.mean(inside) <= 0.97  # 90 %; wide rather than narrow when all are alike


def test_the_noisy_estimate_is_pulled_most():
    found = pool(np.array([0.0, 5.0, 10.0]), np.array([0.1, 0.1, 4.0]))
    assert found.weight[2] < found.weight[0]
    assert abs(found.mean[2] - 10.0) > abs(found.mean[0] - 0.0)


def test_exact_estimates_are_left_alone():
    found = pool(np.array([1.0, 9.0]), np.array([1e-9, 1e-9]))
    assert found.mean == pytest.approx([1.0, 9.0])


def test_pooling_errs_less_than_the_raw_estimates():
    rng = np.random.default_rng(2)
    raw, pulled = [], []
    for _ in range(400):
        truth = rng.normal(1.9, 1.0, 5)
        se = np.array([0.6, 0.8, 1.0, 1.4, 1.8])
        seen = rng.normal(truth, se)
        raw.append(((seen - truth) ** 2).mean())
        pulled.append(((pool(seen, se).mean - truth) ** 2).mean())
    assert np.mean(pulled) < 0.8 * np.mean(raw)
