"""Groups are sold only where there are any, explained in short words, and looked for twice."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from playbook.customers import cluster_windows, clusters
from playbook.customers.cluster_features import points, scales
from playbook.customers.purchases import Purchases, Window
from playbook.customers.rules import Condition, Rule
from playbook.customers.segments import SortedCustomers
from playbook.errors import PlaybookError
from playbook.stats.number_of_groups import choose
from playbook.text import in_language

RULES = (
    Rule(segment="regular", when=(Condition(feature="purchase_days", at_least=12),)),
    Rule(segment="rest"),
)
WEEKS = 52
END = 20_000


def bought(rng, *, rate, basket, n, left=0.0):
    """Purchases of two windows: Poisson visits by customer, some of whom leave for good."""
    days = 2 * 7 * WEEKS
    gone = np.where(rng.random(n) < left, rng.uniform(0, days, n), days)
    visits = rng.poisson(rate * gone / (7 * WEEKS))
    who = np.repeat(np.arange(n), visits)
    day = END - days + (rng.random(len(who)) * gone[who]).astype(np.int64)
    key, place = np.unique(who * 10**6 + day, return_inverse=True)
    amount = np.bincount(place, basket[who] * rng.lognormal(0, 0.4, len(who)))
    return Purchases(
        ids=pd.RangeIndex(n), customer=key // 10**6, day=key % 10**6, amount=amount,
        is_purchase=np.ones(len(key), bool), first_day=END - days, last_day=END - 1,
        n_receipts=len(who), n_anonymous=0, revenue=float(amount.sum()), anonymous_revenue=0.0,
    )  # fmt: skip


def in_window(purchases):
    from playbook.customers.behaviour import measure

    window = Window(end=END, weeks=WEEKS)
    return SortedCustomers(
        purchases=purchases, window=window, rules=RULES, season=None,
        behaviour=measure(purchases, window=window),
    )  # fmt: skip


@pytest.fixture(scope="module")
def two_kinds():
    """Kiosk customers (often, small sums) and customers of the monthly big shop."""
    rng = np.random.default_rng(5)
    often = rng.random(700) < 0.6
    rate = np.where(often, 150, 8) * rng.gamma(30, 1 / 30, 700)
    basket = np.where(often, 150, 40_000.0) * rng.lognormal(0, 0.2, 700)
    return in_window(bought(rng, rate=rate, basket=basket, n=700)), often


@pytest.fixture(scope="module")
def found(two_kinds):
    return clusters.compare(two_kinds[0], seed=1, n_bootstraps=4)


@pytest.fixture(scope="module")
def asked(two_kinds):
    """Six groups, although there are two."""
    return clusters.compare(two_kinds[0], k=6, seed=1, n_bootstraps=3)


def one_population(rng, n=1200, mean=8.0, shape=1.0):
    """One kind of people: a gamma spread of rates, some leave. Nothing to find."""
    rate = rng.gamma(shape, mean / shape, n)
    basket = 800 * rng.lognormal(0, 0.35, n)
    return in_window(bought(rng, rate=rate, basket=basket, n=n, left=0.4))


def test_two_kinds_of_customers_are_two_natural_groups(found, two_kinds):
    customers, often = two_kinds
    assert (found.verdict, len(found.groups)) == ("natural", 2)
    assert found.groups["n_customers"].sum() == len(customers.behaviour)
    assert found.groups["n_customers"].max() == pytest.approx(often.sum(), rel=0.02)
    assert "natural groups" in found.headline


def test_two_kinds_are_told_apart_by_one_question(found):
    assert found.rules.fidelity > 0.98
    rules = found.rules.to_frame()
    assert len(rules) == 2
    assert (rules["recall"] > 0.97).all()
    assert "or:" not in " ".join(rules["rule"])


def test_the_window_before_is_cut_the_same(found):
    over = found.over_time
    assert over.borders > 0.95
    assert over.customers > 0.95
    assert over.stayed_share > 0.98
    assert (over.groups["moved"] < 0.1).all()
    assert "nearly the same borders" in found.headline


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
@pytest.mark.parametrize(("mean", "shape"), [(8.0, 1.0), (1.5, 1.0), (20.0, 0.5)])
def test_the_scales_make_no_groups_out_of_one_kind_of_people(method, mean, shape):
    for seed in range(3):
        customers = one_population(np.random.default_rng(seed), mean=mean, shape=shape)
        on = scales(customers.behaviour, seed=seed)
        crowd = points(customers.behaviour, on, seed=seed)
        found = choose(
            crowd, ks=(2, 3, 4), seed=seed, method=method, n_bootstraps=4, n_halves=3,
            most_cells=300,
        )  # fmt: skip
        assert found.verdict != "natural"


def test_where_nothing_repeats_there_are_no_groups(asked):
    crowd = clusters._one_crowd(asked.candidates)
    assert "one crowd" in crowd.headline
    assert crowd.to_frame().empty
    assert crowd.rules.headline == "There are no groups to tell apart."
    assert "one crowd" in crowd._repr_html_()


def test_a_number_that_is_asked_for_is_judged_not_chosen(asked):
    assert len(asked.groups) == 6
    assert not asked.is_chosen
    assert asked.verdict == "convention"
    assert set(asked.candidates.tried["k"]) == {6}


def test_one_group_is_refused(two_kinds):
    with pytest.raises(PlaybookError, match="no grouping"):
        clusters.compare(two_kinds[0], k=1, seed=1)


def test_few_customers_are_cut_into_few_groups(two_kinds):
    customers = replace(two_kinds[0], behaviour=two_kinds[0].behaviour.head(130))
    found = clusters.compare(customers, seed=1, n_bootstraps=3)
    assert found.candidates.tried["k"].max() == 3


def test_without_a_window_before_nothing_is_claimed_about_it(two_kinds):
    customers, _often = two_kinds
    early = replace(
        customers,
        window=Window(end=END - 7 * WEEKS, weeks=WEEKS),
    )
    labels = np.arange(len(early.behaviour)) % 2
    over = cluster_windows.over_time(
        early, labels, method="kmeans", seed=1, least=40, most_cells=500
    )
    assert over.headline == "There is no window before to compare with."
    assert over.to_frame().empty


def test_customers_who_swap_places_leave_the_borders_where_they_are(two_kinds):
    _customers, often = two_kinds
    rng = np.random.default_rng(8)
    rate = np.where(often, 150, 8) * rng.gamma(30, 1 / 30, len(often))
    basket = np.where(often, 150, 40_000.0)
    first = bought(rng, rate=rate, basket=basket, n=len(often))
    swapped = bought(rng, rate=rate[::-1], basket=basket[::-1], n=len(often))
    half = END - 7 * WEEKS
    early, late = first.day < half, swapped.day >= half
    joined = {
        name: np.concatenate([getattr(first, name)[early], getattr(swapped, name)[late]])
        for name in ("customer", "day", "amount", "is_purchase")
    }
    order = np.lexsort((joined["day"], joined["customer"]))
    both = replace(first, **{name: column[order] for name, column in joined.items()})
    over = clusters.compare(in_window(both), k=2, seed=1, n_bootstraps=3).over_time
    changed = (often != often[::-1]).mean()
    assert over.borders > 0.95
    assert over.stayed_share == pytest.approx(1 - changed, abs=0.03)


def test_scales_of_today_put_two_windows_on_one_ruler(two_kinds):
    behaviour = two_kinds[0].behaviour
    on = scales(behaviour, seed=4)
    own = points(behaviour, on, seed=4)
    assert own.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-12)
    assert own.std(axis=0) == pytest.approx([1, 1, 1])
    dearer = points(behaviour.assign(spend=behaviour["spend"] * 10), on, seed=4)
    assert (dearer[:, 2] - own[:, 2]).min() > 0
    assert dearer[:, :2] == pytest.approx(own[:, :2])


def test_everything_can_be_read_in_russian(found):
    with in_language("ru"):
        assert found._repr_html_()
        assert found.details()._repr_html_()
        assert found.candidates.plot().title


def test_the_picture_shows_both_methods_for_each_number(found):
    assert set(found.candidates.tried["method"]) == {"kmeans", "mixture"}
    assert found.candidates.tried["k"].tolist() == 2 * list(range(2, 11))
