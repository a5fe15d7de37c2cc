"""Enough to say anything? What the receipts allow, and what is refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

import numpy as np
import pandas as pd

from playbook.customers.purchases import Purchases, Window
from playbook.display import html
from playbook.display.disclosure import LEAST_CELL
from playbook.display.result import Result
from playbook.display.tables import Column
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number, percent

Analysis = Literal["segments", "retention", "value", "season"]

LEAST_WEEKS = 26  # two windows of a quarter each
LEAST_CUSTOMERS = 200
LEAST_REPEATERS = 100
MOST_ANONYMOUS = 0.80  # share of receipts; above it segments describe hardly anybody
MOST_DAYS_OLD = 14  # from the newest receipt to the day that is asked for
LEAST_LAST_WEEKS = 0.5  # receipts of the last two weeks against the weeks before
YEARS_WEEKS = 104


Check = Literal["weeks", "customers", "repeaters", "anonymous", "newest", "last_weeks", "before"]


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One condition.

    Attributes:
        analysis: What is not computed when the condition fails.
        check: What is looked at.
        limit: The smallest value, or for ``anonymous`` and ``newest`` the largest.
        found: The value of these receipts, in the same unit.
        is_met: Whether the condition holds.
    """

    analysis: Analysis
    check: Check
    limit: float
    found: float
    is_met: bool

    @property
    def wanted_words(self) -> str:
        """The condition, as people read it."""
        words = {
            "weeks": _("at least {n} weeks of receipts"),
            "customers": _("at least {n} customers in the window"),
            "repeaters": _("at least {n} customers who bought on two days"),
            "anonymous": _("at most {share} of receipts without a customer"),
            "newest": _("newest receipt at most {n} days before the last day"),
            "last_weeks": _("last two weeks at least {share} as busy as the weeks before"),
            "before": _("at least {n} customers in the window before"),
        }
        return words[self.check].format(n=number(self.limit), share=percent(self.limit))

    @property
    def found_words(self) -> str:
        """What these receipts have, as people read it."""
        n = int(self.found)
        match self.check:
            case "weeks":
                words = ngettext("{n} week", "{n} weeks", n)
            case "anonymous" | "last_weeks":
                return percent(self.found, 1)
            case "newest":
                words = ngettext("{n} day", "{n} days", n)
            case _ if 0 < n < LEAST_CELL:
                return _("fewer than {n} customers").format(n=LEAST_CELL)
            case _:
                words = ngettext("{n} customer", "{n} customers", n)
        return words.format(n=number(n))


@dataclass(frozen=True, kw_only=True, eq=False)
class Gates(Result):
    """What may be computed from these receipts.

    Attributes:
        gates: Every condition, in the order of the analyses.
        window: The latest window.
        anonymous_share: Share of receipts without a customer.
    """

    gates: tuple[Gate, ...]
    window: Window
    anonymous_share: float

    def allows(self, analysis: Analysis) -> bool:
        """Whether every condition of an analysis holds."""
        return all(gate.is_met for gate in self.gates if gate.analysis == analysis)

    def refusal(self, analysis: Analysis) -> str:
        """Why an analysis is not computed, or the empty string."""
        failed = (gate for gate in self.gates if gate.analysis == analysis and not gate.is_met)
        return " ".join(_missing(gate) for gate in failed)

    def require(self, analysis: Analysis) -> None:
        """Stop with every failed condition of an analysis; a ``PlaybookError``."""
        failed = [g for g in self.gates if g.analysis == analysis and not g.is_met]
        if failed:
            raise PlaybookError(
                _("The receipts are not enough for segments."),
                problems=[_missing(gate) for gate in failed],
                advice=_("Import more receipts, or choose another last day (as_of)."),
            )

    @property
    def headline(self) -> str:
        """What the receipts allow, in one sentence."""
        failed = sorted({gate.analysis for gate in self.gates if not gate.is_met})
        if not failed:
            return _("The receipts are enough for everything on this page.")
        parts = ", ".join(_analysis_names()[key] for key in failed)
        return _("The receipts are not enough for: {parts}.").format(parts=parts)

    def to_frame(self) -> pd.DataFrame:
        """One row per condition: ``analysis``, ``wanted``, ``found``, ``is_met``."""
        return pd.DataFrame(
            {
                "analysis": [_analysis_names()[gate.analysis] for gate in self.gates],
                "wanted": [gate.wanted_words for gate in self.gates],
                "found": [gate.found_words for gate in self.gates],
                "is_met": [gate.is_met for gate in self.gates],
            }
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        return {
            "analysis": Column(_("Needed for")),
            "wanted": Column(_("Condition")),
            "found": Column(_("Found")),
            "is_met": Column(_("Met"), "yes_no"),
        }

    @property
    def assumptions(self) -> list[str]:
        """Whom the receipts describe."""
        return [
            _(
                "Segments describe customers with a card or an account. "
                "{share} of receipts have none and are left out."
            ).format(share=percent(self.anonymous_share, 1)),
            _("The window is {weeks} weeks: {window}.").format(
                weeks=self.window.weeks, window=self.window
            ),
        ]


@dataclass(frozen=True)
class Untold:
    """What stands in the place of an answer that the receipts do not allow.

    Attributes:
        what: What is not told, as a sentence.
        reason: What would be needed, and what was found.
    """

    what: str
    reason: str

    def _repr_html_(self) -> str:
        return html.block(html.headline(self.what) + f'<p class="warn">{escape(self.reason)}</p>')

    def plot(self) -> html.Html:
        """Nothing to draw."""
        return html.Html("")

    map = weekly = alive = plot


def told(*answers: Result | Untold) -> list[Result]:
    """The answers that there are, to hand them on."""
    return [answer for answer in answers if isinstance(answer, Result)]


def _missing(gate: Gate) -> str:
    return _("Needed: {wanted}. Found: {found}.").format(
        wanted=gate.wanted_words, found=gate.found_words
    )


def _analysis_names() -> dict[str, str]:
    return {
        "segments": _("segments"),
        "retention": _("who bought again"),
        "value": _("value by segment"),
        "season": _("seasonal customers"),
    }


def check(purchases: Purchases, *, window: Window) -> Gates:
    """Check what the receipts allow, before anything is computed.

    Args:
        purchases: The receipts.
        window: The latest window.
    """
    inside = window.mask(purchases) & purchases.is_purchase
    days = np.bincount(purchases.customer[inside], minlength=1)
    weeks = purchases.history_weeks(window.end)
    before = int(window.before().buyers(purchases).sum())
    gates = (
        _at_least("segments", "weeks", weeks, LEAST_WEEKS),
        _at_least("segments", "customers", int((days > 0).sum()), LEAST_CUSTOMERS),
        _at_least("segments", "repeaters", int((days > 1).sum()), LEAST_REPEATERS),
        _at_most("anonymous", purchases.anonymous_share, MOST_ANONYMOUS),
        _at_most("newest", max(0, window.end - 1 - purchases.last_day), MOST_DAYS_OLD),
        _at_least("segments", "last_weeks", _last_weeks(purchases, window), LEAST_LAST_WEEKS),
        _at_least("retention", "before", before, LEAST_CUSTOMERS),
        _at_least("value", "weeks", weeks, YEARS_WEEKS),
        _at_least("season", "weeks", weeks, YEARS_WEEKS),
    )
    return Gates(gates=gates, window=window, anonymous_share=purchases.anonymous_share)


def _at_least(analysis: Analysis, check: Check, found: float, limit: float) -> Gate:
    return Gate(
        analysis=analysis, check=check, limit=limit, found=found, is_met=bool(found >= limit)
    )


def _at_most(check: Check, found: float, limit: float) -> Gate:
    return Gate(
        analysis="segments", check=check, limit=limit, found=found, is_met=bool(found <= limit)
    )


def _last_weeks(purchases: Purchases, window: Window) -> float:
    """Purchases of the last two weeks against the eight before: an import may stop halfway."""
    last = Window(end=window.end, weeks=2)
    usual = Window(end=last.start, weeks=8)
    before = usual.mask(purchases).sum() / usual.weeks
    return float(last.mask(purchases).sum() / last.weeks / max(before, 1e-9))
