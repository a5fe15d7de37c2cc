import numpy as np
import pandas as pd
import pytest

from playbook.errors import PlaybookError
from playbook.pilot.audit import audit
from playbook.pilot.board import board
from playbook.pilot.guardrails import read
from playbook.pilot.issue_log import issue_log
from playbook.pilot.watch import watch

WEEKS = pd.date_range("2025-09-01", periods=33, freq="7D")
START = pd.Timestamp("2025-12-29")


@pytest.fixture
def treated(pairs):
    return [t for t, _c in pairs]


def log(treated, *, done=None, minutes=None):
    rows = [
        (store, week, (done or {}).get(store, 0.85), (minutes or {}).get(store, 2.9))
        for store in treated
        for week in WEEKS[WEEKS >= START]
    ]
    return pd.DataFrame(rows, columns=["store_id", "week", "done_share", "queue_minutes"])


def store_weeks(pairs, *, basket=None):
    rows = [
        (store, week, 840.0 * ((basket or {}).get(store, 1.0) if week >= START else 1.0))
        for pair in pairs
        for store in pair
        for week in WEEKS
    ]
    return pd.DataFrame(rows, columns=["store_id", "week", "basket"])


NO_ISSUES = pd.DataFrame(
    {
        "issue_id": ["i01", "i02"],
        "opened": ["2026-01-02", "2026-03-30"],
        "store_id": [None, "S001"],
        "kind": "data",
        "severity": ["low", "high"],
        "text": ["one", "two"],
        "owner": "x",
        "closed": [None, None],
    }
)


def look(charter, pairs, treated, *, week=12, done=None, minutes=None, basket=None, drop=None):
    fidelity = log(treated, done=done, minutes=minutes)
    weeks = store_weeks(pairs, basket=basket)
    if drop is not None:
        weeks = weeks[~drop(weeks)]
    until = START + pd.Timedelta(weeks=week)
    guards = read(charter, fidelity=fidelity, store_weeks=weeks, until=until)
    return (
        board(charter, week=week, fidelity=fidelity, store_weeks=weeks, issues=NO_ISSUES,
              guardrails=guards),
        guards,
    )  # fmt: skip


def test_a_pilot_that_runs_goes_on(charter, pairs, treated):
    shown, guards = look(charter, pairs, treated)
    assert shown.advice == "continue"
    assert guards.state == "green"
    assert set(shown.table["state"]) == {"green"}


def test_two_stores_below_one_half_are_red_and_named(charter, pairs, treated):
    done = {treated[1]: 0.42, treated[4]: 0.47, treated[6]: 0.6}
    shown, _guards = look(charter, pairs, treated, done=done)
    assert sorted(shown.weak) == sorted([treated[1], treated[4]])
    assert sorted(shown.in_state("red")) == sorted(shown.weak)
    assert shown.in_state("amber") == [treated[6]]
    assert shown.advice == "fix"
    reasons = shown.table.set_index("store_id")["reason"]
    assert reasons[treated[1]].replace("\xa0", " ") == "42 % carried out"


def test_queues_past_the_limit_are_amber_past_the_alarm_red(charter, pairs, treated):
    minutes = {treated[0]: 4.5, treated[2]: 4.4, treated[3]: 6.5}
    shown, guards = look(charter, pairs, treated, minutes=minutes)
    row = guards.table.set_index("id").loc["queue"]
    assert (row["n_amber"], row["n_red"]) == (2, 1)
    assert guards.state == "red"
    assert "Queue: 6.5" in shown.table.set_index("store_id")["reason"][treated[3]]


def test_a_basket_that_falls_everywhere_is_no_alarm_one_that_falls_alone_is(
    charter, pairs, treated
):
    everywhere = {store: 0.9 for pair in pairs for store in pair}
    assert look(charter, pairs, treated, basket=everywhere)[1].state == "green"
    assert look(charter, pairs, treated, basket={treated[0]: 0.95})[1].state == "amber"


def test_half_of_the_stores_in_red_is_not_the_pilot_that_was_agreed(charter, pairs, treated):
    shown, _guards = look(charter, pairs, treated, done=dict.fromkeys(treated[:6], 0.3))
    assert shown.advice == "stop"
    assert "This is not the pilot that was agreed" in shown.headline


def test_a_control_store_without_data_is_red(charter, pairs, treated):
    control = pairs[0][1]
    shown, _guards = look(
        charter, pairs, treated,
        drop=lambda t: (t["store_id"] == control) & (t["week"] >= "2026-03-02"),
    )  # fmt: skip
    row = shown.table.set_index("store_id").loc[control]
    assert row["state"] == "red"
    assert row["arrived_share"] == pytest.approx(9 / 12)


def test_a_week_outside_the_pilot_is_refused(charter, pairs, treated):
    with pytest.raises(PlaybookError, match="weeks 1 to 16; week 17"):
        look(charter, pairs, treated, week=17)


def test_where_nobody_keeps_a_checklist_it_is_said_and_no_store_is_blamed(charter, pairs):
    shown, guards = look(charter, pairs, [])
    assert set(shown.table["state"]) == {"green"}
    assert "No checklist is kept" in shown.warnings[0]
    assert guards.table.set_index("id").loc["queue", "state"] == "unknown"


def test_one_store_without_checklist_among_others_is_red(charter, pairs, treated):
    shown, _guards = look(charter, pairs, treated[1:])
    assert shown.in_state("red") == [treated[0]]
    assert shown.table.set_index("store_id")["reason"][treated[0]] == "no checklist"


def test_the_board_shows_no_effect_and_says_why(charter, pairs, treated):
    shown, _guards = look(charter, pairs, treated)
    assert not {"att", "effect"} & set(shown.to_frame().columns)
    assert any("The effect is not shown here" in line for line in shown.assumptions)


def test_the_issue_log_knows_only_what_was_known(charter):
    early = issue_log(charter, NO_ISSUES, week=2)
    assert early.table["issue_id"].tolist() == ["i01"]
    late = issue_log(charter, NO_ISSUES, week=14)
    assert late.table["issue_id"].tolist() == ["i02", "i01"]  # high severity first
    assert "2 issues are open" in late.headline


def test_an_issue_closed_later_is_still_open_today(charter):
    issues = NO_ISSUES.assign(closed=["2026-02-10", None])
    assert issue_log(charter, issues, week=3).table["closed"].isna().all()
    assert issue_log(charter, issues, week=12).table["closed"].notna().all()


def test_nothing_changed_raises_no_alarm_of_the_run_chart(make, charter):
    alarms = [
        watch(charter, make.rates(window_weeks=4, seed=s), week=16).is_signal for s in range(12)
    ]
    assert sum(alarms) <= 2


def test_a_collapse_of_the_pilot_stores_is_a_signal(make, charter, treated):
    fallen = make.rates(window_weeks=4, effects=dict.fromkeys(treated, -0.10), noise=0.002)
    # from the burn-in's end on: ten weeks on one side at least
    shown = watch(charter, fallen, week=16)
    assert shown.runs.longest_run >= 10
    assert shown.is_signal
    assert "fall behind" in shown.headline


def test_a_gain_is_not_told_before_the_planned_look(make, charter, treated):
    risen = make.rates(window_weeks=4, effects=dict.fromkeys(treated, 0.10), noise=0.002)
    shown = watch(charter, risen, week=16)
    assert not shown.is_signal
    assert "Nothing" in shown.headline


def test_the_run_chart_sees_only_weeks_whose_window_is_over(make, charter):
    shown = watch(charter, make.rates(window_weeks=4), week=6)
    assert (~shown.points["is_before"]).sum() == 3  # weeks 1, 2, 3: over by weeks 4, 5, 6
    assert shown.n_hidden == 3


def receipts(stores, *, split=None, n=400, seed=1):
    rng = np.random.default_rng(seed)
    rows = []
    for store in stores:
        for i in range(n):
            at = pd.Timestamp("2026-02-02") + pd.Timedelta(minutes=int(rng.integers(0, 60_000)))
            parts = 4 if store == split and i % 6 == 0 else 1
            rows += [
                (at + pd.Timedelta(minutes=2 * p), store, f"c{i}", 800.0 / parts)
                for p in range(parts)
            ]
    return pd.DataFrame(rows, columns=["at", "store_id", "customer_id", "amount"])


def test_a_store_that_splits_receipts_stands_out():
    found = audit(receipts(["A", "B", "C", "D"], split="C"))
    assert found.suspicious == ["C"]
    row = found.table.set_index("store_id").loc["C"]
    # 67 purchases of 400 become four receipts each: 268 of 601 in bursts, a quarter as large
    assert row["burst_share"] == pytest.approx(268 / 601, abs=0.01)
    assert row["median_part"] == pytest.approx(0.25, abs=0.01)


def test_friends_who_shop_together_on_one_card_are_no_split():
    # bursts, but of whole purchases: three receipts of the usual size in a row
    table = receipts(["A", "B", "C", "D"], split="C")
    whole = table.assign(amount=800.0)
    assert audit(whole).suspicious == []


def test_honest_stores_are_left_in_peace():
    assert audit(receipts(["A", "B", "C"])).suspicious == []


def test_receipts_without_a_card_are_no_bursts():
    anonymous = receipts(["A", "B", "C", "D"], split="C").assign(customer_id=None)
    assert audit(anonymous).suspicious == []
