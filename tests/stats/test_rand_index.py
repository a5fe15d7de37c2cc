import numpy as np
import pytest

from playbook.stats.rand_index import agreement


def test_adjusted_rand_index_of_a_published_example():
    # Hubert & Arabie 1985 as worked in Yeung & Ruzzo 2001: 10 objects, index .3125
    first = np.array([1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    second = np.array([1, 2, 1, 2, 2, 3, 3, 3, 3, 3])
    assert agreement(first, second) == pytest.approx(0.3125, abs=0.001)


def test_groups_drawn_by_lot_agree_by_chance_only():
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 4, 4000), rng.integers(0, 3, 4000)
    assert agreement(first, second) == pytest.approx(0.0, abs=0.01)


def test_names_of_groups_do_not_matter():
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 5, 300)
    assert agreement(labels, 7 - labels) == pytest.approx(1.0)
