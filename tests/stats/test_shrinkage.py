import numpy as np
import pytest

from playbook.stats.shrinkage import pool


def test_estimates_that_differ_by_noise_only_fall_together():
    found = pool(np.array([1.0, 1.2, 0.9]), np.array([0.5, 0.5, 0.5]))
    assert found.spread == 0.0
    assert found.mean == pytest.approx(np.full(3, 3.1 / 3))
    assert found.sd == pytest.approx(np.full(3, 0.5 / np.sqrt(3)))


def test_equal_noise_gives_the_moment_estimate():
    # with equal errors Paule-Mandel is the sample variance less the noise: 4 - 1 = 3
    found = pool(np.array([0.0, 2.0, 4.0]), np.ones(3))
    assert found.spread**2 == pytest.approx(3.0)
    assert found.weight == pytest.approx(np.full(3, 0.75))
    assert found.mean == pytest.approx([0.5, 2.0, 3.5])


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
