import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.pilot.segment_effects import SegmentEffects, by_segment

TRUTH = {"core": 0.004, "growing": 0.019, "new": 0.032, "seasonal": 0.009, "sleeping": 0.013}
SHARE = {"core": 0.18, "growing": 0.22, "new": 0.36, "seasonal": 0.14, "sleeping": 0.10}


def counts(pairs, *, effects=TRUTH, seed=1, base=8_000, noise=0.006):
    rng = np.random.default_rng(seed)
    rows = []
    for pair in pairs:
        for store, is_treated in zip(pair, (True, False), strict=True):
            for segment, effect in effects.items():
                own = 0.6 + rng.normal(0, 0.02)
                n = int(base * SHARE[segment])
                for week in ("2025-10-06", "2026-01-19"):
                    lift = effect if is_treated and week == "2026-01-19" else 0.0
                    rate = own + lift + rng.normal(0, noise)
                    rows.append((store, segment, week, 12, n, round(n * rate)))
    names = ["store_id", "segment", "week", "window_weeks", "n_base", "n_repeat"]
    return pd.DataFrame(rows, columns=names)


def test_segments_are_found_in_the_planted_order(charter, pairs):
    found = by_segment(charter, counts(pairs))
    assert found.table["segment"].iloc[0] == "new"
    assert found.table["segment"].iloc[-1] == "core"
    assert "New" in found.headline
    assert "Core" in found.headline


def test_intervals_of_segments_hold_the_truth(charter, pairs):
    inside = []
    for seed in range(40):
        table = by_segment(charter, counts(pairs, seed=seed)).table.set_index("segment")
        truth = pd.Series(TRUTH).reindex(table.index)
        inside += ((table["ci_low"] <= truth) & (truth <= table["ci_high"])).tolist()
    assert np.mean(inside) > 0.90


def test_segments_without_difference_fall_together(charter, pairs):
    flat = dict.fromkeys(TRUTH, 0.015)
    spread = np.mean(
        [np.ptp(by_segment(charter, counts(pairs, effects=flat, seed=s)).table["att"])
         for s in range(6)]
    )  # fmt: skip
    raw = np.mean(
        [np.ptp(by_segment(charter, counts(pairs, effects=flat, seed=s)).table["raw"])
         for s in range(6)]
    )  # fmt: skip
    assert spread < 0.5 * raw


def told(raw, se, att=None):
    table = pd.DataFrame({"segment": ["core", "new"], "raw": raw, "raw_se": se})
    table = table.assign(att=att or raw).sort_values("att", ascending=False, ignore_index=True)
    return SegmentEffects(table=table, centre=0.015, spread=0.0, weighted=0.015, left_out=())


def test_a_best_segment_is_named_only_where_chance_does_not_do_as_much():
    # distance 2 and 3 standard errors of the difference: chi-square(1) above 4 and above 9
    near = told([0.010, 0.010 + 2 * 0.01], [0.006, 0.008])
    assert near.by_chance == pytest.approx(0.0455, abs=0.0001)
    assert "works most" in near.headline
    nearer = told([0.010, 0.010 + 1.9 * 0.01], [0.006, 0.008])
    assert nearer.by_chance == pytest.approx(0.0574, abs=0.0001)
    assert "read them as one, +1.5" in nearer.headline


def test_where_it_works_for_nobody_no_segment_is_said_to_work():
    found = told([-0.040, -0.001], [0.005, 0.005])
    assert "works for no segment" in found.headline
    assert "works most" not in found.headline


def test_segments_that_are_alike_are_rarely_told_apart(charter, pairs):
    flat = dict.fromkeys(TRUTH, 0.015)
    names = [
        "works most"
        in by_segment(charter, counts(pairs, effects=flat, seed=s), n_draws=500).headline
        for s in range(80)
    ]
    assert np.mean(names) <= 0.15


def test_the_whole_is_told_by_the_segments(charter, pairs):
    found = by_segment(charter, counts(pairs, noise=0.0005))
    whole = sum(TRUTH[one] * SHARE[one] for one in TRUTH)
    assert found.weighted == pytest.approx(whole, abs=0.003)


def test_tiny_cells_are_never_shown(charter, pairs):
    small = counts(pairs)
    hit = (small["segment"] == "sleeping") & (small["store_id"] == pairs[0][0])
    found = by_segment(charter, small.assign(n_base=small["n_base"].where(~hit, 3)))
    assert found.left_out == ("sleeping",)
    assert "sleeping" not in set(found.table["segment"])


def test_without_counts_of_the_pilots_weeks_it_says_so(charter, pairs):
    early = counts(pairs).query("week < '2026-01-01'")
    with pytest.raises(PlaybookError, match="no counts by segment"):
        by_segment(charter, early)
