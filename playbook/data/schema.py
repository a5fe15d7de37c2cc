"""The data dictionary in code: every column once, every table by its grain and key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from playbook.data.columns import COLUMNS, N_, Column
from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text import ngettext
from playbook.text.numbers import number

if TYPE_CHECKING:
    import pandas as pd

Origin = Literal["imported", "reduction", "sample"]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of an engagement.

    Attributes:
        name: Its name in ``Tables`` and of its Parquet file.
        grain: What one row is; English, translated when shown.
        key: Columns that tell two rows apart; no two rows agree in all of them.
        columns: Names of its columns, in order.
        optional: Columns that a table may come without.
        nullable: Columns where a value may be missing.
        origin: Imported from a company, computed from receipts, or made with the sample.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    nullable: tuple[str, ...] = ()
    origin: Origin = "imported"

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that the table cannot do without."""
        return tuple(name for name in self.columns if name not in self.optional)

    def __iter__(self) -> Iterator[Column]:
        """The columns, in order."""
        return (COLUMNS[name] for name in self.columns)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            name="receipts",
            grain=N_("One receipt of a till, a return included."),
            key=("receipt_id",),
            columns=("receipt_id", "at", "store_id", "customer_id", "amount"),
            nullable=("customer_id",),
        ),
        Table(
            name="stores",
            grain=N_("One store."),
            key=("store_id",),
            columns=("store_id", "region", "format", "size_m2", "opened", "x_km", "y_km"),
            optional=("region", "format", "size_m2", "opened", "x_km", "y_km"),
            nullable=("region", "format", "size_m2", "opened", "x_km", "y_km"),
        ),
        Table(
            name="customers",
            grain=N_("One customer with at least one purchase."),
            key=("customer_id",),
            columns=(
                "customer_id",
                "first_purchase",
                "last_purchase",
                "purchase_days",
                "frequency",
                "recency_days",
                "age_days",
                "monetary",
                "revenue",
                "returns",
                "n_stores",
                "last_store",
            ),
            origin="reduction",
        ),
        Table(
            name="store_weeks",
            grain=N_("One store in one week, from Monday to Sunday."),
            key=("store_id", "week"),
            columns=(
                "store_id",
                "week",
                "revenue",
                "receipts",
                "customers",
                "new_customers",
                "repeat_customers",
                "basket",
                "identified_share",
            ),
            nullable=("basket", "identified_share"),
            origin="reduction",
        ),
        Table(
            name="repeat_rates",
            grain=N_("One store at one anchor Monday, for one length of window."),
            key=("store_id", "week", "window_weeks"),
            columns=("store_id", "week", "window_weeks", "n_base", "n_repeat"),
            origin="reduction",
        ),
        Table(
            name="cohorts",
            grain=N_("Customers of one month of first purchase, in one month from then on."),
            key=("cohort", "month"),
            columns=("cohort", "month", "n_customers", "n_active", "revenue"),
            origin="reduction",
        ),
        Table(
            name="annual_retention",
            grain=N_("The whole company, the last two years of 52 weeks: a single row."),
            key=(),
            columns=(
                "base_from",
                "base_to",
                "return_from",
                "return_to",
                "n_base",
                "n_kept",
                "kept_share",
                "is_complete",
            ),
            nullable=("kept_share",),
            origin="reduction",
        ),
        Table(
            name="customer_months",
            grain=N_("One customer in one calendar month with a receipt."),
            key=("customer_id", "month"),
            columns=("customer_id", "month", "visits", "purchase_days", "revenue", "returns"),
            origin="reduction",
        ),
        Table(
            name="store_distances",
            grain=N_("One store and one of its neighbours, at most 20 within 25 km."),
            key=("store_id", "other_store"),
            columns=("store_id", "other_store", "km"),
            origin="reduction",
        ),
        Table(
            name="fidelity",
            grain=N_("One pilot store in one week of the pilot."),
            key=("store_id", "week"),
            columns=("store_id", "week", "done_share", "queue_minutes"),
            origin="sample",
        ),
        Table(
            name="issues",
            grain=N_("One issue of the pilot's log."),
            key=("issue_id",),
            columns=(
                "issue_id",
                "opened",
                "store_id",
                "kind",
                "severity",
                "text",
                "owner",
                "closed",
            ),
            nullable=("store_id", "closed"),
            origin="sample",
        ),
        Table(
            name="rollout_weeks",
            grain=N_("One store at one anchor Monday of the rollout."),
            key=("store_id", "week"),
            columns=(
                "store_id",
                "week",
                "wave",
                "is_holdout",
                "n_base",
                "n_repeat",
                "window_weeks",
                "wave_start",
            ),
            optional=("window_weeks", "wave_start"),
            nullable=("wave_start",),
            origin="sample",
        ),
        Table(
            name="pairs",
            grain=N_("One store of a matched pair of the pilot."),
            key=("store_id",),
            columns=("pair", "store_id", "arm", "region", "format"),
            optional=("region", "format"),
            origin="sample",
        ),
        Table(
            name="truth_customers",
            grain=N_("One customer of the sample chain, as planted."),
            key=("customer_id",),
            columns=("customer_id", "segment", "channel", "origin", "home_store"),
            origin="sample",
        ),
        Table(
            name="repeat_segments",
            grain=N_("One store and segment at one anchor Monday, for one length of window."),
            key=("store_id", "segment", "week", "window_weeks"),
            columns=("store_id", "segment", "week", "window_weeks", "n_base", "n_repeat"),
            origin="sample",
        ),
    )
}


def check(frame: pd.DataFrame, table: str | Table) -> pd.DataFrame:
    """Return ``frame`` unchanged if it is what the dictionary says.

    Columns that the dictionary does not know are let be.

    Args:
        frame: The rows.
        table: The table or its name.

    Raises:
        PlaybookError: Names every problem at once: missing columns, wrong types, missing
            values, values out of range, rows with the same key.
    """
    wanted = TABLES[table] if isinstance(table, str) else table
    problems = [*_missing(frame, wanted)]
    for column in wanted:
        if column.name in frame.columns:
            problems += _of_column(frame[column.name], column, wanted)
    problems += _repeated_keys(frame, wanted)
    if problems:
        raise PlaybookError(
            _("The table “{table}” is not as it should be.").format(table=wanted.name),
            problems=problems,
            advice=_("docs/data_dictionary.md says what each column holds."),
        )
    return frame


def _missing(frame: pd.DataFrame, table: Table) -> list[str]:
    absent = [name for name in table.required if name not in frame.columns]
    return [_("{column}: the column is missing.").format(column=name) for name in absent]


def _of_column(values: pd.Series, column: Column, table: Table) -> list[str]:
    """What is wrong with one column; a wrong type hides the rest."""
    if len(values) and not column.fits(values):
        words = _("{column}: should be {wanted}, is {found}.")
        return [words.format(column=column.name, wanted=column.kind_name, found=values.dtype)]
    problems = []
    n_missing = int(values.isna().sum())
    if n_missing and column.name not in table.nullable:
        words = ngettext(
            "{column}: {n} value is missing.", "{column}: {n} values are missing.", n_missing
        )
        problems.append(words.format(column=column.name, n=number(n_missing)))
    strange = values[~column.allows(values)].dropna()
    if len(strange):
        words = ngettext(
            "{column}: {n} value is outside {range}, such as {example}.",
            "{column}: {n} values are outside {range}, such as {example}.",
            len(strange),
        )
        problems.append(
            words.format(
                column=column.name,
                n=number(len(strange)),
                range=column.range_text,
                example=strange.iloc[0],
            )
        )
    return problems


def _repeated_keys(frame: pd.DataFrame, table: Table) -> list[str]:
    if not set(table.key) <= set(frame.columns):
        return []
    key = list(table.key)
    n = int(frame.duplicated(key).sum()) if key else max(len(frame) - 1, 0)
    if not n:
        return []
    words = ngettext(
        "{n} row repeats the key of another ({key}).",
        "{n} rows repeat the key of another ({key}).",
        n,
    )
    return [words.format(n=number(n), key=", ".join(key))]
