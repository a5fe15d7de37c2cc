"""The segments: who belongs to each, how many they are, what they spend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from playbook.customers import behaviour as behaviour_of
from playbook.customers import season as season_of
from playbook.customers.gates import Gates
from playbook.customers.margin import Margin
from playbook.customers.purchases import Purchases, Window
from playbook.customers.rules import (
    Rule,
    Wording,
    complete,
    in_units,
    in_words,
    sort_customers,
    usual_rules,
)
from playbook.display import theme
from playbook.display.chart import Chart
from playbook.display.charts.segments import two_shares
from playbook.display.disclosure import hidden_note, without_small_cells
from playbook.display.html import Figure, Html, bullets, headline
from playbook.display.result import Result
from playbook.display.tables import Column, table
from playbook.text import gettext as _
from playbook.text import name
from playbook.text.numbers import money, number, percent

HUES = {
    "core": theme.KEPT,
    "growing": theme.TREATED,
    "new": theme.ACQUIRED,
    "sleeping": theme.LOST,
    "seasonal": theme.QUIET,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class SortedCustomers:
    """Customers at a date, each in one segment.

    It holds one row per customer, so it is never shown and never stored.

    Attributes:
        purchases: The receipts.
        window: The window; its end is the date.
        rules: Rules in units.
        season: The season that returns, or none.
        behaviour: From ``behaviour.measure``.
    """

    purchases: Purchases
    window: Window
    rules: tuple[Rule, ...]
    season: season_of.Season | None
    behaviour: pd.DataFrame = field(repr=False)

    @cached_property
    def segment(self) -> pd.Series:
        """Segment of each customer, by customer number."""
        return sort_customers(self.behaviour, self.rules)

    @property
    def names(self) -> list[str]:
        """Ids of the segments, in the order of the rules."""
        return [rule.segment for rule in self.rules]

    def earlier(self) -> SortedCustomers:
        """The customers one window before, by the same rules and with nothing known later."""
        window = self.window.before()
        return SortedCustomers(
            purchases=self.purchases,
            window=window,
            rules=self.rules,
            season=self.season,
            behaviour=behaviour_of.measure(self.purchases, window=window, season=self.season),
        )


def sort(
    purchases: Purchases, *, window: Window, gates: Gates, rules: Sequence[Rule] = ()
) -> SortedCustomers:
    """Sort customers into segments at the end of the window.

    Args:
        purchases: The receipts.
        window: The window.
        gates: What the receipts allow.
        rules: The company's own rules; without any, the usual five.

    Raises:
        PlaybookError: The receipts are not enough; every reason is named.
    """
    gates.require("segments")
    season = season_of.find(purchases, end=window.end) if gates.allows("season") else None
    has_season = season is not None and season.is_found
    taken = complete(rules or usual_rules(window_weeks=window.weeks, has_season=has_season))
    measured = behaviour_of.measure(purchases, window=window, season=season)
    return SortedCustomers(
        purchases=purchases,
        window=window,
        rules=in_units(taken, behaviour_of.with_scores(measured)),
        season=season,
        behaviour=measured,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Segments(Result):
    """The segments with their size, revenue and margin.

    Attributes:
        segments: One row per segment, the greatest revenue first: ``segment`` (id),
            ``n_customers``, ``customers_share``, ``revenue``,
            ``revenue_share``, ``spend`` (per customer), ``margin`` (per customer; missing
            where the company has not said its margin), ``purchase_days`` (per customer).
        rules: The rules, in the order in which they decide.
        season: The season that returns; none where the receipts are too short to look.
        n_customers: All customers of the window.
        scale: Customers of the company for one customer of the receipts; 1 where the
            receipts hold everybody.
        window: The window.
        margin_share: Margin as a share of revenue, or none.
        margin_words: Where the margin is from; empty where it is stated or not known.
    """

    segments: pd.DataFrame
    rules: tuple[Rule, ...]
    season: season_of.Season | None
    n_customers: int
    scale: float
    window: Window
    margin_share: float | None
    margin_words: str = ""

    @property
    def headline(self) -> str:
        """Which segment carries the revenue."""
        top = self.segments.sort_values("revenue_share", na_position="first").iloc[-1]
        words = _("“{segment}” is {customers} of customers and {revenue} of revenue.")
        return words.format(
            segment=name(str(top["segment"])),
            customers=percent(top["customers_share"]),
            revenue=percent(top["revenue_share"]),
        )

    @property
    def figures(self) -> list[Figure]:
        """How many customers, what they spend."""
        spend = float(self.segments["revenue"].sum()) / self.n_customers
        weeks = _("{weeks} weeks").format(weeks=self.window.weeks)
        return [
            Figure(_("Customers"), number(self.n_customers), str(self.window)),
            Figure(_("Spend per customer"), money(spend), weeks),
            Figure(_("Segments"), number(len(self.segments))),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row per segment, with its name."""
        return self.segments.assign(name=[name(key) for key in self.segments["segment"]])

    def rule_book(self) -> Html:
        """The rules in words, in the order in which they decide."""
        words = Wording(window_weeks=self.window.weeks, season=self.season)
        frame = pd.DataFrame(
            {
                "name": [name(rule.segment) for rule in self.rules],
                "rule": [in_words(rule, words) for rule in self.rules],
            }
        )
        shown = {"name": Column(_("Segment")), "rule": Column(_("Who belongs to it"))}
        return Html(
            headline(_("The first rule that fits, from the top, decides."))
            + table(frame, shown)
            + bullets([_season_note(self.season)])
        )

    def columns(self) -> Mapping[str, Column]:
        """The table as people read it."""
        shown = {
            "name": Column(_("Segment")),
            "n_customers": Column(_("Customers"), "count"),
            "customers_share": Column(_("Share"), "share"),
            "revenue_share": Column(_("Share of revenue"), "share"),
            "purchase_days": Column(_("Purchase days"), "number", 1),
            "spend": Column(_("Spend per customer"), "money"),
        }
        if self.margin_share is not None:
            shown["margin"] = Column(_("Margin per customer"), "money")
        return shown

    @property
    def assumptions(self) -> list[str]:
        """How customers were sorted."""
        return [
            _("Returns are taken off. Window: {window}.").format(window=self.window),
            *([] if self.scale == 1 else [_("Customers are those of the receipts, a sample.")]),
            *([] if self.margin_share is not None else [no_margin()]),
            *([self.margin_words] if self.margin_words else []),
            *hidden_note(self.segments, count="n_customers"),
        ]

    def plot(self) -> Chart:
        """Draw customers against revenue."""
        frame = self.to_frame()
        return two_shares(
            frame,
            category="name",
            first="customers_share",
            second="revenue_share",
            first_label=_("share of customers"),
            second_label=_("share of revenue"),
            title=self._contrast(),
            subtitle=_("Customers who bought in {window}").format(window=self.window),
        )

    def _contrast(self) -> str:
        """How much more a customer of the best segment brings than one of the poorest."""
        rows = self.to_frame().dropna(subset=["spend"]).sort_values("spend")
        poor, rich = rows.iloc[0], rows.iloc[-1]
        words = _("A customer of “{rich}” brings {times} times as much as one of “{poor}”")
        times = float(rich["spend"]) / float(poor["spend"])
        return words.format(
            rich=rich["name"], poor=poor["name"], times=number(times, 1 if times < 10 else 0)
        )


def no_margin() -> str:
    """What is said where the company has not given its margin."""
    return _(
        "The company has not said its margin (company document, margin_share): "
        "value is counted in revenue."
    )


def raised_note(scale: float) -> list[str]:
    """What is said where figures of a sample are raised to the company."""
    words = _(
        "Counts and sums are raised to the whole company: one customer of the receipts stands "
        "for {n}."
    )
    return [] if scale == 1 else [words.format(n=number(scale))]


def describe(
    customers: SortedCustomers,
    *,
    margin: Margin | None = None,
    margin_share: float | None = None,
    all_customers: int | None = None,
) -> Segments:
    """Sum the customers up by segment.

    Args:
        customers: Customers, each in a segment.
        margin: Contribution margin, by customer where receipts tell it.
        margin_share: Contribution margin as a share of revenue, where that is all there is.
        all_customers: Active customers of the company, where the receipts are those of a
            sample of them.
    """
    known = margin or Margin(share=margin_share, origin="stated")
    behaviour = customers.behaviour.assign(margin=_earned(customers.behaviour, known))
    grouped = behaviour.groupby(customers.segment, observed=False)
    frame = grouped.agg(
        n_customers=("spend", "size"),
        revenue=("spend", "sum"),
        spend=("spend", "mean"),
        purchase_days=("purchase_days", "mean"),
        margin=("margin", "mean"),
    ).reset_index()
    n, revenue = len(customers.behaviour), float(frame["revenue"].sum())
    frame = frame.assign(
        segment=frame["segment"].astype(str),
        customers_share=frame["n_customers"] / n,
        revenue_share=frame["revenue"] / revenue,
    )
    return Segments(
        segments=without_small_cells(
            frame.sort_values("revenue", ascending=False, ignore_index=True),
            count="n_customers",
            figures=_PERSONAL,
        ),
        rules=customers.rules,
        season=customers.season,
        n_customers=n,
        scale=(all_customers or n) / n,
        window=customers.window,
        margin_share=known.share,
        margin_words=known.words,
    )


def _earned(behaviour: pd.DataFrame, margin: Margin) -> pd.Series:
    """Margin of each customer in the window: by receipts, else the share of the money spent."""
    if margin.by_customer is not None:
        return pd.Series(margin.by_customer[behaviour.index], behaviour.index)
    return behaviour["spend"] * (float("nan") if margin.share is None else margin.share)


_PERSONAL = ("revenue", "spend", "purchase_days", "customers_share", "revenue_share", "margin")


def _season_note(season: season_of.Season | None) -> str:
    if season is None:
        return _("Nobody is called seasonal: that takes two years of receipts.")
    return season.headline
