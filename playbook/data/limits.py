"""What the tables of an engagement do not allow, chapter by chapter, and how to bring it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from playbook.data.column import N_
from playbook.data.schema import TABLES
from playbook.text import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable


class Known(Protocol):
    """What is asked of the tables of an engagement."""

    def has(self, name: str) -> bool:
        """Whether there is a table."""

    def filled(self, name: str) -> frozenset[str]:
        """Columns of a table in which there is a value."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Something that is not there, and what cannot be said without it.

    Attributes:
        code: The table, or table and column: ``stores`` or ``stores.region``.
        steps: Numbers of the steps that it limits.
        what: What is missing; English, translated when shown.
        effect: What it limits; English, translated when shown.
    """

    code: str
    steps: tuple[str, ...]
    what: str
    effect: str

    @property
    def table(self) -> str:
        """The table to bring, or to bring again with one more column."""
        return self.code.partition(".")[0]

    @property
    def missing(self) -> str:
        """What is missing, in the reader's language."""
        return _(self.what)

    @property
    def limits(self) -> str:
        """What it limits, in the reader's language."""
        return _(self.effect)

    def remedy(self, engagement: str) -> str:
        """How to bring it."""
        again = " --replace" if "." in self.code else ""
        command = f"playbook import {engagement} FILE --table {self.table}{again}"
        return _("Template: {template}. Import: {command}").format(
            template=f"playbook template {self.table}", command=command
        )


Test = Callable[[Known], bool]


def _lacks(table: str) -> Test:
    return lambda tables: not tables.has(table)


def _lacks_column(*columns: str) -> Test:
    """Whether a table of stores is there without any of these columns."""
    return lambda tables: tables.has("stores") and not set(columns) & tables.filled("stores")


def _lacks_margin(tables: Known) -> bool:
    return not tables.has("margins") and "margin" not in tables.filled("receipts")


def _of_table(name: str, what: str) -> tuple[Limit, Test]:
    table = TABLES[name]
    limit = Limit(code=name, steps=table.used_by, what=what, effect=table.without)
    return limit, _lacks(name)


_EVERY: tuple[tuple[Limit, Test], ...] = (
    _of_table("receipts", N_("receipts")),
    _of_table("stores", N_("stores")),
    (
        Limit(
            code="stores.region",
            steps=("02", "06", "10"),
            what=N_("regions of the stores"),
            effect=N_("Pilot stores are not matched, and waves not balanced, within regions."),
        ),
        _lacks_column("region"),
    ),
    (
        Limit(
            code="stores.format",
            steps=("06",),
            what=N_("formats of the stores"),
            effect=N_("A large store may be matched with a small one of like habits."),
        ),
        _lacks_column("format"),
    ),
    (
        Limit(
            code="stores.opened",
            steps=("06",),
            what=N_("openings of the stores"),
            effect=N_("Stores that are still growing into their place are not left out."),
        ),
        _lacks_column("opened"),
    ),
    (
        Limit(
            code="stores.x_km",
            steps=("06", "08"),
            what=N_("places of the stores"),
            effect=N_("Pilot and control stores that share customers are not noticed."),
        ),
        _lacks_column("x_km", "y_km", "latitude", "longitude"),
    ),
    (
        Limit(
            code="margins",
            steps=TABLES["margins"].used_by,
            what=N_("margin"),
            effect=TABLES["margins"].without,
        ),
        _lacks_margin,
    ),
    _of_table("costs", N_("costs by month")),
    _of_table("customer_list", N_("customers' list")),
    _of_table("contacts", N_("contacts")),
    _of_table("store_calendar", N_("store calendar")),
    _of_table("survey", N_("survey of customers")),
    _of_table("fidelity", N_("log of what was carried out")),
    _of_table("issues", N_("issue log")),
    _of_table("rollout_weeks", N_("readings of the rollout")),
)


def limits(tables: Known, *, step: str = "") -> list[Limit]:
    """What is missing and limits a chapter, in the order of the dictionary.

    Without receipts nothing else is told: they come first.

    Args:
        tables: The tables of an engagement.
        step: Number of a step, to be told only what limits that one.
    """
    found = [limit for limit, is_missing in _EVERY if is_missing(tables)]
    if found and found[0].code == "receipts":
        found = found[:1]
    return [limit for limit in found if not step or step in limit.steps]


def without_column(table: str, column: str) -> str:
    """What a table without this column limits, empty where it limits nothing."""
    found = (limit for limit, _is_missing in _EVERY if limit.code == f"{table}.{column}")
    return next((limit.limits for limit in found), "")


def tables_of(step: str) -> Iterable[str]:
    """Tables whose arrival changes what is missing on a step."""
    return sorted({limit.table for limit, _test in _EVERY if step in limit.steps})
