"""What is planted in the sample chain is found in its receipts."""

import numpy as np
import pytest

from playbook.customers import clusters, equity, migration, retention, segments
from playbook.data.sample_truth import SEGMENTS
from playbook.stats.rand_index import agreement


@pytest.fixture(scope="module")
def again(a_year_ago, window, allowed):
    return retention.bought_again(a_year_ago, again=window, gates=allowed)


@pytest.fixture(scope="module")
def described(today):
    return segments.describe(today, margin_share=0.24, all_customers=1_600_000)


@pytest.fixture(scope="module")
def worth(described, again, allowed):
    return equity.measured(described, again, discount=0.18, gates=allowed)


def test_62_of_100_customers_bought_again_within_the_year(again):
    assert again.overall == pytest.approx(0.62, abs=0.02)


def test_the_company_has_its_1_6_million_customers(worth):
    assert worth.segments["n_customers"].sum() == pytest.approx(1_600_000)


def test_the_average_margin_is_the_planted_one(worth):
    assert worth.one_margin == pytest.approx(2359, rel=0.04)


def test_the_order_of_retention_and_value_is_the_planted_one(worth):
    # behaviour of one year cannot tell new from seasonal by value; the others it can
    rows = worth.segments.set_index("segment")
    for figure in ("retention", "value"):
        column = rows[figure]
        middle = column[["new", "seasonal"]]
        assert column["core"] > column["growing"] > middle.max()
        assert middle.min() > column["sleeping"]


def test_segments_agree_with_the_planted_ones_more_than_chance(today, planted):
    truth = planted.reindex(today.purchases.ids[today.segment.index])
    codes = {segment.id: number for number, segment in enumerate(SEGMENTS)}
    found = agreement(today.segment.cat.codes.to_numpy(), truth.map(codes).to_numpy())
    shuffled = np.random.default_rng(1).permutation(truth.map(codes).to_numpy())
    assert found > 0.05
    assert abs(agreement(today.segment.cat.codes.to_numpy(), shuffled)) < 0.01


def test_each_named_segment_holds_more_of_its_planted_kind_than_the_chain_has(today, planted):
    truth = planted.reindex(today.purchases.ids[today.segment.index]).to_numpy()
    for segment in SEGMENTS:
        inside = (truth[today.segment == segment.id] == segment.id).mean()
        assert inside > 1.1 * (truth == segment.id).mean()


def test_one_average_rate_is_too_low_by_a_third_at_least(worth):
    assert worth.too_low > 0.33


def test_the_planted_equity_lies_between_staying_and_moving(worth, today, a_year_ago):
    planted_equity = sum(
        1_600_000 * s.share * s.margin * s.retention / (1.18 - s.retention) for s in SEGMENTS
    )
    moved = migration.moves(a_year_ago, today, equity=worth)
    found = migration.moving_equity(moved, worth)
    assert found.one_rate < found.moving < planted_equity < found.by_segment


def test_those_who_are_gone_are_those_who_did_not_buy_again(again, a_year_ago, today):
    moved = migration.moves(a_year_ago, today)
    gone = 1 - again.segments.set_index("segment")["retention"]
    shown = moved.shares.loc[gone.index, "gone"].dropna()
    assert len(shown) >= 2
    assert shown.to_numpy() == pytest.approx(gone[shown.index].to_numpy())


def test_nobody_becomes_new_a_second_time(a_year_ago, today):
    moved = migration.moves(a_year_ago, today)
    assert (moved.shares["new"].fillna(0) == 0).all()


def test_every_row_of_the_matrix_sums_to_one(a_year_ago, today):
    moved = migration.moves(a_year_ago, today).shares
    whole = moved[moved.notna().all(axis=1)]
    assert len(whole) > 0
    assert whole.sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_rules_look_at_nothing_that_happened_later(bought, a_year_ago, window, today):
    from playbook.customers.behaviour import measure

    then = measure(bought, window=window.before(), season=today.season)
    assert (then["recency_days"] >= 0).all()
    assert (then["weeks_since_first"] >= 0).all()
    assert len(then) == window.before().buyers(bought).sum()


def test_groups_of_the_chain_are_no_natural_kinds(today):
    found = clusters.compare(today, k=5, seed=3, n_bootstraps=10)
    assert found.verdict != "natural"
    assert "convention" in found.headline
    assert found.groups["n_customers"].sum() == len(today.behaviour)
    assert 0.05 < found.agreement < 0.6


def test_too_many_groups_for_few_customers_are_refused(today):
    from dataclasses import replace

    from playbook.errors import PlaybookError

    few = replace(today, behaviour=today.behaviour.head(100))
    with pytest.raises(PlaybookError, match="at least"):
        clusters.compare(few, k=5, seed=1)
