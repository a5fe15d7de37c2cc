"""One look at the receipts of a source: what is there, what is left out, and how it is told apart.

A look reads a few columns of the table once, where the table is. It is kept beside the results
and stays in force until somebody asks for a new one: figures do not move under a reader's eyes,
and pages open without the warehouse.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from playbook.data import storage
from playbook.data.set_aside import REASONS
from playbook.data.values import OLDEST
from playbook.text import gettext as _

if TYPE_CHECKING:
    import ibis.expr.types as ir

# why a row cannot be used: our column and a key of REASONS; the first that holds counts
LEFT_OUT = (
    ("at", "missing"),
    ("at", "old"),
    ("at", "future"),
    ("store_id", "missing"),
    ("amount", "missing"),
)
NOTE = "source.json"


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a look has found.

    Attributes:
        address: The source, as it is stated.
        looked: When, ISO, UTC.
        columns: Our name to the table's own.
        n_rows: Rows of the table.
        n_usable: Rows that count.
        n_anonymous: Of those, rows without a customer.
        left_out: Rows that do not count, by ``column: reason``.
        n_uneven: Rows whose money is no whole number of hundredths.
        n_repeated: Rows beyond the first of their receipt, store and day.
        total: Sum of the rows that count, exact.
        first: First moment of the rows that count, ISO; empty where there are none.
        last: Last moment of the rows that count, ISO; later rows wait for the next look.
    """

    address: str
    looked: str
    columns: Mapping[str, str]
    n_rows: int
    n_usable: int
    n_anonymous: int
    left_out: Mapping[str, int]
    n_uneven: int
    n_repeated: int
    total: str
    first: str
    last: str

    @property
    def version(self) -> str:
        """Changes whenever the rows that were looked at differ in number, days or money."""
        facts = asdict(self) | {"looked": "", "n_repeated": 0}
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[: storage.VERSION_LENGTH]

    @property
    def last_day(self) -> dt.date | None:
        """The day of the last receipt."""
        return dt.date.fromisoformat(self.last[:10]) if self.last else None

    @property
    def left_out_words(self) -> Iterator[tuple[int, str]]:
        """Rows that do not count, and why, in the reader's language."""
        for key, n in self.left_out.items():
            column, _colon, reason = key.partition(": ")
            words = _("{column}: {reason}")
            yield n, words.format(column=column, reason=_(REASONS[reason]))

    def keep(self, folder: Path) -> None:
        """Note the look in a folder."""
        with storage.replacing(folder / NOTE) as draft:
            draft.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def kept(cls, folder: Path, address: str) -> Self | None:
        """The look that is in force for this address, or nothing."""
        try:
            noted = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return cls(**noted) if noted["address"] == address else None


def usable(rows: ir.Table, today: dt.date) -> ir.Table:
    """The rows that count, of a table with our names and types."""
    return rows.filter(_why_not(rows, today) == len(LEFT_OUT)).drop("is_even")


def counted(rows: ir.Table, today: dt.date) -> ir.Table:
    """A single row: everything that a look counts."""
    import ibis

    rows = rows.mutate(why=_why_not(rows, today))
    counts = rows.why == len(LEFT_OUT)
    return rows.aggregate(
        n_rows=rows.count(),
        n_usable=_sum_if(counts, 1),
        n_anonymous=_sum_if(counts & rows.customer_id.isnull(), 1),
        n_uneven=_sum_if(counts, 1 - rows.is_even),
        total=ibis.ifelse(counts, rows.amount, ibis.null("decimal(18, 2)")).sum(),
        first=rows["at"].min(where=counts),
        last=rows["at"].max(where=counts),
        **{f"left_{i}": _sum_if(rows.why == i, 1) for i in range(len(LEFT_OUT))},
    )


def repeated(rows: ir.Table) -> ir.Table:
    """A single row, ``n``: rows beyond the first of their receipt, store and day."""
    receipts = rows.group_by(
        receipt_id=rows.receipt_id, store_id=rows.store_id, day=rows["at"].date()
    ).aggregate(lines=rows.count())
    return receipts.aggregate(n=(receipts.lines - 1).sum().coalesce(0))


def look_of(
    found: Mapping[str, Any],
    *,
    address: str,
    columns: Mapping[str, str],
    n_repeated: int,
    now: dt.datetime,
) -> Look:
    """A look from the row of ``counted``."""
    left = {
        f"{column}: {reason}": int(found[f"left_{i}"] or 0)
        for i, (column, reason) in enumerate(LEFT_OUT)
    }
    first, last = (found[key].isoformat() if found[key] else "" for key in ("first", "last"))
    return Look(
        address=address,
        looked=now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        columns=dict(columns),
        n_rows=int(found["n_rows"]),
        n_usable=int(found["n_usable"] or 0),
        n_anonymous=int(found["n_anonymous"] or 0),
        left_out={key: n for key, n in left.items() if n},
        n_uneven=int(found["n_uneven"] or 0),
        n_repeated=n_repeated,
        total=str(found["total"] or Decimal(0)),
        first=first,
        last=last,
    )


def _why_not(rows: ir.Table, today: dt.date) -> ir.IntegerValue:
    """Place in ``LEFT_OUT`` of the reason why a row does not count; its length if it does."""
    import ibis

    day = rows["at"].date()
    reasons = (
        rows["at"].isnull(),
        day < ibis.date(OLDEST),
        day > ibis.date(today.isoformat()),
        rows.store_id.isnull() | (rows.store_id.replace(" ", "") == ""),
        rows.amount.isnull(),
    )
    places = [(condition, i) for i, condition in enumerate(reasons)]
    return ibis.cases(*places, else_=len(LEFT_OUT))


def _sum_if(condition: ir.BooleanValue, value: ir.NumericValue | int) -> ir.NumericScalar:
    import ibis

    return ibis.ifelse(condition, value, 0).sum()
