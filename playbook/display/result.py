"""What every computation returns: numbers, the sentence that explains them, a table, a chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd

from playbook.display import html
from playbook.display.chart import Chart
from playbook.display.tables import Column, table
from playbook.text import gettext as _


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """Base of all results. Subclasses are frozen dataclasses with documented fields.

    A subclass gives ``headline``, ``to_frame`` and ``columns``; it may give
    ``figures``, ``assumptions``, ``warnings``, ``formula`` and ``plot``.
    Fields hold what ``engagement.results`` can store: numbers, text, dates,
    frames, arrays, tuples and dicts of these, documents, other results.
    """

    @property
    def headline(self) -> str:
        """The answer in one sentence, in the reader's language."""
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """The numbers behind the answer, raw."""
        raise NotImplementedError

    def columns(self) -> Mapping[str, Column]:
        """How the columns of ``to_frame`` are shown, in order."""
        return {str(key): Column(str(key)) for key in self.to_frame().columns}

    @property
    def figures(self) -> list[html.Figure]:
        """The two to four numbers that carry the answer."""
        return []

    @property
    def assumptions(self) -> list[str]:
        """What the answer takes for granted, one sentence each."""
        return []

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before acting on the answer."""
        return []

    @property
    def formula(self) -> str:
        """How the main number is computed, for the provenance of a page."""
        return ""

    def plot(self) -> Chart:
        """The picture of the answer."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        notes = "".join(f'<p class="warn">{escape(line)}</p>' for line in self.warnings)
        frame = self.to_frame()
        shown = table(frame, self.columns()) if len(frame) else ""
        assumed = self.assumptions
        folded = html.fold(_("What this assumes"), html.bullets(assumed)) if assumed else ""
        return html.block(
            html.headline(self.headline) + html.figures(self.figures) + notes + shown + folded
        )
