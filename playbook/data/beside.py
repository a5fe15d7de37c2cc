"""Columns that are none of ours and change one: a clock, a quantity and a price, an operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from playbook.data.columns import Column
from playbook.data.operations import Operation, operation_sql
from playbook.data.profiles import clean
from playbook.data.sheets import Source
from playbook.data.values import Cell, Conventions, cell
from playbook.data.written_dates import time_of_day

QUANTITY = Column(name="quantity", kind="money", meaning="")
PRICE = Column(name="price", kind="money", meaning="")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands beside the columns of a file that become ours.

    Attributes:
        clock: The time of day, where the date is in a column of its own.
        quantity: Pieces, where there is no amount.
        price: Money for a piece, where there is no amount.
        operations: Columns that say what kind of row it is, and what each value means.
    """

    clock: Source | None = None
    quantity: Source | None = None
    price: Source | None = None
    operations: Mapping[Source, Mapping[str, tuple[Operation, int]]] = field(default_factory=dict)

    @property
    def sources(self) -> dict[str, Source]:
        """Its columns by the names they have in SQL."""
        named = {"clock": self.clock, "quantity": self.quantity, "price": self.price}
        found = {name: source for name, source in named.items() if source is not None}
        return found | {f"operation{i}": source for i, source in enumerate(self.operations)}

    @property
    def is_product(self) -> bool:
        """Whether the amount is quantity times price."""
        return self.quantity is not None and self.price is not None


def cells(beside: Beside, conventions: Conventions) -> list[Cell]:
    """The columns beside ours, parsed; problems are told under our names."""
    found = []
    for place, values in enumerate(beside.operations.values()):
        name = f"operation{place}"
        found.append(
            Cell(
                name=name,
                raw=clean(f"{name}__x"),
                bare="NULL",
                text="NULL",
                value=operation_sql(f"{name}__raw", values),
                problem=f"CASE WHEN {name}__value IN ('cancelled', 'not_a_sale') "
                f"THEN {name}__value END",
            )
        )
    if beside.clock:
        value = f"CASE WHEN clock__raw IS NOT NULL THEN {time_of_day('clock__raw')} END"
        found.append(
            Cell(
                name="clock",
                raw=clean("clock__x"),
                bare="NULL",
                text="NULL",
                value=value,
                problem="CASE WHEN clock__raw IS NOT NULL AND clock__value IS NULL "
                "THEN 'unreadable' END",
            )
        )
    for column, source in ((QUANTITY, beside.quantity), (PRICE, beside.price)):
        if source and beside.is_product:
            found.append(cell(column, source.form, conventions, needed=True))
    return found


def ours_of(name: str) -> str:
    """Our column that a column beside it belongs to; empty where it is about the whole row."""
    if name.startswith("operation"):
        return ""
    return {"clock": "at", "quantity": "amount", "price": "amount"}.get(name, name)


def value_sql(name: str, beside: Beside) -> str:
    """The value of one of our columns, with what stands beside it.

    A return takes the sign of its amount along; one that is negative already stays as it is.
    """
    if name == "at" and beside.clock:
        return "date_trunc('day', at__value) + coalesce(clock__value, INTERVAL 0 SECOND)"
    product = "CAST(quantity__value * price__value AS DECIMAL(12, 2))"
    amount = product if beside.is_product else "amount__value"
    value = amount if name == "amount" else f"{name}__value"
    if name in {"amount", "units", "margin"} and beside.operations:
        is_return = " OR ".join(
            f"operation{i}__value IS NOT DISTINCT FROM 'return'"
            for i, _values in enumerate(beside.operations)
        )
        return f"CASE WHEN ({is_return}) AND {amount} > 0 THEN -({value}) ELSE {value} END"
    return value
