"""What kind of row it is: a sale, a return, a cancelled receipt, or no sale at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from playbook.data.findings import Finding
from playbook.data.parquet import quoted
from playbook.data.profiles import clean, identifier
from playbook.data.sheets import Sheet, Source

if TYPE_CHECKING:
    import duckdb

Operation = Literal["sale", "return", "cancelled", "not_a_sale"]

# In this order: what is cancelled is no return, whatever else it says.
_STEMS: dict[Operation, tuple[str, ...]] = {
    "cancelled": ("аннул", "отмен", "void", "cancel", "annul", "удал"),
    "not_a_sale": (
        "внесен", "изъят", "инкасс", "выплат", "открыти", "закрыти", "отчет", "отчёт", "расход",
        "cash in", "cash out", "payout", "pay in", "no sale", "report", "shift",
    ),
    "return": ("возвр", "сторн", "return", "refund", "revers", "storno", "credit note"),
    "sale": (
        "продаж", "приход", "реализ", "покупк", "sale", "sold", "purchase", "пробит", "проведен",
        "проведён", "закрыт", "оплач", "paid", "complete", "closed", "success", "успешн", "чек",
        "receipt",
    ),
}  # fmt: skip
_LETTERS: dict[frozenset[str], dict[str, Operation]] = {
    frozenset({"s", "r"}): {"s": "sale", "r": "return"},
    frozenset({"п", "в"}): {"п": "sale", "в": "return"},
}
MOST_VALUES = 30
ENOUGH = 0.9  # share of the rows with a word that is known
LONGEST = 40


def operation(value: str) -> Operation | None:
    """What a word of a till says about a row, if it is known.

    Example:
        >>> operation("Возврат прихода"), operation("Sale"), operation("Молоко")
        ('return', 'sale', None)
    """
    word = value.strip().casefold()
    if len(word) > LONGEST:
        return None
    return next(
        (kind for kind, stems in _STEMS.items() if any(stem in word for stem in stems)), None
    )


def may_hold(cells: Sequence[str]) -> bool:
    """Whether some cells of a column are nearly all words of this kind."""
    filled = [cell for cell in cells if cell]
    values = {cell.casefold() for cell in filled}
    if not filled or len(values) > MOST_VALUES:
        return False
    if frozenset(values) in _LETTERS or any({*values} == {letter} for letter in "sп"):
        return True
    return sum(operation(cell) is not None for cell in filled) >= ENOUGH * len(filled)


def values_of(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, source: Source
) -> dict[str, tuple[Operation, int]]:
    """Every value of a column that tells rows apart: what it means, and how many have it.

    Empty where the column does not: where all rows are sales, or most values are not known.
    """
    x = clean(identifier(source.name))
    found: list[tuple[str, int]] = connection.execute(
        f"SELECT {x} AS x, count(*) AS n FROM read_parquet({quoted(sheet.parquet)}) "
        f"WHERE x IS NOT NULL GROUP BY x ORDER BY n DESC LIMIT {MOST_VALUES + 1}"
    ).fetchall()
    letters = _LETTERS.get(frozenset(value.casefold() for value, _n in found), {})
    known = {
        value: (kind, n)
        for value, n in found
        if (kind := letters.get(value.casefold()) or operation(value)) is not None
    }
    n_known = sum(n for _kind, n in known.values())
    if len(found) > MOST_VALUES or n_known < ENOUGH * sum(n for _value, n in found):
        return {}
    if {kind for kind, _n in known.values()} <= {"sale"}:
        return {}
    return known


def operation_sql(raw: str, values: Mapping[str, tuple[Operation, int]]) -> str:
    """The kind of a row as SQL; null for a sale and for a word that is not known."""
    cases = []
    for kind in ("return", "cancelled", "not_a_sale"):
        words = [quoted(value) for value, (meaning, _n) in values.items() if meaning == kind]
        if words:
            cases.append(f"WHEN {raw} IN ({', '.join(words)}) THEN '{kind}'")
    return f"CASE {' '.join(cases)} END"


def findings(file: str, heading: str, values: Mapping[str, tuple[Operation, int]]) -> list[Finding]:
    """One finding for each word that makes a row something else than a sale."""
    return [
        Finding(
            file=file,
            subject="row_kind",
            value=f"{kind}={value}",
            certainty="certain",
            evidence=f"{heading}: {value} × {n}",
        )
        for value, (kind, n) in values.items()
        if kind != "sale"
    ]
