import datetime as dt

import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.pilot.lots import shares
from playbook.pilot.panel import rates
from playbook.pilot.zone import matched_pairs, stratified
from playbook.text import in_language

START = dt.date(2025, 12, 29)


@pytest.fixture
def history(make):
    return rates(make.rates(), window_weeks=12)


def draw(stores, history, **changes):
    wanted = {"n_pairs": 12, "seed": 7, "start": START, "window_weeks": 12} | changes
    return matched_pairs(stores, history, **wanted)


def test_every_pair_has_one_pilot_and_one_control_store_alike(stores, history):
    zone = draw(stores, history)
    pairs = zone.assignment.groupby("block")
    assert len(pairs) == zone.n_treated == zone.n_control == 12
    assert (pairs["arm"].nunique() == 2).all()
    assert (pairs[["region", "format"]].nunique().max() == 1).all()
    assert zone.assignment["store_id"].is_unique


def test_the_same_seed_gives_the_same_stores_another_gives_others(stores, history):
    again = draw(stores, history).assignment
    pd.testing.assert_frame_equal(draw(stores, history).assignment, again)
    other = draw(stores, history, seed=8).assignment
    assert set(other["store_id"]) != set(again["store_id"])


def test_the_order_of_rows_does_not_matter(stores, history):
    shuffled = draw(stores.sample(frac=1, random_state=1), history.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(shuffled.assignment, draw(stores, history).assignment)


def test_nothing_after_the_start_decides_which_stores_enter(stores, history):
    late = history["week"] > pd.Timestamp(START) - pd.Timedelta(weeks=12)
    changed = history.assign(repeat_rate=history["repeat_rate"].where(~late, 0.1))
    pd.testing.assert_frame_equal(
        draw(stores, changed).assignment, draw(stores, history).assignment
    )


def test_stores_of_a_pair_are_alike_in_weeks_not_used_for_pairing(stores, history):
    zone = draw(stores, history)
    assert zone.is_likeness_fresh
    assert zone.likeness > 0.7


def test_the_coin_is_fair(stores, history):
    heads = []
    for seed in range(40):
        zone = draw(stores, history, seed=seed, n_pairs=8)
        first = zone.assignment.sort_values(["block", "store_id"]).groupby("block").head(1)
        heads += (first["arm"] == "treated").tolist()
    assert 0.43 < np.mean(heads) < 0.57  # 320 tosses: two standard errors are .056


def test_young_gappy_and_distant_stores_are_left_out_with_the_reason(stores, history):
    stores = stores.assign(
        opened=stores["opened"].mask(stores["store_id"] == "S000", pd.Timestamp("2025-06-02"))
    )
    gap = (history["store_id"] == "S001") & (history["week"] == pd.Timestamp("2025-09-01"))
    zone = draw(stores, history[~gap], regions=("centre",), n_pairs=6, never=("S003",))
    reasons = zone.left_out.set_index("store_id")["reason"]
    assert reasons["S001"] == "weeks without data"
    assert reasons["S002"] == "outside the chosen regions"
    assert reasons["S003"] == "left out by the charter"
    assert set(zone.assignment["region"]) == {"centre"}
    assert "S001" not in set(zone.assignment["store_id"])


def test_one_region_is_allowed_with_the_plain_statement(stores, history):
    zone = draw(stores, history, regions=("centre",), n_pairs=6)
    assert "can never be concluded from this pilot" in zone.warnings[0]


def test_an_unknown_region_is_named_with_those_that_are_known(stores, history):
    with pytest.raises(PlaybookError) as refused:
        draw(stores, history, regions=("moon",))
    assert refused.value.problems == ("There is no region “moon”.",)
    assert "Centre, Volga" in refused.value.advice


def test_too_many_pairs_are_refused_with_what_there_is(stores, history):
    with pytest.raises(PlaybookError, match="Pairs wanted: 40; ") as refused:
        draw(stores, history, n_pairs=40)
    assert any("Centre" in problem for problem in refused.value.problems)


def test_stores_next_door_are_not_paired_and_neighbours_are_flagged(stores, history):
    crowded = stores.assign(x_km=0.0, y_km=0.0)
    with pytest.raises(PlaybookError, match="0 pairs"):
        draw(crowded, history)
    # every store two metres from its neighbour in the other region, far from its own
    rows = np.arange(len(stores))
    close = stores.assign(x_km=(rows // 2) * 50.0, y_km=(rows % 2) * 0.002)
    zone = draw(close, history, n_pairs=14)
    near = (zone.assignment["nearest_km"] < 2) & (zone.assignment["arm"] == "treated")
    assert near.any() == any("carry the change over" in line for line in zone.warnings)


def test_without_coordinates_the_balance_is_shown_instead_of_a_map(stores, history):
    zone = draw(stores.drop(columns=["x_km", "y_km"]), history)
    assert zone.places.empty
    assert zone.plot().title == zone.plot_balance().title


def test_only_store_ids_and_history_are_enough(history):
    bare = pd.DataFrame({"store_id": history["store_id"].unique()})
    assert draw(bare, history).n_treated == 12


def test_strata_give_pilot_stores_in_proportion(stores, history):
    zone = stratified(
        stores, history, n_treated=12, seed=3, start=START, window_weeks=12, strata=("region",)
    )
    treated = zone.assignment.query("arm == 'treated'")["region"].value_counts()
    assert treated.to_dict() == {"centre": 6, "volga": 6}
    assert zone.n_control == 48


def test_strata_can_have_a_limited_control_group(stores, history):
    zone = stratified(stores, history, n_treated=10, n_control=20, seed=3, start=START)
    assert (zone.n_treated, zone.n_control) == (10, 20)


def test_more_stores_than_there_are_is_refused(stores, history):
    with pytest.raises(PlaybookError, match="pilot stores 60, control stores 1"):
        stratified(stores, history, n_treated=60, seed=3, start=START)


def test_shares_add_up_by_largest_remainders():
    assert shares(np.array([50, 30, 20]), total=7).tolist() == [4, 2, 1]
    assert shares(np.array([1, 1, 1]), total=2).sum() == 2


def test_the_table_speaks_of_arms_and_regions_in_words(stores, history):
    with in_language("en"):
        markup = draw(stores, history)._repr_html_()
    assert "pilot store" in markup
    assert "Centre" in markup
