"""The page "is there a problem here at all": every part that the inputs at hand allow.

A company may have receipts and no figures of its own yet, or the other way round. What
can be said is said; what is missing is named in the place where it would stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, TypeVar

import pandas as pd

from playbook.display import html
from playbook.display.disclosure import LEAST_CELL, are_few
from playbook.display.live import Live, Slider
from playbook.display.result import Result
from playbook.errors import PlaybookError
from playbook.strategy.bucket import Bucket, bucket_from_receipts, leaky_bucket
from playbook.strategy.customer_value import CustomerValue, customer_value
from playbook.strategy.economics import Economics
from playbook.strategy.market import Land, land
from playbook.strategy.retention import Measured, measured
from playbook.strategy.safety import SafetyMargin, safety_margin
from playbook.strategy.spending import Spending, spending
from playbook.strategy.thesis import Verdict, verdict
from playbook.text import gettext as _

R = TypeVar("R", bound=Result)


@dataclass(frozen=True)
class Gap:
    """A part of the page that the inputs do not allow; draws nothing.

    Attributes:
        needs: What has to be filled in or imported, in one sentence.
    """

    needs: str

    def plot(self) -> html.Html:
        """Nothing where the picture would be."""
        return html.Html("")

    plot_base = plot_winning = plot_keeping = plot

    def _repr_html_(self) -> str:
        return html.block(f'<p class="quiet">{escape(self.needs)}</p>')


@dataclass(frozen=True, kw_only=True)
class Why:
    """The parts of the page, each a result or the gap in its place.

    Attributes:
        measured: Annual retention by receipts, beside the stated one.
        bucket: Customers lost against customers gained.
        land: The market's stocks over the years.
        spending: Average against marginal cost of winning and keeping.
        value: What a customer is worth, and the slogan beside it.
        safety: How long the base lives without anybody new.
        verdict: Where the next money should go.
        live: The land with sliders.
    """

    measured: Measured | Gap
    bucket: Bucket | Gap
    land: Land | Gap
    spending: Spending | Gap
    value: CustomerValue | Gap
    safety: SafetyMargin | Gap
    verdict: Verdict | Gap
    live: Live | Gap

    def results(self) -> tuple[Result, ...]:
        """Every part that could be computed, for later steps."""
        parts = (
            self.measured,
            self.bucket,
            self.land,
            self.spending,
            self.value,
            self.safety,
            self.verdict,
        )
        return tuple(part for part in parts if isinstance(part, Result))


def why(
    economics: Economics | None,
    *,
    tables: Mapping[str, pd.DataFrame],
    better_retention: float,
) -> Why:
    """Everything that the inputs at hand say about the question.

    Args:
        economics: The company's own figures, if somebody has filled them in.
        tables: ``annual_retention`` and ``customers``, if there are receipts.
        better_retention: Annual retention to compare today's with, 0-1.

    Raises:
        PlaybookError: There are neither figures nor receipts.
    """
    retention = tables.get("annual_retention")
    if economics is None and retention is None:
        raise PlaybookError(
            _("Nothing can be said yet: there are neither receipts nor figures of the company."),
            advice=_("Import receipts, or fill in the input “economics”."),
        )
    counted = None if retention is None else measured(retention, economics=economics)
    few = counted is not None and are_few(counted.n_base, counted.n_kept)
    part = _part_of(economics)
    return Why(
        measured=_few() if few else counted or _no_receipts(),
        bucket=_bucket(economics, None if few else counted, tables.get("customers")),
        land=part(lambda known: land(known, better_retention=better_retention)),
        spending=part(spending),
        value=part(customer_value),
        safety=part(lambda known: safety_margin(known, better_retention=better_retention)),
        verdict=verdict(economics) if economics else _missing(),
        live=live(economics, better_retention=better_retention) if economics else _waits(),
    )


def _no_receipts() -> Gap:
    return Gap(_("Import receipts to count annual retention from them."))


def _few() -> Gap:
    words = _("Fewer than {n} customers stayed, left or came: they are not shown.")
    return Gap(words.format(n=LEAST_CELL))


def _waits() -> Gap:
    return Gap(_("This part needs the input “economics”."))


def _missing() -> Gap:
    return Gap(
        _(
            "The answer needs the input “economics”: stocks of the market, spend, margin, and "
            "two answers about winning and keeping customers."
        )
    )


def _part_of(economics: Economics | None) -> Callable[[Callable[[Economics], R]], R | Gap]:
    """What computes a part from the company's figures, or leaves the gap."""

    def part(compute: Callable[[Economics], R]) -> R | Gap:
        return _waits() if economics is None else compute(economics)

    return part


def _bucket(
    economics: Economics | None, counted: Measured | None, customers: pd.DataFrame | None
) -> Bucket | Gap:
    """The bucket by the company's figures, else by receipts."""
    if economics is not None:
        return leaky_bucket(economics)
    if counted is not None and customers is not None and counted.is_complete:
        found = bucket_from_receipts(customers, counted)
        return _few() if are_few(found.gained, found.won_back) else found
    return Gap(_("Two years of receipts, or the input “economics”, show gains and losses."))


def live(economics: Economics, *, better_retention: float) -> Live:
    """The land with sliders for retention, harvest and spend."""
    spend = economics.acquisition.spend
    kept, harvest = economics.retention_share, economics.harvest_share

    def answer(*, retention: float, harvest: float, spend: float) -> str:
        run = land(
            economics,
            retention=retention,
            harvest=harvest,
            spend=spend,
            better_retention=max(better_retention, retention),
        )
        return html.headline(run.headline) + html.figures(run.figures) + run.plot().markup

    return Live(
        answer,
        {
            "retention": Slider(_("Annual retention"), kept, 0.30, 0.95, 0.01, "share"),
            "harvest": Slider(_("Untouched won a year"), harvest, 0.0, 0.60, 0.01, "share"),
            "spend": Slider(
                _("Spend on winning"), spend, 0.0, 2 * spend, spend / 50, "money_short"
            ),
        },
    )


def question() -> dict[str, Any]:
    """What the room decides on this page."""
    return {
        "question": _("Is there a problem here, and where does the next money go?"),
        "options": (
            _("Yes: money moves from winning to keeping customers"),
            _("Yes, but the figures must be settled first"),
            _("No: we go on winning customers"),
        ),
    }
