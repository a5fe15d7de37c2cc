import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.pilot.arms import arms_of, check_delivery
from playbook.pilot.dose import dose
from playbook.pilot.effect import measure


def plant(pairs, effects):
    return dict(zip([treated for treated, _control in pairs], effects, strict=True))


def reading(effect, key):
    return effect.readings.set_index("key").loc[key]


def test_a_planted_effect_is_found(make, charter, pairs, stores):
    effects = plant(pairs, [0.019] * 12)
    found = measure(charter, make.rates(effects=effects), stores=stores)
    assert found.ci_low < 0.019 < found.ci_high
    assert found.att == pytest.approx(0.019, abs=3 * found.se)
    assert found.n_draws == 4096
    assert found.p_value < 0.01


def test_where_nothing_was_changed_the_placebo_and_the_pilot_agree_on_nothing(
    make, charter, stores
):
    found = measure(charter, make.rates(seed=11), stores=stores)
    assert found.ci_low < 0 < found.ci_high
    assert reading(found, "placebo")["p_value"] > 0.05


def test_95_of_100_intervals_hold_the_planted_effect(make, charter, pairs):
    effects = plant(pairs, [0.019] * 12)
    inside = []
    for seed in range(100, 160):
        found = measure(charter, make.rates(effects=effects, seed=seed))
        inside.append(found.ci_low <= 0.019 <= found.ci_high)
    assert np.mean(inside) >= 0.87  # 60 pilots: 95 % less three standard errors


def test_stores_are_counted_as_drawn_not_as_done(make, charter, pairs):
    half = plant(pairs, [0.038] * 6 + [0.0] * 6)
    found = measure(charter, make.rates(effects=half))
    assert found.att == pytest.approx(0.019, abs=0.008)


def test_the_effect_does_not_hang_on_one_region(make, charter, pairs, stores):
    found = measure(charter, make.rates(effects=plant(pairs, [0.03] * 12)), stores=stores)
    left = found.readings.query("key == 'without_region'")
    assert set(left["detail"]) == {"centre", "volga"}
    assert (left["att"] > 0.015).all()


def test_relative_effect_is_over_what_would_have_been(make, charter, pairs):
    found = measure(charter, make.rates(effects=plant(pairs, [0.02] * 12)))
    assert found.uplift == pytest.approx(found.att / (found.treated_mean - found.att))


def test_words_say_how_often_chance_does_as_much(make, charter, pairs):
    found = measure(charter, make.rates(effects=plant(pairs, [0.03] * 12)))
    assert "of 1,000 pilots where nothing was changed" in found.headline
    none = measure(charter, make.rates(seed=11))
    assert "of 100 pilots where nothing was changed" in none.headline
    assert "significant" not in (found.headline + none.headline)


def test_a_pilot_of_two_stores_is_refused(make, pairs):
    with pytest.raises(PlaybookError, match=r"With 2 stores .* in 100 of 100 pilots"):
        measure(make.charter(pairs[:1]), make.rates())


def test_five_pairs_are_too_few_and_six_are_enough(make, pairs):
    with pytest.raises(PlaybookError, match="in 6 of 100"):
        measure(make.charter(pairs[:5]), make.rates())
    assert measure(make.charter(pairs[:6]), make.rates()).n_draws == 64


def test_a_constant_kpi_is_refused(make, charter):
    frozen = make.rates().assign(n_repeat=14_000)
    with pytest.raises(PlaybookError) as refused:
        measure(charter, frozen)
    assert "no difference can be measured" in refused.value.problems[0]


def test_a_store_without_outcome_is_refused_by_name_and_can_be_left_out_with_its_pair(
    make, charter, pairs
):
    closed = pairs[3][1]
    rates = make.rates(effects=plant(pairs, [0.019] * 12))
    gone = rates[~((rates["store_id"] == closed) & (rates["week"] >= "2026-01-12"))]
    with pytest.raises(PlaybookError) as refused:
        measure(charter, gone)
    assert refused.value.problems == (f"{closed} (P04)",)
    found = measure(charter, gone, without=[closed])
    assert found.n_draws == 2048
    assert closed in found.warnings[0]


def test_a_store_missing_from_the_data_altogether_is_named(make, charter, pairs):
    missing = pairs[0][0]
    rates = make.rates()
    with pytest.raises(PlaybookError, match="not in the data") as refused:
        measure(charter, rates[rates["store_id"] != missing])
    assert refused.value.problems == (missing,)


def test_duplicated_store_weeks_are_refused(make, charter):
    rates = make.rates()
    with pytest.raises(PlaybookError) as refused:
        measure(charter, pd.concat([rates, rates.tail(3)]))
    assert "3 store-weeks are there more than once" in refused.value.problems[0]


def test_stores_left_out_must_be_of_the_charter(charter):
    with pytest.raises(PlaybookError, match="not in the charter"):
        arms_of(charter, without=["S999"])


def fidelity(stores, share=0.8):
    weeks = pd.date_range("2025-12-29", periods=16, freq="7D")
    shares = share if isinstance(share, dict) else dict.fromkeys(stores, share)
    return pd.concat(
        [pd.DataFrame({"store_id": s, "week": weeks, "done_share": shares[s]}) for s in stores]
    )


def test_swapped_arms_are_refused_with_both_stores(charter, pairs):
    treated = [t for t, _c in pairs]
    swapped = [pairs[0][1], *treated[1:]]
    with pytest.raises(PlaybookError, match="changed their arm") as refused:
        check_delivery(charter, fidelity(swapped))
    assert refused.value.problems == (
        f"{pairs[0][1]} is a control store and carried out the change.",
        f"{pairs[0][0]} is a pilot store and never did.",
    )
    check_delivery(charter, fidelity(treated))


def test_an_effect_that_was_done_works(make, charter, pairs):
    found = measure(charter, make.rates(effects=plant(pairs, [0.03] * 12)))
    told = dose(charter, found, fidelity([t for t, _c in pairs], 0.8))
    assert told.verdict == "works"
    assert told.full == pytest.approx(found.att / 0.8)


def test_no_effect_with_little_done_is_not_done_rather_than_not_working(make, charter, pairs):
    found = measure(charter, make.rates(seed=11))
    told = dose(charter, found, fidelity([t for t, _c in pairs], 0.4))
    assert told.verdict == "not_done"
    assert "not done rather than not working" in told.headline


@pytest.mark.parametrize("share", [0.4, 0.95])
def test_a_kpi_that_fell_is_harm_whatever_was_done(make, charter, pairs, share):
    found = measure(charter, make.rates(effects=plant(pairs, [-0.03] * 12)))
    told = dose(charter, found, fidelity([t for t, _c in pairs], share))
    assert found.ci_high < 0
    assert told.verdict == "harms"
    assert "harm" in told.headline
    assert found.headline.count("−") >= 3  # effect and both ends keep their sign


def test_where_nothing_at_all_was_done_there_is_no_effect_of_all(make, charter, pairs):
    told = dose(charter, measure(charter, make.rates()), fidelity([t for t, _c in pairs], 0.0))
    assert told.mean_done == 0
    assert np.isnan(told.full)


def test_no_effect_with_everything_done_does_not_work(make, charter, pairs):
    found = measure(charter, make.rates(seed=11))
    told = dose(charter, found, fidelity([t for t, _c in pairs], 0.95))
    assert told.verdict == "does_not_work"


def test_stores_that_did_less_than_half_are_named_and_still_count(make, charter, pairs):
    treated = [t for t, _c in pairs]
    shares = dict.fromkeys(treated, 0.85) | {treated[2]: 0.42, treated[5]: 0.47}
    found = measure(charter, make.rates(effects=plant(pairs, [0.03] * 12)))
    told = dose(charter, found, fidelity(treated, shares))
    assert sorted(told.weak) == sorted([treated[2], treated[5]])
    assert "2 pilot stores did less than half" in told.warnings[0]
    assert len(told.stores) == 12


def test_weeks_of_the_burn_in_do_not_count_as_done(make, charter, pairs):
    treated = [t for t, _c in pairs]
    log = fidelity(treated, 0.9)
    log["done_share"] = log["done_share"].where(log["week"] >= "2026-01-19", 0.0)
    told = dose(charter, measure(charter, make.rates()), log)
    assert told.mean_done == pytest.approx(0.9)


def test_a_pilot_store_without_checklist_is_named(make, charter, pairs):
    treated = [t for t, _c in pairs]
    with pytest.raises(PlaybookError, match="no log") as refused:
        dose(charter, measure(charter, make.rates()), fidelity(treated[1:]))
    assert refused.value.problems == (treated[0],)
