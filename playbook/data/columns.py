"""Every column of every table, once: kind, unit, meaning, allowed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from playbook.text import gettext as _
from playbook.text.numbers import number

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "moment", "date", "money", "count", "number", "share", "yes_no"]


def N_(message: str) -> str:
    """Mark a message that is translated when it is shown."""
    return message


KIND_NAMES: dict[Kind, str] = {
    "text": N_("text"),
    "moment": N_("date and time"),
    "date": N_("date"),
    "money": N_("money"),
    "count": N_("whole number"),
    "number": N_("number"),
    "share": N_("share, 0 to 1"),
    "yes_no": N_("yes or no"),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One quantity, under one name in every table.

    Attributes:
        name: Its name in every table.
        kind: What it holds.
        meaning: What it is, in one sentence; English, translated when shown.
        unit: Unit of its values; English, translated when shown; empty where there is none.
        low: Smallest allowed value.
        high: Largest allowed value.
        is_monday: Whether only Mondays are allowed.
        may_be_planned: Whether a date in the future is allowed.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    is_monday: bool = False
    may_be_planned: bool = False

    @property
    def kind_name(self) -> str:
        """The kind in the reader's language."""
        return _(KIND_NAMES[self.kind])

    @property
    def range_text(self) -> str:
        """The allowed values in words, empty where everything is allowed."""
        if self.is_monday:
            return _("Mondays")
        if self.low is None:
            return ""
        low = number(self.low)
        if self.high is None:
            return _("{low} or more").format(low=low)
        return _("{low} to {high}").format(low=low, high=number(self.high))

    def fits(self, values: pd.Series) -> bool:
        """Whether a column of a frame has the type of this kind."""
        from pandas.api import types

        match self.kind:
            case "text":
                return bool(types.is_string_dtype(values) or values.isna().all())
            case "moment" | "date":
                return bool(types.is_datetime64_dtype(values))
            case "yes_no":
                return bool(types.is_bool_dtype(values))
            case "count":
                return bool(types.is_integer_dtype(values))
            case _:
                return bool(types.is_numeric_dtype(values) and not types.is_bool_dtype(values))

    def allows(self, values: pd.Series) -> pd.Series:
        """Whether each value of the right type is allowed; missing ones may say either."""
        import pandas as pd

        if self.is_monday:
            return pd.Series(values.dt.day_of_week == 0)
        if self.low is None:
            return pd.Series(data=True, index=values.index)
        return values.between(self.low, self.high if self.high is not None else float("inf"))


def _column(
    name: str,
    kind: Kind,
    meaning: str,
    unit: str = "",
    *,
    high: float | None = None,
    low: float | None = None,
) -> Column:
    if kind in {"count", "share"}:
        low = 0.0
    if kind == "share":
        high = 1.0
    return Column(
        name=name,
        kind=kind,
        meaning=meaning,
        unit=unit,
        low=low,
        high=high,
        is_monday=name == "week",
        may_be_planned=name == "wave_start",
    )


_MONEY = N_("company's currency, without VAT")
_DAYS = N_("days")
_WEEKS = N_("weeks")

COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        # receipts
        _column("receipt_id", "text", N_("The receipt, unique in the whole company.")),
        _column("at", "moment", N_("When the receipt was printed."), N_("local time of the store")),
        _column("store_id", "text", N_("The store.")),
        _column(
            "customer_id",
            "text",
            N_("The customer by the loyalty card; missing when no card was shown."),
        ),
        _column("amount", "money", N_("Sum of the receipt; a return is negative."), _MONEY),
        # stores
        _column("region", "text", N_("Region of the store.")),
        _column("format", "text", N_("Format of the store.")),
        _column("size_m2", "number", N_("Sales area of the store."), N_("m²"), low=0.0),
        _column("opened", "date", N_("Day on which the store opened, or the issue was noted.")),
        _column("x_km", "number", N_("Place of the store, from west to east."), N_("km")),
        _column("y_km", "number", N_("Place of the store, from south to north."), N_("km")),
        # customers
        _column("first_purchase", "date", N_("Day of the customer's first purchase in the data.")),
        _column("last_purchase", "date", N_("Day of the customer's last purchase.")),
        _column(
            "purchase_days",
            "count",
            N_("Days on which the customer bought; two receipts on one day are one."),
            _DAYS,
        ),
        _column("frequency", "count", N_("Purchase days after the first one."), _DAYS),
        _column(
            "recency_days",
            "count",
            N_("Days from the last purchase to the end of the data."),
            _DAYS,
        ),
        _column(
            "age_days", "count", N_("Days from the first purchase to the end of the data."), _DAYS
        ),
        _column(
            "monetary",
            "money",
            N_("Money of purchases per purchase day, returns not taken off."),
            _MONEY,
        ),
        _column("revenue", "money", N_("Sum of receipts less returns."), _MONEY),
        _column(
            "returns", "money", N_("Money given back for returns, a positive sum."), _MONEY, low=0.0
        ),
        _column("n_stores", "count", N_("Stores in which the customer bought.")),
        _column("last_store", "text", N_("The store of the last purchase.")),
        # store_weeks
        _column("week", "date", N_("Monday of the week; of a repeat rate, its anchor Monday.")),
        _column("receipts", "count", N_("Purchases: receipts with a positive sum.")),
        _column("customers", "count", N_("Different customers who bought.")),
        _column(
            "new_customers",
            "count",
            N_("Those of the customers who bought in no store in any earlier week of the data."),
        ),
        _column(
            "repeat_customers",
            "count",
            N_("Those of the customers who bought in some store in an earlier week."),
        ),
        _column(
            "basket",
            "money",
            N_("Revenue per purchase; missing in a week with returns only."),
            _MONEY,
        ),
        _column(
            "identified_share",
            "share",
            N_("Share of the money of purchases that came with a customer's card."),
        ),
        # repeat_rates
        _column(
            "window_weeks",
            "count",
            N_("Length k of the window before the anchor and of the window after it."),
            _WEEKS,
        ),
        _column(
            "n_base",
            "count",
            N_("Customers with a purchase in the window before; in a store, their last one."),
        ),
        _column(
            "n_repeat",
            "count",
            N_("Those of the base with a purchase in the window after, anywhere."),
        ),
        _column("segment", "text", N_("The customer's segment; “none” when none was given.")),
        # cohorts
        _column("cohort", "date", N_("First day of the month of first purchase.")),
        _column("month", "date", N_("First day of the month; the last month may be unfinished.")),
        _column("n_customers", "count", N_("Customers of the cohort.")),
        _column("n_active", "count", N_("Customers of the cohort who bought in the month.")),
        # customer_months
        _column("visits", "count", N_("Receipts with a positive sum.")),
        # store_distances
        _column("other_store", "text", N_("The neighbour.")),
        _column(
            "km", "number", N_("How far the neighbour is, as the crow flies."), N_("km"), low=0.0
        ),
        # annual_retention
        _column("base_from", "date", N_("First day of year t, a year of 52 weeks.")),
        _column("base_to", "date", N_("Last day of year t.")),
        _column("return_from", "date", N_("First day of year t+1, a year of 52 weeks.")),
        _column("return_to", "date", N_("Last day of year t+1, the end of the data.")),
        _column("n_kept", "count", N_("Customers of year t who bought in year t+1.")),
        _column(
            "kept_share",
            "share",
            N_("Share of the customers of year t who bought in t+1, when the data cover both."),
        ),
        _column("is_complete", "yes_no", N_("Whether the data cover both years from end to end.")),
        # sample
        _column("done_share", "share", N_("Share of the agreed steps that the store did.")),
        _column("queue_minutes", "number", N_("Average wait at the till."), N_("minutes"), low=0.0),
        _column("issue_id", "text", N_("The issue.")),
        _column("kind", "text", N_("What the issue is about.")),
        _column("severity", "text", N_("How bad the issue is: low, medium, high.")),
        _column("text", "text", N_("What happened, in a sentence.")),
        _column("owner", "text", N_("Who sees to it.")),
        _column("closed", "date", N_("Day on which the issue was settled; missing while open.")),
        _column("pair", "text", N_("The matched pair of two stores that are alike.")),
        _column("arm", "text", N_("Part of the store in the pilot: treated or control.")),
        _column("channel", "text", N_("How the customer was won.")),
        _column("origin", "text", N_("Where the customer came from: first time or won back.")),
        _column("home_store", "text", N_("The store where the customer mostly buys.")),
        _column("wave_start", "date", N_("First day of the store's wave.")),
        _column("wave", "count", N_("Wave of the rollout in which the store starts.")),
        _column("is_holdout", "yes_no", N_("Whether the store is kept as a control group.")),
    )
}
