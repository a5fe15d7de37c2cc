import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.errors import PlaybookError
from playbook.strategy.goals import Goals, KeyResult, Objective
from playbook.strategy.kpi_nodes import DRIVERS
from playbook.strategy.kpi_reach import reach, tree_live
from playbook.strategy.kpi_tree import kpi_tree

DAYS = {"first": ["2024-01-01", "2024-12-30"], "last": ["2024-12-29", "2025-12-28"]}


def periods(before, after):
    columns = ["customers", "visits", "identified_revenue", "anonymous_visits", "anonymous_revenue"]
    frame = pd.DataFrame([before, after], columns=columns)
    frame["kept_customers"] = [frame["customers"].iloc[0], frame["customers"].iloc[0] * 0.62]
    return frame.assign(**{key: pd.to_datetime(days) for key, days in DAYS.items()})


YEARS = periods((1000, 10_000, 8e6, 5_000, 3e6), (1100, 12_000, 9e6, 4_000, 2.5e6))
POSITIVE = st.floats(1, 1e7)
YEAR = st.tuples(st.floats(10, 1e7), *[POSITIVE] * 4)


@given(YEAR, YEAR)
def test_the_drivers_add_up_to_the_change_of_revenue_exactly(before, after):
    tree = kpi_tree(periods(before, after), contribution_share=0.24)
    nodes = tree.nodes.set_index("node")
    change = nodes.loc["revenue", "after"] - nodes.loc["revenue", "before"]
    scale = max(nodes.loc["revenue", "before"], nodes.loc["revenue", "after"])
    assert nodes.loc[list(DRIVERS), "adds"].sum() == pytest.approx(change, abs=1e-9 * scale)
    assert nodes.loc["identified_revenue", "adds"] == pytest.approx(
        nodes.loc[list(DRIVERS[:3]), "adds"].sum(), abs=1e-9 * scale
    )


def test_fewer_than_ten_customers_are_not_shown():
    with pytest.raises(PlaybookError, match="Fewer than 10"):
        kpi_tree(periods((9, 10, 8, 5, 3), (12, 12, 9, 4, 2)), contribution_share=None)


def test_nine_who_stayed_or_left_cannot_be_worked_out():
    few_stayed = periods((100, 10, 8, 5, 3), (100, 12, 9, 4, 2)).assign(kept_customers=[100, 9])
    few_left = few_stayed.assign(kept_customers=[100, 91])
    assert kpi_tree(few_stayed, contribution_share=None).kept_share == 0
    assert kpi_tree(few_left, contribution_share=None).kept_share == 1


def test_the_tree_multiplies_back_to_revenue():
    tree = kpi_tree(YEARS, contribution_share=0.24)
    known = tree.value("customers") * tree.value("visits_per_customer") * tree.value("basket")
    anonymous = tree.value("anonymous_visits") * tree.value("anonymous_basket")
    assert known + anonymous == pytest.approx(11.5e6)
    assert tree.value("revenue") == pytest.approx(11.5e6)
    assert tree.value("contribution") == pytest.approx(0.24 * 11.5e6)
    assert tree.kept_share == pytest.approx(0.62)


def test_a_sample_is_raised_to_the_company_and_says_so():
    tree = kpi_tree(YEARS, contribution_share=0.24, all_customers=110_000)
    assert tree.scale == pytest.approx(100)
    assert tree.value("revenue") == pytest.approx(1_150e6)
    assert tree.value("customers") == pytest.approx(110_000)
    # what is a share or a sum per customer stays
    assert tree.value("visits_per_customer") == pytest.approx(12_000 / 1_100)
    assert tree.value("basket") == pytest.approx(9e6 / 12_000)
    assert tree.value("customers", "change") == pytest.approx(0.1)
    adds = tree.nodes.set_index("node").loc[list(DRIVERS), "adds"].sum()
    assert adds == pytest.approx(50e6)
    assert any("stands for 100" in line for line in tree.assumptions)
    # 380 of the 1,000 went, 480 came: 1.96 * sqrt(860 * 0.99) / 1,000
    assert tree.sampling_luck == pytest.approx(0.0572, abs=0.0001)
    assert any("5.7" in line for line in tree.warnings)


def test_a_driver_is_not_named_for_what_a_sample_may_do_by_luck():
    # a sample's luck is 1.96 * sqrt(2 * 380) / 1,000 = 5.4 %; every driver moved by 2 % or less
    small = periods((1000, 10_000, 8e6, 5_000, 3e6), (1000, 10_200, 8.2e6, 5_000, 3e6))
    assert "no driver" in kpi_tree(small, contribution_share=None, all_customers=10**6).headline
    assert "moved it most" in kpi_tree(small, contribution_share=None).headline
    assert "moved it most" in kpi_tree(YEARS, contribution_share=None, all_customers=10**6).headline


def test_a_company_with_all_its_receipts_hears_nothing_of_a_sample():
    tree = kpi_tree(YEARS, contribution_share=0.24)
    assert tree.scale == 1
    assert tree.sampling_luck == 0
    assert not any("sample" in line for line in [*tree.warnings, *tree.assumptions])


def test_only_the_contribution_is_assumed():
    tree = kpi_tree(YEARS, contribution_share=0.24)
    assumed = tree.nodes.loc[~tree.nodes["is_measured"], "node"].tolist()
    assert assumed == ["contribution"]
    without = kpi_tree(YEARS, contribution_share=None)
    assert "contribution" not in set(without.nodes["node"])
    assert without.nodes["is_measured"].all()


def test_a_company_that_knows_every_customer_has_no_anonymous_branch():
    tree = kpi_tree(periods((10, 20, 30, 0, 0), (11, 21, 31, 0, 0)), contribution_share=None)
    assert set(tree.nodes["node"]) == {"revenue", "identified_revenue", *DRIVERS[:3]}


def test_the_headline_names_the_driver_that_moved_most():
    tree = kpi_tree(YEARS, contribution_share=0.24)
    # a tenth more customers outweighs 9 % more visits and a basket 6 % smaller
    assert "Revenue grew by 4.5\xa0%; “Active customers” moved it most" in tree.headline
    assert tree.plot().svg().startswith("<svg")


def test_receipts_without_customers_have_no_drivers():
    with pytest.raises(PlaybookError, match="name no customer"):
        kpi_tree(periods((0, 0, 0, 10, 10), (1, 1, 1, 10, 10)), contribution_share=0.24)


def goals(growth, date=dt.date(2027, 12, 28)):
    result = KeyResult(id="k", metric="m", direction="up", date=date)
    return Goals(
        set_on=dt.date(2025, 12, 28),
        start=dt.date(2026, 4, 20),
        revenue_growth=growth,
        objectives=[Objective(id="o", statement="s", key_results=[result])],
    )


def test_the_growth_that_is_wanted_is_put_on_the_drivers():
    found = reach(kpi_tree(YEARS, contribution_share=None), goals=goals(0.10))
    # 10 % of 11.5 m on 9 m of known sales, in two years less a leap day's quarter
    row = found.drivers.iloc[0]
    assert row["needed"] == pytest.approx(1.15 / 9)
    assert row["needed_yearly"] == pytest.approx((1 + 1.15 / 9) ** 0.5 - 1, rel=1e-3)
    assert (1 + row["together_yearly"]) ** 6 == pytest.approx(1 + 1.15 / 9, rel=1e-3)
    assert "alone would bring" in found.headline


def test_a_growth_that_no_driver_ever_made_is_named():
    found = reach(kpi_tree(YEARS, contribution_share=None), goals=goals(1.0))
    assert "One driver alone would have to grow" in found.headline


def test_goals_without_a_growth_cannot_be_held_against_the_tree():
    with pytest.raises(PlaybookError, match="which growth"):
        reach(kpi_tree(YEARS, contribution_share=None), goals=goals(None))


def test_one_percent_more_visits_is_one_percent_of_known_sales():
    live = tree_live(kpi_tree(YEARS, contribution_share=0.24))
    shown = live.markup(visits_per_customer=0.01).replace("\xa0", " ")
    assert "+₽90 k against today" in shown
    assert "+₽22 k" in shown  # 24 % of 90 thousand is 21.6
