"""Draws that stay the same when an assumption moves."""

import numpy as np
import pytest

from playbook.stats import draws


def test_the_same_seed_and_name_give_the_same_draws():
    draws.uniforms.cache_clear()
    first = draws.uniforms("effect", n=500, seed=3).copy()
    draws.uniforms.cache_clear()
    assert np.array_equal(first, draws.uniforms("effect", n=500, seed=3))


def test_another_input_draws_on_its_own():
    one, two = (draws.uniforms(name, n=5_000, seed=3) for name in ("effect", "scale_up"))
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.05


def test_each_stratum_holds_one_draw():
    drawn = draws.uniforms("effect", n=100, seed=1)
    assert sorted((drawn * 100).astype(int).tolist()) == list(range(100))


def test_draws_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        draws.uniforms("effect", n=10, seed=1)[0] = 0.5


def test_the_triangle_has_the_textbook_mean_and_variance():
    # mean (a+b+c)/3, variance (a2+b2+c2-ab-ac-bc)/18 with 0.55, 0.80, 1.00
    u = (np.arange(200_000) + 0.5) / 200_000
    values = draws.triangular_quantile(u, low=0.55, mode=0.80, high=1.00)
    assert values.mean() == pytest.approx(2.35 / 3, abs=1e-5)
    expected = (0.3025 + 0.64 + 1 - 0.44 - 0.55 - 0.80) / 18
    assert values.var() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("low", "mode", "high"), [(1, 1, 3), (1, 3, 3), (2, 2, 2)])
def test_a_triangle_may_lean_on_a_side_or_be_a_point(low, mode, high):
    values = draws.triangular_quantile(np.linspace(0, 1, 11), low=low, mode=mode, high=high)
    assert values.min() == pytest.approx(low)
    assert values.max() == pytest.approx(high)


def test_the_metalog_goes_through_its_three_quantiles():
    found = draws.metalog_quantile(np.array([0.1, 0.5, 0.9]), low=2, median=5, high=11)
    assert found == pytest.approx([2, 5, 11])


@pytest.mark.parametrize("share", [0.17, 0.3, 0.5, 0.7, 0.83])
def test_quantiles_that_are_accepted_give_a_rising_metalog(share):
    # Keelin 2016: with 10 and 90 % the median must stand between .1666 and .8334 of the way
    assert draws.metalog_exists(low=0, median=share, high=1)
    u = np.linspace(1e-6, 1 - 1e-6, 20_001)
    values = draws.metalog_quantile(u, low=0, median=share, high=1)
    assert np.all(np.diff(values) > 0)


@pytest.mark.parametrize("share", [0.0, 0.10, 0.16, 0.84, 0.9, 1.0])
def test_impossible_quantiles_are_refused(share):
    assert not draws.metalog_exists(low=0, median=share, high=1)
