import numpy as np
import pytest
import yaml

from playbook.errors import PlaybookError
from playbook.run import places
from playbook.strategy.ballots import criteria, rice, votes_of, wsjf
from playbook.strategy.disagreement import disagreement
from playbook.strategy.initiative_checks import check
from playbook.strategy.initiatives import Ballot, Initiative, Initiatives
from playbook.strategy.scoring import score
from playbook.strategy.shortlist import shortlist


def read(folder, kind="initiatives"):
    text = (places.sample() / folder / f"{kind}.yaml").read_text(encoding="utf-8")
    return Initiatives(**yaml.safe_load(text))


SAMPLE = read("inputs")


@pytest.mark.parametrize(
    ("reach", "impact", "confidence", "effort", "expected"),
    [(1000, 2, 0.8, 5, 320), (10_000, 1, 0.8, 3, 2667)],
)
def test_published_rice_scores_are_reproduced(reach, impact, confidence, effort, expected):
    found = rice(
        reach=np.array(reach),
        impact=np.array(impact),
        confidence=np.array(confidence),
        effort=np.array(effort),
    )
    assert round(float(found)) == expected


@pytest.mark.parametrize(
    ("value", "urgency", "risk", "size", "expected"), [(100, 50, 20, 10, 17), (80, 30, 10, 5, 24)]
)
def test_published_wsjf_scores_are_reproduced(value, urgency, risk, size, expected):
    found = wsjf(
        value=np.array(value), urgency=np.array(urgency), risk=np.array(risk), size=np.array(size)
    )
    assert float(found) == expected


def test_no_effort_gives_no_score_instead_of_an_endless_one():
    nought, one = np.array([0.0]), np.array([1.0])
    assert np.isnan(rice(reach=one, impact=one, confidence=one, effort=nought)).all()
    assert np.isnan(wsjf(value=one, urgency=one, risk=one, size=nought)).all()


@pytest.mark.parametrize(
    ("votes", "credits_"), [({"a": 3}, 9), ({"a": 10}, 100), ({"a": 3, "b": 4}, 25)]
)
def test_votes_cost_their_square(votes, credits_):
    assert Ballot(voter="1", votes=votes).credits == credits_


def test_the_best_initiative_by_each_criterion_stands_at_one():
    found = criteria(
        value=np.array([10.0, 5.0]),
        urgency=np.array([2.0, 4.0]),
        risk=np.array([1.0, 1.0]),
        size=np.array([20.0, 5.0]),
    )
    assert found.tolist() == [[1, 0.5, 1, 0.25], [0.5, 1, 1, 1]]


def test_television_wins_on_reach_and_loses_money():
    scores = score(SAMPLE)
    television = scores.table.set_index("initiative").loc["i6"]
    assert television["rank_reach"] == 1
    assert television["rank_gain"] == 6
    # 40,000 customers won, each worth 1,994 and costing 2,489 at the margin
    assert television["gain"] == pytest.approx(40_000 * (1994 - 2489))
    assert "touches most people and loses" in scores.headline


def test_the_shortlist_of_the_sample_is_the_bundle_of_the_pilot():
    found = shortlist(SAMPLE, keep=3, seed=1)
    assert set(found.kept) == {"i1", "i2", "i4"}
    assert found.table["top_share"].sum() == pytest.approx(3)
    assert found.table.set_index("initiative")["top_share"].idxmax() == "i1"


def test_the_same_seed_gives_the_same_stability():
    one, other = (shortlist(SAMPLE, seed=5).table["top_share"].tolist() for _n in range(2))
    assert one == other


def test_a_room_that_agrees_has_a_firm_shortlist():
    clear = {"i1": 4.0, "i2": 2.0, "i3": 1.0}
    same = {
        "estimates": [
            {"initiative": i, "reach": 1000 * f**3, "impact": 1, "confidence": 1, "effort": 1,
             "value": 5 * f, "urgency": 5 * f, "risk": 5 * f, "size": 5 / f}
            for i, f in clear.items()
        ],
        "votes": {"i1": 8, "i2": 4, "i3": 1},
    }  # fmt: skip
    document = Initiatives(
        initiatives=[Initiative(id=i, title=f"Initiative {i} of {n}") for n, i in enumerate(clear)],
        ballots=[Ballot(voter=str(n), **same) for n in range(6)],
    )
    found = shortlist(document, keep=1, off_share=0.1, seed=1)
    assert found.kept == ("i1",)
    assert found.table["top_share"].tolist() == [1, 0, 0]
    assert not disagreement(document, seed=1).has_camps


def test_wider_ranges_of_the_room_make_a_shortlist_less_firm():
    firm = shortlist(SAMPLE, off_share=0.1, seed=1).table["top_share"].head(3).mean()
    loose = (
        shortlist(SAMPLE, off_share=0.1, widening=20.0, seed=1).table["top_share"].head(3).mean()
    )
    assert loose < firm - 0.02


def test_the_two_planted_camps_of_the_sample_are_found():
    found = disagreement(SAMPLE, seed=1)
    assert found.has_camps
    assert found.sizes == (5, 3)
    assert found.table["initiative"].iloc[0] == "i6"
    assert "over “More regional television”" in found.dispute


def test_below_five_ballots_nobody_is_shown():
    few = SAMPLE.model_copy(update={"ballots": SAMPLE.ballots[:4]})
    with pytest.raises(PlaybookError, match="from 5 ballots on"):
        disagreement(few, seed=1)


def test_comparisons_in_a_circle_are_left_out_of_the_weights():
    votes = votes_of(SAMPLE)
    assert votes.refused == ("7",)
    assert np.isnan(votes.matrices[6]).all()
    assert score(SAMPLE).refused == ("7",)
    assert score(SAMPLE).consistency_ratio < 0.10


def test_the_only_defect_planted_in_the_sample_is_found():
    assert check(SAMPLE).rules() == {("inconsistent", "Ballot 7")}


def test_every_defect_of_the_practice_vote_is_found():
    rules = {rule for rule, _where in check(read("inputs_with_defects")).rules()}
    assert rules == {
        "few_voters", "duplicate", "unknown_initiative", "estimate_missing", "no_effort",
        "confidence", "impact", "overspent", "inconsistent",
    }  # fmt: skip


def test_an_initiative_that_nobody_estimated_is_named():
    with pytest.raises(PlaybookError, match="nobody") as caught:
        score(read("inputs_with_defects"))
    assert caught.value.problems == ("Complaints mended in 24 hours",)


def test_without_ballots_there_is_nothing_to_count():
    with pytest.raises(PlaybookError, match="Nobody has estimated"):
        score(SAMPLE.model_copy(update={"ballots": ()}))


def test_a_missing_estimate_does_not_spoil_the_others():
    first = SAMPLE.ballots[0]
    short = first.model_copy(update={"estimates": first.estimates[1:]})
    found = score(SAMPLE.model_copy(update={"ballots": (short, *SAMPLE.ballots[1:])}))
    assert found.table[["rice", "wsjf", "ahp"]].notna().all().all()
    assert found.table["initiative"].iloc[0] == "i1"
