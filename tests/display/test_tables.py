import datetime as dt
from dataclasses import dataclass

import pandas as pd

from playbook.display.result import Result
from playbook.display.tables import Column, table
from playbook.errors import PlaybookError
from playbook.text import in_language

COLUMNS = {
    "name": Column("Segment"),
    "share": Column("Share", "share", 1),
    "gain": Column("Gain", "points"),
    "day": Column("Day", "date"),
    "ok": Column("Done", "yes_no"),
}
FRAME = pd.DataFrame(
    {
        "name": ["<b>", None],
        "share": [0.625, float("nan")],
        "gain": [0.019, -0.01],
        "day": [dt.date(2026, 4, 20), None],
        "ok": [True, False],
        "hidden": [1, 2],
    }
)


def test_cells_are_written_by_kind_and_text_is_escaped():
    with in_language("en"):
        markup = table(FRAME, COLUMNS).replace("\xa0", " ")
    for cell in ("&lt;b&gt;", "62.5 %", "+1.9 pp", "−1.0 pp", "20 Apr 2026", "✓", "–"):
        assert f">{cell}</td>" in markup
    assert markup.count(">—</td>") == 3
    assert "hidden" not in markup


def test_numbers_stand_to_the_right():
    markup = table(FRAME, COLUMNS)
    assert '<th class="n">Share</th>' in markup
    assert "<th>Segment</th>" in markup


def test_a_long_table_says_how_many_rows_it_leaves_out():
    frame = pd.DataFrame({"name": [str(n) for n in range(61)]})
    with in_language("en"):
        assert "1 more row<" in table(frame, COLUMNS)


@dataclass(frozen=True, kw_only=True, eq=False)
class Small(Result):
    n: int

    @property
    def headline(self) -> str:
        return f"{self.n} < 5"

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame({"n": [self.n]})


def test_a_result_shows_its_sentence_and_its_table():
    page = Small(n=3)._repr_html_()
    assert '<p class="headline">3 &lt; 5</p>' in page
    assert ">3</td>" in page


def test_an_error_of_a_user_is_its_message_in_a_notebook():
    problem = PlaybookError("Two are missing.", problems=["a", "b"], advice="Add them.")
    assert problem._render_traceback_() == ["Two are missing.", "  • a", "  • b", "Add them."]
