import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playbook.display.disclosure import hidden, hidden_note, without_small_cells

counts = arrays(int, st.tuples(st.integers(1, 6), st.integers(2, 6)), elements=st.integers(0, 40))


@given(counts)
def test_nine_customers_never_show_and_nobody_finds_them_by_subtraction(table):
    mask = hidden(table)
    assert mask[(table > 0) & (table < 10)].all()
    for line, cover in [*zip(table, mask, strict=True), *zip(table.T, mask.T, strict=True)]:
        has_company = (line[~cover] == 0).all()
        assert cover.sum() != 1 or has_company


def test_nothing_is_hidden_where_all_groups_are_large():
    assert not hidden(np.array([10, 500, 0])).any()


def test_figures_of_a_small_group_go_with_its_count():
    frame = pd.DataFrame({"n": [400, 3, 90], "spend": [1.0, 2.0, 3.0], "kept": [1, 2, 3]})
    shown = without_small_cells(frame, count="n", figures=("spend",))
    assert shown["n"].isna().tolist() == [False, True, True]
    assert shown["spend"].isna().tolist() == [False, True, True]
    assert shown["kept"].tolist() == [1, 2, 3]
    assert hidden_note(shown, count="n")
    assert not hidden_note(frame, count="n")
